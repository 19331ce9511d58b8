#include "config/import.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "config/dump.h"
#include "dns/rdata.h"

/* A directory of its own for every test, what a run told, and the outcome. */
#define TEMPLATE "/tmp/test_import.XXXXXX"
static char directory[] = TEMPLATE;
static struct model model;
static struct diag diag;
static char *report;
static size_t report_len;
static enum import_result result;

static int
set_up(void **state)
{
	(void)state;
	snprintf(directory, sizeof(directory), TEMPLATE);
	diag_init(&diag);
	model_init(&model);
	return mkdtemp(directory) == NULL;
}

static int
remove_entry(const char *path, const struct stat *status, int kind,
    struct FTW *place)
{
	(void)status;
	(void)kind;
	(void)place;
	return remove(path);
}

static int
tear_down(void **state)
{
	(void)state;
	free(report);
	report = NULL;
	diag_fini(&diag);
	model_fini(&model);
	return nftw(directory, remove_entry, 64, FTW_DEPTH | FTW_PHYS);
}

static void
write_file(const char *name, const char *text)
{
	char path[128];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	file = fopen(path, "we");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static void
make_directory(const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	assert_int_equal(mkdir(path, 0700), 0);
}

static void
import(const char *path)
{
	char copy[128];
	char *paths[] = {copy};
	FILE *out = open_memstream(&report, &report_len);

	assert_non_null(out);
	snprintf(copy, sizeof(copy), "%s", path);
	result = import_paths(paths, 1, &model, out);
	fclose(out);
}

/* Reads the test's directory; what it told is without its name then. */
static void
import_directory(void)
{
	const size_t len = strlen(directory) + 1;
	char *at;

	import(directory);
	while ((at = strstr(report, directory)) != NULL)
		memmove(at, at + len, strlen(at + len) + 1);
}

static void
assert_told(const char *text)
{
	if (strstr(report, text) == NULL)
		fail_msg("not told: %s\nbut: %s", text, report);
}

static const struct model_zone *
zone_at(size_t index)
{
	assert_true(index < model.zones.count);
	return (const struct model_zone *)model.zones.items + index;
}

static const struct model_response_policy *
response_policy_at(size_t index)
{
	assert_true(index < model.response_policies.count);
	return (const struct model_response_policy *)
		   model.response_policies.items +
	    index;
}

/* As a configuration does: a file that resource_files names. */
static bool
load(const char *text)
{
	static struct model_text file;
	char path[128];

	write_file("r.json", text);
	snprintf(path, sizeof(path), "%s/c.yaml", directory);
	file = (struct model_text){
	    .text = "r.json",
	    .mark = {.file = "c.yaml", .line = 2, .column = 4},
	};
	model.resource_files = (struct model_list){.items = &file, .count = 1};
	return import_load(&model, path, &diag);
}

static void
assert_message(const char *text)
{
	FILE *out = open_memstream(&report, &report_len);

	assert_non_null(out);
	diag_print(&diag, out);
	fclose(out);
	assert_told(text);
}

/* Golden files. */

static char *
read_golden(const char *name, const char *extension)
{
	char path[128];
	char *text = NULL;
	size_t len = 0;
	FILE *file;

	snprintf(path, sizeof(path), "tests/import/golden/%s.%s", name,
	    extension);
	file = fopen(path, "re");
	if (file == NULL)
		fail_msg("%s cannot be opened", path);
	assert_true(getdelim(&text, &len, '\0', file) >= 0);
	fclose(file);
	return text;
}

static void
assert_same(const char *text, const char *name, const char *extension)
{
	char *golden = read_golden(name, extension);

	assert_string_equal(text, golden);
	free(golden);
}

/* The resources of a configuration alone. */
static char *
dump_resources(void)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);
	char *begin;
	char *end;

	assert_non_null(out);
	dump_model(&model, out);
	fclose(out);
	begin = strstr(text, "networks:");
	end = strstr(text, "instances:");
	assert_non_null(begin);
	assert_non_null(end);
	*end = '\0';
	memmove(text, begin, strlen(begin) + 1);
	return text;
}

