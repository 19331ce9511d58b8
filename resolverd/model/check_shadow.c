#include "model/check_shadow.h"

#include "dns/message.h"

/*
 * Domains whose names belong to many people, so that a private zone with a
 * few of them takes all others away (the fact sheet's sections 0 and 7.2).
 */
static const struct domain {
	const char *name;
	const char *what; /* stands below it */
	unsigned below;	  /* zones of so many labels more are shared too */
	bool host;	  /* is asked for itself */
} domains[] = {
    {"run.app", "Cloud Run URL", 1, false},
    {"googleapis.com", "Google API", 0, false},
    {"cloudfunctions.net", "Cloud Functions URL", 0, false},
    {"appspot.com", "App Engine URL", 0, false},
    {"gcr.io", "Container Registry host", 0, true},
    {"pkg.dev", "Artifact Registry host", 0, true},
    {"gstatic.com", "host of Google's static content", 0, true},
    {"pki.goog", "host of Google's certificate authority", 0, true},
    {"gke.goog", "GKE control plane", 0, false},
    {"googleusercontent.com", "Google user content host", 0, false},
    {"google.com", "Google host", 0, false},
    {"cloud.google.com", "Google Cloud host", 0, false},
    {"com", "public name below it", 0, false},
    {"net", "public name below it", 0, false},
    {"org", "public name below it", 0, false},
    {"io", "public name below it", 0, false},
    {"app", "public name below it", 0, false},
    {"dev", "public name below it", 0, false},
    {"goog", "public name below it", 0, false},
};

enum { DOMAINS = sizeof(domains) / sizeof(domains[0]) };

/* A zone for one of the domains, and what a message about it names. */
struct shadow {
	const struct domain *domain;
	const struct model_zone *zone;
	const struct tree *records;
	const struct sense_scope *home;
	struct name star; /* the wildcard at its apex */
};

/* Whether the zone has names below the apex, and all of them are one. */
static const struct model_record_set *
only_host(const struct model_zone *zone)
{
	const struct model_record_set *sets = zone->record_sets.items;
	const struct model_record_set *only = NULL;

	for (size_t i = 0; i < zone->record_sets.count; i++) {
		if (name_equal(sets[i].name.wire, zone->dns_name.name.wire))
			continue;
		if (only != NULL &&
		    !name_equal(only->name.wire, sets[i].name.wire))
			return NULL;
		only = &sets[i];
	}
	return only;
}

static void
warn_of_shadow(const struct shadow *shadow, struct diag *diag)
{
	const struct model_zone *zone = shadow->zone;
	const struct model_record_set *only = only_host(zone);
	char apex[NAME_TEXT];
	char host[NAME_TEXT];
	char scope[SENSE_SCOPE_TEXT];

	name_to_text(zone->dns_name.name.wire, apex);
	diag_warning(diag, zone->dns_name.mark,
	    "zone \"%s\" takes %s away: every %s%s in %s gets NXDOMAIN",
	    sense_zone_name(zone), apex,
	    zone->record_sets.count == 0 ? "" : "other ", shadow->domain->what,
	    sense_scope_text(shadow->home, scope));
	if (only != NULL && name_is_wildcard(only->name.wire)) {
		diag_note(diag, zone->dns_name.mark,
		    "add a record for \"*.%s\", or name the zone after its one "
		    "domain, %s",
		    apex, name_to_text(name_strip(only->name.wire, 1), host));
	} else if (only != NULL) {
		diag_note(diag, zone->dns_name.mark,
		    "add a record for \"*.%s\", or name the zone after its one "
		    "host, %s",
		    apex, name_to_text(only->name.wire, host));
	} else {
		diag_note(diag, zone->dns_name.mark,
		    "add a record for \"*.%s\", or make a zone of each host",
		    apex);
	}
}

/* The name right below the apex on the way to owner, or NULL. */
static const uint8_t *
branch(const struct model_zone *zone, const struct name *owner)
{
	const unsigned depth =
	    (unsigned)owner->labels - zone->dns_name.name.labels;

	return depth < 2 ? NULL : name_strip(owner->wire, depth - 1);
}

/* Whether a set takes names below a branch from the apex's wildcard. */
static bool
cuts(const struct shadow *shadow, const struct model_record_set *set)
{
	const uint8_t *at = branch(shadow->zone, &set->name);
	struct name star;

	return at != NULL && sense_wildcard(at, &star) &&
	    tree_find(shadow->records, star.wire) == NULL;
}

/* RFC 4592 section 2.2.2: an empty non-terminal stops a wildcard too. */
static void
warn_of_cut(const struct shadow *shadow, struct diag *diag)
{
	const struct model_zone *zone = shadow->zone;
	const struct model_record_set *set = zone->record_sets.items;
	const struct model_record_set *end = set + zone->record_sets.count;
	char text[SENSE_SET_TEXT];
	char at[NAME_TEXT];
	char scope[SENSE_SCOPE_TEXT];

	while (set < end && !cuts(shadow, set))
		set++;
	if (set == end)
		return;
	name_to_text(branch(zone, &set->name), at);
	diag_warning(diag, set->mark,
	    "%s: it ends the wildcard of zone \"%s\" at %s, below which every "
	    "other %s in %s is without an address",
	    sense_set_text(set, text), sense_zone_name(zone), at,
	    shadow->domain->what, sense_scope_text(shadow->home, scope));
	diag_note(diag, set->mark,
	    "add a record for \"*.%s\", or move this one to a zone named "
	    "after it",
	    at);
}

