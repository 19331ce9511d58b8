#include "model/compile.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "core/forward.h"
#include "dns/message.h"
#include "model/defaults.h"
#include "model/preset.h"

enum {
	SNAPSHOT_BLOCK = 64 * 1024,
	SCRATCH_BLOCK = 64 * 1024,
	FORWARDING_MAX_TTL = 60, /* the fact sheet's section 6.1 */
	AUTOMATIC_SETS = 2,	 /* SOA and NS */
	NAMED_SERVERS = 4,	 /* in a message, before "and 5 more" */
	SERVERS_TEXT = NAMED_SERVERS * ADDR_TEXT + 32,
	BUDGET_SECONDS = FORWARD_BUDGET / UINT64_C(1000000000),
	DNS_PORT = 53,
	TYPE_HINFO = 13,
	HINFO_TTL = 3600,
};

struct compiler {
	const struct model *model;
	struct snapshot *snapshot;
	struct arena *arena;  /* the snapshot's */
	struct arena scratch; /* gone when the snapshot is done */
};

/* Upstream groups. */

static uint64_t
group_id(const struct compiler *compiler, const struct upstream_group *group)
{
	const struct hash_key *key = &compiler->snapshot->key;
	uint64_t id = hash_join(key, 0, group->max_ttl);

	for (unsigned i = 0; i < group->count; i++) {
		char text[ADDR_TEXT];

		addr_format(&group->servers[i], text);
		id = hash_join(key, id, hash_bytes(key, text, strlen(text)));
	}
	return id;
}

/* "10.0.0.2, 10.0.0.3:5353 and 2 more" */
static const char *
servers_text(const struct upstream_group *group, char buf[SERVERS_TEXT])
{
	size_t at = 0;

	for (unsigned i = 0; i < group->count && i < NAMED_SERVERS; i++) {
		const struct addr *server = &group->servers[i];
		char text[ADDR_TEXT];

		if (addr_port(server) == DNS_PORT) {
			addr_format_host(server, text);
		} else {
			addr_format(server, text);
		}
		at += (size_t)snprintf(buf + at, SERVERS_TEXT - at, "%s%s",
		    i == 0 ? "" : ", ", text);
	}
	if (group->count > NAMED_SERVERS) {
		snprintf(buf + at, SERVERS_TEXT - at, " and %u more",
		    group->count - NAMED_SERVERS);
	}
	return buf;
}

/* What clients are told; zone NULL: the group is the default one. */
static void
group_set_texts(struct compiler *compiler, struct upstream_group *group,
    const struct model_zone *zone)
{
	const char *plural = group->count == 1 ? "" : "s";
	char servers[SERVERS_TEXT];
	const char *who;

	servers_text(group, servers);
	if (zone == NULL) {
		who = arena_printf(&compiler->scratch, "upstream server%s %s",
		    plural, servers);
	} else {
		who = arena_printf(&compiler->scratch,
		    "forwarding target%s %s of zone \"%s\"", plural, servers,
		    zone->name.text);
	}
	if (who == NULL)
		return;
	group->silent_text = arena_printf(compiler->arena,
	    "%s did not answer within %d s", who, BUDGET_SECONDS);
	group->failed_text = arena_printf(compiler->arena,
	    group->count == 1 ? "%s answered with an error"
			      : "%s answered with errors or could not be "
				"reached",
	    who);
	group->unreachable_text =
	    arena_printf(compiler->arena, "%s could not be reached", who);
}

/* A group of the addresses in list; NULL when the arena is full. */
static const struct upstream_group *
group_make(struct compiler *compiler, const struct model_list *list,
    const struct model_zone *zone)
{
	const struct model_addr *addrs = list->items;
	const size_t count =
	    list->count < UPSTREAM_SERVERS ? list->count : UPSTREAM_SERVERS;
	struct upstream_group *group =
	    arena_calloc(compiler->arena, 1, sizeof(*group));
	struct addr *servers =
	    arena_calloc(compiler->arena, count, sizeof(*servers));

	if (group == NULL || servers == NULL)
		return NULL;
	for (size_t i = 0; i < count; i++)
		servers[i] = addrs[i].addr;
	group->servers = servers;
	group->count = (unsigned)count;
	group->max_ttl = zone != NULL ? FORWARDING_MAX_TTL
				      : compiler->model->options.cache_max_ttl;
	group->id = group_id(compiler, group);
	group_set_texts(compiler, group, zone);
	return group;
}

