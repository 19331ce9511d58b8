#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <ldns/ldns.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dns/message.h"
#include "dns/rdata.h"
#include "dns/zonefile.h"

/* What was read: records as text, complaints as text. */
struct outcome {
	FILE *out;
	char *records;
	size_t records_size;
	char *errors;
	size_t errors_size;
	size_t left; /* records the sink still takes */
	bool clean;
};

static bool
take(void *arg, const struct zonefile_record *record)
{
	struct outcome *outcome = arg;
	char owner[NAME_TEXT];
	char type[RDATA_TYPE_TEXT];
	char data[2048];

	fprintf(outcome->out, "%u %s %u %s %s\n", record->mark.line,
	    name_to_text(record->owner.wire, owner), record->ttl,
	    rdata_type_to_text(record->type, type),
	    rdata_to_text(record->type, record->rdata, record->len, data,
		sizeof(data)));
	return --outcome->left > 0;
}

static void
read_octets(struct outcome *outcome, const char *octets, size_t len)
{
	const struct zonefile_sink sink = {.take = take, .arg = outcome};
	FILE *in = tmpfile();
	FILE *errors = open_memstream(&outcome->errors, &outcome->errors_size);
	struct name origin;
	struct diag diag;

	assert_int_equal(fwrite(octets, 1, len, in), len);
	rewind(in);
	outcome->out =
	    open_memstream(&outcome->records, &outcome->records_size);
	assert_int_equal(name_from_text(&origin, "example."), NAME_OK);
	diag_init(&diag);
	outcome->clean = zonefile_read(in, "zone", &origin, &sink, &diag);
	assert_true(outcome->clean || diag.errors > 0 || outcome->left == 0);
	diag_print(&diag, errors);
	diag_fini(&diag);
	fclose(outcome->out);
	fclose(errors);
	fclose(in);
}

static void
outcome_free(struct outcome *outcome)
{
	free(outcome->records);
	free(outcome->errors);
}

/* Text that is all right gives these records. */
static void
gives(const char *text, const char *records)
{
	struct outcome outcome = {.left = SIZE_MAX};

	read_octets(&outcome, text, strlen(text));
	assert_string_equal(outcome.errors, "");
	assert_string_equal(outcome.records, records);
	assert_true(outcome.clean);
	outcome_free(&outcome);
}

/* Text with mistakes gives these complaints and, beside, these records. */
static void
fails(const char *text, const char *errors, const char *records)
{
	struct outcome outcome = {.left = SIZE_MAX};

	read_octets(&outcome, text, strlen(text));
	assert_string_equal(outcome.errors, errors);
	assert_string_equal(outcome.records, records);
	assert_false(outcome.clean);
	outcome_free(&outcome);
}

static void
an_exported_zone_is_read(void **state)
{
	(void)state;
	gives("run.app. 21600 IN SOA ns-gcp-private.googledomains.com. "
	      "cloud-dns-hostmaster.google.com. 1 21600 3600 259200 300\n"
	      "run.app. 60 IN A 199.36.153.4\n"
	      "*.run.app. 60 IN CNAME run.app.\n"
	      "run.app. 300 IN TXT \"v=spf1 -all\" \"b;c\"\n",
	    "1 run.app. 21600 SOA ns-gcp-private.googledomains.com. "
	    "cloud-dns-hostmaster.google.com. 1 21600 3600 259200 300\n"
	    "2 run.app. 60 A 199.36.153.4\n"
	    "3 *.run.app. 60 CNAME run.app.\n"
	    "4 run.app. 300 TXT \"v=spf1 -all\" \"b;c\"\n");
}

static void
an_ordinary_master_file_is_read(void **state)
{
	(void)state;
	gives("; a comment\n"
	      "$ORIGIN corp.example.\n"
	      "$TTL 1h\n"
	      "@\tIN SOA ns admin ( ; the serial is next\n"
	      "\t\t7 ; serial\n"
	      "\t\t1h 2h 3h 5m )\n"
	      "\tNS ns\n"
	      "\n"
	      "   ; nothing here\n"
	      "ns A 10.0.0.1\n"
	      "   60 AAAA ::1 ; of the same name\n"
	      "mail IN 5m MX 10 mail.other.\n"
	      "$ORIGIN sub\n"
	      "www CLASS1 TYPE1 \\# 4 0a000002\r\n"
	      "x TXT a\\;b ( \"c (d\"\n"
	      "  e )",
	    "4 corp.example. 3600 SOA ns.corp.example. "
	    "admin.corp.example. 7 3600 7200 10800 300\n"
	    "7 corp.example. 3600 NS ns.corp.example.\n"
	    "10 ns.corp.example. 3600 A 10.0.0.1\n"
	    "11 ns.corp.example. 60 AAAA ::1\n"
	    "12 mail.corp.example. 300 MX 10 mail.other.\n"
	    "14 www.sub.corp.example. 3600 A 10.0.0.2\n"
	    "15 x.sub.corp.example. 3600 TXT \"a;b\" \"c (d\" \"e\"\n");
}

