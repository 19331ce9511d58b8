#include "config/import_join.h"

#include <string.h>

#include "config/text_index.h"
#include "dns/message.h"

/* Owners of one kind, by name. */
struct owners {
	struct import *import;
	struct text_index by_name;
	struct text_index by_apex; /* zones: struct import_zone */
	struct import_owner *only; /* when there is but one */
	size_t count;
};

/* Members of one parent that is not there. */
struct missing {
	struct missing *next;
	const char *parent;
	struct mark mark;
	size_t count;
};

/* A kind of members, of elements of any size that begin with the member. */
struct members {
	const char *one; /* "record set is" */
	const char *many;
	const char *owner_what;
	uint8_t *items;
	size_t count;
	size_t size;
	struct import_owner *(
	    *find)(const struct owners *owners, const struct members *run);
	const char *advice;
};

static struct import_member *
member_at(const struct members *members, size_t index)
{
	return (void *)(members->items + index * members->size);
}

/* By name. */

static void
owners_add(struct owners *owners, struct import_owner *owner)
{
	struct import_owner *first =
	    text_index_add(&owners->by_name, owner->name, owner);

	if (first != NULL) {
		owner->next = first->next;
		first->next = owner;
	}
	owners->only = owner;
	owners->count++;
}

/* Of several by one name, that of the project. */
static struct import_owner *
owner_named(const struct owners *owners, const char *name, const char *project)
{
	struct import_owner *fallback = NULL;

	if (name == NULL)
		return NULL;
	for (struct import_owner *owner =
		 text_index_get(&owners->by_name, name);
	     owner != NULL; owner = owner->next) {
		if (owner->project == NULL || project == NULL) {
			if (fallback == NULL)
				fallback = owner;
		} else if (strcmp(owner->project, project) == 0) {
			return owner;
		}
	}
	return fallback;
}

/* "z", or "projects/p/managedZones/z" as Terraform's ids are. */
static struct import_owner *
owner_of_parent(const struct owners *owners, const struct import_member *member)
{
	const char *slash = strrchr(member->parent, '/');

	return owner_named(owners, slash == NULL ? member->parent : slash + 1,
	    member->project);
}

/* By what the file is called. */
static struct import_owner *
owner_of_file(const struct owners *owners, const struct import_source *source)
{
	struct import_owner *owner = owner_named(owners, source->stem, NULL);

	if (owner == NULL)
		owner = owner_named(owners, source->guess, NULL);
	return owner != NULL ? owner
			     : owner_named(owners, source->directory, NULL);
}

/* Zones, by what the records tell. */

static const struct model_record_set *
set_of(const struct import_member *member)
{
	return &((const struct import_record_set *)(const void *)member)->set;
}

/* A name as the index has it; valid until the next call by the caller. */
static const char *
apex_text(const struct name *name, char buf[NAME_TEXT])
{
	struct name folded = *name;

	name_fold(&folded);
	return name_to_text(folded.wire, buf);
}

static void
zones_add(struct owners *owners, struct import_zone *zone)
{
	char buf[NAME_TEXT];
	struct import_zone *first;

	owners_add(owners, &zone->of);
	if (zone->zone.dns_name.mark.file == NULL)
		return;
	first = text_index_add(&owners->by_apex,
	    arena_strdup(&owners->import->scratch,
		apex_text(&zone->zone.dns_name.name, buf)),
	    zone);
	if (first != NULL) {
		zone->next_apex = first->next_apex;
		first->next_apex = zone;
	}
}

static struct import_zone *
zones_at(const struct owners *owners, const struct name *name)
{
	char buf[NAME_TEXT];

	return text_index_get(&owners->by_apex, apex_text(name, buf));
}

/* The SOA among the members, or NULL. */
static const struct model_record_set *
run_soa(const struct members *run)
{
	for (size_t i = 0; i < run->count; i++) {
		const struct import_member *member = member_at(run, i);

		if (!member->broken && set_of(member)->type == TYPE_SOA)
			return set_of(member);
	}
	return NULL;
}

/* Whether a SOA is that of private zones (the fact sheet's section 3). */
static bool
soa_is_private(const struct model_record_set *soa)
{
	static const uint8_t server[] =
	    "\016ns-gcp-private\015googledomains\003com";

	return soa->rdata_count > 0 && soa->rdata[0].len >= sizeof(server) &&
	    name_equal(soa->rdata[0].bytes, server);
}

