#include "config/export_terraform.h"

#include <string.h>

#include "config/export_hcl.h"
#include "config/export_tell.h"
#include "config/export_terraform_routing.h"
#include "config/export_text.h"

/* A resource goes by an address that no other of its type has. */
struct terraform {
	struct export *export;
	struct export_hcl hcl;
	struct export_names zones;
	struct export_names record_sets;
	struct export_names response_policies;
	struct export_names rules;
	struct export_names policies;
};

static const char zone_type[] = "google_dns_managed_zone";
static const char record_set_type[] = "google_dns_record_set";
static const char response_policy_type[] = "google_dns_response_policy";
static const char rule_type[] = "google_dns_response_policy_rule";
static const char policy_type[] = "google_dns_policy";

/* What Google offers by its beta provider alone needs this. */
static const char beta[] = "google-beta";

enum { DEPTH_RESOURCE = 1, DEPTH_BLOCK, DEPTH_INNER };

/* Resources and their blocks. */

static const char *
address_of(struct export_names *names, const char *name)
{
	return export_names_take(names,
	    export_text_identifier(names->arena, name));
}

static const char *
refer(const struct terraform *tf, const char *type, const char *address,
    const char *name)
{
	return export_hcl_reference(&tf->hcl,
	    &(struct export_hcl_attribute){type, address, name});
}

/* Begins a resource with its arguments. */
static void
open_resource(const struct terraform *tf, const char *type, const char *address,
    const struct export_hcl_argument *arguments, size_t count)
{
	export_hcl_resource(&tf->hcl, type, address);
	export_hcl_arguments(&tf->hcl, DEPTH_RESOURCE, arguments, count);
}

/* A block after the resource's own arguments. */
static void
open_block(const struct terraform *tf, const char *head)
{
	fputc('\n', tf->hcl.out);
	export_hcl_open(&tf->hcl, DEPTH_RESOURCE, head);
}

static void
close_block(const struct terraform *tf)
{
	export_hcl_close(&tf->hcl, DEPTH_RESOURCE);
}

static void
close_resource(const struct terraform *tf)
{
	export_hcl_close(&tf->hcl, 0);
}

/* The network or cluster that a variable stands for. */
static const char *
variable_value(const struct terraform *tf,
    const struct export_variable *variable)
{
	if (variable == NULL)
		return NULL;
	return arena_printf(tf->hcl.arena,
	    variable->kind == EXPORT_NETWORK ? "local.%s" : "var.%s",
	    variable->name);
}

static void
put_scope(const struct terraform *tf, unsigned depth,
    const struct export_scope *scope)
{
	for (size_t i = 0; i < scope->network_count; i++) {
		export_hcl_block(&tf->hcl, depth, "networks",
		    &(struct export_hcl_argument){"network_url",
			variable_value(tf, &scope->networks[i])});
	}
	for (size_t i = 0; i < scope->cluster_count; i++) {
		export_hcl_block(&tf->hcl, depth, "gke_clusters",
		    &(struct export_hcl_argument){"gke_cluster_name",
			variable_value(tf, &scope->clusters[i])});
	}
}

static bool
scope_is_empty(const struct export_scope *scope)
{
	return scope->network_count == 0 && scope->cluster_count == 0;
}

/* Where a policy holds: blocks of the resource itself. */
static void
put_policy_scope(const struct terraform *tf,
    const struct model_visibility *visibility)
{
	const struct export_scope scope = export_scope(tf->export, visibility);

	if (scope_is_empty(&scope))
		return;
	fputc('\n', tf->hcl.out);
	put_scope(tf, DEPTH_RESOURCE, &scope);
}

/* Where a zone holds. */
static void
put_zone_scope(const struct terraform *tf,
    const struct model_visibility *visibility)
{
	const struct export_scope scope = export_scope(tf->export, visibility);

	if (scope_is_empty(&scope))
		return;
	open_block(tf, "private_visibility_config");
	put_scope(tf, DEPTH_BLOCK, &scope);
	close_block(tf);
}