static void
check_golden(const char *path, const char *name)
{
	char *text;
	char *rest;

	import(path);
	text = dump_resources();
	assert_same(text, name, "yaml");
	/* What is said of the configuration is the check's business. */
	rest = strstr(report, "of the configuration that they make:");
	if (rest != NULL)
		*rest = '\0';
	assert_same(report, name, "report");
	free(text);
}

static void
gcloud_is_taken_over(void **state)
{
	(void)state;
	check_golden("tests/import/gcloud", "gcloud");
	assert_int_equal(result, IMPORT_PART);
}

static void
a_state_of_terraform_is_taken_over(void **state)
{
	(void)state;
	check_golden("tests/import/terraform/state.json", "state");
	assert_int_equal(result, IMPORT_PART);
}

static void
a_plan_of_terraform_is_taken_over(void **state)
{
	(void)state;
	check_golden("tests/import/terraform/plan.json", "plan");
	assert_int_equal(result, IMPORT_PART);
}

static void
factories_of_fabric_are_taken_over(void **state)
{
	(void)state;
	check_golden("tests/import/fabric", "fabric");
	assert_int_equal(result, IMPORT_WHOLE);
}

static void
rules_of_fabric_alone_make_a_policy(void **state)
{
	(void)state;
	check_golden("tests/import/rules", "rules");
	assert_int_equal(result, IMPORT_PART);
}

/* Texts that several tests use. */

#define VISIBLE                                                      \
	"\"visibility\": \"private\", \"privateVisibilityConfig\": " \
	"{\"networks\": [{\"networkUrl\": \"projects/p/global/networks/n\"}]}"
#define ZONE                                                \
	"{\"kind\": \"dns#managedZone\", \"name\": \"z\", " \
	"\"dnsName\": \"z.test.\", " VISIBLE "}"
#define RECORD(name)                                              \
	"{\"kind\": \"dns#resourceRecordSet\", \"name\": \"" name \
	"\", \"type\": \"A\", \"ttl\": 60, \"rrdatas\": [\"10.0.0.1\"]}"
#define WRONG                                        \
	"{\"kind\": \"dns#resourceRecordSet\", "     \
	"\"name\": \"x.z.test.\", \"type\": \"A\", " \
	"\"ttl\": 60, \"rrdatas\": [\"10.0.0\"]}"
#define ALIAS                                            \
	"{\"kind\": \"dns#resourceRecordSet\", "         \
	"\"name\": \"w.z.test.\", \"type\": \"CNAME\", " \
	"\"ttl\": 60, \"rrdatas\": [\"x.z.test.\"]}"
#define SOA(server)                                                     \
	"{\"kind\": \"dns#resourceRecordSet\", \"name\": \"z.test.\", " \
	"\"type\": \"SOA\", \"ttl\": 60, \"rrdatas\": [\"" server       \
	" h.test. 1 2 3 4 5\"]}"
#define RULE(name, dns_name)                                           \
	"{\"kind\": \"dns#responsePolicyRule\", \"ruleName\": \"" name \
	"\", \"dnsName\": \"" dns_name                                 \
	"\", \"behavior\": \"bypassResponsePolicy\"}"
#define PLAN(resources)                                                        \
	"{\"format_version\": \"1.2\", \"planned_values\": {\"root_module\": " \
	"{\"resources\": [" resources "]}}}"
#define TERRAFORM_ZONE                                                         \
	"{\"address\": \"google_dns_managed_zone.z\", \"mode\": \"managed\", " \
	"\"type\": \"google_dns_managed_zone\", \"values\": {\"name\": "       \
	"\"z\", \"dns_name\": \"z.test.\", \"visibility\": \"private\", "      \
	"\"private_visibility_config\": [{\"networks\": []}]}}"

/* What record sets belong to. */

static void
the_owner_of_the_soa_names_the_zone(void **state)
{
	(void)state;
	write_file("a.json", "[" ZONE "]");
	write_file("b.json", "[" RECORD("w.z.test.") ", " SOA("x.test.") "]");
	import_directory();
	assert_int_equal(result, IMPORT_WHOLE);
	assert_int_equal(zone_at(0)->record_sets.count, 2);
}

