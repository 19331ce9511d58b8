#ifndef DNS_REQUEST_H
#define DNS_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dns/edns.h"
#include "dns/message.h"
#include "dns/name.h"
#include "dns/wire.h"

struct question {
	struct name name; /* letter case as it came */
	uint16_t type;
	uint16_t class;
};

/* The OPT record of a query (RFC 6891). */
struct edns {
	bool present;
	bool dnssec_ok; /* the DO bit */
	uint8_t version;
	uint16_t udp_size; /* as advertised, raised to 512 */
};

/* A query as far as it could be read. */
struct request {
	uint16_t id;
	uint16_t flags;	   /* the header's flag word as it came */
	bool has_question; /* question is whole and is echoed in any reply */
	struct question question;
	struct edns edns;
};

enum parse {
	PARSE_OK,
	PARSE_DROP,    /* not a query: say nothing */
	PARSE_FORMERR, /* RFC 1035: could not be understood */
	PARSE_NOTIMP,  /* an opcode other than QUERY */
	PARSE_BADVERS, /* an EDNS version other than 0 */
};

/*
 * Reads a client's query: header, exactly one question, at most one OPT.
 * Fills as much of *request as an error reply needs; that is the OPT record
 * too, wherever the message is sound up to its end (RFC 6891 section 6.1.1).
 *
 * PARSE_DROP: shorter than a header, or QR set.  PARSE_NOTIMP comes before
 * any complaint about the rest.  PARSE_FORMERR: longer than QUERY_MAX, TC set,
 * QDCOUNT other than 1, a compressed or broken question name, records in
 * the answer or authority section (but for an IXFR's SOA), two OPT records,
 * an OPT whose owner is not the root, in EDNS version 0 options that
 * edns_read refuses or more than EDNS_OPTIONS_SIZE octets of them, octets
 * after the last record.  A TSIG or any other record in the additional section
 * is stepped over.  A sound COOKIE option is ignored, as by any server that
 * has none (RFC 7873 section 5.2.1).
 */
enum parse
request_parse(struct request *request, const uint8_t *wire, size_t len);

/* Reads a question at the cursor; its name must be whole (RFC 9619). */
bool request_question(struct question *question, struct reader *reader);

/* What a question to an upstream server says beside the question. */
struct asking {
	uint16_t id;
	bool dnssec_ok;
	bool checking_disabled;
	bool wants_authentic; /* AD: tell me whether it is (RFC 6840 5.7) */
	uint16_t udp_size;    /* advertised by our OPT; 0: ask without one, and
				 without what stands in it */
	uint16_t block;	      /* padded to a multiple of this; 0: as it is */
	const struct cookie *cookie; /* or NULL */
};

/* The longest query of ours: padded to the third EDNS_BLOCK. */
enum { REQUEST_MAX = 3 * EDNS_BLOCK };

/*
 * Builds our own query for question with RD set and, with a udp_size, an OPT
 * record; no octet of the client's but the question goes into it.  Returns its
 * length, or 0 when cap is too small (REQUEST_MAX suffices for blocks of
 * EDNS_BLOCK).
 */
size_t request_build(const struct asking *asking,
    const struct question *question, uint8_t *wire, size_t cap);

#endif