static bool
has_address(const struct tree *records, const uint8_t *name)
{
	return sense_has_type(records, name, TYPE_A) ||
	    sense_has_type(records, name, TYPE_AAAA);
}

static void
warn_of_apex(const struct shadow *shadow, struct diag *diag)
{
	const struct model_zone *zone = shadow->zone;
	char apex[NAME_TEXT];

	/* check_alias warns of an alias of the apex. */
	if (!shadow->domain->host ||
	    has_address(shadow->records, zone->dns_name.name.wire) ||
	    sense_has_type(shadow->records, shadow->star.wire, TYPE_CNAME))
		return;
	name_to_text(zone->dns_name.name.wire, apex);
	diag_warning(diag, zone->dns_name.mark,
	    "zone \"%s\" has no address for %s itself, which clients ask for "
	    "as well: a wildcard does not match the name above it",
	    sense_zone_name(zone), apex);
}

static const struct domain *
domain_of(const struct tree *known, const struct name *apex)
{
	const struct tree_node *node = tree_find_above(known, apex->wire);
	const struct domain *domain;
	struct name name;

	if (node == NULL)
		return NULL;
	domain = node->value;
	name_from_text(&name, domain->name);
	return apex->labels <= name.labels + domain->below ? domain : NULL;
}

static void
check_zone_of(const struct sense *sense, const struct sense_zone *zone,
    const struct domain *domain, struct diag *diag)
{
	struct shadow shadow = {
	    .domain = domain,
	    .zone = zone->zone,
	    .records = sense_records(sense, zone),
	    .home = sense_home(sense, zone),
	};

	if (shadow.home == NULL ||
	    !sense_wildcard(zone->zone->dns_name.name.wire, &shadow.star))
		return;
	if (tree_find(shadow.records, shadow.star.wire) == NULL) {
		warn_of_shadow(&shadow, diag);
		return;
	}
	warn_of_cut(&shadow, diag);
	warn_of_apex(&shadow, diag);
}

/* Section 1.4: the zones that Cloud DNS has for RFC 1918. */
static const struct reverse {
	const char *name;
	const char *addresses;
	const char *zones;
} reverses[] = {
    {"172.in-addr.arpa", "172.16.0.0/12",
	"16.172.in-addr.arpa. to 31.172.in-addr.arpa."},
    {"192.in-addr.arpa", "192.168.0.0/16", "168.192.in-addr.arpa."},
    {"in-addr.arpa", "RFC 1918 addresses", "10.in-addr.arpa. and the like"},
    {"arpa", "RFC 1918 addresses", "10.in-addr.arpa. and the like"},
};

enum { REVERSES = sizeof(reverses) / sizeof(reverses[0]) };

static void
check_reverse(const struct model_zone *zone, const struct name *name,
    const struct reverse *reverse, struct diag *diag)
{
	if (!name_equal(name->wire, zone->dns_name.name.wire))
		return;
	diag_warning(diag, zone->dns_name.mark,
	    "zone \"%s\" is shorter than the reverse zones that Cloud DNS has "
	    "itself: PTR queries for %s never come to it there",
	    sense_zone_name(zone), reverse->addresses);
	diag_note(diag, zone->dns_name.mark, "make zones as long as those: %s",
	    reverse->zones);
}

static void
check_reverses(const struct sense *sense, struct diag *diag)
{
	const struct model_zone *zones = sense->model->zones.items;

	if (sense->model->options.internal_dns_order == INTERNAL_LAST)
		return;
	for (size_t i = 0; i < REVERSES; i++) {
		struct name name;

		name_from_text(&name, reverses[i].name);
		for (size_t j = 0; j < sense->model->zones.count; j++)
			check_reverse(&zones[j], &name, &reverses[i], diag);
	}
}

static bool
collect_domains(struct tree *known, struct arena *arena)
{
	if (!tree_init(known, DOMAINS, arena))
		return false;
	for (size_t i = 0; i < DOMAINS; i++) {
		struct name name;

		name_from_text(&name, domains[i].name);
		if (!tree_add(known, name.wire, &domains[i], arena))
			return false;
	}
	tree_sort(known);
	return true;
}

void
check_shadow_zones(const struct sense *sense, struct diag *diag)
{
	struct tree known;

	check_reverses(sense, diag);
	if (!collect_domains(&known, sense->arena))
		return;
	for (size_t i = 0; i < sense->model->zones.count; i++) {
		const struct sense_zone *zone = &sense->own[i];
		const struct domain *domain;

		if (zone->zone->kind != MODEL_ZONE_PRIVATE ||
		    zone->zone->dns_name.mark.file == NULL)
			continue;
		domain = domain_of(&known, &zone->zone->dns_name.name);
		if (domain != NULL)
			check_zone_of(sense, zone, domain, diag);
	}
}
