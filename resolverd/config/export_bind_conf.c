#include "config/export_bind_conf.h"

#include <string.h>

#include "config/export_bind.h"
#include "config/export_tell.h"
#include "config/export_text.h"
#include "model/reference.h"

/* Within a view, or outside any, and for which network. */
struct place {
	struct export *export;
	const struct model_network *network; /* NULL: whatever it is */
	const char *indent;
};

static bool
holds(const struct place *place, const struct model_visibility *visibility)
{
	return place->network == NULL ||
	    reference_holds_in_network(visibility, place->network);
}

/* Zones. */

static void
put_forwarders(const struct place *place, const struct model_list *list)
{
	struct export *const export = place->export;
	const struct model_target *const targets = list->items;

	fputs("forwarders {", export->out);
	for (size_t i = 0; i < list->count; i++) {
		if (targets[i].addr.len == 0)
			continue;
		fprintf(export->out, " %s port %u;",
		    export_text_host(&export->arena, &targets[i].addr),
		    addr_port(&targets[i].addr));
	}
	fputs(" };", export->out);
}

/* BIND takes no name where it wants a forwarder's address. */
static void
tell_targets(const struct place *place, const struct model_list *list)
{
	struct export *const export = place->export;
	const struct model_target *const targets = list->items;

	for (size_t i = 0; i < list->count; i++) {
		if (targets[i].addr.len == 0) {
			fputs(place->indent, export->out);
			export_tell_lost(export, targets[i].mark,
			    "the name server %s is left out: BIND forwards "
			    "only to addresses",
			    export_text_target(&export->arena, &targets[i]));
		}
	}
}

/* Cloud DNS takes owners that are no host names, and so shall BIND. */
static void
put_primary(const struct place *place, const char *name, const char *file)
{
	fprintf(place->export->out,
	    "%szone \"%s\" { type primary; file \"%s\"; "
	    "check-names ignore; };\n",
	    place->indent, name, file);
}

/* The name in quotes: without its final dot, as BIND writes it. */
static const char *
zone_text(const struct place *place, const struct model_zone *zone)
{
	struct arena *const arena = &place->export->arena;
	const char *const text = export_text_name(arena, &zone->dns_name.name);
	const size_t len = strlen(text);
	const char *const cut =
	    len > 1 ? arena_printf(arena, "%.*s", (int)len - 1, text) : text;

	return cut == NULL ? "" : cut;
}

static void
put_zone(const struct place *place, const struct export_zone *zone)
{
	struct export *const export = place->export;
	const struct model_zone *const own = zone->zone;
	const char *const name = zone_text(place, own);

	switch (own->kind) {
	case MODEL_ZONE_PRIVATE:
		put_primary(place, name, export_bind_zone_file(export, zone));
		break;
	case MODEL_ZONE_FORWARDING:
		tell_targets(place, &own->targets);
		fprintf(export->out,
		    "%szone \"%s\" { type forward; "
		    "forward only; ",
		    place->indent, name);
		put_forwarders(place, &own->targets);
		fputs(" };\n", export->out);
		break;
	case MODEL_ZONE_PEERING:
		fputs(place->indent, export->out);
		export_tell_lost(export, own->mark,
		    "the zone %s is left out: BIND has no peering", name);
		break;
	case MODEL_ZONE_REVERSE:
		fputs(place->indent, export->out);
		export_tell_lost(export, own->mark,
		    "the zone %s is left out: BIND knows no VMs", name);
		break;
	}
}

static void
put_zones(const struct place *place)
{
	const struct export_zone *const zones = place->export->zones.items;

	for (size_t i = 0; i < place->export->zones.count; i++) {
		if (holds(place, &zones[i].zone->visibility))
			put_zone(place, &zones[i]);
	}
}

/* Policies. */

static void
put_response_policy(const struct place *place)
{
	struct export *const export = place->export;
	const struct export_response_policy *const policies =
	    export->response_policies.items;

	for (size_t i = 0; i < export->response_policies.count; i++) {
		const char *name;

		if (!holds(place, &policies[i].policy->visibility))
			continue;
		name = arena_printf(&export->arena, "%s.rpz", policies[i].name);
		if (name == NULL)
			return;
		fprintf(export->out,
		    "%sresponse-policy { zone \"%s\"; } qname-wait-recurse "
		    "no;\n",
		    place->indent, name);
		put_primary(place, name,
		    export_bind_policy_file(export, &policies[i]));
	}
}

