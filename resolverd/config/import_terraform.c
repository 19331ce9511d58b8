#include "config/import_terraform.h"

#include <stdint.h>
#include <string.h>

#include "config/import_node.h"
#include "config/json.h"
#include "config/text_index.h"

/* A value of a resource that only the carrying out of a plan will tell. */
struct unknown {
	struct unknown *next;
	const char *key;
	struct mark mark;
};

/* A document under way. */
struct terraform {
	struct import *import;
	struct arena arena;	   /* of what is not known */
	struct text_index unknown; /* address to struct unknown */
	struct mark others;	   /* the first resource that is none of DNS */
	size_t other_count;
};

enum { UNKNOWN_BLOCK = 16 * 1024 };

/* What the resources are, and which of their values names their owner. */
static const struct resource_type {
	const char *type;
	enum import_kind kind;
	const char *parent;
} types[] = {
    {"google_dns_managed_zone", IMPORT_ZONE, NULL},
    {"google_dns_record_set", IMPORT_RECORD_SET, "managed_zone"},
    {"google_dns_policy", IMPORT_POLICY, NULL},
    {"google_dns_response_policy", IMPORT_RESPONSE_POLICY, NULL},
    {"google_dns_response_policy_rule", IMPORT_RULE, "response_policy"},
};

static const struct resource_type *
type_find(const char *text)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (strcmp(types[i].type, text) == 0)
			return &types[i];
	}
	return NULL;
}

/* Values that are not known before the plan is carried out. */

/* Whether true stands anywhere in what after_unknown says of a value. */
static bool
holds_true(const struct node *root)
{
	const struct node *open[JSON_DEPTH];
	size_t depth = 0;
	const struct node *at = root;

	for (;;) {
		if (at->kind == NODE_SCALAR && strcmp(at->text, "true") == 0)
			return true;
		if (at->first != NULL && depth < JSON_DEPTH) {
			open[depth++] = at;
			at = at->first;
			continue;
		}
		while (depth > 0 && (at == root || at->next == NULL))
			at = open[--depth];
		if (at == root)
			return false;
		at = at->next;
	}
}

static bool
matters(const struct resource_type *type, const char *key)
{
	return import_rewrite_matters(type->kind, key) ||
	    (type->parent != NULL && strcmp(key, type->parent) == 0);
}

/* Keeps what is not known of a resource, one value after the other. */
static void
learn_unknown(struct terraform *terraform, const char *address,
    const struct node *value)
{
	struct unknown *unknown =
	    arena_calloc(&terraform->arena, 1, sizeof(*unknown));
	struct unknown *first;

	if (unknown == NULL)
		return;
	unknown->key = arena_strdup(&terraform->arena, value->key->text);
	unknown->mark = value->key->mark;
	first = text_index_add(&terraform->unknown, address, unknown);
	if (first != NULL) {
		unknown->next = first->next;
		first->next = unknown;
	}
}

static void
take_change(void *arg, const struct node *change)
{
	struct terraform *terraform = arg;
	const char *type_text = import_node_text(change, "type");
	const char *address = import_node_text(change, "address");
	const struct resource_type *type =
	    type_text == NULL ? NULL : type_find(type_text);
	const struct node *unknown =
	    import_node_get(import_node_get(change, "change"), "after_unknown");

	if (type == NULL || address == NULL || unknown == NULL ||
	    unknown->kind != NODE_MAP)
		return;
	for (const struct node *child = unknown->first; child != NULL;
	     child = child->next) {
		if (matters(type, child->key->text) && holds_true(child)) {
			learn_unknown(terraform,
			    arena_strdup(&terraform->arena, address), child);
		}
	}
}

/* Tells of every value of a resource that is not known, if it matters. */
static bool
all_known(struct terraform *terraform, const char *address)
{
	const struct unknown *unknown =
	    text_index_get(&terraform->unknown, address);
	const bool known = unknown == NULL;

	for (; unknown != NULL; unknown = unknown->next) {
		import_stage_tell(terraform->import, IMPORT_GAP, unknown->mark,
		    "%s is not taken over: its %s is known only after "
		    "terraform apply",
		    address, unknown->key);
	}
	return known;
}

/* Resources. */

static void
stage(struct terraform *terraform, const struct resource_type *type,
    const struct node *values, const char *address)
{
	const struct import_resource resource = {
	    .kind = type->kind,
	    .node = values,
	    .project = import_node_text(values, "project"),
	    .parent = type->parent == NULL
		? NULL
		: import_node_text(values, type->parent),
	};

	if (type->parent != NULL && resource.parent == NULL) {
		import_stage_tell(terraform->import, IMPORT_GAP, values->mark,
		    "%s is not taken over: it has no %s", address,
		    type->parent);
		return;
	}
	import_stage_resource(terraform->import, &resource);
}

static void
pass_over(struct terraform *terraform, const struct node *resource,
    const char *type)
{
	if (strncmp(type, "google_dns_", strlen("google_dns_")) == 0) {
		import_stage_tell(terraform->import, IMPORT_NOTE,
		    resource->mark,
		    "a %s is not taken over: it has no effect here", type);
		return;
	}
	if (terraform->other_count++ == 0)
		terraform->others = resource->mark;
}

