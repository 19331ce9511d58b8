#include "config/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct arena arena;
static struct diag diag;

static int
set_up(void **state)
{
	(void)state;
	arena_init_heap(&arena, 4096);
	diag_init(&diag);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	arena_fini(&arena);
	diag_fini(&diag);
	return 0;
}

static const struct node *
load_octets(const char *text, size_t len, const struct json_filter *filter)
{
	return json_load(&(struct yaml_text){.path = "t.json",
			     .text = text,
			     .len = len},
	    filter, &arena, &diag);
}

static const struct node *
load(const char *text)
{
	return load_octets(text, strlen(text), NULL);
}

static void
assert_message(const char *expected)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	diag_print(&diag, out);
	fclose(out);
	assert_string_equal(text, expected);
	free(text);
}

static void
assert_refused(const char *text, const char *message)
{
	assert_null(load(text));
	assert_message(message);
}

static void
values_know_their_place_and_quotes(void **state)
{
	const struct node *root =
	    load("{\"a\": \"text\",\n \"bb\": [1, true, null]}\n");
	const struct node *list = node_get(root, "bb");

	(void)state;
	assert_string_equal(node_get(root, "a")->text, "text");
	assert_true(node_get(root, "a")->quoted);
	assert_int_equal(node_get(root, "a")->mark.column, 7);
	assert_int_equal(list->mark.line, 2);
	assert_int_equal(list->mark.column, 8);
	assert_int_equal(list->key->mark.column, 2);
	assert_int_equal(list->count, 3);
	assert_string_equal(list->first->text, "1");
	assert_false(list->first->quoted);
	assert_string_equal(list->last->text, "null");
	assert_string_equal(list->mark.file, "t.json");
}

static void
columns_count_characters(void **state)
{
	const struct node *root = load("[\"\xc3\xa4\xe2\x82\xac\", 1]");

	(void)state;
	assert_string_equal(root->first->text, "\xc3\xa4\xe2\x82\xac");
	assert_int_equal(root->last->mark.column, 8);
}

static void
escapes_mean_what_they_say(void **state)
{
	const struct node *root =
	    load("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e4\\u20ac\"");

	(void)state;
	assert_string_equal(root->text, "\"\\/\b\f\n\r\t\xc3\xa4\xe2\x82\xac");
}

static void
surrogate_pairs_are_one_character(void **state)
{
	(void)state;
	assert_string_equal(load("\"\\ud83d\\ude00\"")->text,
	    "\xf0\x9f\x98\x80");
}

static void
numbers_are_kept_as_written(void **state)
{
	const struct node *root = load("[-0, 10, 0.25, 1e9, 1.5E-7]");

	(void)state;
	assert_string_equal(root->first->text, "-0");
	assert_string_equal(root->last->text, "1.5E-7");
	assert_int_equal(root->count, 5);
}

static void
empty_lists_and_objects_are_empty(void **state)
{
	const struct node *root = load(" [ { } , [ ] ] ");

	(void)state;
	assert_int_equal(root->count, 2);
	assert_int_equal(root->first->kind, NODE_MAP);
	assert_int_equal(root->last->count, 0);
}

static void
a_byte_order_mark_is_passed_over(void **state)
{
	const struct node *root = load("\xef\xbb\xbf[1]");

	(void)state;
	assert_int_equal(root->mark.column, 1);
}

static void
a_key_twice_is_refused(void **state)
{
	(void)state;
	assert_refused("{\"a\": 1,\n\"a\": 2}",
	    "t.json:2:1: error: key \"a\" is given twice\n"
	    "t.json:1:2: note: first given here\n");
}

static void
a_key_twice_among_many_is_refused(void **state)
{
	char text[4096];
	size_t at = 1;

	(void)state;
	text[0] = '{';
	for (unsigned i = 0; i < 100; i++) {
		at += (size_t)snprintf(text + at, sizeof(text) - at,
		    "\"k%u\": 1,\n", i);
	}
	snprintf(text + at, sizeof(text) - at, "\"k7\": 2}");
	assert_refused(text,
	    "t.json:101:1: error: key \"k7\" is given twice\n"
	    "t.json:8:1: note: first given here\n");
}

