/*
 * What a search costs over few names and over many: the longest suffix among
 * zones, the rule of a response policy, a name in a zone.  Prints rows of the
 * table of tests/bench/run.  Every round measures all of them in turn, so that
 * what else the machine does meets all alike; the median round counts.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/rng.h"
#include "core/policy.h"
#include "core/suffix.h"
#include "core/zone.h"
#include "dns/message.h"

enum {
	FEW = 10,
	MANY = 10000,
	RECORDS = 100000,
	QUESTIONS = 8192,
	PASSES = 8, /* over the questions, in a round */
	ROUNDS = 31,
	ARENA_BLOCK = 1024 * 1024,
};

/* Names asked, and where they are looked for. */
struct bench {
	struct arena arena;
	struct hash_key key;
	const uint8_t *few[QUESTIONS]; /* wire, under the first FEW domains */
	const uint8_t *many[QUESTIONS];
	const uint8_t *hosts_few[QUESTIONS];
	const uint8_t *hosts_many[QUESTIONS];
	struct suffix_index zones_few;
	struct suffix_index zones_many;
	struct policy policy_few;
	struct policy policy_many;
	struct zone zone_few;
	struct zone zone_many;
	uintptr_t found; /* so that no search can be left out */
};

static void
die(const char *what)
{
	fprintf(stderr, "bench_search: %s\n", what);
	exit(1);
}

/* Making names. */

static const uint8_t *
keep(struct bench *bench, const char *text)
{
	const uint8_t *wire;
	struct name name;

	if (name_from_text(&name, text) != NAME_OK)
		die("a name that is none");
	wire = arena_copy(&bench->arena, name.wire, name.len);
	if (wire == NULL)
		die("no memory");
	return wire;
}

/* A domain such as a company has, of three to five labels. */
static void
domain_text(unsigned i, char text[NAME_TEXT])
{
	static const char *const regions[] = {"europe-west1", "us-central1",
	    "asia-east1"};

	if (i % 10 < 4) {
		snprintf(text, NAME_TEXT, "team-%u.example.internal", i);
	} else if (i % 10 < 8) {
		snprintf(text, NAME_TEXT, "service-%u.prod.example.internal",
		    i);
	} else {
		snprintf(text, NAME_TEXT, "app-%u.prod.%s.example.com", i,
		    regions[i % 3]);
	}
}

/* Names below a random one of n domains; one in four is in no zone. */
static void
questions_make(struct bench *bench, struct rng *rng, unsigned n,
    const uint8_t *questions[QUESTIONS])
{
	for (unsigned i = 0; i < QUESTIONS; i++) {
		const unsigned which = rng_cheap(rng) % n;
		char domain[NAME_TEXT];
		char text[2 * NAME_TEXT];

		if (i % 4 == 0) {
			snprintf(domain, sizeof(domain), "public-%u.example",
			    which);
		} else {
			domain_text(which, domain);
		}
		snprintf(text, sizeof(text), "host-%u.%s", i % 10, domain);
		questions[i] = keep(bench, text);
	}
}

static void
host_text(unsigned i, char text[NAME_TEXT])
{
	snprintf(text, NAME_TEXT, "host-%u.floor-%u.example.internal", i,
	    i % 500);
}

/* Names of n records; one in four has a neighbour that does not exist. */
static void
hosts_make(struct bench *bench, struct rng *rng, unsigned n,
    const uint8_t *questions[QUESTIONS])
{
	for (unsigned i = 0; i < QUESTIONS; i++) {
		const unsigned host = rng_cheap(rng) % n;
		char text[NAME_TEXT];

		host_text(i % 4 == 0 ? host + n : host, text);
		questions[i] = keep(bench, text);
	}
}

/* Making what is searched. */

static void
zones_make(struct bench *bench, unsigned n, struct suffix_index *index)
{
	if (!suffix_init(index, n, &bench->arena))
		die("no memory");
	for (unsigned i = 0; i < n; i++) {
		char text[NAME_TEXT];
		struct path path;
		const uint8_t *wire;

		domain_text(i, text);
		wire = keep(bench, text);
		path_set(&path, wire, &bench->key);
		suffix_add(index, &path, wire, wire);
	}
}

