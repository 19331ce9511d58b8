#include "dns/name.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <ldns/ldns.h>

#define LABEL_63 \
	"abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijk"
#define LABEL_61 "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghi"

static struct name
named(const char *text)
{
	struct name name;

	assert_int_equal(name_from_text(&name, text), NAME_OK);
	return name;
}

/* Reads a name at an offset of a message made of a string literal. */
static bool
read_at(const char *wire, size_t len, size_t at, struct name *name)
{
	struct reader reader = reader_over((const uint8_t *)wire, len);

	reader.at = at;
	return name_read(name, &reader);
}

static void
a_plain_name_is_read_up_to_its_root(void **state)
{
	static const uint8_t wire[] = "\3www\2aB\0rest";
	struct reader reader = reader_over(wire, sizeof(wire));
	struct name name;

	(void)state;
	assert_true(name_read_plain(&name, &reader));
	assert_int_equal(name.len, 8);
	assert_int_equal(name.labels, 2);
	assert_memory_equal(name.wire, wire, 8);
	assert_int_equal(reader.at, 8);
}

static void
a_pointer_is_no_plain_name(void **state)
{
	static const uint8_t wire[] = "\3www\0\1a\300\0";
	struct reader reader = reader_over(wire, 9);
	struct name name;

	(void)state;
	reader.at = 5;
	assert_false(name_read_plain(&name, &reader));
	assert_true(reader.bad);
}

static void
a_pointer_is_followed_and_the_cursor_stays_behind_it(void **state)
{
	static const uint8_t wire[] = "\3www\0\1a\300\0rest";
	struct reader reader = reader_over(wire, sizeof(wire));
	struct name name;

	(void)state;
	reader.at = 5;
	assert_true(name_read(&name, &reader));
	assert_true(name_equal(name.wire, named("a.www").wire));
	assert_int_equal(name.labels, 2);
	assert_int_equal(reader.at, 9);
	assert_int_equal(reader.hops, 1);
}

static void
a_pointer_must_lead_strictly_backwards(void **state)
{
	struct name name;

	(void)state;
	assert_false(read_at("\300\0", 2, 0, &name));
	assert_false(read_at("\1a\300\0", 4, 0, &name));
	assert_false(read_at("\1a\300\2", 4, 0, &name));
	assert_false(read_at("\300\2\0", 3, 0, &name));
	assert_false(read_at("\1a\300\4\1b\300\0", 8, 4, &name));
	assert_true(read_at("\1a\0\1b\300\0", 7, 3, &name));
}

static void
sixteen_pointers_are_followed_and_no_more(void **state)
{
	char wire[2 + 2 * 17] = {0};
	struct name name;

	(void)state;
	for (size_t i = 1; i <= 17; i++) {
		wire[2 * i] = (char)0xc0;
		wire[2 * i + 1] = (char)(2 * (i - 1));
	}
	assert_true(read_at(wire, sizeof(wire), 32, &name));
	assert_false(read_at(wire, sizeof(wire), 34, &name));
}

static void
a_reader_follows_4096_pointers_and_no_more(void **state)
{
	static const uint8_t wire[] = "\0\300\0";
	struct reader reader = reader_over(wire, 3);
	struct name name;

	(void)state;
	for (unsigned i = 0; i < 4096; i++) {
		reader.at = 1;
		assert_true(name_read(&name, &reader));
	}
	reader.at = 1;
	assert_false(name_read(&name, &reader));
}

static void
reserved_label_types_are_refused(void **state)
{
	struct name name;

	(void)state;
	assert_false(read_at("\0\100\0", 3, 1, &name));
	assert_false(read_at("\0\200\0", 3, 1, &name));
	assert_false(read_at("\0\277\0", 3, 1, &name));
}

static void
a_cut_name_is_refused(void **state)
{
	struct name name;

	(void)state;
	assert_false(read_at("", 0, 0, &name));
	assert_false(read_at("\3ww", 3, 0, &name));
	assert_false(read_at("\3www", 4, 0, &name));
	assert_false(read_at("\0\300", 2, 1, &name));
}

