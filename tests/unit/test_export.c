#include "config/export.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "config/export_bind.h"
#include "config/export_bind_conf.h"
#include "config/export_gcloud.h"
#include "config/export_hcl.h"
#include "config/export_shell.h"
#include "config/export_terraform.h"
#include "config/export_text.h"
#include "config/load.h"
#include "dns/message.h"
#include "dns/rdata.h"
#include "dns/zonefile.h"

/*
 * A configuration with everything in it, and what it is exported as, in
 * tests/export.  With EXPORT_UPDATE in the environment the files are written
 * anew.
 */

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define LIST(array)  ((struct model_list){(array), COUNT(array)})
#define TEXT(string) ((struct model_text){(string), here})

static const struct mark here = {"t.yaml", 1, 1};

static struct model model;
static struct diag diag;
static struct export export;

static int
set_up(void **state)
{
	(void)state;
	model_init(&model);
	diag_init(&diag);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	export_fini(&export);
	diag_fini(&diag);
	model_fini(&model);
	return 0;
}

static struct name
name_of(const char *text)
{
	struct name name;

	assert_int_equal(name_from_text(&name, text), NAME_OK);
	return name;
}

static struct model_name
model_name_of(const char *text)
{
	return (struct model_name){name_of(text), here};
}

/* Records of the model, one text each, ended by NULL. */
static struct model_record_set
set_of(const char *owner, uint16_t type, const char *const *texts)
{
	enum { ROOM = 16, SPACE = 4096 };
	struct rdata *list = arena_calloc(&model.arena, ROOM, sizeof(*list));
	struct model_record_set set = {here, name_of(owner), type, 300, list, 0,
	    NULL};

	for (; texts[set.rdata_count] != NULL; set.rdata_count++) {
		uint8_t *bytes = arena_alloc(&model.arena, SPACE);
		struct writer writer = writer_over(bytes, SPACE);

		assert_null(
		    rdata_from_text(type, texts[set.rdata_count], &writer));
		list[set.rdata_count] =
		    (struct rdata){bytes, (uint16_t)writer.at};
	}
	return set;
}

#define SET(owner, type, ...) \
	set_of((owner), (type), (const char *const[]){__VA_ARGS__, NULL})

static struct addr
addr_of(const char *text)
{
	struct addr addr;

	assert_true(addr_parse(text, 53, &addr));
	return addr;
}

static struct model_network_ref
network_of(const char *name)
{
	return (struct model_network_ref){here, name, NULL, name};
}

/* Parts of the configuration; static as the model points into them. */

static struct model_network networks[2];
static struct model_prefix clients[1];
static struct model_addr own_addresses[1];
static struct model_addr entry_points[1];
static struct model_cluster clusters[2];
static struct model_instance instances[1];
static struct model_psc_endpoint endpoints[1];

static struct model_network_ref in_prod[1];
static struct model_network_ref in_both[2];
static struct model_cluster_ref in_clusters[2];

static struct model_health_target balancers[2];
static struct model_routing_item weights[2];
static struct model_routing_item places[2];
static struct model_routing_item backups[1];
static struct model_routing routings[3];
static struct rdata routed[3];

static struct model_record_set records[12];
static struct model_record_set cluster_records[1];
static struct model_target forwarders[3];
static struct model_zone zones[5];
static struct model_record_set local_data[3];
static struct model_rule rules[3];
static struct model_response_policy responses[1];
static struct model_target servers[4];
static struct model_policy policies[1];

