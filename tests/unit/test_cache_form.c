#include "ctl/cache_form.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/snapshot.h"
#include "dns/name.h"

#define SECOND UINT64_C(1000000000)

enum {
	CACHES = 2,
	DATE = 1800000000, /* when the file is written */
	NOW = 5000,	   /* seconds, on the clock of those who write */
	THEN = 7,	   /* and of those who read */
	FILE_MAX = 65536,
};

static struct cache caches[CACHES];
static struct cache loaded;
static struct arena arena;
static void *blocks[CACHES + 1];
static struct upstream_group groups[2];
static struct snapshot snapshot;

/* The file, which is never on a disk. */
static char octets[FILE_MAX];
static size_t octet_count;

static void
make_groups(void)
{
	groups[0] = (struct upstream_group){
	    .next = &groups[1],
	    .id = 7,
	    .label = "86400 s, 192.0.2.53",
	    .max_ttl = 86400,
	};
	groups[1] = (struct upstream_group){
	    .id = 8,
	    .label = "60 s, 10.9.9.9",
	    .max_ttl = 60,
	};
	snapshot = (struct snapshot){
	    .groups = groups,
	    .options.cache_max_negative_ttl = 3600,
	};
}

static int
setup(void **state)
{
	static const struct hash_key key = {5, 6};

	(void)state;
	arena_init_heap(&arena, 4096);
	for (size_t i = 0; i <= CACHES; i++) {
		blocks[i] = calloc(1, CACHE_SIZE_MIN);
		assert_non_null(blocks[i]);
		cache_init(i < CACHES ? &caches[i] : &loaded, blocks[i],
		    CACHE_SIZE_MIN, &key);
	}
	make_groups();
	octet_count = 0;
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	for (size_t i = 0; i <= CACHES; i++)
		free(blocks[i]);
	arena_fini(&arena);
	return 0;
}

static const uint8_t *
wire(const char *text)
{
	struct name name;

	assert_int_equal(name_from_text(&name, text), NAME_OK);
	return arena_copy(&arena, name.wire, name.len);
}

static struct cache_key
question(const char *text)
{
	return (struct cache_key){
	    .name = wire(text),
	    .type = TYPE_A,
	    .group = 7,
	};
}

static struct reply_item
item(const char *owner, uint16_t type, uint32_t ttl, const void *rdata,
    size_t len)
{
	const struct rdata data = {.bytes = rdata, .len = (uint16_t)len};

	return (struct reply_item){
	    .owner = wire(owner),
	    .rrset = rrset_pack(&arena, type, ttl, &data, 1),
	    .section = type == TYPE_SOA ? SECTION_AUTHORITY : SECTION_ANSWER,
	};
}

/* An address that ends in mark. */
static void
put(struct cache *cache, const struct cache_key *key, uint32_t ttl,
    uint8_t mark)
{
	const uint8_t rdata[] = {192, 0, 2, mark};
	char text[NAME_TEXT];
	const struct reply_item answer = item(name_to_text(key->name, text),
	    TYPE_A, ttl, rdata, sizeof(rdata));

	cache_put(cache, key, ttl,
	    &(struct reply){.answered = true, .count = 1, .items = &answer},
	    NOW * SECOND);
}

static size_t
save(uint64_t now)
{
	static const struct cache *const sources[] = {&caches[0], &caches[1]};
	FILE *file = fmemopen(octets, sizeof(octets), "w");
	size_t entries = 0;

	assert_non_null(file);
	assert_true(cache_form_write(file,
	    &(struct cache_saving){
		.caches = sources,
		.count = CACHES,
		.snapshot = &snapshot,
		.now = now * SECOND,
		.date = DATE,
		.limit = FILE_MAX,
	    },
	    &entries));
	octet_count = (size_t)ftell(file);
	fclose(file);
	return entries;
}

static const char *
verify(uint64_t date)
{
	FILE *file = fmemopen(octets, octet_count, "r");
	const char *fault;

	assert_non_null(file);
	fault = cache_form_verify(file, date);
	fclose(file);
	return fault;
}

