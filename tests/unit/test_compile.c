#include "model/compile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "dns/message.h"
#include "dns/rdata.h"

static const struct hash_key key = {1, 2};

static struct model model;
static struct diag diag;
static struct snapshot *snapshot;

static int
set_up(void **state)
{
	(void)state;
	model_init(&model);
	diag_init(&diag);
	snapshot = NULL;
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	if (snapshot != NULL)
		compile_free(snapshot);
	model_fini(&model);
	diag_fini(&diag);
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
	struct model_addr addr = {.mark = {.file = "t.yaml"}};

	assert_true(addr_parse(text, 53, &addr.addr));
	return addr;
}

static void
compile(void)
{
	snapshot = compile_snapshot(&model, &key, &diag);
	assert_non_null(snapshot);
}

/* The zone that claims a name, or NULL. */
static const struct zone *
zone_of(const char *text)
{
	const struct name asked = name(text);
	struct path path;

	path_set(&path, asked.wire, &key);
	return suffix_find(&snapshot->view.network->scope.zones, &path);
}

/* The first record of a name and type as text. */
static const char *
record(const char *text, uint16_t type)
{
	static char data[512];
	const struct name asked = name(text);
	const struct zone_node *node;
	const uint8_t *rdata;
	struct path path;
	uint16_t len;

	path_set(&path, asked.wire, &key);
	if (zone_lookup(zone_of(text), &path, type, &node) != LOOKUP_FOUND)
		return NULL;
	rdata = rrset_first(zone_set(&node->data, type)->rrset, &len);
	return rdata_to_text(type, rdata, len, data, sizeof(data));
}

/* How many RRsets a name has. */
static unsigned
rrsets_of(const char *text)
{
	const struct name asked = name(text);
	const struct zone_node *node;
	struct path path;

	path_set(&path, asked.wire, &key);
	assert_int_equal(zone_lookup(zone_of(text), &path, TYPE_ANY, &node),
	    LOOKUP_FOUND);
	return node->data.count;
}

static void
the_default_model_serves_run_app(void **state)
{
	(void)state;
	compile();
	assert_int_equal(snapshot->zone_count, 1);
	assert_string_equal(zone_of("x.a.run.app")->name, "run-app");
	assert_string_equal(record("run.app", TYPE_A), "199.36.153.4");
	assert_string_equal(record("x.a.run.app", TYPE_CNAME), "run.app.");
	assert_null(zone_of("xrun.app"));
}

static void
claims_13_and_14_the_apex_gets_its_soa_and_ns(void **state)
{
	const struct zone *zone;

	(void)state;
	compile();
	zone = zone_of("run.app");
	assert_string_equal(record("run.app", TYPE_NS),
	    "ns-gcp-private.googledomains.com.");
	assert_string_equal(record("run.app", TYPE_SOA),
	    "ns-gcp-private.googledomains.com. "
	    "cloud-dns-hostmaster.google.com. 1 21600 3600 259200 300");
	assert_int_equal(zone->soa->ttl, 21600);
	assert_int_equal(zone->negative_ttl, 300);
}

/* A zone corp.test. with one set. */
static void
one_zone(struct model_zone *zone, struct model_record_set *set)
{
	*zone = (struct model_zone){
	    .name.text = "corp",
	    .dns_name.name = name("Corp.Test"),
	    .record_sets = {.items = set, .count = 1},
	};
	model.zones = (struct model_list){.items = zone, .count = 1};
}

static void
a_soa_of_ones_own_replaces_the_automatic_one(void **state)
{
	uint8_t wire[256];
	struct writer writer = writer_over(wire, sizeof(wire));
	struct rdata rdata;
	struct model_zone zone;
	struct model_record_set set = {
	    .name = name("corp.test"),
	    .type = TYPE_SOA,
	    .ttl = 3600,
	    .rdata = &rdata,
	    .rdata_count = 1,
	};

	(void)state;
	assert_null(
	    rdata_from_text(TYPE_SOA, "a.test. b.test. 7 1 2 3 60", &writer));
	rdata = (struct rdata){.bytes = wire, .len = (uint16_t)writer.at};
	one_zone(&zone, &set);
	compile();
	assert_string_equal(record("corp.test", TYPE_SOA),
	    "a.test. b.test. 7 1 2 3 60");
	assert_int_equal(zone_of("corp.test")->negative_ttl, 60);
	assert_int_equal(rrsets_of("corp.test"), 2);
	assert_string_equal(record("corp.test", TYPE_NS),
	    "ns-gcp-private.googledomains.com.");
}

