#include "core/cache.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SECOND UINT64_C(1000000000)

static struct cache cache;
static struct arena arena;
static void *block;

static int
setup(void **state)
{
	static const struct hash_key key = {5, 6};

	(void)state;
	arena_init_heap(&arena, 4096);
	block = calloc(1, CACHE_SIZE_MIN);
	assert_non_null(block);
	cache_init(&cache, block, CACHE_SIZE_MIN, &key);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	free(block);
	arena_fini(&arena);
	return 0;
}

static struct cache_key
question(const char *text)
{
	struct name name;

	assert_int_equal(name_from_text(&name, text), NAME_OK);
	return (struct cache_key){
	    .name = arena_copy(&arena, name.wire, name.len),
	    .type = TYPE_A,
	    .group = 7,
	};
}

/* A reply of one A record whose address is mark, padded to size octets. */
static struct reply
answer(const struct cache_key *key, uint32_t ttl, uint32_t mark, uint16_t size)
{
	uint8_t *rdata = arena_calloc(&arena, 1, size);
	const struct rdata data = {.bytes = rdata, .len = size};
	struct reply_item *item = arena_alloc(&arena, sizeof(*item));

	assert_non_null(rdata);
	assert_non_null(item);
	memcpy(rdata, &mark, sizeof(mark));
	*item = (struct reply_item){
	    .owner = key->name,
	    .rrset = rrset_pack(&arena, TYPE_A, ttl, &data, 1),
	    .section = SECTION_ANSWER,
	};
	return (struct reply){.answered = true,
	    .ttl = ttl,
	    .count = 1,
	    .items = item};
}

static void
put(const char *text, uint32_t ttl, uint32_t mark, uint64_t now)
{
	const struct cache_key key = question(text);
	const struct reply reply = answer(&key, ttl, mark, 4);

	cache_put(&cache, &key, ttl, &reply, now);
}

static enum cache_state
look(const struct cache_key *key, uint64_t now, uint32_t max_stale,
    struct cache_hit *hit)
{
	return cache_get(&cache, key,
	    &(struct cache_look){
		.now = now,
		.max_stale = max_stale,
		.arena = &arena,
	    },
	    hit);
}

static bool
found(const struct cache_key *key)
{
	struct cache_hit hit;

	return look(key, 0, 0, &hit) == CACHE_FRESH;
}

/* The mark of what is kept for text, or 0; *ttl is what its record has. */
static uint32_t
get(const char *text, uint64_t now, uint32_t *ttl)
{
	const struct cache_key key = question(text);
	struct cache_hit hit;
	uint32_t mark;
	uint16_t len;

	if (look(&key, now, 0, &hit) != CACHE_FRESH)
		return 0;
	assert_int_equal(hit.reply.count, 1);
	assert_true(name_equal(hit.reply.items[0].owner, key.name));
	memcpy(&mark, rrset_first(hit.reply.items[0].rrset, &len),
	    sizeof(mark));
	if (ttl != NULL)
		*ttl = hit.reply.items[0].rrset->ttl;
	return mark;
}

static void
what_was_put_comes_back(void **state)
{
	uint32_t ttl = 0;

	(void)state;
	put("www.example.com.", 60, 11, 0);
	assert_int_equal(get("www.example.com.", 0, &ttl), 11);
	assert_int_equal(ttl, 60);
	assert_int_equal(get("ww.example.com.", 0, NULL), 0);
}

static void
ttls_count_down_by_whole_seconds(void **state)
{
	uint32_t ttl = 0;

	(void)state;
	put("www.example.com.", 60, 11, 0);
	assert_int_equal(get("www.example.com.", SECOND - 1, &ttl), 11);
	assert_int_equal(ttl, 60);
	assert_int_equal(get("www.example.com.", 59 * SECOND, &ttl), 11);
	assert_int_equal(ttl, 1);
}

static void
an_entry_ends_with_its_ttl(void **state)
{
	(void)state;
	put("www.example.com.", 60, 11, 0);
	assert_int_equal(get("www.example.com.", 60 * SECOND - 1, NULL), 11);
	assert_int_equal(get("www.example.com.", 60 * SECOND, NULL), 0);
}

