#ifndef TESTS_ORACLE_H
#define TESTS_ORACLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ldns/ldns.h>

/*
 * ldns reads what resolverd wrote and writes what resolverd reads: two
 * programs that agree are seldom wrong in the same way.  What goes wrong here
 * fails the test.
 */

/* A message in presentation form; a section is a record a line, or NULL. */
struct oracle_message {
	uint16_t id;
	uint16_t flags; /* the header's word: FLAG_QR and so on */
	const char *name;
	uint16_t type;
	const char *answer;
	const char *authority;
	const char *additional;
	bool edns;
};

/* Room for any message. */
enum { ORACLE_MAX = 65535 };

/* Writes the message with its names compressed; returns its length. */
size_t
oracle_write(const struct oracle_message *message, uint8_t wire[ORACLE_MAX]);

/* Reads a message; the caller frees it. */
ldns_pkt *oracle_read(const uint8_t *wire, size_t len);

/*
 * The records of a section of a message as ldns prints them, one a line,
 * single spaces between the fields; valid until the next call.
 */
const char *
oracle_section(const uint8_t *wire, size_t len, ldns_pkt_section section);

#endif
