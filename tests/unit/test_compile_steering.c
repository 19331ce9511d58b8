#include "model/compile_steering.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "dns/message.h"
#include "model/compile.h"
#include "model/region.h"

enum { TTL = 30, TARGETS = 1000, FULL_ENOUGH = 1024 };

static struct snapshot snapshot;
static struct arena scratch;
static struct steering_compiler compiler;

static int
set_up(void **state)
{
	(void)state;
	snapshot = (struct snapshot){.key = {1, 2}};
	arena_init_heap(&snapshot.arena, 4096);
	arena_init_heap(&scratch, 4096);
	compile_steering_init(&compiler, &snapshot, &scratch);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	arena_fini(&snapshot.arena);
	arena_fini(&scratch);
	return 0;
}

static struct model_health_target
target(const char *text)
{
	struct model_health_target target = {.udp = false};

	assert_true(addr_parse(text, 80, &target.addr));
	return target;
}

static struct model_list
list(void *items, size_t count)
{
	return (struct model_list){.items = items, .count = count};
}

static const uint8_t rdata_bytes[][4] = {{10, 0, 0, 1}, {10, 0, 0, 2}};
static const struct rdata rdata[] = {{rdata_bytes[0], 4}, {rdata_bytes[1], 4}};

/* Compiles a policy of addresses of a type. */
static struct zone_set
compile(const struct model_routing *routing, uint16_t type)
{
	const struct model_record_set set = {
	    .type = type,
	    .ttl = TTL,
	    .routing = routing,
	};
	struct zone_set out;

	assert_true(compile_steering_set(&compiler, &set, &out));
	assert_int_equal(out.rrset->type, type);
	return out;
}

/* Compiles a WRR policy of one item. */
static const struct steer_item *
compile_item(const struct model_routing_item *item, uint16_t type)
{
	struct model_routing_item copy = *item;
	const struct model_routing routing = {
	    .kind = ROUTING_WRR,
	    .items = list(&copy, 1),
	};

	return compile(&routing, type).steering->items;
}

static void
finish(void)
{
	assert_true(compile_steering_finish(&compiler));
}

static const char *
health_text(size_t index)
{
	static char text[ADDR_TEXT];

	assert_true(index < snapshot.health_count);
	return addr_format(&snapshot.health[index].addr, text);
}

static void
weights_and_data_are_taken_over(void **state)
{
	struct model_routing_item items[] = {
	    {.weight = 7500, .rdata = rdata, .rdata_count = 2},
	    {.weight = 0, .rdata = rdata, .rdata_count = 1},
	};
	const struct model_routing routing = {
	    .kind = ROUTING_WRR,
	    .items = list(items, 2),
	};
	const struct steering *steering;
	uint16_t len;

	(void)state;
	steering = compile(&routing, TYPE_A).steering;
	assert_int_equal(steering->kind, STEER_WRR);
	assert_int_equal(steering->type, TYPE_A);
	assert_int_equal(steering->ttl, TTL);
	assert_int_equal(steering->count, 2);
	assert_int_equal(steering->items[0].weight, 7500);
	assert_int_equal(steering->items[0].count, 2);
	assert_int_equal(steering->items[1].weight, 0);
	assert_int_equal(steering->items[1].count, 1);
	assert_memory_equal(rrset_first(steering->items[0].data[1].rrset, &len),
	    rdata_bytes[1], 4);
	assert_int_equal(steering->items[0].data[1].rrset->ttl, TTL);
}

static void
plain_data_are_not_checked(void **state)
{
	const struct model_routing_item item = {
	    .rdata = rdata,
	    .rdata_count = 1,
	};

	(void)state;
	assert_int_equal(compile_item(&item, TYPE_A)->data[0].target,
	    STEER_UNCHECKED);
	finish();
	assert_int_equal(snapshot.health_count, 0);
}

