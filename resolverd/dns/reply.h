#ifndef DNS_REPLY_H
#define DNS_REPLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "dns/edns.h"
#include "dns/message.h"
#include "dns/request.h"
#include "dns/rrset.h"

/* An RRset of an upstream's answer that belongs to the question. */
struct reply_item {
	const uint8_t *owner; /* whole wire, folded */
	const struct rrset *rrset;
	enum section section;
};

enum {
	REPLY_RECORDS = 512, /* more in one message: malformed */
	REPLY_LOOKS = 1024,  /* more names to be compared: malformed */
	REPLY_CHAIN = 16,    /* links of a CNAME chain that are followed */
	REPLY_ITEMS = 96,    /* RRsets kept of one message */
};

/*
 * An upstream's answer, rebuilt from what was asked: the CNAME (and DNAME)
 * chain that starts at the question's name, the RRset of the asked type at
 * its end, for a negative answer the SOA; with dnssec_ok also the RRSIG
 * records that cover those, and NSEC, NSEC3 and their RRSIG in authority.
 * Everything else in the message is dropped.  All of it lives in the arena.
 */
struct reply {
	uint16_t rcode; /* extended by the OPT record's octet */
	bool truncated; /* TC: ask again by TCP */
	bool authentic; /* AD */
	bool endless;	/* the chain loops, or has more than REPLY_CHAIN
			   links: there are no items */
	bool answered;	/* an RRset of the asked type ends the chain */
	bool has_soa;	/* an SOA that covers the chain's end is among items */
	const uint8_t *target; /* the chain's end: folded question name or the
				  last CNAME's target */
	uint32_t ttl; /* seconds this may be kept: the least TTL of items; for
			 a negative answer also at most the SOA's minimum
			 (RFC 2308 section 5); 0 without any item */
	uint32_t age; /* seconds it was kept already; the TTLs are less by it */
	const struct cookie *cookie;	/* or NULL */
	const struct edns_error *error; /* what the server says went wrong, or
					   NULL */
	size_t count;
	const struct reply_item *items; /* NULL when there is none */
};

/* Whether a message answers a question of ours. */
enum match {
	MATCH_NO,
	MATCH_BUT_CASE, /* but for the letter case of the name */
	MATCH,
};

/*
 * Compares a message with what was sent, a query of request_build's: at least
 * a header, QR set, opcode QUERY, our id, one question, equal in its octets.
 * What is not a MATCH is not ours and must be ignored while the wait goes on
 * (RFC 5452 section 9); one that differs in letter case alone may be a server's
 * fault.
 */
enum match reply_matches(const uint8_t *wire, size_t len, const uint8_t *sent,
    size_t sent_len);

/*
 * Whether a server turned our message down without repeating the question, as
 * one may that does not know EDNS (RFC 6891 section 7): our id, QR set, opcode
 * QUERY, no question, FORMERR or NOTIMP.
 */
bool reply_rejects(const uint8_t *wire, size_t len, const uint8_t *sent,
    size_t sent_len);

/*
 * Takes apart a message that reply_matches accepted.  A truncated one is not
 * looked into: it has no items, whatever its octets are.  PARSE_FORMERR when
 * any record, also one that is not kept, is broken: a name that leaves its
 * rdata, a fixed type of another length, a count that the octets do not bear
 * out, two OPT records, options that edns_read refuses, octets after the last
 * record; for more than REPLY_RECORDS records, REPLY_LOOKS names or REPLY_ITEMS
 * RRsets; when the arena is full.  TTLs over 2^31 - 1 count as 0 (RFC 2181
 * section 8).
 * Work is bounded by the message's length, not by its counts.  Returns no
 * other value than PARSE_OK and PARSE_FORMERR; *reply is left alone by the
 * latter.
 */
enum parse reply_parse(struct reply *reply, const uint8_t *wire, size_t len,
    const struct asking *asking, struct arena *arena);

#endif
