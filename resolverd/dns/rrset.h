#ifndef DNS_RRSET_H
#define DNS_RRSET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

/*
 * The records of one name and type (RFC 2181 section 5), packed and never
 * changed once made.  The owner's name is kept beside it, not in it.  Names
 * inside rdata are whole, not compressed.
 */
struct rrset {
	uint16_t type;
	uint16_t count; /* records, at least 1 */
	uint32_t ttl;	/* seconds */
	uint32_t size;	/* octets of data */
	uint8_t data[]; /* count times: u16 length in host order, rdata */
};

/* A record's data while an RRset is put together. */
struct rdata {
	const uint8_t *bytes;
	uint16_t len;
};

/*
 * Packs count records into arena; NULL when it is full.  count must be 1 to
 * 65535.
 */
struct rrset *rrset_pack(struct arena *arena, uint16_t type, uint32_t ttl,
    const struct rdata *rdata, size_t count);

/*
 * Brings records into the canonical order of RFC 4034 section 6.3 (an RRset
 * has none of its own) and drops duplicates; returns how many are left.
 */
size_t rrset_distinct(struct rdata *rdata, size_t count);

/* Copies an RRset into arena; NULL when it is full. */
struct rrset *rrset_copy(struct arena *arena, const struct rrset *set);

/*
 * Walks the records: start with at NULL, then hand back what was returned;
 * NULL after the last.  The rdata is *len octets.
 */
const uint8_t *
rrset_next(const struct rrset *set, const uint8_t *at, uint16_t *len);

/* The rdata of the first record. */
const uint8_t *rrset_first(const struct rrset *set, uint16_t *len);

/*
 * Where names stand in the rdata of a type: steps used by the reader to
 * unpack compressed names and by the encoder to compress them (only the types
 * of RFC 1035 may be compressed, RFC 3597 section 4).
 */
enum rdata_step {
	RDATA_END,	  /* the rdata ends here */
	RDATA_REST,	  /* what follows is opaque, up to the end */
	RDATA_NAME,	  /* a name, compressible when sent */
	RDATA_NAME_WHOLE, /* a name, unpacked when read, never compressed */
	RDATA_FIXED_2,	  /* two octets */
	RDATA_FIXED_6,	  /* six octets */
	RDATA_FIXED_18,	  /* eighteen octets */
	RDATA_FIXED_20,	  /* twenty octets */
	RDATA_STRING,	  /* a character-string */
};

/*
 * The steps of a type's rdata, ended by RDATA_END or RDATA_REST; a type that
 * holds no name is RDATA_REST alone.
 */
const enum rdata_step *rdata_steps(uint16_t type);

/* The octets of a step of fixed size, else 0. */
size_t rdata_step_size(enum rdata_step step);

/*
 * The exact rdata length of a type of fixed size (A: 4, AAAA: 16), or 0 when
 * the size varies.
 */
size_t rdata_exact_size(uint16_t type);

#endif
