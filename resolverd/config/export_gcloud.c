#include "config/export_gcloud.h"

#include <inttypes.h>
#include <string.h>

#include "config/export_shell.h"
#include "config/export_tell.h"
#include "config/export_text.h"

/* The name of a shell variable. */
static void
put_variable(const struct export_variable *variable, FILE *out)
{
	for (const char *c = variable->name; *c != '\0'; c++)
		fputc(*c >= 'a' && *c <= 'z' ? *c - 'a' + 'A' : *c, out);
}

/* Arguments, each on a line of its own. */

static void
flag(const struct export *export, const char *argument)
{
	export_shell_flag(argument, export->out);
}

static void
flag_text(const struct export *export, const char *name, const char *text)
{
	export_shell_flag_text(name, text, export->out);
}

static void
flag_project(const struct export *export)
{
	flag(export, "--project=\"$PROJECT\"");
}

static void
flag_ttl(const struct export *export, uint32_t ttl)
{
	flag(export, "--ttl");
	fprintf(export->out, "=%" PRIu32, ttl);
}

static void
flag_variables(const struct export *export, const char *name,
    const struct export_variable *variables, size_t count)
{
	flag(export, name);
	fputs("=\"", export->out);
	for (size_t i = 0; i < count; i++) {
		fputs(i == 0 ? "$" : ",$", export->out);
		put_variable(&variables[i], export->out);
	}
	fputc('"', export->out);
}

static struct export_shell_list
list_of(struct export *export, const char *const *texts, size_t count)
{
	return (struct export_shell_list){
	    .texts = texts,
	    .count = count,
	    .arena = &export->arena,
	};
}

/* The data of records as a list. */
static struct export_shell_list
list_of_data(struct export *export, uint16_t type, const struct rdata *rdata,
    size_t count)
{
	return list_of(export,
	    export_text_rdatas(&export->arena, type, rdata, count), count);
}

/* "key=value" as an entry of a list. */
static const char *
pair(struct export *export, const char *key, const char *value)
{
	const char *const text = arena_printf(&export->arena, "%s=%s", key,
	    value == NULL ? "" : value);

	return text == NULL ? "" : text;
}

/* Record sets. */

/* Writes forwarding rules as "$A,$B". */
static void
put_balancers(struct export *export, const struct model_list *list,
    char separator)
{
	const struct model_health_target *const targets = list->items;

	for (size_t i = 0; i < list->count; i++) {
		const struct export_variable *const variable =
		    export_balancer(export, &targets[i]);

		if (i > 0)
			fputc(separator, export->out);
		fputc('$', export->out);
		if (variable != NULL)
			put_variable(variable, export->out);
	}
}

static void
flag_item(struct export *export, const struct model_record_set *set,
    const struct model_routing_item *item)
{
	const struct model_routing *const routing = set->routing;
	const char *entries[2] = {NULL};
	struct export_shell_list list = list_of(export, entries, 1);
	const char *delimiter;

	entries[0] = routing->kind == ROUTING_WRR
	    ? pair(export, "weight",
		  export_text_ratio(&export->arena, item->weight))
	    : pair(export, "location", item->location.text);
	if (item->rdata_count > 0) {
		const struct export_shell_list data = list_of_data(export,
		    set->type, item->rdata, item->rdata_count);

		entries[list.count++] =
		    pair(export, "rrdatas", export_shell_join(&data, ';'));
	}
	delimiter = export_shell_flag_list(routing->kind == ROUTING_FAILOVER
		? "--routing-policy-backup-item"
		: "--routing-policy-item",
	    &list, export->out);
	if (item->checked.count > 0) {
		fprintf(export->out, "\"%sinternal_load_balancers=", delimiter);
		put_balancers(export, &item->checked, ';');
		fputc('"', export->out);
	}
}

