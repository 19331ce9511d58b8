#include "model/check_policy.h"
#include "model/audience.h"

#include "dns/message.h"
#include "dns/rdata.h"
#include "model/check_form.h"
#include "model/check_network.h"
#include "model/check_routing.h"
#include "model/check_target.h"
#include "model/check_zone.h"
#include "model/uniques.h"

/* Rules. */

static bool
check_local_set(const struct model_rule *rule,
    const struct model_record_set *set, struct diag *diag)
{
	char text[NAME_TEXT];
	char type[RDATA_TYPE_TEXT];

	if (set->type == TYPE_SOA || set->type == TYPE_NS) {
		return diag_error(diag, set->mark,
		    "local data cannot be of type %s",
		    rdata_type_to_text(set->type, type));
	}
	if (rule->dns_name.mark.file != NULL &&
	    !name_equal(set->name.wire, rule->dns_name.name.wire)) {
		diag_error(diag, set->mark,
		    "local data for %s in a rule for another name: the two "
		    "must be the same",
		    name_to_text(set->name.wire, text));
		diag_note(diag, rule->dns_name.mark, "the rule is for %s",
		    name_to_text(rule->dns_name.name.wire, text));
		return false;
	}
	if (set->type == TYPE_CNAME && set->routing == NULL &&
	    set->rdata_count != 1) {
		return diag_error(diag, set->mark,
		    "a CNAME has exactly one value");
	}
	return check_zone_values(set, diag) && check_routing_policy(set, diag);
}

static void
check_rule(const struct model_rule *rule, struct diag *diag)
{
	const struct model_record_set *sets = rule->local_datas.items;
	const size_t errors = diag->errors;

	check_form_resource(&rule->name, diag);
	if (rule->bypass && rule->local_datas.count > 0) {
		diag_error(diag, rule->mark,
		    "a rule has local_data or behavior: "
		    "bypassResponsePolicy, not both");
	}
	for (size_t i = 0; i < rule->local_datas.count; i++)
		check_local_set(rule, &sets[i], diag);
	if (diag->errors == errors)
		check_zone_between(&rule->local_datas, rule->mark, diag);
}

static void
check_rules(const struct model_response_policy *policy, struct arena *scratch,
    struct diag *diag)
{
	const struct model_rule *rules = policy->rules.items;
	const size_t count = policy->rules.count;
	struct uniques names = uniques_for(scratch, count);
	struct uniques selectors = uniques_for(scratch, count);

	for (size_t i = 0; i < count; i++) {
		check_rule(&rules[i], diag);
		uniques_add(&names,
		    &(struct unique){
			.text = rules[i].name.text,
			.owner = "rule",
			.mark = rules[i].name.mark,
		    });
		if (rules[i].dns_name.mark.file == NULL)
			continue;
		uniques_add(&selectors,
		    &(struct unique){
			.name = &rules[i].dns_name.name,
			.owner = "a rule for",
			.mark = rules[i].dns_name.mark,
		    });
	}
	uniques_check(&names, uniques_declared_twice, diag);
	uniques_check(&selectors, uniques_declared_twice, diag);
}

/* One a network, one a cluster. */

/* A policy of either kind, as far as this goes. */
struct holder {
	const char *what; /* "response policy" */
	const struct model_text *name;
	const struct model_visibility *visibility;
	struct mark mark;
};

static void
second_one(const struct holder *first, const struct holder *second,
    const struct audience *audience, struct diag *diag)
{
	diag_error(diag, second->mark,
	    "a second %s in %s \"%s\", which can have only one", second->what,
	    audience->kind, audience->name);
	diag_note(diag, first->mark, "the first one is \"%s\"",
	    first->name->text == NULL ? "" : first->name->text);
}

static void
check_audience(const struct audience *audience, const struct holder *holders,
    size_t count, struct diag *diag)
{
	const struct holder *first = NULL;

	for (size_t i = 0; i < count; i++) {
		if (!audience_sees(audience, holders[i].visibility))
			continue;
		if (first != NULL) {
			second_one(first, &holders[i], audience, diag);
		} else {
			first = &holders[i];
		}
	}
}

static void
check_one_each(const struct model *model, const struct holder *holders,
    size_t count, struct diag *diag)
{
	for (size_t i = 0; i < audience_count(model); i++) {
		const struct audience audience = audience_at(model, i);

		check_audience(&audience, holders, count, diag);
	}
}

static void
check_holders(const struct model *model, const struct holder *holders,
    size_t count, struct arena *scratch, struct diag *diag)
{
	struct uniques names = uniques_for(scratch, count);

	for (size_t i = 0; i < count; i++) {
		check_form_resource(holders[i].name, diag);
		check_network_visibility(model, holders[i].visibility, diag);
		uniques_add(&names,
		    &(struct unique){
			.text = holders[i].name->text,
			.owner = holders[i].what,
			.mark = holders[i].name->mark,
		    });
	}
	uniques_check(&names, uniques_declared_twice, diag);
	check_one_each(model, holders, count, diag);
}

void
check_policy_responses(const struct model *model, struct arena *scratch,
    struct diag *diag)
{
	const struct model_response_policy *policies =
	    model->response_policies.items;
	const size_t count = model->response_policies.count;
	struct holder *holders = arena_calloc(scratch, count, sizeof(*holders));

	if (holders == NULL)
		return;
	for (size_t i = 0; i < count; i++) {
		holders[i] = (struct holder){
		    .what = "response policy",
		    .name = &policies[i].name,
		    .visibility = &policies[i].visibility,
		    .mark = policies[i].mark,
		};
	}
	check_holders(model, holders, count, scratch, diag);
	for (size_t i = 0; i < count; i++)
		check_rules(&policies[i], scratch, diag);
}

static void
check_alternatives(const struct model_policy *policy, struct diag *diag)
{
	const struct model_target *targets = policy->targets.items;

	for (size_t i = 0; i < policy->targets.count; i++) {
		if (targets[i].domain_name.mark.file != NULL) {
			diag_error(diag, targets[i].domain_name.mark,
			    "an alternative name server is given by its "
			    "address: domain_name is for forwarding zones");
		} else {
			check_target_server(&targets[i],
			    "an alternative name server", diag);
		}
	}
}

void
check_policy_servers(const struct model *model, struct arena *scratch,
    struct diag *diag)
{
	const struct model_policy *policies = model->policies.items;
	const size_t count = model->policies.count;
	struct holder *holders = arena_calloc(scratch, count, sizeof(*holders));

	if (holders == NULL)
		return;
	for (size_t i = 0; i < count; i++) {
		holders[i] = (struct holder){
		    .what = "policy",
		    .name = &policies[i].name,
		    .visibility = &policies[i].visibility,
		    .mark = policies[i].mark,
		};
		check_alternatives(&policies[i], diag);
	}
	check_holders(model, holders, count, scratch, diag);
}