static void
put_target(const struct terraform *tf, const struct model_target *target)
{
	const struct export_hcl *const hcl = &tf->hcl;
	const char *const text = export_text_target(hcl->arena, target);
	const struct export_hcl_argument arguments[] = {
	    {target->addr.len == 0 ? "domain_name" : "ipv4_address",
		export_hcl_text(hcl, text)},
	    {"forwarding_path", target->private_path ? "\"private\"" : NULL},
	};

	export_hcl_open(hcl, DEPTH_BLOCK, "target_name_servers");
	export_hcl_arguments(hcl, DEPTH_INNER, arguments, 2);
	export_hcl_close(hcl, DEPTH_BLOCK);
}

/*
 * Name servers.  Where none is left the block stays, empty: Terraform refuses
 * it, which is better than a zone or a policy that forwards nothing.
 */
static void
put_targets(const struct terraform *tf, const char *config,
    const struct model_list *list)
{
	const struct model_target *const targets = list->items;

	open_block(tf, config);
	for (size_t i = 0; i < list->count; i++) {
		if (targets[i].addr.len == 0 ||
		    targets[i].addr.u.any.sa_family == AF_INET) {
			put_target(tf, &targets[i]);
			continue;
		}
		export_hcl_indent(&tf->hcl, DEPTH_BLOCK);
		export_tell_lost(tf->export, targets[i].mark,
		    "the name server %s is left out: Terraform's provider "
		    "takes no IPv6 address there",
		    export_text_target(tf->hcl.arena, &targets[i]));
	}
	close_block(tf);
}

/* Record sets. */

/* "any" and "_cname" of "run_app_any_cname": the owner below the apex. */
static const char *
relative_name(const struct terraform *tf, const struct model_zone *zone,
    const struct model_record_set *set)
{
	struct arena *const arena = tf->hcl.arena;
	const char *const name = export_text_name(arena, &set->name);
	const size_t apex_len =
	    strlen(export_text_name(arena, &zone->dns_name.name));
	const size_t len = strlen(name);
	const char *relative;

	if (len <= apex_len)
		return "apex";
	relative = arena_printf(arena, "%.*s", (int)(len - apex_len), name);
	return relative == NULL ? "" : export_text_identifier(arena, relative);
}

static const char *
record_set_address(struct terraform *tf, const char *zone_address,
    const struct model_zone *zone, const struct model_record_set *set)
{
	struct arena *const arena = tf->hcl.arena;
	const char *const wanted = arena_printf(arena, "%s_%s_%s", zone_address,
	    relative_name(tf, zone, set),
	    export_text_identifier(arena, export_text_type(arena, set->type)));

	return export_names_take(&tf->record_sets,
	    wanted == NULL ? "" : wanted);
}

/* The data of a set, which one with a routing policy has elsewhere. */
static const char *
set_data(const struct export_hcl *hcl, const struct model_record_set *set)
{
	if (set->routing != NULL)
		return NULL;
	return export_hcl_data(hcl, set->type, set->rdata, set->rdata_count);
}

static void
put_record_set(struct terraform *tf, const char *zone_address,
    const struct model_zone *zone, const struct model_record_set *set)
{
	const struct export_hcl *const hcl = &tf->hcl;
	const struct export_hcl_argument arguments[] = {
	    {"project", refer(tf, zone_type, zone_address, "project")},
	    {"managed_zone", refer(tf, zone_type, zone_address, "name")},
	    {"name", export_hcl_name(hcl, &set->name)},
	    {"type", export_hcl_type(hcl, set->type)},
	    {"ttl", export_hcl_number(hcl, set->ttl)},
	    {"rrdatas", set_data(hcl, set)},
	};

	fputc('\n', hcl->out);
	open_resource(tf, record_set_type,
	    record_set_address(tf, zone_address, zone, set), arguments,
	    sizeof(arguments) / sizeof(arguments[0]));
	if (set->routing != NULL)
		export_terraform_routing_write(tf->export, hcl, set);
	close_resource(tf);
}

