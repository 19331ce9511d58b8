#ifndef CTL_RESPONSE_H
#define CTL_RESPONSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/arena.h"
#include "dns/message.h"

struct json_writer;

/* A record of a reply, as a person reads it. */
struct response_record {
	enum section section;
	const char *owner;
	uint32_t ttl;
	const char *type;
	const char *data;
};

/* A reply taken apart; all of it in an arena. */
struct response {
	uint16_t flags; /* the header's second word */
	uint16_t rcode; /* the OPT record's part included */
	uint16_t counts[4];
	const char *name; /* of the question */
	const char *type;
	bool edns;
	uint16_t udp_size;
	int ede; /* EDE_NONE or its code (RFC 8914) */
	const char *ede_text;
	size_t count; /* records of the answer and authority sections */
	const struct response_record *records;
};

/*
 * Reads a reply of ours, with the records of a set in order of their text;
 * false when it is broken or memory is short.
 */
bool response_read(struct response *response, const uint8_t *wire, size_t len,
    struct arena *arena);

/* "NOERROR", "NXDOMAIN"; "RCODE17" where there is no word. */
enum { RESPONSE_RCODE_TEXT = 16 };
const char *response_rcode(unsigned rcode, char buf[RESPONSE_RCODE_TEXT]);

/* Prints the header's flags, each after a space: " qr rd ra". */
void response_print_flags(const struct response *response, FILE *out);

/* Prints it as dig does. */
void response_print(const struct response *response, FILE *out);

/* The same as a member of a JSON document. */
void response_write(const struct response *response, const char *key,
    struct json_writer *writer);

/*
 * Whether two replies say the same: rcode and answer section, whatever the
 * order and TTLs of the records.
 */
bool response_same(const struct response *a, const struct response *b);

#endif
