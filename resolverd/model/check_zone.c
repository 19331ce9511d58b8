#include "model/check_zone.h"

#include <stdlib.h>
#include <string.h>

#include "dns/message.h"
#include "dns/rdata.h"
#include "model/check.h"
#include "model/check_routing.h"
#include "model/check_target.h"
#include "model/defaults.h"
#include "model/preset.h"
#include "model/sense.h"

enum {
	RECORDS_MAX = 100,    /* of a set, the fact sheet's section 9 */
	SETS_QUOTA = 10000,   /* of a zone, likewise */
	RECORD_OVERHEAD = 12, /* pointer, type, class, TTL, length */
	SCRATCH_BLOCK = 64 * 1024,
	CNAME_HOPS = 16, /* a loop of more names is not looked for */
};

/* Complains about one record set. */
static bool
reject(const struct model_record_set *set, struct diag *diag, const char *fault)
{
	char text[SENSE_SET_TEXT];

	return diag_error(diag, set->mark, "%s: %s", sense_set_text(set, text),
	    fault);
}

static bool
at_apex(const struct model_zone *zone, const struct model_record_set *set)
{
	return name_equal(set->name.wire, zone->dns_name.name.wire);
}

/* Rules for a record set by itself. */

static bool
is_at_sign(const struct name *name)
{
	return name->labels == 1 && name->wire[0] == 1 && name->wire[1] == '@';
}

static bool
check_owner(const struct model_zone *zone, const struct model_record_set *set,
    struct diag *diag)
{
	char text[SENSE_SET_TEXT];
	char apex[NAME_TEXT];

	if (name_under(set->name.wire, zone->dns_name.name.wire))
		return true;
	name_to_text(zone->dns_name.name.wire, apex);
	diag_error(diag, set->mark, "%s: the name is outside the zone %s",
	    sense_set_text(set, text), apex);
	if (is_at_sign(&set->name)) {
		diag_note(diag, set->mark,
		    "Cloud DNS takes @ for a label like any other; the apex "
		    "is written \"%s\"",
		    apex);
	} else {
		diag_note(diag, set->mark,
		    "names are written in full, with the zone's at the end");
	}
	return false;
}

static bool
is_automatic_ns(const struct model_record_set *set)
{
	return set->rdata_count == 1 && set->rdata[0].len == defaults_ns.len &&
	    name_equal(set->rdata[0].bytes, defaults_ns.bytes);
}

static bool
check_ns(const struct model_zone *zone, const struct model_record_set *set,
    struct diag *diag)
{
	if (name_is_wildcard(set->name.wire))
		return reject(set, diag, "a wildcard cannot be of type NS");
	if (!at_apex(zone, set)) {
		return reject(set, diag,
		    "a private zone cannot delegate: make a zone of that name, "
		    "private or forwarding, instead");
	}
	if (set->routing == NULL && !is_automatic_ns(set)) {
		return reject(set, diag,
		    "a private zone has only its automatic NS, "
		    "ns-gcp-private.googledomains.com.; leave the set out");
	}
	return true;
}

static bool
check_soa(const struct model_zone *zone, const struct model_record_set *set,
    struct diag *diag)
{
	if (!at_apex(zone, set))
		return reject(set, diag, "a SOA stands at the apex only");
	if (set->routing == NULL && set->rdata_count != 1)
		return reject(set, diag, "a SOA has exactly one value");
	return true;
}

static bool
check_cname(const struct model_zone *zone, const struct model_record_set *set,
    struct diag *diag)
{
	if (at_apex(zone, set)) {
		return reject(set, diag,
		    "a CNAME cannot stand at the apex, where SOA and NS are");
	}
	if (set->routing == NULL && set->rdata_count != 1)
		return reject(set, diag, "a CNAME has exactly one value");
	return true;
}

static const struct rule {
	uint16_t type;
	bool (*check)(const struct model_zone *zone,
	    const struct model_record_set *set, struct diag *diag);
} rules[] = {
    {TYPE_NS, check_ns},
    {TYPE_SOA, check_soa},
    {TYPE_CNAME, check_cname},
};

