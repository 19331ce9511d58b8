#ifndef RANDOM_SERVERS_H
#define RANDOM_SERVERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"

/*
 * All name servers that a resolver can ask, and what they know, read from a
 * case: plain lines "world NAME", "record RECORD" (of the world begun last) and
 * "server ADDRESS does ...".  Nothing of the daemon's own coding of messages
 * is used here.
 */
struct servers;

/* What a server does with a question. */
enum behaviour {
	SERVER_ANSWERS,	    /* from a world, or with an error */
	SERVER_SILENT,	    /* nothing, ever */
	SERVER_UNREACHABLE, /* the network says so at once */
};

struct servers *servers_new(void);
void servers_free(struct servers *servers);

/* Takes a line; false, with a message on stderr, when it makes no sense. */
bool servers_line(struct servers *servers, const char *line);

enum behaviour
servers_behaviour(const struct servers *servers, const struct addr *address);

/*
 * Answers a question as the server at an address would; returns the octets
 * written to out, 0 when the question cannot be read.
 */
struct servers_question {
	const uint8_t *wire;
	size_t len;
};
size_t servers_answer(const struct servers *servers, const struct addr *address,
    const struct servers_question *question, uint8_t *out, size_t cap);

#endif
