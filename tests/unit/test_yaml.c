#include "config/yaml.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

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
load(const char *text)
{
	return yaml_load(
	    &(struct yaml_text){
		.path = "t.yaml",
		.text = text,
		.len = strlen(text),
	    },
	    &arena, &diag);
}

static void
scalars_know_their_place_and_quotes(void **state)
{
	const struct node *root = load("a: plain\nbb:   \"quoted\"\n");
	const struct node *plain = node_get(root, "a");
	const struct node *quoted = node_get(root, "bb");

	(void)state;
	assert_string_equal(plain->text, "plain");
	assert_false(plain->quoted);
	assert_int_equal(plain->mark.line, 1);
	assert_int_equal(plain->mark.column, 4);
	assert_string_equal(quoted->text, "quoted");
	assert_true(quoted->quoted);
	assert_int_equal(quoted->mark.line, 2);
	assert_int_equal(quoted->mark.column, 7);
	assert_int_equal(quoted->key->mark.column, 1);
	assert_string_equal(quoted->mark.file, "t.yaml");
}

static void
lists_keep_their_order(void **state)
{
	const struct node *list = node_get(load("l: [x, y, z]\n"), "l");

	(void)state;
	assert_int_equal(list->kind, NODE_LIST);
	assert_int_equal(list->count, 3);
	assert_string_equal(list->first->text, "x");
	assert_string_equal(list->first->next->text, "y");
	assert_string_equal(list->last->text, "z");
}

static void
an_empty_text_is_an_empty_map(void **state)
{
	const struct node *root = load("# nothing\n");

	(void)state;
	assert_int_equal(root->kind, NODE_MAP);
	assert_int_equal(root->count, 0);
}

static void
sixteen_levels_are_taken(void **state)
{
	(void)state;
	assert_non_null(load("[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]"));
}

static void
seventeen_levels_are_refused(void **state)
{
	(void)state;
	assert_null(load("[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]"));
	assert_int_equal(diag.errors, 1);
}

/* Every entry is two octets of text and a hundred of tree. */
static void
two_million_keys_and_values_are_taken_and_no_more(void **state)
{
	enum { ENTRIES = 2 * 1024 * 1024 - 1, END = 1 + 2 * ENTRIES };
	char *text = malloc(END + sizeof("1]"));

	(void)state;
	assert_non_null(text);
	text[0] = '[';
	for (size_t i = 1; i < END; i++)
		text[i] = i % 2 == 1 ? '1' : ',';
	memcpy(text + END, "]", sizeof("]"));
	assert_non_null(load(text));
	memcpy(text + END, "1]", sizeof("1]"));
	assert_null(load(text));
	assert_int_equal(diag.errors, 1);
	free(text);
}

/* Processor time of a load, the least of three, in milliseconds. */
static double
cost(const char *text)
{
	double least = 1e9;

	for (int i = 0; i < 3; i++) {
		const clock_t started_at = clock();
		double spent;

		assert_null(load(text));
		spent = (double)(clock() - started_at) * 1000 / CLOCKS_PER_SEC;
		least = spent < least ? spent : least;
	}
	return least;
}

static void
a_hundred_thousand_brackets_cost_little(void **state)
{
	enum { BRACKETS = 100 * 1000, MS_ALLOWED = 20 };
	static char text[BRACKETS + 1];

	(void)state;
	memset(text, '[', BRACKETS);
	assert_true(cost(text) < MS_ALLOWED);
}

static void
the_second_of_a_key_is_refused_and_lost(void **state)
{
	const struct node *root = load("a: 1\na: 2\n");

	(void)state;
	assert_int_equal(diag.errors, 1);
	assert_string_equal(node_get(root, "a")->text, "1");
	assert_int_equal(root->count, 1);
}

static void
a_second_document_is_refused(void **state)
{
	(void)state;
	assert_null(load("a: 1\n---\nb: 2\n"));
	assert_int_equal(diag.errors, 1);
}

static void
anchors_tags_and_aliases_are_refused(void **state)
{
	(void)state;
	load("a: &x 1\n");
	load("a: !!int 1\n");
	load("a: &x 1\nb: *x\n");
	assert_int_equal(diag.errors, 4);
}