static void
a_ttl_of_zero_is_not_kept(void **state)
{
	(void)state;
	put("www.example.com.", 0, 11, 0);
	assert_int_equal(get("www.example.com.", 0, NULL), 0);
}

static void
a_new_answer_takes_the_old_ones_place(void **state)
{
	(void)state;
	put("www.example.com.", 60, 11, 0);
	put("www.example.com.", 60, 12, SECOND);
	assert_int_equal(get("www.example.com.", SECOND, NULL), 12);
}

static void
type_flags_and_group_tell_answers_apart(void **state)
{
	struct cache_key key = question("www.example.com.");
	const struct cache_key plain = key;
	struct reply reply = answer(&key, 60, 11, 4);

	(void)state;
	cache_put(&cache, &key, 60, &reply, 0);
	key.dnssec_ok = true;
	assert_false(found(&key));
	key = plain;
	key.checking_disabled = true;
	assert_false(found(&key));
	key = plain;
	key.type = TYPE_AAAA;
	assert_false(found(&key));
	key = plain;
	key.group = 8;
	assert_false(found(&key));
	assert_true(found(&plain));
}

static void
a_large_answer_is_not_kept(void **state)
{
	const struct cache_key key = question("big.example.com.");
	struct reply reply = answer(&key, 60, 11, 16384);

	(void)state;
	cache_put(&cache, &key, 60, &reply, 0);
	assert_false(found(&key));
}

static void
the_oldest_give_way_and_the_newest_stay(void **state)
{
	char text[32];

	(void)state;
	for (uint32_t i = 1; i <= 5000; i++) {
		snprintf(text, sizeof(text), "n%u.example.com.", i);
		put(text, 600, i, 0);
		assert_int_equal(get(text, 0, NULL), i);
	}
	assert_int_equal(get("n1.example.com.", 0, NULL), 0);
	assert_int_equal(get("n4990.example.com.", 0, NULL), 4990);
}

static void
what_gives_way_is_counted(void **state)
{
	(void)state;
	put("a.example", 60, 1, 0);
	put("a.example", 60, 2, 0);
	assert_int_equal(cache.evictions, 0);
	for (unsigned i = 0; cache.live > 0 && i < 10000; i++) {
		char text[32];

		snprintf(text, sizeof(text), "n%u.example", i);
		put(text, 60, i, 0);
		if (cache.evictions > 0)
			break;
	}
	assert_int_equal(cache.evictions, 1);
}

static void
negative_entries_are_counted_while_they_stay(void **state)
{
	const struct cache_key key = question("nx.example");
	const struct reply reply = {.rcode = RCODE_NXDOMAIN, .ttl = 60};

	(void)state;
	put("a.example", 60, 1, 0);
	assert_int_equal(cache.negative, 0);
	cache_put(&cache, &key, 60, &reply, 0);
	assert_int_equal(cache.negative, 1);
	cache_put(&cache, &key, 60, &reply, 0);
	assert_int_equal(cache.negative, 1);
	cache_flush(&cache, &(struct cache_flush){.negative = true});
	assert_int_equal(cache.negative, 0);
}

static void
what_is_asked_for_outlives_the_ring(void **state)
{
	char text[32];

	(void)state;
	put("hot.example.com.", 600, 77, 0);
	for (uint32_t i = 1; i <= 5000; i++) {
		snprintf(text, sizeof(text), "n%u.example.com.", i);
		put(text, 600, i, 0);
		assert_int_equal(get("hot.example.com.", 0, NULL), 77);
	}
}

static void
renewal_does_not_lengthen_a_life(void **state)
{
	char text[32];
	uint32_t ttl = 0;

	(void)state;
	put("hot.example.com.", 600, 77, 0);
	for (uint32_t i = 1; i <= 5000; i++) {
		snprintf(text, sizeof(text), "n%u.example.com.", i);
		put(text, 600, i, 0);
		get("hot.example.com.", i * (SECOND / 10), &ttl);
	}
	assert_int_equal(ttl, 600 - 500);
	assert_int_equal(get("hot.example.com.", 600 * SECOND, NULL), 0);
}

