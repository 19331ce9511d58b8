#include "base/hash.h"

#include <endian.h>
#include <string.h>

/* SipHash's state and rounds, from "SipHash: a fast short-input PRF". */
struct sip {
	uint64_t v0;
	uint64_t v1;
	uint64_t v2;
	uint64_t v3;
};

static uint64_t
rotl(uint64_t x, unsigned n)
{
	return x << n | x >> (64 - n);
}

static void
sip_round(struct sip *s)
{
	s->v0 += s->v1;
	s->v1 = rotl(s->v1, 13) ^ s->v0;
	s->v0 = rotl(s->v0, 32);
	s->v2 += s->v3;
	s->v3 = rotl(s->v3, 16) ^ s->v2;
	s->v0 += s->v3;
	s->v3 = rotl(s->v3, 21) ^ s->v0;
	s->v2 += s->v1;
	s->v1 = rotl(s->v1, 17) ^ s->v2;
	s->v2 = rotl(s->v2, 32);
}

/* One compression round a word: the "1" of SipHash-1-3. */
static void
sip_word(struct sip *s, uint64_t word)
{
	s->v3 ^= word;
	sip_round(s);
	s->v0 ^= word;
}

/* Eight octets as a little-endian number. */
static uint64_t
sip_load(const uint8_t *bytes)
{
	uint64_t word;

	memcpy(&word, bytes, sizeof(word));
	return le64toh(word);
}

/* The last n octets, fewer than eight, below the length's low octet. */
static uint64_t
sip_tail(const uint8_t *bytes, size_t n, size_t len)
{
	uint64_t word = (uint64_t)len << 56;

	for (size_t i = 0; i < n; i++)
		word |= (uint64_t)bytes[i] << (8 * i);
	return word;
}

uint64_t
hash_bytes(const struct hash_key *key, const void *bytes, size_t len)
{
	struct sip s = {
	    .v0 = key->k0 ^ UINT64_C(0x736f6d6570736575),
	    .v1 = key->k1 ^ UINT64_C(0x646f72616e646f6d),
	    .v2 = key->k0 ^ UINT64_C(0x6c7967656e657261),
	    .v3 = key->k1 ^ UINT64_C(0x7465646279746573),
	};
	const uint8_t *at = bytes;
	size_t left = len;

	for (; left >= sizeof(uint64_t); left -= sizeof(uint64_t)) {
		sip_word(&s, sip_load(at));
		at += sizeof(uint64_t);
	}
	sip_word(&s, sip_tail(at, left, len));
	s.v2 ^= 0xff;
	for (unsigned i = 0; i < 3; i++)
		sip_round(&s);
	return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}