static void
make_surroundings(void)
{
	clients[0].mark = here;
	assert_true(prefix_parse("10.1.0.0/16", &clients[0].prefix));
	own_addresses[0] = (struct model_addr){addr_of("127.0.0.2"), here};
	entry_points[0] = (struct model_addr){addr_of("10.1.0.2"), here};
	networks[0] = (struct model_network){
	    .mark = here,
	    .name = TEXT("prod"),
	    .project = TEXT("p1"),
	    .clients = LIST(clients),
	    .listen = LIST(own_addresses),
	    .inbound_entry_points = LIST(entry_points),
	    .presets_given = true,
	};
	networks[1] = (struct model_network){
	    .mark = here,
	    .name = TEXT("hub"),
	};
	clusters[0] = (struct model_cluster){
	    .mark = here,
	    .name = TEXT("blue"),
	};
	clusters[1] = (struct model_cluster){
	    .mark = here,
	    .name = TEXT("green"),
	};
	instances[0] = (struct model_instance){
	    .mark = here,
	    .name = TEXT("vm1"),
	    .network_ip = {addr_of("10.1.0.5"), here},
	};
	endpoints[0] = (struct model_psc_endpoint){
	    .mark = here,
	    .name = TEXT("vialink1"),
	    .address = {addr_of("10.10.10.10"), here},
	};
	model.networks = LIST(networks);
	model.gke_clusters = LIST(clusters);
	model.instances = LIST(instances);
	model.psc_endpoints = LIST(endpoints);
	in_prod[0] = network_of("prod");
	in_both[0] = network_of("prod");
	in_both[1] = network_of("default");
	in_clusters[0] = (struct model_cluster_ref){here,
	    "projects/p1/locations/l/clusters/blue", "blue"};
	in_clusters[1] = (struct model_cluster_ref){here, "green", "green"};
}

static void
make_routing(void)
{
	balancers[0] = (struct model_health_target){
	    .mark = here,
	    .addr = addr_of("10.0.0.5:80"),
	    .load_balancer_type = TEXT("regionalL4ilb"),
	    .network_url = TEXT("projects/p1/global/networks/prod"),
	    .region = TEXT("europe-west1"),
	};
	balancers[1] = (struct model_health_target){
	    .mark = here,
	    .addr = addr_of("10.0.0.6:443"),
	    .udp = true,
	    .project = TEXT("p2"),
	};
	weights[0] = (struct model_routing_item){
	    .mark = here,
	    .weight = 2500,
	    .rdata = &routed[0],
	    .rdata_count = 2,
	};
	weights[1] = (struct model_routing_item){
	    .mark = here,
	    .weight = 30000,
	    .checked = LIST(balancers),
	};
	places[0] = (struct model_routing_item){
	    .mark = here,
	    .location = TEXT("europe-west1"),
	    .rdata = &routed[2],
	    .rdata_count = 1,
	};
	places[1] = places[0];
	places[1].location = TEXT("us-east1");
	backups[0] = weights[0];
	backups[0].location = TEXT("us-east1");
	routings[0] = (struct model_routing){
	    .mark = here,
	    .kind = ROUTING_WRR,
	    .items = LIST(weights),
	};
	routings[1] = (struct model_routing){
	    .mark = here,
	    .kind = ROUTING_GEO,
	    .fencing = true,
	    .items = LIST(places),
	};
	routings[2] = (struct model_routing){
	    .mark = here,
	    .kind = ROUTING_FAILOVER,
	    .trickle = 1000,
	    .items = LIST(backups),
	    .primary = LIST(balancers),
	};
}

static struct model_record_set
routed_set(const char *owner, uint16_t type, const struct model_routing *by)
{
	return (struct model_record_set){here, name_of(owner), type, 60, NULL,
	    0, by};
}

/* What a shell, gcloud and Terraform would each like to read otherwise. */
#define NASTY \
	"\"a,b|c;d {0} '$HOME' `id` $(id) ${x} %{y} \\\" \\\\ \\010 \\200\""

static void
make_records(void)
{
	const struct model_record_set data =
	    SET("w.example.com.", TYPE_A, "10.0.0.1", "10.0.0.2");
	const struct model_record_set text =
	    SET("g.example.com.", TYPE_TXT, "\"here; there, and | so\"");

	routed[0] = data.rdata[0];
	routed[1] = data.rdata[1];
	routed[2] = text.rdata[0];
	make_routing();
	records[0] = SET("example.com.", TYPE_SOA,
	    "ns.example.com. me.example.com. 7 3600 600 86400 60");
	records[1] =
	    SET("example.com.", TYPE_NS, "ns-gcp-private.googledomains.com.");
	records[1].ttl = 21600;
	records[2] = SET("Example.com.", TYPE_A, "192.0.2.1", "192.0.2.2");
	records[3] = SET("example.com.", TYPE_TXT, NASTY, "\"v=spf1 -all\"");
	records[4] = SET("*.example.com.", TYPE_CNAME, "example.com.");
	records[5] = SET("-dash.example.com.", TYPE_AAAA, "2001:db8::1");
	records[6] = SET("\\$x'y.example.com.", TYPE_MX, "10 m.example.com.");
	records[7] = SET("x_y.example.com.", TYPE_A, "192.0.2.3");
	records[8] = SET("x-y.example.com.", TYPE_A, "192.0.2.4");
	records[9] = routed_set("w.example.com.", TYPE_A, &routings[0]);
	records[10] = routed_set("g.example.com.", TYPE_TXT, &routings[1]);
	records[11] = routed_set("f.example.com.", TYPE_A, &routings[2]);
	cluster_records[0] =
	    SET("svc.cluster.test.", TYPE_SRV, "0 5 80 a.cluster.test.");
}