static size_t
load(uint64_t date)
{
	FILE *file = fmemopen(octets, octet_count, "r");
	size_t entries;

	assert_non_null(file);
	entries = cache_form_load(file, &loaded,
	    &(struct cache_loading){
		.snapshot = &snapshot,
		.now = THEN * SECOND,
		.date = date,
	    });
	fclose(file);
	return entries;
}

static enum cache_state
look(const struct cache_key *key, uint64_t now, struct cache_hit *hit)
{
	return cache_get(&loaded, key,
	    &(struct cache_look){.now = now * SECOND, .arena = &arena}, hit);
}

static uint8_t
mark_of(const struct cache_hit *hit)
{
	uint16_t len;

	return rrset_first(hit->reply.items[0].rrset, &len)[3];
}

static void
an_answer_comes_back_with_what_is_left_of_it(void **state)
{
	struct cache_key key = question("www.example.com.");
	struct cache_hit hit;

	(void)state;
	put(&caches[0], &key, 300, 1);
	assert_int_equal(save(NOW + 100), 1);
	assert_null(verify(DATE + 50));
	assert_int_equal(load(DATE + 50), 1);
	assert_int_equal(look(&key, THEN, &hit), CACHE_FRESH);
	assert_int_equal(mark_of(&hit), 1);
	assert_int_equal(hit.left, 150);
	assert_int_equal(hit.reply.items[0].rrset->ttl, 150);
	assert_true(hit.reply.answered);
	assert_int_equal(look(&key, THEN + 150, &hit), CACHE_MISS);
}

/* Its records' own TTLs may be larger than its life. */
static void
no_record_outlives_its_answer(void **state)
{
	const uint8_t rdata[] = {192, 0, 2, 1};
	const struct cache_key key = question("www.example.com.");
	const struct reply_item answer =
	    item("www.example.com.", TYPE_A, 9000, rdata, sizeof(rdata));
	struct cache_hit hit;

	(void)state;
	cache_put(&caches[0], &key, 300,
	    &(struct reply){.answered = true, .count = 1, .items = &answer},
	    NOW * SECOND);
	save(NOW);
	load(DATE);
	assert_int_equal(look(&key, THEN, &hit), CACHE_FRESH);
	assert_int_equal(hit.reply.items[0].rrset->ttl, 300);
}

static void
a_chain_comes_back(void **state)
{
	const uint8_t rdata[] = {192, 0, 2, 9};
	const uint8_t *edge = wire("edge.cdn.test.");
	const struct cache_key key = question("www.example.com.");
	const struct reply_item items[] = {
	    item("www.example.com.", TYPE_CNAME, 60, edge, name_size(edge)),
	    item("edge.cdn.test.", TYPE_A, 60, rdata, sizeof(rdata)),
	};
	struct cache_hit hit;

	(void)state;
	cache_put(&caches[0], &key, 60,
	    &(struct reply){.answered = true, .count = 2, .items = items},
	    NOW * SECOND);
	save(NOW);
	load(DATE);
	assert_int_equal(look(&key, THEN, &hit), CACHE_FRESH);
	assert_int_equal(hit.reply.count, 2);
	assert_true(name_equal(hit.reply.items[1].owner, edge));
}

static void
a_missing_name_comes_back(void **state)
{
	const uint8_t soa[] = {1, 'n', 0, 1, 'h', 0, 0, 0, 0, 1, 0, 0, 0, 2, 0,
	    0, 0, 3, 0, 0, 0, 4, 0, 0, 14, 16};
	const struct cache_key key = question("no.example.com.");
	const struct reply_item denial =
	    item("example.com.", TYPE_SOA, 900, soa, sizeof(soa));
	struct cache_hit hit;

	(void)state;
	cache_put(&caches[0], &key, 900,
	    &(struct reply){
		.rcode = RCODE_NXDOMAIN,
		.has_soa = true,
		.count = 1,
		.items = &denial,
	    },
	    NOW * SECOND);
	save(NOW);
	load(DATE + 400);
	assert_int_equal(look(&key, THEN, &hit), CACHE_FRESH);
	assert_int_equal(hit.reply.rcode, RCODE_NXDOMAIN);
	assert_true(hit.reply.has_soa);
	assert_int_equal(hit.left, 500);
}

