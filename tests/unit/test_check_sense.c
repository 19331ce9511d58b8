/*
 * What is not warned of, and what is warned of once.  The words of each
 * warning are held by tests/config/good/sense-*.stderr.
 */
#include "model/check_sense.h"

#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "config/load.h"

static const struct load_overrides nothing;

/* A record set in YAML. */
#define SET(name, type, data)                                    \
	"      - {name: \"" name "\", type: " type ", ttl: 60, " \
	"rrdatas: [\"" data "\"]}\n"

/* A zone in YAML, up to its records. */
#define ZONE(name, domain)     \
	"  - name: " name "\n" \
	"    dns_name: " domain "\n"
#define IN(networks) \
	"    private_visibility_config: {networks: [" networks "]}\n"
#define RECORDS "    record_sets:\n"

/* Loads a configuration; what was complained of is the caller's to free. */
static char *
complaints(const char *yaml, size_t *warnings)
{
	FILE *in = tmpfile();
	struct model model;
	struct diag diag;
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(in);
	assert_non_null(out);
	fputs(yaml, in);
	rewind(in);
	diag_init(&diag);
	load_model_file(in, "t.yaml", &nothing, &model, &diag);
	*warnings = diag.warnings;
	diag_print(&diag, out);
	fclose(out);
	fclose(in);
	model_fini(&model);
	diag_fini(&diag);
	return text;
}

static void
assert_silent(const char *yaml)
{
	size_t warnings;
	char *text = complaints(yaml, &warnings);

	assert_string_equal(text, "");
	free(text);
}

/* One warning, and these words in it or in its notes. */
static void
assert_warned(const char *yaml, const char *words)
{
	size_t warnings;
	char *text = complaints(yaml, &warnings);

	if (warnings != 1 || strstr(text, words) == NULL)
		print_error("%s", text);
	assert_int_equal(warnings, 1);
	assert_non_null(strstr(text, words));
	free(text);
}

static size_t
warnings_of_file(const char *path)
{
	struct model model;
	struct diag diag;
	size_t warnings;

	diag_init(&diag);
	assert_true(load_model(path, &nothing, &model, &diag));
	warnings = diag.warnings;
	if (warnings > 0)
		diag_print(&diag, stderr);
	model_fini(&model);
	diag_fini(&diag);
	return warnings;
}

static void
examples_are_warned_of_their_faults_alone(void **state)
{
	size_t warnings = warnings_of_file("conf/resolverd.yaml");
	glob_t files;

	(void)state;
	assert_int_equal(glob("conf/examples/*.yaml", 0, NULL, &files), 0);
	for (size_t i = 0; i < files.gl_pathc; i++)
		warnings += warnings_of_file(files.gl_pathv[i]);
	globfree(&files);
	assert_int_equal(warnings,
	    warnings_of_file("conf/examples/faults.yaml"));
	assert_int_equal(warnings, 1);
}

/* Shadows. */

static void
a_zone_named_after_its_host_takes_nothing_away(void **state)
{
	(void)state;
	assert_silent("zones:\n" ZONE("h", "hello-abc-uc.a.run.app.")
		RECORDS SET("hello-abc-uc.a.run.app.", "A", "10.0.0.7"));
}

static void
a_domain_of_ones_own_is_no_shadow(void **state)
{
	(void)state;
	assert_silent("zones:\n" ZONE("z", "example.com.")
		RECORDS SET("www.example.com.", "A", "10.0.0.7"));
}

static void
a_wildcard_leaves_no_name_without_an_answer(void **state)
{
	(void)state;
	assert_silent("zones:\n" ZONE("z", "a.run.app.")
		RECORDS SET("*.a.run.app.", "A", "10.0.0.7"));
}

static void
a_wildcard_of_the_branch_goes_on_below_it(void **state)
{
	(void)state;
	assert_silent("zones:\n" ZONE("z", "run.app.") RECORDS SET("run.app.",
	    "A", "10.0.0.7") SET("*.run.app.", "A", "10.0.0.7")
		SET("*.a.run.app.", "A", "10.0.0.7")
		    SET("hello.a.run.app.", "A", "10.0.0.8"));
}