static struct model_zone
zone_of(const char *name, const char *dns_name, enum model_zone_kind kind)
{
	return (struct model_zone){
	    .mark = here,
	    .kind = kind,
	    .name = TEXT(name),
	    .dns_name = model_name_of(dns_name),
	    .visibility = {.given = true},
	};
}

static void
make_zones(void)
{
	make_records();
	forwarders[0] = (struct model_target){
	    .mark = here,
	    .addr = addr_of("10.9.0.1:5353"),
	};
	forwarders[1] = (struct model_target){
	    .mark = here,
	    .addr = addr_of("fd00::1"),
	    .private_path = true,
	};
	forwarders[2] = (struct model_target){
	    .mark = here,
	    .domain_name = model_name_of("ns.corp.test."),
	    .port = 53,
	};
	zones[0] = zone_of("example", "example.com.", MODEL_ZONE_PRIVATE);
	zones[0].description = TEXT("it's \"$(reboot)\"\nand `more`");
	zones[0].record_sets = LIST(records);
	zones[0].visibility.networks = LIST(in_both);
	zones[1] = zone_of("corp", "corp.test.", MODEL_ZONE_FORWARDING);
	zones[1].targets = LIST(forwarders);
	zones[1].visibility.networks = LIST(in_prod);
	zones[2] = zone_of("shared", "shared.test.", MODEL_ZONE_PEERING);
	zones[2].peer = network_of("hub");
	zones[2].visibility.networks = LIST(in_prod);
	zones[3] = zone_of("reverse", "10.in-addr.arpa.", MODEL_ZONE_REVERSE);
	zones[4] = zone_of("cluster", "cluster.test.", MODEL_ZONE_PRIVATE);
	zones[4].record_sets = LIST(cluster_records);
	zones[4].visibility.clusters = LIST(in_clusters);
	model.zones = LIST(zones);
}

static void
make_policies(void)
{
	local_data[0] =
	    SET("*.googleapis.com.", TYPE_A, "10.10.10.10", "10.10.10.11");
	local_data[1] = SET("*.googleapis.com.", TYPE_TXT, "\"a|b,c=d\"");
	local_data[2] = SET("alias.test.", TYPE_CNAME, "example.com.");
	rules[0] = (struct model_rule){
	    .mark = here,
	    .name = TEXT("all-apis"),
	    .dns_name = model_name_of("*.googleapis.com."),
	    .local_datas = {local_data, 2},
	};
	rules[1] = (struct model_rule){
	    .mark = here,
	    .name = TEXT("www"),
	    .dns_name = model_name_of("www.googleapis.com."),
	    .bypass = true,
	};
	rules[2] = (struct model_rule){
	    .mark = here,
	    .dns_name = model_name_of("alias.test."),
	    .local_datas = {local_data + 2, 1},
	};
	responses[0] = (struct model_response_policy){
	    .mark = here,
	    .name = TEXT("rp"),
	    .rules = LIST(rules),
	};
	servers[0] =
	    (struct model_target){.mark = here, .addr = addr_of("192.0.2.53")};
	servers[1] = (struct model_target){.mark = here,
	    .addr = addr_of("10.9.0.2"),
	    .private_path = true};
	servers[2] = (struct model_target){.mark = here,
	    .addr = addr_of("2001:db8::53")};
	servers[3] = (struct model_target){.mark = here,
	    .domain_name = model_name_of("ns.corp.test.")};
	policies[0] = (struct model_policy){
	    .mark = here,
	    .name = TEXT("sp"),
	    .visibility = {.given = true, .networks = LIST(in_prod)},
	    .inbound = true,
	    .logging = true,
	    .dns64 = true,
	    /* Cloud DNS does not take the last, nor does the check. */
	    .targets = {servers, COUNT(servers) - 1},
	};
	model.response_policies = LIST(responses);
	model.policies = LIST(policies);
}

