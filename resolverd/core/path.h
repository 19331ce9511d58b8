#ifndef CORE_PATH_H
#define CORE_PATH_H

#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"
#include "dns/name.h"

/*
 * A folded name and the hash of each of its suffixes, made in one walk.
 * Suffix 0 is the whole name, suffix `labels` the root.  Zones and indexes
 * are searched by these hashes, never by comparing every candidate.
 */
struct path {
	struct name name; /* folded */
	uint8_t at[NAME_LABELS + 1];
	uint64_t hash[NAME_LABELS + 1];
};

/* Folds wire into path and hashes every suffix under key. */
void
path_set(struct path *path, const uint8_t *wire, const struct hash_key *key);

/*
 * The same with a name of a message that has no more than len octets left;
 * returns the octets that it takes, or 0 when it is broken or compressed.
 */
size_t path_read(struct path *path, const uint8_t *wire, size_t len,
    const struct hash_key *key);

/* The hash of a whole name, folded already: a path's hash[0]. */
uint64_t path_hash_of(const uint8_t *folded, const struct hash_key *key);

/* Suffix n of the name, as whole wire. */
static inline const uint8_t *
path_suffix(const struct path *path, unsigned n)
{
	return path->name.wire + path->at[n];
}

#endif