/* Unbound 1.17 gives the record the SOA's 21600; RFC 2308 section 4 does not.
 */
static void
records_without_ttl_get_the_default_and_not_the_soas(void **state)
{
	(void)state;
	gives("$TTL 300\n"
	      "@ 21600 IN SOA a. b. 1 2 3 4 5\n"
	      "www IN A 10.0.0.1\n",
	    "2 example. 21600 SOA a. b. 1 2 3 4 5\n"
	    "3 www.example. 300 A 10.0.0.1\n");
}

static void
without_a_default_the_ttl_is_the_one_before(void **state)
{
	(void)state;
	gives("a 60 A 10.0.0.1\nb A 10.0.0.2\n",
	    "1 a.example. 60 A 10.0.0.1\n2 b.example. 60 A 10.0.0.2\n");
}

static void
without_any_ttl_a_record_is_refused(void **state)
{
	(void)state;
	fails("a A 10.0.0.1\nb 60 A 10.0.0.2\n",
	    "zone:1: error: the record has no TTL, and neither $TTL nor a "
	    "record before gives one\n",
	    "2 b.example. 60 A 10.0.0.2\n");
}

static void
every_mistake_is_reported_with_its_line(void **state)
{
	(void)state;
	fails("$TTL 60\n"
	      "a A 1.2.3\n"
	      "b A 10.0.0.1\n"
	      "c MX (\n"
	      " mail )\n"
	      "d BOGUS x\n"
	      "e..f A 10.0.0.1\n"
	      "g CH A 10.0.0.1\n"
	      "h IN\n"
	      "i 2147483648 A 10.0.0.1\n"
	      "j TXT \"open\n"
	      "k A 10.0.0.1 )\n"
	      "l A 10.0.0.9\n",
	    "zone:2: error: A '1.2.3' is not an IPv4 address\n"
	    "zone:4: error: MX 'mail' needs a priority and a name, as in "
	    "'10 mail.example.com.'\n"
	    "zone:6: error: type 'BOGUS' is not known\n"
	    "zone:7: error: name 'e..f' is empty or has an empty label\n"
	    "zone:8: error: class 'CH' is not served: only IN is\n"
	    "zone:9: error: the record has no type\n"
	    "zone:10: error: TTL '2147483648' is not a number of seconds from "
	    "0 to 2147483647\n"
	    "zone:11: error: the record has a quote that is not closed\n"
	    "zone:12: error: the record closes a parenthesis that is not "
	    "open\n",
	    "3 b.example. 60 A 10.0.0.1\n"
	    "13 l.example. 60 A 10.0.0.9\n");
}

static void
a_parenthesis_left_open_is_reported_where_its_record_begins(void **state)
{
	(void)state;
	fails("a 60 A 10.0.0.1\nb 60 TXT ( x\ny\n",
	    "zone:2: error: the record opens a parenthesis that is not "
	    "closed\n",
	    "1 a.example. 60 A 10.0.0.1\n");
}

static void
a_quote_left_open_ends_its_record_even_within_parentheses(void **state)
{
	(void)state;
	fails("a 60 TXT ( \"x\nb 60 A 10.0.0.1\n",
	    "zone:1: error: the record has a quote that is not closed\n",
	    "2 b.example. 60 A 10.0.0.1\n");
}