static bool
check_placement(const struct model_zone *zone,
    const struct model_record_set *set, struct diag *diag)
{
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		if (rules[i].type == set->type)
			return rules[i].check(zone, set, diag);
	}
	return true;
}

static bool
same_rdata(const struct rdata *a, const struct rdata *b)
{
	return a->len == b->len && memcmp(a->bytes, b->bytes, a->len) == 0;
}

static bool
has_twins(const struct model_record_set *set)
{
	for (size_t i = 1; i < set->rdata_count; i++) {
		for (size_t j = 0; j < i; j++) {
			if (same_rdata(&set->rdata[i], &set->rdata[j]))
				return true;
		}
	}
	return false;
}

bool
check_zone_values(const struct model_record_set *set, struct diag *diag)
{
	size_t octets = HEADER_SIZE + NAME_SIZE;

	if (set->rdata_count > RECORDS_MAX)
		return reject(set, diag, "a set has at most 100 records");
	/* RFC 2181 section 5. */
	if (has_twins(set))
		return reject(set, diag, "the same value twice");
	for (size_t i = 0; i < set->rdata_count; i++)
		octets += RECORD_OVERHEAD + set->rdata[i].len;
	if (octets > MESSAGE_MAX) {
		return reject(set, diag,
		    "the set does not fit into a DNS message");
	}
	return true;
}

/* Rules between record sets: those of one name, side by side. */

/* CNAME first among equals, then by type, then as they were written. */
static int
compare_sets(const void *a, const void *b)
{
	const struct model_record_set *const *left = a;
	const struct model_record_set *const *right = b;
	const int order = name_compare(&(*left)->name, &(*right)->name);
	const bool left_cname = (*left)->type == TYPE_CNAME;
	const bool right_cname = (*right)->type == TYPE_CNAME;

	if (order != 0)
		return order;
	if (left_cname != right_cname)
		return left_cname ? -1 : 1;
	if ((*left)->type != (*right)->type)
		return (*left)->type < (*right)->type ? -1 : 1;
	return *left < *right ? -1 : 1;
}

/* Complains about b, which cannot stand beside a. */
static bool
clash(const struct model_record_set *a, const struct model_record_set *b,
    struct diag *diag, const char *fault)
{
	reject(b, diag, fault);
	diag_note(diag, a->mark,
	    a->type == b->type ? "the first one is here" : "the CNAME is here");
	return false;
}

static bool
check_neighbours(const struct model_record_set *a,
    const struct model_record_set *b, struct diag *diag)
{
	if (!name_equal(a->name.wire, b->name.wire))
		return true;
	if (a->type == b->type) {
		return clash(a, b, diag,
		    "a second record set of this name and type");
	}
	if (a->type == TYPE_CNAME) {
		return clash(a, b, diag,
		    "this name has a CNAME, beside which nothing can stand");
	}
	return true;
}

/* The record sets of a zone by owner, as compare_sets has them. */
struct by_owner {
	const struct model_record_set **sets;
	size_t count;
};

static int
compare_owner_pointers(const void *a, const void *b)
{
	const struct model_record_set *const *left = a;
	const struct model_record_set *const *right = b;

	return name_compare(&(*left)->name, &(*right)->name);
}

/* The CNAME at the name that a CNAME leads to, or NULL. */
static const struct model_record_set *
next_cname(const struct by_owner *order, const struct model_record_set *set)
{
	struct model_record_set wanted = {.type = TYPE_CNAME};
	const struct model_record_set *const key = &wanted;
	const struct model_record_set *const *found;

	if (set->rdata_count != 1)
		return NULL;
	name_set(&wanted.name, set->rdata[0].bytes);
	found = bsearch(&key, order->sets, order->count, sizeof(const void *),
	    compare_owner_pointers);
	return found != NULL && (*found)->type == TYPE_CNAME ? *found : NULL;
}

