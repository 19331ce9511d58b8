#include "config/import_shape.h"

#include <stddef.h>
#include <string.h>

#include "config/import_fabric.h"
#include "config/import_node.h"
#include "config/import_terraform.h"

/* Resources of the API, as gcloud prints them. */

static const struct {
	const char *text;
	enum import_kind kind;
} api_kinds[] = {
    {"dns#managedZone", IMPORT_ZONE},
    {"dns#resourceRecordSet", IMPORT_RECORD_SET},
    {"dns#responsePolicy", IMPORT_RESPONSE_POLICY},
    {"dns#responsePolicyRule", IMPORT_RULE},
    {"dns#policy", IMPORT_POLICY},
};

/* Keys of which a resource has at least one beside all it must have. */
static const struct {
	enum import_kind kind;
	const char *all[2];
	const char *any[4];
} api_shapes[] = {
    {IMPORT_RECORD_SET, {"name", "type"}, {"rrdatas", "routing_policy"}},
    {IMPORT_RULE, {"dns_name", "rule_name"},
	{"local_data", "behavior", "rule_name"}},
    {IMPORT_RESPONSE_POLICY, {"response_policy_name", NULL},
	{"response_policy_name"}},
    {IMPORT_ZONE, {"name", "dns_name"},
	{"name_servers", "visibility", "private_visibility_config"}},
    {IMPORT_POLICY, {"name", NULL},
	{"enable_inbound_forwarding", "enable_logging",
	    "alternative_name_server_config", "dns64_config"}},
};

static bool
has(const struct node *map, const char *key)
{
	return import_node_get(map, key) != NULL;
}

static bool
has_shape(const struct node *map, size_t row)
{
	for (size_t i = 0; i < 2 && api_shapes[row].all[i] != NULL; i++) {
		if (!has(map, api_shapes[row].all[i]))
			return false;
	}
	for (size_t i = 0; i < 4 && api_shapes[row].any[i] != NULL; i++) {
		if (has(map, api_shapes[row].any[i]))
			return true;
	}
	return false;
}

/* By the kind that it names, else by its keys. */
static bool
api_kind(const struct node *map, enum import_kind *kind)
{
	const char *text = import_node_text(map, "kind");

	for (size_t i = 0; text != NULL && i < IMPORT_KINDS; i++) {
		if (strcmp(api_kinds[i].text, text) == 0) {
			*kind = api_kinds[i].kind;
			return true;
		}
	}
	for (size_t i = 0; text == NULL && i < IMPORT_KINDS; i++) {
		if (has_shape(map, i)) {
			*kind = api_shapes[i].kind;
			return true;
		}
	}
	return false;
}

static bool
take_resource(struct import *import, const struct node *map)
{
	struct import_resource resource = {.node = map};

	if (map->kind != NODE_MAP || !api_kind(map, &resource.kind))
		return false;
	import_stage_resource(import, &resource);
	return true;
}

/* An entry of a list that holds something else is told of. */
void
import_shape_entry(struct import *import, const struct node *entry)
{
	if (take_resource(import, entry))
		return;
	import_stage_tell(import, IMPORT_GAP, entry->mark,
	    "this entry is not taken over: it is none of the resources that "
	    "are known here");
	import_stage_flush(import);
}

static bool
take_list(struct import *import, const struct node *list)
{
	if (list->kind != NODE_LIST)
		return false;
	for (const struct node *child = list->first; child != NULL;
	     child = child->next)
		import_shape_entry(import, child);
	return true;
}

/* What the REST API answers to a list request. */
static bool
take_response(struct import *import, const struct node *map)
{
	static const char *const keys[] = {"managed_zones", "rrsets",
	    "response_policies", "response_policy_rules", "policies"};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const struct node *list = import_node_get(map, keys[i]);

		if (list != NULL && list->kind == NODE_LIST &&
		    (has(map, "next_page_token") || has(map, "kind") ||
			map->count == 1))
			return take_list(import, list);
	}
	return false;
}

/* Documents that look right and are not what is wanted. */
static const struct {
	const char *keys[2];
	const char *text;
} strangers[] = {
    {{"lineage", "resources"},
	"this is Terraform's state as it is stored: give what terraform show "
	"-json prints"},
    {{"additions", "deletions"},
	"this is a transaction of gcloud, not what a zone holds: give what "
	"gcloud dns record-sets export writes"},
    {{"planned_change", "type"},
	"this is what terraform plan -json prints: give what terraform show "
	"-json prints of a saved plan"},
    {{"zones", NULL}, "this is a configuration of resolverd already"},
};

static bool
take_stranger(struct import *import, const struct node *map)
{
	for (size_t i = 0; i < sizeof(strangers) / sizeof(strangers[0]); i++) {
		if (!has(map, strangers[i].keys[0]) ||
		    (strangers[i].keys[1] != NULL &&
			!has(map, strangers[i].keys[1])))
			continue;
		import_stage_tell(import, IMPORT_FAULT, map->mark, "%s",
		    strangers[i].text);
		import_stage_flush(import);
		return true;
	}
	return false;
}

typedef bool (*take_fn)(struct import *import, const struct node *document);

static const take_fn shapes[] = {
    take_list,
    import_terraform_take,
    take_resource,
    take_response,
    import_fabric_take,
    take_stranger,
};

bool
import_shape_take(struct import *import, const struct node *document)
{
	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
		if (shapes[i](import, document))
			return true;
	}
	return false;
}
