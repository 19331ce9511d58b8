#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/order.h"
#include "ctl/command.h"
#include "ctl/date.h"
#include "ctl/option.h"
#include "ctl/paragraph.h"
#include "ctl/story.h"
#include "ctl/subject.h"

enum { BLOCK = 65536, DAY = 86400 };

static int64_t
date_of(const char *text)
{
	int64_t at = -1;

	assert_true(date_parse(text, &at));
	return at;
}

static void
no_date(const char *text)
{
	int64_t at = 7;

	assert_false(date_parse(text, &at));
	assert_int_equal(at, 7);
}

static void
a_day_begins_at_midnight_in_utc(void **state)
{
	(void)state;
	assert_int_equal(date_of("1970-01-02"), DAY);
	assert_int_equal(date_of("2027-01-05"), ORDER_CUTOVER);
	assert_int_equal(date_of("2028-02-29"), 1835395200);
}

static void
a_time_has_an_offset(void **state)
{
	(void)state;
	assert_int_equal(date_of("2027-01-05T00:00:00Z"), ORDER_CUTOVER);
	assert_int_equal(date_of("2027-01-05T01:30:00+01:30"), ORDER_CUTOVER);
	assert_int_equal(date_of("2027-01-04t23:00:00.123-01:00"),
	    ORDER_CUTOVER);
}

static void
what_is_no_day_is_refused(void **state)
{
	(void)state;
	no_date("");
	no_date("2027");
	no_date("2027-1-5");
	no_date("2027-00-05");
	no_date("2027-01-00");
	no_date("2027-02-30");
	no_date("2027-02-29");
	no_date("2027-13-01");
	no_date("2027-01-05x");
	no_date("05.01.2027");
}

static void
what_is_no_time_is_refused(void **state)
{
	(void)state;
	no_date("2027-01-05T00:00:00");
	no_date("2027-01-05T24:00:00Z");
	no_date("2027-01-05T00:00Z");
	no_date("2027-01-05T00:00:00.Z");
	no_date("2027-01-05T00:00:00+1");
	no_date("2027-01-05T00:00:00Zx");
}

/* A question from words; it must be understood. */
static struct question
subject_of(const char *name, const char *type)
{
	struct question question;
	const char *why = NULL;

	assert_int_equal(subject_parse(&question, name, type, TYPE_A, &why),
	    SUBJECT_OK);
	return question;
}

static void
asks_for(const char *name, const char *type, const char *expected,
    uint16_t expected_type)
{
	const struct question question = subject_of(name, type);
	char text[NAME_TEXT];

	assert_string_equal(name_to_text(question.name.wire, text), expected);
	assert_int_equal(question.type, expected_type);
}

static void
a_name_alone_asks_for_its_addresses(void **state)
{
	(void)state;
	asks_for("www.example", NULL, "www.example.", TYPE_A);
	asks_for("www.example.", "mx", "www.example.", TYPE_MX);
	asks_for("www.example.", "TYPE65280", "www.example.", 65280);
}

static void
an_address_asks_for_its_name(void **state)
{
	(void)state;
	asks_for("10.1.2.3", NULL, "3.2.1.10.in-addr.arpa.", TYPE_PTR);
	asks_for("2001:db8::1", NULL,
	    "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2."
	    "ip6.arpa.",
	    TYPE_PTR);
	asks_for("10.1.2.3", "A", "10.1.2.3.", TYPE_A);
}

static void
what_cannot_be_asked_is_told_apart(void **state)
{
	struct question question;
	const char *why = NULL;

	(void)state;
	assert_int_equal(subject_parse(&question, "a..b", NULL, TYPE_A, &why),
	    SUBJECT_BAD_NAME);
	assert_non_null(why);
	assert_int_equal(subject_parse(&question, "a", "AA", TYPE_A, &why),
	    SUBJECT_BAD_TYPE);
}

static void
paragraph_is(const char *words, size_t margin, const char *expected)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	paragraph_print(words, margin, out);
	fclose(out);
	assert_string_equal(text, expected);
	free(text);
}

static void
a_paragraph_breaks_before_the_edge(void **state)
{
	(void)state;
	paragraph_is("one two", 0, "one two\n");
	/* 70 + 10: just fits; one more does not. */
	paragraph_is("12345 7890", 70, "12345 7890\n");
	paragraph_is("12345 78901", 70,
	    "12345\n                                                         "
	    "             78901\n");
}

static void
a_long_word_is_not_broken(void **state)
{
	(void)state;
	paragraph_is("0123456789 a", 78,
	    "0123456789\n                                                    "
	    "                          a\n");
}

