#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ctl/names.h"
#include "ctl/response.h"
#include "ctl/seen.h"
#include "dns/request.h"

/* A text read as if it were a file. */
struct source {
	FILE *file;
	struct names names;
	struct names_item item;
	const char *why;
};

static struct source *
source_open(const char *text, size_t len)
{
	struct source *source = calloc(1, sizeof(*source));

	assert_non_null(source);
	source->file = tmpfile();
	assert_non_null(source->file);
	assert_int_equal(fwrite(text, 1, len, source->file), len);
	rewind(source->file);
	names_init(&source->names, source->file);
	return source;
}

static struct source *
source_of(const char *text)
{
	return source_open(text, strlen(text));
}

static void
gives(struct source *source, unsigned line, const char *name, const char *type)
{
	assert_int_equal(names_next(&source->names, &source->item,
			     &source->why),
	    NAMES_ITEM);
	assert_string_equal(source->item.name, name);
	assert_string_equal(source->item.type, type);
	assert_int_equal(source->item.line, line);
}

static void
faults(struct source *source, enum names_outcome outcome, unsigned line,
    const char *why)
{
	assert_int_equal(names_next(&source->names, &source->item,
			     &source->why),
	    outcome);
	assert_int_equal(source->item.line, line);
	assert_string_equal(source->why, why);
}

static void
ends(struct source *source)
{
	assert_int_equal(names_next(&source->names, &source->item,
			     &source->why),
	    NAMES_END);
	fclose(source->file);
	free(source);
}

static void
a_list_has_a_name_a_line(void **state)
{
	struct source *source =
	    source_of("\n# all of it\n  a.example\nb.example\tAAAA # why\r\n"
		      "*.run.app A");

	(void)state;
	gives(source, 3, "a.example", "");
	gives(source, 4, "b.example", "AAAA");
	gives(source, 5, "*.run.app", "A");
	ends(source);
}

static void
an_empty_file_has_no_names(void **state)
{
	(void)state;
	ends(source_of(""));
	ends(source_of("\xef\xbb\xbf \n\n"));
}

static void
a_byte_order_mark_is_no_part_of_the_first_name(void **state)
{
	struct source *source = source_of("\xef\xbb\xbf"
					  "a.example\n");

	(void)state;
	gives(source, 1, "a.example", "");
	ends(source);
}

static void
a_third_word_is_a_fault_and_the_next_line_is_read(void **state)
{
	struct source *source = source_of("a A b\nb.example\n");

	(void)state;
	faults(source, NAMES_FAULT, 1,
	    "a line is a name and, if you like, a type");
	gives(source, 2, "b.example", "");
	ends(source);
}

static void
a_line_without_end_is_a_fault(void **state)
{
	static char text[3 * NAMES_TEXT];
	struct source *source;

	(void)state;
	memset(text, 'a', sizeof(text));
	text[sizeof(text) - 3] = '\n';
	text[sizeof(text) - 2] = 'b';
	text[sizeof(text) - 1] = '\n';
	source = source_open(text, sizeof(text));
	faults(source, NAMES_FAULT, 1, "the line is too long");
	gives(source, 2, "b", "");
	ends(source);
}

static void
an_octet_of_zero_is_a_fault(void **state)
{
	struct source *source = source_open("a\0b\n", 4);

	(void)state;
	faults(source, NAMES_FAULT, 1, "the line is too long");
	ends(source);
}

static void
a_log_has_an_entry_a_line(void **state)
{
	struct source *source = source_of(
	    "{\"jsonPayload\":{\"queryName\":\"a.example.\",\"queryType\":"
	    "\"A\",\"serverLatency\":14,\"authAnswer\":true}}\n"
	    "{\"jsonPayload\":{\"structuredRdata\":[{\"type\":\"x\"}],"
	    "\"queryType\":\"MX\",\"queryName\":\"b.example.\"}}\n");

	(void)state;
	gives(source, 1, "a.example.", "A");
	gives(source, 2, "b.example.", "MX");
	ends(source);
}

static void
a_log_may_be_an_array(void **state)
{
	struct source *source = source_of("[\n {\n  \"jsonPayload\": {\n"
					  "   \"queryName\": \"a.\"\n  }\n },\n"
					  " {\"queryName\": \"b.\"}\n]\n");

	(void)state;
	gives(source, 4, "a.", "");
	gives(source, 7, "b.", "");
	ends(source);
}

static void
an_entry_without_a_name_gives_its_type_to_nobody(void **state)
{
	struct source *source = source_of("{\"p\":{\"queryType\":\"MX\"}}"
					  "{\"p\":{\"queryName\":\"a.\"}}");

	(void)state;
	gives(source, 1, "a.", "");
	ends(source);
}

static void
escapes_of_json_are_read(void **state)
{
	struct source *source =
	    source_of("{\"queryName\":\"a\\\\.b\\u002ec\\/\\u00e9.\"}");

	(void)state;
	gives(source, 1, "a\\.b.c/?.", "");
	ends(source);
}

static void
a_text_that_looks_like_a_key_is_none(void **state)
{
	struct source *source =
	    source_of("{\"x\": \"queryName\", \"y\": [\"queryName\", \"z\"]}");

	(void)state;
	ends(source);
}

static void
a_log_that_breaks_off_says_so(void **state)
{
	struct source *source = source_of("{\"queryName\": \"a.\",\n");

	(void)state;
	faults(source, NAMES_BROKEN, 2,
	    "the file ends in the middle of an entry");
	fclose(source->file);
	free(source);
}

static void
broken_json_has_its_line(const char *text, unsigned line)
{
	struct source *source = source_of(text);

	faults(source, NAMES_BROKEN, line, "this is not JSON");
	fclose(source->file);
	free(source);
}