static void
a_shadow_in_two_networks_is_told_once(void **state)
{
	(void)state;
	assert_warned("networks:\n"
		      "  - {name: prod, clients: [10.1.0.0/16]}\n"
		      "  - {name: dev, clients: [10.2.0.0/16]}\n"
		      "zones:\n" ZONE("z", "a.run.app.") IN("dev, prod")
			  RECORDS SET("x.a.run.app.", "A", "10.0.0.7"),
	    "every other Cloud Run URL in network prod gets NXDOMAIN");
}

static void
a_zone_that_is_never_consulted_shadows_nothing(void **state)
{
	(void)state;
	assert_warned("zones:\n" ZONE("z",
			  "a.run.app.") RECORDS SET("x.a.run.app.", "A",
			  "10.0.0.7") "policies:\n"
				      "  - name: p\n"
				      "    alternative_name_server_config:\n"
				      "      target_name_servers:\n"
				      "        - {ipv4_address: 10.0.0.53}\n",
	    "asks these servers for every name");
}

static void
reverse_zones_as_long_as_cloud_dns_has_them_are_asked(void **state)
{
	(void)state;
	assert_silent("zones:\n" ZONE("a", "10.in-addr.arpa.") ZONE("b",
	    "16.172.in-addr.arpa.") ZONE("c", "2.0.192.in-addr.arpa."));
}

static void
a_short_reverse_zone_wins_where_internal_names_come_last(void **state)
{
	(void)state;
	assert_silent("internal_dns_order: last\n"
		      "zones:\n" ZONE("a", "172.in-addr.arpa."));
}

/* What hides what. */

static void
a_longer_zone_beside_other_names_hides_nothing(void **state)
{
	(void)state;
	assert_silent("zones:\n" ZONE("a", "corp.test.")
		RECORDS SET("www.corp.test.", "A", "10.0.0.7")
		    ZONE("b", "dev.corp.test."));
}

static void
a_longer_zone_in_another_network_hides_nothing(void **state)
{
	(void)state;
	assert_silent("networks: [{name: dev, clients: [10.2.0.0/16]}]\n"
		      "zones:\n" ZONE("a", "corp.test.")
			  RECORDS SET("www.dev.corp.test.", "A", "10.0.0.7")
			      ZONE("b", "dev.corp.test.") IN("dev"));
}

static void
an_own_zone_replaces_a_preset_that_nobody_asked_for(void **state)
{
	(void)state;
	assert_silent("zones:\n" ZONE("z", "run.app.") RECORDS SET("run.app.",
	    "A", "10.0.0.7") SET("*.run.app.", "CNAME", "run.app."));
}

static void
an_own_zone_that_has_the_names_of_vms_hides_none(void **state)
{
	(void)state;
	assert_silent(
	    "instances:\n"
	    "  - {name: vm1, zone: us-central1-a, project: p1, "
	    "network_ip: 10.1.0.5}\n"
	    "zones:\n" ZONE("z", "c.p1.internal.")
		RECORDS SET("vm1.c.p1.internal.", "A", "10.1.0.5")
		    SET("vm1.us-central1-a.c.p1.internal.", "A", "10.1.0.5"));
}

static void
a_shorter_zone_hides_vms_where_internal_names_come_last(void **state)
{
	(void)state;
	assert_warned("internal_dns_order: last\n"
		      "instances:\n"
		      "  - {name: vm1, zone: us-central1-a, project: p1, "
		      "network_ip: 10.1.0.5}\n"
		      "zones:\n" ZONE("z", "internal."),
	    "hides names that Google makes");
}

static void
a_longer_private_zone_hides_the_vms_below_it(void **state)
{
	(void)state;
	assert_warned("instances:\n"
		      "  - {name: vm1, zone: us-central1-a, project: p1, "
		      "network_ip: 10.1.0.5}\n"
		      "zones:\n" ZONE("z", "us-central1-a.c.p1.internal."),
	    "such as vm1.us-central1-a.c.p1.internal.");
}

