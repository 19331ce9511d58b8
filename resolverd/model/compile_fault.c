#include "model/compile_fault.h"

#include "core/fault.h"
#include "model/fault_scope.h"
#include "model/reference.h"

#define MILLISECOND UINT64_C(1000000)

/* The faults being compiled, and the names that each is for. */
struct plan {
	struct compiler *compiler;
	const struct fault *faults;
	const struct fault_scope *scopes;
	size_t count;
	struct faults *out;
};

/* Faults. */

static bool
copy_types(struct compiler *compiler, const struct model_fault *from,
    struct fault *fault)
{
	const struct model_type *types = from->types.items;
	uint16_t *copy =
	    arena_calloc(compiler->arena, from->types.count, sizeof(*copy));

	for (size_t i = 0; copy != NULL && i < from->types.count; i++)
		copy[i] = types[i].type;
	fault->types = copy;
	fault->type_count = from->types.count;
	return copy != NULL;
}

static bool
copy_clients(struct compiler *compiler, const struct model_fault *from,
    struct fault *fault)
{
	const struct model_prefix *clients = from->clients.items;
	struct prefix *copy =
	    arena_calloc(compiler->arena, from->clients.count, sizeof(*copy));

	for (size_t i = 0; copy != NULL && i < from->clients.count; i++)
		copy[i] = clients[i].prefix;
	fault->clients = copy;
	fault->client_count = from->clients.count;
	return copy != NULL;
}

/* The network of the snapshot that a reference means. */
static const struct network *
network_of(const struct compiler *compiler, const struct model_network_ref *ref)
{
	const struct model *model = compiler->model;
	const struct model_network *meant = reference_network(model, ref);
	size_t at = 0;

	while (reference_network_at(model, at) != meant)
		at++;
	return &compiler->networks[at];
}

static bool
copy_networks(struct compiler *compiler, const struct model_fault *from,
    struct fault *fault)
{
	const struct model_network_ref *refs = from->networks.items;
	const struct network **copy = arena_calloc(compiler->arena,
	    from->networks.count, sizeof(const struct network *));

	for (size_t i = 0; copy != NULL && i < from->networks.count; i++)
		copy[i] = network_of(compiler, &refs[i]);
	fault->networks = copy;
	fault->network_count = from->networks.count;
	return copy != NULL;
}

static bool
copy_texts(struct compiler *compiler, const struct model_fault *from,
    struct fault *fault)
{
	char subject[FAULT_SCOPE_TEXT];

	fault->mark = compiler_mark(compiler, from->mark);
	fault->subject =
	    arena_strdup(compiler->arena, fault_scope_text(from, subject));
	fault->text = arena_printf(compiler->arena,
	    "injected fault \"%s\" for %s", fault_key(from->kind), subject);
	if (from->zone.text != NULL)
		fault->zone = compiler_text(compiler, &from->zone);
	return fault->subject != NULL && fault->text != NULL;
}

static bool
compile_one(struct compiler *compiler, const struct model_fault *from,
    struct fault *fault)
{
	*fault = (struct fault){
	    .kind = from->kind,
	    .as = from->as,
	    .transport = from->transport,
	    .share = from->percent,
	    .delay = from->delay * MILLISECOND,
	    .jitter = from->jitter * MILLISECOND,
	    .up = from->up * MILLISECOND,
	    .down = from->down * MILLISECOND,
	};
	return copy_types(compiler, from, fault) &&
	    copy_clients(compiler, from, fault) &&
	    copy_networks(compiler, from, fault) &&
	    copy_texts(compiler, from, fault);
}

/* The index. */

/* All faults that are for every name of a scope, in their order. */
static bool
gather(const struct plan *plan, const struct fault_scope *scope,
    struct fault_list *list)
{
	const struct fault **items;
	size_t count = 0;

	for (size_t i = 0; i < plan->count; i++)
		count += fault_scope_covers(&plan->scopes[i], scope);
	items = arena_calloc(plan->compiler->arena, count,
	    sizeof(const struct fault *));
	if (items == NULL)
		return false;
	list->items = items;
	for (size_t i = 0; i < plan->count; i++) {
		if (fault_scope_covers(&plan->scopes[i], scope))
			items[list->count++] = &plan->faults[i];
	}
	return true;
}

/* A place for the name that a fault is for, unless there is one. */
static bool
add_place(const struct plan *plan, const struct fault_scope *scope)
{
	struct compiler *compiler = plan->compiler;
	struct fault_place *place;
	struct name name;
	const uint8_t *key;
	struct path path;

	name_set(&name, scope->base);
	key = compiler_name(compiler, &name);
	place = arena_calloc(compiler->arena, 1, sizeof(*place));
	if (key == NULL || place == NULL)
		return false;
	path_set(&path, key, &compiler->snapshot->key);
	if (suffix_add(&plan->out->places, &path, key, place) != NULL)
		return true;
	return gather(plan, &(struct fault_scope){.base = key, .at = true},
		   &place->at) &&
	    gather(plan, &(struct fault_scope){.base = key, .below = true},
		&place->below);
}

static bool
compile_places(const struct plan *plan)
{
	if (!suffix_init(&plan->out->places, plan->count,
		plan->compiler->arena))
		return false;
	for (size_t i = 0; i < plan->count; i++) {
		if (!add_place(plan, &plan->scopes[i]))
			return false;
	}
	return true;
}

bool
compile_fault_all(struct compiler *compiler)
{
	const struct model *model = compiler->model;
	const struct model_fault *from = model->faults.items;
	const size_t count = model->faults.count;
	struct fault *faults =
	    arena_calloc(compiler->arena, count, sizeof(*faults));
	struct fault_scope *scopes =
	    arena_calloc(&compiler->scratch, count, sizeof(*scopes));
	struct faults *out = arena_calloc(compiler->arena, 1, sizeof(*out));

	if (count == 0)
		return true;
	if (faults == NULL || scopes == NULL || out == NULL)
		return false;
	for (size_t i = 0; i < count; i++) {
		fault_scope_of(model, &from[i], &scopes[i]);
		if (!compile_one(compiler, &from[i], &faults[i]))
			return false;
	}
	out->since = model->loaded_at;
	compiler->snapshot->faults = out;
	return compile_places(&(struct plan){
	    .compiler = compiler,
	    .faults = faults,
	    .scopes = scopes,
	    .count = count,
	    .out = out,
	});
}