/* Zones. */

static const uint8_t *
folded(struct compiler *compiler, const struct name *name)
{
	struct name copy = *name;

	name_fold(&copy);
	return arena_copy(compiler->arena, copy.wire, copy.len);
}

static struct zone_entry
entry_make(struct compiler *compiler, const struct model_record_set *set)
{
	return (struct zone_entry){
	    .owner = folded(compiler, &set->name),
	    .rrset = rrset_pack(compiler->arena, set->type, set->ttl,
		set->rdata, set->rdata_count),
	};
}

/* Adds the automatic record set of a type unless the zone has its own. */
static void
entries_add_automatic(struct compiler *compiler, const struct model_zone *zone,
    uint16_t type, struct zone_entry *entries, size_t *count)
{
	const struct rdata *rdata =
	    type == TYPE_SOA ? &defaults_soa : &defaults_ns;

	if (defaults_apex_set(zone, type) != NULL)
		return;
	entries[(*count)++] = entry_make(compiler,
	    &(struct model_record_set){
		.name = zone->dns_name.name,
		.type = type,
		.ttl = DEFAULTS_APEX_TTL,
		.rdata = rdata,
		.rdata_count = 1,
	    });
}

static bool
zone_compile_records(struct compiler *compiler, const struct model_zone *from,
    struct zone *zone)
{
	const struct model_record_set *sets = from->record_sets.items;
	struct zone_entry *entries = arena_calloc(&compiler->scratch,
	    from->record_sets.count + AUTOMATIC_SETS, sizeof(*entries));
	size_t count = 0;

	if (entries == NULL)
		return false;
	for (size_t i = 0; i < from->record_sets.count; i++)
		entries[count++] = entry_make(compiler, &sets[i]);
	entries_add_automatic(compiler, from, TYPE_SOA, entries, &count);
	entries_add_automatic(compiler, from, TYPE_NS, entries, &count);
	return !compiler->arena->full &&
	    zone_build(zone, entries, count, &compiler->snapshot->key,
		compiler->arena);
}

static const char *
zone_copy_name(struct compiler *compiler, const struct model_zone *from)
{
	return arena_strdup(compiler->arena,
	    from->name.text == NULL ? "" : from->name.text);
}

static const struct zone *
zone_compile(struct compiler *compiler, const struct model_zone *from)
{
	struct zone *zone = arena_calloc(compiler->arena, 1, sizeof(*zone));

	if (zone == NULL)
		return NULL;
	zone->kind = from->forwarding ? ZONE_FORWARDING : ZONE_PRIVATE;
	zone->name = zone_copy_name(compiler, from);
	zone->apex = folded(compiler, &from->dns_name.name);
	zone->labels = from->dns_name.name.labels;
	zone->strict_wildcards = compiler->model->strict_wildcards;
	if (zone->name == NULL || zone->apex == NULL)
		return NULL;
	if (from->forwarding) {
		zone->forward_to = group_make(compiler, &from->targets, from);
		return zone->forward_to == NULL ? NULL : zone;
	}
	return zone_compile_records(compiler, from, zone) ? zone : NULL;
}

static bool
zones_add(struct compiler *compiler, const struct model_list *list,
    struct network *network)
{
	const struct model_zone *zones = list->items;

	for (size_t i = 0; i < list->count; i++) {
		const struct zone *zone = zone_compile(compiler, &zones[i]);
		struct path path;
		const void *twin;

		if (zone == NULL)
			return false;
		path_set(&path, zone->apex, &compiler->snapshot->key);
		twin = suffix_add(&network->zones, &path, zone->apex, zone);
		assert(twin == NULL);
	}
	return true;
}

static bool
compile_network(struct compiler *compiler)
{
	const struct model *model = compiler->model;
	struct snapshot *snapshot = compiler->snapshot;
	struct network *network =
	    arena_calloc(compiler->arena, 1, sizeof(*network));
	struct model_list presets;

	if (network == NULL ||
	    !preset_zones(model, &compiler->scratch, &presets))
		return false;
	snapshot->network = network;
	snapshot->zone_count = model->zones.count + presets.count;
	network->name = "default";
	if (model->upstreams.count > 0) {
		network->upstreams =
		    group_make(compiler, &model->upstreams, NULL);
	}
	return suffix_init(&network->zones, snapshot->zone_count,
		   compiler->arena) &&
	    zones_add(compiler, &model->zones, network) &&
	    zones_add(compiler, &presets, network);
}

