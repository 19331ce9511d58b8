#ifndef DNS_SCAN_H
#define DNS_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "dns/edns.h"
#include "dns/message.h"
#include "dns/name.h"
#include "dns/request.h"
#include "dns/rrset.h"
#include "dns/wire.h"

/* The first pass over an upstream's message; dns/reply makes the second. */

/* A sound record of the answer or authority section, where it stands. */
struct record {
	uint32_t hash; /* scan_hash of the owner */
	uint32_t ttl;  /* seconds, at most 2^31 - 1 (RFC 2181 section 8) */
	uint16_t type;
	uint16_t covered; /* RRSIG: the type that it signs; else 0 */
	uint16_t owner;	  /* offsets in the message; name_origin of the owner */
	uint16_t rdata;
	uint16_t len;
	uint8_t section;
	bool taken; /* for the second pass: it belongs to an answer */
};

struct scan {
	struct reader reader;
	struct question question;
	struct record *records; /* those of the question's class */
	size_t count;
	unsigned dnames; /* how many of them are DNAMEs to be answered with */
	unsigned looks;	 /* names read by scan_name */
	bool has_opt;
	uint8_t rcode_high;	     /* the OPT record's part of the rcode */
	struct edns_options options; /* and its options, when has_opt */
	uint8_t *spare;		     /* room for the rdata of one record */
	size_t spare_size;
};

/* Makes ready for a message of at least a header, and reads its question. */
bool scan_question(struct scan *scan, const uint8_t *wire, size_t len);

/*
 * Goes over all records.  False when any of them is broken, when there are
 * more than limit or than the octets bear out, when octets follow the last
 * one, or when the arena is full.
 */
bool scan_records(struct scan *scan, size_t limit, struct arena *arena);

/* The name at an offset that scan_records went over, folded. */
struct name scan_name(struct scan *scan, uint16_t at);

/*
 * A record's rdata with its names whole, borrowed from the message or in the
 * arena; its bytes are NULL when that is full.
 */
struct rdata
scan_rdata(struct scan *scan, const struct record *record, struct arena *arena);

/* Tells most names apart; whoever wants to can make many names of one hash. */
uint32_t scan_hash(const struct name *folded);

#endif
