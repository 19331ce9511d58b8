#include "model/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dns/message.h"
#include "dns/rdata.h"

/* One zone, corp.test., with as many sets as a test gives it. */
enum { SETS = 4 };

static struct model model;
static struct model_zone zone;
static struct model_record_set sets[SETS];
static struct diag diag;

static struct name
name(const char *text)
{
	struct name parsed;

	assert_int_equal(name_from_text(&parsed, text), NAME_OK);
	return parsed;
}

static struct mark
line(unsigned n)
{
	return (struct mark){.file = "t.yaml", .line = n, .column = 1};
}

static int
set_up(void **state)
{
	(void)state;
	model_init(&model);
	diag_init(&diag);
	zone = (struct model_zone){
	    .mark = line(1),
	    .name = {.text = "corp", .mark = line(1)},
	    .dns_name = {.name = name("corp.test"), .mark = line(2)},
	    .record_sets = {.items = sets},
	};
	model.zones = (struct model_list){.items = &zone, .count = 1};
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	model_fini(&model);
	diag_fini(&diag);
	return 0;
}

/* Adds a record set; the line is 10 for the first, 11 for the second. */
static struct model_record_set *
add(const char *owner, uint16_t type, const char *data)
{
	const size_t n = zone.record_sets.count++;
	struct rdata *rdata = arena_calloc(&model.arena, 1, sizeof(*rdata));
	uint8_t wire[512];
	struct writer writer = writer_over(wire, sizeof(wire));

	assert_true(n < SETS);
	assert_null(rdata_from_text(type, data, &writer));
	rdata->bytes = arena_copy(&model.arena, wire, writer.at);
	rdata->len = (uint16_t)writer.at;
	sets[n] = (struct model_record_set){
	    .mark = line(10 + (unsigned)n),
	    .name = name(owner),
	    .type = type,
	    .ttl = 300,
	    .rdata = rdata,
	    .rdata_count = 1,
	};
	return &sets[n];
}

/* The check finds fault with the model, in these words. */
static void
assert_refused(const char *expected)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	assert_false(model_check(&model, &diag));
	diag_print(&diag, out);
	fclose(out);
	assert_string_equal(text, expected);
	free(text);
}

static void
what_cloud_dns_takes_is_taken(void **state)
{
	(void)state;
	add("corp.test", TYPE_A, "10.0.0.1");
	add("corp.test", TYPE_NS, "ns-gcp-private.googledomains.com.");
	add("*.corp.test", TYPE_CNAME, "corp.test.");
	assert_true(model_check(&model, &diag));
	assert_int_equal(diag.warnings, 0);
}

static void
claim_32_two_zones_of_one_name_are_refused(void **state)
{
	struct model_zone two[2];

	(void)state;
	two[0] = zone;
	two[1] = zone;
	two[1].name = (struct model_text){.text = "b", .mark = line(20)};
	two[1].dns_name =
	    (struct model_name){.name = name("CORP.test"), .mark = line(21)};
	model.zones = (struct model_list){.items = two, .count = 2};
	assert_refused("t.yaml:21:1: error: a zone for \"CORP.test.\" is "
		       "declared twice\n"
		       "t.yaml:2:1: note: first declared here\n");
}

static void
claim_32_two_zones_of_one_name_in_two_networks_are_taken(void **state)
{
	static struct model_network networks[] = {{.name = {.text = "prod"}}};
	static struct model_network_ref prod = {.name = "prod"};
	static struct model_zone two[2];

	(void)state;
	two[0] = zone;
	two[1] = zone;
	two[1].name = (struct model_text){.text = "b", .mark = line(20)};
	two[1].visibility = (struct model_visibility){
	    .given = true,
	    .networks = {.items = &prod, .count = 1},
	};
	model.networks = (struct model_list){.items = networks, .count = 1};
	model.zones = (struct model_list){.items = two, .count = 2};
	assert_true(model_check(&model, &diag));
}

