#include "model/check_reach.h"

#include <string.h>

#include "base/addr.h"
#include "model/reference.h"

/* In no network at all, claim 23. */

static bool
is_nowhere(const struct model_visibility *visibility)
{
	return visibility->given && visibility->networks.count == 0 &&
	    visibility->clusters.count == 0;
}

static void
warn_of_nowhere(const char *what, const struct model_text *name,
    struct mark mark, struct diag *diag)
{
	diag_warning(diag, mark,
	    "%s \"%s\" is authorised for no network: it is as if it were not "
	    "there",
	    what, name->text == NULL ? "?" : name->text);
	diag_note(diag, mark,
	    "name a network, or leave the list out for the network default");
}

static void
check_nowhere(const struct sense *sense, struct diag *diag)
{
	const struct model *model = sense->model;
	const struct model_zone *zones = model->zones.items;
	const struct model_response_policy *rules =
	    model->response_policies.items;
	const struct model_policy *policies = model->policies.items;

	for (size_t i = 0; i < model->zones.count; i++) {
		if (is_nowhere(&zones[i].visibility)) {
			warn_of_nowhere("zone", &zones[i].name, zones[i].mark,
			    diag);
		}
	}
	for (size_t i = 0; i < model->response_policies.count; i++) {
		if (is_nowhere(&rules[i].visibility)) {
			warn_of_nowhere("response policy", &rules[i].name,
			    rules[i].mark, diag);
		}
	}
	for (size_t i = 0; i < model->policies.count; i++) {
		if (is_nowhere(&policies[i].visibility)) {
			warn_of_nowhere("policy", &policies[i].name,
			    policies[i].mark, diag);
		}
	}
}

/* Behind alternative name servers, section 1.3. */

static const struct model_zone *
first_own_zone(const struct sense *sense, const struct sense_scope *scope)
{
	for (size_t i = 0; i < sense->model->zones.count; i++) {
		if (sense_holds(scope, sense->own[i].zone))
			return sense->own[i].zone;
	}
	return NULL;
}

static void
check_servers(const struct sense *sense, const struct sense_scope *scope,
    struct diag *diag)
{
	const struct model_target *targets = scope->servers->targets.items;
	const struct model_zone *zone = first_own_zone(sense, scope);
	char text[SENSE_SCOPE_TEXT];

	if (zone == NULL && scope->policy == NULL && scope->internal.count == 0)
		return;
	diag_warning(diag, targets[0].mark,
	    "%s asks these servers for every name: neither zones nor a "
	    "response policy nor internal names are ever consulted in it",
	    sense_scope_text(scope, text));
	if (zone != NULL) {
		diag_note(diag, zone->mark,
		    "zone \"%s\" is authorised for it%s", sense_zone_name(zone),
		    scope->own_zones > 1 ? ", and others are" : "");
	}
	if (scope->policy != NULL) {
		diag_note(diag, scope->policy->mark,
		    "its response policy is here");
	}
	diag_note(diag, targets[0].mark,
	    "forward single domains with a zone that has forwarding_config");
}

/* Networks that nobody is in. */

static bool
is_peered(const struct sense *sense, const struct model_network *network)
{
	const struct model_zone *zones = sense->model->zones.items;

	for (size_t i = 0; i < sense->model->zones.count; i++) {
		if (zones[i].kind == MODEL_ZONE_PEERING &&
		    reference_fits(&zones[i].peer, network))
			return true;
	}
	return false;
}

static bool
has_cluster(const struct sense *sense, const struct model_network *network)
{
	for (size_t i = sense->networks; i < sense->count; i++) {
		if (sense->items[i].network == network)
			return true;
	}
	return false;
}

static void
check_network(const struct sense *sense, const struct model_network *network,
    struct diag *diag)
{
	if (network->clients.count + network->listen.count +
		network->inbound_entry_points.count >
	    0)
		return;
	if (network->name.text == NULL ||
	    network == reference_default(sense->model) ||
	    is_peered(sense, network) || has_cluster(sense, network))
		return;
	diag_warning(diag, network->mark, "nobody is in network \"%s\"",
	    network->name.text);
	diag_note(diag, network->mark,
	    "give it clients, the prefixes its queries come from, or listen, "
	    "an address that they are sent to");
}

/* Clients elsewhere of an address that only this host can ask. */

static bool
all_loopback(const struct model_list *listen)
{
	const struct model_addr *items = listen->items;

	for (size_t i = 0; i < listen->count; i++) {
		if (!addr_is_loopback(&items[i].addr))
			return false;
	}
	return listen->count > 0;
}

