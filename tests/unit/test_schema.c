#include "config/schema.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "config/health_schema.h"
#include "config/instance_schema.h"
#include "config/network_schema.h"
#include "config/policy_schema.h"
#include "config/record_set.h"
#include "config/response_policy_schema.h"
#include "config/server_schema.h"
#include "config/target_schema.h"
#include "config/yaml.h"
#include "config/zone_schema.h"
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

/* A resource of Cloud DNS's API, with one member of each newer sort. */
struct kennel {
	struct model_text dns_name;
	uint16_t port;
	uint32_t share; /* ten-thousandths */
	bool open;
	bool pets_given;
	struct model_list pets; /* struct model_text */
};

static const struct schema_word doors[] = {
    {"closed", false},
    {"open", true},
    {NULL, 0},
};

static const struct schema_field kennel_fields[] = {
    {
	.key = "dns_name",
	.also = "name",
	.type = &schema_text,
	SCHEMA_AT(kennel, dns_name),
	.required = true,
    },
    {
	.key = "port",
	.type = &schema_port,
	SCHEMA_AT(kennel, port),
	.min = 1,
	.max = 65535,
    },
    {
	.key = "share",
	.type = &schema_fraction,
	SCHEMA_AT(kennel, share),
	.max = UINT64_C(1000) * 10000,
    },
    {
	.key = "door_word",
	.type = &schema_word,
	SCHEMA_AT(kennel, open),
	.sparse = true,
	.words = doors,
    },
    {
	.key = "pets",
	.type = &schema_text,
	SCHEMA_AT(kennel, pets),
	.list = true,
	.given_at = offsetof(struct kennel, pets_given),
    },
    {.key = NULL},
};

static const char *const kennel_ignored[] = {"kind", "creation_time", NULL};

