#ifndef BENCH_MESSAGE_H
#define BENCH_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The names that are asked for, and what their answers must be.  Names of one
 * kind have the same length, and so have their answers.
 */
enum kind {
	KIND_LOCAL,	/* svc-0001234-ab12cd34ef-uc.a.run.app */
	KIND_FORWARDED, /* host-001234567.bench.example.com */
	KIND_CHANGING,	/* record-000000123.changing.example */
	KIND_COUNT,
};

enum {
	MESSAGE_HEADER = 12,
	MESSAGE_OPT = 11,
	TYPE_A = 1,
	TYPE_CNAME = 5,
	TYPE_AAAA = 28,
	TYPE_HTTPS = 65,
	RDATA_SIZE = 16,
	ASK_SIZE = 96,
};

/* A question on its way: the whole query. */
struct ask {
	uint8_t wire[ASK_SIZE];
	size_t len;
	size_t question; /* octets of name, type and class */
	enum kind kind;
	unsigned type;
	unsigned number; /* in the name */
};

enum edns { EDNS_NONE, EDNS_SOME };

/* A query without an id. */
void ask_make(struct ask *ask, enum kind kind, unsigned type, enum edns edns);

/* Makes it ask for another name of its kind. */
void ask_number(struct ask *ask, unsigned number);

/* What a server makes of local names: how many CNAMEs, how many addresses. */
struct shape {
	const char *name;
	unsigned aliases;
	unsigned addresses;
	bool blind; /* an echo, of which only the question can be checked */
};

/* chain, flat, alias, single or echo; NULL for another name. */
const struct shape *shape_find(const char *name);

/* Whether these octets are the right answer, the id not looked at. */
bool answer_right(const uint8_t *wire, size_t len, const struct ask *ask,
    const struct shape *shape);

/* Octets of the question that begins at an offset; 0 if it is none. */
size_t question_size(const uint8_t *wire, size_t len, size_t at);

/* The data of a forwarded name, which follow from its letters; how many octets
 * they have, or 0 for a type that it has not. */
size_t forwarded_data(const uint8_t *name, unsigned type,
    uint8_t data[static RDATA_SIZE]);

/* A number made of a name's letters, in whatever case. */
uint32_t name_hash(const uint8_t *name);

unsigned get_u16(const uint8_t *at);
void put_u16(uint8_t *at, unsigned value);

#endif