static void
owners_are_found_whatever_their_letter_case(void **state)
{
	const uint8_t wire[] = {10, 0, 0, 1};
	const struct rdata rdata = {.bytes = wire, .len = sizeof(wire)};
	struct model_zone zone;
	struct model_record_set set = {
	    .name = name("WWW.corp.TEST"),
	    .type = TYPE_A,
	    .rdata = &rdata,
	    .rdata_count = 1,
	};

	(void)state;
	one_zone(&zone, &set);
	compile();
	assert_string_equal(record("www.corp.test", TYPE_A), "10.0.0.1");
}

static struct model_server
server(const char *text)
{
	return (struct model_server){.server.addr = address(text).addr};
}

static void
the_default_group_says_who_was_silent(void **state)
{
	static struct model_server two[2];
	const struct upstream_group *group;

	(void)state;
	two[0] = server("10.0.0.2");
	two[1] = server("10.0.0.3:5353");
	model.upstreams = (struct model_list){.items = two, .count = 2};
	model.options.cache_max_ttl = 777;
	compile();
	group = snapshot->view.network->upstreams;
	assert_int_equal(group->count, 2);
	assert_int_equal(group->max_ttl, 777);
	assert_string_equal(group->silent_text,
	    "upstream servers 10.0.0.2, 10.0.0.3:5353 did not answer within "
	    "4 s");
	assert_string_equal(group->unreachable_text,
	    "upstream servers 10.0.0.2, 10.0.0.3:5353 could not be reached");
}

static void
a_long_list_of_servers_is_cut_in_the_text(void **state)
{
	static struct model_server six[6];

	(void)state;
	for (uint16_t i = 0; i < 6; i++) {
		six[i] = server("2001:db8::1");
		addr_set_port(&six[i].server.addr, (uint16_t)(i + 51));
	}
	model.upstreams = (struct model_list){.items = six, .count = 6};
	compile();
	assert_string_equal(snapshot->view.network->upstreams->unreachable_text,
	    "upstream servers [2001:db8::1]:51, [2001:db8::1]:52, "
	    "2001:db8::1, [2001:db8::1]:54 and 2 more could not be reached");
}

static void
assert_servers(const char *expected)
{
	const struct upstream_group *group = snapshot->view.network->upstreams;
	char text[256] = "";

	assert_non_null(group);
	for (unsigned i = 0; i < group->count; i++) {
		char server[ADDR_TEXT];

		snprintf(text + strlen(text), sizeof(text) - strlen(text),
		    "%s ", addr_format_host(&group->servers[i].addr, server));
	}
	assert_string_equal(text, expected);
}

static void
auto_stands_for_the_systems_servers(void **state)
{
	static struct model_server three[3];
	static struct addr system[2];

	(void)state;
	three[0] = server("10.0.0.9");
	three[1] = (struct model_server){.server.addr.len = 0};
	three[2] = server("10.0.0.8");
	system[0] = address("10.0.0.2").addr;
	system[1] = address("10.0.0.9").addr;
	model.upstreams = (struct model_list){.items = three, .count = 3};
	model.system_servers = (struct model_list){.items = system, .count = 2};
	compile();
	assert_servers("10.0.0.9 10.0.0.2 10.0.0.8 ");
}

static void
no_upstreams_at_all_are_the_systems_servers(void **state)
{
	static struct addr system[1];

	(void)state;
	system[0] = address("10.0.0.2").addr;
	model.system_servers = (struct model_list){.items = system, .count = 1};
	compile();
	assert_servers("10.0.0.2 ");
}

static void
this_daemon_is_no_server_of_its_own(void **state)
{
	static struct model_server two[2];
	static struct addr own[1];
	struct model_target target = {.addr = address("127.0.0.53").addr};
	struct model_zone zone = {
	    .name.text = "corp",
	    .dns_name.name = name("corp.test"),
	    .kind = MODEL_ZONE_FORWARDING,
	    .targets = {.items = &target, .count = 1},
	};

	(void)state;
	two[0] = server("127.0.0.1");
	two[1] = server("10.0.0.2");
	own[0] = address("0.0.0.0").addr;
	model.upstreams = (struct model_list){.items = two, .count = 2};
	model.own_addresses = (struct model_list){.items = own, .count = 1};
	model.zones = (struct model_list){.items = &zone, .count = 1};
	compile();
	assert_servers("10.0.0.2 ");
	assert_int_equal(zone_of("a.corp.test")->forward_to->count, 0);
}