/* What a witness might have seen, told. */
struct told {
	struct arena arena;
	struct network network;
	struct network peer;
	struct scope cluster;
	struct view view;
	struct witness witness;
	struct story story;
};

static struct told *
told_new(void)
{
	struct told *told = calloc(1, sizeof(*told));

	assert_non_null(told);
	arena_init_heap(&told->arena, BLOCK);
	told->witness.seen = calloc(WITNESS_SIGHTINGS, sizeof(struct sighting));
	told->witness.arena = &told->arena;
	told->view.network = &told->network;
	return told;
}

static void
told_free(struct told *told)
{
	arena_fini(&told->arena);
	free(told->witness.seen);
	free(told);
}

static void
see_hop(struct told *told, unsigned number)
{
	witness_add(&told->witness,
	    &(struct sighting){.kind = WITNESS_HOP,
		.number = number,
		.name = (const uint8_t *)"\1a"});
}

static void
see_stage(struct told *told, unsigned stage, enum finding finding,
    const struct network *network)
{
	witness_add(&told->witness,
	    &(struct sighting){.kind = WITNESS_STAGE,
		.stage = stage,
		.finding = finding,
		.network = network});
}

static void
see(struct told *told, enum witness_kind kind)
{
	witness_add(&told->witness, &(struct sighting){.kind = kind});
}

static void
tell(struct told *told)
{
	assert_true(story_tell(&told->story, &told->witness, &told->view,
	    &told->arena));
}

static void
stages_below_the_one_that_answered_are_not_consulted(void **state)
{
	struct told *told = told_new();
	const struct story_hop *hop;

	(void)state;
	see_hop(told, 0);
	see_stage(told, STAGE_SERVERS, FINDING_ABSENT, &told->network);
	see_stage(told, STAGE_RULE, FINDING_MATCH, &told->network);
	see(told, WITNESS_LOOKUP);
	tell(told);
	hop = &told->story.hops[0];
	assert_int_equal(told->story.count, 1);
	assert_int_equal(hop->count, 5);
	assert_int_equal(hop->steps[1].detail_count, 1);
	assert_int_equal(hop->steps[2].stage, STAGE_ZONE);
	assert_null(hop->steps[2].sighting);
	assert_int_equal(hop->steps[4].stage, STAGE_PUBLIC);
	assert_ptr_equal(story_answerer(hop), &hop->steps[1]);
	told_free(told);
}

static void
a_clusters_stages_are_told_to_its_nodes_alone(void **state)
{
	struct told *told = told_new();

	(void)state;
	see_hop(told, 0);
	see_stage(told, STAGE_CLUSTER_RULE, FINDING_ABSENT, &told->network);
	see_stage(told, STAGE_CLUSTER_ZONE, FINDING_ABSENT, &told->network);
	see_stage(told, STAGE_SERVERS, FINDING_ABSENT, &told->network);
	tell(told);
	assert_int_equal(told->story.hops[0].count, 1);
	told->view.cluster = &told->cluster;
	tell(told);
	assert_int_equal(told->story.hops[0].count, 3);
	told_free(told);
}

static void
a_peering_zone_goes_on_in_its_network(void **state)
{
	struct told *told = told_new();
	const struct story_hop *hop;

	(void)state;
	see_hop(told, 0);
	see_stage(told, STAGE_ZONE, FINDING_MATCH, &told->network);
	see(told, WITNESS_PEER);
	see_stage(told, STAGE_ZONE, FINDING_NONE, &told->peer);
	see_stage(told, STAGE_INTERNAL, FINDING_ABSENT, &told->peer);
	see_stage(told, STAGE_PUBLIC, FINDING_MATCH, &told->peer);
	see(told, WITNESS_ASK);
	see(told, WITNESS_HEARD);
	tell(told);
	hop = &told->story.hops[0];
	assert_int_equal(hop->count, 6);
	assert_true(story_has(&hop->steps[0], WITNESS_PEER));
	assert_null(hop->steps[2].sighting);
	assert_ptr_equal(hop->steps[5].network, &told->peer);
	assert_int_equal(hop->steps[5].detail_count, 2);
	assert_ptr_equal(story_answerer(hop), &hop->steps[5]);
	told_free(told);
}

static void
what_comes_before_the_first_name_is_kept(void **state)
{
	struct told *told = told_new();

	(void)state;
	see(told, WITNESS_FAIL);
	tell(told);
	assert_int_equal(told->story.before_count, 1);
	assert_int_equal(told->story.count, 0);
	told_free(told);
}

