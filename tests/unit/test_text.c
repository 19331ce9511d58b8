#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

enum { UNTOUCHED = 77 };

static void
accepts_number(const char *text, uint64_t expected)
{
	uint64_t out = UNTOUCHED;

	assert_true(number_parse(text, 0, UINT64_MAX, &out));
	assert_int_equal(out, expected);
}

static void
rejects_number(const char *text, uint64_t lo, uint64_t hi)
{
	uint64_t out = UNTOUCHED;

	assert_false(number_parse(text, lo, hi, &out));
	assert_int_equal(out, UNTOUCHED);
}

static void
accepts_duration(const char *text, uint64_t expected_ms)
{
	uint64_t out = UNTOUCHED;

	assert_true(duration_parse(text, &out));
	assert_int_equal(out, expected_ms);
}

static void
rejects_duration(const char *text)
{
	uint64_t out = UNTOUCHED;

	assert_false(duration_parse(text, &out));
	assert_int_equal(out, UNTOUCHED);
}

static void
accepts_size(const char *text, uint64_t expected)
{
	uint64_t out = UNTOUCHED;

	assert_true(size_parse(text, &out));
	assert_int_equal(out, expected);
}

static void
rejects_size(const char *text)
{
	uint64_t out = UNTOUCHED;

	assert_false(size_parse(text, &out));
	assert_int_equal(out, UNTOUCHED);
}

static void
numbers_are_decimal(void **state)
{
	(void)state;
	accepts_number("0", 0);
	accepts_number("53", 53);
	accepts_number("18446744073709551615", UINT64_MAX);
}

static void
numbers_have_nothing_around_them(void **state)
{
	(void)state;
	rejects_number("", 0, UINT64_MAX);
	rejects_number(" 1", 0, UINT64_MAX);
	rejects_number("1 ", 0, UINT64_MAX);
	rejects_number("+1", 0, UINT64_MAX);
	rejects_number("-1", 0, UINT64_MAX);
	rejects_number("0x1", 0, UINT64_MAX);
	rejects_number("1.5", 0, UINT64_MAX);
}

static void
numbers_past_64_bits_are_rejected(void **state)
{
	(void)state;
	rejects_number("18446744073709551616", 0, UINT64_MAX);
	rejects_number("18446744073709551620", 0, UINT64_MAX);
	rejects_number("99999999999999999999999", 0, UINT64_MAX);
}

static void
numbers_keep_their_bounds(void **state)
{
	uint64_t out;

	(void)state;
	assert_true(number_parse("1", 1, 65535, &out));
	assert_true(number_parse("65535", 1, 65535, &out));
	rejects_number("0", 1, 65535);
	rejects_number("65536", 1, 65535);
}

static void
durations_count_seconds_unless_they_say(void **state)
{
	(void)state;
	accepts_duration("300", 300000);
	accepts_duration("300s", 300000);
	accepts_duration("250ms", 250);
	accepts_duration("5m", 300000);
	accepts_duration("2h", 7200000);
	accepts_duration("1d", 86400000);
	accepts_duration("0", 0);
}

static void
durations_of_unknown_units_are_rejected(void **state)
{
	(void)state;
	rejects_duration("");
	rejects_duration("s");
	rejects_duration("5 m");
	rejects_duration("5M");
	rejects_duration("1w");
	rejects_duration("1h30m");
	rejects_duration("-1s");
}

static void
durations_that_overflow_are_rejected(void **state)
{
	(void)state;
	accepts_duration("18446744073709551615ms", UINT64_MAX);
	accepts_duration("18446744073709551", UINT64_C(18446744073709551000));
	rejects_duration("18446744073709552");
	rejects_duration("213503982335d");
}

static void
sizes_are_powers_of_1024(void **state)
{
	(void)state;
	accepts_size("4096", 4096);
	accepts_size("64k", 65536);
	accepts_size("64K", 65536);
	accepts_size("16M", UINT64_C(16) << 20);
	accepts_size("16m", UINT64_C(16) << 20);
	accepts_size("1G", UINT64_C(1) << 30);
	accepts_size("1g", UINT64_C(1) << 30);
}

static void
sizes_of_unknown_units_are_rejected(void **state)
{
	(void)state;
	rejects_size("");
	rejects_size("k");
	rejects_size("1T");
	rejects_size("1kB");
	rejects_size("1.5M");
}

static void
sizes_that_overflow_are_rejected(void **state)
{
	(void)state;
	accepts_size("17179869183G", UINT64_C(17179869183) << 30);
	rejects_size("17179869184G");
}

static const char *const keys[] = {"mode", "ttl", "upstreams", "listen",
    "psc_address"};

static const char *
nearest(const char *text)
{
	return text_nearest(text, keys, sizeof(keys) / sizeof(keys[0]));
}

static void
nearest_forgives_one_of_each(void **state)
{
	(void)state;
	assert_string_equal(nearest("upstreems"), "upstreams");
	assert_string_equal(nearest("upstream"), "upstreams");
	assert_string_equal(nearest("upstreamss"), "upstreams");
	assert_string_equal(nearest("upstraems"), "upstreams");
}

static void
nearest_ignores_letter_case(void **state)
{
	(void)state;
	assert_string_equal(nearest("TTL"), "ttl");
	assert_string_equal(nearest("PSC_Adress"), "psc_address");
}