/* Whether two prefixes have an address in common. */
static bool
overlap(const struct prefix *a, const struct prefix *b)
{
	const uint8_t bits = a->bits < b->bits ? a->bits : b->bits;
	const size_t octets = bits / 8;
	const uint8_t rest = (uint8_t)(0xff00 >> bits % 8);

	return memcmp(a->bytes, b->bytes, octets) == 0 &&
	    (bits % 8 == 0 ||
		((a->bytes[octets] ^ b->bytes[octets]) & rest) == 0);
}

static bool
has_loopback(const struct model_list *clients)
{
	static const char *const loopback[] = {"127.0.0.0/8", "::1/128"};
	const struct model_prefix *items = clients->items;
	struct prefix prefix;

	for (size_t i = 0; i < clients->count; i++) {
		for (size_t k = 0; k < 2; k++) {
			if (prefix_parse(loopback[k], &prefix) &&
			    overlap(&items[i].prefix, &prefix))
				return true;
		}
	}
	return false;
}

static void
check_loopback(const char *what, const struct model_text *name,
    const struct model_list *clients, const struct model_list *listen,
    struct diag *diag)
{
	const struct model_addr *asked = listen->items;
	char text[ADDR_TEXT];

	if (name->text == NULL || clients->count == 0 ||
	    !all_loopback(listen) || has_loopback(clients))
		return;
	addr_format_host(&asked->addr, text);
	diag_warning(diag, asked->mark,
	    "no client of %s \"%s\" can ask %s: only this host can, and it is "
	    "not among its clients",
	    what, name->text, text);
	diag_note(diag, asked->mark,
	    "leave out clients, and whoever asks %s is in it; or add "
	    "loopback addresses to them",
	    text);
}

static void
check_loopbacks(const struct sense *sense, struct diag *diag)
{
	const struct model_network *networks = sense->model->networks.items;
	const struct model_cluster *clusters = sense->model->gke_clusters.items;

	for (size_t i = 0; i < sense->model->networks.count; i++) {
		check_loopback("network", &networks[i].name,
		    &networks[i].clients, &networks[i].listen, diag);
	}
	for (size_t i = 0; i < sense->model->gke_clusters.count; i++) {
		check_loopback("GKE cluster", &clusters[i].name,
		    &clusters[i].clients, &clusters[i].listen, diag);
	}
}

/* Geographic policies without a place, section 6.4. */

static bool
is_geographic(const struct model_record_set *set)
{
	const struct model_routing *routing = set->routing;

	return routing != NULL && routing->kind != ROUTING_WRR &&
	    routing->items.count > 1;
}

/* The first set with such a policy in a zone, or NULL. */
static const struct model_record_set *
geographic_set(const struct model_zone *zone)
{
	const struct model_record_set *sets = zone->record_sets.items;

	for (size_t i = 0; i < zone->record_sets.count; i++) {
		if (is_geographic(&sets[i]))
			return &sets[i];
	}
	return NULL;
}

static void
check_region(const struct sense_scope *scope,
    const struct model_record_set *set, struct diag *diag)
{
	const struct mark network = scope->network->mark;
	char text[SENSE_SET_TEXT];
	char where[SENSE_SCOPE_TEXT];

	diag_warning(diag, network.file != NULL ? network : set->mark,
	    "%s has no region, so that no location is the nearest for %s",
	    sense_scope_text(scope, where), sense_set_text(set, text));
	if (network.file != NULL) {
		diag_note(diag, set->mark, "the routing policy is here");
	} else {
		diag_note(diag, set->mark,
		    "declare a network of that name with a region");
	}
}

static void
check_regions(const struct sense *sense, struct diag *diag)
{
	const size_t count = sense->model->zones.count;
	const struct model_record_set **sets =
	    arena_calloc(sense->arena, count, sizeof(const void *));

	if (sets == NULL)
		return;
	for (size_t i = 0; i < count; i++)
		sets[i] = geographic_set(sense->own[i].zone);
	for (size_t i = 0; i < sense->networks; i++) {
		const struct sense_scope *scope = &sense->items[i];
		size_t at = 0;

		if (scope->servers != NULL ||
		    scope->network->region.text != NULL)
			continue;
		while (at < count &&
		    (sets[at] == NULL ||
			!sense_holds(scope, sense->own[at].zone)))
			at++;
		if (at < count)
			check_region(scope, sets[at], diag);
	}
}

void
check_reach_all(const struct sense *sense, struct diag *diag)
{
	check_nowhere(sense, diag);
	for (size_t i = 0; i < sense->networks; i++) {
		const struct sense_scope *scope = &sense->items[i];

		if (scope->servers != NULL)
			check_servers(sense, scope, diag);
		check_network(sense, scope->network, diag);
	}
	check_loopbacks(sense, diag);
	check_regions(sense, diag);
}
