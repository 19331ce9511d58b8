#include "model/check_rules.h"

#include <string.h>

#include "dns/message.h"
#include "model/reference.h"

static const char *
rule_name(const struct model_rule *rule)
{
	return rule->name.text == NULL ? "?" : rule->name.text;
}

/* Stars that are no wildcard. */

/* Whether a name has a "*" anywhere but as its whole first label. */
static bool
has_stray_star(const struct name *name)
{
	const uint8_t *from = name_is_wildcard(name->wire)
	    ? name_strip(name->wire, 1)
	    : name->wire;

	return memchr(from, '*', name_size(from)) != NULL;
}

static void
check_record_stars(const struct model_zone *zone, struct diag *diag)
{
	const struct model_record_set *sets = zone->record_sets.items;

	for (size_t i = 0; i < zone->record_sets.count; i++) {
		char text[SENSE_SET_TEXT];

		if (!has_stray_star(&sets[i].name))
			continue;
		diag_warning(diag, sets[i].mark,
		    "%s: it answers for this very name alone, for only a * "
		    "that is the whole first label is a wildcard",
		    sense_set_text(&sets[i], text));
	}
}

static void
check_rule_star(const struct model_rule *rule, struct diag *diag)
{
	char text[NAME_TEXT];

	if (!has_stray_star(&rule->dns_name.name))
		return;
	diag_warning(diag, rule->dns_name.mark,
	    "rule \"%s\" matches the very name %s alone, for only a * that is "
	    "the whole first label is a wildcard",
	    rule_name(rule), name_to_text(rule->dns_name.name.wire, text));
}

/* Bypass rules with nothing to bypass. */

/* The name below the "*" of a selector, or the whole of an exact one. */
static const uint8_t *
base_of(const struct model_rule *rule)
{
	const uint8_t *wire = rule->dns_name.name.wire;

	return name_is_wildcard(wire) ? name_strip(wire, 1) : wire;
}

/* The rules with a wildcard by the name below it; empty without memory. */
static struct tree
wildcard_rules(const struct model_response_policy *policy, struct arena *arena)
{
	const struct model_rule *rules = policy->rules.items;
	struct tree tree;

	if (!tree_init(&tree, policy->rules.count, arena))
		return (struct tree){.count = 0};
	for (size_t i = 0; i < policy->rules.count; i++) {
		if (name_is_wildcard(rules[i].dns_name.name.wire))
			tree_add(&tree, base_of(&rules[i]), &rules[i], arena);
	}
	tree_sort(&tree);
	return tree;
}

/* The rule that would match if the one with this base were not there. */
static const struct model_rule *
next_rule(const struct tree *wildcards, const uint8_t *base)
{
	const struct tree_node *node;

	if (*base == 0)
		return NULL;
	node = tree_find_above(wildcards, name_strip(base, 1));
	return node == NULL ? NULL : node->value;
}

static void
check_bypass(const struct tree *wildcards, const struct model_rule *rule,
    struct diag *diag)
{
	const struct model_rule *next = next_rule(wildcards, base_of(rule));
	char text[NAME_TEXT];

	if (!rule->bypass || (next != NULL && !next->bypass))
		return;
	diag_warning(diag, rule->mark,
	    "rule \"%s\" changes nothing: no other rule of the policy would "
	    "answer for %s",
	    rule_name(rule), name_to_text(rule->dns_name.name.wire, text));
	if (next != NULL) {
		diag_note(diag, next->mark,
		    "this rule bypasses the policy for it already");
	}
}

/* Rules that answer with an alias. */

static const struct model_record_set *
alias_of(const struct model_rule *rule)
{
	const struct model_record_set *sets = rule->local_datas.items;

	for (size_t i = 0; i < rule->local_datas.count; i++) {
		if (sets[i].type == TYPE_CNAME && sets[i].rdata_count == 1)
			return &sets[i];
	}
	return NULL;
}

/* What to write in place of an alias of one of Google's two names. */
static const struct vip {
	const char *name;
	const char *addresses;
} vips[] = {
    {"restricted.googleapis.com", "199.36.153.4 to 199.36.153.7"},
    {"private.googleapis.com", "199.36.153.8 to 199.36.153.11"},
};

static void
note_addresses(const struct model_record_set *alias, struct diag *diag)
{
	for (size_t i = 0; i < sizeof(vips) / sizeof(vips[0]); i++) {
		struct name name;

		if (name_from_text(&name, vips[i].name) == NAME_OK &&
		    name_equal(alias->rdata[0].bytes, name.wire)) {
			diag_note(diag, alias->mark,
			    "write type A in its place: %s is %s", vips[i].name,
			    vips[i].addresses);
			return;
		}
	}
	diag_note(diag, alias->mark, "write type A in its place");
}

