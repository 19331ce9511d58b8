#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/json_writer.h"

/* A writer into memory; the text belongs to the test. */
struct page {
	struct json_writer writer;
	FILE *out;
	char *text;
	size_t len;
};

static struct page *
page_new(void)
{
	struct page *page = calloc(1, sizeof(*page));

	assert_non_null(page);
	page->out = open_memstream(&page->text, &page->len);
	assert_non_null(page->out);
	json_writer_init(&page->writer, page->out);
	return page;
}

static void
page_is(struct page *page, const char *expected)
{
	fclose(page->out);
	assert_string_equal(page->text, expected);
	free(page->text);
	free(page);
}

static void
texts_are(const char *text, const char *expected)
{
	struct page *page = page_new();

	json_writer_text(&page->writer, NULL, text);
	page_is(page, expected);
}

static void
empty_containers_take_no_lines(void **state)
{
	struct page *page = page_new();

	(void)state;
	json_writer_object(&page->writer, NULL);
	json_writer_array(&page->writer, "list");
	json_writer_end(&page->writer);
	json_writer_end(&page->writer);
	page_is(page, "{\n  \"list\": []\n}\n");
}

static void
members_are_separated_and_indented(void **state)
{
	struct page *page = page_new();

	(void)state;
	json_writer_object(&page->writer, NULL);
	json_writer_number(&page->writer, "n", UINT64_MAX);
	json_writer_bool(&page->writer, "yes", true);
	json_writer_bool(&page->writer, "no", false);
	json_writer_array(&page->writer, "a");
	json_writer_text(&page->writer, NULL, "x");
	json_writer_text(&page->writer, NULL, NULL);
	json_writer_end(&page->writer);
	json_writer_end(&page->writer);
	page_is(page,
	    "{\n"
	    "  \"n\": 18446744073709551615,\n"
	    "  \"yes\": true,\n"
	    "  \"no\": false,\n"
	    "  \"a\": [\n"
	    "    \"x\",\n"
	    "    null\n"
	    "  ]\n"
	    "}\n");
}

static void
a_document_may_be_one_line(void **state)
{
	struct page *page = page_new();

	(void)state;
	json_writer_init_line(&page->writer, page->out);
	json_writer_object(&page->writer, NULL);
	json_writer_number(&page->writer, "n", 1);
	json_writer_array(&page->writer, "a");
	json_writer_text(&page->writer, NULL, "x\n");
	json_writer_bool(&page->writer, NULL, true);
	json_writer_end(&page->writer);
	json_writer_end(&page->writer);
	page_is(page, "{\"n\": 1, \"a\": [\"x\\n\", true]}\n");
}

static void
quotes_and_backslashes_are_escaped(void **state)
{
	(void)state;
	texts_are("a\"b\\c/d", "\"a\\\"b\\\\c/d\"");
}

static void
control_characters_are_escaped(void **state)
{
	(void)state;
	texts_are("\b\f\n\r\t\x01\x1f\x7f",
	    "\"\\b\\f\\n\\r\\t\\u0001\\u001f\\u007f\"");
}

static void
utf8_stays_as_it_is(void **state)
{
	(void)state;
	texts_are("\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80",
	    "\"\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80\"");
}

static void
broken_utf8_becomes_replacement_characters(void **state)
{
	(void)state;
	texts_are("a\xff", "\"a\\ufffd\"");
	texts_are("\xe2\x82", "\"\\ufffd\\ufffd\"");
	/* Overlong, a surrogate, past the last character. */
	texts_are("\xc0\xaf", "\"\\ufffd\\ufffd\"");
	texts_are("\xed\xa0\x80", "\"\\ufffd\\ufffd\\ufffd\"");
	texts_are("\xf4\x90\x80\x80", "\"\\ufffd\\ufffd\\ufffd\\ufffd\"");
}

static void
keys_are_escaped_too(void **state)
{
	struct page *page = page_new();

	(void)state;
	json_writer_object(&page->writer, NULL);
	json_writer_number(&page->writer, "a\"", 1);
	json_writer_end(&page->writer);
	page_is(page, "{\n  \"a\\\"\": 1\n}\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(empty_containers_take_no_lines),
	    cmocka_unit_test(members_are_separated_and_indented),
	    cmocka_unit_test(a_document_may_be_one_line),
	    cmocka_unit_test(quotes_and_backslashes_are_escaped),
	    cmocka_unit_test(control_characters_are_escaped),
	    cmocka_unit_test(utf8_stays_as_it_is),
	    cmocka_unit_test(broken_utf8_becomes_replacement_characters),
	    cmocka_unit_test(keys_are_escaped_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