/* Aliases. */

static void
an_alias_into_a_preset_does_not_leave(void **state)
{
	(void)state;
	assert_silent(
	    "presets: [google-apis]\n"
	    "zones:\n" ZONE("z", "corp.test.") RECORDS SET("apis.corp.test.",
		"CNAME", "restricted.googleapis.com."));
}

static void
an_alias_into_a_forwarding_zone_does_not_leave(void **state)
{
	(void)state;
	assert_silent("zones:\n" ZONE("f",
	    "far.test.") "    forwarding_config: {target_name_servers: "
			 "[{ipv4_address: 10.0.0.53}]}\n" ZONE("z",
			     "corp.test.") RECORDS SET("www.corp.test.",
			     "CNAME", "www.far.test."));
}

static void
an_alias_of_a_cluster_may_lead_into_its_network(void **state)
{
	(void)state;
	assert_silent("gke_clusters: [{name: c, clients: [10.4.0.0/14]}]\n"
		      "zones:\n" ZONE("z",
			  "cluster.test.") "    private_visibility_config: "
					   "{gke_clusters: [c]}\n" RECORDS
					       SET("www.cluster.test.", "CNAME",
						   "www.corp.test.") ZONE("y",
						   "corp.test.")
						   RECORDS SET("www.corp.test.",
						       "A", "10.0.0.7"));
}

static void
an_alias_leaves_in_the_one_network_that_lacks_the_zone(void **state)
{
	(void)state;
	assert_warned("networks:\n"
		      "  - {name: prod, clients: [10.1.0.0/16]}\n"
		      "  - {name: dev, clients: [10.2.0.0/16]}\n"
		      "zones:\n" ZONE("z", "corp.test.") IN("dev, prod")
			  RECORDS SET("www.corp.test.", "CNAME",
			      "www.far.test.") ZONE("y", "far.test.") IN("prod")
			      RECORDS SET("www.far.test.", "A", "10.0.0.7"),
	    "www.far.test. is in no zone of network dev");
}

static void
under_the_classic_rule_an_alias_never_gets_an_address(void **state)
{
	(void)state;
	assert_warned("cname_chasing: classic\n"
		      "zones:\n" ZONE("z", "corp.test.")
			  RECORDS SET("www.corp.test.", "CNAME",
			      "www.example.net."),
	    "of network default: clients get the alias without an address\n");
}

#define POLICY                                      \
	"response_policies:\n"                      \
	"  - name: rp\n"                            \
	"    rules:\n"                              \
	"      - rule_name: all\n"                  \
	"        dns_name: \"*.googleapis.com.\"\n" \
	"        local_data:\n"                     \
	"          - name: \"*.googleapis.com.\"\n" \
	"            type: A\n"                     \
	"            rrdatas: [10.0.0.1]\n"         \
	"      - rule_name: but\n"                  \
	"        dns_name: www.googleapis.com.\n"   \
	"        behavior: bypassResponsePolicy\n"

/* A zone with one alias. */
#define ALIAS(target)                      \
	"zones:\n" ZONE("z", "corp.test.") \
	    RECORDS SET("www.corp.test.", "CNAME", target)

static void
an_alias_that_leaves_gets_the_answer_of_a_rule_per_hop(void **state)
{
	(void)state;
	assert_warned(POLICY ALIAS("storage.googleapis.com."),
	    "from that day on the answer of rule \"all\" of the response "
	    "policy\n");
}

static void
an_alias_that_leaves_gets_the_public_address_past_a_bypass(void **state)
{
	(void)state;
	assert_warned(POLICY ALIAS("www.googleapis.com."),
	    "from that day on the public address\n");
}

static void
an_alias_with_a_rule_for_its_target_is_right_per_hop(void **state)
{
	(void)state;
	assert_silent(
	    "cname_chasing: per_hop\n" POLICY ALIAS("storage.googleapis.com."));
}