static void
check_aliases(const struct model_response_policy *policy, enum chasing chasing,
    struct diag *diag)
{
	const struct model_rule *rules = policy->rules.items;
	const struct model_rule *first = NULL;
	size_t count = 0;

	for (size_t i = 0; i < policy->rules.count; i++) {
		if (alias_of(&rules[i]) != NULL && count++ == 0)
			first = &rules[i];
	}
	if (first == NULL)
		return;
	diag_warning(diag, alias_of(first)->mark,
	    "rule \"%s\" answers with an alias that nobody follows%s: clients "
	    "get no address",
	    rule_name(first),
	    chasing == CHASING_AUTO ? " until 2027-01-05" : "");
	note_addresses(alias_of(first), diag);
	if (count > 1) {
		diag_note(diag, policy->mark, "likewise %zu more of its rules",
		    count - 1);
	}
}

/* Endpoints of Private Service Connect behind a broad rule. */

/* Whether a rule answers with the endpoint's own address, as it would. */
static bool
leads_to(const struct model_rule *rule,
    const struct model_psc_endpoint *endpoint)
{
	const struct model_record_set *sets = rule->local_datas.items;
	const struct in_addr *in4 = &endpoint->address.addr.u.in4.sin_addr;

	for (size_t i = 0; i < rule->local_datas.count; i++) {
		if (sets[i].type == TYPE_A && sets[i].rdata_count == 1 &&
		    memcmp(sets[i].rdata[0].bytes, in4, sizeof(*in4)) == 0)
			return true;
	}
	return false;
}

static bool
is_endpoint_of(const struct sense *sense, const struct sense_scope *scope,
    const struct model_psc_endpoint *endpoint)
{
	return reference_network(sense->model, &endpoint->network) ==
	    scope->network;
}

static void
check_endpoint(const struct sense_scope *scope, const struct model_rule *rule,
    const struct model_psc_endpoint *endpoint, struct diag *diag)
{
	char text[SENSE_SCOPE_TEXT];

	diag_warning(diag, rule->mark,
	    "rule \"%s\" hides the names that the endpoint \"%s\" has in "
	    "p.googleapis.com in %s",
	    rule_name(rule),
	    endpoint->name.text == NULL ? "?" : endpoint->name.text,
	    sense_scope_text(scope, text));
	diag_note(diag, endpoint->mark, "the endpoint is here");
	diag_note(diag, rule->mark,
	    "add a rule for *.p.googleapis.com. with behavior: "
	    "bypassResponsePolicy");
}

static void
check_endpoints(const struct sense *sense, const struct sense_scope *scope,
    const struct tree *wildcards, struct diag *diag)
{
	const struct model_list *list = &sense->model->psc_endpoints;
	const struct model_psc_endpoint *endpoints = list->items;
	const struct tree_node *node;
	const struct model_rule *rule;
	struct name name;

	if (name_from_text(&name, "p.googleapis.com") != NAME_OK)
		return;
	node = tree_find_above(wildcards, name.wire);
	rule = node == NULL ? NULL : node->value;
	for (size_t i = 0; rule != NULL && !rule->bypass && i < list->count;
	     i++) {
		if (!is_endpoint_of(sense, scope, &endpoints[i]) ||
		    leads_to(rule, &endpoints[i]))
			continue;
		check_endpoint(scope, rule, &endpoints[i], diag);
		return;
	}
}

/* The first network where a policy holds and is asked, or NULL. */
static const struct sense_scope *
home_of(const struct sense *sense, const struct model_response_policy *policy)
{
	for (size_t i = 0; i < sense->networks; i++) {
		if (sense->items[i].policy == policy &&
		    sense->items[i].servers == NULL)
			return &sense->items[i];
	}
	return NULL;
}

static void
check_policy(const struct sense *sense,
    const struct model_response_policy *policy, struct diag *diag)
{
	const enum chasing chasing = sense->model->options.cname_chasing;
	const struct model_rule *rules = policy->rules.items;
	const struct sense_scope *home = home_of(sense, policy);
	const struct tree wildcards = wildcard_rules(policy, sense->arena);

	for (size_t i = 0; i < policy->rules.count; i++) {
		check_rule_star(&rules[i], diag);
		check_bypass(&wildcards, &rules[i], diag);
	}
	if (chasing != CHASING_PER_HOP)
		check_aliases(policy, chasing, diag);
	if (home != NULL)
		check_endpoints(sense, home, &wildcards, diag);
}

void
check_rules_all(const struct sense *sense, struct diag *diag)
{
	const struct model *model = sense->model;
	const struct model_response_policy *policies =
	    model->response_policies.items;
	const struct model_zone *zones = model->zones.items;

	for (size_t i = 0; i < model->zones.count; i++)
		check_record_stars(&zones[i], diag);
	for (size_t i = 0; i < model->response_policies.count; i++)
		check_policy(sense, &policies[i], diag);
}
