#include "model/check_peer.h"

#include "model/reference.h"

enum { HAND_OVERS = 2 }; /* one transitive hop: three networks */

/* Where a peering zone hands its names, or NULL. */
static const struct sense_scope *
producer_of(const struct sense *sense, const struct model_zone *zone)
{
	const struct model_network *network =
	    reference_network(sense->model, &zone->peer);

	return network == NULL ? NULL : sense_scope_of(sense, network);
}

/* The peering zone that a name comes to in a network, or NULL. */
static const struct sense_zone *
peering_at(const struct sense_scope *scope, const uint8_t *name)
{
	const struct sense_zone *found;

	if (scope == NULL || scope->servers != NULL)
		return NULL;
	found = sense_find(scope, name);
	return found != NULL && found->zone->kind == MODEL_ZONE_PEERING ? found
									: NULL;
}

/* The zone whose hand-over is one too many, or NULL. */
static const struct sense_zone *
one_too_many(const struct sense *sense, const struct sense_zone *zone)
{
	const uint8_t *name = zone->zone->dns_name.name.wire;

	for (unsigned i = 0; i < HAND_OVERS && zone != NULL; i++)
		zone = peering_at(producer_of(sense, zone->zone), name);
	return zone;
}

static bool
check_chain(const struct sense *sense, const struct sense_zone *zone,
    struct diag *diag)
{
	const struct sense_zone *last = one_too_many(sense, zone);
	const struct sense_zone *next = zone;
	const uint8_t *name = zone->zone->dns_name.name.wire;
	char text[NAME_TEXT];

	if (last == NULL)
		return true;
	diag_warning(diag, zone->zone->dns_name.mark,
	    "zone \"%s\" hands %s over more than %d peering zones: such a "
	    "query gets SERVFAIL",
	    sense_zone_name(zone->zone), name_to_text(name, text), HAND_OVERS);
	diag_note(diag, last->zone->dns_name.mark,
	    "the one too many is here: let zone \"%s\" name the network that "
	    "has the records",
	    sense_zone_name(zone->zone));
	/* One warning a chain: a ring would be told from each end. */
	for (unsigned i = 0; i < HAND_OVERS; i++) {
		sense_once(next, SENSE_SAID_PEER);
		next = peering_at(producer_of(sense, next->zone), name);
	}
	return false;
}

static bool
has_internal(const struct sense_scope *scope, const uint8_t *name)
{
	const struct sense_zone *internal = scope->internal.items;

	for (size_t i = 0; i < scope->internal.count; i++) {
		const uint8_t *apex = internal[i].zone->dns_name.name.wire;

		if (name_under(apex, name) || name_under(name, apex))
			return true;
	}
	return false;
}

/* Whether a network has anything to say to names at or below one. */
static bool
knows(const struct sense_scope *scope, const uint8_t *name)
{
	return scope->servers != NULL || scope->policy != NULL ||
	    sense_find(scope, name) != NULL ||
	    tree_find_below(&scope->zones, name) != NULL ||
	    has_internal(scope, name);
}

static void
check_producer(const struct sense *sense, const struct sense_zone *zone,
    struct diag *diag)
{
	const struct sense_scope *producer = producer_of(sense, zone->zone);
	const uint8_t *name = zone->zone->dns_name.name.wire;
	char text[NAME_TEXT];
	char where[SENSE_SCOPE_TEXT];

	if (producer == NULL || knows(producer, name))
		return;
	diag_warning(diag, zone->zone->dns_name.mark,
	    "zone \"%s\" hands %s to %s, where no zone has it: its names are "
	    "looked up in public",
	    sense_zone_name(zone->zone), name_to_text(name, text),
	    sense_scope_text(producer, where));
	if (producer->network->mark.file != NULL) {
		diag_note(diag, producer->network->mark,
		    "authorise a zone for this network");
	}
}

static void
check_targets(const struct sense *sense, const struct sense_zone *zone,
    struct diag *diag)
{
	const struct model_target *targets = zone->zone->targets.items;
	const struct sense_scope *home = sense_home(sense, zone);

	for (size_t i = 0; home != NULL && i < zone->zone->targets.count; i++) {
		const struct model_name *name = &targets[i].domain_name;
		char text[NAME_TEXT];

		if (name->mark.file == NULL ||
		    sense_find(home, name->name.wire) != zone)
			continue;
		diag_warning(diag, name->mark,
		    "zone \"%s\" forwards to %s, which is in the zone itself: "
		    "its address cannot be found",
		    sense_zone_name(zone->zone),
		    name_to_text(name->name.wire, text));
		diag_note(diag, name->mark,
		    "give its address, or a name of another zone");
	}
}

static void
check_peering(const struct sense *sense, const struct sense_zone *zone,
    struct diag *diag)
{
	if (sense_home(sense, zone) == NULL ||
	    (zone->memo->said & SENSE_SAID_PEER) != 0)
		return;
	if (check_chain(sense, zone, diag))
		check_producer(sense, zone, diag);
}

void
check_peer_zones(const struct sense *sense, struct diag *diag)
{
	for (size_t i = 0; i < sense->model->zones.count; i++) {
		const struct sense_zone *zone = &sense->own[i];

		if (zone->zone->dns_name.mark.file == NULL)
			continue;
		switch (zone->zone->kind) {
		case MODEL_ZONE_PEERING:
			check_peering(sense, zone, diag);
			break;
		case MODEL_ZONE_FORWARDING:
			check_targets(sense, zone, diag);
			break;
		case MODEL_ZONE_PRIVATE:
		case MODEL_ZONE_REVERSE:
			break;
		}
	}
}