static void
what_is_past_its_time_is_stale_for_a_while(void **state)
{
	struct cache_key key;
	struct cache_hit hit;

	(void)state;
	put("www.example.com.", 60, 11, 0);
	key = question("www.example.com.");
	assert_int_equal(look(&key, 60 * SECOND - 1, 100, &hit), CACHE_FRESH);
	assert_int_equal(hit.left, 1);
	assert_int_equal(look(&key, 60 * SECOND, 100, &hit), CACHE_STALE);
	assert_int_equal(hit.left, 0);
	assert_int_equal(look(&key, 159 * SECOND, 100, &hit), CACHE_STALE);
	assert_int_equal(hit.past, 99);
	assert_int_equal(hit.reply.age, 0);
	assert_int_equal(hit.reply.items[0].rrset->ttl, CACHE_STALE_TTL);
	assert_int_equal(look(&key, 160 * SECOND, 100, &hit), CACHE_MISS);
}

static void
what_is_gone_does_not_come_back(void **state)
{
	struct cache_key key;
	struct cache_hit hit;

	(void)state;
	put("www.example.com.", 60, 11, 0);
	key = question("www.example.com.");
	assert_int_equal(look(&key, 60 * SECOND, 0, &hit), CACHE_MISS);
	assert_int_equal(look(&key, 60 * SECOND, 100, &hit), CACHE_MISS);
}

static void
an_answer_that_may_not_be_kept_takes_the_old_one_along(void **state)
{
	(void)state;
	put("www.example.com.", 60, 11, 0);
	put("www.example.com.", 0, 12, SECOND);
	assert_int_equal(get("www.example.com.", SECOND, NULL), 0);
	assert_int_equal(cache.live, 0);
	assert_int_equal(cache.live_size, 0);
}

static void
a_failure_stands_beside_the_answer(void **state)
{
	struct cache_key key = question("www.example.com.");
	const struct reply failure = {.rcode = RCODE_SERVFAIL};
	struct cache_hit hit;

	(void)state;
	put("www.example.com.", 60, 11, 0);
	key.failure = true;
	assert_false(found(&key));
	cache_put(&cache, &key, 1, &failure, 0);
	assert_int_equal(look(&key, 0, 0, &hit), CACHE_FRESH);
	assert_int_equal(hit.reply.rcode, RCODE_SERVFAIL);
	assert_int_equal(hit.reply.count, 0);
	assert_int_equal(get("www.example.com.", 0, NULL), 11);
}

static void
moments_between_seconds_are_kept(void **state)
{
	const uint64_t now = 7 * SECOND + 3 * (SECOND / 4);
	uint32_t ttl = 0;

	(void)state;
	put("www.example.com.", 60, 11, now);
	assert_int_equal(get("www.example.com.", now + SECOND - 50000, &ttl),
	    11);
	assert_int_equal(ttl, 60);
	assert_int_equal(get("www.example.com.", now + SECOND, &ttl), 11);
	assert_int_equal(ttl, 59);
}

/* Whether a use of what text has, at now, is the one to fetch it anew. */
static bool
due(const char *text, uint64_t now)
{
	const struct cache_key key = question(text);
	struct cache_hit hit;

	assert_int_equal(look(&key, now, 0, &hit), CACHE_FRESH);
	return hit.due;
}

static void
what_is_used_again_is_due_in_its_last_tenth(void **state)
{
	(void)state;
	put("www.example.com.", 60, 11, 0);
	assert_false(due("www.example.com.", 1 * SECOND));
	assert_false(due("www.example.com.", 53 * SECOND));
	assert_true(due("www.example.com.", 54 * SECOND));
}

static void
what_is_used_for_the_first_time_is_not_due(void **state)
{
	(void)state;
	put("www.example.com.", 60, 11, 0);
	assert_false(due("www.example.com.", 55 * SECOND));
	assert_true(due("www.example.com.", 56 * SECOND));
}

static void
it_is_said_once_that_an_entry_is_due(void **state)
{
	(void)state;
	put("www.example.com.", 60, 11, 0);
	due("www.example.com.", 55 * SECOND);
	assert_true(due("www.example.com.", 56 * SECOND));
	assert_false(due("www.example.com.", 57 * SECOND));
	put("www.example.com.", 60, 12, 58 * SECOND);
	assert_false(due("www.example.com.", 113 * SECOND));
	assert_true(due("www.example.com.", 114 * SECOND));
}