static void
make_everything(void)
{
	make_surroundings();
	make_zones();
	make_policies();
}

/* Writing and comparing. */

static void
plan(const char *project, const char *zone)
{
	const struct export_options options = {project, zone};

	assert_true(export_init(&export, &model, &options, &diag));
}

typedef void (*write_fn)(struct export *export, FILE *out);

static char *
written(write_fn write)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	write(&export, out);
	fclose(out);
	assert_false(export.arena.full);
	return text;
}

static void
update(const char *path, const char *text)
{
	FILE *file = fopen(path, "we");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static char *
contents(const char *path)
{
	char *text = NULL;
	size_t room = 0;
	FILE *file = fopen(path, "re");

	assert_non_null(file);
	assert_true(getdelim(&text, &room, '\0', file) > 0);
	fclose(file);
	return text;
}

static void
assert_file(const char *path, char *text)
{
	char *expected;

	if (getenv("EXPORT_UPDATE") != NULL)
		update(path, text);
	expected = contents(path);
	assert_string_equal(text, expected);
	free(expected);
	free(text);
}

static void
write_first_zone(struct export *it, FILE *out)
{
	export_bind_write_zone(it, it->zones.items, out);
}

static void
write_first_policy(struct export *it, FILE *out)
{
	export_bind_write_policy(it, it->response_policies.items, out);
}

static void
the_restricted_zone_is_the_well_known_script(void **state)
{
	(void)state;
	plan(NULL, NULL);
	assert_file("tests/export/restricted.sh", written(export_gcloud_write));
	assert_int_equal(diag.warnings, 0);
}

static void
everything_goes_to_gcloud(void **state)
{
	(void)state;
	make_everything();
	plan("my-project", NULL);
	assert_file("tests/export/everything.sh", written(export_gcloud_write));
}

static void
everything_may_come_from_a_file(void **state)
{
	const struct load_overrides none = {.mode = NULL};

	(void)state;
	model_fini(&model);
	assert_true(
	    load_model("tests/export/everything.yaml", &none, &model, &diag));
	plan("my-project", NULL);
	assert_file("tests/export/everything.sh", written(export_gcloud_write));
}

static void
everything_goes_to_terraform(void **state)
{
	(void)state;
	make_everything();
	plan(NULL, NULL);
	assert_file("tests/export/everything.tf",
	    written(export_terraform_write));
}

static void
everything_goes_to_bind(void **state)
{
	(void)state;
	make_everything();
	plan(NULL, NULL);
	assert_file("tests/export/everything.conf",
	    written(export_bind_conf_write));
	assert_file("tests/export/example.zone", written(write_first_zone));
	assert_file("tests/export/rp.rpz", written(write_first_policy));
}

static void
what_is_lost_is_a_warning(void **state)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	(void)state;
	make_everything();
	zones[3].name = TEXT("10-reverse");
	policies[0].targets = LIST(servers);
	plan(NULL, NULL);
	free(written(export_gcloud_write));
	diag_print(&diag, out);
	fclose(out);
	assert_string_equal(text,
	    "t.yaml:1:1: warning: instance vm1 is left out: Compute Engine "
	    "names its VMs itself\n"
	    "t.yaml:1:1: warning: endpoint vialink1 is left out: who makes it "
	    "in Private Service Connect gets its names at p.googleapis.com "
	    "too\n"
	    "t.yaml:1:1: warning: entry point 10.1.0.2 is left out: Cloud DNS "
	    "chooses an address in each subnet\n"
	    "t.yaml:1:1: warning: Cloud DNS asks 10.9.0.1 at port 53, not "
	    "5353\n"
	    "t.yaml:1:1: warning: zone 10-reverse is called z-10-reverse, as "
	    "Cloud DNS takes no other name for it\n"
	    "t.yaml:1:1: warning: policy sp is without the name server "
	    "ns.corp.test.: Cloud DNS takes only addresses there\n");
	free(text);
}

