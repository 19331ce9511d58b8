#include "model/check_alias.h"

#include <stdio.h>

#include "dns/message.h"

/*
 * A zone may be in very many networks, where its aliases lead to the same
 * places nearly always; they are followed in the first few.
 */
enum { SCOPES_FOLLOWED = 8 };

enum { ANSWER_TEXT = 128, CONSEQUENCE_TEXT = 256 };

enum fault {
	FAULT_NONE,
	FAULT_LEAVES,  /* the target is in no zone */
	FAULT_MISSING, /* it is in a zone, and does not exist there */
	FAULT_EMPTY,   /* it exists there, and holds nothing */
	FAULT_APEX,    /* "*.x" is an alias of x, which has no address */
};

/* The rules of a response policy by their names. */
struct rules {
	const struct model_response_policy *policy; /* NULL: none yet */
	struct tree exact;
	struct tree wildcard; /* by the name below the "*" */
};

/* The aliases of a zone in a scope; the first with a fault of its kind. */
struct aliases {
	const struct sense *sense;
	struct rules *rules; /* of the policy that was asked last */
	const struct sense_scope *scope;
	const struct sense_zone *zone;
	const struct model_record_set *leaves;
	size_t leaving; /* how many do */
	const struct model_record_set *dangles;
	size_t dangling;
	enum fault fault; /* of dangles */
};

static const uint8_t *
target_of(const struct model_record_set *set)
{
	return set->rdata[0].bytes;
}

/* Reads a policy's rules; without memory some are missing. */
static void
read_rules(struct rules *rules, const struct model_response_policy *policy,
    struct arena *arena)
{
	const struct model_rule *items = policy->rules.items;

	*rules = (struct rules){.policy = policy};
	if (!tree_init(&rules->exact, policy->rules.count, arena) ||
	    !tree_init(&rules->wildcard, policy->rules.count, arena))
		return;
	for (size_t i = 0; i < policy->rules.count; i++) {
		const uint8_t *name = items[i].dns_name.name.wire;

		if (name_is_wildcard(name)) {
			tree_add(&rules->wildcard, name_strip(name, 1),
			    &items[i], arena);
		} else {
			tree_add(&rules->exact, name, &items[i], arena);
		}
	}
	tree_sort(&rules->exact);
	tree_sort(&rules->wildcard);
}

/* The rule of a policy that matches a name, or NULL. */
static const struct model_rule *
rule_of(const struct aliases *aliases,
    const struct model_response_policy *policy, const uint8_t *name)
{
	struct rules *rules = aliases->rules;
	const struct tree_node *node;

	if (policy == NULL || *name == 0)
		return NULL;
	if (rules->policy != policy)
		read_rules(rules, policy, aliases->sense->arena);
	node = tree_find(&rules->exact, name);
	if (node == NULL)
		node = tree_find_above(&rules->wildcard, name_strip(name, 1));
	return node == NULL ? NULL : node->value;
}

/* The rule that answers for a name where all is searched, or NULL. */
static const struct model_rule *
answering_rule(const struct aliases *aliases, const uint8_t *name)
{
	for (const struct sense_scope *scope = aliases->scope; scope != NULL;
	     scope = scope->outer) {
		const struct model_rule *rule =
		    rule_of(aliases, scope->policy, name);

		if (rule != NULL && !rule->bypass)
			return rule;
	}
	return NULL;
}

/* Whether Google's own zones have a name: those of VMs. */
static bool
is_internal(const struct aliases *aliases, const uint8_t *name)
{
	const struct sense_scope *scope = aliases->scope;
	const struct sense_zone *zones;

	if (scope->outer != NULL)
		scope = scope->outer;
	zones = scope->internal.items;
	for (size_t i = 0; i < scope->internal.count; i++) {
		if (name_under(name, zones[i].zone->dns_name.name.wire))
			return true;
	}
	return false;
}