static void
take_resource(void *arg, const struct node *resource)
{
	struct terraform *terraform = arg;
	const char *text = import_node_text(resource, "type");
	const char *mode = import_node_text(resource, "mode");
	const char *address = import_node_text(resource, "address");
	const struct node *values = import_node_get(resource, "values");
	const struct resource_type *type;

	if (text == NULL || (mode != NULL && strcmp(mode, "managed") != 0))
		return; /* data is what others manage */
	type = type_find(text);
	if (type == NULL) {
		pass_over(terraform, resource, text);
	} else if (values == NULL || values->kind != NODE_MAP) {
		import_stage_tell(terraform->import, IMPORT_FAULT,
		    resource->mark, "a %s has no values", text);
	} else if (all_known(terraform, address == NULL ? "" : address)) {
		stage(terraform, type, values, address == NULL ? "" : address);
	}
	import_stage_flush(terraform->import);
	import_stage_forget(terraform->import);
}

static const struct node *
first_of(const struct node *map, const char *key)
{
	const struct node *list = import_node_get(map, key);

	return list == NULL || list->kind != NODE_LIST ? NULL : list->first;
}

/* Modules hold modules: as deep as a document may be. */
static void
take_modules(struct terraform *terraform, const struct node *root)
{
	const struct node *open[JSON_DEPTH];
	size_t depth = 0;

	open[depth++] = root;
	while (depth > 0) {
		const struct node *module = open[--depth];
		const struct node *inner = first_of(module, "child_modules");

		for (const struct node *resource =
			 first_of(module, "resources");
		     resource != NULL; resource = resource->next)
			take_resource(terraform, resource);
		if (module->next != NULL && module != root)
			open[depth++] = module->next;
		if (inner != NULL && depth < JSON_DEPTH)
			open[depth++] = inner;
	}
}

/* Documents. */

/* Minor versions add, major ones change: the format says so of itself. */
static bool
version_known(struct import *import, const struct node *version)
{
	if (version->kind == NODE_SCALAR &&
	    (strncmp(version->text, "0.", 2) == 0 ||
		strncmp(version->text, "1.", 2) == 0))
		return true;
	import_stage_tell(import, IMPORT_FAULT, version->mark,
	    "format_version %s of terraform show -json is not known here, "
	    "0.1 to 1.x are",
	    version->kind == NODE_SCALAR ? version->text : "");
	return false;
}

static void
tell_others(const struct terraform *terraform)
{
	if (terraform->other_count == 0)
		return;
	import_stage_tell(terraform->import, IMPORT_NOTE, terraform->others,
	    "not taken over: %zu of the resources, this the first of them, "
	    "for they are none of Cloud DNS",
	    terraform->other_count);
}

static void
terraform_init(struct terraform *terraform, struct import *import)
{
	*terraform = (struct terraform){.import = import};
	arena_init_heap(&terraform->arena, UNKNOWN_BLOCK);
	text_index_init(&terraform->unknown, &terraform->arena);
}

static void
terraform_fini(struct terraform *terraform)
{
	tell_others(terraform);
	import_stage_flush(terraform->import);
	if (terraform->arena.full)
		terraform->import->arena->full = true;
	arena_fini(&terraform->arena);
}

bool
import_terraform_take(struct import *import, const struct node *document)
{
	const struct node *version =
	    import_node_get(document, "format_version");
	const struct node *values = import_node_get(document, "planned_values");
	const struct node *root;
	struct terraform terraform;

	if (version == NULL)
		return false;
	terraform_init(&terraform, import);
	if (version_known(import, version)) {
		if (values == NULL)
			values = import_node_get(document, "values");
		root = import_node_get(values, "root_module");
		for (const struct node *change =
			 first_of(document, "resource_changes");
		     change != NULL; change = change->next)
			take_change(&terraform, change);
		if (root != NULL)
			take_modules(&terraform, root);
	}
	terraform_fini(&terraform);
	return true;
}

/* Texts. */

/* Keys that are not looked at beside the changes, and beside the values. */
static const char *const beside_changes[] = {
    "checks",
    "configuration",
    "planned_values",
    "prior_state",
    "relevant_attributes",
    "resource_drift",
    "values",
    "variables",
    NULL,
};
static const char *const beside_values[] = {
    "checks",
    "configuration",
    "prior_state",
    "relevant_attributes",
    "resource_changes",
    "resource_drift",
    "variables",
    NULL,
};

/* Reads the text for one of the two, and returns what is left of it. */
static const struct node *
read_lists(struct terraform *terraform, const struct yaml_text *text,
    const struct json_filter *filter)
{
	return json_load(text, filter, &terraform->arena,
	    terraform->import->diag);
}

bool
import_terraform_read(struct import *import, const struct yaml_text *text)
{
	const struct node *root;
	const struct node *version;
	struct terraform terraform;

	terraform_init(&terraform, import);
	root = read_lists(&terraform, text,
	    &(struct json_filter){
		.skip = beside_changes,
		.cut = "resource_changes",
		.take = take_change,
		.arg = &terraform,
	    });
	version = root == NULL ? NULL : import_node_get(root, "format_version");
	if (version != NULL && version_known(import, version)) {
		root = read_lists(&terraform, text,
		    &(struct json_filter){
			.skip = beside_values,
			.cut = "resources",
			.take = take_resource,
			.arg = &terraform,
		    });
	}
	terraform_fini(&terraform);
	return root != NULL;
}

bool
import_terraform_begins(const struct yaml_text *text)
{
	static const char key[] = "\"format_version\"";
	const char *quote = memchr(text->text, '"', text->len);
	const size_t left =
	    quote == NULL ? 0 : text->len - (size_t)(quote - text->text);

	return left > sizeof(key) && memcmp(quote, key, sizeof(key) - 1) == 0;
}