static void
a_private_soa_outweighs_a_public_zone_by_the_files_name(void **state)
{
	(void)state;
	write_file("a.json",
	    "[{\"kind\": \"dns#managedZone\", \"name\": \"z\", "
	    "\"dnsName\": \"z.test.\", \"visibility\": \"public\"}]");
	write_file("b.json", "[" ZONE "]");
	write_file("z.json",
	    "[" SOA("ns-gcp-private.googledomains.com.") ", " RECORD(
		"w.z.test.") "]");
	import_directory();
	assert_int_equal(model.zones.count, 1);
	assert_int_equal(zone_at(0)->record_sets.count, 2);
}

static void
the_soa_tells_private_from_public(void **state)
{
	(void)state;
	write_file("zones.json",
	    "[" ZONE ", {\"kind\": \"dns#managedZone\", \"name\": \"w\", "
	    "\"dnsName\": \"z.test.\", \"visibility\": \"public\"}]");
	write_file("one.json",
	    "[" RECORD("in.z.test.") ", " SOA(
		"ns-gcp-private.googledomains.com.") "]");
	write_file("two.json",
	    "[" RECORD("out.z.test.") ", " SOA("ns-cloud-a1.googledomains."
					       "com.") "]");
	import_directory();
	assert_int_equal(result, IMPORT_WHOLE);
	assert_int_equal(model.zones.count, 1);
	assert_int_equal(zone_at(0)->record_sets.count, 2);
}

static void
the_name_of_the_file_names_the_zone(void **state)
{
	(void)state;
	write_file("zones.json",
	    "[" ZONE ", {\"kind\": \"dns#managedZone\", \"name\": \"y\", "
	    "\"dnsName\": \"w.z.test.\", " VISIBLE "}]");
	write_file("z.yaml",
	    "kind: dns#resourceRecordSet\nname: a.w.z.test.\ntype: A\n"
	    "ttl: 5\nrrdatas: [10.0.0.1]\n");
	import_directory();
	assert_int_equal(zone_at(0)->record_sets.count, 1);
	assert_int_equal(zone_at(1)->record_sets.count, 0);
}

static void
the_name_of_the_directory_names_the_zone(void **state)
{
	(void)state;
	make_directory("z");
	write_file("zones.json",
	    "[" ZONE ", {\"kind\": \"dns#managedZone\", \"name\": \"y\", "
	    "\"dnsName\": \"w.z.test.\", " VISIBLE "}]");
	write_file("z/list.json", "[" RECORD("a.w.z.test.") "]");
	import_directory();
	assert_int_equal(zone_at(0)->record_sets.count, 1);
}

static void
at_last_the_longest_name_takes_them(void **state)
{
	(void)state;
	write_file("zones.json",
	    "[" ZONE ", {\"kind\": \"dns#managedZone\", \"name\": \"y\", "
	    "\"dnsName\": \"w.z.test.\", " VISIBLE "}]");
	write_file("both.json",
	    "[" RECORD("a.w.z.test.") ", " RECORD("b.z.test.") "]");
	write_file("inner.json",
	    "[" RECORD("c.w.z.test.") ", " RECORD("w.z.test.") "]");
	import_directory();
	assert_int_equal(zone_at(0)->record_sets.count, 2);
	assert_int_equal(zone_at(1)->record_sets.count, 2);
}

static void
record_sets_of_no_zone_are_told_of(void **state)
{
	(void)state;
	write_file("a.json", "[" ZONE "]");
	write_file("b.json", "[" RECORD("w.other.test.") "]");
	import_directory();
	assert_int_equal(result, IMPORT_PART);
	assert_told("b.json:1:2: warning: 1 record set is not taken over: "
		    "whose zone it would be cannot be told");
}

