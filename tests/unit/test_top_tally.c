#include "ctl/top_tally.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/json_writer.h"

#define SECOND UINT64_C(1000000000)
/* 2026-11-25 02:10:00 UTC */
#define START  (UINT64_C(1795572600) * SECOND)

enum { MS = 1000000 };

static const struct hash_key secret = {17, 4};

static struct top_tally *
tally_new(void)
{
	struct top_tally *tally = calloc(1, sizeof(*tally));

	assert_non_null(tally);
	assert_true(top_tally_init(tally, &secret, START));
	return tally;
}

static void
tally_free(struct top_tally *tally)
{
	top_tally_fini(tally);
	free(tally);
}

static struct live_entry
entry_of(const char *name, const char *client, unsigned ms)
{
	struct live_entry entry = {
	    .at = START,
	    .has_question = true,
	    .type = TYPE_A,
	    .origin = ORIGIN_CACHE,
	    .latency = ms * (uint64_t)MS,
	};

	assert_int_equal(name_from_text(&entry.name, name), NAME_OK);
	assert_true(addr_parse(client, 4711, &entry.client));
	return entry;
}

static void
add(struct top_tally *tally, const char *name, const char *client, unsigned ms)
{
	const struct live_entry entry = entry_of(name, client, ms);

	top_tally_add(tally, &entry);
}

/* Each of another name and with another latency: 1 ms and up, or down. */
static void
add_names(struct top_tally *tally, unsigned count)
{
	char name[32];

	for (unsigned i = 0; i < count; i++) {
		snprintf(name, sizeof(name), "n%u.example", i);
		add(tally, name, "192.0.2.1", i + 1);
	}
}

static char *
json_of(struct top_tally *tally, uint64_t now)
{
	struct json_writer writer;
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	json_writer_init(&writer, out);
	json_writer_object(&writer, NULL);
	top_tally_write(tally, now, &writer);
	json_writer_end(&writer);
	fclose(out);
	return text;
}

static void
writes(struct top_tally *tally, uint64_t now, const char *part)
{
	char *text = json_of(tally, now);

	if (strstr(text, part) == NULL)
		assert_string_equal(text, part);
	free(text);
}

static void
names_are_one_whatever_their_letter_case(void **state)
{
	struct top_tally *tally = tally_new();

	(void)state;
	add(tally, "wWw.example", "192.0.2.1", 1);
	add(tally, "www.EXAMPLE", "192.0.2.1", 1);
	assert_int_equal(tally->heavy[TOP_TALLY_NAMES].used, 1);
	writes(tally, START,
	    "  \"names\": [\n"
	    "    {\n"
	    "      \"key\": \"www.example.\",\n"
	    "      \"count\": 2,\n"
	    "      \"recent\": 2\n"
	    "    }\n"
	    "  ],\n");
	tally_free(tally);
}

static void
clients_are_one_whatever_their_port(void **state)
{
	struct top_tally *tally = tally_new();
	struct live_entry entry = entry_of("a.example", "2001:db8::1", 1);

	(void)state;
	top_tally_add(tally, &entry);
	addr_set_port(&entry.client, 4712);
	top_tally_add(tally, &entry);
	assert_int_equal(tally->heavy[TOP_TALLY_CLIENTS].used, 1);
	writes(tally, START, "\"key\": \"2001:db8::1\",\n      \"count\": 2,");
	tally_free(tally);
}

static void
what_has_no_question_has_no_name_and_no_type(void **state)
{
	struct top_tally *tally = tally_new();
	struct live_entry entry = entry_of("a.example", "192.0.2.1", 1);

	(void)state;
	entry.has_question = false;
	entry.rcode = RCODE_FORMERR;
	top_tally_add(tally, &entry);
	assert_int_equal(tally->heavy[TOP_TALLY_NAMES].used, 0);
	assert_int_equal(tally->heavy[TOP_TALLY_TYPES].used, 0);
	assert_int_equal(tally->heavy[TOP_TALLY_CLIENTS].used, 1);
	writes(tally, START, "\"key\": \"FORMERR\"");
	tally_free(tally);
}