static const struct schema kennel_schema = {
    .what = "a kennel",
    .fields = kennel_fields,
    .size = sizeof(struct kennel),
    .resource = true,
    .ignored = kennel_ignored,
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
decode_as(const struct schema *schema, struct decoder *decoder,
    const char *text, void *out)
{
	const struct node *node = yaml_load(
	    &(struct yaml_text){
		.path = "pet.yaml",
		.text = text,
		.len = strlen(text),
	    },
	    &arena, &diag);

	assert_non_null(node);
	memset(out, 0, schema->size);
	return schema_decode(decoder, schema, node, out);
}

static bool
decode(const char *text, struct pets *pets)
{
	struct decoder decoder = {.arena = &arena, .diag = &diag};

	return decode_as(&pets_schema, &decoder, text, pets);
}

static bool
decode_kennel(const char *text, struct kennel *kennel)
{
	struct decoder decoder = {.arena = &arena, .diag = &diag};

	return decode_as(&kennel_schema, &decoder, text, kennel);
}

/* What a kennel looks like when it is written; the caller's to free. */
static char *
kennel_text(const struct kennel *kennel)
{
	char *text = NULL;
	size_t len;
	struct schema_writer writer = {
	    .out = open_memstream(&text, &len),
	    .indent = 2,
	};

	assert_non_null(writer.out);
	schema_write(&kennel_schema, kennel, &writer);
	fclose(writer.out);
	return text;
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

static void
a_resource_takes_the_spelling_of_the_api(void **state)
{
	struct kennel kennel;

	(void)state;
	assert_true(decode_kennel("dnsName: a\ndoorWord: open\n", &kennel));
	assert_string_equal(kennel.dns_name.text, "a");
	assert_true(kennel.open);
}

static void
what_is_no_resource_does_not(void **state)
{
	struct pets pets;

	(void)state;
	assert_false(decode("name: Rex\nLegs: 6\n", &pets));
	assert_int_equal(pets.legs, 4);
}

static void
a_key_may_have_another_name(void **state)
{
	struct kennel kennel;

	(void)state;
	assert_true(decode_kennel("name: a\n", &kennel));
	assert_string_equal(kennel.dns_name.text, "a");
}

static void
a_key_is_said_once_in_whatever_spelling(void **state)
{
	struct kennel kennel;

	(void)state;
	assert_false(
	    decode_kennel("dns_name: a\ndnsName: b\nname: c\n", &kennel));
	assert_messages("pet.yaml:2:1: error: \"dnsName\" says again what "
			"\"dns_name\" has said\n"
			"pet.yaml:3:1: error: \"name\" says again what "
			"\"dns_name\" has said\n");
	assert_string_equal(kennel.dns_name.text, "a");
}

static void
what_the_api_prints_is_passed_over(void **state)
{
	struct kennel kennel;

	(void)state;
	assert_true(decode_kennel(
	    "kind: dns#kennel\nname: a\ncreationTime: {any: [thing]}\n",
	    &kennel));
	assert_int_equal(diag.warnings, 0);
}

static void
a_misspelled_key_of_the_api_is_recognised(void **state)
{
	struct kennel kennel;

	(void)state;
	assert_false(decode_kennel("dnsNme: a\n", &kennel));
	assert_messages("pet.yaml:1:1: error: unknown key \"dnsNme\" in a "
			"kennel (did you mean \"dns_name\"?)\n");
}

static void
a_lenient_decoder_warns_of_keys_not_known(void **state)
{
	struct decoder decoder = {
	    .arena = &arena,
	    .diag = &diag,
	    .lenient = true,
	};
	struct kennel kennel;

	(void)state;
	assert_true(decode_as(&kennel_schema, &decoder,
	    "name: a\nnewField: {x: 1}\nkind: b\n", &kennel));
	assert_messages("pet.yaml:2:1: warning: \"newField\" in a kennel is "
			"not known here and is left out\n");
}

static void
a_lenient_decoder_takes_no_wrong_value(void **state)
{
	struct decoder decoder = {
	    .arena = &arena,
	    .diag = &diag,
	    .lenient = true,
	};
	struct kennel kennel;

	(void)state;
	assert_false(decode_as(&kennel_schema, &decoder,
	    "name: a\nport: many\n", &kennel));
	assert_int_equal(diag.errors, 1);
}

static void
a_port_may_stand_in_quotes(void **state)
{
	struct kennel kennel;

	(void)state;
	assert_true(decode_kennel("name: a\nport: '80'\n", &kennel));
	assert_int_equal(kennel.port, 80);
}

static void
a_fraction_is_rounded(void **state)
{
	struct kennel kennel;

	(void)state;
	assert_true(decode_kennel("name: a\nshare: 0.12345\n", &kennel));
	assert_int_equal(kennel.share, 1235);
	assert_true(decode_kennel("name: a\nshare: 0.12344\n", &kennel));
	assert_int_equal(kennel.share, 1234);
}

static void
a_fraction_of_something_is_not_nothing(void **state)
{
	struct kennel kennel;

	(void)state;
	assert_true(decode_kennel("name: a\nshare: 0.000001\n", &kennel));
	assert_int_equal(kennel.share, 1);
	assert_true(decode_kennel("name: a\nshare: 0.000000\n", &kennel));
	assert_int_equal(kennel.share, 0);
}

static void
the_largest_fraction_is_taken_and_no_more(void **state)
{
	struct kennel kennel;

	(void)state;
	assert_true(decode_kennel("name: a\nshare: 1000\n", &kennel));
	assert_int_equal(kennel.share, 10000000);
	assert_false(decode_kennel("name: a\nshare: 1000.0001\n", &kennel));
	assert_false(
	    decode_kennel("name: a\nshare: 99999999999999999999\n", &kennel));
}

static void
an_empty_list_can_differ_from_none(void **state)
{
	struct kennel kennel;
	char *text;

	(void)state;
	assert_true(decode_kennel("name: a\npets: []\n", &kennel));
	assert_true(kennel.pets_given);
	text = kennel_text(&kennel);
	assert_non_null(strstr(text, "pets: []\n"));
	free(text);
}

static void
what_was_not_given_is_not_written(void **state)
{
	struct kennel kennel;
	char *text;

	(void)state;
	assert_true(
	    decode_kennel("name: a\nport: 1\ndoor_word: closed\n", &kennel));
	assert_false(kennel.pets_given);
	text = kennel_text(&kennel);
	assert_string_equal(text, "  dns_name: \"a\"\n  port: 1\n  share: 0\n");
	free(text);
}

/* What the manual and a JSON schema are to be made of. */
static void
every_key_of_the_configuration_has_a_line_of_help(void **state)
{
	static const struct schema *const schemas[] = {&server_schema,
	    &network_schema, &cluster_schema, &zone_schema, &record_set_schema,
	    &target_schema, &health_schema, &response_policy_schema,
	    &rule_schema, &policy_schema, &instance_schema,
	    &psc_endpoint_schema};

	(void)state;
	for (size_t i = 0; i < sizeof(schemas) / sizeof(schemas[0]); i++) {
		const struct schema_field *field = schemas[i]->fields;

		for (; field->key != NULL; field++)
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
	    TEST(a_resource_takes_the_spelling_of_the_api),
	    TEST(what_is_no_resource_does_not),
	    TEST(a_key_may_have_another_name),
	    TEST(a_key_is_said_once_in_whatever_spelling),
	    TEST(what_the_api_prints_is_passed_over),
	    TEST(a_misspelled_key_of_the_api_is_recognised),
	    TEST(a_lenient_decoder_warns_of_keys_not_known),
	    TEST(a_lenient_decoder_takes_no_wrong_value),
	    TEST(a_port_may_stand_in_quotes),
	    TEST(a_fraction_is_rounded),
	    TEST(a_fraction_of_something_is_not_nothing),
	    TEST(the_largest_fraction_is_taken_and_no_more),
	    TEST(an_empty_list_can_differ_from_none),
	    TEST(what_was_not_given_is_not_written),
	    TEST(every_key_of_the_configuration_has_a_line_of_help),
	};

	return cmocka_run_group_tests_name("schema", tests, NULL, NULL);
}