static void
flags_failover(struct export *export, const struct model_routing *routing)
{
	flag(export, "--routing-policy-primary-data=\"");
	put_balancers(export, &routing->primary, ',');
	fputc('"', export->out);
	flag(export, "--routing-policy-backup-data-type=GEO");
	if (routing->trickle > 0) {
		flag_text(export, "--backup-data-trickle-ratio",
		    export_text_ratio(&export->arena, routing->trickle));
	}
}

static bool
routing_checks(const struct model_routing *routing)
{
	const struct model_routing_item *const items = routing->items.items;

	for (size_t i = 0; i < routing->items.count; i++) {
		if (items[i].checked.count > 0)
			return true;
	}
	return routing->primary.count > 0;
}

static void
flags_routing(struct export *export, const struct model_record_set *set)
{
	static const char *const kinds[] = {
	    [ROUTING_WRR] = "WRR",
	    [ROUTING_GEO] = "GEO",
	    [ROUTING_FAILOVER] = "FAILOVER",
	};
	const struct model_routing *const routing = set->routing;
	const struct model_routing_item *const items = routing->items.items;

	flag_text(export, "--routing-policy-type", kinds[routing->kind]);
	if (routing->kind == ROUTING_FAILOVER)
		flags_failover(export, routing);
	for (size_t i = 0; i < routing->items.count; i++)
		flag_item(export, set, &items[i]);
	if (routing->fencing)
		flag(export, "--enable-geo-fencing");
	if (routing_checks(routing))
		flag(export, "--enable-health-checking");
}

static void
flag_data(struct export *export, const struct model_record_set *set)
{
	const struct export_shell_list data =
	    list_of_data(export, set->type, set->rdata, set->rdata_count);

	export_shell_flag_list("--rrdatas", &data, export->out);
}

static void
put_record_set(struct export *export, const struct export_zone *zone,
    const struct model_record_set *set, const char *verb)
{
	struct arena *const arena = &export->arena;
	const char *const name = export_text_name(arena, &set->name);
	/* gcloud takes what begins with a dash for a flag. */
	const bool dash = name[0] == '-';

	fprintf(export->out, "\ngcloud dns record-sets %s", verb);
	if (!dash) {
		fputc(' ', export->out);
		export_shell_word(name, export->out);
	}
	flag_project(export);
	flag_text(export, "--zone", zone->name);
	flag_text(export, "--type", export_text_type(arena, set->type));
	flag_ttl(export, set->ttl);
	if (set->routing != NULL) {
		flags_routing(export, set);
	} else {
		flag_data(export, set);
	}
	if (dash) {
		flag(export, "-- ");
		export_shell_word(name, export->out);
	}
	fputc('\n', export->out);
}

static void
write_record_set(struct export *export, const struct export_zone *zone,
    const struct model_record_set *set)
{
	switch (export_way(zone->zone, set)) {
	case EXPORT_CREATE:
		put_record_set(export, zone, set, "create");
		break;
	case EXPORT_REPLACE:
		put_record_set(export, zone, set, "update");
		break;
	case EXPORT_PRESENT:
		break;
	case EXPORT_REFUSED:
		fputc('\n', export->out);
		export_tell_refused(export, zone, set);
		break;
	}
}

/* Zones. */

static void
flags_scope(struct export *export, const struct model_visibility *visibility)
{
	const struct export_scope scope = export_scope(export, visibility);

	if (scope.network_count > 0 || scope.cluster_count == 0) {
		flag_variables(export, "--networks", scope.networks,
		    scope.network_count);
	}
	if (scope.cluster_count > 0) {
		flag_variables(export, "--gkeclusters", scope.clusters,
		    scope.cluster_count);
	}
}

/* Which of the targets go into a flag. */
enum targets { TARGETS_DEFAULT_PATH, TARGETS_PRIVATE_PATH };