/* Of the zones of one apex the one that the file or the SOA speaks of. */
static struct import_zone *
zone_of_apex(const struct owners *owners, const struct members *run,
    const struct model_record_set *soa)
{
	struct import_zone *first = zones_at(owners, &soa->name);
	struct import_owner *named =
	    owner_of_file(owners, member_at(run, 0)->source);
	const bool private = soa_is_private(soa);
	struct import_zone *found = NULL;

	for (struct import_zone *zone = first; zone != NULL;
	     zone = zone->next_apex) {
		if (first->next_apex == NULL)
			return zone;
		if (private && zone->of.fate == IMPORT_ASIDE)
			continue; /* it may be called so all the same */
		if (&zone->of == named)
			return zone;
		if ((zone->of.fate == IMPORT_ASIDE) == private)
			continue;
		if (found != NULL)
			return NULL;
		found = zone;
	}
	return found;
}

/* Cuts a name to what it has in common with another. */
static void
common_ancestor(struct name *name, const struct name *other)
{
	struct name cut;

	while (!name_under(other->wire, name->wire)) {
		name_set(&cut, name_strip(name->wire, 1));
		*name = cut;
	}
}

/* The zone of the longest dns_name that holds all names. */
static struct import_zone *
zone_of_names(const struct owners *owners, const struct members *run)
{
	struct name name = {.len = 0};
	struct name cut;

	for (size_t i = 0; i < run->count; i++) {
		const struct import_member *member = member_at(run, i);

		if (member->broken)
			continue;
		if (name.len == 0) {
			name = set_of(member)->name;
		} else {
			common_ancestor(&name, &set_of(member)->name);
		}
	}
	while (name.len > 0) {
		struct import_zone *zone = zones_at(owners, &name);

		if (zone != NULL)
			return zone->next_apex == NULL ? zone : NULL;
		if (name.labels == 0)
			return NULL;
		name_set(&cut, name_strip(name.wire, 1));
		name = cut;
	}
	return NULL;
}

static struct import_owner *
find_zone(const struct owners *owners, const struct members *run)
{
	const struct model_record_set *soa = run_soa(run);
	struct import_owner *named;
	struct import_zone *zone;

	if (soa != NULL && zones_at(owners, &soa->name) != NULL) {
		zone = zone_of_apex(owners, run, soa);
		return zone == NULL ? NULL : &zone->of;
	}
	named = owner_of_file(owners, member_at(run, 0)->source);
	if (named != NULL)
		return named;
	zone = zone_of_names(owners, run);
	return zone == NULL ? NULL : &zone->of;
}

static struct import_owner *
find_policy(const struct owners *owners, const struct members *run)
{
	struct import_owner *named =
	    owner_of_file(owners, member_at(run, 0)->source);

	if (named != NULL)
		return named;
	return owners->count == 1 ? owners->only : NULL;
}

/* Members. */

static struct missing *
missing_find(struct text_index *index, struct missing **list,
    const struct import_member *member)
{
	struct missing *missing = text_index_get(index, member->parent);

	if (missing != NULL)
		return missing;
	missing = arena_calloc(index->arena, 1, sizeof(*missing));
	if (missing == NULL)
		return NULL;
	missing->parent = member->parent;
	missing->mark = member->mark;
	missing->next = *list;
	*list = missing;
	text_index_add(index, member->parent, missing);
	return missing;
}

static const char *
number_text(const struct members *members, size_t count)
{
	return count == 1 ? members->one : members->many;
}

static void
tell_missing(struct import *import, const struct members *members,
    const struct missing *list)
{
	for (; list != NULL; list = list->next) {
		import_stage_tell(import, IMPORT_GAP, list->mark,
		    "%zu %s not taken over: %s \"%s\" is not among what "
		    "was read",
		    list->count, number_text(members, list->count),
		    members->owner_what, list->parent);
	}
	import_stage_flush(import);
}

static void
join_by_parent(struct owners *owners, const struct members *members)
{
	struct text_index index;
	struct missing *list = NULL;

	text_index_init(&index, &owners->import->scratch);
	for (size_t i = 0; i < members->count; i++) {
		struct import_member *member = member_at(members, i);
		struct missing *missing;

		if (member->parent == NULL)
			continue;
		member->owner = owner_of_parent(owners, member);
		if (member->owner != NULL)
			continue;
		missing = missing_find(&index, &list, member);
		if (missing != NULL)
			missing->count++;
	}
	tell_missing(owners->import, members, list);
}