static void
do_and_cd_are_part_of_the_question(void **state)
{
	struct cache_key key = question("www.example.com.");
	const struct cache_key plain = key;
	struct cache_hit hit;

	(void)state;
	key.dnssec_ok = true;
	key.checking_disabled = true;
	put(&caches[0], &key, 300, 1);
	save(NOW);
	load(DATE);
	assert_int_equal(look(&plain, THEN, &hit), CACHE_MISS);
	assert_int_equal(look(&key, THEN, &hit), CACHE_FRESH);
}

static void
what_has_expired_in_between_is_left_out(void **state)
{
	struct cache_key key = question("www.example.com.");

	(void)state;
	put(&caches[0], &key, 300, 1);
	save(NOW);
	assert_int_equal(load(DATE + 300), 0);
	assert_int_equal(load(DATE + 299), 1);
}

static void
what_is_stale_or_failed_is_not_written(void **state)
{
	struct cache_key key = question("www.example.com.");
	const struct reply failure = {.rcode = RCODE_SERVFAIL};

	(void)state;
	put(&caches[0], &key, 300, 1);
	key = question("other.example.com.");
	key.failure = true;
	cache_put(&caches[0], &key, 3000, &failure, NOW * SECOND);
	assert_int_equal(save(NOW + 300), 0);
	assert_null(verify(DATE));
}

static void
a_file_of_the_future_is_not_believed(void **state)
{
	struct cache_key key = question("www.example.com.");

	(void)state;
	put(&caches[0], &key, 300, 1);
	save(NOW);
	assert_string_equal(verify(DATE - 1), "was written in the future");
	assert_int_equal(load(DATE - 1), 0);
}

static void
answers_find_their_group_by_its_label(void **state)
{
	struct cache_key key = question("www.example.com.");
	struct cache_hit hit;

	(void)state;
	put(&caches[0], &key, 300, 1);
	key.group = 8;
	put(&caches[0], &key, 50, 2);
	save(NOW);
	/* Another process: other numbers, another order. */
	groups[0].id = 70;
	groups[0].next = NULL;
	groups[1].id = 80;
	groups[1].next = &groups[0];
	snapshot.groups = &groups[1];
	assert_int_equal(load(DATE), 2);
	key.group = 70;
	assert_int_equal(look(&key, THEN, &hit), CACHE_FRESH);
	assert_int_equal(mark_of(&hit), 1);
	key.group = 80;
	assert_int_equal(look(&key, THEN, &hit), CACHE_FRESH);
	assert_int_equal(mark_of(&hit), 2);
}

static void
answers_of_a_group_that_is_gone_are_left_out(void **state)
{
	struct cache_key key = question("www.example.com.");

	(void)state;
	put(&caches[0], &key, 300, 1);
	save(NOW);
	groups[0].label = "86400 s, 192.0.2.54";
	assert_int_equal(load(DATE), 0);
}

static void
limits_of_now_hold(void **state)
{
	struct cache_key key = question("www.example.com.");
	struct cache_hit hit;

	(void)state;
	put(&caches[0], &key, 300, 1);
	save(NOW);
	groups[0].max_ttl = 60;
	load(DATE);
	assert_int_equal(look(&key, THEN, &hit), CACHE_FRESH);
	assert_int_equal(hit.left, 60);
}

static void
of_two_workers_the_fresher_answer_is_written(void **state)
{
	struct cache_key key = question("www.example.com.");
	struct cache_hit hit;

	(void)state;
	put(&caches[0], &key, 100, 1);
	put(&caches[1], &key, 200, 2);
	assert_int_equal(save(NOW), 1);
	load(DATE);
	assert_int_equal(look(&key, THEN, &hit), CACHE_FRESH);
	assert_int_equal(mark_of(&hit), 2);
}