/*
 * Whether CNAMEs lead from a set back to it.  Only the set of a loop that was
 * written first sees the loop, so that each is found once.
 */
static bool
leads_back(const struct by_owner *order, const struct model_record_set *first)
{
	const struct model_record_set *set = next_cname(order, first);

	for (unsigned hops = 1; hops < CNAME_HOPS && set != NULL && set > first;
	     hops++)
		set = next_cname(order, set);
	return set == first;
}

static void
warn_of_loops(const struct model_list *list, const struct by_owner *order,
    struct diag *diag)
{
	const struct model_record_set *sets = list->items;

	for (size_t i = 0; i < list->count; i++) {
		char text[SENSE_SET_TEXT];

		if (sets[i].type != TYPE_CNAME || !leads_back(order, &sets[i]))
			continue;
		diag_warning(diag, sets[i].mark,
		    "%s: it leads back to itself, so that nobody finds an "
		    "address there",
		    sense_set_text(&sets[i], text));
	}
}

bool
check_zone_between(const struct model_list *list, struct mark mark,
    struct diag *diag)
{
	const struct model_record_set *sets = list->items;
	const size_t count = list->count;
	const struct model_record_set **order;
	struct arena scratch;
	bool good = true;

	arena_init_heap(&scratch, SCRATCH_BLOCK);
	order = arena_calloc(&scratch, count, sizeof(const void *));
	if (order == NULL) {
		arena_fini(&scratch);
		return diag_error(diag, mark,
		    "there is no memory to check the record sets");
	}
	for (size_t i = 0; i < count; i++)
		order[i] = &sets[i];
	qsort(order, count, sizeof(const void *), compare_sets);
	for (size_t i = 1; i < count; i++) {
		if (!check_neighbours(order[i - 1], order[i], diag))
			good = false;
	}
	warn_of_loops(list, &(struct by_owner){.sets = order, .count = count},
	    diag);
	arena_fini(&scratch);
	return good;
}

/* Section 7.1: the two services' addresses are never mixed. */

static enum preset_vip
set_vip(const struct model_record_set *set)
{
	if (set->type != TYPE_A && set->type != TYPE_AAAA)
		return PRESET_VIP_NONE;
	for (size_t i = 0; i < set->rdata_count; i++) {
		const enum preset_vip vip = preset_vip(&set->rdata[i]);

		if (vip != PRESET_VIP_NONE)
			return vip;
	}
	return PRESET_VIP_NONE;
}

/* Whether a set has an address of the service that is not vip. */
static bool
set_mixes(const struct model_record_set *set, enum preset_vip vip)
{
	if (set->type != TYPE_A && set->type != TYPE_AAAA)
		return false;
	for (size_t i = 0; i < set->rdata_count; i++) {
		const enum preset_vip other = preset_vip(&set->rdata[i]);

		if (other != PRESET_VIP_NONE && other != vip)
			return true;
	}
	return false;
}

/* The first set with an address of either service, or NULL. */
static const struct model_record_set *
first_vip_set(const struct model_zone *zone)
{
	const struct model_record_set *sets = zone->record_sets.items;

	for (size_t i = 0; i < zone->record_sets.count; i++) {
		if (set_vip(&sets[i]) != PRESET_VIP_NONE)
			return &sets[i];
	}
	return NULL;
}

static void
warn_of_mixture(const struct model_zone *zone, struct diag *diag)
{
	const struct model_record_set *sets = zone->record_sets.items;
	const struct model_record_set *const first = first_vip_set(zone);
	const struct model_record_set *set = first;

	if (first == NULL)
		return;
	while (set < sets + zone->record_sets.count &&
	    !set_mixes(set, set_vip(first)))
		set++;
	if (set == sets + zone->record_sets.count)
		return;
	diag_warning(diag, set->mark,
	    "addresses of private.googleapis.com and of "
	    "restricted.googleapis.com in one zone: use those of one only");
	if (set != first)
		diag_note(diag, first->mark, "the others are here");
}