static void
this_daemon_alone_is_no_group(void **state)
{
	static struct model_server one[1];
	static struct addr own[1];

	(void)state;
	one[0] = server("10.0.0.1");
	own[0] = address("10.0.0.1").addr;
	model.upstreams = (struct model_list){.items = one, .count = 1};
	model.own_addresses = (struct model_list){.items = own, .count = 1};
	compile();
	assert_null(snapshot->view.network->upstreams);
}

static void
a_forwarding_zone_keeps_answers_for_a_minute(void **state)
{
	struct model_target target = {.addr = address("10.0.0.2").addr};
	struct model_zone zone = {
	    .name.text = "corp",
	    .dns_name.name = name("corp.test"),
	    .kind = MODEL_ZONE_FORWARDING,
	    .targets = {.items = &target, .count = 1},
	};
	const struct upstream_group *group;

	(void)state;
	model.zones = (struct model_list){.items = &zone, .count = 1};
	compile();
	assert_int_equal(zone_of("a.corp.test")->kind, ZONE_FORWARDING);
	group = zone_of("a.corp.test")->forward_to;
	assert_int_equal(group->max_ttl, 60);
	assert_string_equal(group->silent_text,
	    "forwarding target 10.0.0.2 of zone \"corp\" did not answer "
	    "within 4 s");
	assert_string_equal(group->what, "forwarding target");
	assert_string_equal(group->whose, " of zone \"corp\"");
}

/* The id of the default group for one server and a time. */
static uint64_t
group_id(const char *text, uint32_t max_ttl)
{
	struct model_server one = server(text);
	uint64_t id;

	model.upstreams = (struct model_list){.items = &one, .count = 1};
	model.options.cache_max_ttl = max_ttl;
	compile();
	id = snapshot->view.network->upstreams->id;
	compile_free(snapshot);
	snapshot = NULL;
	return id;
}

static void
a_groups_id_is_that_of_its_servers_and_time(void **state)
{
	const uint64_t id = group_id("10.0.0.2", 60);

	(void)state;
	assert_int_equal(group_id("10.0.0.2:53", 60), id);
	assert_int_not_equal(group_id("10.0.0.2:54", 60), id);
	assert_int_not_equal(group_id("10.0.0.3", 60), id);
	assert_int_not_equal(group_id("10.0.0.2", 61), id);
}

static struct model_server
tls_server(const char *addr, const char *name)
{
	struct model_server secure = server(addr);

	secure.server.carrier = CARRIER_TLS;
	secure.server.tls_name = name;
	return secure;
}

static const struct upstream_group *
compile_servers(struct model_server *servers, size_t count)
{
	if (snapshot != NULL)
		compile_free(snapshot);
	model.upstreams = (struct model_list){
	    .items =
		arena_copy(&model.arena, servers, count * sizeof(*servers)),
	    .count = count,
	};
	compile();
	return snapshot->view.network->upstreams;
}

static void
a_group_is_labelled_by_how_its_servers_are_asked(void **state)
{
	struct model_server two[] = {
	    server("10.0.0.2"),
	    tls_server("8.8.8.8:853", "dns.google"),
	};
	const struct upstream_group *group;

	(void)state;
	model.options.cache_max_ttl = 77;
	two[0].server.carrier = CARRIER_TCP;
	group = compile_servers(two, 2);
	assert_string_equal(group->label,
	    "77 s, tcp://10.0.0.2, tls://8.8.8.8#dns.google");
	assert_false(group->servers[1].opportunistic);
	model.tls_opportunistic = true;
	group = compile_servers(two, 2);
	assert_string_equal(group->label,
	    "77 s, tcp://10.0.0.2, opportunistic tls://8.8.8.8#dns.google");
	assert_true(group->servers[1].opportunistic);
	assert_false(group->servers[0].opportunistic);
}

