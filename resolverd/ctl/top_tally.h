#ifndef CTL_TOP_TALLY_H
#define CTL_TOP_TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"
#include "core/account.h"
#include "ctl/heavy.h"
#include "ctl/live_entry.h"
#include "ctl/quantile.h"

struct json_writer;

enum {
	TOP_TALLY_ROWS = 64, /* of a kind that are told, at most */
	TOP_TALLY_SLOWEST = 24,
};

/* What is counted by its frequency. */
enum top_tally_kind {
	TOP_TALLY_NAMES,
	TOP_TALLY_CLIENTS,
	TOP_TALLY_TYPES,
	TOP_TALLY_RCODES,
};
enum { TOP_TALLY_KINDS = 4 };

/* So many, since the beginning and since the last turn. */
struct top_tally_count {
	uint64_t count;
	uint64_t recent;
};

/*
 * What somebody who watches queries gets to see in place of each of them.  A
 * megabyte, whatever is asked: names and clients are counted as ctl/heavy
 * does, within one in 2,048 and one in 1,024 of all queries.
 */
struct top_tally {
	uint64_t since; /* ns since 1970 */
	uint64_t turned;
	struct heavy heavy[TOP_TALLY_KINDS];
	struct top_tally_count queries;
	struct top_tally_count dropped; /* not looked at for want of time */
	struct top_tally_count origins[ORIGINS];
	struct quantile latency; /* recent, microseconds */
	size_t slow_count;
	struct live_entry slowest[TOP_TALLY_SLOWEST]; /* the slowest first */
};

/* now: ns since 1970.  False: no memory, and nothing to free. */
bool top_tally_init(struct top_tally *tally, const struct hash_key *key,
    uint64_t now);
void top_tally_fini(struct top_tally *tally);

void top_tally_add(struct top_tally *tally, const struct live_entry *entry);

/* So many more were dropped. */
void top_tally_drop(struct top_tally *tally, uint64_t count);

/*
 * The members of an object that is open, up to now; resolverctl(8) lists
 * them.
 */
void top_tally_write(struct top_tally *tally, uint64_t now,
    struct json_writer *writer);

/* What is recent begins now. */
void top_tally_turn(struct top_tally *tally, uint64_t now);

#endif
