#include "dns/edns.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "dns/message.h"

static uint8_t octets[1024];
static struct writer options;
static struct edns_options found;
static uint8_t memory[1024];
static struct arena arena;

static int
setup(void **state)
{
	(void)state;
	options = writer_over(octets, sizeof(octets));
	arena_init(&arena, memory, sizeof(memory));
	memset(&found, 0xa5, sizeof(found));
	return 0;
}

static void
append(uint16_t code, const void *data, size_t len)
{
	writer_u16(&options, code);
	writer_u16(&options, (uint16_t)len);
	writer_bytes(&options, data, len);
}

static bool
read_all(void)
{
	return edns_read(&found, octets, options.at);
}

/* Reads one COOKIE option of len octets: 0, 1, 2 and so on. */
static bool
read_cookie(size_t len)
{
	uint8_t data[64];

	for (size_t i = 0; i < len; i++)
		data[i] = (uint8_t)i;
	setup(NULL);
	append(OPTION_COOKIE, data, len);
	return read_all();
}

/* Has the error of this text kept. */
static const char *
kept(const char *text, size_t len)
{
	uint8_t data[600] = {0, 6};

	setup(NULL);
	memcpy(data + 2, text, len);
	append(OPTION_EDE, data, 2 + len);
	assert_true(read_all());
	return edns_error_keep(&found, &arena)->text;
}

static const char *
kept_string(const char *text)
{
	return kept(text, strlen(text));
}

static void
no_options_are_sound(void **state)
{
	(void)state;
	assert_true(read_all());
	assert_false(found.has_cookie);
	assert_false(found.has_error);
}

static void
a_client_cookie_stands_alone_or_before_a_servers(void **state)
{
	(void)state;
	assert_true(read_cookie(8));
	assert_true(found.has_cookie);
	assert_int_equal(found.cookie.server_len, 0);
	assert_memory_equal(found.cookie.client, "\0\1\2\3\4\5\6\7", 8);
	assert_true(read_cookie(16));
	assert_int_equal(found.cookie.server_len, 8);
	assert_memory_equal(found.cookie.server, "\10\11\12\13\14\15\16\17", 8);
	assert_true(read_cookie(40));
	assert_int_equal(found.cookie.server_len, 32);
	assert_int_equal(found.cookie.server[31], 39);
}

/* RFC 7873 section 5.2.2. */
static void
no_cookie_has_another_length(void **state)
{
	(void)state;
	assert_false(read_cookie(0));
	assert_false(read_cookie(7));
	assert_false(read_cookie(9));
	assert_false(read_cookie(15));
	assert_false(read_cookie(41));
}

static void
of_two_of_a_kind_the_first_counts(void **state)
{
	(void)state;
	append(OPTION_COOKIE, "firstone", 8);
	append(OPTION_COOKIE, "other", 5);
	append(OPTION_EDE, "\0\7one", 5);
	append(OPTION_EDE, "\0\6two", 5);
	assert_true(read_all());
	assert_memory_equal(found.cookie.client, "firstone", 8);
	assert_int_equal(found.error_code, 7);
	assert_int_equal(found.error_len, 3);
}

static void
other_options_are_passed_over(void **state)
{
	static const uint8_t padding[468];

	(void)state;
	append(3, "nsid", 4);
	append(OPTION_PADDING, padding, sizeof(padding));
	append(OPTION_COOKIE, "firstone", 8);
	assert_true(read_all());
	assert_true(found.has_cookie);
}

static void
sixteen_options_are_read_and_no_more(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 16; i++)
		append(65001, "", 0);
	assert_true(read_all());
	append(65001, "", 0);
	assert_false(read_all());
}

static void
every_cut_of_an_option_is_malformed(void **state)
{
	(void)state;
	append(OPTION_EDE, "\0\6text", 6);
	for (size_t len = 1; len < options.at; len++)
		assert_false(edns_read(&found, octets, len));
	assert_true(read_all());
}

static void
an_error_has_a_code(void **state)
{
	(void)state;
	append(OPTION_EDE, "\0", 1);
	assert_false(read_all());
}

static void
an_error_may_have_no_text(void **state)
{
	const struct edns_error *error;

	(void)state;
	append(OPTION_EDE, "\1\2", 2);
	assert_true(read_all());
	error = edns_error_keep(&found, &arena);
	assert_int_equal(error->code, 0x102);
	assert_string_equal(error->text, "");
}

static void
a_text_is_kept_as_it_came(void **state)
{
	(void)state;
	assert_string_equal(kept_string("signature expired \u2026 \u00e4"),
	    "signature expired \u2026 \u00e4");
}

/* RFC 8914 section 2. */
static void
a_terminator_is_no_part_of_the_text(void **state)
{
	(void)state;
	assert_string_equal(kept("text\0\0", 6), "text");
	assert_string_equal(kept("a\0b", 3), "a?b");
	assert_string_equal(kept("\0", 1), "");
}

