#ifndef CORE_MOULD_H
#define CORE_MOULD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct network;
struct query;
struct scope;

/*
 * Answers of private zones as they go out, ready but for the question: what a
 * wildcard, or a name asked for again, answers is put together once for each
 * type and poured after that.  An answer has a mould only if nothing but the
 * zones of the snapshot at hand had a part in it, so that it is the same for
 * whatever name and whoever asks; where names in it point into the question
 * they are moved by how much longer that is, and the records of its last RRset
 * are turned.
 */
enum {
	MOULD_SLOTS = 512,
	MOULD_BODY = 352, /* octets of records; longer answers have none */
	MOULD_PLACES = 24,
};

/* Whose answer it is. */
struct mould_key {
	const void *of; /* the zone's node, or the zone where there is none */
	const struct network *network;
	const struct scope *cluster;
	uint16_t type;
	uint8_t lookup; /* enum lookup */
	uint8_t manner; /* what else the answer depends on */
};

enum mould_state {
	MOULD_SEEN,   /* asked for once */
	MOULD_READY,  /* may be poured */
	MOULD_BARREN, /* this answer has no mould */
};

/* A pointer into what moves with the question's length. */
struct mould_place {
	uint16_t at; /* in the body */
	uint16_t pointer;
};

struct mould {
	struct mould_key key;
	enum mould_state state;
	uint16_t flags;	  /* AA and the rcode */
	uint16_t answers; /* records in each section */
	uint16_t authorities;
	uint16_t size;	/* octets of body */
	uint16_t turns; /* records at its end that are turned, or 0 */
	uint16_t turn;	/* octets of each */
	uint8_t base;	/* octets of the name that the pointers are for */
	uint8_t places;
	struct mould_place place[MOULD_PLACES];
	uint8_t body[MOULD_BODY];
};

/* A worker's; what a slot holds is void unless its `of` is there. */
struct moulds {
	const void *of[MOULD_SLOTS];
	struct mould slots[MOULD_SLOTS];
};

/* Forgets all: another snapshot may have other zones at their places. */
void mould_clear(struct moulds *moulds);

/*
 * The mould of a key that was looked for before; NULL, and a slot given to it,
 * when it was not.
 */
struct mould *mould_find(struct moulds *moulds, const struct mould_key *key);

/* A key's mould that may be poured, or NULL. */
const struct mould *
mould_ready(const struct moulds *moulds, const struct mould_key *key);

/*
 * Makes it of the answer that was just given to query, whose name is under
 * `above`; NULL: has been the name itself, and will be.
 */
void mould_fill(struct mould *mould, const struct query *query,
    const uint8_t *above);

/*
 * Writes the reply to the query, with `first` of the records turned the first
 * one; returns its length, or 0 when there is no room for it.
 */
size_t mould_pour(const struct mould *mould, const struct query *query,
    size_t limit, unsigned first);

#endif
