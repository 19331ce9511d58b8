#ifndef IO_LINK_H
#define IO_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "core/server.h"
#include "io/alarm.h"
#include "io/tls.h"

struct bufferevent;
struct event_base;
struct link;
struct rng;

enum {
	LINKS = 64,	    /* connections of a worker */
	LINKS_SERVER = 4,   /* of these to one server */
	LINK_IN_WORK = 256, /* questions of a connection at a time */
};

/*
 * A question that goes by a connection; lies in whoever asks.  server, tls,
 * wire and len are the asker's to set, and stay while it is out.
 */
struct link_question {
	struct upstream_server server; /* carrier TCP or TLS */
	struct tls *tls;	       /* for TLS; NULL: there is none */
	const uint8_t *wire;
	size_t len;

	struct link_questions *in; /* NULL: not out */
	TAILQ_ENTRY(link_question) entry;
	struct link *link;
	uint64_t asked_at;
	uint16_t id;   /* on this connection, where no other has it */
	bool sent;     /* else it waits for the connection */
	bool answered; /* something came back, right or wrong */
};

TAILQ_HEAD(link_questions, link_question);

/* A connection to a server; when closed, what is worth knowing of it. */
struct link {
	struct links *links;
	struct bufferevent *stream; /* NULL: closed */
	uint64_t serial;	    /* which of the slot's connections */

	/* Whose: all of it must be the same to be used again. */
	struct upstream_server server;
	char name[SERVER_NAME]; /* server.tls_name */
	uint64_t tls_serial;

	bool connected; /* TLS: and shaken hands */
	bool proven;	/* it has brought an answer */
	bool quiet;	/* it let a question wait in vain: no new ones */
	struct link_questions questions;
	unsigned in_work;   /* of them */
	unsigned abandoned; /* sent, but nobody waits any more */
	unsigned strays;    /* messages that nobody waited for */
	uint64_t idle_at;   /* since when it has no question */
	uint64_t opened_at;
	uint64_t heard_at;
	struct deadline deadline;

	struct tls_ticket ticket;
	const char *trouble;	/* why the last connection failed */
	uint64_t trouble_until; /* no connection is tried before */
};

/* What links work with, and whom they tell; all outlives them. */
struct link_parts {
	struct event_base *base;
	struct rng *rng;
	struct link *slots;	/* LINKS, zeroed */
	struct deadline **heap; /* LINKS */
	uint8_t *frame;		/* MESSAGE_MAX octets for one message */
	/* A message with the question's id came; it may be anything. */
	void (*answered)(struct link_question *question, uint8_t *wire,
	    size_t len, uint64_t now);
	/* It is out no more; why: words that stay, or NULL. */
	void (*failed)(struct link_question *question, const char *why,
	    uint64_t now);
	/* The same for want of something of ours; it may not ask anew. */
	void (*lost)(struct link_question *question);
};

/*
 * A worker's connections to name servers over TCP and TLS, kept and pipelined
 * (RFC 7766 section 6.2, RFC 7858 section 3.3).
 */
struct links {
	struct link_parts parts;
	struct alarm alarm;
	uint64_t serial;
	size_t used; /* slots from here on were never taken */
	struct link_questions stranded; /* whose connection has gone */
};

void link_init(struct links *links, const struct link_parts *parts);

enum link_result {
	LINK_ASKED,	  /* it is on its way */
	LINK_UNREACHABLE, /* there is no way to the server */
	LINK_SHORTAGE,	  /* of connections, descriptors or memory of ours */
};

/*
 * Sends a question, by a connection that there is or by one that it opens.
 * UNREACHABLE: *why says more than that in words that stay, or is NULL.
 */
enum link_result link_ask(struct links *links, struct link_question *question,
    const char **why, uint64_t now);

/* Nobody waits for the answer any more; nothing when it is not out. */
void
link_forget(struct links *links, struct link_question *question, uint64_t now);

/* Closes all connections and forgets all questions. */
void link_stop(struct links *links);

#endif