static void
checked_addresses_stand_before_plain_ones(void **state)
{
	struct model_health_target checked = target("10.0.0.9:443");
	const struct steer_item *item;
	uint16_t len;

	(void)state;
	item = compile_item(
	    &(struct model_routing_item){
		.rdata = rdata,
		.rdata_count = 1,
		.checked = list(&checked, 1),
	    },
	    TYPE_A);
	assert_int_equal(item->count, 2);
	assert_memory_equal(rrset_first(item->data[0].rrset, &len),
	    "\x0a\x00\x00\x09", 4);
	assert_int_equal(item->data[0].target, 0);
	assert_int_equal(item->data[1].target, STEER_UNCHECKED);
	finish();
	assert_int_equal(snapshot.health_count, 1);
	assert_string_equal(health_text(0), "10.0.0.9:443");
	assert_false(atomic_load(&snapshot.health[0].down));
}

static void
ipv6_addresses_are_checked_too(void **state)
{
	struct model_health_target checked = target("[2001:db8::9]:443");
	const struct steer_item *item;
	uint16_t len;

	(void)state;
	item = compile_item(&(struct model_routing_item){.checked =
							     list(&checked, 1)},
	    TYPE_AAAA);
	assert_memory_equal(rrset_first(item->data[0].rrset, &len),
	    &checked.addr.u.in6.sin6_addr, 16);
	assert_int_equal(len, 16);
	finish();
	assert_string_equal(health_text(0), "[2001:db8::9]:443");
}

static void
udp_load_balancers_are_not_checked(void **state)
{
	struct model_health_target checked = target("10.0.0.9:53");
	const struct steer_item *item;

	(void)state;
	checked.udp = true;
	item = compile_item(&(struct model_routing_item){.checked =
							     list(&checked, 1)},
	    TYPE_A);
	assert_int_equal(item->data[0].target, STEER_UNCHECKED);
	finish();
	assert_int_equal(snapshot.health_count, 0);
}

static void
an_address_is_checked_once(void **state)
{
	struct model_health_target first[] = {
	    target("10.0.0.1:80"),
	    target("10.0.0.2:80"),
	};
	struct model_health_target second[] = {
	    target("10.0.0.3:80"),
	    target("10.0.0.1:80"),
	};
	const struct model_routing_item items[] = {
	    {.checked = list(first, 2)},
	    {.checked = list(second, 2)},
	};

	(void)state;
	compile_item(&items[0], TYPE_A);
	assert_int_equal(compile_item(&items[1], TYPE_A)->data[1].target, 0);
	finish();
	assert_int_equal(snapshot.health_count, 3);
	assert_string_equal(health_text(0), "10.0.0.1:80");
	assert_string_equal(health_text(1), "10.0.0.2:80");
	assert_string_equal(health_text(2), "10.0.0.3:80");
}

static void
two_ports_of_an_address_are_two_targets(void **state)
{
	struct model_health_target first = target("10.0.0.1:80");
	struct model_health_target second = target("10.0.0.1:443");

	(void)state;
	compile_item(&(struct model_routing_item){.checked = list(&first, 1)},
	    TYPE_A);
	compile_item(&(struct model_routing_item){.checked = list(&second, 1)},
	    TYPE_A);
	finish();
	assert_int_equal(snapshot.health_count, 2);
}

/* RFC 2181 section 5. */
static void
an_item_holds_no_record_twice(void **state)
{
	struct model_health_target checked[] = {
	    target("10.0.0.1:80"),
	    target("10.0.0.1:443"),
	};
	const struct steer_item *item;

	(void)state;
	item = compile_item(
	    &(struct model_routing_item){
		.rdata = rdata,
		.rdata_count = 2,
		.checked = list(checked, 2),
	    },
	    TYPE_A);
	assert_int_equal(item->count, 2);
	assert_int_equal(item->data[0].target, 0);
	assert_int_equal(item->data[1].target, STEER_UNCHECKED);
}

