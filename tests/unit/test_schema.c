#include "config/schema.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "config/server_schema.h"
#include "config/yaml.h"
#include "model/model.h"

static struct arena arena;
static struct diag diag;

/* A struct with one member of each sort, and its table. */
struct pets {
	bool tame;
	uint16_t legs;
	uint64_t weight;
	uint32_t nap; /* seconds */
	struct model_text name;
	struct model_list friends; /* struct model_text */
};

static void
pets_begin(void *out)
{
	struct pets *pets = out;

	pets->legs = 4;
}

static const struct schema_field fields[] = {
    {.key = "tame", .type = &schema_bool, SCHEMA_AT(pets, tame)},
    {
	.key = "legs",
	.type = &schema_number,
	SCHEMA_AT(pets, legs),
	.min = 2,
	.max = 8,
    },
    {
	.key = "weight",
	.type = &schema_size,
	SCHEMA_AT(pets, weight),
	.max = UINT64_C(1) << 40,
    },
    {
	.key = "nap",
	.type = &schema_duration,
	SCHEMA_AT(pets, nap),
	.max = 86400,
	.unit = 1000,
    },
    {
	.key = "name",
	.type = &schema_text,
	SCHEMA_AT(pets, name),
	.required = true,
    },
    {
	.key = "friends",
	.type = &schema_text,
	SCHEMA_AT(pets, friends),
	.list = true,
	.at_most = 2,
    },
    {.key = NULL},
};

static const struct schema pets_schema = {
    .what = "a pet",
    .fields = fields,
    .size = sizeof(struct pets),
    .begin = pets_begin,
};

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

static bool
decode(const char *text, struct pets *pets)
{
	struct decoder decoder = {.arena = &arena, .diag = &diag};
	const struct node *node = yaml_load(
	    &(struct yaml_text){
		.path = "pet.yaml",
		.text = text,
		.len = strlen(text),
	    },
	    &arena, &diag);

	assert_non_null(node);
	memset(pets, 0, sizeof(*pets));
	return schema_decode(&decoder, &pets_schema, node, pets);
}

/* The messages so far are these. */
static void
assert_messages(const char *expected)
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
every_type_fills_its_member(void **state)
{
	struct pets pets;
	const struct model_text *friends;

	(void)state;
	assert_true(decode("tame: true\nlegs: 6\nweight: 2k\nnap: 5m\n"
			   "name: Rex\nfriends: [Ann, Bob]\n",
	    &pets));
	friends = pets.friends.items;
	assert_true(pets.tame);
	assert_int_equal(pets.legs, 6);
	assert_int_equal(pets.weight, 2048);
	assert_int_equal(pets.nap, 300);
	assert_string_equal(pets.name.text, "Rex");
	assert_int_equal(pets.friends.count, 2);
	assert_string_equal(friends[1].text, "Bob");
}

static void
what_is_not_given_keeps_its_default(void **state)
{
	struct pets pets;

	(void)state;
	assert_true(decode("name: Rex\n", &pets));
	assert_int_equal(pets.legs, 4);
}

static void
every_mistake_is_found_in_one_run(void **state)
{
	struct pets pets;

	(void)state;
	assert_false(decode("tame: yes\nlegs: 9\nwieght: 1\nnap: 250ms\n"
			    "friends: [no, x, y]\n",
	    &pets));
	assert_messages(
	    "pet.yaml:1:1: error: a pet needs the key \"name\"\n"
	    "pet.yaml:1:7: error: tame must be true or false, not 'yes'\n"
	    "pet.yaml:2:7: error: legs must be a number from 2 to 8, "
	    "not '9'\n"
	    "pet.yaml:3:1: error: unknown key \"wieght\" in a pet (did you "
	    "mean \"weight\"?)\n"
	    "pet.yaml:4:6: error: nap must be a time such as 30s, 5m, 2h or "
	    "1d, from 0s to 1d, not '250ms'\n"
	    "pet.yaml:5:10: error: friends takes at most 2 entries, not 3\n"
	    "pet.yaml:5:11: error: an entry of friends must be text, and an "
	    "unquoted no is a boolean in YAML; as text it stands in quotes: "
	    "\"no\"\n");
}

static void
what_is_wrong_leaves_the_default(void **state)
{
	struct pets pets;

	(void)state;
	assert_false(decode("name: Rex\nlegs: nine\n", &pets));
	assert_int_equal(pets.legs, 4);
	assert_string_equal(pets.name.text, "Rex");
}

static void
a_misspelled_key_is_not_missing_as_well(void **state)
{
	struct pets pets;

	(void)state;
	assert_false(decode("nane: Rex\n", &pets));
	assert_int_equal(diag.errors, 1);
}

static void
what_is_written_reads_back(void **state)
{
	struct pets pets;
	struct pets again;
	char *text = NULL;
	size_t len;
	struct schema_writer writer = {.out = open_memstream(&text, &len)};

	(void)state;
	assert_true(decode("tame: true\nweight: 3k\nnap: 90\n"
			   "name: \"a 'b' \\\"c\\\" \\\\ \\n \\u2028 \\xe9\"\n",
	    &pets));
	schema_write(&pets_schema, &pets, &writer);
	fclose(writer.out);
	assert_true(decode(text, &again));
	free(text);
	assert_true(again.tame);
	assert_int_equal(again.weight, 3 * 1024);
	assert_int_equal(again.nap, 90);
	assert_string_equal(again.name.text, pets.name.text);
}

/* What the manual and a JSON schema are to be made of. */
static void
every_key_of_the_configuration_has_a_line_of_help(void **state)
{
	const struct schema_field *field = server_schema.fields;

	(void)state;
	for (; field->key != NULL; field++) {
		assert_non_null(field->help);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(every_type_fills_its_member),
	    TEST(what_is_not_given_keeps_its_default),
	    TEST(every_mistake_is_found_in_one_run),
	    TEST(what_is_wrong_leaves_the_default),
	    TEST(a_misspelled_key_is_not_missing_as_well),
	    TEST(what_is_written_reads_back),
	    TEST(every_key_of_the_configuration_has_a_line_of_help),
	};

	return cmocka_run_group_tests_name("schema", tests, NULL, NULL);
}