static void
what_lives_less_than_ten_seconds_is_not_due(void **state)
{
	(void)state;
	put("nine.example.com.", 9, 11, 0);
	put("ten.example.com.", 10, 12, 0);
	due("nine.example.com.", 0);
	due("ten.example.com.", 0);
	assert_false(due("nine.example.com.", 9 * SECOND - 1));
	assert_true(due("ten.example.com.", 9 * SECOND));
}

static void
a_look_without_a_trace_is_no_use(void **state)
{
	struct cache_key key;
	struct cache_hit hit;

	(void)state;
	put("www.example.com.", 60, 11, 0);
	key = question("www.example.com.");
	assert_int_equal(cache_peek(&cache, &key,
			     &(struct cache_look){
				 .now = 55 * SECOND,
				 .arena = &arena,
			     },
			     &hit),
	    CACHE_FRESH);
	assert_int_equal(hit.left, 5);
	assert_false(due("www.example.com.", 55 * SECOND));
}

static const struct rrset *
name_rrset(uint16_t type, const uint8_t *target)
{
	const struct rdata data = {
	    .bytes = target,
	    .len = (uint16_t)name_size(target),
	};

	return rrset_pack(&arena, type, 60, &data, 1);
}

/* www is an alias of the CDN's edge, which has an address. */
static void
put_alias(void)
{
	const struct cache_key key = question("www.example.com.");
	const struct cache_key edge = question("edge.cdn.test.");
	const struct reply reply = answer(&edge, 60, 11, 4);
	const struct reply_item items[] = {
	    {
		.owner = key.name,
		.rrset = name_rrset(TYPE_CNAME, edge.name),
		.section = SECTION_ANSWER,
	    },
	    reply.items[0],
	};

	cache_put(&cache, &key, 60,
	    &(struct reply){
		.answered = true,
		.ttl = 60,
		.count = 2,
		.items = items,
	    },
	    0);
}

/* There is no such name, says the SOA of zone. */
static void
put_missing(const char *text, const char *zone)
{
	const struct cache_key key = question(text);
	const struct cache_key apex = question(zone);
	const struct reply_item item = {
	    .owner = apex.name,
	    .rrset = name_rrset(TYPE_SOA, apex.name),
	    .section = SECTION_AUTHORITY,
	};

	cache_put(&cache, &key, 60,
	    &(struct reply){
		.rcode = RCODE_NXDOMAIN,
		.has_soa = true,
		.ttl = 60,
		.count = 1,
		.items = &item,
	    },
	    0);
}

static void
a_chain_comes_back_whole(void **state)
{
	const struct cache_key edge = question("edge.cdn.test.");
	struct cache_key key;
	struct cache_hit hit;
	uint16_t len;

	(void)state;
	put_alias();
	key = question("www.example.com.");
	assert_int_equal(look(&key, 0, 0, &hit), CACHE_FRESH);
	assert_int_equal(hit.reply.count, 2);
	assert_true(name_equal(hit.reply.items[0].owner, key.name));
	assert_int_equal(hit.reply.items[0].rrset->type, TYPE_CNAME);
	assert_true(
	    name_equal(rrset_first(hit.reply.items[0].rrset, &len), edge.name));
	assert_true(name_equal(hit.reply.items[1].owner, edge.name));
	assert_int_equal(hit.reply.items[1].rrset->type, TYPE_A);
}

/* As a proof's is: no end of the question, no target. */
static void
an_owner_that_stands_nowhere_else_comes_back(void **state)
{
	const struct cache_key key = question("www.example.com.");
	const struct cache_key other = question("proof.example.org.");
	const struct reply first = answer(&other, 60, 11, 4);
	const struct reply second = answer(&other, 60, 12, 4);
	const struct reply_item items[] = {first.items[0], second.items[0]};
	struct cache_hit hit;
	uint32_t mark;
	uint16_t len;

	(void)state;
	cache_put(&cache, &key, 60,
	    &(struct reply){.ttl = 60, .count = 2, .items = items}, 0);
	assert_int_equal(look(&key, 0, 0, &hit), CACHE_FRESH);
	for (size_t i = 0; i < 2; i++) {
		assert_true(name_equal(hit.reply.items[i].owner, other.name));
		memcpy(&mark, rrset_first(hit.reply.items[i].rrset, &len),
		    sizeof(mark));
		assert_int_equal(mark, 11 + i);
	}
}

