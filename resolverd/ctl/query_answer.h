#ifndef CTL_QUERY_ANSWER_H
#define CTL_QUERY_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dns/name.h"

/*
 * A reply of ours as Cloud Logging shows it (the fact sheet's section 8.3),
 * taken apart without the heap: it is done for each query that is logged.
 * Whatever the octets, the texts are printable ASCII.
 */

enum {
	ANSWER_RECORDS = 64, /* more are left out */
	ANSWER_ROOM = 16384, /* octets of all texts */
};

struct query_record {
	const char *owner; /* with the final dot */
	const char *value;
	size_t owner_len;
	size_t value_len;
	uint32_t ttl;
	uint16_t type;
};

struct query_answer {
	bool has_question;
	char name[NAME_TEXT]; /* as asked; "" without a question */
	uint16_t type;
	bool truncated;
	unsigned count;	  /* records of the answer section */
	bool has_ttl;	  /* there are records */
	uint32_t ttl;	  /* the lowest of theirs */
	unsigned records; /* of them in the array below */
	struct query_record record[ANSWER_RECORDS];
	char room[ANSWER_ROOM];
	size_t used;
};

enum query_answer_depth {
	QUERY_ANSWER_OUTLINE, /* all but the array of records */
	QUERY_ANSWER_WHOLE,   /* those too */
};

/*
 * Takes a reply apart, up to the first record that is broken; the records of a
 * set come in the order of their texts.
 */
void query_answer_read(struct query_answer *answer, const uint8_t *wire,
    size_t len, enum query_answer_depth depth);

/* "A", "AAAA", "TYPE65280"; stays as it is.  One thread calls this. */
const char *query_answer_type(uint16_t type);

#endif
