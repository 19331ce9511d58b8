#include "pattern.h"

#include <string.h>

enum {
	STRIDE = 7919, /* neighbours are never asked for one after the other */
	LOCAL_NAMES = 10000,
	MANY_NAMES = 1000000,
	HOT_NAMES = 1000,
	CHANGING_NAMES = 200,
	NEW_NAMES = 1000000000,
	TEN = 10,
};

struct pattern_row {
	const char *name;
	void (*next)(struct pattern *, struct ask *);
	enum edns edns;
};

static const unsigned types[] = {TYPE_A, TYPE_AAAA, TYPE_HTTPS};

const char pattern_names[] = "local, many, hot, new, mix or changing";

static unsigned
nth(const struct pattern *pattern, unsigned names)
{
	return (unsigned)(pattern->asked * STRIDE % names);
}

static void
set(struct ask *ask, const struct ask *form, unsigned number)
{
	*ask = *form;
	ask_number(ask, number);
}

static void
next_local(struct pattern *pattern, struct ask *ask)
{
	set(ask, &pattern->asks[KIND_LOCAL][0], nth(pattern, LOCAL_NAMES));
}

static void
next_many(struct pattern *pattern, struct ask *ask)
{
	set(ask, &pattern->asks[KIND_LOCAL][0],
	    (pattern->base + nth(pattern, MANY_NAMES)) % MANY_NAMES);
}

static void
next_hot(struct pattern *pattern, struct ask *ask)
{
	set(ask, &pattern->asks[KIND_FORWARDED][0], nth(pattern, HOT_NAMES));
}

static unsigned
fresh(struct pattern *pattern)
{
	return (pattern->base + HOT_NAMES + pattern->fresh++) % NEW_NAMES;
}

static void
next_new(struct pattern *pattern, struct ask *ask)
{
	set(ask, &pattern->asks[KIND_FORWARDED][0], fresh(pattern));
}

/* Of ten five are local, four are hot, one is new; A, AAAA, HTTPS as clients
 * have them, about six, three, one. */
static void
next_mix(struct pattern *pattern, struct ask *ask)
{
	static const size_t kinds_of_type[TEN] = {0, 1, 0, 1, 0, 2, 0, 1, 0, 0};
	const size_t type = kinds_of_type[pattern->asked / TEN % TEN];
	const unsigned turn = (unsigned)(pattern->asked % TEN);

	if (turn == TEN - 1) {
		set(ask, &pattern->asks[KIND_FORWARDED][type], fresh(pattern));
	} else if (turn % 2 == 0) {
		set(ask, &pattern->asks[KIND_LOCAL][type],
		    nth(pattern, LOCAL_NAMES));
	} else {
		set(ask, &pattern->asks[KIND_FORWARDED][type],
		    nth(pattern, HOT_NAMES));
	}
}

/* One in ten of the names whose records change. */
static void
next_changing(struct pattern *pattern, struct ask *ask)
{
	if (pattern->asked % TEN == 0) {
		set(ask, &pattern->asks[KIND_CHANGING][0],
		    (unsigned)(pattern->asked / TEN % CHANGING_NAMES));
	} else {
		next_local(pattern, ask);
	}
}

static const struct pattern_row rows[] = {
    {"local", next_local, EDNS_NONE},
    {"many", next_many, EDNS_NONE},
    {"hot", next_hot, EDNS_NONE},
    {"new", next_new, EDNS_NONE},
    {"mix", next_mix, EDNS_SOME},
    {"changing", next_changing, EDNS_NONE},
};

static void
make_asks(struct pattern *pattern, enum edns edns)
{
	for (unsigned kind = 0; kind < KIND_COUNT; kind++) {
		for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
			ask_make(&pattern->asks[kind][i], (enum kind)kind,
			    types[i], edns);
		}
	}
}

bool
pattern_init(struct pattern *pattern, const char *name, unsigned base)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		if (strcmp(rows[i].name, name) != 0)
			continue;
		*pattern = (struct pattern){.row = &rows[i], .base = base};
		make_asks(pattern, rows[i].edns);
		return true;
	}
	return false;
}

void
pattern_next(struct pattern *pattern, struct ask *ask)
{
	pattern->row->next(pattern, ask);
	pattern->asked++;
}