/* A WRR item of 10.0.0.1 and a port is compiled; the target's index. */
static uint32_t
compile_port(size_t port)
{
	struct model_health_target checked = target("10.0.0.1:80");
	struct model_routing_item item = {.checked = list(&checked, 1)};

	addr_set_port(&checked.addr, (uint16_t)port);
	return compile_item(&item, TYPE_A)->data[0].target;
}

static void
many_addresses_keep_their_index(void **state)
{
	(void)state;
	for (size_t i = 0; i < TARGETS; i++)
		assert_int_equal(compile_port(1 + i), i);
	for (size_t i = 0; i < TARGETS; i++)
		assert_int_equal(compile_port(1 + i), i);
	finish();
	assert_int_equal(snapshot.health_count, TARGETS);
	for (size_t i = 0; i < TARGETS; i++)
		assert_int_equal(addr_port(&snapshot.health[i].addr), 1 + i);
}

static void
locations_become_places(void **state)
{
	struct model_routing_item items[] = {
	    {
		.location = {.text = "europe-west1"},
		.rdata = rdata,
		.rdata_count = 1,
	    },
	    {
		.location = {.text = "us-east1"},
		.rdata = rdata,
		.rdata_count = 1,
	    },
	};
	const struct model_routing routing = {
	    .kind = ROUTING_GEO,
	    .fencing = true,
	    .items = list(items, 2),
	};
	const struct steering *steering;
	struct position east;

	(void)state;
	steering = compile(&routing, TYPE_A).steering;
	assert_true(region_position("us-east1", &east));
	assert_int_equal(steering->kind, STEER_GEO);
	assert_true(steering->fencing);
	assert_memory_equal(&steering->items[1].position, &east, sizeof(east));
}

static void
a_failover_has_primaries_and_a_backup(void **state)
{
	struct model_health_target primary[] = {
	    target("10.0.0.1:80"),
	    target("10.0.0.2:80"),
	};
	struct model_routing_item backup = {
	    .location = {.text = "europe-west1"},
	    .rdata = rdata,
	    .rdata_count = 1,
	};
	const struct model_routing routing = {
	    .kind = ROUTING_FAILOVER,
	    .trickle = 1000,
	    .primary = list(primary, 2),
	    .items = list(&backup, 1),
	};
	const struct steering *steering;

	(void)state;
	steering = compile(&routing, TYPE_A).steering;
	assert_int_equal(steering->kind, STEER_FAILOVER);
	assert_int_equal(steering->trickle, 1000);
	assert_false(steering->fencing);
	assert_int_equal(steering->primary.count, 2);
	assert_int_equal(steering->primary.data[1].target, 1);
	assert_int_equal(steering->count, 1);
	assert_int_equal(steering->items[0].data[0].target, STEER_UNCHECKED);
}

static void
a_failover_without_backup_is_compiled(void **state)
{
	struct model_health_target primary = target("10.0.0.1:80");
	const struct model_routing routing = {
	    .kind = ROUTING_FAILOVER,
	    .primary = list(&primary, 1),
	};

	(void)state;
	assert_int_equal(compile(&routing, TYPE_A).steering->count, 0);
}

static struct name
name(const char *text)
{
	struct name parsed;

	assert_int_equal(name_from_text(&parsed, text), NAME_OK);
	return parsed;
}

static const struct hash_key key = {1, 2};

/* What the default network has at a name for A. */
static const struct zone_set *
find_set(const struct snapshot *compiled, const char *text)
{
	const struct name asked = name(text);
	const struct zone_node *node;
	const struct zone *zone;
	struct path path;

	path_set(&path, asked.wire, &key);
	zone = suffix_find(&compiled->view.network->scope.zones, &path);
	assert_non_null(zone);
	assert_int_equal(zone_lookup(zone, &path, TYPE_A, &node), LOOKUP_FOUND);
	return zone_set(&node->data, TYPE_A);
}