static void
ways_part_where_another_stage_answers(void **state)
{
	struct told *told = told_new();
	const struct story_hop *hops;

	(void)state;
	see_hop(told, 0);
	see_stage(told, STAGE_PUBLIC, FINDING_MATCH, &told->network);
	see_hop(told, 1);
	see_stage(told, STAGE_PUBLIC, FINDING_MATCH, &told->network);
	see_hop(told, 2);
	see_stage(told, STAGE_ZONE, FINDING_MATCH, &told->network);
	see_hop(told, 3);
	tell(told);
	hops = told->story.hops;
	assert_true(story_same(&hops[0], &hops[1]));
	assert_false(story_same(&hops[1], &hops[2]));
	assert_false(story_same(&hops[2], &hops[3]));
	assert_true(story_same(&hops[3], &hops[3]));
	told_free(told);
}

/* What a command's options may be. */
struct given {
	const char *file;
	bool flag;
};

static const struct option_row rows[] = {
    {"file", 'f', "FILE", "", offsetof(struct given, file)},
    {"flag", '\0', NULL, "", offsetof(struct given, flag)},
};
static const struct option_table table = {
    .command = "test",
    .arguments = "",
    .help = "",
    .rows = rows,
    .count = 2,
};

static enum option_outcome
parse(struct given *given, int argc, const char *const *argv, int *first)
{
	char *copy[8] = {0};

	/* getopt moves pointers, never letters. */
	memcpy(copy, argv, (size_t)argc * sizeof(*copy));
	*given = (struct given){0};
	return option_parse(&table, given, argc, copy, first);
}

static void
options_stand_anywhere(void **state)
{
	const char *const argv[] = {"test", "name", "--flag", "-fx", "type"};
	struct given given;
	int first;

	(void)state;
	assert_int_equal(parse(&given, 5, argv, &first), OPTION_GO);
	assert_true(given.flag);
	assert_string_equal(given.file, "x");
	assert_int_equal(first, 3);
}

static void
a_value_may_follow_an_equals_sign(void **state)
{
	const char *const argv[] = {"test", "--file=a=b"};
	struct given given;
	int first;

	(void)state;
	assert_int_equal(parse(&given, 2, argv, &first), OPTION_GO);
	assert_string_equal(given.file, "a=b");
	assert_false(given.flag);
}

static void
two_dashes_end_the_options(void **state)
{
	const char *const argv[] = {"test", "--", "--flag"};
	struct given given;
	int first;

	(void)state;
	assert_int_equal(parse(&given, 3, argv, &first), OPTION_GO);
	assert_false(given.flag);
	assert_int_equal(first, 2);
}

static void
an_operand_too_many_ends_a_command(void **state)
{
	const char *const argv[] = {"test", "one", "two"};
	struct option_table limited = table;
	char *copy[8] = {0};
	struct given given = {0};
	int number = 0;

	(void)state;
	memcpy(copy, argv, sizeof(argv));
	limited.operands = 1;
	assert_false(option_read(&limited, &given, 3, copy, &number));
	assert_int_equal(number, COMMAND_ERROR);
	limited.operands = 2;
	assert_true(option_read(&limited, &given, 3, copy, &number));
	assert_int_equal(number, 1);
	limited.operands = OPTION_ANY;
	assert_true(option_read(&limited, &given, 3, copy, &number));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_day_begins_at_midnight_in_utc),
	    cmocka_unit_test(a_time_has_an_offset),
	    cmocka_unit_test(what_is_no_day_is_refused),
	    cmocka_unit_test(what_is_no_time_is_refused),
	    cmocka_unit_test(a_name_alone_asks_for_its_addresses),
	    cmocka_unit_test(an_address_asks_for_its_name),
	    cmocka_unit_test(what_cannot_be_asked_is_told_apart),
	    cmocka_unit_test(a_paragraph_breaks_before_the_edge),
	    cmocka_unit_test(a_long_word_is_not_broken),
	    cmocka_unit_test(
		stages_below_the_one_that_answered_are_not_consulted),
	    cmocka_unit_test(a_clusters_stages_are_told_to_its_nodes_alone),
	    cmocka_unit_test(a_peering_zone_goes_on_in_its_network),
	    cmocka_unit_test(what_comes_before_the_first_name_is_kept),
	    cmocka_unit_test(ways_part_where_another_stage_answers),
	    cmocka_unit_test(options_stand_anywhere),
	    cmocka_unit_test(a_value_may_follow_an_equals_sign),
	    cmocka_unit_test(two_dashes_end_the_options),
	    cmocka_unit_test(an_operand_too_many_ends_a_command),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
