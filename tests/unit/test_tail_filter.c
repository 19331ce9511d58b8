#include "ctl/tail_filter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ctl/live_entry.h"

enum { MS = 1000000 };

static struct live_entry
entry_of(const char *name, const char *client)
{
	struct live_entry entry = {
	    .has_question = true,
	    .type = TYPE_A,
	    .rcode = RCODE_NXDOMAIN,
	    .origin = ORIGIN_UPSTREAM,
	    .latency = 10 * (uint64_t)MS,
	};

	assert_int_equal(name_from_text(&entry.name, name), NAME_OK);
	assert_true(addr_parse(client, 4711, &entry.client));
	return entry;
}

static bool
passes(const struct tail_filter_terms *terms, const struct live_entry *entry)
{
	char error[TAIL_FILTER_ERROR];
	struct tail_filter filter;

	assert_true(tail_filter_parse(&filter, terms, error));
	return tail_filter_passes(&filter, entry);
}

static void
faults(const struct tail_filter_terms *terms, const char *sentence)
{
	char error[TAIL_FILTER_ERROR];
	struct tail_filter filter;

	assert_false(tail_filter_parse(&filter, terms, error));
	assert_string_equal(error, sentence);
}

static bool
passes_name(const char *term, const char *name)
{
	const struct tail_filter_terms terms = {.name = term};
	const struct live_entry entry = entry_of(name, "192.0.2.1");

	return passes(&terms, &entry);
}

static bool
passes_client(const char *term, const char *client)
{
	const struct tail_filter_terms terms = {.client = term};
	const struct live_entry entry = entry_of("a.example", client);

	return passes(&terms, &entry);
}

static bool
passes_rcode(const char *term, unsigned rcode)
{
	const struct tail_filter_terms terms = {.rcode = term};
	struct live_entry entry = entry_of("a.example", "192.0.2.1");

	entry.rcode = rcode;
	return passes(&terms, &entry);
}

static void
without_terms_everything_passes(void **state)
{
	const struct tail_filter_terms terms = {.name = NULL};
	const struct live_entry entry = entry_of("a.example", "192.0.2.1");
	const struct live_entry broken = {.has_question = false};

	(void)state;
	assert_true(passes(&terms, &entry));
	assert_true(passes(&terms, &broken));
}

static void
a_name_is_that_name_alone(void **state)
{
	(void)state;
	assert_true(passes_name("a.example", "a.example."));
	assert_true(passes_name("a.example.", "A.eXample"));
	assert_false(passes_name("a.example", "b.a.example"));
	assert_false(passes_name("a.example", "example"));
}

static void
a_star_is_for_all_names_below(void **state)
{
	(void)state;
	assert_true(passes_name("*.run.app", "x.run.app"));
	assert_true(passes_name("*.run.app", "x.a.RUN.app"));
	assert_true(passes_name("*.run.app", "*.run.app"));
	assert_false(passes_name("*.run.app", "run.app"));
	assert_false(passes_name("*.run.app", "xrun.app"));
	assert_true(passes_name("*", "app"));
	assert_false(passes_name("*", "."));
}

static void
a_client_is_an_address_or_a_prefix(void **state)
{
	(void)state;
	assert_true(passes_client("192.0.2.1", "192.0.2.1"));
	assert_false(passes_client("192.0.2.1", "192.0.2.2"));
	assert_true(passes_client("192.0.2.0/24", "192.0.2.2"));
	assert_false(passes_client("192.0.2.0/24", "192.0.3.2"));
	assert_true(passes_client("2001:db8::/32", "2001:db8::1"));
	assert_false(passes_client("::/0", "192.0.2.1"));
	assert_true(passes_client("192.0.2.1", "::ffff:192.0.2.1"));
}

static void
a_type_is_a_word_or_number(void **state)
{
	const struct live_entry entry = entry_of("a.example", "192.0.2.1");

	(void)state;
	assert_true(passes(&(struct tail_filter_terms){.type = "a"}, &entry));
	assert_true(
	    passes(&(struct tail_filter_terms){.type = "TYPE1"}, &entry));
	assert_false(
	    passes(&(struct tail_filter_terms){.type = "AAAA"}, &entry));
}