/* Whether a set is "*.x CNAME x" and x is the apex without an address. */
static bool
is_apex_fault(const struct aliases *aliases, const struct model_record_set *set)
{
	const struct model_zone *zone = aliases->zone->zone;
	const uint8_t *apex = zone->dns_name.name.wire;
	const struct tree *records;

	if (!name_is_wildcard(set->name.wire) ||
	    !name_equal(target_of(set), apex) ||
	    !name_equal(name_strip(set->name.wire, 1), apex))
		return false;
	records = sense_records(aliases->sense, aliases->zone);
	return !sense_has_type(records, apex, TYPE_A) &&
	    !sense_has_type(records, apex, TYPE_AAAA);
}

static bool
is_of_google(const uint8_t *name)
{
	struct name apis;

	return name_from_text(&apis, "googleapis.com") == NAME_OK &&
	    name_under(name, apis.wire);
}

static bool
is_per_hop(const struct aliases *aliases)
{
	return aliases->sense->model->options.cname_chasing == CHASING_PER_HOP;
}

/*
 * Per hop an alias of a public name is as good as any; the names of Google's
 * private addresses are not meant to be looked up in public (section 7.1).
 */
static enum fault
fault_without_zone(const struct aliases *aliases, const uint8_t *target)
{
	if (!is_per_hop(aliases))
		return FAULT_LEAVES;
	return is_of_google(target) && !is_internal(aliases, target)
	    ? FAULT_LEAVES
	    : FAULT_NONE;
}

static enum fault
fault_of(const struct aliases *aliases, const struct model_record_set *set)
{
	const struct sense_zone *found =
	    sense_find(aliases->scope, target_of(set));

	if (is_per_hop(aliases) &&
	    answering_rule(aliases, target_of(set)) != NULL)
		return FAULT_NONE;
	if (found == NULL)
		return fault_without_zone(aliases, target_of(set));
	if (found->zone->kind != MODEL_ZONE_PRIVATE)
		return FAULT_NONE;
	if (is_apex_fault(aliases, set))
		return FAULT_APEX;
	switch (sense_lookup(sense_records(aliases->sense, found), found->zone,
	    target_of(set))) {
	case SENSE_MISSING:
		return FAULT_MISSING;
	case SENSE_EMPTY:
		return FAULT_EMPTY;
	case SENSE_HELD:
		break;
	}
	return FAULT_NONE;
}

static void
judge(struct aliases *aliases, const struct model_record_set *set)
{
	const enum fault fault = fault_of(aliases, set);

	if (fault == FAULT_LEAVES) {
		if (aliases->leaving++ == 0)
			aliases->leaves = set;
	} else if (fault != FAULT_NONE && aliases->dangling++ == 0) {
		aliases->dangles = set;
		aliases->fault = fault;
	}
}

/* Says how many more there are. */
static void
note_others(const struct model_record_set *set, size_t count, struct diag *diag)
{
	if (count > 1) {
		diag_note(diag, set->mark, "likewise %zu more of this zone",
		    count - 1);
	}
}

/* Who answers for a target in no zone where the whole order is searched. */
static const char *
answer_per_hop(const struct aliases *aliases, const uint8_t *target,
    char buf[ANSWER_TEXT])
{
	const struct model_rule *rule = answering_rule(aliases, target);

	if (rule != NULL) {
		snprintf(buf, ANSWER_TEXT,
		    "the answer of rule \"%s\" of the response policy",
		    rule->name.text == NULL ? "?" : rule->name.text);
		return buf;
	}
	return is_internal(aliases, target)
	    ? "the address that internal DNS has"
	    : "the public address";
}

/* What happens to clients, by the rule that is in force. */
static const char *
consequence(const struct aliases *aliases, const uint8_t *target,
    char buf[CONSEQUENCE_TEXT])
{
	char answer[ANSWER_TEXT];

	switch (aliases->sense->model->options.cname_chasing) {
	case CHASING_AUTO:
		snprintf(buf, CONSEQUENCE_TEXT,
		    "until 2027-01-05 clients get the alias without an "
		    "address, from that day on %s",
		    answer_per_hop(aliases, target, answer));
		return buf;
	case CHASING_CLASSIC:
		return "clients get the alias without an address";
	case CHASING_PER_HOP:
		break;
	}
	return "clients get the public address";
}