static void
a_nul_is_not_json(void **state)
{
	static const char log[] = "[{\"queryName\"\0: 1}]";
	struct source *source = source_open(log, sizeof(log) - 1);

	(void)state;
	faults(source, NAMES_BROKEN, 1, "this is not JSON");
	fclose(source->file);
	free(source);
}

static void
what_is_no_json_has_its_line(void **state)
{
	(void)state;
	broken_json_has_its_line("{\n]", 2);
	broken_json_has_its_line("{}\n}", 2);
	broken_json_has_its_line("{\"a\": 'b'}", 1);
	broken_json_has_its_line("{\"a\": \"\\x\"}", 1);
	broken_json_has_its_line("{\"a\": \"\\u00g0\"}", 1);
	broken_json_has_its_line("{\"a\": \"", 1);
}

static void
deep_nesting_is_refused(void **state)
{
	char text[NAMES_DEPTH + 2];
	struct source *deepest;

	(void)state;
	memset(text, '[', sizeof(text));
	text[NAMES_DEPTH + 1] = '\0';
	broken_json_has_its_line(text, 1);
	text[NAMES_DEPTH] = '\0';
	deepest = source_of(text);
	faults(deepest, NAMES_BROKEN, 1,
	    "the file ends in the middle of an entry");
	fclose(deepest->file);
	free(deepest);
}

static struct question
question_of(const char *name, uint16_t type)
{
	struct question question = {.type = type, .class = CLASS_IN};

	assert_int_equal(name_from_text(&question.name, name), NAME_OK);
	return question;
}

static void
a_question_is_new_once(void **state)
{
	const struct question lower = question_of("a.example", TYPE_A);
	const struct question upper = question_of("A.Example", TYPE_A);
	const struct question other = question_of("a.example", TYPE_AAAA);
	struct seen seen;

	(void)state;
	seen_init(&seen, &(struct hash_key){.k0 = 1});
	assert_true(seen_add(&seen, &lower));
	assert_false(seen_add(&seen, &upper));
	assert_true(seen_add(&seen, &other));
	seen_fini(&seen);
}

/* Name n of many, once more or not. */
static bool
add_number(struct seen *seen, unsigned n)
{
	char text[32];
	struct question question;

	snprintf(text, sizeof(text), "n%u.example", n);
	question = question_of(text, TYPE_A);
	return seen_add(seen, &question);
}

static void
many_questions_are_told_apart(void **state)
{
	struct seen seen;
	unsigned again = 0;

	(void)state;
	seen_init(&seen, &(struct hash_key){.k0 = 7, .k1 = 9});
	for (unsigned i = 0; i < 20000; i++)
		again += add_number(&seen, i) ? 0 : 1;
	assert_int_equal(again, 0);
	for (unsigned i = 0; i < 20000; i++)
		again += add_number(&seen, i) ? 0 : 1;
	assert_int_equal(again, 20000);
	assert_int_equal(seen.count, 20000);
	seen_fini(&seen);
}

#define RECORD(name, seconds, kind, text)                                     \
	{                                                                     \
		.section = SECTION_ANSWER, .owner = (name), .ttl = (seconds), \
		.type = (kind), .data = (text)                                \
	}

static const struct response_record one[] = {
    RECORD("a.", 300, "A", "192.0.2.1"),
    RECORD("a.", 300, "A", "192.0.2.2"),
};
static const struct response_record turned[] = {
    RECORD("A.", 17, "A", "192.0.2.2"),
    RECORD("A.", 17, "A", "192.0.2.1"),
};

static struct response
response_of(const struct response_record *records, size_t count)
{
	return (struct response){.count = count, .records = records};
}

static void
order_and_ttl_are_no_change(void **state)
{
	const struct response a = response_of(one, 2);
	const struct response b = response_of(turned, 2);

	(void)state;
	assert_true(response_same(&a, &b));
}

static void
a_record_less_is_a_change(void **state)
{
	const struct response a = response_of(one, 2);
	const struct response b = response_of(one, 1);

	(void)state;
	assert_false(response_same(&a, &b));
	assert_false(response_same(&b, &a));
}

static void
another_status_is_a_change(void **state)
{
	const struct response a = response_of(one, 0);
	struct response b = a;

	(void)state;
	b.rcode = RCODE_NXDOMAIN;
	assert_false(response_same(&a, &b));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_nul_is_not_json),
	    cmocka_unit_test(a_list_has_a_name_a_line),
	    cmocka_unit_test(an_empty_file_has_no_names),
	    cmocka_unit_test(a_byte_order_mark_is_no_part_of_the_first_name),
	    cmocka_unit_test(a_third_word_is_a_fault_and_the_next_line_is_read),
	    cmocka_unit_test(a_line_without_end_is_a_fault),
	    cmocka_unit_test(an_octet_of_zero_is_a_fault),
	    cmocka_unit_test(a_log_has_an_entry_a_line),
	    cmocka_unit_test(a_log_may_be_an_array),
	    cmocka_unit_test(an_entry_without_a_name_gives_its_type_to_nobody),
	    cmocka_unit_test(escapes_of_json_are_read),
	    cmocka_unit_test(a_text_that_looks_like_a_key_is_none),
	    cmocka_unit_test(a_log_that_breaks_off_says_so),
	    cmocka_unit_test(what_is_no_json_has_its_line),
	    cmocka_unit_test(deep_nesting_is_refused),
	    cmocka_unit_test(a_question_is_new_once),
	    cmocka_unit_test(many_questions_are_told_apart),
	    cmocka_unit_test(order_and_ttl_are_no_change),
	    cmocka_unit_test(a_record_less_is_a_change),
	    cmocka_unit_test(another_status_is_a_change),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
