#include "model/compile.h"

#include "model/compile_fault.h"
#include "model/compile_network.h"

enum {
	SNAPSHOT_BLOCK = 64 * 1024,
	SCRATCH_BLOCK = 64 * 1024,
	TYPE_HINFO = 13,
	HINFO_TTL = 3600,
};

static size_t
allow_clients(const struct model_list *clients, struct prefix *allow)
{
	const struct model_prefix *prefixes = clients->items;

	for (size_t i = 0; i < clients->count; i++)
		allow[i] = prefixes[i].prefix;
	return clients->count;
}

/* Who belongs to a network or a cluster by its address. */
static size_t
allow_members(const struct model *model, struct prefix *allow)
{
	const struct model_network *networks = model->networks.items;
	const struct model_cluster *clusters = model->gke_clusters.items;
	size_t count = 0;

	for (size_t i = 0; i < model->networks.count; i++)
		count += allow_clients(&networks[i].clients, allow + count);
	for (size_t i = 0; i < model->gke_clusters.count; i++)
		count += allow_clients(&clusters[i].clients, allow + count);
	return count;
}

static size_t
members_count(const struct model *model)
{
	const struct model_network *networks = model->networks.items;
	const struct model_cluster *clusters = model->gke_clusters.items;
	size_t count = 0;

	for (size_t i = 0; i < model->networks.count; i++)
		count += networks[i].clients.count;
	for (size_t i = 0; i < model->gke_clusters.count; i++)
		count += clusters[i].clients.count;
	return count;
}

/*
 * Where allow says nothing: this host, the networks it stands in, and whoever
 * the configuration calls a client.
 */
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
	return count + allow_members(model, allow + count);
}

static bool
compile_allow(struct compiler *compiler)
{
	const struct model *model = compiler->model;
	const struct model_prefix *given = model->allow.items;
	const size_t most = model->allow.count + model->host_networks.count +
	    members_count(model) + 2;
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

static bool
compile_rebind_allow(struct compiler *compiler)
{
	const struct model_list *list = &compiler->model->rebind_allow;
	const struct model_name *names = list->items;
	struct suffix_index *index = &compiler->snapshot->rebind_allow;

	if (!suffix_init(index, list->count, compiler->arena))
		return false;
	for (size_t i = 0; i < list->count; i++) {
		const uint8_t *name = compiler_name(compiler, &names[i].name);
		struct path path;

		if (name == NULL)
			return false;
		path_set(&path, name, &compiler->snapshot->key);
		suffix_add(index, &path, name, name);
	}
	return true;
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
	const struct options *options = &compiler->model->options;

	compiler->snapshot->options = *options;
	compiler_claim(compiler, options->response_policy_missing_type);
	compiler_claim(compiler, options->internal_dns_order);
	compile_steering_init(&compiler->steering, compiler->snapshot,
	    &compiler->scratch);
	return compile_network_all(compiler) && compile_fault_all(compiler) &&
	    compile_steering_finish(&compiler->steering) &&
	    compile_allow(compiler) && compile_hinfo(compiler) &&
	    compile_rebind_allow(compiler) && !compiler->arena->full &&
	    !compiler->scratch.full;
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
