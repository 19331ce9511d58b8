#include "core/path.h"

#include <string.h>

/* Eight octets, or the last few padded with zeros, as a number. */
static uint64_t
path_word(const uint8_t *octets, size_t n)
{
	uint64_t word = 0;

	memcpy(&word, octets, n < sizeof(word) ? n : sizeof(word));
	return word;
}

/* Joins a label, its length octet included, to the hash of what follows it. */
static uint64_t
path_join(const struct hash_key *key, uint64_t hash, const uint8_t *label)
{
	size_t left = (size_t)label[0] + 1;

	for (; left > sizeof(uint64_t); left -= sizeof(uint64_t)) {
		hash = hash_join(key, hash, path_word(label, left));
		label += sizeof(uint64_t);
	}
	return hash_join(key, hash, path_word(label, left));
}

void
path_set(struct path *path, const uint8_t *wire, const struct hash_key *key)
{
	unsigned labels = 0;
	size_t at = 0;
	uint64_t hash = key->k0;

	for (; wire[at] != 0; at += (size_t)wire[at] + 1)
		path->at[labels++] = (uint8_t)at;
	path->at[labels] = (uint8_t)at;
	path->name.len = (uint8_t)(at + 1);
	path->name.labels = (uint8_t)labels;
	memcpy(path->name.wire, wire, at + 1);
	name_fold(&path->name);

	path->hash[labels] = hash;
	while (labels > 0) {
		labels--;
		hash = path_join(key, hash, path_suffix(path, labels));
		path->hash[labels] = hash;
	}
}
