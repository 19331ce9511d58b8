#include "config/import_rewrite.h"

#include <string.h>

#include "config/import_node.h"
#include "config/import_routing.h"
#include "config/import_table.h"

/* How one field is taken over, beside the ways of import_table. */

/* A setting that changes answers, and that this program does not have. */
static void
unsupported(const struct import_rewrite *rewrite,
    const struct import_field *field, const struct node *value,
    struct node *out)
{
	(void)out;
	if (import_node_is_nothing(value))
		return;
	diag_warning(rewrite->diag, value->key->mark,
	    "%s is not taken over: it is not supported here", field->from);
}

/* cloud_logging_config matters to nobody unless it asks for logging. */
static void
logging(const struct import_rewrite *rewrite, const struct import_field *field,
    const struct node *value, struct node *out)
{
	const struct node *block = import_node_block(value);
	const struct node *enabled = import_node_get(block, "enable_logging");

	if (enabled != NULL && enabled->kind == NODE_SCALAR &&
	    strcmp(enabled->text, "false") != 0)
		import_table_no_effect(rewrite, field, value, out);
}

/* Terraform's reverse_lookup: true is the API's reverse_lookup_config: {}. */
static void
reverse_lookup(const struct import_rewrite *rewrite,
    const struct import_field *field, const struct node *value,
    struct node *out)
{
	if (value->kind == NODE_SCALAR && strcmp(value->text, "true") == 0) {
		import_node_put(rewrite->arena, out, field->to,
		    import_node_new(rewrite->arena, NODE_MAP, value->mark));
	}
}

/* A reverse_lookup_config that is there says yes, whatever it holds. */
static void
reverse_config(const struct import_rewrite *rewrite,
    const struct import_field *field, const struct node *value,
    struct node *out)
{
	if (import_node_block(value) != NULL) {
		import_node_put(rewrite->arena, out, field->to,
		    import_node_new(rewrite->arena, NODE_MAP, value->mark));
	}
}

/* The unspecified behaviour is none (the fact sheet's section 5). */
static void
behavior(const struct import_rewrite *rewrite, const struct import_field *field,
    const struct node *value, struct node *out)
{
	if (value->kind != NODE_SCALAR ||
	    strcmp(value->text, "behaviorUnspecified") != 0)
		import_table_keep(rewrite, field, value, out);
}

/* The tables, innermost first. */

static const struct import_field network_fields[] = {
    {"network_url", "network_url", import_table_keep, NULL},
    IMPORT_META("kind"),
    IMPORT_END,
};
static const struct import_table network_table = {"a network", network_fields};

static const struct import_field cluster_fields[] = {
    {"gke_cluster_name", "gke_cluster_name", import_table_keep, NULL},
    IMPORT_META("kind"),
    IMPORT_END,
};
static const struct import_table cluster_table = {"a cluster", cluster_fields};

static const struct import_field visibility_fields[] = {
    {"networks", "networks", import_table_blocks, &network_table},
    {"gke_clusters", "gke_clusters", import_table_blocks, &cluster_table},
    IMPORT_META("kind"),
    IMPORT_END,
};
static const struct import_table visibility_table = {
    "private_visibility_config",
    visibility_fields,
};

static const struct import_field target_fields[] = {
    {"ipv4_address", "ipv4_address", import_table_keep, NULL},
    {"ipv6_address", "ipv6_address", import_table_keep, NULL},
    {"domain_name", "domain_name", import_table_keep, NULL},
    {"port", "port", import_table_number, NULL},
    {"forwarding_path", "forwarding_path", import_table_keep, NULL},
    IMPORT_META("kind"),
    IMPORT_END,
};
static const struct import_table target_table = {
    "a target name server",
    target_fields,
};

static const struct import_field targets_fields[] = {
    {"target_name_servers", "target_name_servers", import_table_blocks,
	&target_table},
    IMPORT_META("kind"),
    IMPORT_END,
};
static const struct import_table forwarding_table = {
    "forwarding_config",
    targets_fields,
};
static const struct import_table alternative_table = {
    "alternative_name_server_config",
    targets_fields,
};

static const struct import_field peering_fields[] = {
    {"target_network", "target_network", import_table_block,
	&(const struct import_table){
	    "target_network",
	    (const struct import_field[]){
		{"network_url", "network_url", import_table_keep, NULL},
		{"deactivate_time", "deactivate_time", unsupported, NULL},
		IMPORT_META("kind"),
		IMPORT_END,
	    },
	}},
    IMPORT_META("kind"),
    IMPORT_END,
};
static const struct import_table peering_table = {
    "peering_config",
    peering_fields,
};