static void
only_servers_on_a_sure_way_are_trusted(void **state)
{
	struct model_server three[] = {
	    tls_server("8.8.8.8:853", NULL),
	    server("127.0.0.1"),
	    server("10.0.0.2"),
	};

	(void)state;
	assert_false(compile_servers(three, 2)->trusted);
	model.trust_upstream_ad = true;
	assert_true(compile_servers(three, 2)->trusted);
	assert_false(compile_servers(three, 3)->trusted);
	model.tls_opportunistic = true;
	assert_false(compile_servers(three, 2)->trusted);
}

static void
without_upstreams_there_is_no_default_group(void **state)
{
	(void)state;
	compile();
	assert_null(snapshot->view.network->upstreams);
}

static void
loopback_is_allowed_when_nobody_was(void **state)
{
	struct addr client;

	(void)state;
	compile();
	assert_true(addr_parse("127.1.2.3", 53, &client));
	assert_true(snapshot_allows(snapshot, &client));
	assert_true(addr_parse("::1", 53, &client));
	assert_true(snapshot_allows(snapshot, &client));
	assert_true(addr_parse("10.0.0.1", 53, &client));
	assert_false(snapshot_allows(snapshot, &client));
}

static void
those_allowed_are_the_only_ones(void **state)
{
	struct model_prefix prefix;
	struct addr client;

	(void)state;
	assert_true(prefix_parse("10.0.0.0/8", &prefix.prefix));
	model.allow = (struct model_list){.items = &prefix, .count = 1};
	compile();
	assert_true(addr_parse("10.9.9.9", 53, &client));
	assert_true(snapshot_allows(snapshot, &client));
	assert_true(addr_parse("127.0.0.1", 53, &client));
	assert_false(snapshot_allows(snapshot, &client));
}

static void
entry_points_are_known(void **state)
{
	struct model_addr entry = address("10.0.0.5");
	struct addr client;
	struct addr local;

	(void)state;
	model.inbound_entry_points =
	    (struct model_list){.items = &entry, .count = 1};
	compile();
	assert_true(addr_parse("10.0.0.5:5353", 53, &local));
	assert_true(addr_parse("10.9.9.9", 53, &client));
	assert_true(snapshot_view(snapshot, &client, &local)->inbound);
	assert_false(snapshot_view(snapshot, &client, &client)->inbound);
}

static void
any_gets_the_hinfo_of_rfc_8482(void **state)
{
	static const uint8_t wire[] = "\7RFC8482";
	const uint8_t *rdata;
	uint16_t len;

	(void)state;
	compile();
	assert_int_equal(snapshot->any_hinfo->type, 13);
	rdata = rrset_first(snapshot->any_hinfo, &len);
	assert_int_equal(len, sizeof(wire));
	assert_memory_equal(rdata, wire, sizeof(wire));
}

static void
the_caller_owns_the_one_reference(void **state)
{
	(void)state;
	compile();
	assert_true(snapshot_drop(snapshot));
}

static void
strictness_reaches_every_zone(void **state)
{
	(void)state;
	model.strict_wildcards = true;
	compile();
	assert_true(zone_of("run.app")->strict_wildcards);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(the_default_model_serves_run_app),
	    TEST(claims_13_and_14_the_apex_gets_its_soa_and_ns),
	    TEST(a_soa_of_ones_own_replaces_the_automatic_one),
	    TEST(owners_are_found_whatever_their_letter_case),
	    TEST(the_default_group_says_who_was_silent),
	    TEST(a_long_list_of_servers_is_cut_in_the_text),
	    TEST(auto_stands_for_the_systems_servers),
	    TEST(no_upstreams_at_all_are_the_systems_servers),
	    TEST(this_daemon_is_no_server_of_its_own),
	    TEST(this_daemon_alone_is_no_group),
	    TEST(a_forwarding_zone_keeps_answers_for_a_minute),
	    TEST(a_groups_id_is_that_of_its_servers_and_time),
	    TEST(a_group_is_labelled_by_how_its_servers_are_asked),
	    TEST(only_servers_on_a_sure_way_are_trusted),
	    TEST(without_upstreams_there_is_no_default_group),
	    TEST(loopback_is_allowed_when_nobody_was),
	    TEST(those_allowed_are_the_only_ones),
	    TEST(entry_points_are_known),
	    TEST(any_gets_the_hinfo_of_rfc_8482),
	    TEST(the_caller_owns_the_one_reference),
	    TEST(strictness_reaches_every_zone),
	};

	return cmocka_run_group_tests_name("compile", tests, NULL, NULL);
}