static void
flag_targets(struct export *export, const char *name,
    const struct model_list *list, enum targets which)
{
	const struct model_target *const targets = list->items;
	const char **texts =
	    arena_calloc(&export->arena, list->count, sizeof(*texts));
	struct export_shell_list chosen = list_of(export, texts, 0);

	for (size_t i = 0; texts != NULL && i < list->count; i++) {
		if (targets[i].private_path != (which == TARGETS_PRIVATE_PATH))
			continue;
		texts[chosen.count++] =
		    export_text_target(&export->arena, &targets[i]);
	}
	if (chosen.count > 0)
		export_shell_flag_list(name, &chosen, export->out);
}

/* gcloud wants network and project apart; a variable may hold both. */
static void
flags_peering(struct export *export, const struct model_network_ref *peer)
{
	const struct export_variable *const variable =
	    export_network(export, peer);
	const char *const project = export_network_project(export, peer);

	flag(export, "--target-network=\"${");
	if (variable != NULL)
		put_variable(variable, export->out);
	fputs("##*/}\"", export->out);
	if (project != NULL) {
		flag_text(export, "--target-project", project);
	} else {
		flag(export, "--target-project=\"$PROJECT\"");
	}
}

static void
flags_kind(struct export *export, const struct model_zone *zone)
{
	switch (zone->kind) {
	case MODEL_ZONE_PRIVATE:
		break;
	case MODEL_ZONE_FORWARDING:
		flag_targets(export, "--forwarding-targets", &zone->targets,
		    TARGETS_DEFAULT_PATH);
		flag_targets(export, "--private-forwarding-targets",
		    &zone->targets, TARGETS_PRIVATE_PATH);
		break;
	case MODEL_ZONE_PEERING:
		flags_peering(export, &zone->peer);
		break;
	case MODEL_ZONE_REVERSE:
		/* Without "=true", which gcloud refuses. */
		flag(export, "--managed-reverse-lookup");
		break;
	}
}

static void
write_zone(struct export *export, const struct export_zone *zone)
{
	const struct model_zone *const own = zone->zone;
	const struct model_record_set *const sets = own->record_sets.items;

	fputc('\n', export->out);
	export_tell_zone(export, zone);
	fprintf(export->out, "gcloud dns managed-zones create %s", zone->name);
	flag_project(export);
	flag_text(export, "--description",
	    export_description(&own->description));
	flag_text(export, "--dns-name",
	    export_text_name(&export->arena, &own->dns_name.name));
	flag(export, "--visibility=private");
	flags_scope(export, &own->visibility);
	flags_kind(export, own);
	fputc('\n', export->out);
	for (size_t i = 0; i < own->record_sets.count; i++)
		write_record_set(export, zone, &sets[i]);
}

/* Policies. */

static void
flag_local_data(struct export *export, const struct model_record_set *set)
{
	enum { ENTRIES = 4 };
	struct arena *const arena = &export->arena;
	const struct export_shell_list data =
	    list_of_data(export, set->type, set->rdata, set->rdata_count);
	const char *const ttl = arena_printf(arena, "ttl=%" PRIu32, set->ttl);
	const char *const entries[ENTRIES] = {
	    pair(export, "name", export_text_name(arena, &set->name)),
	    pair(export, "type", export_text_type(arena, set->type)),
	    ttl == NULL ? "" : ttl,
	    pair(export, "rrdatas", export_shell_join(&data, '|')),
	};
	const struct export_shell_list list = list_of(export, entries, ENTRIES);

	export_shell_flag_list("--local-data", &list, export->out);
}

static void
write_rule(struct export *export, const struct export_response_policy *policy,
    size_t i)
{
	const struct model_rule *const rules = policy->policy->rules.items;
	const struct model_rule *const rule = &rules[i];
	const struct model_record_set *const sets = rule->local_datas.items;

	fprintf(export->out, "\ngcloud dns response-policies rules create %s",
	    policy->rule_names[i]);
	flag_project(export);
	flag_text(export, "--response-policy", policy->name);
	flag_text(export, "--dns-name",
	    export_text_name(&export->arena, &rule->dns_name.name));
	if (rule->bypass)
		flag(export, "--behavior=bypassResponsePolicy");
	for (size_t k = 0; k < rule->local_datas.count; k++)
		flag_local_data(export, &sets[k]);
	fputc('\n', export->out);
}