static void
sections_and_flags_come_back(void **state)
{
	struct cache_key key;
	struct cache_hit hit;

	(void)state;
	put_missing("no.example.com.", "example.com.");
	key = question("no.example.com.");
	assert_int_equal(look(&key, 0, 0, &hit), CACHE_FRESH);
	assert_int_equal(hit.reply.rcode, RCODE_NXDOMAIN);
	assert_true(hit.reply.has_soa);
	assert_false(hit.reply.answered);
	assert_int_equal(hit.reply.items[0].section, SECTION_AUTHORITY);
	assert_true(name_equal(hit.reply.items[0].owner,
	    question("example.com.").name));
}

/* What resolverd(8) says of the cost, see struct cache. */
static void
an_address_of_a_name_of_25_octets_costs_80_octets(void **state)
{
	(void)state;
	put("host-12345.example4.test.", 60, 11, 0);
	assert_int_equal(cache.live_size, 80);
}

static void
no_name_is_stored_twice(void **state)
{
	(void)state;
	put_alias();
	/* 36, the question's 17; 12, 2 and the target's 15; 12, 2 and 4. */
	assert_int_equal(cache.live_size, 104);
	put_missing("no.example.com.", "example.com.");
	/* 36, the question's 16; 12, 2 and the zone's 13. */
	assert_int_equal(cache.live_size - 104, 80);
}

static size_t
flush(const char *text, bool below, bool negative)
{
	return cache_flush(&cache,
	    &(struct cache_flush){
		.name = text == NULL ? NULL : question(text).name,
		.below = below,
		.negative = negative,
	    });
}

static void
a_name_is_flushed_and_no_other(void **state)
{
	(void)state;
	put("example.com.", 60, 1, 0);
	put("www.example.com.", 60, 2, 0);
	put("a.www.example.com.", 60, 3, 0);
	assert_int_equal(flush("www.example.com.", false, false), 1);
	assert_int_equal(get("www.example.com.", 0, NULL), 0);
	assert_int_equal(get("example.com.", 0, NULL), 1);
	assert_int_equal(get("a.www.example.com.", 0, NULL), 3);
	assert_int_equal(cache.live, 2);
}

static void
a_tree_is_flushed_with_its_root(void **state)
{
	(void)state;
	put("example.com.", 60, 1, 0);
	put("www.example.com.", 60, 2, 0);
	put("wwwexample.com.", 60, 3, 0);
	assert_int_equal(flush("example.com.", true, false), 2);
	assert_int_equal(get("example.com.", 0, NULL), 0);
	assert_int_equal(get("www.example.com.", 0, NULL), 0);
	assert_int_equal(get("wwwexample.com.", 0, NULL), 3);
}

static void
all_is_flushed_without_a_name(void **state)
{
	(void)state;
	put("example.com.", 60, 1, 0);
	put_missing("no.example.org.", "example.org.");
	assert_int_equal(flush(NULL, false, false), 2);
	assert_int_equal(cache.live, 0);
	assert_int_equal(cache.live_size, 0);
}

static void
what_leads_through_a_name_is_flushed_with_it(void **state)
{
	(void)state;
	put_alias();
	assert_int_equal(flush("example.com.", false, false), 0);
	assert_int_equal(flush("edge.cdn.test.", false, false), 1);
	put_alias();
	assert_int_equal(flush("cdn.test.", true, false), 1);
}

/* The zone of an SOA is not what was asked for. */
static void
the_zone_of_a_missing_name_is_not_that_name(void **state)
{
	(void)state;
	put_missing("no.example.com.", "example.com.");
	assert_int_equal(flush("example.com.", false, false), 0);
}

static void
negative_answers_are_flushed_alone(void **state)
{
	struct cache_key key = question("www.example.com.");
	const struct reply failure = {.rcode = RCODE_SERVFAIL};

	(void)state;
	put("www.example.com.", 60, 1, 0);
	put_missing("no.example.com.", "example.com.");
	key.failure = true;
	cache_put(&cache, &key, 1, &failure, 0);
	assert_int_equal(flush(NULL, false, true), 2);
	assert_int_equal(get("www.example.com.", 0, NULL), 1);
}