/* How many of one file, that name nobody, stand side by side from here. */
static size_t
run_length(const struct members *members, size_t from)
{
	const struct import_source *source = member_at(members, from)->source;
	size_t end = from;

	while (end < members->count &&
	    member_at(members, end)->parent == NULL &&
	    member_at(members, end)->source == source)
		end++;
	return end - from;
}

static void
join_run(struct owners *owners, const struct members *run)
{
	struct import_owner *owner = run->find(owners, run);

	for (size_t i = 0; i < run->count; i++)
		member_at(run, i)->owner = owner;
	if (owner != NULL)
		return;
	import_stage_tell(owners->import, IMPORT_GAP, member_at(run, 0)->mark,
	    "%zu %s not taken over: whose %s it would be cannot be told; %s",
	    run->count, number_text(run, run->count), run->owner_what,
	    run->advice);
	import_stage_flush(owners->import);
}

static void
join(struct owners *owners, const struct members *members)
{
	size_t at = 0;

	join_by_parent(owners, members);
	while (at < members->count) {
		const size_t len = run_length(members, at);
		struct members run = *members;

		if (len == 0) {
			at++;
			continue;
		}
		run.items += at * members->size;
		run.count = len;
		join_run(owners, &run);
		at += len;
	}
}

static void
owners_init(struct owners *owners, struct import *import)
{
	*owners = (struct owners){.import = import};
	text_index_init(&owners->by_name, &import->scratch);
	text_index_init(&owners->by_apex, &import->scratch);
}

static void
join_record_sets(struct import *import)
{
	struct import_zone *zones = import->zones.items;
	const struct members members = {
	    .one = "record set is",
	    .many = "record sets are",
	    .owner_what = "zone",
	    .items = import->record_sets.items,
	    .count = import->record_sets.count,
	    .size = sizeof(struct import_record_set),
	    .find = find_zone,
	    .advice = "call the file, or the directory it is in, by the zone's "
		      "name",
	};
	struct owners owners;

	owners_init(&owners, import);
	for (size_t i = 0; i < import->zones.count; i++)
		zones_add(&owners, &zones[i]);
	join(&owners, &members);
}

/*
 * Rules with no policy to be read at all: what a factory or a list of rules
 * holds alone.  It makes a policy by the file's name, where clients are that
 * no network names.
 */
static void
make_policy(struct import *import, const struct import_member *member)
{
	struct import_response_policy *policy;
	const struct model_text name = {
	    .text = member->source->stem,
	    .mark = {.file = member->source->path},
	};

	policy =
	    import_stage_list_add(&import->response_policies, sizeof(*policy));
	if (policy == NULL) {
		import->arena->full = true;
		return;
	}
	policy->of.name = name.text;
	policy->of.mark = name.mark;
	policy->policy.name = name;
	policy->policy.mark = name.mark;
	import_stage_tell(import, IMPORT_LESS, name.mark,
	    "no response policy was read for these rules: they make one, "
	    "\"%s\", in the default network",
	    name.text);
	import_stage_flush(import);
}

static void
make_policies(struct import *import)
{
	const struct import_rule *rules = import->rules.items;
	const struct import_source *source = NULL;

	if (import->response_policies.count > 0)
		return;
	for (size_t i = 0; i < import->rules.count; i++) {
		if (rules[i].of.parent == NULL && rules[i].of.source != source)
			make_policy(import, &rules[i].of);
		source = rules[i].of.source;
	}
}

static void
join_rules(struct import *import)
{
	struct import_response_policy *policies;
	const struct members members = {
	    .one = "rule is",
	    .many = "rules are",
	    .owner_what = "response policy",
	    .items = import->rules.items,
	    .count = import->rules.count,
	    .size = sizeof(struct import_rule),
	    .find = find_policy,
	    .advice = "call the file, or the directory it is in, by the "
		      "policy's name",
	};
	struct owners owners;

	make_policies(import);
	policies = import->response_policies.items;
	owners_init(&owners, import);
	for (size_t i = 0; i < import->response_policies.count; i++)
		owners_add(&owners, &policies[i].of);
	join(&owners, &members);
}

void
import_join_members(struct import *import)
{
	join_record_sets(import);
	join_rules(import);
}