static void
the_head_tells_how_many_and_how_fast(void **state)
{
	struct top_tally *tally = tally_new();

	(void)state;
	add(tally, "a.example", "192.0.2.1", 1);
	top_tally_drop(tally, 2);
	top_tally_turn(tally, START + SECOND);
	add(tally, "a.example", "192.0.2.1", 1);
	add(tally, "b.example", "192.0.2.1", 100);
	top_tally_drop(tally, 1);
	writes(tally, START + 3 * SECOND,
	    "{\n"
	    "  \"time\": \"2026-11-25T02:10:03.000000Z\",\n"
	    "  \"since\": \"2026-11-25T02:10:00.000000Z\",\n"
	    "  \"interval_ms\": 2000,\n"
	    "  \"queries\": 3,\n"
	    "  \"recent\": 2,\n"
	    "  \"dropped\": 3,\n"
	    "  \"dropped_recent\": 1,\n"
	    "  \"p50_us\": 1023,\n"
	    "  \"p99_us\": 106495,\n"
	    "  \"sources\": [\n"
	    "    {\n"
	    "      \"key\": \"cache\",\n"
	    "      \"count\": 3,\n"
	    "      \"recent\": 2\n"
	    "    }\n"
	    "  ],\n");
	tally_free(tally);
}

static void
the_slowest_come_first_and_stay(void **state)
{
	struct top_tally *tally = tally_new();

	(void)state;
	add_names(tally, TOP_TALLY_SLOWEST + 6);
	add(tally, "quick.example", "192.0.2.1", 1);
	assert_int_equal(tally->slow_count, TOP_TALLY_SLOWEST);
	assert_int_equal(tally->slowest[0].latency,
	    (TOP_TALLY_SLOWEST + 6) * (uint64_t)MS);
	assert_int_equal(tally->slowest[TOP_TALLY_SLOWEST - 1].latency,
	    7 * (uint64_t)MS);
	tally_free(tally);
}

static void
a_question_is_among_the_slowest_once(void **state)
{
	struct top_tally *tally = tally_new();

	(void)state;
	add(tally, "a.example", "192.0.2.1", 5);
	add(tally, "b.example", "192.0.2.1", 7);
	add(tally, "A.example", "192.0.2.2", 9);
	add(tally, "a.example", "192.0.2.1", 4);
	assert_int_equal(tally->slow_count, 2);
	assert_int_equal(tally->slowest[0].latency, 9 * (uint64_t)MS);
	assert_int_equal(tally->slowest[1].latency, 7 * (uint64_t)MS);
	tally_free(tally);
}

static void
no_more_rows_are_told_than_the_header_says(void **state)
{
	struct top_tally *tally = tally_new();
	char *text;
	unsigned names = 0;

	(void)state;
	add_names(tally, TOP_TALLY_ROWS + 1);
	text = json_of(tally, START);
	for (const char *at = strstr(text, "\"names\""); at != NULL;
	     at = strstr(at + 1, ".example.\",\n      \"count\""))
		names++;
	assert_int_equal(names, TOP_TALLY_ROWS + 1);
	free(text);
	tally_free(tally);
}

/* A row says how much too high it may be. */
static void
counts_of_a_crowd_tell_their_error(void **state)
{
	struct top_tally *tally = tally_new();

	(void)state;
	add_names(tally, 2049);
	writes(tally, START,
	    "      \"key\": \"n2048.example.\",\n"
	    "      \"count\": 2,\n"
	    "      \"recent\": 1,\n"
	    "      \"error\": 1\n");
	tally_free(tally);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(names_are_one_whatever_their_letter_case),
	    cmocka_unit_test(clients_are_one_whatever_their_port),
	    cmocka_unit_test(what_has_no_question_has_no_name_and_no_type),
	    cmocka_unit_test(the_head_tells_how_many_and_how_fast),
	    cmocka_unit_test(the_slowest_come_first_and_stay),
	    cmocka_unit_test(a_question_is_among_the_slowest_once),
	    cmocka_unit_test(no_more_rows_are_told_than_the_header_says),
	    cmocka_unit_test(counts_of_a_crowd_tell_their_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