static void
records_of_one_name_and_type_are_one_set(void **state)
{
	const struct model_record_set *sets;

	(void)state;
	write_file("a.json", "[" ZONE "]");
	write_file("z.zone",
	    "$TTL 300\nW.Z.test. IN A 10.0.0.1\nw.z.test. 60 IN A 10.0.0.2\n");
	import_directory();
	assert_int_equal(result, IMPORT_WHOLE);
	assert_int_equal(zone_at(0)->record_sets.count, 1);
	sets = zone_at(0)->record_sets.items;
	assert_int_equal(sets[0].rdata_count, 2);
	assert_int_equal(sets[0].ttl, 60);
}

static void
a_zone_with_a_wrong_record_is_left_out_whole(void **state)
{
	(void)state;
	write_file("a.json", "[" ZONE "]");
	write_file("z.json", "[" RECORD("w.z.test.") ",\n" WRONG "]");
	import_directory();
	assert_int_equal(result, IMPORT_WRONG);
	assert_int_equal(model.zones.count, 0);
	assert_told("z.json:2:92: error: A '10.0.0'");
	assert_told("a.json:1:2: error: zone \"z\" is not taken over: a part "
		    "of it is wrong");
}

static void
a_zone_with_a_broken_file_is_left_out_whole(void **state)
{
	(void)state;
	write_file("a.json", "[" ZONE "]");
	write_file("z.json", "[" RECORD("w.z.test.") ",\n");
	import_directory();
	assert_int_equal(result, IMPORT_WRONG);
	assert_int_equal(model.zones.count, 0);
	assert_told("z.json:2:1: error: the text ends where a value should "
		    "stand: was it cut?");
}

static void
a_zone_that_cloud_dns_refuses_is_left_out(void **state)
{
	(void)state;
	write_file("a.json", "[" ZONE "]");
	write_file("z.json", "[" RECORD("w.z.test.") ", " ALIAS "]");
	import_directory();
	assert_int_equal(result, IMPORT_WRONG);
	assert_int_equal(model.zones.count, 0);
	assert_told("zone \"z\" is not taken over: Cloud DNS refuses it");
}

/* Where a zone holds. */

static void
a_zone_without_networks_is_in_none(void **state)
{
	(void)state;
	write_file("a.json",
	    "[{\"kind\": \"dns#managedZone\", \"name\": \"z\", \"dnsName\": "
	    "\"z.test.\", \"visibility\": \"private\"}]");
	import_directory();
	assert_int_equal(result, IMPORT_WHOLE);
	assert_true(zone_at(0)->visibility.given);
	assert_int_equal(zone_at(0)->visibility.networks.count, 0);
}

static void
networks_of_one_name_are_told_apart(void **state)
{
	const struct model_network *networks;

	(void)state;
	write_file("a.json",
	    "[{\"kind\": \"dns#policy\", \"name\": \"a\", \"networks\": "
	    "[{\"networkUrl\": \"projects/p/global/networks/default\"}]}, "
	    "{\"kind\": \"dns#policy\", \"name\": \"b\", \"networks\": "
	    "[{\"networkUrl\": \"projects/q/global/networks/default\"}]}]");
	import_directory();
	assert_int_equal(result, IMPORT_WHOLE);
	assert_int_equal(model.networks.count, 2);
	networks = model.networks.items;
	assert_string_equal(networks[0].name.text, "default");
	assert_string_equal(networks[1].name.text, "default-q");
	assert_string_equal(networks[1].project.text, "q");
}

static void
a_zone_read_twice_is_taken_once(void **state)
{
	(void)state;
	write_file("a.json", "[" ZONE "]");
	write_file("b.json", ZONE);
	import_directory();
	assert_int_equal(result, IMPORT_PART);
	assert_int_equal(model.zones.count, 1);
	assert_told("b.json:1:1: warning: zone \"z\" is not taken over: it is "
		    "there already\na.json:1:2: note: the one that is taken");
}

/* Rules. */