static void
write_record_set(struct terraform *tf, const char *zone_address,
    const struct export_zone *zone, const struct model_record_set *set)
{
	switch (export_way(zone->zone, set)) {
	case EXPORT_CREATE:
	case EXPORT_REPLACE:
		/* The provider replaces what it finds. */
		put_record_set(tf, zone_address, zone->zone, set);
		break;
	case EXPORT_PRESENT:
		break;
	case EXPORT_REFUSED:
		fputc('\n', tf->hcl.out);
		export_tell_refused(tf->export, zone, set);
		break;
	}
}

/* Zones. */

static void
put_peering(const struct terraform *tf, const struct model_network_ref *peer)
{
	open_block(tf, "peering_config");
	export_hcl_block(&tf->hcl, DEPTH_BLOCK, "target_network",
	    &(struct export_hcl_argument){"network_url",
		variable_value(tf, export_network(tf->export, peer))});
	close_block(tf);
}

static void
put_kind(const struct terraform *tf, const struct model_zone *zone)
{
	switch (zone->kind) {
	case MODEL_ZONE_PRIVATE:
	case MODEL_ZONE_REVERSE:
		break;
	case MODEL_ZONE_FORWARDING:
		put_targets(tf, "forwarding_config", &zone->targets);
		break;
	case MODEL_ZONE_PEERING:
		put_peering(tf, &zone->peer);
		break;
	}
}

static void
write_zone(struct terraform *tf, const struct export_zone *zone)
{
	const struct export_hcl *const hcl = &tf->hcl;
	const struct model_zone *const own = zone->zone;
	const struct model_record_set *const sets = own->record_sets.items;
	const char *const address = address_of(&tf->zones, zone->name);
	const bool reverse = own->kind == MODEL_ZONE_REVERSE;
	const struct export_hcl_argument arguments[] = {
	    {"provider", reverse ? beta : NULL},
	    {"project", "var.project"},
	    {"name", export_hcl_text(hcl, zone->name)},
	    {"dns_name", export_hcl_name(hcl, &own->dns_name.name)},
	    {"description",
		export_hcl_text(hcl, export_description(&own->description))},
	    {"visibility", "\"private\""},
	    {"reverse_lookup", reverse ? "true" : NULL},
	};

	fputc('\n', hcl->out);
	export_tell_zone(tf->export, zone);
	open_resource(tf, zone_type, address, arguments,
	    sizeof(arguments) / sizeof(arguments[0]));
	put_zone_scope(tf, &own->visibility);
	put_kind(tf, own);
	close_resource(tf);
	for (size_t i = 0; i < own->record_sets.count; i++)
		write_record_set(tf, address, zone, &sets[i]);
}

/* Policies. */

static void
put_local_data(const struct terraform *tf, const struct model_record_set *set)
{
	const struct export_hcl *const hcl = &tf->hcl;
	const struct export_hcl_argument arguments[] = {
	    {"name", export_hcl_name(hcl, &set->name)},
	    {"type", export_hcl_type(hcl, set->type)},
	    {"ttl", export_hcl_number(hcl, set->ttl)},
	    {"rrdatas", set_data(hcl, set)},
	};

	export_hcl_open(hcl, DEPTH_BLOCK, "local_datas");
	export_hcl_arguments(hcl, DEPTH_INNER, arguments,
	    sizeof(arguments) / sizeof(arguments[0]));
	export_hcl_close(hcl, DEPTH_BLOCK);
}

