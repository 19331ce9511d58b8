#ifndef CORE_ENTRY_H
#define CORE_ENTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "dns/reply.h"

enum {
	ENTRY_DEAD = 0x01, /* no longer in its bucket, or filler at the end */
	ENTRY_DO = 0x02,
	ENTRY_CD = 0x04,
	ENTRY_FAILURE = 0x08,
	ENTRY_ANSWERED = 0x10,
	ENTRY_SOA = 0x20,
	ENTRY_AUTHENTIC = 0x40,
	ENTRY_DUE = 0x80, /* it was said that it should be fetched anew */
};

/* Octets that an entry's size and place are counted in. */
enum { ENTRY_ALIGN = 8 };

/*
 * An answer as the cache stores it, small: what repeats a name that the entry
 * holds already says where that is.  36 octets, the question's name, then of
 * each RRset 12 octets and its records, and its owner where that is no name
 * or end of a name (the question's, a CNAME's target) that went before; in
 * all rounded up to 8.
 */
struct entry {
	uint32_t next; /* in the bucket: offset / ENTRY_ALIGN; 0: none */
	uint32_t hash;
	uint64_t group;
	uint32_t stored_s;    /* when: seconds, */
	uint16_t stored_part; /* and 1/65536 of one */
	uint16_t type;
	uint32_t lifetime; /* seconds */
	uint16_t units;	   /* of ENTRY_ALIGN octets, all in all */
	uint16_t rcode;
	uint8_t items;
	uint8_t flags;
	uint8_t name_len;
	uint8_t hits; /* 255: that many or more */
	uint8_t data[];
};

/* Octets of a whole entry, header and all. */
size_t entry_size(const struct entry *entry);

/* What an entry for a name of name_len octets may need at most. */
size_t entry_most(const struct reply *reply, size_t name_len);

/*
 * Writes name and items behind the header, where there is room for
 * entry_most, and sets units, items and name_len.
 */
void
entry_pack(struct entry *entry, const uint8_t *name, const struct reply *reply);

/* What becomes of the TTLs. */
struct entry_ttl {
	uint32_t age;	/* they are less by so many seconds */
	uint32_t fixed; /* or all alike; 0: they are not */
};

/* Rebuilds the items in arena; NULL when it is full. */
const struct reply_item *entry_unpack(const struct entry *entry,
    const struct entry_ttl *ttl, struct arena *arena);

struct cache_plain;

/*
 * Finds the records of an entry that has no others than its name's of its type;
 * false when it has.
 */
bool entry_plain(struct entry *entry, struct cache_plain *plain);

/*
 * Whether it answers for name, or for a name below, or its answer section
 * has records of such a name.
 */
bool entry_tells_of(const struct entry *entry, const uint8_t *name, bool below);

#endif