static void
rules_go_to_the_only_policy(void **state)
{
	(void)state;
	write_file("a.json",
	    "[{\"kind\": \"dns#responsePolicy\", \"responsePolicyName\": "
	    "\"rp\"}]");
	write_file("rules.json",
	    "[" RULE("a", "a.test.") ", " RULE("b", "*.test.") "]");
	import_directory();
	assert_int_equal(result, IMPORT_WHOLE);
	assert_int_equal(response_policy_at(0)->rules.count, 2);
}

static void
of_several_policies_the_file_names_one(void **state)
{
	(void)state;
	write_file("a.json",
	    "[{\"kind\": \"dns#responsePolicy\", \"responsePolicyName\": "
	    "\"one\"}, {\"kind\": \"dns#responsePolicy\", "
	    "\"responsePolicyName\": \"two\"}]");
	write_file("two.json", "[" RULE("a", "a.test.") "]");
	write_file("what.json", "[" RULE("b", "b.test.") "]");
	import_directory();
	assert_int_equal(result, IMPORT_PART);
	assert_int_equal(response_policy_at(0)->rules.count, 0);
	assert_int_equal(response_policy_at(1)->rules.count, 1);
	assert_told("what.json:1:2: warning: 1 rule is not taken over: whose "
		    "response policy it would be cannot be told");
}

/* Shapes. */

static void
responses_of_the_api_are_lists(void **state)
{
	(void)state;
	write_file("a.json",
	    "{\"managedZones\": [" ZONE "], \"kind\": "
	    "\"dns#managedZonesListResponse\"}");
	write_file("b.json", "{\"rrsets\": [" RECORD("w.z.test.") "]}");
	import_directory();
	assert_int_equal(result, IMPORT_WHOLE);
	assert_int_equal(zone_at(0)->record_sets.count, 1);
}

static void
fields_not_known_are_warned_of(void **state)
{
	(void)state;
	write_file("a.json",
	    "[{\"kind\": \"dns#managedZone\", \"name\": \"z\", \"dnsName\": "
	    "\"z.test.\", \"newThing\": {\"on\": true}, " VISIBLE "}]");
	import_directory();
	assert_int_equal(result, IMPORT_PART);
	assert_int_equal(model.zones.count, 1);
	assert_told("a.json:1:65: warning: \"newThing\" is not taken over: a "
		    "zone has no such key here");
}

static void
other_documents_are_told_of(void **state)
{
	(void)state;
	write_file("a.yaml", "apiVersion: v1\nkind: Service\n");
	write_file("b.json", "[" ZONE ", {\"kind\": \"dns#dnsKey\"}]");
	import_directory();
	assert_int_equal(result, IMPORT_PART);
	assert_told("a.yaml:1:1: warning: this is no document that is known");
	assert_told(": warning: this entry is not taken over: it is none of "
		    "the resources that are known here");
}

static void
a_stored_state_is_no_output_of_show(void **state)
{
	(void)state;
	write_file("terraform.tfstate",
	    "{\"version\": 4, \"lineage\": \"x\", \"resources\": []}");
	import_directory();
	assert_int_equal(result, IMPORT_WRONG);
	assert_told("give what terraform show -json prints");
}

static void
other_versions_of_terraforms_format_are_refused(void **state)
{
	(void)state;
	write_file("a.json", "{\"format_version\": \"2.0\", \"values\": {}}");
	import_directory();
	assert_int_equal(result, IMPORT_WRONG);
	assert_told("a.json:1:20: error: format_version 2.0 of terraform show "
		    "-json is not known here");
}

static void
the_order_of_a_plans_keys_does_not_matter(void **state)
{
	(void)state;
	write_file("a.json",
	    "{\"planned_values\": {\"root_module\": {\"child_modules\": "
	    "[{\"child_modules\": [{\"resources\": [" TERRAFORM_ZONE
	    "]}], \"resources\": []}]}}, \"format_version\": \"0.2\"}");
	import_directory();
	assert_int_equal(result, IMPORT_WHOLE);
	assert_int_equal(model.zones.count, 1);
}

static void
an_empty_state_holds_nothing(void **state)
{
	(void)state;
	write_file("a.json", "{\"format_version\": \"1.0\"}");
	import_directory();
	assert_int_equal(result, IMPORT_WHOLE);
}