/* The same zone n times, each under a name of its own. */
static struct model_zone *
zones_of_other_names(size_t n)
{
	struct model_zone *zones =
	    arena_calloc(&model.arena, n, sizeof(*zones));

	assert_non_null(zones);
	for (size_t i = 0; i < n; i++) {
		const char *text =
		    arena_printf(&model.arena, "z%zu.corp.test", i);

		zones[i] = zone;
		zones[i].name.text = arena_printf(&model.arena, "z%zu", i);
		zones[i].dns_name.name = name(text);
	}
	return zones;
}

static void
more_zones_than_the_quota_are_worth_a_warning(void **state)
{
	enum { QUOTA = 10000 };

	(void)state;
	model.zones.items = zones_of_other_names(QUOTA + 1);
	model.zones.count = QUOTA;
	assert_true(model_check(&model, &diag));
	assert_int_equal(diag.warnings, 0);
	model.zones.count = QUOTA + 1;
	assert_true(model_check(&model, &diag));
	assert_int_equal(diag.warnings, 1);
}

static void
more_sets_than_the_quota_are_worth_a_warning(void **state)
{
	enum { QUOTA = 10000 };
	struct model_record_set *many =
	    arena_calloc(&model.arena, QUOTA + 1, sizeof(*many));
	const struct model_record_set *set =
	    add("corp.test", TYPE_A, "10.0.0.1");

	(void)state;
	assert_non_null(many);
	for (size_t i = 0; i <= QUOTA; i++) {
		many[i] = *set;
		many[i].name =
		    name(arena_printf(&model.arena, "a%zu.corp.test", i));
	}
	zone.record_sets = (struct model_list){.items = many, .count = QUOTA};
	assert_true(model_check(&model, &diag));
	assert_int_equal(diag.warnings, 0);
	zone.record_sets.count = QUOTA + 1;
	assert_true(model_check(&model, &diag));
	assert_int_equal(diag.warnings, 1);
}

static void
claim_49_a_wildcard_ns_is_refused(void **state)
{
	(void)state;
	add("*.corp.test", TYPE_NS, "ns.corp.test.");
	assert_refused("t.yaml:10:1: error: *.corp.test. NS: a wildcard "
		       "cannot be of type NS\n");
}

static void
claim_50_a_cname_at_the_apex_is_refused(void **state)
{
	(void)state;
	add("corp.test", TYPE_CNAME, "www.example.com.");
	assert_refused("t.yaml:10:1: error: corp.test. CNAME: a CNAME cannot "
		       "stand at the apex, where SOA and NS are\n");
}

static void
claim_51_a_cname_stands_alone(void **state)
{
	(void)state;
	add("a.corp.test", TYPE_A, "10.0.0.1");
	add("A.corp.test", TYPE_CNAME, "b.corp.test.");
	assert_refused("t.yaml:10:1: error: a.corp.test. A: this name has a "
		       "CNAME, beside which nothing can stand\n"
		       "t.yaml:11:1: note: the CNAME is here\n");
}

static void
claim_51_a_wildcard_cname_stands_alone(void **state)
{
	(void)state;
	add("*.corp.test", TYPE_CNAME, "b.corp.test.");
	add("*.corp.test", TYPE_TXT, "x");
	assert_refused("t.yaml:11:1: error: *.corp.test. TXT: this name has a "
		       "CNAME, beside which nothing can stand\n"
		       "t.yaml:10:1: note: the CNAME is here\n");
}

static void
claim_53_a_delegation_is_refused(void **state)
{
	(void)state;
	add("eu.corp.test", TYPE_NS, "ns.eu.corp.test.");
	assert_refused("t.yaml:10:1: error: eu.corp.test. NS: a private zone "
		       "cannot delegate: make a zone of that name, private or "
		       "forwarding, instead\n");
}

static void
claim_54_at_sign_is_a_label(void **state)
{
	(void)state;
	add("\\@.corp.test", TYPE_A, "10.0.0.1");
	assert_true(model_check(&model, &diag));
}

static void
claim_54_at_sign_alone_is_outside_the_zone(void **state)
{
	(void)state;
	add("\\@", TYPE_A, "10.0.0.1");
	assert_refused(
	    "t.yaml:10:1: error: \\@. A: the name is outside the zone "
	    "corp.test.\n"
	    "t.yaml:10:1: note: Cloud DNS takes @ for a label like any other; "
	    "the apex is written \"corp.test.\"\n");
}