static void
what_does_things_to_a_terminal_is_made_harmless(void **state)
{
	static const char leftwards[] = {'\xe2', '\x80', '\xae', 'g', 'p', 'j'};

	(void)state;
	assert_string_equal(kept_string("a\nb\033[2Jc\177"), "a?b?[2Jc?");
	assert_string_equal(kept_string("a\xc2\x9b"
					"2Jb\u2028c"),
	    "a?2Jb?c");
	assert_string_equal(kept("\ufeffa\ufeff", 7), "?a?");
	assert_string_equal(kept(leftwards, sizeof(leftwards)), "?gpj");
}

static void
what_is_not_utf8_is_made_so(void **state)
{
	(void)state;
	assert_string_equal(kept_string("a\xff\xe2\x82"), "a???");
	assert_string_equal(kept_string("\xc0\x80z"), "??z");
}

/* 199 octets fit, of the character of three after them not one. */
static void
a_text_is_cut_between_characters(void **state)
{
	static const char euro[] = {'\xe2', '\x82', '\xac'};
	char text[300];

	(void)state;
	memset(text, 'x', sizeof(text));
	assert_int_equal(strlen(kept(text, 300)), 200);
	memcpy(text + 199, euro, sizeof(euro));
	assert_int_equal(strlen(kept(text, 300)), 199);
}

static void
a_full_arena_keeps_no_error(void **state)
{
	(void)state;
	append(OPTION_EDE, "\0\6text", 6);
	assert_true(read_all());
	arena_init(&arena, memory, 0);
	assert_null(edns_error_keep(&found, &arena));
	arena_init(&arena, memory, 8);
	assert_null(edns_error_keep(&found, &arena));
}

static void
errors_have_the_names_of_the_registry(void **state)
{
	(void)state;
	assert_string_equal(edns_error_name(0), "Other");
	assert_string_equal(edns_error_name(6), "DNSSEC Bogus");
	assert_string_equal(edns_error_name(13), "Cached Error");
	assert_string_equal(edns_error_name(23), "Network Error");
	assert_string_equal(edns_error_name(30), "Invalid Query Type");
	assert_null(edns_error_name(31));
	assert_null(edns_error_name(65535));
}

static void
a_cookie_is_read_as_it_was_written(void **state)
{
	const struct cookie cookie = {
	    .client = "myself!!",
	    .server_len = 16,
	    .server = "you, the server!",
	};

	(void)state;
	edns_cookie_put(&options, &cookie);
	assert_int_equal(options.at, 4 + 8 + 16);
	assert_true(read_all());
	assert_true(found.has_cookie);
	assert_int_equal(found.cookie.server_len, 16);
	assert_memory_equal(found.cookie.client, cookie.client, 8);
	assert_memory_equal(found.cookie.server, cookie.server, 16);
}

/* How much a message of so many octets grows. */
static size_t
padding_after(size_t octets_before)
{
	setup(NULL);
	writer_room(&options, octets_before);
	edns_padding_put(&options, 128);
	assert_false(options.bad);
	return options.at - octets_before;
}

static void
padding_fills_the_block(void **state)
{
	(void)state;
	assert_int_equal(padding_after(100), 28);
	assert_int_equal(padding_after(124), 4);
	assert_int_equal(padding_after(125), 131);
	assert_int_equal(padding_after(128), 128);
}

static void
padding_is_of_zeroes(void **state)
{
	static const uint8_t zeroes[124];

	(void)state;
	memset(octets, 0xff, sizeof(octets));
	padding_after(0);
	assert_memory_equal(octets, "\0\14\0\174", 4);
	assert_memory_equal(octets + 4, zeroes, 124);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup(name, setup)
	    TEST(no_options_are_sound),
	    TEST(a_client_cookie_stands_alone_or_before_a_servers),
	    TEST(no_cookie_has_another_length),
	    TEST(of_two_of_a_kind_the_first_counts),
	    TEST(other_options_are_passed_over),
	    TEST(sixteen_options_are_read_and_no_more),
	    TEST(every_cut_of_an_option_is_malformed),
	    TEST(an_error_has_a_code),
	    TEST(an_error_may_have_no_text),
	    TEST(a_text_is_kept_as_it_came),
	    TEST(a_terminator_is_no_part_of_the_text),
	    TEST(what_does_things_to_a_terminal_is_made_harmless),
	    TEST(what_is_not_utf8_is_made_so),
	    TEST(a_text_is_cut_between_characters),
	    TEST(a_full_arena_keeps_no_error),
	    TEST(errors_have_the_names_of_the_registry),
	    TEST(a_cookie_is_read_as_it_was_written),
	    TEST(padding_fills_the_block),
	    TEST(padding_is_of_zeroes),
	};

	return cmocka_run_group_tests_name("edns", tests, NULL, NULL);
}