/* Half of the selectors are exact, half of them wildcards. */
static void
policy_make(struct bench *bench, unsigned n, struct policy *policy)
{
	if (!policy_init(policy, n, &bench->arena))
		die("no memory");
	for (unsigned i = 0; i < n; i++) {
		struct rule *rule =
		    arena_calloc(&bench->arena, 1, sizeof(*rule));
		char text[2 * NAME_TEXT];
		char domain[NAME_TEXT];

		domain_text(i, domain);
		snprintf(text, sizeof(text), "%s.%s",
		    i % 2 == 0 ? "host-3" : "*", domain);
		if (rule == NULL)
			die("no memory");
		rule->selector = keep(bench, text);
		if (!policy_add(policy, rule, &bench->key, &bench->arena))
			die("no memory");
	}
}

static struct zone_entry
entry_make(struct bench *bench, const char *owner, uint16_t type)
{
	static const uint8_t octets[24]; /* an address, a short SOA */
	const struct rdata rdata = {
	    .bytes = octets,
	    .len = type == TYPE_SOA ? 22 : 4,
	};

	return (struct zone_entry){
	    .owner = keep(bench, owner),
	    .set.rrset = rrset_pack(&bench->arena, type, 300, &rdata, 1),
	};
}

static void
zone_make(struct bench *bench, unsigned n, struct zone *zone)
{
	struct zone_entry *entries =
	    arena_calloc(&bench->arena, n + 1, sizeof(*entries));

	if (entries == NULL)
		die("no memory");
	for (unsigned i = 0; i < n; i++) {
		char text[NAME_TEXT];

		host_text(i, text);
		entries[i] = entry_make(bench, text, TYPE_A);
	}
	entries[n] = entry_make(bench, "example.internal", TYPE_SOA);
	*zone = (struct zone){.apex = entries[n].owner, .labels = 2};
	if (!zone_build(zone, entries, n + 1, &bench->key, &bench->arena))
		die("no memory");
}

static void
bench_make(struct bench *bench, struct rng *rng)
{
	arena_init_heap(&bench->arena, ARENA_BLOCK);
	bench->key = (struct hash_key){UINT64_C(0x9e3779b97f4a7c15),
	    UINT64_C(0xd1b54a32d192ed03)};
	questions_make(bench, rng, FEW, bench->few);
	questions_make(bench, rng, MANY, bench->many);
	hosts_make(bench, rng, FEW, bench->hosts_few);
	hosts_make(bench, rng, RECORDS, bench->hosts_many);
	zones_make(bench, FEW, &bench->zones_few);
	zones_make(bench, MANY, &bench->zones_many);
	policy_make(bench, FEW, &bench->policy_few);
	policy_make(bench, MANY, &bench->policy_many);
	zone_make(bench, FEW, &bench->zone_few);
	zone_make(bench, RECORDS, &bench->zone_many);
}

/* Searching: a name that came in is folded and hashed first. */

static const void *
nothing_find(const void *in, const struct path *path)
{
	(void)in;
	return path_suffix(path, 0);
}

static const void *
zones_find(const void *in, const struct path *path)
{
	return suffix_find(in, path);
}

static const void *
rule_find(const void *in, const struct path *path)
{
	return policy_find(in, path);
}

static const void *
host_find(const void *in, const struct path *path)
{
	const struct zone_node *node = NULL;

	return zone_lookup(in, path, TYPE_A, &node) == LOOKUP_FOUND ? node
								    : NULL;
}

/* What is searched in which way for which names. */
struct run {
	const void *(*find)(const void *in, const struct path *path);
	const void *in;
	const uint8_t *const *names;
	double cold[ROUNDS]; /* nanoseconds a search */
	double warm[ROUNDS];
};

static double
seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void
run_names(struct bench *bench, const struct run *run)
{
	for (unsigned i = 0; i < QUESTIONS; i++) {
		struct path path;

		path_set(&path, run->names[i], &bench->key);
		bench->found += (uintptr_t)run->find(run->in, &path);
	}
}

