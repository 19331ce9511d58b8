#ifndef IO_TLS_H
#define IO_TLS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"

struct bufferevent;
struct event_base;

/*
 * What connections over TLS (RFC 7858) have in common: the certificates that
 * are trusted and the versions that are spoken.  Made by the control thread;
 * each snapshot that names a server tls:// refers to one, and all threads read
 * it.  tls.c alone knows OpenSSL, which the first of them loads.
 */
struct tls;

enum { TLS_WHY = 256 };

/*
 * ca_file: certificates of authorities in PEM; NULL: the system's.  One
 * reference is the caller's.  NULL: why says what was wrong.
 */
struct tls *tls_new(const char *ca_file, char why[TLS_WHY]);

/* Takes one more reference, or gives one back; any thread, NULL is fine. */
struct tls *tls_hold(struct tls *tls);
void tls_drop(struct tls *tls);

/* Tells one from those before it in the same place: never used twice. */
uint64_t tls_serial(const struct tls *tls);

/* Whether a server may be complained of now: once a minute, by any thread. */
bool tls_may_complain(const struct addr *server, uint64_t now);

/* What a server gave to begin the next connection with; zeroed: nothing. */
struct tls_ticket {
	void *session;
};
void tls_forget(struct tls_ticket *ticket);

/* How a server is to be spoken to. */
struct tls_peer {
	const struct addr *addr;
	const char
	    *name;    /* that its certificate must have; NULL: the address */
	bool trusted; /* whatever certificate it has, or none of it holds */
	struct tls_ticket *ticket; /* used up, then filled; outlives the
				      connection */
};

/*
 * A connection on socket fd, which is not connected yet and is closed with it:
 * bufferevent_socket_connect comes next.  NULL: no memory, and fd stays open.
 */
struct bufferevent *tls_open(const struct tls *tls, struct event_base *base,
    int fd, const struct tls_peer *peer);

/* Why a connection failed, in words that stay; NULL: not for TLS's sake. */
const char *tls_trouble(struct bufferevent *stream);

/* Says goodbye, so that the session can be taken up, and frees it. */
void tls_close(struct bufferevent *stream);

#endif
