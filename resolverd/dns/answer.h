#ifndef DNS_ANSWER_H
#define DNS_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dns/message.h"
#include "dns/request.h"
#include "dns/rrset.h"

/* One RRset of an answer, by reference. */
struct answer_item {
	const uint8_t *owner; /* whole wire */
	const struct rrset *rrset;
	uint32_t ttl;	/* sent in place of the RRset's */
	uint16_t first; /* the record to begin with: how order rotates */
	uint8_t section;
};

/* A chain of 16, its signatures, the final RRsets and a negative proof. */
enum { ANSWER_ITEMS = 96 };

/*
 * An answer while it is collected.  It refers to RRsets and names that must
 * stay where they are until it was encoded.
 */
struct answer {
	struct answer_item items[ANSWER_ITEMS];
	unsigned count;
	bool overflow; /* sticky: more than ANSWER_ITEMS were added */
	uint16_t rcode;
	bool authoritative;   /* AA */
	bool authentic;	      /* AD */
	bool truncated;	      /* TC, and no items whatever was added */
	enum ede ede;	      /* EDE_NONE, or why it went wrong */
	const char *ede_text; /* NULL or UTF-8 text for it */
};

/* Makes it empty: NOERROR, no flags, no items. */
void answer_reset(struct answer *answer);

/* Adds an RRset with its own TTL; returns the item for adjustments or NULL. */
struct answer_item *answer_add(struct answer *answer, enum section section,
    const uint8_t *owner, const struct rrset *rrset);

/* What the encoder must know beside the answer. */
struct encoding {
	size_t limit;	      /* octets that may be sent, at least 512 */
	uint16_t udp_size;    /* advertised by our OPT record */
	bool extended_errors; /* send answer->ede as an option (RFC 8914) */
	bool dnssec_ok;	      /* set DO in our OPT record (RFC 3225) */
	enum transport transport;
};

/* Records of the question's own name, without names in them. */
struct answer_plain {
	uint16_t type;
	uint16_t count;
	uint16_t first; /* the record to begin with */
	uint32_t ttl;
	const uint8_t *records; /* as an RRset's data */
	size_t size;
};

/*
 * Writes a reply that has these records and nothing else, NOERROR, in at most
 * cap octets; 0 when they do not fit: there is no TC.  The request has a
 * question.
 */
size_t answer_encode_plain(const struct answer_plain *plain,
    const struct request *request, uint16_t udp_size, uint8_t *wire,
    size_t cap);

/*
 * Writes the reply to request: its id, opcode, RD and CD, QR, RA; the
 * question in the letter case it came in; the items with names compressed; an
 * OPT record when and only when the request had one.  An owner equal to the
 * question's name is written as a pointer to it, so the client sees its own
 * letter case.  What does not fit limit is left out whole with TC set: no
 * half answers (RFC 2181 section 9); over TCP it becomes SERVFAIL instead.
 * Returns the length, or 0 when even the header and question do not fit cap.
 */
size_t answer_encode(const struct answer *answer, const struct request *request,
    const struct encoding *encoding, uint8_t *wire, size_t cap);

#endif