static void
write_response_policy(struct export *export,
    const struct export_response_policy *policy)
{
	const struct model_response_policy *const own = policy->policy;

	fprintf(export->out, "\ngcloud dns response-policies create %s",
	    policy->name);
	flag_project(export);
	flag_text(export, "--description",
	    export_description(&own->description));
	flags_scope(export, &own->visibility);
	fputc('\n', export->out);
	if (policy->rule_names == NULL)
		return;
	for (size_t i = 0; i < own->rules.count; i++)
		write_rule(export, policy, i);
}

static void
write_policy(struct export *export, const struct export_policy *policy)
{
	const struct model_policy *const own = policy->policy;
	const struct model_list targets = export_policy_targets(export, own);

	fputc('\n', export->out);
	export_tell_policy(export, policy);
	fprintf(export->out, "gcloud dns policies create %s", policy->name);
	flag_project(export);
	flag_text(export, "--description",
	    export_description(&own->description));
	flags_scope(export, &own->visibility);
	flag_targets(export, "--alternative-name-servers", &targets,
	    TARGETS_DEFAULT_PATH);
	flag_targets(export, "--private-alternative-name-servers", &targets,
	    TARGETS_PRIVATE_PATH);
	if (own->inbound)
		flag(export, "--enable-inbound-forwarding");
	if (own->logging)
		flag(export, "--enable-logging");
	if (own->dns64)
		flag(export, "--enable-dns64-all-queries");
	fputc('\n', export->out);
}

/* The script. */

static void
write_variable(struct export *export, const struct export_variable *variable)
{
	static const char *const wanted[] = {
	    [EXPORT_NETWORK] = "NAME",
	    [EXPORT_CLUSTER] = "projects/P/locations/L/clusters/C",
	    [EXPORT_BALANCER] = "NAME@REGION or NAME@global",
	};
	FILE *const out = export->out;

	if (variable->value != NULL) {
		put_variable(variable, out);
		fputc('=', out);
		export_shell_word(variable->value, out);
		fputc('\n', out);
		return;
	}
	export_tell_note(export,
	    variable->kind == EXPORT_CLUSTER
		? "the cluster %s, with where it is"
		: "the forwarding rule of the load balancer at %s",
	    variable->key);
	put_variable(variable, out);
	fputs("=\"${", out);
	put_variable(variable, out);
	fprintf(out, ":?must be set to %s}\"\n", wanted[variable->kind]);
}

static void
write_head(struct export *export)
{
	FILE *const out = export->out;

	fputs("#!/bin/sh\n"
	      "# Made by resolverctl export.  Creates in Cloud DNS what "
	      "resolverd holds;\n"
	      "# stops at the first command that fails.\n"
	      "# shellcheck disable=SC2016 # what looks like a variable is "
	      "data\n"
	      "set -eu\n\n",
	    out);
	if (export->options.project != NULL) {
		fputs("PROJECT=", out);
		export_shell_word(export->options.project, out);
		fputc('\n', out);
	} else {
		fputs("PROJECT=\"${PROJECT:?must be set to the project that "
		      "gets all this}\"\n",
		    out);
	}
	for (const struct export_variable *variable = export->variables;
	     variable != NULL; variable = variable->next)
		write_variable(export, variable);
}

void
export_gcloud_write(struct export *export, FILE *out)
{
	const struct export_zone *const zones = export->zones.items;
	const struct export_response_policy *const responses =
	    export->response_policies.items;
	const struct export_policy *const policies = export->policies.items;

	export->out = out;
	export->comment = "# ";
	write_head(export);
	export_tell_rest(export);
	for (size_t i = 0; i < export->zones.count; i++)
		write_zone(export, &zones[i]);
	for (size_t i = 0; i < export->response_policies.count; i++)
		write_response_policy(export, &responses[i]);
	for (size_t i = 0; i < export->policies.count; i++)
		write_policy(export, &policies[i]);
}