/* The rest of the snapshot. */

/* Where allow says nothing: this host and the networks it stands in. */
static size_t
allow_by_default(const struct model *model, struct prefix *allow)
{
	static const char *const loopback[] = {"127.0.0.0/8", "::1/128"};
	const struct prefix *networks = model->host_networks.items;
	size_t count = 0;

	for (size_t i = 0; i < sizeof(loopback) / sizeof(loopback[0]); i++) {
		if (prefix_parse(loopback[i], &allow[count]))
			count++;
	}
	for (size_t i = 0; i < model->host_networks.count; i++)
		allow[count++] = networks[i];
	return count;
}

static bool
compile_allow(struct compiler *compiler)
{
	const struct model *model = compiler->model;
	const struct model_prefix *given = model->allow.items;
	const size_t most = model->allow.count + model->host_networks.count + 2;
	struct prefix *allow =
	    arena_calloc(compiler->arena, most, sizeof(*allow));
	size_t count = 0;

	if (allow == NULL)
		return false;
	for (size_t i = 0; i < model->allow.count; i++)
		allow[count++] = given[i].prefix;
	if (count == 0)
		count = allow_by_default(model, allow);
	compiler->snapshot->allow = allow;
	compiler->snapshot->allow_count = count;
	return true;
}

static bool
compile_inbound(struct compiler *compiler)
{
	const struct model_list *list = &compiler->model->inbound_entry_points;
	const struct model_addr *given = list->items;
	struct addr *inbound =
	    arena_calloc(compiler->arena, list->count, sizeof(*inbound));

	if (inbound == NULL)
		return false;
	for (size_t i = 0; i < list->count; i++)
		inbound[i] = given[i].addr;
	compiler->snapshot->inbound = inbound;
	compiler->snapshot->inbound_count = list->count;
	return true;
}

/* RFC 8482 section 4.2: the CPU field says where to read on. */
static bool
compile_hinfo(struct compiler *compiler)
{
	static const uint8_t wire[] = {7, 'R', 'F', 'C', '8', '4', '8', '2', 0};
	const struct rdata rdata = {.bytes = wire, .len = sizeof(wire)};

	compiler->snapshot->any_hinfo =
	    rrset_pack(compiler->arena, TYPE_HINFO, HINFO_TTL, &rdata, 1);
	return compiler->snapshot->any_hinfo != NULL;
}

/* A snapshot that lives in an arena of its own. */
static struct snapshot *
snapshot_new(const struct hash_key *key)
{
	struct arena arena;
	struct snapshot *snapshot;
	struct snapshot_life *life;

	arena_init_heap(&arena, SNAPSHOT_BLOCK);
	snapshot = arena_calloc(&arena, 1, sizeof(*snapshot));
	life = arena_calloc(&arena, 1, sizeof(*life));
	if (snapshot == NULL || life == NULL) {
		arena_fini(&arena);
		return NULL;
	}
	atomic_init(&life->references, 1);
	life->snapshot = snapshot;
	snapshot->life = life;
	snapshot->key = *key;
	snapshot->arena = arena;
	return snapshot;
}

static bool
compile_all(struct compiler *compiler)
{
	compiler->snapshot->options = compiler->model->options;
	return compile_network(compiler) && compile_allow(compiler) &&
	    compile_inbound(compiler) && compile_hinfo(compiler) &&
	    !compiler->arena->full && !compiler->scratch.full;
}

struct snapshot *
compile_snapshot(const struct model *model, const struct hash_key *key,
    struct diag *diag)
{
	struct compiler compiler = {
	    .model = model,
	    .snapshot = snapshot_new(key),
	};
	bool compiled = false;

	arena_init_heap(&compiler.scratch, SCRATCH_BLOCK);
	if (compiler.snapshot != NULL) {
		compiler.arena = &compiler.snapshot->arena;
		compiled = compile_all(&compiler);
	}
	arena_fini(&compiler.scratch);
	if (compiled)
		return compiler.snapshot;
	diag_error(diag, (struct mark){.file = NULL},
	    "there is no memory for the configuration");
	if (compiler.snapshot != NULL)
		compile_free(compiler.snapshot);
	return NULL;
}

void
compile_free(struct snapshot *snapshot)
{
	/* The snapshot lies in the arena that it holds. */
	struct arena arena = snapshot->arena;

	arena_fini(&arena);
}