/* Four labels that make 255 octets with the last one of 61. */
static void
a_name_has_255_octets_at_most(void **state)
{
	char wire[256] = {0};
	struct name name;

	(void)state;
	wire[0] = 63;
	wire[64] = 63;
	wire[128] = 63;
	wire[192] = 61;
	assert_true(read_at(wire, 255, 0, &name));
	assert_int_equal(name.len, 255);
	wire[192] = 62;
	assert_false(read_at(wire, 256, 0, &name));
}

static void
folding_changes_letters_only(void **state)
{
	struct name name = named("AbZ@\\[\\`{-09\\200.COM");

	(void)state;
	name_fold(&name);
	assert_memory_equal(name.wire,
	    "\x0b"
	    "abz@[`{-09\xc8\3com",
	    17);
}

static void
letter_case_makes_no_difference(void **state)
{
	(void)state;
	assert_true(name_equal(named("WWW.Example.COM").wire,
	    named("www.eXAMPLE.com.").wire));
	assert_false(name_equal(named("a.b").wire, named("a.c").wire));
	assert_false(name_equal(named("a.b").wire, named("a").wire));
	assert_false(name_equal(named("a").wire, named("a.b").wire));
	/* '@' and '`' differ in the bit that tells a from A. */
	assert_false(name_equal(named("\\@").wire, named("`").wire));
	assert_true(name_equal(named(".").wire, named(".").wire));
}

static void
a_dot_inside_a_label_is_no_boundary(void **state)
{
	(void)state;
	assert_false(name_equal(named("a\\.b").wire, named("a.b").wire));
	assert_false(
	    name_under(named("x\\.run.app").wire, named("run.app").wire));
}

static void
under_means_whole_labels(void **state)
{
	const struct name apex = named("run.app");

	(void)state;
	assert_true(name_under(named("RUN.app").wire, apex.wire));
	assert_true(name_under(named("a.b.run.APP").wire, apex.wire));
	assert_false(name_under(named("notrun.app").wire, apex.wire));
	assert_false(name_under(named("app").wire, apex.wire));
	assert_false(name_under(named("run.app.x").wire, apex.wire));
	assert_true(name_under(named("x").wire, named(".").wire));
}

static void
labels_are_counted_and_stripped(void **state)
{
	const struct name name = named("a.bc.def");

	(void)state;
	assert_int_equal(name_labels(name.wire), 3);
	assert_int_equal(name_size(name.wire), 10);
	assert_ptr_equal(name_strip(name.wire, 0), name.wire);
	assert_true(name_equal(name_strip(name.wire, 2), named("def").wire));
	assert_int_equal(*name_strip(name.wire, 3), 0);
}

static void
set_copies_the_whole_name(void **state)
{
	const struct name name = named("a.bc.def");
	struct name copy;

	(void)state;
	name_set(&copy, name.wire);
	assert_int_equal(copy.len, name.len);
	assert_int_equal(copy.labels, name.labels);
	assert_memory_equal(copy.wire, name.wire, name.len);
}

static void
only_a_lone_star_is_a_wildcard(void **state)
{
	(void)state;
	assert_true(name_is_wildcard(named("*.run.app").wire));
	assert_false(name_is_wildcard(named("**.run.app").wire));
	assert_false(name_is_wildcard(named("a.*.app").wire));
	assert_false(name_is_wildcard(named(".").wire));
}

static void
text_that_is_no_name_says_why(void **state)
{
	struct name name = {.len = 77};

	(void)state;
	assert_int_equal(name_from_text(&name, ""), NAME_EMPTY);
	assert_int_equal(name_from_text(&name, "a..b"), NAME_EMPTY);
	assert_int_equal(name_from_text(&name, ".a"), NAME_EMPTY);
	assert_int_equal(name_from_text(&name, ".."), NAME_EMPTY);
	assert_int_equal(name_from_text(&name, "a.."), NAME_EMPTY);
	assert_int_equal(name_from_text(&name, LABEL_63 "x"), NAME_LABEL_LONG);
	assert_int_equal(name_from_text(&name,
			     LABEL_63 "." LABEL_63 "." LABEL_63 "." LABEL_61
				      "x"),
	    NAME_LONG);
	assert_int_equal(name_from_text(&name, "a\\"), NAME_BAD_ESCAPE);
	assert_int_equal(name_from_text(&name, "a\\25"), NAME_BAD_ESCAPE);
	assert_int_equal(name_from_text(&name, "a\\256"), NAME_BAD_ESCAPE);
	assert_int_equal(name_from_text(&name, "a b"), NAME_BAD_OCTET);
	assert_int_equal(name_from_text(&name, "a\tb"), NAME_BAD_OCTET);
	assert_int_equal(name_from_text(&name, "m\303\274"), NAME_BAD_OCTET);
	assert_int_equal(name.len, 77);
	assert_string_equal(name_error_text(NAME_LABEL_LONG),
	    "has a label longer than 63 octets");
}

