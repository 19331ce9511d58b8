#include "model/psc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "dns/message.h"
#include "model/reference.h"

static struct model model;
static struct arena arena;
static struct model_list zones;
static struct model_psc_endpoint endpoints[2];

static void
place(struct model_psc_endpoint *endpoint, const char *name,
    const char *address)
{
	*endpoint = (struct model_psc_endpoint){.name = {.text = name}};
	assert_true(addr_parse(address, 0, &endpoint->address.addr));
}

/* One endpoint in the default network; a second one waits. */
static int
set_up(void **state)
{
	(void)state;
	model_init(&model);
	arena_init_heap(&arena, 4096);
	place(&endpoints[0], "vialink1", "10.10.10.10");
	place(&endpoints[1], "other", "10.10.10.11");
	model.psc_endpoints = (struct model_list){
	    .items = endpoints,
	    .count = 1,
	};
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

static void
make(void)
{
	assert_true(
	    psc_zones(&model, reference_default(&model), &arena, &zones));
}

static const struct model_record_set *
set_of(const char *owner)
{
	const struct model_zone *zone = zones.items;
	const struct model_record_set *sets = zone->record_sets.items;
	struct name wanted;

	assert_int_equal(zones.count, 1);
	assert_int_equal(name_from_text(&wanted, owner), NAME_OK);
	for (size_t i = 0; i < zone->record_sets.count; i++) {
		if (name_equal(sets[i].name.wire, wanted.wire))
			return &sets[i];
	}
	return NULL;
}

static void
assert_address(const char *owner, uint8_t last)
{
	const uint8_t wire[] = {10, 10, 10, last};
	const struct model_record_set *set = set_of(owner);

	assert_non_null(set);
	assert_int_equal(set->type, TYPE_A);
	assert_int_equal(set->rdata_count, 1);
	assert_int_equal(set->rdata[0].len, sizeof(wire));
	assert_memory_equal(set->rdata[0].bytes, wire, sizeof(wire));
}

static void
claim_140_a_usual_api_is_at_the_endpoint(void **state)
{
	const struct model_zone *zone;
	struct name apex;

	(void)state;
	make();
	zone = zones.items;
	assert_int_equal(name_from_text(&apex, "p.googleapis.com"), NAME_OK);
	assert_true(name_equal(zone->dns_name.name.wire, apex.wire));
	assert_address("storage-vialink1.p.googleapis.com", 10);
	assert_address("compute-vialink1.p.googleapis.com", 10);
}

static void
claim_140_run_is_there_only_if_configured(void **state)
{
	struct model_text run = {.text = "run"};

	(void)state;
	make();
	assert_null(set_of("run-vialink1.p.googleapis.com"));
	endpoints[0].services = (struct model_list){.items = &run, .count = 1};
	make();
	assert_address("run-vialink1.p.googleapis.com", 10);
}

static void
a_usual_service_may_be_configured_too(void **state)
{
	struct model_text storage = {.text = "storage"};
	size_t usual;

	(void)state;
	make();
	usual = ((const struct model_zone *)zones.items)->record_sets.count;
	endpoints[0].services =
	    (struct model_list){.items = &storage, .count = 1};
	make();
	assert_address("storage-vialink1.p.googleapis.com", 10);
	assert_int_equal(((const struct model_zone *)zones.items)
			     ->record_sets.count,
	    usual);
}

static void
endpoints_of_one_network_share_the_zone(void **state)
{
	(void)state;
	model.psc_endpoints.count = 2;
	make();
	assert_address("storage-vialink1.p.googleapis.com", 10);
	assert_address("storage-other.p.googleapis.com", 11);
}

static void
another_network_has_no_zone(void **state)
{
	(void)state;
	endpoints[0].network = (struct model_network_ref){
	    .mark = {.file = "t.yaml", .line = 1},
	    .name = "dev",
	};
	make();
	assert_int_equal(zones.count, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		claim_140_a_usual_api_is_at_the_endpoint, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		claim_140_run_is_there_only_if_configured, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		a_usual_service_may_be_configured_too, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		endpoints_of_one_network_share_the_zone, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(another_network_has_no_zone, set_up,
		tear_down),
	};

	return cmocka_run_group_tests_name("psc", tests, NULL, NULL);
}