static void
an_alias_of_a_vm_gets_its_address_per_hop(void **state)
{
	(void)state;
	assert_warned("instances: [{name: vm1, zone: us-central1-a, "
		      "project: p, network_ip: 10.0.0.5}]\n" ALIAS(
			  "vm1.us-central1-a.c.p.internal."),
	    "from that day on the address that internal DNS has\n");
}

static void
clients_elsewhere_cannot_ask_a_loopback_address(void **state)
{
	(void)state;
	assert_warned("networks: [{name: n, clients: [10.1.0.0/16], "
		      "listen: [127.0.0.2]}]\n",
	    "no client of network \"n\" can ask 127.0.0.2");
	assert_warned("gke_clusters: [{name: c, clients: [10.1.0.0/16], "
		      "listen: [127.0.0.2]}]\n",
	    "no client of GKE cluster \"c\" can ask 127.0.0.2");
}

static void
clients_that_this_host_is_among_can_ask_a_loopback_address(void **state)
{
	(void)state;
	assert_silent("networks: [{name: n, clients: [10.1.0.0/16, "
		      "127.0.0.0/9], listen: [127.0.0.2]}]\n");
	assert_silent("networks: [{name: n, clients: [0.0.0.0/0], "
		      "listen: [127.0.0.2]}]\n");
	assert_silent("networks: [{name: n, clients: [10.1.0.0/16], "
		      "listen: [127.0.0.2, 10.1.0.1]}]\n");
}

static void
a_zone_of_one_domain_is_better_named_after_it(void **state)
{
	(void)state;
	assert_warned("mode: \"off\"\nzones:\n" ZONE("z", "run.app.")
			  RECORDS SET("*.a.run.app.", "A", "10.0.0.1"),
	    "after its one domain, a.run.app.\n");
}

static void
an_alias_of_a_name_with_other_records_is_right(void **state)
{
	(void)state;
	assert_silent("zones:\n" ZONE("z", "corp.test.")
		RECORDS SET("mail.corp.test.", "MX", "10 mx.example.net.")
		    SET("post.corp.test.", "CNAME", "mail.corp.test."));
}

static void
a_wildcard_does_not_reach_below_a_name_that_exists(void **state)
{
	(void)state;
	assert_warned("zones:\n" ZONE("z",
			  "corp.test.") RECORDS SET("*.corp.test.", "A",
			  "10.0.0.1") SET("www.corp.test.", "A", "10.0.0.2")
			  SET("x.corp.test.", "CNAME", "deep.www.corp.test."),
	    "deep.www.corp.test. does not exist in zone \"z\"");
}

/* Addresses. */

static void
a_zone_that_mixes_in_itself_is_told_once(void **state)
{
	(void)state;
	assert_warned("zones:\n" ZONE("z", "corp.test.")
			  RECORDS SET("a.corp.test.", "A", "199.36.153.4")
			      SET("b.corp.test.", "A", "199.36.153.8"),
	    "in one zone");
}

static void
networks_may_differ_in_their_addresses(void **state)
{
	(void)state;
	assert_silent(
	    "mode: \"off\"\n"
	    "networks:\n"
	    "  - {name: prod, clients: [10.1.0.0/16]}\n"
	    "  - {name: dev, clients: [10.2.0.0/16]}\n"
	    "zones:\n" ZONE("z", "a.test.") IN("prod")
		RECORDS SET("a.test.", "A", "199.36.153.4") ZONE("y", "b.test.")
		    IN("dev") RECORDS SET("b.test.", "A", "199.36.153.8"));
}

static void
two_public_addresses_lead_away_from_nothing(void **state)
{
	(void)state;
	assert_silent("zones:\n" ZONE("z", "corp.test.")
		RECORDS SET("a.corp.test.", "A", "8.8.8.8")
		    SET("a.corp.test.", "AAAA", "2600:1900::7"));
}

static void
an_address_for_documents_leads_nowhere(void **state)
{
	(void)state;
	assert_silent("zones:\n" ZONE("z", "corp.test.")
		RECORDS SET("a.corp.test.", "A", "10.0.0.7")
		    SET("a.corp.test.", "AAAA", "2001:db8::7"));
}

