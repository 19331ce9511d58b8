#include "model/internal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "dns/message.h"
#include "dns/rdata.h"
#include "model/reference.h"

enum { VMS = 4 };

static struct model model;
static struct arena arena;
static struct model_list zones;
static struct model_network networks[2];
static struct model_instance vms[VMS];

static int
set_up(void **state)
{
	(void)state;
	model_init(&model);
	arena_init_heap(&arena, 4096);
	networks[0] = (struct model_network){
	    .name = {.text = "default"},
	    .project = {.text = "p1"},
	};
	networks[1] = (struct model_network){
	    .name = {.text = "dev"},
	    .project = {.text = "p1"},
	};
	model.networks = (struct model_list){.items = networks, .count = 2};
	model.instances = (struct model_list){.items = vms};
	memset(vms, 0, sizeof(vms));
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

static struct model_addr
address(const char *text)
{
	struct model_addr addr = {.mark = {.file = "t.yaml", .line = 1}};

	assert_true(addr_parse(text, 0, &addr.addr));
	return addr;
}

static struct model_network_ref
network(const char *text)
{
	return (struct model_network_ref){
	    .mark = {.file = "t.yaml", .line = 1},
	    .text = text,
	    .name = text,
	};
}

/* Adds a VM of the default network and of its project. */
static struct model_instance *
add(const char *vm, const char *zone, const char *in4)
{
	struct model_instance *instance = &vms[model.instances.count++];

	instance->mark =
	    (struct mark){.file = "t.yaml", .line = (unsigned)(instance - vms)};
	instance->name.text = vm;
	instance->zone.text = zone;
	instance->network_ip = address(in4);
	return instance;
}

static void
make(const struct model_network *of)
{
	assert_true(internal_zones(&model, of, &arena, &zones));
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

static const struct model_record_set *
set_in(const struct model_list *list, const char *owner, uint16_t type)
{
	const struct model_record_set *sets = list->items;
	const struct name wanted = name(owner);

	for (size_t i = 0; i < list->count; i++) {
		if (sets[i].type == type &&
		    name_equal(sets[i].name.wire, wanted.wire))
			return &sets[i];
	}
	return NULL;
}

static const struct model_record_set *
set_of(const char *zone, const char *owner, uint16_t type)
{
	const struct model_zone *found = zone_of(zone);

	assert_non_null(found);
	return set_in(&found->record_sets, owner, type);
}

static void
assert_data(const struct model_record_set *set, const char *expected)
{
	uint8_t wire[NAME_SIZE];
	struct writer writer = writer_over(wire, sizeof(wire));

	assert_non_null(set);
	assert_null(rdata_from_text(set->type, expected, &writer));
	assert_int_equal(set->rdata_count, 1);
	assert_int_equal(set->rdata[0].len, writer.at);
	assert_memory_equal(set->rdata[0].bytes, wire, writer.at);
}

static void
a_network_without_vms_has_no_internal_zones(void **state)
{
	(void)state;
	add("vm1", "us-central1-a", "10.1.0.5");
	make(&networks[1]);
	assert_int_equal(zones.count, 0);
}

static void
a_vm_has_a_zonal_and_a_global_name(void **state)
{
	(void)state;
	add("vm1", "us-central1-a", "10.1.0.5");
	make(&networks[0]);
	assert_data(set_of("c.p1.internal", "vm1.us-central1-a.c.p1.internal",
			TYPE_A),
	    "10.1.0.5");
	assert_data(set_of("c.p1.internal", "vm1.c.p1.internal", TYPE_A),
	    "10.1.0.5");
	assert_null(set_of("c.p1.internal", "vm1.c.p1.internal", TYPE_AAAA));
}

static void
an_ipv6_address_is_answered_as_well(void **state)
{
	(void)state;
	add("vm1", "us-central1-a", "10.1.0.5")->ipv6_address =
	    address("fd20::5");
	make(&networks[0]);
	assert_data(set_of("c.p1.internal", "vm1.us-central1-a.c.p1.internal",
			TYPE_AAAA),
	    "fd20::5");
	assert_data(set_of("c.p1.internal", "vm1.c.p1.internal", TYPE_AAAA),
	    "fd20::5");
}

static void
metadata_is_at_its_address_for_an_hour(void **state)
{
	const struct model_record_set *set;

	(void)state;
	add("vm1", "us-central1-a", "10.1.0.5");
	make(&networks[0]);
	set = set_of("google.internal", "metadata.google.internal", TYPE_A);
	assert_data(set, "169.254.169.254");
	assert_int_equal(set->ttl, 3600);
}

static void
the_pointer_leads_to_the_zonal_name(void **state)
{
	(void)state;
	add("vm1", "us-central1-a", "10.1.0.5");
	add("vm2", NULL, "192.168.7.8");
	make(&networks[0]);
	assert_data(set_of("10.in-addr.arpa", "5.0.1.10.in-addr.arpa",
			TYPE_PTR),
	    "vm1.us-central1-a.c.p1.internal.");
	assert_data(set_of("168.192.in-addr.arpa", "8.7.168.192.in-addr.arpa",
			TYPE_PTR),
	    "vm2.c.p1.internal.");
}

static void
all_of_rfc_1918_is_there_even_without_pointers(void **state)
{
	(void)state;
	add("vm1", "us-central1-a", "172.31.0.1");
	make(&networks[0]);
	assert_non_null(zone_of("10.in-addr.arpa"));
	assert_non_null(zone_of("168.192.in-addr.arpa"));
	assert_non_null(zone_of("16.172.in-addr.arpa"));
	assert_data(set_of("31.172.in-addr.arpa", "1.0.31.172.in-addr.arpa",
			TYPE_PTR),
	    "vm1.us-central1-a.c.p1.internal.");
	assert_null(zone_of("32.172.in-addr.arpa"));
	assert_int_equal(zones.count, 1 + 1 + 18);
}

static void
a_service_project_has_a_zone_of_its_own(void **state)
{
	(void)state;
	add("vm1", "us-central1-a", "10.1.0.5");
	add("web", "us-central1-a", "10.1.0.6")->project.text = "p2";
	make(&networks[0]);
	assert_non_null(set_of("c.p1.internal", "vm1.c.p1.internal", TYPE_A));
	assert_null(set_of("c.p1.internal", "web.c.p2.internal", TYPE_A));
	assert_non_null(set_of("c.p2.internal", "web.c.p2.internal", TYPE_A));
}

static void
a_project_within_a_domain_is_turned_round(void **state)
{
	(void)state;
	add("vm1", "us-central1-a", "10.1.0.5")->project.text =
	    "example.com:web";
	make(&networks[0]);
	assert_non_null(set_of("c.web.example.com.internal",
	    "vm1.us-central1-a.c.web.example.com.internal", TYPE_A));
}

static void
two_vms_of_one_name_share_the_global_one(void **state)
{
	(void)state;
	add("vm1", "us-central1-a", "10.1.0.5");
	add("vm1", "us-central1-b", "10.1.0.6");
	make(&networks[0]);
	assert_int_equal(set_of("c.p1.internal", "vm1.c.p1.internal", TYPE_A)
			     ->rdata_count,
	    2);
	assert_data(set_of("c.p1.internal", "vm1.us-central1-b.c.p1.internal",
			TYPE_A),
	    "10.1.0.6");
}

static void
a_vm_belongs_to_the_network_it_names(void **state)
{
	(void)state;
	add("vm1", "us-central1-a", "10.1.0.5")->network = network("dev");
	make(&networks[0]);
	assert_int_equal(zones.count, 0);
	make(&networks[1]);
	assert_non_null(set_of("c.p1.internal", "vm1.c.p1.internal", TYPE_A));
}

static void
the_default_network_need_not_be_declared(void **state)
{
	(void)state;
	model.networks.count = 0;
	add("vm1", "us-central1-a", "10.1.0.5")->project.text = "p9";
	make(reference_default(&model));
	assert_non_null(set_of("c.p9.internal", "vm1.c.p9.internal", TYPE_A));
}

static void
without_a_project_a_vm_has_no_name(void **state)
{
	(void)state;
	networks[0].project.text = NULL;
	add("vm1", "us-central1-a", "10.1.0.5");
	make(&networks[0]);
	assert_int_equal(zones.count, 1 + 18);
	assert_null(
	    set_of("10.in-addr.arpa", "5.0.1.10.in-addr.arpa", TYPE_PTR));
	assert_non_null(zone_of("google.internal"));
}

static void
a_reverse_lookup_zone_has_the_pointers_that_lie_in_it(void **state)
{
	const struct model_zone zone = {
	    .kind = MODEL_ZONE_REVERSE,
	    .dns_name = {.name = name("2.0.192.in-addr.arpa")},
	};
	struct model_list sets;

	(void)state;
	add("in", "us-central1-a", "192.0.2.5");
	add("out", "us-central1-a", "10.1.0.5");
	assert_true(
	    internal_reverse(&model, &networks[0], &zone, &arena, &sets));
	assert_int_equal(sets.count, 1);
	assert_data(set_in(&sets, "5.2.0.192.in-addr.arpa", TYPE_PTR),
	    "in.us-central1-a.c.p1.internal.");
}

static void
a_reverse_lookup_zone_of_ipv6_has_them_by_nibble(void **state)
{
	const struct model_zone zone = {
	    .kind = MODEL_ZONE_REVERSE,
	    .dns_name = {.name = name("8.b.d.0.1.0.0.2.ip6.arpa")},
	};
	struct model_list sets;

	(void)state;
	add("in", "us-central1-a", "10.1.0.5")->ipv6_address =
	    address("2001:db8::a5");
	assert_true(
	    internal_reverse(&model, &networks[0], &zone, &arena, &sets));
	assert_data(set_in(&sets,
			"5.a.0.0.0.0.0.0.0.0.0.0.0.0.0.0."
			"0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa",
			TYPE_PTR),
	    "in.us-central1-a.c.p1.internal.");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		a_network_without_vms_has_no_internal_zones, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_vm_has_a_zonal_and_a_global_name,
		set_up, tear_down),
	    cmocka_unit_test_setup_teardown(an_ipv6_address_is_answered_as_well,
		set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		metadata_is_at_its_address_for_an_hour, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(the_pointer_leads_to_the_zonal_name,
		set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		all_of_rfc_1918_is_there_even_without_pointers, set_up,
		tear_down),
	    cmocka_unit_test_setup_teardown(
		a_service_project_has_a_zone_of_its_own, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		a_project_within_a_domain_is_turned_round, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		two_vms_of_one_name_share_the_global_one, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		a_vm_belongs_to_the_network_it_names, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		the_default_network_need_not_be_declared, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(without_a_project_a_vm_has_no_name,
		set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		a_reverse_lookup_zone_has_the_pointers_that_lie_in_it, set_up,
		tear_down),
	    cmocka_unit_test_setup_teardown(
		a_reverse_lookup_zone_of_ipv6_has_them_by_nibble, set_up,
		tear_down),
	};

	return cmocka_run_group_tests_name("internal", tests, NULL, NULL);
}