static void
directives_are_checked(void **state)
{
	(void)state;
	fails("$INCLUDE other.zone\n"
	      "$GENERATE 1-2 a A 10.0.0.$\n"
	      "$TTL\n"
	      "$TTL 1x\n"
	      "$ORIGIN a. b.\n"
	      "$ORIGIN a..b.\n",
	    "zone:1: error: $INCLUDE 'other.zone' is refused: put the records "
	    "into this file\n"
	    "zone:2: error: directive '$GENERATE' is not known: there are "
	    "$ORIGIN and $TTL\n"
	    "zone:3: error: directive '$TTL' needs a value\n"
	    "zone:4: error: TTL '1x' is not a number of seconds from 0 to "
	    "2147483647\n"
	    "zone:5: error: directive '$ORIGIN' takes one value\n"
	    "zone:6: error: name 'a..b.' is empty or has an empty label\n",
	    "");
}

static void
a_record_without_a_name_before_it_is_refused(void **state)
{
	(void)state;
	fails(" 60 A 10.0.0.1\n",
	    "zone:1: error: the record has no name before it to go by\n", "");
}

static void
names_outside_the_origin_are_passed_on(void **state)
{
	(void)state;
	gives("www.other. 60 A 10.0.0.1\n", "1 www.other. 60 A 10.0.0.1\n");
}

static void
owners_keep_their_letter_case(void **state)
{
	(void)state;
	gives("WwW 60 A 10.0.0.1\n", "1 WwW.example. 60 A 10.0.0.1\n");
}

static void
an_empty_file_has_no_records(void **state)
{
	(void)state;
	gives("", "");
	gives("\n\n; only a comment", "");
}

static void
a_zero_octet_is_refused(void **state)
{
	struct outcome outcome = {.left = SIZE_MAX};
	const char text[] = "a 60 A 10.0.0.1\0 x\nb 60 A 10.0.0.2\n";

	(void)state;
	read_octets(&outcome, text, sizeof(text) - 1);
	assert_string_equal(outcome.errors,
	    "zone:1: error: the record has a zero octet\n");
	assert_string_equal(outcome.records, "2 b.example. 60 A 10.0.0.2\n");
	outcome_free(&outcome);
}

static void
a_line_over_64_kib_is_refused_and_the_next_one_read(void **state)
{
	struct outcome outcome = {.left = SIZE_MAX};
	static char text[70100];

	(void)state;
	snprintf(text, sizeof(text), "%065537u\nb 60 A 10.0.0.2\n", 0U);
	read_octets(&outcome, text, strlen(text));
	assert_string_equal(outcome.errors,
	    "zone:1: error: the record has a line longer than 64 KiB\n");
	assert_string_equal(outcome.records, "2 b.example. 60 A 10.0.0.2\n");
	outcome_free(&outcome);
}

static void
a_line_of_just_64_kib_is_read(void **state)
{
	struct outcome outcome = {.left = SIZE_MAX};
	static char text[64 * 1024 + 1];

	(void)state;
	snprintf(text, sizeof(text), "%-65536s", "b 60 A 10.0.0.2");
	read_octets(&outcome, text, sizeof(text) - 1);
	assert_string_equal(outcome.errors, "");
	assert_true(outcome.clean);
	outcome_free(&outcome);
}

static void
a_file_over_64_mib_is_refused(void **state)
{
	struct outcome outcome = {.left = SIZE_MAX};
	const size_t len = 64 * 1024 * 1024 + 1;
	char *const text = malloc(len);

	(void)state;
	assert_non_null(text);
	memset(text, '\n', len);
	read_octets(&outcome, text, len);
	assert_string_equal(outcome.errors,
	    "zone: error: the file is longer than 64 MiB\n");
	assert_false(outcome.clean);
	outcome_free(&outcome);
	outcome.left = SIZE_MAX;
	read_octets(&outcome, text, len - 1);
	assert_string_equal(outcome.errors, "");
	outcome_free(&outcome);
	free(text);
}

static void
the_sink_can_stop_the_reading(void **state)
{
	struct outcome outcome = {.left = 1};
	const char text[] = "a 60 A 10.0.0.1\nb 60 A 10.0.0.2\n";

	(void)state;
	read_octets(&outcome, text, sizeof(text) - 1);
	assert_string_equal(outcome.records, "1 a.example. 60 A 10.0.0.1\n");
	assert_false(outcome.clean);
	outcome_free(&outcome);
}

static void
a_directory_cannot_be_read(void **state)
{
	struct outcome outcome = {.left = SIZE_MAX};
	const struct zonefile_sink sink = {.take = take, .arg = &outcome};
	const struct name root = {.len = 1};
	FILE *in = fopen("/", "r");
	struct diag diag;

	(void)state;
	assert_non_null(in);
	diag_init(&diag);
	assert_false(zonefile_read(in, "/", &root, &sink, &diag));
	assert_int_equal(diag.errors, 1);
	diag_fini(&diag);
	fclose(in);
}

