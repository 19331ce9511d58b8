#include "base/line.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

enum {
	ROOM = 256,
	TIME_TEXT = 32,
	DAYS = 213503, /* that 64 bits of nanoseconds have */
};

static char room[ROOM];
static struct line line;

static int
setup(void **state)
{
	(void)state;
	line = line_in(room, sizeof(room));
	return 0;
}

static void
expect(const char *text)
{
	assert_int_equal(line.len, strlen(text));
	assert_memory_equal(line.text, text, line.len);
	line.len = 0;
}

static void
numbers_are_decimal(void **state)
{
	(void)state;
	line_number(&line, 0);
	expect("0");
	line_number(&line, UINT64_MAX);
	expect("18446744073709551615");
	line_digits(&line, 7, 3);
	expect("007");
	line_digits(&line, 1234, 3);
	expect("234");
}

/* What the C library makes of a second since 1970. */
static const char *
date_by_library(uint64_t second)
{
	static char date[TIME_TEXT];
	const time_t time = (time_t)second;
	struct tm tm;

	gmtime_r(&time, &tm);
	strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%S.0Z", &tm);
	return date;
}

static void
every_day_has_its_date(void **state)
{
	(void)state;
	for (uint64_t day = 0; day < DAYS; day++) {
		const uint64_t second = day * 86400 + day * 9973 % 86400;

		line_time(&line, second * 1000000000, 1);
		expect(date_by_library(second));
	}
}

static void
a_time_has_as_many_digits_of_a_second(void **state)
{
	const uint64_t at = UINT64_C(1642929365041873447);

	(void)state;
	line_time(&line, at, 9);
	expect("2022-01-23T09:16:05.041873447Z");
	line_time(&line, at, 6);
	expect("2022-01-23T09:16:05.041873Z");
	line_time(&line, 0, 1);
	expect("1970-01-01T00:00:00.0Z");
}

static void
what_does_not_fit_is_not_begun_and_nothing_follows(void **state)
{
	(void)state;
	line.cap = 4;
	line_put(&line, "abc");
	line_put(&line, "de");
	assert_true(line.full);
	line_put(&line, "f");
	expect("abc");
}

static void
json(const char *text, const char *expected)
{
	line_json(&line, text, strlen(text));
	expect(expected);
}

static void
json_keeps_what_needs_nothing(void **state)
{
	(void)state;
	json("", "\"\"");
	json("www.example.com. a/b", "\"www.example.com. a/b\"");
	json("z\xc3\xbcrich \xe2\x82\xac \xf0\x9f\x98\x80",
	    "\"z\xc3\xbcrich \xe2\x82\xac \xf0\x9f\x98\x80\"");
}

static void
json_escapes_what_it_must(void **state)
{
	(void)state;
	json("a\"b\\c\nd\te\x01\x7f", "\"a\\\"b\\\\c\\nd\\te\\u0001\\u007f\"");
	line_json(&line, "\0x", 2);
	expect("\"\\u0000x\"");
}

/* Eight octets are looked at together: any of them may be what matters. */
static void
json_escapes_each_octet_wherever_it_stands(void **state)
{
	static const char blanks[] = "                ";
	enum { LENGTH = sizeof(blanks) - 1 };
	char alone[LENGTH];
	char among[LENGTH];
	char expected[ROOM];

	(void)state;
	for (unsigned octet = 0; octet < 256; octet++) {
		for (size_t place = 0; place < LENGTH; place++) {
			struct line first = line_in(alone, sizeof(alone));
			size_t escaped;

			memcpy(among, blanks, LENGTH);
			among[place] = (char)octet;
			line_json(&first, &among[place], 1);
			escaped = first.len - 2;
			snprintf(expected, sizeof(expected), "\"%.*s%.*s%.*s\"",
			    (int)place, blanks, (int)escaped, alone + 1,
			    (int)(LENGTH - 1 - place), blanks);
			line_json(&line, among, LENGTH);
			expect(expected);
		}
	}
}

static void
json_is_utf_8_whatever_comes(void **state)
{
	(void)state;
	json("a\xff\xc3", "\"a\\ufffd\\ufffd\"");
	json("\xed\xa0\x80", "\"\\ufffd\\ufffd\\ufffd\"");
}

static void
json_has_no_line_breaks_of_unicode(void **state)
{
	(void)state;
	json("\xc2\x85", "\"\\u0085\"");
	json("\xe2\x80\xa8\xe2\x80\xa9", "\"\\u2028\\u2029\"");
}

static void
a_word_is_one_word(void **state)
{
	(void)state;
	line_word(&line, "zone-a");
	expect("zone-a");
	line_word(&line, "a b\n\xc3\xbc\x7f");
	expect("a\\x20b\\x0a\\xc3\\xbc\\x7f");
	line_word(&line, "");
	expect("-");
}

static void
words_keep_their_blanks(void **state)
{
	(void)state;
	line_words(&line, "timed out\r\n");
	expect("timed out\\x0d\\x0a");
	line_words(&line, "");
	expect("");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(numbers_are_decimal, setup),
	    cmocka_unit_test_setup(every_day_has_its_date, setup),
	    cmocka_unit_test_setup(a_time_has_as_many_digits_of_a_second,
		setup),
	    cmocka_unit_test_setup(
		what_does_not_fit_is_not_begun_and_nothing_follows, setup),
	    cmocka_unit_test_setup(json_keeps_what_needs_nothing, setup),
	    cmocka_unit_test_setup(json_escapes_what_it_must, setup),
	    cmocka_unit_test_setup(json_escapes_each_octet_wherever_it_stands,
		setup),
	    cmocka_unit_test_setup(json_is_utf_8_whatever_comes, setup),
	    cmocka_unit_test_setup(json_has_no_line_breaks_of_unicode, setup),
	    cmocka_unit_test_setup(a_word_is_one_word, setup),
	    cmocka_unit_test_setup(words_keep_their_blanks, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
