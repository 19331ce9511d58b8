#ifndef DNS_FRAME_H
#define DNS_FRAME_H

#include <stddef.h>
#include <stdint.h>

/*
 * Messages in a stream: each has its length in two octets before it (RFC 1035
 * section 4.2.2), over TCP and TLS alike.
 */
enum { FRAME_HEADER = 2 };

enum frame {
	FRAME_PART,  /* more octets must come */
	FRAME_WHOLE, /* a message, which may be an empty one */
	FRAME_LONG,  /* its length is over the limit: no use to read on */
};

/*
 * Looks at what a stream has brought, n octets.  FRAME_WHOLE: the first
 * message is *len octets at octets + FRAME_HEADER, and the next frame begins
 * behind it.  *len is left alone otherwise.
 */
enum frame
frame_find(const uint8_t *octets, size_t n, size_t limit, size_t *len);

/* Writes the header of a frame whose message of len octets is behind it. */
void frame_put(uint8_t *frame, uint16_t len);

#endif