static void
of_two_equal_answers_one_is_written(void **state)
{
	struct cache_key key = question("www.example.com.");

	(void)state;
	put(&caches[0], &key, 100, 1);
	put(&caches[1], &key, 100, 1);
	assert_int_equal(save(NOW), 1);
}

static void
an_empty_cache_is_a_file_too(void **state)
{
	(void)state;
	assert_int_equal(save(NOW), 0);
	assert_null(verify(DATE));
	assert_int_equal(load(DATE), 0);
}

static void
a_file_that_breaks_off_anywhere_is_not_taken(void **state)
{
	struct cache_key key = question("www.example.com.");
	size_t whole;

	(void)state;
	put(&caches[0], &key, 300, 1);
	save(NOW);
	whole = octet_count;
	for (octet_count = 1; octet_count < whole; octet_count++) {
		assert_non_null(verify(DATE));
		load(DATE);
	}
	assert_null(verify(DATE));
}

static void
a_file_with_an_octet_changed_is_not_taken(void **state)
{
	struct cache_key key = question("www.example.com.");

	(void)state;
	put(&caches[0], &key, 300, 1);
	save(NOW);
	for (size_t i = 0; i < octet_count; i++) {
		octets[i] = (char)(octets[i] ^ 0x15);
		assert_non_null(verify(DATE));
		load(DATE);
		octets[i] = (char)(octets[i] ^ 0x15);
	}
	assert_null(verify(DATE));
}

static void
a_file_with_something_behind_it_is_not_taken(void **state)
{
	(void)state;
	save(NOW);
	octets[octet_count++] = 0;
	assert_string_equal(verify(DATE), "is damaged");
}

static void
what_is_no_cache_is_told_from_what_is_damaged(void **state)
{
	(void)state;
	save(NOW);
	octets[0] = 'R';
	assert_string_equal(verify(DATE), "is no cache of resolverd's");
	octets[0] = 'r';
	octets[19] = 2;
	assert_string_equal(verify(DATE), "was written by another version");
}

static void
an_error_of_the_file_is_told(void **state)
{
	static const struct cache *const sources[] = {&caches[0]};
	FILE *file = fopen("/dev/full", "we");
	size_t entries;

	(void)state;
	assert_non_null(file);
	assert_false(cache_form_write(file,
	    &(struct cache_saving){
		.caches = sources,
		.count = 1,
		.snapshot = &snapshot,
		.now = NOW * SECOND,
		.date = DATE,
		.limit = FILE_MAX,
	    },
	    &entries));
	fclose(file);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(an_answer_comes_back_with_what_is_left_of_it),
	    TEST(no_record_outlives_its_answer),
	    TEST(a_chain_comes_back),
	    TEST(a_missing_name_comes_back),
	    TEST(do_and_cd_are_part_of_the_question),
	    TEST(what_has_expired_in_between_is_left_out),
	    TEST(what_is_stale_or_failed_is_not_written),
	    TEST(a_file_of_the_future_is_not_believed),
	    TEST(answers_find_their_group_by_its_label),
	    TEST(answers_of_a_group_that_is_gone_are_left_out),
	    TEST(limits_of_now_hold),
	    TEST(of_two_workers_the_fresher_answer_is_written),
	    TEST(of_two_equal_answers_one_is_written),
	    TEST(an_empty_cache_is_a_file_too),
	    TEST(a_file_that_breaks_off_anywhere_is_not_taken),
	    TEST(a_file_with_an_octet_changed_is_not_taken),
	    TEST(a_file_with_something_behind_it_is_not_taken),
	    TEST(what_is_no_cache_is_told_from_what_is_damaged),
	    TEST(an_error_of_the_file_is_told),
	};

	return cmocka_run_group_tests_name("cache_form", tests, NULL, NULL);
}