/* The independent reader: what ldns makes of a record, in our own words. */
static void
ldns_print(FILE *out, const ldns_rr *rr)
{
	char *const text = ldns_rr2str(rr);

	fputs(text, out);
	free(text);
}

static bool
take_as_ldns_prints(void *arg, const struct zonefile_record *record)
{
	struct outcome *outcome = arg;
	char owner[NAME_TEXT];
	char type[RDATA_TYPE_TEXT];
	char data[2048];

	fprintf(outcome->out, "%s\t%u\tIN\t%s\t%s\n",
	    name_to_text(record->owner.wire, owner), record->ttl,
	    rdata_type_to_text(record->type, type),
	    rdata_to_text(record->type, record->rdata, record->len, data,
		sizeof(data)));
	return true;
}

static void
ldns_reads_the_same_records(void **state)
{
	char text[] = "$ORIGIN example.\n"
		      "$TTL 300\n"
		      "@ 21600 IN SOA ns admin ( 1 2\n"
		      "  3 4 5 )\n"
		      "www A 10.0.0.1 ; one\n"
		      "    AAAA 2001:db8::1\n"
		      "mail MX 10 mx\n"
		      "t TXT \"a b\" \"c;d\"\n"
		      "_s._tcp 60 SRV 1 2 3 www\n"
		      "c CAA 0 issue \"pki.goog\"\n";
	struct outcome ours = {.left = SIZE_MAX};
	const struct zonefile_sink sink = {take_as_ldns_prints, &ours};
	FILE *in = fmemopen(text, sizeof(text) - 1, "r");
	FILE *theirs = open_memstream(&ours.errors, &ours.errors_size);
	struct name origin;
	struct diag diag;
	ldns_zone *zone;

	(void)state;
	ours.out = open_memstream(&ours.records, &ours.records_size);
	assert_int_equal(name_from_text(&origin, "example."), NAME_OK);
	diag_init(&diag);
	assert_true(zonefile_read(in, "zone", &origin, &sink, &diag));
	rewind(in);
	assert_int_equal(ldns_zone_new_frm_fp(&zone, in, NULL, 0,
			     LDNS_RR_CLASS_IN),
	    LDNS_STATUS_OK);
	ldns_print(theirs, ldns_zone_soa(zone));
	for (size_t i = 0; i < ldns_zone_rr_count(zone); i++)
		ldns_print(theirs, ldns_rr_list_rr(ldns_zone_rrs(zone), i));
	fclose(ours.out);
	fclose(theirs);
	fclose(in);
	assert_string_equal(ours.records, ours.errors);
	ldns_zone_deep_free(zone);
	diag_fini(&diag);
	outcome_free(&ours);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_exported_zone_is_read),
	    cmocka_unit_test(an_ordinary_master_file_is_read),
	    cmocka_unit_test(
		records_without_ttl_get_the_default_and_not_the_soas),
	    cmocka_unit_test(without_a_default_the_ttl_is_the_one_before),
	    cmocka_unit_test(without_any_ttl_a_record_is_refused),
	    cmocka_unit_test(every_mistake_is_reported_with_its_line),
	    cmocka_unit_test(
		a_parenthesis_left_open_is_reported_where_its_record_begins),
	    cmocka_unit_test(
		a_quote_left_open_ends_its_record_even_within_parentheses),
	    cmocka_unit_test(directives_are_checked),
	    cmocka_unit_test(a_record_without_a_name_before_it_is_refused),
	    cmocka_unit_test(names_outside_the_origin_are_passed_on),
	    cmocka_unit_test(owners_keep_their_letter_case),
	    cmocka_unit_test(an_empty_file_has_no_records),
	    cmocka_unit_test(a_zero_octet_is_refused),
	    cmocka_unit_test(
		a_line_over_64_kib_is_refused_and_the_next_one_read),
	    cmocka_unit_test(a_line_of_just_64_kib_is_read),
	    cmocka_unit_test(a_file_over_64_mib_is_refused),
	    cmocka_unit_test(the_sink_can_stop_the_reading),
	    cmocka_unit_test(a_directory_cannot_be_read),
	    cmocka_unit_test(ldns_reads_the_same_records),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