/* Rules. */

static void
a_rule_with_the_endpoints_own_address_hides_nothing(void **state)
{
	(void)state;
	assert_silent("psc_endpoints: [{name: v, address: 10.10.10.10}]\n"
		      "response_policies:\n"
		      "  - name: rp\n"
		      "    rules:\n"
		      "      - rule_name: r\n"
		      "        dns_name: \"*.googleapis.com.\"\n"
		      "        local_data: [{name: \"*.googleapis.com.\", "
		      "type: A, ttl: 60, rrdatas: [10.10.10.10]}]\n");
}

static void
a_rule_that_bypasses_for_endpoints_lets_them_through(void **state)
{
	(void)state;
	assert_silent("psc_endpoints: [{name: v, address: 10.10.10.10}]\n"
		      "response_policies:\n"
		      "  - name: rp\n"
		      "    rules:\n"
		      "      - rule_name: r\n"
		      "        dns_name: \"*.googleapis.com.\"\n"
		      "        local_data: [{name: \"*.googleapis.com.\", "
		      "type: A, ttl: 60, rrdatas: [10.9.9.9]}]\n"
		      "      - {rule_name: p, dns_name: "
		      "\"*.p.googleapis.com.\", "
		      "behavior: bypassResponsePolicy}\n");
}

static void
per_hop_an_alias_in_a_rule_is_as_good_as_an_address(void **state)
{
	(void)state;
	assert_silent("cname_chasing: per_hop\n"
		      "response_policies:\n"
		      "  - name: rp\n"
		      "    rules:\n"
		      "      - rule_name: r\n"
		      "        dns_name: a.test.\n"
		      "        local_data: [{name: a.test., type: CNAME, "
		      "ttl: 60, rrdatas: [www.example.net.]}]\n");
}

/* Peering and reach. */

static void
two_hand_overs_are_allowed(void **state)
{
	(void)state;
	assert_silent(
	    "networks:\n"
	    "  - {name: one, clients: [10.1.0.0/16]}\n"
	    "  - {name: two}\n"
	    "  - {name: three}\n"
	    "zones:\n" ZONE("a", "far.test.") IN(
		"one") "    peering_config: {target_network: two}\n" ZONE("b",
		"far.test.")
		IN("two") "    peering_config: {target_network: three}\n" ZONE(
		    "c", "far.test.") IN("three")
		    RECORDS SET("far.test.", "A", "10.0.0.1"));
}

static void
a_producer_may_have_longer_zones_only(void **state)
{
	(void)state;
	assert_silent(
	    "networks:\n"
	    "  - {name: one, clients: [10.1.0.0/16]}\n"
	    "  - {name: two}\n"
	    "zones:\n" ZONE("a", "test.") IN(
		"one") "    peering_config: {target_network: two}\n" ZONE("c",
		"far.test.") IN("two")
		RECORDS SET("far.test.", "A", "10.0.0.1"));
}

static void
a_network_with_a_region_has_a_nearest_location(void **state)
{
	(void)state;
	assert_silent("networks: [{name: default, region: us-east1}]\n"
		      "zones:\n" ZONE("z", "geo.test.") RECORDS
	    "      - name: geo.test.\n"
	    "        type: A\n"
	    "        ttl: 60\n"
	    "        routing_policy: {geo: {items: [\n"
	    "          {location: us-east1, rrdatas: [10.0.0.1]},\n"
	    "          {location: us-west1, rrdatas: [10.0.0.2]}]}}\n");
}

static void
a_single_location_is_always_the_nearest(void **state)
{
	(void)state;
	assert_silent("zones:\n" ZONE("z", "geo.test.") RECORDS
	    "      - name: geo.test.\n"
	    "        type: A\n"
	    "        ttl: 60\n"
	    "        routing_policy: {geo: {items: [\n"
	    "          {location: us-east1, rrdatas: [10.0.0.1]}]}}\n");
}