static void
claim_55_a_cname_has_one_value(void **state)
{
	struct model_record_set *set =
	    add("a.corp.test", TYPE_CNAME, "b.corp.test.");
	const struct model_record_set *other =
	    add("c.corp.test", TYPE_CNAME, "d.corp.test.");
	const struct rdata two[] = {set->rdata[0], other->rdata[0]};

	(void)state;
	set->rdata = two;
	set->rdata_count = 2;
	assert_refused("t.yaml:10:1: error: a.corp.test. CNAME: a CNAME has "
		       "exactly one value\n");
}

static void
claim_56_dnskey_is_refused(void **state)
{
	(void)state;
	assert_false(check_type(TYPE_DNSKEY, line(1), &diag));
	assert_int_equal(diag.errors, 1);
}

static void
claim_139_mixed_addresses_are_warned_of(void **state)
{
	(void)state;
	add("corp.test", TYPE_A, "199.36.153.4");
	add("a.corp.test", TYPE_A, "199.36.153.11");
	assert_true(model_check(&model, &diag));
	assert_int_equal(diag.warnings, 1);
}

static void
claim_139_a_mixture_of_families_counts(void **state)
{
	(void)state;
	add("corp.test", TYPE_A, "199.36.153.8");
	add("corp.test", TYPE_AAAA, "2600:2d00:2:1000::");
	assert_true(model_check(&model, &diag));
	assert_int_equal(diag.warnings, 1);
}

static void
addresses_of_one_service_are_no_mixture(void **state)
{
	(void)state;
	model.mode = MODE_PRIVATE;
	add("corp.test", TYPE_A, "199.36.153.8");
	add("corp.test", TYPE_AAAA, "2600:2d00:2:2000::");
	add("a.corp.test", TYPE_A, "199.36.153.3");
	assert_true(model_check(&model, &diag));
	assert_int_equal(diag.warnings, 0);
}

static void
a_zone_that_could_not_be_decoded_is_passed_over(void **state)
{
	(void)state;
	zone = (struct model_zone){.mark = line(1)};
	assert_true(model_check(&model, &diag));
}

static void
a_set_larger_than_a_message_is_refused(void **state)
{
	enum { MANY = 100, LONG = 700 };
	static uint8_t bytes[MANY][LONG];
	struct rdata rdata[MANY];
	struct model_record_set *set = add("a.corp.test", TYPE_TXT, "x");

	(void)state;
	for (size_t i = 0; i < MANY; i++) {
		bytes[i][0] = (uint8_t)i;
		rdata[i] = (struct rdata){.bytes = bytes[i], .len = LONG};
	}
	set->rdata = rdata;
	set->rdata_count = MANY;
	assert_refused("t.yaml:10:1: error: a.corp.test. TXT: the set does "
		       "not fit into a DNS message\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(what_cloud_dns_takes_is_taken),
	    TEST(claim_32_two_zones_of_one_name_are_refused),
	    TEST(claim_32_two_zones_of_one_name_in_two_networks_are_taken),
	    TEST(more_zones_than_the_quota_are_worth_a_warning),
	    TEST(more_sets_than_the_quota_are_worth_a_warning),
	    TEST(claim_49_a_wildcard_ns_is_refused),
	    TEST(claim_50_a_cname_at_the_apex_is_refused),
	    TEST(claim_51_a_cname_stands_alone),
	    TEST(claim_51_a_wildcard_cname_stands_alone),
	    TEST(claim_53_a_delegation_is_refused),
	    TEST(claim_54_at_sign_is_a_label),
	    TEST(claim_54_at_sign_alone_is_outside_the_zone),
	    TEST(claim_55_a_cname_has_one_value),
	    TEST(claim_56_dnskey_is_refused),
	    TEST(claim_139_mixed_addresses_are_warned_of),
	    TEST(claim_139_a_mixture_of_families_counts),
	    TEST(addresses_of_one_service_are_no_mixture),
	    TEST(a_zone_that_could_not_be_decoded_is_passed_over),
	    TEST(a_set_larger_than_a_message_is_refused),
	};

	return cmocka_run_group_tests_name("check", tests, NULL, NULL);
}
