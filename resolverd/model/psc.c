#include "model/psc.h"

#include <stdio.h>

#include "dns/message.h"
#include "dns/name.h"
#include "model/reference.h"
#include "model/sets.h"

enum {
	IN4_SIZE = 4,
	PSC_TTL = 300, /* not published either */
};

/*
 * Google makes names "for some commonly used APIs" and does not say which;
 * storage, compute and bigtable stand in its documentation.  Each has a
 * default name of SERVICE.googleapis.com.
 */
static const char *const services[] = {"aiplatform", "artifactregistry",
    "bigquery", "bigquerystorage", "bigtable", "bigtableadmin",
    "cloudfunctions", "cloudkms", "cloudresourcemanager", "compute",
    "container", "dataflow", "datastore", "dns", "firestore", "iam",
    "iamcredentials", "logging", "monitoring", "oauth2", "pubsub",
    "secretmanager", "servicemanagement", "servicenetworking", "serviceusage",
    "spanner", "sqladmin", "storage", "sts"};

enum { SERVICES = sizeof(services) / sizeof(services[0]) };

static bool
is_in(const struct model *model, const struct model_psc_endpoint *endpoint,
    const struct model_network *network)
{
	if (endpoint->name.text == NULL || endpoint->address.addr.len == 0)
		return false;
	if (endpoint->network.mark.file == NULL)
		return network == reference_default(model);
	return reference_fits(&endpoint->network, network);
}

/* Room for the sets of every endpoint of a network. */
static size_t
bound(const struct model *model, const struct model_network *network)
{
	const struct model_psc_endpoint *endpoints = model->psc_endpoints.items;
	size_t sets = 0;

	for (size_t i = 0; i < model->psc_endpoints.count; i++) {
		if (is_in(model, &endpoints[i], network))
			sets += SERVICES + endpoints[i].services.count;
	}
	return sets;
}

/* Adds the name that a service has at an endpoint; a bad one is left out. */
static void
add(struct model_zone *zone, const struct model_psc_endpoint *endpoint,
    const char *service, const struct rdata *address)
{
	struct model_record_set *sets = zone->record_sets.items;
	struct model_record_set *set = &sets[zone->record_sets.count];
	char text[NAME_SIZE];
	const int len = snprintf(text, sizeof(text), "%s-%s.p.googleapis.com",
	    service, endpoint->name.text);

	if (len < 0 || (size_t)len >= sizeof(text) ||
	    name_from_text(&set->name, text) != NAME_OK)
		return;
	name_fold(&set->name);
	set->mark = endpoint->mark;
	set->type = TYPE_A;
	set->ttl = PSC_TTL;
	set->rdata = address;
	set->rdata_count = 1;
	zone->record_sets.count++;
}

static bool
add_endpoint(struct model_zone *zone, const struct model_psc_endpoint *endpoint,
    struct arena *arena)
{
	const struct model_text *own = endpoint->services.items;
	struct rdata *address = arena_calloc(arena, 1, sizeof(*address));

	if (address == NULL)
		return false;
	address->bytes =
	    (const uint8_t *)&endpoint->address.addr.u.in4.sin_addr;
	address->len = IN4_SIZE;
	for (size_t i = 0; i < SERVICES; i++)
		add(zone, endpoint, services[i], address);
	for (size_t i = 0; i < endpoint->services.count; i++)
		add(zone, endpoint, own[i].text, address);
	return true;
}

bool
psc_zones(const struct model *model, const struct model_network *network,
    struct arena *arena, struct model_list *zones)
{
	const struct model_psc_endpoint *endpoints = model->psc_endpoints.items;
	const size_t room = bound(model, network);
	struct model_zone *zone;

	*zones = (struct model_list){.count = 0};
	if (room == 0)
		return true;
	zone = arena_calloc(arena, 1, sizeof(*zone));
	if (zone == NULL)
		return false;
	zone->name.text = "p-googleapis-com";
	name_from_text(&zone->dns_name.name, "p.googleapis.com");
	zone->record_sets.items =
	    arena_calloc(arena, room, sizeof(struct model_record_set));
	for (size_t i = 0;
	     zone->record_sets.items != NULL && i < model->psc_endpoints.count;
	     i++) {
		if (is_in(model, &endpoints[i], network))
			add_endpoint(zone, &endpoints[i], arena);
	}
	zones->items = zone;
	zones->count = 1;
	return !arena->full && sets_join(&zone->record_sets, arena);
}