/* Directories. */

static void
hidden_files_are_passed_over(void **state)
{
	(void)state;
	make_directory(".terraform");
	write_file(".terraform/x.json", "broken");
	write_file(".hidden.json", "broken");
	write_file("main.tf", "resource \"x\" \"y\" {}\n");
	import_directory();
	assert_int_equal(result, IMPORT_WHOLE);
	assert_told("main.tf: note: not read");
	assert_null(strstr(report, "hidden"));
}

static void
what_cannot_be_read_is_told_of(void **state)
{
	char path[128];
	char loop[128];

	(void)state;
	make_directory("d");
	snprintf(loop, sizeof(loop), "%s/d/loop", directory);
	assert_int_equal(symlink("..", loop), 0);
	snprintf(path, sizeof(path), "%s/pipe", directory);
	assert_int_equal(mkfifo(path, 0600), 0);
	snprintf(path, sizeof(path), "%s/broken", directory);
	assert_int_equal(symlink("nowhere", path), 0);
	import_directory();
	assert_int_equal(result, IMPORT_PART);
	assert_told("d/loop: warning: not read: it leads back to a directory "
		    "that it is in");
	assert_told("pipe: warning: not read: it is neither a file nor a "
		    "directory");
	assert_told("broken: warning: not read: the link leads nowhere");
}

static void
directories_too_deep_are_told_of(void **state)
{
	static const char deep[] = "d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d";
	char name[sizeof(deep)];

	(void)state;
	for (int len = 1; len < (int)sizeof(deep); len += 2) {
		snprintf(name, sizeof(name), "%.*s", len, deep);
		make_directory(name);
	}
	import_directory();
	assert_int_equal(result, IMPORT_PART);
	assert_told("not read: the directories are too deep");
}

static void
a_path_that_is_not_there_is_wrong(void **state)
{
	(void)state;
	import("/nonexistent");
	assert_int_equal(result, IMPORT_WRONG);
	assert_told("/nonexistent: error: No such file or directory");
}

/* For a configuration. */

static void
a_configuration_takes_a_resource_file(void **state)
{
	(void)state;
	assert_true(load(PLAN(TERRAFORM_ZONE)));
	assert_int_equal(model.zones.count, 1);
	assert_string_equal(zone_at(0)->name.text, "z");
}

static void
a_configuration_takes_nothing_that_is_half_there(void **state)
{
	(void)state;
	assert_false(load("{\"format_version\": \"1.2\", \"resource_changes\": "
			  "[{\"address\": \"google_dns_managed_zone.z\", "
			  "\"type\": \"google_dns_managed_zone\", \"change\": "
			  "{\"after_unknown\": {\"dns_name\": true}}}], "
			  "\"planned_values\": {\"root_module\": "
			  "{\"resources\": [" TERRAFORM_ZONE "]}}}"));
	assert_message(
	    "error: google_dns_managed_zone.z is not taken over: its "
	    "dns_name is known only after terraform apply");
}

static void
record_sets_go_to_the_configurations_own_zone(void **state)
{
	struct model_zone own = {
	    .name = {.text = "z", .mark = {.file = "c.yaml"}},
	    .dns_name = {.mark = {.file = "c.yaml"}},
	};

	(void)state;
	assert_int_equal(name_from_text(&own.dns_name.name, "z.test"), NAME_OK);
	model.zones = (struct model_list){.items = &own, .count = 1};
	assert_true(load("[" RECORD("w.z.test.") "]"));
	assert_int_equal(model.zones.count, 1);
	assert_int_equal(zone_at(0)->record_sets.count, 1);
}

