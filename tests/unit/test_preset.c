#include "model/preset.h"
#include "model/reference.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "dns/message.h"

static struct model model;
static struct arena arena;
static struct model_text preset = {.text = "google-apis"};
static struct model_list zones;

static int
set_up(void **state)
{
	(void)state;
	model_init(&model);
	model.presets = (struct model_list){.items = &preset, .count = 1};
	preset.text = "google-apis";
	arena_init_heap(&arena, 4096);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	model_fini(&model);
	arena_fini(&arena);
	return 0;
}

static struct name
name(const char *text)
{
	struct name parsed;

	assert_int_equal(name_from_text(&parsed, text), NAME_OK);
	return parsed;
}

static const struct model_zone *
zone_of(const char *text)
{
	const struct model_zone *list = zones.items;
	const struct name apex = name(text);

	for (size_t i = 0; i < zones.count; i++) {
		if (name_equal(list[i].dns_name.name.wire, apex.wire))
			return &list[i];
	}
	return NULL;
}

/* The zone's set of a name and type, or NULL. */
static const struct model_record_set *
set_of(const char *zone, const char *owner, uint16_t type)
{
	const struct model_zone *found = zone_of(zone);
	const struct name wanted = name(owner);
	const struct model_record_set *sets;

	assert_non_null(found);
	sets = found->record_sets.items;
	for (size_t i = 0; i < found->record_sets.count; i++) {
		if (sets[i].type == type &&
		    name_equal(sets[i].name.wire, wanted.wire))
			return &sets[i];
	}
	return NULL;
}

static void
assert_addresses(const struct model_record_set *set, uint8_t first)
{
	assert_non_null(set);
	assert_int_equal(set->rdata_count, 4);
	for (uint8_t i = 0; i < 4; i++) {
		const uint8_t wire[] = {199, 36, 153, (uint8_t)(first + i)};

		assert_memory_equal(set->rdata[i].bytes, wire, sizeof(wire));
	}
}

static void
assert_alias(const struct model_record_set *set, const char *target)
{
	const struct name wanted = name(target);

	assert_non_null(set);
	assert_int_equal(set->rdata_count, 1);
	assert_true(name_equal(set->rdata[0].bytes, wanted.wire));
}

static void
claim_136_restricted_is_4_to_7_and_an_alias(void **state)
{
	const struct model_record_set *apex;

	(void)state;
	assert_true(
	    preset_zones(&model, reference_default(&model), &arena, &zones));
	apex = set_of("run.app", "run.app", TYPE_A);
	assert_addresses(apex, 4);
	assert_int_equal(apex->ttl, 60);
	assert_alias(set_of("run.app", "*.run.app", TYPE_CNAME), "run.app");
	assert_null(set_of("run.app", "run.app", TYPE_AAAA));
}

static void
claim_136_ipv6_of_restricted_is_on_request(void **state)
{
	static const uint8_t wire[16] = {0x26, 0, 0x2d, 0, 0, 2, 0x10};
	const struct model_record_set *set;

	(void)state;
	model.ipv6 = true;
	assert_true(
	    preset_zones(&model, reference_default(&model), &arena, &zones));
	set = set_of("run.app", "run.app", TYPE_AAAA);
	assert_non_null(set);
	assert_int_equal(set->rdata_count, 1);
	assert_memory_equal(set->rdata[0].bytes, wire, sizeof(wire));
}

static void
claim_137_private_is_8_to_11(void **state)
{
	static const uint8_t wire[16] = {0x26, 0, 0x2d, 0, 0, 2, 0x20};
	const struct model_record_set *set;

	(void)state;
	model.mode = MODE_PRIVATE;
	model.ipv6 = true;
	assert_true(
	    preset_zones(&model, reference_default(&model), &arena, &zones));
	assert_addresses(set_of("run.app", "run.app", TYPE_A), 8);
	set = set_of("run.app", "run.app", TYPE_AAAA);
	assert_memory_equal(set->rdata[0].bytes, wire, sizeof(wire));
}

static void
claim_138_googleapis_has_no_address_at_its_apex(void **state)
{
	(void)state;
	assert_true(
	    preset_zones(&model, reference_default(&model), &arena, &zones));
	assert_null(set_of("googleapis.com", "googleapis.com", TYPE_A));
	assert_addresses(set_of("googleapis.com", "restricted.googleapis.com",
			     TYPE_A),
	    4);
	assert_alias(set_of("googleapis.com", "*.googleapis.com", TYPE_CNAME),
	    "restricted.googleapis.com");
}

