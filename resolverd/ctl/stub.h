#ifndef CTL_STUB_H
#define CTL_STUB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/arena.h"
#include "ctl/response.h"
#include "dns/message.h"
#include "dns/request.h"

/*
 * A stub resolver for resolverctl: one question to one server, and the caller
 * waits.  What comes back may be anything.
 */
struct stub {
	struct addr server;
	enum transport transport; /* UDP: and TCP after a truncated answer */
	unsigned timeout_ms;	  /* for all of it */
	unsigned tries;		  /* by UDP, each with its share of the time */
	uint16_t udp_size;	  /* advertised by EDNS; 0: without EDNS */
	bool dnssec_ok;		  /* DO; takes EDNS */
	bool checking_disabled;	  /* CD */
	bool wants_authentic;	  /* AD */
	bool no_recursion;	  /* without RD */
	bool keep_truncated;	  /* no TCP after a truncated answer */
};

enum stub_outcome {
	STUB_ANSWERED,
	STUB_TIMED_OUT,
	STUB_UNREACHABLE, /* error says why */
	STUB_BROKEN,	  /* what came is no message, or ended too early */
};

struct stub_reply {
	enum stub_outcome outcome;
	int error;		  /* UNREACHABLE: errno */
	enum transport transport; /* what was used in the end */
	uint64_t took;		  /* ns from the last asking to its outcome */
	const uint8_t *wire;	  /* ANSWERED: as it came */
	size_t len;
	struct response response; /* ANSWERED: the same, taken apart */
};

enum { STUB_TIMEOUT_MS = 5000, STUB_TRIES = 2 };

/* To that server by UDP with EDNS, STUB_TIMEOUT_MS and STUB_TRIES. */
struct stub stub_to(const struct addr *server);

/*
 * Asks from a port and with an id that are not to be guessed, and takes no
 * answer but to its question.  What *reply points to lies in arena, a growing
 * one: some KiB more than the message.  The letter case of the name is sent as
 * it is; an answer may have another.
 */
void stub_ask(const struct stub *stub, const struct question *question,
    struct arena *arena, struct stub_reply *reply);

/* What became of it, to follow "the server": "did not answer within 5 s". */
enum { STUB_TEXT = 96 };
const char *stub_outcome_text(const struct stub *stub,
    const struct stub_reply *reply, char buf[STUB_TEXT]);

#endif