static void
a_snapshot_has_its_zones_policies_and_regions(void **state)
{
	struct model_health_target checked = target("10.0.0.1:80");
	struct model_routing_item item = {.checked = list(&checked, 1)};
	const struct model_routing routing = {
	    .kind = ROUTING_GEO,
	    .items = list(&item, 1),
	};
	struct model_record_set set = {
	    .name = name("www.corp.example."),
	    .type = TYPE_A,
	    .ttl = TTL,
	    .routing = &routing,
	};
	struct model_zone zone = {
	    .name = {.text = "corp"},
	    .dns_name = {.name = name("corp.example."), .mark = {.file = "t"}},
	    .record_sets = list(&set, 1),
	};
	struct model_network network = {
	    .name = {.text = "default"},
	    .region = {.text = "us-east1"},
	};
	struct position east;
	struct snapshot *compiled;
	struct model model;
	struct diag diag;

	(void)state;
	diag_init(&diag);
	model_init(&model);
	model.zones = list(&zone, 1);
	model.networks = list(&network, 1);
	compiled = compile_snapshot(&model, &key, &diag);
	assert_non_null(compiled);
	assert_non_null(find_set(compiled, "www.corp.example.")->steering);
	assert_int_equal(compiled->health_count, 1);
	assert_true(region_position("us-east1", &east));
	assert_memory_equal(&compiled->view.network->position, &east,
	    sizeof(east));
	compile_free(compiled);
	model_fini(&model);
	diag_fini(&diag);
}

/* Compiles a FAILOVER set in an arena of size octets. */
static bool
compile_in(size_t size)
{
	static uint8_t block[FULL_ENOUGH];
	struct model_health_target primary = target("10.0.0.1:80");
	struct model_routing_item backup = {.rdata = rdata, .rdata_count = 2};
	const struct model_routing routing = {
	    .kind = ROUTING_FAILOVER,
	    .primary = list(&primary, 1),
	    .items = list(&backup, 1),
	};
	const struct model_record_set set = {
	    .type = TYPE_A,
	    .routing = &routing,
	};
	struct zone_set out;

	arena_fini(&snapshot.arena);
	arena_init(&snapshot.arena, block, size);
	return compile_steering_set(&compiler, &set, &out);
}

static void
a_full_arena_is_told(void **state)
{
	(void)state;
	assert_true(compile_in(FULL_ENOUGH));
	for (size_t size = 0; size < FULL_ENOUGH; size += 16) {
		const bool compiled = compile_in(size);

		assert_int_equal(compiled, !snapshot.arena.full);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(weights_and_data_are_taken_over,
		set_up, tear_down),
	    cmocka_unit_test_setup_teardown(plain_data_are_not_checked, set_up,
		tear_down),
	    cmocka_unit_test_setup_teardown(
		checked_addresses_stand_before_plain_ones, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(ipv6_addresses_are_checked_too,
		set_up, tear_down),
	    cmocka_unit_test_setup_teardown(udp_load_balancers_are_not_checked,
		set_up, tear_down),
	    cmocka_unit_test_setup_teardown(an_address_is_checked_once, set_up,
		tear_down),
	    cmocka_unit_test_setup_teardown(
		two_ports_of_an_address_are_two_targets, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(an_item_holds_no_record_twice,
		set_up, tear_down),
	    cmocka_unit_test_setup_teardown(many_addresses_keep_their_index,
		set_up, tear_down),
	    cmocka_unit_test_setup_teardown(locations_become_places, set_up,
		tear_down),
	    cmocka_unit_test_setup_teardown(
		a_failover_has_primaries_and_a_backup, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		a_failover_without_backup_is_compiled, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		a_snapshot_has_its_zones_policies_and_regions, set_up,
		tear_down),
	    cmocka_unit_test_setup_teardown(a_full_arena_is_told, set_up,
		tear_down),
	};

	return cmocka_run_group_tests_name("compile_steering", tests, NULL,
	    NULL);
}