static void
a_key_twice_by_an_escape_is_refused(void **state)
{
	(void)state;
	assert_null(load("{\"a\": 1, \"\\u0061\": 2}"));
}

static void
half_a_surrogate_pair_is_refused(void **state)
{
	(void)state;
	assert_refused("[\"x\\ud83d\"]",
	    "t.json:1:4: error: the first half of a surrogate pair stands "
	    "alone\n");
}

static void
the_other_half_is_refused(void **state)
{
	(void)state;
	assert_refused("[\"\\ude00\"]",
	    "t.json:1:3: error: the second half of a surrogate pair stands "
	    "alone\n");
}

static void
a_pair_of_first_halves_is_refused(void **state)
{
	(void)state;
	assert_null(load("\"\\ud83d\\ud83d\""));
}

static void
zero_octets_are_refused(void **state)
{
	(void)state;
	assert_null(load_octets("[\"a\0b\"]", 7, NULL));
	assert_null(load_octets("[1]\0", 4, NULL));
	assert_refused("[\"\\u0000\"]",
	    "t.json:1:4: error: text must not contain a zero octet\n"
	    "t.json:1:4: error: the end of the text should stand here, not "
	    "''\n"
	    "t.json:1:3: error: text must not contain a zero octet\n");
}

static void
bad_utf8_is_refused(void **state)
{
	static const char *const texts[] = {
	    "\"\xff\"",
	    "\"\xc3\"",
	    "\"\xc0\xaf\"",
	    "\"\xe0\x80\xaf\"",
	    "\"\xed\xa0\x80\"",
	    "\"\xf4\x90\x80\x80\"",
	    "\"\xe2\x82\"",
	    "\"\x80\"",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_null(load(texts[i]));
	assert_int_equal(diag.errors, 8);
}

static void
what_json_does_not_have_is_refused(void **state)
{
	static const char *const texts[] = {
	    "",
	    "  ",
	    "{a: 1}",
	    "{'a': 1}",
	    "{\"a\" 1}",
	    "{\"a\": }",
	    "{\"a\": 1,}",
	    "[1,]",
	    "[1 2]",
	    "[,1]",
	    "[1}",
	    "{\"a\": 1]",
	    "01",
	    "1.",
	    ".5",
	    "+1",
	    "1e",
	    "-",
	    "NaN",
	    "truely",
	    "nul",
	    "// c\n1",
	    "\"a\nb\"",
	    "\"\\x\"",
	    "\"\\u12g4\"",
	    "\"\\",
	    "]",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_null(load(texts[i]));
	assert_int_equal(diag.errors, sizeof(texts) / sizeof(texts[0]));
}

static void
what_follows_the_value_is_refused(void **state)
{
	(void)state;
	assert_refused("{}\n{}",
	    "t.json:2:1: error: the end of the text should stand here, not "
	    "'{'\n");
}

static void
a_text_that_was_cut_is_refused_at_its_end(void **state)
{
	(void)state;
	assert_refused("{\"a\": [1,\n",
	    "t.json:2:1: error: the text ends where a value should stand: was "
	    "it cut?\n");
}

static void
a_string_that_was_cut_is_refused(void **state)
{
	(void)state;
	assert_refused("[\"abc",
	    "t.json:1:6: error: the text ends within a string: was it cut?\n");
}

static void
depth_is_bounded(void **state)
{
	char text[2 * JSON_DEPTH + 2];

	(void)state;
	memset(text, '[', JSON_DEPTH);
	memset(text + JSON_DEPTH, ']', JSON_DEPTH);
	assert_non_null(load_octets(text, sizeof(text) - 2, NULL));
	memset(text, '[', JSON_DEPTH + 1);
	memset(text + JSON_DEPTH + 1, ']', JSON_DEPTH + 1);
	assert_null(load_octets(text, sizeof(text), NULL));
	assert_message(
	    "t.json:1:129: error: more than 128 levels of nesting\n");
}

/* Filters. */

struct taken {
	unsigned count;
	char texts[64];
};

static void
take(void *arg, const struct node *entry)
{
	struct taken *taken = arg;

	taken->count++;
	strncat(taken->texts,
	    entry->kind == NODE_SCALAR ? entry->text
				       : node_get(entry, "n")->text,
	    8);
}

static void
skipped_keys_are_read_and_forgotten(void **state)
{
	static const char *const skip[] = {"big", NULL};
	const struct json_filter filter = {.skip = skip};
	const char *text =
	    "{\"big\": {\"x\": [1, {\"y\": 2}]}, \"kept\": {\"big\": 3}}";
	const struct node *root = load_octets(text, strlen(text), &filter);

	(void)state;
	assert_int_equal(root->count, 1);
	assert_string_equal(node_get(root->first, "big")->text, "3");
}

static void
what_is_skipped_must_be_right_too(void **state)
{
	static const char *const skip[] = {"big", NULL};
	const struct json_filter filter = {.skip = skip};
	const char *text = "{\"big\": {\"x\": nope}}";

	(void)state;
	assert_null(load_octets(text, strlen(text), &filter));
}

static void
entries_of_a_cut_list_are_taken_one_by_one(void **state)
{
	struct taken taken = {.count = 0};
	const struct json_filter filter = {
	    .cut = "items",
	    .take = take,
	    .arg = &taken,
	};
	const char *text = "{\"a\": {\"items\": [{\"n\": \"1\", \"items\": [9]}"
			   ", \"2\"]}, \"items\": [3], \"b\": [4]}";
	const struct node *root = load_octets(text, strlen(text), &filter);

	(void)state;
	assert_int_equal(taken.count, 3);
	assert_string_equal(taken.texts, "123");
	assert_int_equal(node_get(root, "items")->count, 0);
	assert_int_equal(node_get(root, "b")->count, 1);
}

static void
entries_of_the_outermost_list_are_taken(void **state)
{
	struct taken taken = {.count = 0};
	const struct json_filter filter = {.take = take, .arg = &taken};
	const char *text = "[\"1\", {\"n\": \"2\", \"l\": [3]}]";

	(void)state;
	assert_int_equal(load_octets(text, strlen(text), &filter)->count, 0);
	assert_string_equal(taken.texts, "12");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	    TEST(values_know_their_place_and_quotes),
	    TEST(columns_count_characters),
	    TEST(escapes_mean_what_they_say),
	    TEST(surrogate_pairs_are_one_character),
	    TEST(numbers_are_kept_as_written),
	    TEST(empty_lists_and_objects_are_empty),
	    TEST(a_byte_order_mark_is_passed_over),
	    TEST(a_key_twice_is_refused),
	    TEST(a_key_twice_among_many_is_refused),
	    TEST(a_key_twice_by_an_escape_is_refused),
	    TEST(half_a_surrogate_pair_is_refused),
	    TEST(the_other_half_is_refused),
	    TEST(a_pair_of_first_halves_is_refused),
	    TEST(zero_octets_are_refused),
	    TEST(bad_utf8_is_refused),
	    TEST(what_json_does_not_have_is_refused),
	    TEST(what_follows_the_value_is_refused),
	    TEST(a_text_that_was_cut_is_refused_at_its_end),
	    TEST(a_string_that_was_cut_is_refused),
	    TEST(depth_is_bounded),
	    TEST(skipped_keys_are_read_and_forgotten),
	    TEST(what_is_skipped_must_be_right_too),
	    TEST(entries_of_a_cut_list_are_taken_one_by_one),
	    TEST(entries_of_the_outermost_list_are_taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