static void
a_rules_file_goes_to_its_policy(void **state)
{
	struct model_response_policy own = {
	    .name = {.text = "rp", .mark = {.file = "c.yaml"}},
	    .rules_file = {.text = "r.yaml", .mark = {.file = "c.yaml"}},
	};
	char path[128];

	(void)state;
	write_file("r.yaml",
	    "a:\n  dns_name: a.test.\nb:\n  dns_name: b.test.\n"
	    "  local_data: {A: {ttl: 7, rrdatas: [10.0.0.1]}}\n");
	snprintf(path, sizeof(path), "%s/c.yaml", directory);
	model.response_policies =
	    (struct model_list){.items = &own, .count = 1};
	assert_true(import_load(&model, path, &diag));
	assert_int_equal(response_policy_at(0)->rules.count, 2);
}

static void
a_rules_file_that_gcloud_wrote_is_told_where_it_belongs(void **state)
{
	struct model_response_policy own = {
	    .name = {.text = "rp", .mark = {.file = "c.yaml"}},
	    .rules_file = {.text = "r.yaml", .mark = {.file = "c.yaml"}},
	};
	char path[128];

	(void)state;
	write_file("r.yaml", "- ruleName: a\n  dnsName: a.test.\n");
	snprintf(path, sizeof(path), "%s/c.yaml", directory);
	model.response_policies =
	    (struct model_list){.items = &own, .count = 1};
	assert_false(import_load(&model, path, &diag));
	assert_message("a list of rules, as gcloud prints it, is for "
		       "resource_files");
}

static void
a_resource_file_that_is_not_there_is_named(void **state)
{
	static struct model_text file = {
	    .text = "/nonexistent/r.json",
	    .mark = {.file = "c.yaml", .line = 2, .column = 4},
	};

	(void)state;
	model.resource_files = (struct model_list){.items = &file, .count = 1};
	assert_false(import_load(&model, "c.yaml", &diag));
	assert_message("c.yaml:2:4: error: /nonexistent/r.json cannot be "
		       "opened: No such file or directory");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	    TEST(gcloud_is_taken_over),
	    TEST(a_state_of_terraform_is_taken_over),
	    TEST(a_plan_of_terraform_is_taken_over),
	    TEST(factories_of_fabric_are_taken_over),
	    TEST(rules_of_fabric_alone_make_a_policy),
	    TEST(the_owner_of_the_soa_names_the_zone),
	    TEST(a_private_soa_outweighs_a_public_zone_by_the_files_name),
	    TEST(the_soa_tells_private_from_public),
	    TEST(the_name_of_the_file_names_the_zone),
	    TEST(the_name_of_the_directory_names_the_zone),
	    TEST(at_last_the_longest_name_takes_them),
	    TEST(record_sets_of_no_zone_are_told_of),
	    TEST(records_of_one_name_and_type_are_one_set),
	    TEST(a_zone_with_a_wrong_record_is_left_out_whole),
	    TEST(a_zone_with_a_broken_file_is_left_out_whole),
	    TEST(a_zone_that_cloud_dns_refuses_is_left_out),
	    TEST(a_zone_without_networks_is_in_none),
	    TEST(networks_of_one_name_are_told_apart),
	    TEST(a_zone_read_twice_is_taken_once),
	    TEST(rules_go_to_the_only_policy),
	    TEST(of_several_policies_the_file_names_one),
	    TEST(responses_of_the_api_are_lists),
	    TEST(fields_not_known_are_warned_of),
	    TEST(other_documents_are_told_of),
	    TEST(a_stored_state_is_no_output_of_show),
	    TEST(other_versions_of_terraforms_format_are_refused),
	    TEST(the_order_of_a_plans_keys_does_not_matter),
	    TEST(an_empty_state_holds_nothing),
	    TEST(hidden_files_are_passed_over),
	    TEST(what_cannot_be_read_is_told_of),
	    TEST(directories_too_deep_are_told_of),
	    TEST(a_path_that_is_not_there_is_wrong),
	    TEST(a_configuration_takes_a_resource_file),
	    TEST(a_configuration_takes_nothing_that_is_half_there),
	    TEST(record_sets_go_to_the_configurations_own_zone),
	    TEST(a_rules_file_goes_to_its_policy),
	    TEST(a_rules_file_that_gcloud_wrote_is_told_where_it_belongs),
	    TEST(a_resource_file_that_is_not_there_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