static void
an_rcode_is_a_word_or_number(void **state)
{
	(void)state;
	assert_true(passes_rcode("nxdomain", RCODE_NXDOMAIN));
	assert_true(passes_rcode("3", RCODE_NXDOMAIN));
	assert_true(passes_rcode("NOERROR", RCODE_NOERROR));
	assert_true(passes_rcode("rcode4095", 4095));
	assert_false(passes_rcode("NOERROR", RCODE_NXDOMAIN));
}

static void
a_source_is_who_answered(void **state)
{
	struct live_entry entry = entry_of("a.example", "192.0.2.1");

	(void)state;
	entry.origin = ORIGIN_ERROR;
	assert_true(
	    passes(&(struct tail_filter_terms){.source = "Error"}, &entry));
	assert_false(
	    passes(&(struct tail_filter_terms){.source = "rule"}, &entry));
}

static void
slower_is_at_least_so_slow(void **state)
{
	const struct live_entry entry = entry_of("a.example", "192.0.2.1");

	(void)state;
	assert_true(
	    passes(&(struct tail_filter_terms){.slower = "10ms"}, &entry));
	assert_false(
	    passes(&(struct tail_filter_terms){.slower = "11ms"}, &entry));
}

static void
all_terms_must_hold(void **state)
{
	const struct live_entry entry = entry_of("a.example", "192.0.2.1");
	struct tail_filter_terms terms = {
	    .name = "*.example",
	    .client = "192.0.2.0/24",
	    .type = "A",
	    .rcode = "NXDOMAIN",
	    .source = "upstream",
	    .slower = "1ms",
	};

	(void)state;
	assert_true(passes(&terms, &entry));
	terms.type = "MX";
	assert_false(passes(&terms, &entry));
}

static void
what_has_no_question_has_no_name_and_no_type(void **state)
{
	struct live_entry entry = entry_of(".", "192.0.2.1");

	(void)state;
	entry.has_question = false;
	assert_false(passes(&(struct tail_filter_terms){.name = "."}, &entry));
	assert_false(passes(&(struct tail_filter_terms){.type = "A"}, &entry));
	assert_true(
	    passes(&(struct tail_filter_terms){.rcode = "NXDOMAIN"}, &entry));
}

static void
a_bad_term_is_told_of(void **state)
{
	(void)state;
	faults(&(struct tail_filter_terms){.name = "a..b"},
	    "the name is empty or has an empty label");
	faults(&(struct tail_filter_terms){.client = "10.0.0.0/33"},
	    "client must be an IP address or a prefix such as 10.0.0.0/8, not "
	    "'10.0.0.0/33'");
	faults(&(struct tail_filter_terms){.type = "HTTTPS"},
	    "type must be one such as A, AAAA, HTTPS or TYPE65280, not "
	    "'HTTTPS'");
	faults(&(struct tail_filter_terms){.rcode = "4096"},
	    "rcode must be one such as NOERROR, NXDOMAIN, SERVFAIL, REFUSED or "
	    "a number, not '4096'");
	faults(&(struct tail_filter_terms){.source = "disk"},
	    "source must be rule, zone, cache, stale, upstream, special or "
	    "error, not 'disk'");
	faults(&(struct tail_filter_terms){.slower = "fast"},
	    "slower must be a duration such as 10ms or 2s, not 'fast'");
	faults(&(struct tail_filter_terms){.slower = "18446744073710s"},
	    "slower must be a duration such as 10ms or 2s, not "
	    "'18446744073710s'");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(without_terms_everything_passes),
	    cmocka_unit_test(a_name_is_that_name_alone),
	    cmocka_unit_test(a_star_is_for_all_names_below),
	    cmocka_unit_test(a_client_is_an_address_or_a_prefix),
	    cmocka_unit_test(a_type_is_a_word_or_number),
	    cmocka_unit_test(an_rcode_is_a_word_or_number),
	    cmocka_unit_test(a_source_is_who_answered),
	    cmocka_unit_test(slower_is_at_least_so_slow),
	    cmocka_unit_test(all_terms_must_hold),
	    cmocka_unit_test(what_has_no_question_has_no_name_and_no_type),
	    cmocka_unit_test(a_bad_term_is_told_of),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