static void
the_longest_text_is_a_name_and_comes_back(void **state)
{
	const char *text = LABEL_63 "." LABEL_63 "." LABEL_63 "." LABEL_61 ".";
	char buf[NAME_TEXT];

	(void)state;
	assert_int_equal(named(text).len, 255);
	assert_string_equal(name_to_text(named(text).wire, buf), text);
}

static void
text_escapes_what_a_master_file_must(void **state)
{
	char buf[NAME_TEXT];

	(void)state;
	assert_string_equal(
	    name_to_text(named("a\\.\\;\\\"\\\\\\000\\255\\ \\(.x").wire, buf),
	    "a\\.\\;\\\"\\\\\\000\\255\\032\\(.x.");
	assert_string_equal(name_to_text(named(".").wire, buf), ".");
}

/* Every octet needs four characters. */
static void
the_longest_escaped_text_fits_its_buffer(void **state)
{
	struct name name = {.len = 255};
	char buf[NAME_TEXT];

	(void)state;
	name.wire[0] = 63;
	name.wire[64] = 63;
	name.wire[128] = 63;
	name.wire[192] = 61;
	assert_int_equal(strlen(name_to_text(name.wire, buf)), 250 * 4 + 4);
	assert_true(name_equal(named(buf).wire, name.wire));
}

static void
agrees_with_ldns(const char *text)
{
	ldns_rdf *theirs = ldns_dname_new_frm_str(text);
	const struct name ours = named(text);

	assert_non_null(theirs);
	assert_int_equal(ours.len, ldns_rdf_size(theirs));
	assert_memory_equal(ours.wire, ldns_rdf_data(theirs), ours.len);
	assert_int_equal(ours.labels, ldns_dname_label_count(theirs));
	ldns_rdf_deep_free(theirs);
}

static void
ldns_reads_the_same_names_in_text(void **state)
{
	(void)state;
	agrees_with_ldns(".");
	agrees_with_ldns("run.app.");
	agrees_with_ldns("Server-Node-xxxxxxx-an.a.run.app.");
	agrees_with_ldns("_acme-challenge.example.com.");
	agrees_with_ldns("a\\.b.\\000\\255.x\\\\y.");
	agrees_with_ldns("*.example.com.");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_plain_name_is_read_up_to_its_root),
	    cmocka_unit_test(a_pointer_is_no_plain_name),
	    cmocka_unit_test(
		a_pointer_is_followed_and_the_cursor_stays_behind_it),
	    cmocka_unit_test(a_pointer_must_lead_strictly_backwards),
	    cmocka_unit_test(sixteen_pointers_are_followed_and_no_more),
	    cmocka_unit_test(a_reader_follows_4096_pointers_and_no_more),
	    cmocka_unit_test(reserved_label_types_are_refused),
	    cmocka_unit_test(a_cut_name_is_refused),
	    cmocka_unit_test(a_name_has_255_octets_at_most),
	    cmocka_unit_test(folding_changes_letters_only),
	    cmocka_unit_test(letter_case_makes_no_difference),
	    cmocka_unit_test(a_dot_inside_a_label_is_no_boundary),
	    cmocka_unit_test(under_means_whole_labels),
	    cmocka_unit_test(labels_are_counted_and_stripped),
	    cmocka_unit_test(set_copies_the_whole_name),
	    cmocka_unit_test(only_a_lone_star_is_a_wildcard),
	    cmocka_unit_test(text_that_is_no_name_says_why),
	    cmocka_unit_test(the_longest_text_is_a_name_and_comes_back),
	    cmocka_unit_test(text_escapes_what_a_master_file_must),
	    cmocka_unit_test(the_longest_escaped_text_fits_its_buffer),
	    cmocka_unit_test(ldns_reads_the_same_names_in_text),
	};

	return cmocka_run_group_tests_name("name", tests, NULL, NULL);
}