static void
one_zone_goes_alone(void **state)
{
	const struct export_zone *planned;

	(void)state;
	make_everything();
	plan(NULL, "Corp.Test");
	planned = export.zones.items;
	assert_int_equal(export.zones.count, 1);
	assert_string_equal(planned[0].name, "corp");
	assert_int_equal(export.response_policies.count, 0);
	assert_int_equal(export.policies.count, 0);
}

static void
a_zone_that_is_not_there_is_an_error(void **state)
{
	const struct export_options options = {NULL, "nowhere"};

	(void)state;
	assert_false(export_init(&export, &model, &options, &diag));
	assert_int_equal(diag.errors, 1);
}

static void
presets_of_two_networks_are_one_zone(void **state)
{
	const struct export_zone *planned;
	struct export_scope scope;

	(void)state;
	make_surroundings();
	plan(NULL, NULL);
	planned = export.zones.items;
	assert_int_equal(export.zones.count, 1);
	scope = export_scope(&export, &planned[0].zone->visibility);
	/* prod has presets of its own, which are none. */
	assert_int_equal(scope.network_count, 2);
	assert_string_equal(scope.networks[0].value, "hub");
	assert_string_equal(scope.networks[1].value, "default");
}

/* Round trips. */

struct reading {
	const struct model_zone *zone;
	size_t found;
};

/* Whether the model's zone has the record; SOA and NS included. */
static bool
zone_has(const struct model_zone *zone, const struct zonefile_record *record)
{
	const struct model_record_set *sets = zone->record_sets.items;

	for (size_t i = 0; i < zone->record_sets.count; i++) {
		if (sets[i].type != record->type ||
		    sets[i].ttl != record->ttl ||
		    memcmp(&sets[i].name, &record->owner, record->owner.len) !=
			0)
			continue;
		for (size_t k = 0; k < sets[i].rdata_count; k++) {
			if (sets[i].rdata[k].len == record->len &&
			    memcmp(sets[i].rdata[k].bytes, record->rdata,
				record->len) == 0)
				return true;
		}
	}
	return false;
}

static bool
take_record(void *arg, const struct zonefile_record *record)
{
	struct reading *reading = arg;

	assert_true(zone_has(reading->zone, record));
	reading->found++;
	return true;
}

static void
a_zone_file_reads_back_as_the_zone(void **state)
{
	struct reading reading = {zones, 0};
	const struct zonefile_sink sink = {take_record, &reading};
	char *text;
	FILE *file;

	(void)state;
	make_everything();
	plan(NULL, NULL);
	text = written(write_first_zone);
	file = fmemopen(text, strlen(text), "r");
	assert_true(
	    zonefile_read(file, "z", &zones[0].dns_name.name, &sink, &diag));
	fclose(file);
	free(text);
	/* All of the sets without a routing policy. */
	assert_int_equal(reading.found, 11);
}

