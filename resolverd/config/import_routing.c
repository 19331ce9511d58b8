#include "config/import_routing.h"

#include "config/import_node.h"

static const struct import_field balancer_fields[] = {
    {"load_balancer_type", "load_balancer_type", import_table_keep, NULL},
    {"ip_address", "ip_address", import_table_keep, NULL},
    {"port", "port", import_table_number, NULL},
    {"ip_protocol", "ip_protocol", import_table_keep, NULL},
    {"network_url", "network_url", import_table_keep, NULL},
    {"project", "project", import_table_keep, NULL},
    {"region", "region", import_table_keep, NULL},
    IMPORT_META("kind"),
    IMPORT_END,
};
static const struct import_table balancer_table = {
    "an internal load balancer",
    balancer_fields,
};

static const struct import_field checked_fields[] = {
    {"internal_load_balancers", "internal_load_balancers", import_table_blocks,
	&balancer_table},
    IMPORT_META("kind"),
    IMPORT_END,
};
static const struct import_table checked_table = {
    "health_checked_targets",
    checked_fields,
};

/* Fabric writes the load balancers as the value itself. */
static void
checked_targets(const struct import_rewrite *rewrite,
    const struct import_field *field, const struct node *value,
    struct node *out)
{
	const bool bare = value->kind == NODE_LIST && value->first != NULL &&
	    import_node_get(value->first, "ip_address") != NULL;
	struct node *map;

	if (import_node_is_nothing(value))
		return;
	if (!bare) {
		import_table_block(rewrite, field, value, out);
		return;
	}
	map = import_node_new(rewrite->arena, NODE_MAP, value->mark);
	import_table_blocks(rewrite, &checked_fields[0], value, map);
	import_node_put(rewrite->arena, out, field->to, map);
}

static const struct import_field item_fields[] = {
    {"weight", "weight", import_table_number, NULL},
    {"location", "location", import_table_keep, NULL},
    {"rrdatas", "rrdatas", import_table_keep, NULL},
    {"records", "rrdatas", import_table_keep, NULL},
    {"health_checked_targets", "health_checked_targets", checked_targets,
	&checked_table},
    IMPORT_META("signature_rrdatas"),
    IMPORT_META("kind"),
    IMPORT_END,
};
static const struct import_table item_table = {
    "an item of a routing policy",
    item_fields,
};

static const struct import_field items_fields[] = {
    {"items", "items", import_table_blocks, &item_table},
    {"enable_fencing", "enable_fencing", import_table_keep, NULL},
    IMPORT_META("kind"),
    IMPORT_END,
};
static const struct import_table items_table = {
    "a list of items",
    items_fields,
};

static const struct import_field backup_fields[] = {
    {"primary_targets", "primary_targets", import_table_block, &checked_table},
    {"backup_geo_targets", "backup_geo_targets", import_table_block,
	&items_table},
    {"trickle_traffic", "trickle_traffic", import_table_number, NULL},
    IMPORT_META("kind"),
    IMPORT_END,
};
static const struct import_table backup_table = {
    "primary_backup",
    backup_fields,
};

static const struct import_field api_fields[] = {
    {"wrr", "wrr", import_table_block, &items_table},
    {"wrr_policy", "wrr", import_table_block, &items_table},
    {"geo", "geo", import_table_block, &items_table},
    {"geo_policy", "geo", import_table_block, &items_table},
    {"primary_backup", "primary_backup", import_table_block, &backup_table},
    {"primary_backup_policy", "primary_backup", import_table_block,
	&backup_table},
    /* Of external endpoints, which only public zones have. */
    {"health_check", "health_check", import_table_no_effect, NULL},
    IMPORT_META("kind"),
    IMPORT_END,
};
static const struct import_table api_table = {"routing_policy", api_fields};

/* Terraform's. */

/* Puts {items: list, enable_fencing: fencing} under a key. */
static void
put_items(const struct import_rewrite *rewrite, const char *key,
    const struct node *list, const struct node *fencing, struct node *out)
{
	struct arena *arena = rewrite->arena;
	struct node *map;

	if (import_node_is_nothing(list))
		return;
	map = import_node_new(arena, NODE_MAP, list->mark);
	import_node_put(arena, map, "items", list);
	if (!import_node_is_nothing(fencing))
		import_node_put(arena, map, "enable_fencing", fencing);
	import_node_put(arena, out, key, map);
}

static void
put_backup(const struct import_rewrite *rewrite, const struct node *backup,
    struct node *out)
{
	struct arena *arena = rewrite->arena;
	struct node *map;

	if (backup == NULL)
		return;
	map = import_node_new(arena, NODE_MAP, backup->mark);
	import_node_put(arena, map, "primary_targets",
	    import_node_block(import_node_get(backup, "primary")));
	put_items(rewrite, "backup_geo_targets",
	    import_node_get(backup, "backup_geo"),
	    import_node_get(backup, "enable_geo_fencing_for_backups"), map);
	import_node_put(arena, map, "trickle_traffic",
	    import_node_get(backup, "trickle_ratio"));
	import_node_put(arena, out, "primary_backup", map);
}

static const struct node *
from_terraform(const struct import_rewrite *rewrite, const struct node *block)
{
	struct node *map =
	    import_node_new(rewrite->arena, NODE_MAP, block->mark);

	put_items(rewrite, "wrr", import_node_get(block, "wrr"), NULL, map);
	put_items(rewrite, "geo", import_node_get(block, "geo"),
	    import_node_get(block, "enable_geo_fencing"), map);
	put_backup(rewrite,
	    import_node_block(import_node_get(block, "primary_backup")), map);
	if (!import_node_is_nothing(import_node_get(block, "health_check"))) {
		import_node_put(rewrite->arena, map, "health_check",
		    import_node_get(block, "health_check"));
	}
	return map;
}

static bool
is_terraform(const struct node *block)
{
	static const char *const lists[] = {"wrr", "geo", "primary_backup"};

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		const struct node *list = import_node_get(block, lists[i]);

		if (list != NULL && list->kind == NODE_LIST)
			return true;
	}
	return false;
}

void
import_routing_rewrite(const struct import_rewrite *rewrite,
    const struct import_field *field, const struct node *value,
    struct node *out)
{
	const struct node *block = import_node_block(value);

	if (block == NULL) {
		import_table_keep(rewrite, field, value, out);
		return;
	}
	if (is_terraform(block))
		block = from_terraform(rewrite, block);
	if (block == NULL)
		return;
	import_node_put(rewrite->arena, out, field->to,
	    import_table_rewrite(rewrite, &api_table, block));
}
