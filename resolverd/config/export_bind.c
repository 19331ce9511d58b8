#include "config/export_bind.h"

#include <inttypes.h>

#include "config/export_tell.h"
#include "config/export_text.h"
#include "dns/message.h"
#include "model/defaults.h"

const char *
export_bind_zone_file(struct export *export, const struct export_zone *zone)
{
	const char *const text =
	    arena_printf(&export->arena, "%s.zone", zone->name);

	return text == NULL ? "" : text;
}

const char *
export_bind_policy_file(struct export *export,
    const struct export_response_policy *policy)
{
	const char *const text =
	    arena_printf(&export->arena, "%s.rpz", policy->name);

	return text == NULL ? "" : text;
}

bool
export_bind_has_file(const struct export_zone *zone)
{
	return zone->zone->kind == MODEL_ZONE_PRIVATE;
}

/* Records. */

static void
put_records(struct export *export, const char *owner,
    const struct model_record_set *set)
{
	struct arena *const arena = &export->arena;
	const char *const type = export_text_type(arena, set->type);
	const char **const texts =
	    export_text_rdatas(arena, set->type, set->rdata, set->rdata_count);

	for (size_t i = 0; i < set->rdata_count && texts[i] != NULL; i++) {
		fprintf(export->out, "%s %" PRIu32 " IN %s %s\n", owner,
		    set->ttl, type, texts[i]);
	}
}

/* Who would get which answer, as comments. */
static void
put_routing(struct export *export, const char *owner,
    const struct model_record_set *set)
{
	struct arena *const arena = &export->arena;
	const struct model_list *const list = &set->routing->items;
	const struct model_routing_item *const items = list->items;
	const char *const type = export_text_type(arena, set->type);

	export_tell_lost(export, set->mark,
	    "%s %s is left out: a master file has no routing policies", owner,
	    type);
	for (size_t i = 0; i < list->count; i++) {
		const char **const texts = export_text_rdatas(arena, set->type,
		    items[i].rdata, items[i].rdata_count);
		const char *const key = items[i].location.text != NULL
		    ? items[i].location.text
		    : export_text_ratio(arena, items[i].weight);

		for (size_t k = 0; texts[k] != NULL; k++) {
			export_tell_note(export, "%s %" PRIu32 " IN %s %s (%s)",
			    owner, set->ttl, type, texts[k], key);
		}
	}
}

static void
put_set(struct export *export, const struct model_record_set *set)
{
	const char *const owner = export_text_name(&export->arena, &set->name);

	if (set->routing != NULL) {
		put_routing(export, owner, set);
	} else {
		put_records(export, owner, set);
	}
}

/* What Cloud DNS has at the apex by itself, or the zone's own in its place. */
static void
put_apex(struct export *export, const struct model_zone *zone, uint16_t type,
    const struct rdata *usual)
{
	const struct model_record_set *const own =
	    defaults_apex_set(zone, type);
	const struct model_record_set set = {
	    .name = zone->dns_name.name,
	    .type = type,
	    .ttl = DEFAULTS_APEX_TTL,
	    .rdata = usual,
	    .rdata_count = 1,
	};

	put_set(export, own != NULL ? own : &set);
}

static bool
is_apex_set(const struct model_zone *zone, const struct model_record_set *set)
{
	return defaults_apex_set(zone, set->type) == set &&
	    (set->type == TYPE_SOA || set->type == TYPE_NS);
}

void
export_bind_write_zone(struct export *export, const struct export_zone *zone,
    FILE *out)
{
	const struct model_zone *const own = zone->zone;
	const struct model_record_set *const sets = own->record_sets.items;

	export->out = out;
	export->comment = "; ";
	export_tell_note(export, "Made by resolverctl export: zone %s.",
	    zone->name);
	put_apex(export, own, TYPE_SOA, &defaults_soa);
	put_apex(export, own, TYPE_NS, &defaults_ns);
	for (size_t i = 0; i < own->record_sets.count; i++) {
		if (!is_apex_set(own, &sets[i]))
			put_set(export, &sets[i]);
	}
}

/* Response policy zones. */

/* The selector as a name in the zone; NULL when that is too long. */
static const char *
trigger(struct export *export, const char *policy,
    const struct model_rule *rule)
{
	struct name name;
	const char *const text = arena_printf(&export->arena, "%s%s.rpz.",
	    export_text_name(&export->arena, &rule->dns_name.name), policy);

	if (text != NULL && name_from_text(&name, text) == NAME_OK)
		return text;
	export_tell_lost(export, rule->mark,
	    "the rule for %s is left out: its name is too long for a response "
	    "policy zone",
	    export_text_name(&export->arena, &rule->dns_name.name));
	return NULL;
}

static void
put_rule(struct export *export, const char *policy,
    const struct model_rule *rule)
{
	const struct model_record_set *const sets = rule->local_datas.items;
	const char *const owner = trigger(export, policy, rule);

	if (owner == NULL)
		return;
	if (rule->bypass) {
		fprintf(export->out, "%s %d IN CNAME rpz-passthru.\n", owner,
		    DEFAULTS_APEX_TTL);
	}
	for (size_t i = 0; i < rule->local_datas.count; i++)
		put_records(export, owner, &sets[i]);
}

void
export_bind_write_policy(struct export *export,
    const struct export_response_policy *policy, FILE *out)
{
	const struct model_list *const list = &policy->policy->rules;
	const struct model_rule *const rules = list->items;

	export->out = out;
	export->comment = "; ";
	export_tell_note(export,
	    "Made by resolverctl export: response policy %s.", policy->name);
	export_tell_note(export,
	    "BIND follows the aliases of a rule; Cloud DNS does only from "
	    "2027-01-05.");
	fprintf(out,
	    "%s.rpz. %d IN SOA localhost. hostmaster.localhost. 1 21600 3600 "
	    "259200 300\n"
	    "%s.rpz. %d IN NS localhost.\n",
	    policy->name, DEFAULTS_APEX_TTL, policy->name, DEFAULTS_APEX_TTL);
	for (size_t i = 0; i < list->count; i++)
		put_rule(export, policy->name, &rules[i]);
}