static void
claim_138_private_has_a_name_of_its_own(void **state)
{
	(void)state;
	model.mode = MODE_PRIVATE;
	assert_true(
	    preset_zones(&model, reference_default(&model), &arena, &zones));
	assert_addresses(set_of("googleapis.com", "private.googleapis.com",
			     TYPE_A),
	    8);
}

static void
psc_puts_the_endpoint_at_every_apex(void **state)
{
	static const uint8_t wire[] = {10, 10, 10, 10};
	const struct model_record_set *set;

	(void)state;
	model.mode = MODE_PSC;
	model.ipv6 = true;
	assert_true(addr_parse("10.10.10.10", 53, &model.psc_address.addr));
	assert_true(
	    preset_zones(&model, reference_default(&model), &arena, &zones));
	set = set_of("googleapis.com", "googleapis.com", TYPE_A);
	assert_non_null(set);
	assert_int_equal(set->rdata_count, 1);
	assert_memory_equal(set->rdata[0].bytes, wire, sizeof(wire));
	assert_null(set_of("googleapis.com", "googleapis.com", TYPE_AAAA));
	assert_alias(set_of("googleapis.com", "*.googleapis.com", TYPE_CNAME),
	    "googleapis.com");
}

static void
mode_off_makes_no_zone(void **state)
{
	(void)state;
	model.mode = MODE_OFF;
	assert_true(
	    preset_zones(&model, reference_default(&model), &arena, &zones));
	assert_int_equal(zones.count, 0);
}

static void
presets_that_overlap_make_one_zone(void **state)
{
	static struct model_text both[] = {{.text = "cloud-run"},
	    {.text = "google-apis"}};
	size_t alone;

	(void)state;
	assert_true(
	    preset_zones(&model, reference_default(&model), &arena, &zones));
	alone = zones.count;
	model.presets = (struct model_list){.items = both, .count = 2};
	assert_true(
	    preset_zones(&model, reference_default(&model), &arena, &zones));
	assert_int_equal(zones.count, alone);
}

static void
a_zone_of_ones_own_takes_the_presets_place(void **state)
{
	static struct model_zone own;

	(void)state;
	own.dns_name.name = name("Run.App");
	model.zones = (struct model_list){.items = &own, .count = 1};
	preset.text = "cloud-run";
	assert_true(
	    preset_zones(&model, reference_default(&model), &arena, &zones));
	assert_int_equal(zones.count, 0);
}

static void
another_universe_has_its_own_names_and_addresses(void **state)
{
	static const uint8_t wire[] = {192, 0, 2, 4};
	struct model_name domain = {.name = name("apis.universe.test")};
	struct model_addr vip = {.addr.len = 0};
	struct model_preset own = {
	    .name.text = "universe",
	    .api_domains = {.items = &domain, .count = 1},
	    .restricted_addresses = {.items = &vip, .count = 1},
	};
	const struct model_record_set *set;

	(void)state;
	assert_true(addr_parse("192.0.2.4", 53, &vip.addr));
	model.preset_definitions =
	    (struct model_list){.items = &own, .count = 1};
	preset.text = "universe";
	assert_true(
	    preset_zones(&model, reference_default(&model), &arena, &zones));
	assert_int_equal(zones.count, 1);
	set = set_of("apis.universe.test", "restricted.apis.universe.test",
	    TYPE_A);
	assert_non_null(set);
	assert_memory_equal(set->rdata[0].bytes, wire, sizeof(wire));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(claim_136_restricted_is_4_to_7_and_an_alias),
	    TEST(claim_136_ipv6_of_restricted_is_on_request),
	    TEST(claim_137_private_is_8_to_11),
	    TEST(claim_138_googleapis_has_no_address_at_its_apex),
	    TEST(claim_138_private_has_a_name_of_its_own),
	    TEST(psc_puts_the_endpoint_at_every_apex),
	    TEST(mode_off_makes_no_zone),
	    TEST(presets_that_overlap_make_one_zone),
	    TEST(a_zone_of_ones_own_takes_the_presets_place),
	    TEST(another_universe_has_its_own_names_and_addresses),
	};

	return cmocka_run_group_tests_name("preset", tests, NULL, NULL);
}