/* Counts documents and adds up their entries. */
struct tally {
	size_t documents;
	size_t entries;
};

static void
count(void *arg, const struct node *document)
{
	struct tally *tally = arg;

	tally->documents++;
	tally->entries += document->count;
}

static bool
stream(const char *text, struct tally *tally)
{
	return yaml_stream(
	    &(struct yaml_text){
		.path = "t.yaml",
		.text = text,
		.len = strlen(text),
	    },
	    count, tally, &diag);
}

static void
a_stream_hands_out_each_document(void **state)
{
	struct tally tally = {.documents = 0};

	(void)state;
	assert_true(stream("---\na: 1\n---\n---\nb: 1\nc: 2\n", &tally));
	assert_int_equal(tally.documents, 2);
	assert_int_equal(tally.entries, 3);
}

static void
a_broken_stream_hands_out_what_comes_before(void **state)
{
	struct tally tally = {.documents = 0};

	(void)state;
	assert_false(stream("a: 1\n---\nb: [\n", &tally));
	assert_int_equal(tally.documents, 1);
	assert_int_equal(diag.errors, 1);
}

static void
the_traps_of_yaml_1_1_are_known(void **state)
{
	const struct node *root =
	    load("[no, \"no\", Off, 0x1F, 1_000, 010, ~, 10.0.0.1, nobody]");
	const struct node *node = root->first;

	(void)state;
	assert_string_equal(node_trap(node), "a boolean");
	assert_null(node_trap(node = node->next));
	assert_string_equal(node_trap(node = node->next), "a boolean");
	assert_string_equal(node_trap(node = node->next), "a number");
	assert_string_equal(node_trap(node = node->next), "a number");
	assert_string_equal(node_trap(node = node->next), "a number");
	assert_string_equal(node_trap(node = node->next), "nothing");
	assert_null(node_trap(node = node->next));
	assert_null(node_trap(node->next));
}

/* "k0: 0" and so on, then one more line. */
static const struct node *
load_keys(unsigned count, const char *last)
{
	static char text[64 * 1024];
	size_t at = 0;

	for (unsigned i = 0; i < count; i++) {
		at += (size_t)snprintf(text + at, sizeof(text) - at,
		    "k%u: %u\n", i, i);
	}
	snprintf(text + at, sizeof(text) - at, "%s\n", last);
	return load(text);
}

static void
a_mapping_may_have_a_thousand_keys(void **state)
{
	const struct node *root = load_keys(1000, "last: here");

	(void)state;
	assert_non_null(root);
	assert_int_equal(root->count, 1001);
	assert_string_equal(node_get(root, "k999")->text, "999");
}

static void
a_key_given_twice_is_found_however_many_there_are(void **state)
{
	(void)state;
	for (unsigned count = 14; count <= 40; count++) {
		char last[16];

		snprintf(last, sizeof(last), "k%u: 1", count - 1);
		load_keys(count, "k3: 1");
		load_keys(count, last);
	}
	assert_int_equal(diag.errors, 2 * 27);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_mapping_may_have_a_thousand_keys),
	    TEST(a_key_given_twice_is_found_however_many_there_are),
	    TEST(scalars_know_their_place_and_quotes),
	    TEST(lists_keep_their_order),
	    TEST(an_empty_text_is_an_empty_map),
	    TEST(sixteen_levels_are_taken),
	    TEST(seventeen_levels_are_refused),
	    TEST(two_million_keys_and_values_are_taken_and_no_more),
	    TEST(a_hundred_thousand_brackets_cost_little),
	    TEST(the_second_of_a_key_is_refused_and_lost),
	    TEST(a_second_document_is_refused),
	    TEST(anchors_tags_and_aliases_are_refused),
	    TEST(a_stream_hands_out_each_document),
	    TEST(a_broken_stream_hands_out_what_comes_before),
	    TEST(the_traps_of_yaml_1_1_are_known),
	};

	return cmocka_run_group_tests_name("yaml", tests, NULL, NULL);
}
