#include "core/path.h"

#include <endian.h>
#include <string.h>

enum { WORD = sizeof(uint64_t), LABEL_MAX = 63 };

/*
 * The first n octets of at most eight, as a number.  What lies behind them in
 * the name's room is read along and left out again.
 */
static uint64_t
path_word(const struct name *name, size_t at, size_t n)
{
	uint64_t word = 0;

	if (at + WORD > NAME_SIZE) {
		memcpy(&word, name->wire + at, n);
		return le64toh(word);
	}
	memcpy(&word, name->wire + at, sizeof(word));
	word = le64toh(word);
	return n == WORD ? word : word & ((UINT64_C(1) << (8 * n)) - 1);
}

/* Hashes every suffix, from the root on, each joined to what follows it. */
static inline void
path_hash(struct path *path, const struct hash_key *key)
{
	/* A copy: what is written is not it. */
	const struct hash_key own = *key;
	uint64_t hash = own.k0;

	path->hash[path->name.labels] = hash;
	for (unsigned n = path->name.labels; n > 0; n--) {
		const size_t end = path->at[n];
		size_t at = path->at[n - 1];

		for (; end - at > WORD; at += WORD) {
			hash = hash_join(&own, hash,
			    path_word(&path->name, at, WORD));
		}
		hash =
		    hash_join(&own, hash, path_word(&path->name, at, end - at));
		path->hash[n - 1] = hash;
	}
}

void
path_set(struct path *path, const uint8_t *wire, const struct hash_key *key)
{
	unsigned labels = 0;
	size_t at = 0;

	for (; wire[at] != 0; at += (size_t)wire[at] + 1)
		path->at[labels++] = (uint8_t)at;
	path->at[labels] = (uint8_t)at;
	path->name.labels = (uint8_t)labels;
	name_set_folded(&path->name, wire, at + 1);
	path_hash(path, key);
}

size_t
path_read(struct path *path, const uint8_t *wire, size_t len,
    const struct hash_key *key)
{
	const size_t most = len < NAME_SIZE ? len : NAME_SIZE;
	unsigned labels = 0;
	size_t at = 0;

	while (at < most && wire[at] != 0) {
		if (wire[at] > LABEL_MAX)
			return 0;
		path->at[labels++] = (uint8_t)at;
		at += (size_t)wire[at] + 1;
	}
	if (at >= most)
		return 0;
	path->at[labels] = (uint8_t)at;
	path->name.labels = (uint8_t)labels;
	name_set_folded(&path->name, wire, at + 1);
	path_hash(path, key);
	return at + 1;
}

uint64_t
path_hash_of(const uint8_t *folded, const struct hash_key *key)
{
	struct path path;

	path_set(&path, folded, key);
	return path.hash[0];
}