static const struct model_policy *
policy_of(const struct place *place)
{
	const struct export_policy *const policies =
	    place->export->policies.items;

	for (size_t i = 0; i < place->export->policies.count; i++) {
		if (holds(place, &policies[i].policy->visibility))
			return policies[i].policy;
	}
	return NULL;
}

/* Whether alternative name servers take every query (section 1.3). */
static bool
put_policy(const struct place *place, const struct model_policy *policy)
{
	FILE *const out = place->export->out;

	if (policy == NULL)
		return false;
	if (policy->dns64)
		fprintf(out, "%sdns64 64:ff9b::/96 { };\n", place->indent);
	if (policy->logging) {
		fputs(place->indent, out);
		export_tell_lost(place->export, policy->mark,
		    "the logging of policy %s is left out: BIND has it for all "
		    "views or none",
		    policy->name.text);
	}
	if (policy->targets.count == 0)
		return false;
	tell_targets(place, &policy->targets);
	fprintf(out, "%sforward only; ", place->indent);
	put_forwarders(place, &policy->targets);
	fputc('\n', out);
	return true;
}

/* Views. */

static void
put_clients(const struct place *place)
{
	const struct model_network *const network = place->network;
	const struct model_list *const list = &network->clients;
	const struct model_prefix *const clients = list->items;
	/* Whom nothing brings there comes from nowhere, but to the default. */
	const bool open = network->listen.count > 0 ||
	    network == reference_default(place->export->model);
	char text[PREFIX_TEXT];

	fprintf(place->export->out, "%smatch-clients {", place->indent);
	for (size_t i = 0; i < list->count; i++) {
		fprintf(place->export->out, " %s;",
		    prefix_format(&clients[i].prefix, text));
	}
	if (list->count == 0)
		fputs(open ? " any;" : " none;", place->export->out);
	fputs(" };\n", place->export->out);
}

static void
put_destinations(const struct place *place)
{
	struct export *const export = place->export;
	const struct model_list *const list = &place->network->listen;
	const struct model_addr *const addrs = list->items;

	if (list->count == 0)
		return;
	fprintf(export->out, "%smatch-destinations {", place->indent);
	for (size_t i = 0; i < list->count; i++) {
		fprintf(export->out, " %s;",
		    export_text_host(&export->arena, &addrs[i].addr));
	}
	fputs(" };\n", export->out);
}

static void
put_view(struct export *export, const struct model_network *network)
{
	const struct place place = {export, network, "\t"};

	fprintf(export->out, "\nview \"%s\" {\n",
	    export_text_identifier(&export->arena, network->name.text));
	put_clients(&place);
	put_destinations(&place);
	fputs("\trecursion yes;\n", export->out);
	if (!put_policy(&place, policy_of(&place))) {
		put_response_policy(&place);
		put_zones(&place);
	}
	fputs("};\n", export->out);
}

/* The default network takes whoever is in no other, so it comes last. */
static void
put_views(struct export *export)
{
	const struct model *const model = export->model;
	const struct model_network *const last = reference_default(model);
	const size_t count = reference_network_count(model);

	for (size_t i = 0; i < count; i++) {
		if (reference_network_at(model, i) != last)
			put_view(export, reference_network_at(model, i));
	}
	put_view(export, last);
}

static void
tell_clusters(struct export *export)
{
	const struct model_cluster *const clusters =
	    export->model->gke_clusters.items;

	for (size_t i = 0; i < export->model->gke_clusters.count; i++) {
		export_tell_lost(export, clusters[i].mark,
		    "the scope of cluster %s is left out: its clients are "
		    "served as their network is",
		    clusters[i].name.text);
	}
}

void
export_bind_conf_write(struct export *export, FILE *out)
{
	const bool views = reference_network_count(export->model) > 1 ||
	    export->policies.count > 0 || export->response_policies.count > 0;

	export->out = out;
	export->comment = "// ";
	export_tell_note(export,
	    "Made by resolverctl export, to be included in named.conf.");
	export_tell_rest(export);
	tell_clusters(export);
	if (views && export->options.zone == NULL) {
		put_views(export);
	} else {
		put_zones(&(struct place){export, NULL, ""});
	}
}
