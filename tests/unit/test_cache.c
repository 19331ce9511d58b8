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

/* The mark of what is kept for text, or 0; *ttl is what its record has. */
static uint32_t
get(const char *text, uint64_t now, uint32_t *ttl)
{
	const struct cache_key key = question(text);
	struct reply reply;
	uint32_t mark;
	uint16_t len;

	if (!cache_get(&cache, &key, now, &reply, &arena))
		return 0;
	assert_int_equal(reply.count, 1);
	assert_true(name_equal(reply.items[0].owner, key.name));
	memcpy(&mark, rrset_first(reply.items[0].rrset, &len), sizeof(mark));
	if (ttl != NULL)
		*ttl = reply.items[0].rrset->ttl;
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
	assert_false(cache_get(&cache, &key, 0, &reply, &arena));
	key = plain;
	key.checking_disabled = true;
	assert_false(cache_get(&cache, &key, 0, &reply, &arena));
	key = plain;
	key.type = TYPE_AAAA;
	assert_false(cache_get(&cache, &key, 0, &reply, &arena));
	key = plain;
	key.group = 8;
	assert_false(cache_get(&cache, &key, 0, &reply, &arena));
	assert_true(cache_get(&cache, &plain, 0, &reply, &arena));
}

static void
a_large_answer_is_not_kept(void **state)
{
	const struct cache_key key = question("big.example.com.");
	struct reply reply = answer(&key, 60, 11, 16384);

	(void)state;
	cache_put(&cache, &key, 60, &reply, 0);
	assert_false(cache_get(&cache, &key, 0, &reply, &arena));
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
	    TEST(what_is_asked_for_outlives_the_ring),
	    TEST(renewal_does_not_lengthen_a_life),
	    TEST(nothing_ever_comes_back_wrong),
	};

	return cmocka_run_group_tests_name("cache", tests, NULL, NULL);
}