static void
write_rule(struct terraform *tf, const char *policy,
    const struct model_rule *rule, const char *name)
{
	const struct export_hcl *const hcl = &tf->hcl;
	const struct model_record_set *const sets = rule->local_datas.items;
	const char *const wanted =
	    arena_printf(hcl->arena, "%s_%s", policy, name);
	const struct export_hcl_argument arguments[] = {
	    {"provider", rule->bypass ? beta : NULL},
	    {"project", refer(tf, response_policy_type, policy, "project")},
	    {"response_policy",
		refer(tf, response_policy_type, policy,
		    "response_policy_name")},
	    {"rule_name", export_hcl_text(hcl, name)},
	    {"dns_name", export_hcl_name(hcl, &rule->dns_name.name)},
	    {"behavior", rule->bypass ? "\"bypassResponsePolicy\"" : NULL},
	};

	fputc('\n', hcl->out);
	open_resource(tf, rule_type,
	    address_of(&tf->rules, wanted == NULL ? "" : wanted), arguments,
	    sizeof(arguments) / sizeof(arguments[0]));
	if (rule->local_datas.count > 0) {
		open_block(tf, "local_data");
		for (size_t i = 0; i < rule->local_datas.count; i++)
			put_local_data(tf, &sets[i]);
		close_block(tf);
	}
	close_resource(tf);
}

static void
write_response_policy(struct terraform *tf,
    const struct export_response_policy *policy)
{
	const struct export_hcl *const hcl = &tf->hcl;
	const struct model_response_policy *const own = policy->policy;
	const struct model_rule *const rules = own->rules.items;
	const char *const address =
	    address_of(&tf->response_policies, policy->name);
	const struct export_hcl_argument arguments[] = {
	    {"project", "var.project"},
	    {"response_policy_name", export_hcl_text(hcl, policy->name)},
	    {"description",
		export_hcl_text(hcl, export_description(&own->description))},
	};

	fputc('\n', hcl->out);
	open_resource(tf, response_policy_type, address, arguments,
	    sizeof(arguments) / sizeof(arguments[0]));
	put_policy_scope(tf, &own->visibility);
	close_resource(tf);
	if (policy->rule_names == NULL)
		return;
	for (size_t i = 0; i < own->rules.count; i++)
		write_rule(tf, address, &rules[i], policy->rule_names[i]);
}

static void
put_dns64(const struct terraform *tf)
{
	open_block(tf, "dns64_config");
	export_hcl_block(&tf->hcl, DEPTH_BLOCK, "scope",
	    &(struct export_hcl_argument){"all_queries", "true"});
	close_block(tf);
}

static void
write_policy(struct terraform *tf, const struct export_policy *policy)
{
	const struct export_hcl *const hcl = &tf->hcl;
	const struct model_policy *const own = policy->policy;
	const struct model_list targets =
	    export_policy_targets(tf->export, own);
	const struct export_hcl_argument arguments[] = {
	    {"project", "var.project"},
	    {"name", export_hcl_text(hcl, policy->name)},
	    {"description",
		export_hcl_text(hcl, export_description(&own->description))},
	    {"enable_inbound_forwarding", own->inbound ? "true" : NULL},
	    {"enable_logging", own->logging ? "true" : NULL},
	};

	fputc('\n', hcl->out);
	export_tell_policy(tf->export, policy);
	open_resource(tf, policy_type, address_of(&tf->policies, policy->name),
	    arguments, sizeof(arguments) / sizeof(arguments[0]));
	put_policy_scope(tf, &own->visibility);
	if (own->targets.count > 0)
		put_targets(tf, "alternative_name_server_config", &targets);
	if (own->dns64)
		put_dns64(tf);
	close_resource(tf);
}

/* The file. */

static bool
any_bypass(const struct model_list *list)
{
	const struct model_rule *const rules = list->items;

	for (size_t i = 0; i < list->count; i++) {
		if (rules[i].bypass)
			return true;
	}
	return false;
}

static bool
needs_beta(const struct export *export)
{
	const struct export_zone *const zones = export->zones.items;
	const struct export_response_policy *const policies =
	    export->response_policies.items;

	for (size_t i = 0; i < export->zones.count; i++) {
		if (zones[i].zone->kind == MODEL_ZONE_REVERSE)
			return true;
	}
	for (size_t i = 0; i < export->response_policies.count; i++) {
		if (any_bypass(&policies[i].policy->rules))
			return true;
	}
	return false;
}