static void
nearest_counts_a_swap_once(void **state)
{
	(void)state;
	assert_string_equal(nearest("tlt"), "ttl");
	assert_string_equal(nearest("mdoe"), "mode");
}

static void
nearest_stops_past_a_third(void **state)
{
	(void)state;
	assert_string_equal(nearest("mods"), "mode");
	assert_null(nearest("mXXe"));
	assert_string_equal(nearest("XXXtreams"), "upstreams");
	assert_null(nearest("XXXXreams"));
	assert_null(nearest("zones"));
	assert_null(nearest(""));
}

static void
nearest_prefers_the_closest_then_the_first(void **state)
{
	static const char *const words[] = {"forwarded", "forwarder",
	    "forwarden"};

	(void)state;
	assert_ptr_equal(text_nearest("forwarder", words, 3), words[1]);
	assert_ptr_equal(text_nearest("forwardex", words, 3), words[0]);
}

static void
nearest_passes_over_words_too_long_to_compare(void **state)
{
	static const char long_word[] =
	    "0123456789012345678901234567890123456789012345678901234567890123";
	static const char *const words[] = {long_word, "0123456789"};

	(void)state;
	assert_null(text_nearest(long_word, words, 2));
	assert_string_equal(text_nearest("012345678", words, 2), "0123456789");
	assert_string_equal(text_nearest(long_word + 1,
				&(const char *){long_word + 1}, 1),
	    long_word + 1);
}

static void
escapes(const char *text, size_t cap, const char *expected)
{
	char buf[64];

	assert_in_range(cap, 1, sizeof(buf));
	assert_ptr_equal(text_escape(text, buf, cap), buf);
	assert_string_equal(buf, expected);
}

static void
plain_text_is_copied(void **state)
{
	(void)state;
	escapes("", 64, "");
	escapes("*.run.app: ~", 64, "*.run.app: ~");
	escapes("z\303\274rich", 64, "z\303\274rich");
}

static void
control_characters_are_escaped(void **state)
{
	(void)state;
	escapes("a\nb\tc", 64, "a\\x0ab\\x09c");
	escapes("\033[31m\177", 64, "\\x1b[31m\\x7f");
}

/* U+009B starts a terminal's control sequence just as ESC [ does. */
static void
c1_control_characters_are_escaped(void **state)
{
	(void)state;
	escapes("\302\23331m", 64, "\\xc2\\x9b31m");
	escapes("\302\240 \303\233", 64, "\302\240 \303\233");
}

static void
text_that_just_fits_is_whole(void **state)
{
	(void)state;
	escapes("12345", 6, "12345");
	escapes("1\n", 6, "1\\x0a");
	escapes("", 1, "");
}

static void
longer_text_is_cut_with_dots(void **state)
{
	(void)state;
	escapes("123456", 6, "12...");
	escapes("1234", 4, "...");
	escapes("12345\n", 9, "12345...");
}

static void
cut_leaves_no_half_of_an_escape(void **state)
{
	(void)state;
	escapes("1\n23456", 8, "1...");
	escapes("1\n23456", 9, "1\\x0a...");
}

static void
cut_leaves_no_half_of_a_character(void **state)
{
	(void)state;
	escapes("1\303\27423456", 6, "1...");
	escapes("1\303\27423456", 7, "1\303\274...");
}

static void
cut_fits_the_smallest_buffer(void **state)
{
	(void)state;
	escapes("1234", 3, "..");
	escapes("1234", 1, "");
	escapes("\n", 2, ".");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(numbers_are_decimal),
	    cmocka_unit_test(numbers_have_nothing_around_them),
	    cmocka_unit_test(numbers_past_64_bits_are_rejected),
	    cmocka_unit_test(numbers_keep_their_bounds),
	    cmocka_unit_test(durations_count_seconds_unless_they_say),
	    cmocka_unit_test(durations_of_unknown_units_are_rejected),
	    cmocka_unit_test(durations_that_overflow_are_rejected),
	    cmocka_unit_test(sizes_are_powers_of_1024),
	    cmocka_unit_test(sizes_of_unknown_units_are_rejected),
	    cmocka_unit_test(sizes_that_overflow_are_rejected),
	    cmocka_unit_test(nearest_forgives_one_of_each),
	    cmocka_unit_test(nearest_ignores_letter_case),
	    cmocka_unit_test(nearest_counts_a_swap_once),
	    cmocka_unit_test(nearest_stops_past_a_third),
	    cmocka_unit_test(nearest_prefers_the_closest_then_the_first),
	    cmocka_unit_test(nearest_passes_over_words_too_long_to_compare),
	    cmocka_unit_test(plain_text_is_copied),
	    cmocka_unit_test(control_characters_are_escaped),
	    cmocka_unit_test(c1_control_characters_are_escaped),
	    cmocka_unit_test(text_that_just_fits_is_whole),
	    cmocka_unit_test(longer_text_is_cut_with_dots),
	    cmocka_unit_test(cut_leaves_no_half_of_an_escape),
	    cmocka_unit_test(cut_leaves_no_half_of_a_character),
	    cmocka_unit_test(cut_fits_the_smallest_buffer),
	};

	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
