#ifndef SCENARIO_MESSAGE_H
#define SCENARIO_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dns/request.h"
#include "dns/wire.h"
#include "script.h"

/*
 * Messages as the outside world sends them, right ones and wrong ones, put
 * together octet by octet: nothing of the daemon's own encoder is used.
 */

/* The header's fields in the order of the wire. */
struct header {
	uint16_t id;
	uint16_t flags;
	uint16_t counts[4];
};

struct header message_header(const uint8_t *wire, size_t len);

/* A number for a name such as NXDOMAIN; complains about any other. */
bool
message_rcode(const struct action *action, const char *text, unsigned *out);
const char *message_rcode_text(unsigned rcode);

/* The flags that an action's words name: aa tc ad. */
uint16_t message_flags(const struct action *action);

/* A name and a type from words; complains. */
bool message_question(const struct action *action, size_t first,
    struct question *question);

/*
 * Writes the record "OWNER TTL TYPE RDATA" that begins at a word and goes to
 * the line's end.
 */
bool message_record(const struct action *action, size_t first,
    struct writer *writer);

/*
 * Writes the query of "ask CLIENT NAME TYPE option..." (words 2 on), and of
 * "ask CLIENT raw HEX".
 */
bool message_query(const struct action *action, struct writer *writer);

/* A question on its way to a server, which "reply" and "garbage" answer. */
struct seen_question {
	const uint8_t *wire;
	size_t len;
};

/* Writes the answer of "reply RCODE option... [record]" to a question. */
bool message_reply(const struct action *action,
    const struct seen_question *seen, struct writer *writer);

/* Writes the same question as somebody else who asks us would send it. */
bool message_again(const struct seen_question *seen, struct writer *writer);

/* Writes the octets of "garbage [id] HEX". */
bool message_garbage(const struct action *action,
    const struct seen_question *seen, struct writer *writer);

#endif