static void
warn_of_leaving(const struct aliases *aliases, struct diag *diag)
{
	const struct model_record_set *set = aliases->leaves;
	char text[SENSE_SET_TEXT];
	char target[NAME_TEXT];
	char scope[SENSE_SCOPE_TEXT];
	char after[CONSEQUENCE_TEXT];

	if (set == NULL || !sense_once(aliases->zone, SENSE_SAID_LEAVES))
		return;
	diag_warning(diag, set->mark, "%s: %s is in no zone of %s: %s",
	    sense_set_text(set, text), name_to_text(target_of(set), target),
	    sense_scope_text(aliases->scope, scope),
	    consequence(aliases, target_of(set), after));
	diag_note(diag, set->mark,
	    "write addresses in its place, or make a zone that has %s", target);
	note_others(set, aliases->leaving, diag);
}

static void
say_fault(const struct aliases *aliases, const char *target, struct diag *diag)
{
	const struct model_record_set *set = aliases->dangles;
	const struct model_zone *zone =
	    sense_find(aliases->scope, target_of(set))->zone;
	char text[SENSE_SET_TEXT];

	sense_set_text(set, text);
	switch (aliases->fault) {
	case FAULT_NONE:
	case FAULT_LEAVES:
		break;
	case FAULT_MISSING:
		diag_warning(diag, set->mark,
		    "%s: %s does not exist in zone \"%s\", which has its "
		    "names: clients get NXDOMAIN",
		    text, target, sense_zone_name(zone));
		break;
	case FAULT_EMPTY:
		diag_warning(diag, set->mark,
		    "%s: %s has no records in zone \"%s\", which has its "
		    "names: clients get the alias without an address",
		    text, target, sense_zone_name(zone));
		break;
	case FAULT_APEX:
		diag_warning(diag, set->mark,
		    "%s: %s has no address, so that no name below it has one",
		    text, target);
		break;
	}
}

static void
warn_of_dangling(const struct aliases *aliases, struct diag *diag)
{
	const struct model_record_set *set = aliases->dangles;
	char target[NAME_TEXT];

	if (set == NULL || !sense_once(aliases->zone, SENSE_SAID_DANGLES))
		return;
	name_to_text(target_of(set), target);
	say_fault(aliases, target, diag);
	diag_note(diag, set->mark, "add an A record for %s", target);
	note_others(set, aliases->dangling, diag);
}

static void
check_aliases(const struct sense *sense, const struct sense_scope *scope,
    const struct sense_zone *zone, struct rules *rules, struct diag *diag)
{
	const struct model_record_set *sets = zone->zone->record_sets.items;
	struct aliases aliases = {
	    .sense = sense,
	    .rules = rules,
	    .scope = scope,
	    .zone = zone,
	};

	if (!zone->own || zone->memo->followed++ >= SCOPES_FOLLOWED)
		return;
	for (size_t i = 0; i < zone->zone->record_sets.count; i++) {
		if (sets[i].type == TYPE_CNAME && sets[i].rdata_count == 1)
			judge(&aliases, &sets[i]);
	}
	warn_of_leaving(&aliases, diag);
	warn_of_dangling(&aliases, diag);
}

void
check_alias_targets(const struct sense *sense, struct diag *diag)
{
	struct rules rules = {.policy = NULL};

	for (size_t i = 0; i < sense->count; i++) {
		const struct sense_scope *scope = &sense->items[i];
		const struct tree_node *nodes = scope->zones.nodes;

		if (scope->servers != NULL)
			continue;
		for (size_t j = 0; j < scope->zones.count; j++) {
			check_aliases(sense, scope, nodes[j].value, &rules,
			    diag);
		}
	}
}