static void
alternative_servers_alone_take_nothing_away(void **state)
{
	(void)state;
	assert_silent("policies:\n"
		      "  - name: p\n"
		      "    alternative_name_server_config:\n"
		      "      target_name_servers:\n"
		      "        - {ipv4_address: 10.0.0.53}\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(examples_are_warned_of_their_faults_alone),
	    cmocka_unit_test(a_zone_named_after_its_host_takes_nothing_away),
	    cmocka_unit_test(a_domain_of_ones_own_is_no_shadow),
	    cmocka_unit_test(a_wildcard_leaves_no_name_without_an_answer),
	    cmocka_unit_test(a_wildcard_of_the_branch_goes_on_below_it),
	    cmocka_unit_test(a_shadow_in_two_networks_is_told_once),
	    cmocka_unit_test(a_zone_that_is_never_consulted_shadows_nothing),
	    cmocka_unit_test(
		reverse_zones_as_long_as_cloud_dns_has_them_are_asked),
	    cmocka_unit_test(
		a_short_reverse_zone_wins_where_internal_names_come_last),
	    cmocka_unit_test(a_longer_zone_beside_other_names_hides_nothing),
	    cmocka_unit_test(a_longer_zone_in_another_network_hides_nothing),
	    cmocka_unit_test(
		an_own_zone_replaces_a_preset_that_nobody_asked_for),
	    cmocka_unit_test(an_own_zone_that_has_the_names_of_vms_hides_none),
	    cmocka_unit_test(
		a_shorter_zone_hides_vms_where_internal_names_come_last),
	    cmocka_unit_test(a_longer_private_zone_hides_the_vms_below_it),
	    cmocka_unit_test(an_alias_into_a_preset_does_not_leave),
	    cmocka_unit_test(an_alias_into_a_forwarding_zone_does_not_leave),
	    cmocka_unit_test(an_alias_of_a_cluster_may_lead_into_its_network),
	    cmocka_unit_test(
		an_alias_leaves_in_the_one_network_that_lacks_the_zone),
	    cmocka_unit_test(
		under_the_classic_rule_an_alias_never_gets_an_address),
	    cmocka_unit_test(
		an_alias_that_leaves_gets_the_answer_of_a_rule_per_hop),
	    cmocka_unit_test(
		an_alias_that_leaves_gets_the_public_address_past_a_bypass),
	    cmocka_unit_test(
		an_alias_with_a_rule_for_its_target_is_right_per_hop),
	    cmocka_unit_test(an_alias_of_a_vm_gets_its_address_per_hop),
	    cmocka_unit_test(clients_elsewhere_cannot_ask_a_loopback_address),
	    cmocka_unit_test(
		clients_that_this_host_is_among_can_ask_a_loopback_address),
	    cmocka_unit_test(a_zone_of_one_domain_is_better_named_after_it),
	    cmocka_unit_test(an_alias_of_a_name_with_other_records_is_right),
	    cmocka_unit_test(
		a_wildcard_does_not_reach_below_a_name_that_exists),
	    cmocka_unit_test(a_zone_that_mixes_in_itself_is_told_once),
	    cmocka_unit_test(networks_may_differ_in_their_addresses),
	    cmocka_unit_test(two_public_addresses_lead_away_from_nothing),
	    cmocka_unit_test(an_address_for_documents_leads_nowhere),
	    cmocka_unit_test(
		a_rule_with_the_endpoints_own_address_hides_nothing),
	    cmocka_unit_test(
		a_rule_that_bypasses_for_endpoints_lets_them_through),
	    cmocka_unit_test(
		per_hop_an_alias_in_a_rule_is_as_good_as_an_address),
	    cmocka_unit_test(two_hand_overs_are_allowed),
	    cmocka_unit_test(a_producer_may_have_longer_zones_only),
	    cmocka_unit_test(a_network_with_a_region_has_a_nearest_location),
	    cmocka_unit_test(a_single_location_is_always_the_nearest),
	    cmocka_unit_test(alternative_servers_alone_take_nothing_away),
	};

	return cmocka_run_group_tests_name("check_sense", tests, NULL, NULL);
}