static void
put_variable(const struct terraform *tf, const char *name,
    const char *description, const char *value)
{
	const struct export_hcl *const hcl = &tf->hcl;
	const struct export_hcl_argument arguments[] = {
	    {"description", export_hcl_text(hcl, description)},
	    {"type", "string"},
	    {"default", export_hcl_text(hcl, value)},
	};

	fprintf(hcl->out, "\nvariable \"%s\" {\n", name);
	export_hcl_arguments(hcl, DEPTH_RESOURCE, arguments, 3);
	export_hcl_close(hcl, 0);
}

static void
put_variables(const struct terraform *tf)
{
	put_variable(tf, "project", "The project that gets all this",
	    tf->export->options.project);
	for (const struct export_variable *variable = tf->export->variables;
	     variable != NULL; variable = variable->next) {
		if (variable->kind == EXPORT_NETWORK) {
			put_variable(tf, variable->name,
			    "A VPC network: its name in the project, or "
			    "projects/P/global/networks/N",
			    variable->value);
		} else if (variable->kind == EXPORT_CLUSTER) {
			put_variable(tf, variable->name,
			    "A GKE cluster: projects/P/locations/L/clusters/C",
			    variable->value);
		}
	}
}

/* A network is called by its name, and by the provider by its path. */
static void
put_network_paths(const struct terraform *tf)
{
	const struct export_hcl *const hcl = &tf->hcl;
	struct export_hcl_argument list[] = {{NULL, NULL}};

	fputs("\nlocals {\n", hcl->out);
	for (const struct export_variable *variable = tf->export->variables;
	     variable != NULL; variable = variable->next) {
		if (variable->kind != EXPORT_NETWORK)
			continue;
		if (list[0].name != NULL)
			fputc('\n', hcl->out);
		list[0].name = variable->name;
		list[0].value = arena_printf(hcl->arena,
		    "(\n"
		    "    strcontains(var.%s, \"/\") ? var.%s :\n"
		    "    \"projects/${var.project}/global/networks/"
		    "${var.%s}\"\n"
		    "  )",
		    variable->name, variable->name, variable->name);
		export_hcl_arguments(hcl, DEPTH_RESOURCE, list, 1);
	}
	export_hcl_close(hcl, 0);
}

static void
put_head(const struct terraform *tf)
{
	FILE *const out = tf->hcl.out;

	fputs("# Made by resolverctl export: in Cloud DNS what resolverd "
	      "holds.\n\n"
	      "terraform {\n"
	      "  required_providers {\n"
	      "    google = {\n"
	      "      source = \"hashicorp/google\"\n"
	      "    }\n",
	    out);
	if (needs_beta(tf->export)) {
		fputs("    google-beta = {\n"
		      "      source = \"hashicorp/google-beta\"\n"
		      "    }\n",
		    out);
	}
	fputs("  }\n}\n", out);
	put_variables(tf);
	if (tf->export->variables != NULL)
		put_network_paths(tf);
}

static struct terraform
terraform_over(struct export *export, FILE *out)
{
	const struct export_names names = {
	    .arena = &export->arena,
	    .joint = '_',
	};

	return (struct terraform){
	    .export = export,
	    .hcl = {.out = out, .arena = &export->arena},
	    .zones = names,
	    .record_sets = names,
	    .response_policies = names,
	    .rules = names,
	    .policies = names,
	};
}

void
export_terraform_write(struct export *export, FILE *out)
{
	const struct export_zone *const zones = export->zones.items;
	const struct export_response_policy *const responses =
	    export->response_policies.items;
	const struct export_policy *const policies = export->policies.items;
	struct terraform tf = terraform_over(export, out);

	export->out = out;
	export->comment = "# ";
	put_head(&tf);
	export_tell_rest(export);
	for (size_t i = 0; i < export->zones.count; i++)
		write_zone(&tf, &zones[i]);
	for (size_t i = 0; i < export->response_policies.count; i++)
		write_response_policy(&tf, &responses[i]);
	for (size_t i = 0; i < export->policies.count; i++)
		write_policy(&tf, &policies[i]);
}