static const struct import_field zone_fields[] = {
    {"name", "name", import_table_keep, NULL},
    {"dns_name", "dns_name", import_table_keep, NULL},
    {"description", "description", import_table_keep, NULL},
    {"private_visibility_config", "private_visibility_config",
	import_table_block, &visibility_table},
    {"forwarding_config", "forwarding_config", import_table_block,
	&forwarding_table},
    {"peering_config", "peering_config", import_table_block, &peering_table},
    {"reverse_lookup_config", "reverse_lookup_config", reverse_config, NULL},
    {"reverse_lookup", "reverse_lookup_config", reverse_lookup, NULL},
    {"cloud_logging_config", NULL, logging, NULL},
    {"dnssec_config", NULL, import_table_no_effect, NULL},
    {"labels", NULL, import_table_no_effect, NULL},
    {"name_server_set", NULL, import_table_no_effect, NULL},
    /* Looked at before. */
    IMPORT_META("visibility"),
    IMPORT_META("service_directory_config"),
    IMPORT_META("project"),
    IMPORT_META("kind"),
    IMPORT_META("id"),
    IMPORT_META("creation_time"),
    IMPORT_META("name_servers"),
    IMPORT_META("managed_zone_id"),
    IMPORT_META("force_destroy"),
    IMPORT_META("effective_labels"),
    IMPORT_META("terraform_labels"),
    IMPORT_META("timeouts"),
    IMPORT_META("location"),
    IMPORT_END,
};
static const struct import_table zone_table = {"a zone", zone_fields};

static const struct import_field record_set_fields[] = {
    {"name", "name", import_table_keep, NULL},
    {"type", "type", import_table_keep, NULL},
    {"ttl", "ttl", import_table_number, NULL},
    {"rrdatas", "rrdatas", import_table_keep, NULL},
    {"routing_policy", "routing_policy", import_routing_rewrite, NULL},
    {"signature_rrdatas", NULL, import_table_no_effect, NULL},
    IMPORT_META("managed_zone"),
    IMPORT_META("project"),
    IMPORT_META("kind"),
    IMPORT_META("id"),
    IMPORT_META("timeouts"),
    IMPORT_END,
};
static const struct import_table record_set_table = {
    "a record set",
    record_set_fields,
};

static const struct import_field response_policy_fields[] = {
    {"response_policy_name", "name", import_table_keep, NULL},
    {"description", "description", import_table_keep, NULL},
    {"networks", "networks", import_table_blocks, &network_table},
    {"gke_clusters", "gke_clusters", import_table_blocks, &cluster_table},
    {"labels", NULL, import_table_no_effect, NULL},
    IMPORT_META("project"),
    IMPORT_META("kind"),
    IMPORT_META("id"),
    IMPORT_META("effective_labels"),
    IMPORT_META("terraform_labels"),
    IMPORT_META("timeouts"),
    IMPORT_END,
};
static const struct import_table response_policy_table = {
    "a response policy",
    response_policy_fields,
};

static const struct import_field local_data_fields[] = {
    {"local_datas", "local_datas", import_table_blocks, &record_set_table},
    IMPORT_META("kind"),
    IMPORT_END,
};
static const struct import_table local_data_table = {
    "local_data",
    local_data_fields,
};

static const struct import_field rule_fields[] = {
    {"rule_name", "rule_name", import_table_keep, NULL},
    {"dns_name", "dns_name", import_table_keep, NULL},
    {"behavior", "behavior", behavior, NULL},
    {"local_data", "local_data", import_table_block, &local_data_table},
    IMPORT_META("response_policy"),
    IMPORT_META("project"),
    IMPORT_META("kind"),
    IMPORT_META("id"),
    IMPORT_META("timeouts"),
    IMPORT_END,
};
static const struct import_table rule_table = {
    "a rule of a response policy",
    rule_fields,
};

static const struct import_field dns64_fields[] = {
    {"scope", "scope", import_table_block,
	&(const struct import_table){
	    "scope",
	    (const struct import_field[]){
		{"all_queries", "all_queries", import_table_keep, NULL},
		IMPORT_META("kind"),
		IMPORT_END,
	    },
	}},
    IMPORT_META("kind"),
    IMPORT_END,
};
static const struct import_table dns64_table = {"dns64_config", dns64_fields};

static const struct import_field policy_fields[] = {
    {"name", "name", import_table_keep, NULL},
    {"description", "description", import_table_keep, NULL},
    {"networks", "networks", import_table_blocks, &network_table},
    {"enable_inbound_forwarding", "enable_inbound_forwarding",
	import_table_keep, NULL},
    {"enable_logging", "enable_logging", import_table_keep, NULL},
    {"alternative_name_server_config", "alternative_name_server_config",
	import_table_block, &alternative_table},
    {"dns64_config", "dns64_config", import_table_block, &dns64_table},
    IMPORT_META("project"),
    IMPORT_META("kind"),
    IMPORT_META("id"),
    IMPORT_META("timeouts"),
    IMPORT_END,
};
static const struct import_table policy_table = {
    "a server policy",
    policy_fields,
};

static const struct import_table *const kinds[] = {
    [IMPORT_ZONE] = &zone_table,
    [IMPORT_RECORD_SET] = &record_set_table,
    [IMPORT_RESPONSE_POLICY] = &response_policy_table,
    [IMPORT_RULE] = &rule_table,
    [IMPORT_POLICY] = &policy_table,
};

const struct node *
import_rewrite_resource(const struct import_rewrite *rewrite,
    enum import_kind kind, const struct node *from)
{
	return import_table_rewrite(rewrite, kinds[kind], from);
}

bool
import_rewrite_matters(enum import_kind kind, const char *key)
{
	const struct import_field *field = import_table_find(kinds[kind], key);

	return field != NULL && field->to != NULL &&
	    field->rewrite != import_table_drop;
}