static void
a_walk_meets_every_entry_once(void **state)
{
	struct cache_cursor cursor = {0};
	struct cache_key key;
	unsigned met = 0;
	char text[32];

	(void)state;
	for (uint32_t i = 1; i <= 5000; i++) {
		snprintf(text, sizeof(text), "n%04u.example.com.", i);
		put(text, 600, i, 0);
	}
	/* Some in the middle are gone, and the ring has come round. */
	flush("n4800.example.com.", false, false);
	while (cache_walk(&cache, &cursor, &key)) {
		assert_int_equal(name_size(key.name), 19);
		met++;
	}
	assert_int_equal(met, cache.live);
	assert_true(met > 400);
	assert_false(cache_walk(&cache, &cursor, &key));
}

static void
a_walk_of_nothing_ends_at_once(void **state)
{
	struct cache_cursor cursor = {0};
	struct cache_key key;

	(void)state;
	assert_false(cache_walk(&cache, &cursor, &key));
}

/* A random walk against the simplest cache there is: the last mark put. */
static void
nothing_ever_comes_back_wrong(void **state)
{
	uint32_t last[64] = {0};
	uint32_t seed = 1;

	(void)state;
	for (uint32_t i = 1; i <= 20000; i++) {
		char text[32];
		uint32_t n;
		uint32_t got;

		seed = seed * 1664525 + 1013904223;
		n = seed >> 20 & 63;
		snprintf(text, sizeof(text), "n%u.example.com.", n);
		if ((seed >> 10 & 1) != 0) {
			const struct cache_key key = question(text);
			const struct reply reply = answer(&key, 60, i,
			    (uint16_t)(4 + (seed >> 16) % 4000));

			cache_put(&cache, &key, 60, &reply, 0);
			last[n] = i;
			continue;
		}
		got = get(text, 0, NULL);
		assert_true(got == 0 || got == last[n]);
		assert_true(cache.live_size < CACHE_SIZE_MIN);
		if (i % 1000 == 0) {
			arena_fini(&arena);
			arena_init_heap(&arena, 4096);
		}
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(what_was_put_comes_back),
	    TEST(ttls_count_down_by_whole_seconds),
	    TEST(an_entry_ends_with_its_ttl),
	    TEST(a_ttl_of_zero_is_not_kept),
	    TEST(a_new_answer_takes_the_old_ones_place),
	    TEST(type_flags_and_group_tell_answers_apart),
	    TEST(a_large_answer_is_not_kept),
	    TEST(the_oldest_give_way_and_the_newest_stay),
	    TEST(what_gives_way_is_counted),
	    TEST(negative_entries_are_counted_while_they_stay),
	    TEST(what_is_asked_for_outlives_the_ring),
	    TEST(renewal_does_not_lengthen_a_life),
	    TEST(what_is_past_its_time_is_stale_for_a_while),
	    TEST(what_is_gone_does_not_come_back),
	    TEST(an_answer_that_may_not_be_kept_takes_the_old_one_along),
	    TEST(a_failure_stands_beside_the_answer),
	    TEST(moments_between_seconds_are_kept),
	    TEST(what_is_used_again_is_due_in_its_last_tenth),
	    TEST(what_is_used_for_the_first_time_is_not_due),
	    TEST(it_is_said_once_that_an_entry_is_due),
	    TEST(what_lives_less_than_ten_seconds_is_not_due),
	    TEST(a_look_without_a_trace_is_no_use),
	    TEST(a_chain_comes_back_whole),
	    TEST(an_owner_that_stands_nowhere_else_comes_back),
	    TEST(sections_and_flags_come_back),
	    TEST(an_address_of_a_name_of_25_octets_costs_80_octets),
	    TEST(no_name_is_stored_twice),
	    TEST(a_name_is_flushed_and_no_other),
	    TEST(a_tree_is_flushed_with_its_root),
	    TEST(all_is_flushed_without_a_name),
	    TEST(what_leads_through_a_name_is_flushed_with_it),
	    TEST(the_zone_of_a_missing_name_is_not_that_name),
	    TEST(negative_answers_are_flushed_alone),
	    TEST(a_walk_meets_every_entry_once),
	    TEST(a_walk_of_nothing_ends_at_once),
	    TEST(nothing_ever_comes_back_wrong),
	};

	return cmocka_run_group_tests_name("cache", tests, NULL, NULL);
}
