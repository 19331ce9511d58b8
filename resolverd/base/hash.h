#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

/* A secret drawn once a process, so that nobody outside can aim at a bucket. */
struct hash_key {
	uint64_t k0;
	uint64_t k1;
};

/* SipHash-1-3 of len octets under key. */
uint64_t hash_bytes(const struct hash_key *key, const void *bytes, size_t len);

/*
 * Joins the hash of a part to the hash of what follows it, so that every
 * suffix of a name is hashed in one walk: hash = hash_join(key, hash, part).
 * A keyed multiply and fold, far cheaper than SipHash and weaker: for tables
 * whose hashes nobody outside gets to see, and whose entries are compared.
 */
static inline uint64_t
hash_join(const struct hash_key *key, uint64_t hash, uint64_t part)
{
	/* Added, not xored: a walk that starts from k0 must not cancel it. */
	__extension__ unsigned __int128 product = (hash + key->k0) ^ part;

	/* Odd, so never zero; the golden ratio, so never a small factor. */
	product *= (key->k1 ^ UINT64_C(0x9e3779b97f4a7c15)) | 1;
	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

#endif