/* Runs sh with a script in a folder that is the first of its PATH. */
static void
run_in(const char *folder)
{
	char path[256];
	char script[64];
	int status;
	pid_t child;

	snprintf(path, sizeof(path), "%s:/usr/bin:/bin", folder);
	snprintf(script, sizeof(script), "%s/script", folder);
	child = fork();
	if (child == 0) {
		setenv("PATH", path, 1);
		setenv("FORWARDING_RULE_10_0_0_5_80", "a@r", 1);
		setenv("FORWARDING_RULE_10_0_0_6_443", "b@r", 1);
		setenv("CLUSTER_GREEN", "c", 1);
		execl("/bin/sh", "sh", script, (char *)NULL);
		_exit(127);
	}
	assert_true(child > 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

/*
 * Runs the script with a gcloud that notes its arguments, each ended by \1
 * and each call by \2, and returns what was noted.
 */
static char *
calls_of(char *script)
{
	static const char *const files[] = {"gcloud", "script", "calls"};
	char folder[] = "/tmp/export-XXXXXX";
	char paths[COUNT(files)][64];
	char gcloud[256];
	char *calls;

	assert_non_null(mkdtemp(folder));
	for (size_t i = 0; i < COUNT(files); i++) {
		snprintf(paths[i], sizeof(paths[i]), "%s/%s", folder, files[i]);
	}
	snprintf(gcloud, sizeof(gcloud),
	    "#!/bin/sh\n{ printf '%%s\\001' \"$@\"; printf '\\002'; } >>%s\n",
	    paths[2]);
	update(paths[0], gcloud);
	assert_int_equal(chmod(paths[0], 0700), 0);
	update(paths[1], script);
	free(script);
	run_in(folder);
	calls = contents(paths[2]);
	for (size_t i = 0; i < COUNT(files); i++)
		assert_int_equal(unlink(paths[i]), 0);
	assert_int_equal(rmdir(folder), 0);
	return calls;
}

/* The value of a flag in the call that has this argument; cut from calls. */
static char *
flag_in(char *calls, const char *argument, const char *flag)
{
	char *at = strstr(calls, argument);
	char *end;

	assert_non_null(at);
	while (at > calls && at[-1] != '\002')
		at--;
	at = strstr(at, flag);
	assert_non_null(at);
	at += strlen(flag);
	end = strchr(at, '\001');
	assert_non_null(end);
	*end = '\0';
	return at;
}

/* The next text of a list, as gcloud cuts one; NULL after the last. */
static char *
list_next(char **at, const char *delimiter)
{
	char *const text = *at;
	char *const end = text == NULL ? NULL : strstr(text, delimiter);

	*at = NULL;
	if (end != NULL) {
		*end = '\0';
		*at = end + strlen(delimiter);
	}
	return text;
}

static void
assert_wire(uint16_t type, const char *text, const struct rdata *rdata)
{
	uint8_t bytes[4096];
	struct writer writer = writer_over(bytes, sizeof(bytes));

	assert_non_null(text);
	assert_null(rdata_from_text(type, text, &writer));
	assert_int_equal(writer.at, rdata->len);
	assert_memory_equal(bytes, rdata->bytes, rdata->len);
}

static void
nasty_data_reaches_gcloud_whole(void **state)
{
	char *calls;
	char *value;
	char *delimiter;

	(void)state;
	make_everything();
	plan("my-project", NULL);
	calls = calls_of(written(export_gcloud_write));
	value = flag_in(calls, "\001--type=TXT\001--ttl=300\001", "--rrdatas=");
	assert_int_equal(*value++, '^');
	delimiter = value;
	value = strchr(value, '^');
	*value++ = '\0';
	assert_wire(TYPE_TXT, list_next(&value, delimiter),
	    &records[3].rdata[0]);
	assert_wire(TYPE_TXT, list_next(&value, delimiter),
	    &records[3].rdata[1]);
	assert_null(value);
	free(calls);
}

static void
descriptions_reach_gcloud_whole(void **state)
{
	char *calls;

	(void)state;
	make_everything();
	plan("it's; $mine", NULL);
	calls = calls_of(written(export_gcloud_write));
	/* The later one first: what is found is cut off there. */
	assert_string_equal(flag_in(calls, "\001create\001corp\001",
				"--project="),
	    "it's; $mine");
	assert_string_equal(flag_in(calls, "\001create\001example\001",
				"--description="),
	    zones[0].description.text);
	free(calls);
}

static void
separators_of_gcloud_are_escaped_in_data(void **state)
{
	char *calls;
	char *value;

	(void)state;
	make_everything();
	plan("my-project", NULL);
	calls = calls_of(written(export_gcloud_write));
	value = flag_in(calls, "\001all-apis\001", "type=TXT");
	value = strstr(value, "rrdatas=") + strlen("rrdatas=");
	assert_string_equal(value, "\"a\\124b,c=d\"");
	assert_wire(TYPE_TXT, value, local_data[1].rdata);
	free(calls);
}

/* Parts. */

static void
names_are_given_once(void **state)
{
	struct export_names names = {
	    .arena = &model.arena,
	    .joint = '-',
	    .limit = 16,
	};

	(void)state;
	assert_string_equal(export_names_take(&names, "a"), "a");
	assert_string_equal(export_names_take(&names, "a"), "a-2");
	assert_string_equal(export_names_take(&names, "a-2"), "a-2-2");
	assert_string_equal(export_names_take(&names, "a"), "a-3");
	assert_string_equal(export_names_take(&names, "0123456789abcdef"),
	    "0123456789abcdef");
	assert_string_equal(export_names_take(&names, "0123456789abcdef"),
	    "0123-2");
}

static void
many_names_are_all_different(void **state)
{
	struct export_names names = {.arena = &model.arena, .joint = '_'};
	const char *last = "";

	(void)state;
	for (unsigned i = 0; i < 1000; i++)
		last = export_names_take(&names, "x");
	assert_string_equal(last, "x_1000");
}

static void
resource_names_are_what_cloud_dns_takes(void **state)
{
	struct arena *arena = &model.arena;

	(void)state;
	assert_string_equal(export_text_resource(arena, "Run.App."), "run-app");
	assert_string_equal(export_text_resource(arena, "10.in-addr.arpa."),
	    "z-10-in-addr-arpa");
	assert_string_equal(export_text_resource(arena, "--flags-file=x"),
	    "z---flags-file-x");
	/* Cut to 63 letters, of which the last may be no dash. */
	assert_int_equal(strlen(export_text_resource(arena,
			     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
			     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-b")),
	    62);
}

static void
a_letter_is_written_as_its_number(void **state)
{
	struct arena *arena = &model.arena;

	(void)state;
	assert_string_equal(export_text_without(arena, "a|b\\|c\\\\|", '|'),
	    "a\\124b\\124c\\\\\\124");
	assert_string_equal(export_text_without(arena, "a\\059;", '|'),
	    "a\\059;");
}

static void
ratios_have_no_zeros_to_spare(void **state)
{
	struct arena *arena = &model.arena;

	(void)state;
	assert_string_equal(export_text_ratio(arena, 0), "0");
	assert_string_equal(export_text_ratio(arena, 2500), "0.25");
	assert_string_equal(export_text_ratio(arena, 10000000), "1000");
	assert_string_equal(export_text_ratio(arena, 1), "0.0001");
}

static void
strings_of_terraform_hold_no_template(void **state)
{
	const struct export_hcl hcl = {NULL, &model.arena};

	(void)state;
	assert_string_equal(export_hcl_text(&hcl,
				"\"\\ ${a} %{b} $c %d $${e}\n\x7f"),
	    "\"\\\"\\\\ $${a} %%{b} $c %d $$${e}\\n\\u007f\"");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		the_restricted_zone_is_the_well_known_script, set_up,
		tear_down),
	    cmocka_unit_test_setup_teardown(everything_goes_to_gcloud, set_up,
		tear_down),
	    cmocka_unit_test_setup_teardown(everything_may_come_from_a_file,
		set_up, tear_down),
	    cmocka_unit_test_setup_teardown(everything_goes_to_terraform,
		set_up, tear_down),
	    cmocka_unit_test_setup_teardown(everything_goes_to_bind, set_up,
		tear_down),
	    cmocka_unit_test_setup_teardown(what_is_lost_is_a_warning, set_up,
		tear_down),
	    cmocka_unit_test_setup_teardown(one_zone_goes_alone, set_up,
		tear_down),
	    cmocka_unit_test_setup_teardown(
		a_zone_that_is_not_there_is_an_error, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		presets_of_two_networks_are_one_zone, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_zone_file_reads_back_as_the_zone,
		set_up, tear_down),
	    cmocka_unit_test_setup_teardown(nasty_data_reaches_gcloud_whole,
		set_up, tear_down),
	    cmocka_unit_test_setup_teardown(descriptions_reach_gcloud_whole,
		set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		separators_of_gcloud_are_escaped_in_data, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(names_are_given_once, set_up,
		tear_down),
	    cmocka_unit_test_setup_teardown(many_names_are_all_different,
		set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		resource_names_are_what_cloud_dns_takes, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_letter_is_written_as_its_number,
		set_up, tear_down),
	    cmocka_unit_test_setup_teardown(ratios_have_no_zeros_to_spare,
		set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		strings_of_terraform_hold_no_template, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