static bool
check_set(const struct model_zone *zone, const struct model_record_set *set,
    struct diag *diag)
{
	const bool good = check_type(set->type, set->mark, diag) &&
	    check_owner(zone, set, diag) && check_placement(zone, set, diag);

	return check_zone_values(set, diag) &&
	    check_routing_policy(set, diag) && good;
}

/* What makes a zone of each kind, which then has no records. */
static const struct kind {
	const char *text;
	const char *key;
} kinds[] = {
    [MODEL_ZONE_PRIVATE] = {"private", ""},
    [MODEL_ZONE_FORWARDING] = {"forwarding", "forwarding_config"},
    [MODEL_ZONE_PEERING] = {"peering", "peering_config"},
    [MODEL_ZONE_REVERSE] = {"managed reverse lookup", "reverse_lookup_config"},
};

/* RFC 1035 section 3.5, RFC 3596 section 2.5. */
static bool
is_reverse_name(const struct name *name)
{
	static const uint8_t in4[] = "\007in-addr\004arpa";
	static const uint8_t in6[] = "\003ip6\004arpa";

	return name_under(name->wire, in4) || name_under(name->wire, in6);
}

/* A zone whose answers come from elsewhere. */
static bool
check_elsewhere(const struct model_zone *zone, struct diag *diag)
{
	const struct model_target *targets = zone->targets.items;
	bool good = true;

	if (zone->record_sets.count > 0 || zone->records_file.text != NULL) {
		good = diag_error(diag, zone->mark,
		    "a %s zone has no records of its own: leave out either %s "
		    "or the records",
		    kinds[zone->kind].text, kinds[zone->kind].key);
	}
	for (size_t i = 0; i < zone->targets.count; i++) {
		if (!check_target_server(&targets[i], "a forwarding target",
			diag))
			good = false;
	}
	if (zone->kind == MODEL_ZONE_REVERSE &&
	    !is_reverse_name(&zone->dns_name.name)) {
		good = diag_error(diag, zone->dns_name.mark,
		    "a managed reverse lookup zone lies under in-addr.arpa. "
		    "or ip6.arpa.");
	}
	return good;
}

/* A project can be given more: no reason to refuse the file. */
static void
warn_of_quota(const struct model_zone *zone, struct diag *diag)
{
	if (zone->record_sets.count <= SETS_QUOTA)
		return;
	diag_warning(diag, zone->mark,
	    "%zu record sets are more than the %d that a zone of Cloud DNS "
	    "may have without asking",
	    zone->record_sets.count, SETS_QUOTA);
}

/* The root is a zone like any other, and hardly ever meant. */
static void
warn_of_root(const struct model_zone *zone, struct diag *diag)
{
	if (zone->dns_name.name.labels > 0)
		return;
	diag_warning(diag, zone->dns_name.mark,
	    "the zone . has every name that is in no other zone: those not in "
	    "its records are answered NXDOMAIN, none is forwarded");
}

bool
check_zone(const struct model_zone *zone, struct diag *diag)
{
	const struct model_record_set *sets = zone->record_sets.items;
	bool good = true;

	if (zone->dns_name.mark.file == NULL)
		return true;
	if (name_is_wildcard(zone->dns_name.name.wire)) {
		good = diag_error(diag, zone->dns_name.mark,
		    "a zone's dns_name cannot begin with *: a wildcard is a "
		    "record in the zone above it");
	}
	if (zone->kind != MODEL_ZONE_PRIVATE)
		return check_elsewhere(zone, diag) && good;
	for (size_t i = 0; i < zone->record_sets.count; i++) {
		if (!check_set(zone, &sets[i], diag))
			good = false;
	}
	warn_of_root(zone, diag);
	warn_of_mixture(zone, diag);
	warn_of_quota(zone, diag);
	return check_zone_between(&zone->record_sets, zone->mark, diag) && good;
}