static double
run_passes(struct bench *bench, const struct run *run, unsigned passes)
{
	const double before = seconds();

	for (unsigned i = 0; i < passes; i++)
		run_names(bench, run);
	return (seconds() - before) * 1e9 / ((double)passes * QUESTIONS);
}

/* The first pass meets caches that others filled. */
static void
run_round(struct bench *bench, struct run *run, unsigned round)
{
	run->cold[round] = run_passes(bench, run, 1);
	run->warm[round] = run_passes(bench, run, PASSES);
}

static int
compare(const void *a, const void *b)
{
	const double left = *(const double *)a;
	const double right = *(const double *)b;

	return (left > right) - (left < right);
}

static double
median(double rounds[ROUNDS])
{
	qsort(rounds, ROUNDS, sizeof(rounds[0]), compare);
	return rounds[ROUNDS / 2];
}

/* Few and many of a kind, each with its names hashed and nothing searched. */
struct contest {
	const char *what;
	const char *sizes;
	struct run few;
	struct run many;
	struct run hash_few;
	struct run hash_many;
};

static void
contest_round(struct bench *bench, struct contest *contest, unsigned round)
{
	struct run *const runs[] = {&contest->few, &contest->many,
	    &contest->hash_few, &contest->hash_many};

	for (size_t i = 0; i < sizeof(runs) / sizeof(runs[0]); i++)
		run_round(bench, runs[i], round);
}

static void
pair_print(double few, double many)
{
	printf(" %.0f / %.0f ns | %.1f |", few, many, many / few);
}

static void
contest_print(struct contest *contest)
{
	const double few = median(contest->few.warm);
	const double many = median(contest->many.warm);

	printf("| %s, %s |", contest->what, contest->sizes);
	pair_print(few, many);
	pair_print(few - median(contest->hash_few.warm),
	    many - median(contest->hash_many.warm));
	pair_print(median(contest->few.cold), median(contest->many.cold));
	putchar('\n');
}

static void
measure(struct bench *bench)
{
	struct contest contests[] = {
	    {
		.what = "zone of a name",
		.sizes = "10 / 10,000 zones",
		.few = {zones_find, &bench->zones_few, bench->few, {0}, {0}},
		.many = {zones_find, &bench->zones_many, bench->many, {0}, {0}},
		.hash_few = {nothing_find, NULL, bench->few, {0}, {0}},
		.hash_many = {nothing_find, NULL, bench->many, {0}, {0}},
	    },
	    {
		.what = "rule of a name",
		.sizes = "10 / 10,000 rules",
		.few = {rule_find, &bench->policy_few, bench->few, {0}, {0}},
		.many = {rule_find, &bench->policy_many, bench->many, {0}, {0}},
		.hash_few = {nothing_find, NULL, bench->few, {0}, {0}},
		.hash_many = {nothing_find, NULL, bench->many, {0}, {0}},
	    },
	    {
		.what = "name in a zone",
		.sizes = "10 / 100,000 records",
		.few = {host_find, &bench->zone_few, bench->hosts_few, {0},
		    {0}},
		.many = {host_find, &bench->zone_many, bench->hosts_many, {0},
		    {0}},
		.hash_few = {nothing_find, NULL, bench->hosts_few, {0}, {0}},
		.hash_many = {nothing_find, NULL, bench->hosts_many, {0}, {0}},
	    },
	};
	const size_t count = sizeof(contests) / sizeof(contests[0]);

	for (unsigned round = 0; round < ROUNDS; round++) {
		for (size_t i = 0; i < count; i++)
			contest_round(bench, &contests[i], round);
	}
	for (size_t i = 0; i < count; i++)
		contest_print(&contests[i]);
}

/* The same names on every run. */
static void
seed(void *buf, size_t len)
{
	uint8_t *octets = buf;

	for (size_t i = 0; i < len; i++)
		octets[i] = (uint8_t)(i * 37 + 11);
}

int
main(void)
{
	static struct bench bench;
	struct rng rng;

	rng_init(&rng, seed);
	bench_make(&bench, &rng);
	measure(&bench);
	arena_fini(&bench.arena);
	return bench.found == 0;
}
