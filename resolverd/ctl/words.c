#include "ctl/words.h"

#include <stddef.h>
#include <string.h>

#include "base/addr.h"
#include "core/order.h"
#include "core/policy.h"
#include "core/server.h"
#include "ctl/fault_words.h"
#include "ctl/response.h"
#include "dns/name.h"
#include "dns/rdata.h"

static const struct stage_words {
	unsigned stage;
	const char *number;
	const char *key;
	const char *title;
	const char *absent; /* when there is nothing to look into */
	const char *none;   /* when nothing of it matches */
} stages[] = {
    {STAGE_CLUSTER_RULE, "c1", "cluster_response_policy",
	"Cluster response policy", "the cluster has no response policy",
	"no rule matches"},
    {STAGE_CLUSTER_ZONE, "c2", "cluster_zones", "Cluster private zones",
	"the cluster has no zones", "no zone matches"},
    {STAGE_SERVERS, "1", "alternative_name_servers", "Alternative name servers",
	"none: no outbound server policy", ""},
    {STAGE_RULE, "2", "response_policy", "Response policy",
	"the network has none", "no rule matches"},
    {STAGE_ZONE, "3", "zones", "Managed private zones", "the network has none",
	"no zone matches"},
    {STAGE_INTERNAL, "4", "internal_dns", "Compute Engine internal",
	"the network has no VMs", "no zone matches"},
    {STAGE_PUBLIC, "5", "public_dns", "Public DNS", "", ""},
};

static const struct stage_words *
stage_find(unsigned stage)
{
	size_t i = 0;

	while (stages[i].stage != stage && stages[i].stage != STAGE_PUBLIC)
		i++;
	return &stages[i];
}

const char *
words_number(unsigned stage)
{
	return stage_find(stage)->number;
}

const char *
words_title(unsigned stage)
{
	return stage_find(stage)->title;
}

const char *
words_key(unsigned stage)
{
	return stage_find(stage)->key;
}

const char *
words_place(const struct words *words, struct mark mark)
{
	if (mark.file == NULL)
		return "built in";
	if (mark.line == 0)
		return mark.file;
	return arena_printf(words->arena, "%s:%u", mark.file, mark.line);
}

const char *
words_name(const struct words *words, const uint8_t *name)
{
	char text[NAME_TEXT];

	return arena_strdup(words->arena, name_to_text(name, text));
}

static const char *
type_name(const struct words *words)
{
	char text[RDATA_TYPE_TEXT];

	return arena_strdup(words->arena,
	    rdata_type_to_text(words->type, text));
}

const char *
words_zone_key(enum zone_kind kind)
{
	static const char *const keys[] = {
	    [ZONE_PRIVATE] = "private",
	    [ZONE_FORWARDING] = "forwarding",
	    [ZONE_PEERING] = "peering",
	    [ZONE_INTERNAL] = "internal",
	};

	return keys[kind];
}

const char *
words_zone(const struct words *words, const struct zone *zone)
{
	const char *apex = words_name(words, zone->apex);

	if (zone->name == NULL || zone->name[0] == '\0') {
		return arena_printf(words->arena, "%s zone %s",
		    words_zone_key(zone->kind), apex);
	}
	return arena_printf(words->arena, "%s zone \"%s\" (%s)",
	    words_zone_key(zone->kind), zone->name, apex);
}

const char *
words_policy(const struct words *words, const struct story_step *step)
{
	const struct scope *scope = NULL;

	if (step->stage == STAGE_CLUSTER_RULE)
		scope = words->view->cluster;
	if (step->stage == STAGE_RULE)
		scope = &step->network->scope;
	return scope == NULL || scope->policy == NULL ? NULL
						      : scope->policy->name;
}

const char *
words_rule(const struct words *words, const struct story_step *step)
{
	const struct rule *rule = step->sighting->rule;
	const char *policy = words_policy(words, step);

	return arena_printf(words->arena,
	    "rule \"%s\" (%s) of response policy \"%s\"",
	    rule->name == NULL ? "" : rule->name,
	    words_name(words, rule->selector), policy == NULL ? "" : policy);
}

static const char *
server_name(const struct words *words, const struct upstream_server *server)
{
	char text[SERVER_TEXT];

	return arena_strdup(words->arena, server_format(server, text));
}

/* The servers of a group: "10.0.0.2 and 10.0.0.3". */
static const char *
group_names(const struct words *words, const struct upstream_group *group)
{
	const char *names = server_name(words, &group->servers[0]);

	for (unsigned i = 1; i < group->count && names != NULL; i++) {
		names = arena_printf(words->arena, "%s%s%s", names,
		    i + 1 == group->count ? " and " : ", ",
		    server_name(words, &group->servers[i]));
	}
	return names;
}

static const char *
match_servers(const struct words *words, const struct story_step *step)
{
	const char *policy = step->network->server_policy;

	return arena_printf(words->arena,
	    "outbound server policy \"%s\": every query goes to %s, and "
	    "nothing below is consulted",
	    policy == NULL ? "" : policy,
	    group_names(words, step->sighting->group));
}

static const char *
match_rule(const struct words *words, const struct story_step *step)
{
	return arena_printf(words->arena,
	    "%s matches and answers from its "
	    "local data",
	    words_rule(words, step));
}

static const char *
match_zone(const struct words *words, const struct story_step *step)
{
	return arena_printf(words->arena, "%s is the longest match",
	    words_zone(words, step->sighting->zone));
}

static const char *
match_public(const struct words *words, const struct story_step *step)
{
	const struct upstream_group *group = step->sighting->group;

	if (group == NULL)
		return "no upstream server is known";
	return arena_printf(words->arena, "looked up by way of %s",
	    group_names(words, group));
}

static const char *
words_match(const struct words *words, const struct story_step *step)
{
	if (step->sighting->rule != NULL)
		return match_rule(words, step);
	if (step->sighting->zone != NULL)
		return match_zone(words, step);
	if (step->stage == STAGE_SERVERS)
		return match_servers(words, step);
	return match_public(words, step);
}

static const char *
words_bypass(const struct words *words, const struct story_step *step)
{
	const char *rule = words_rule(words, step);

	if (step->sighting->rule->bypass) {
		return arena_printf(words->arena,
		    "%s matches and says to bypass the policy: on to the next "
		    "step",
		    rule);
	}
	return arena_printf(words->arena,
	    "%s matches but has no %s data, and response_policy_missing_type "
	    "is 'resolve': on to the next step",
	    rule, type_name(words));
}

static const char *
words_none(const struct words *words, const struct story_step *step)
{
	const char *none = stage_find(step->stage)->none;
	const char *policy = words_policy(words, step);

	if (policy == NULL)
		return none;
	return arena_printf(words->arena, "\"%s\": %s", policy, none);
}

const char *
words_step(const struct words *words, const struct story_step *step)
{
	if (step->sighting == NULL)
		return "not consulted";
	switch (step->sighting->finding) {
	case FINDING_ABSENT:
		return stage_find(step->stage)->absent;
	case FINDING_NONE:
		return words_none(words, step);
	case FINDING_MATCH:
		return words_match(words, step);
	case FINDING_BYPASS:
		return words_bypass(words, step);
	case FINDING_WEAKER:
		return arena_printf(words->arena,
		    "%s matches, but an internal zone is longer",
		    words_zone(words, step->sighting->zone));
	case FINDING_LEFT_OUT:
		return "not searched for this CNAME's target";
	}
	return "";
}

/* The table of the fact sheet's section 1.5, a row each, in words. */
static const struct {
	const char *key;
	const char *from;
	const char *classic;
	const char *per_hop;
} chases[SOURCES] = {
    [SOURCE_ZONE] = {"private_zone", "a private zone",
	"its target is searched only in private zones, forwarding and peering "
	"zones included",
	"its target goes through the whole order again"},
    [SOURCE_FORWARD] = {"forwarding_zone", "a forwarding zone's target",
	"nobody looks up its target, and the answer is returned as it is",
	"its target goes through the whole order again"},
    [SOURCE_RULE] = {"response_policy", "a response policy",
	"nobody looks up its target, and the CNAME is returned alone",
	"its target goes through the whole order again"},
    [SOURCE_SERVERS] = {"alternative_name_servers",
	"an alternative name server", "its answer is returned as it is",
	"its answer is returned as it is"},
    [SOURCE_INTERNAL] = {"internal_dns", "Compute Engine internal DNS",
	"nobody looks up its target, and the CNAME is returned alone",
	"its target goes through the whole order again"},
    [SOURCE_PUBLIC] = {"public_dns", "public DNS",
	"its target is searched in internal and public DNS only, not in "
	"response policies and private zones",
	"its target goes through the whole order again"},
};

const char *
words_source_key(enum source source)
{
	return chases[source].key;
}

const char *
words_chase_key(enum chase_mode mode)
{
	switch (mode) {
	case CHASE_CLASSIC:
		return "classic";
	case CHASE_PER_HOP:
		return "per_hop";
	}
	return "";
}

static const char *
words_alias(const struct words *words, const struct sighting *sighting)
{
	const char *target = words_name(words, sighting->name);

	switch (words->chase) {
	case CHASE_CLASSIC:
		return arena_printf(words->arena,
		    "the CNAME to %s came from %s: until 2027-01-04 %s", target,
		    chases[sighting->source].from,
		    chases[sighting->source].classic);
	case CHASE_PER_HOP:
		return arena_printf(words->arena,
		    "the CNAME to %s came from %s: from 2027-01-05 on %s",
		    target, chases[sighting->source].from,
		    chases[sighting->source].per_hop);
	}
	return "";
}

/* A name or rule that stands for others is worth a word. */
static const char *
words_found(const struct words *words, const struct sighting *sighting,
    const char *what)
{
	if (sighting->name == NULL || !name_is_wildcard(sighting->name))
		return what;
	return arena_printf(words->arena, "%s by the wildcard %s", what,
	    words_name(words, sighting->name));
}

static const char *
words_lookup(const struct words *words, const struct sighting *sighting)
{
	switch (sighting->lookup) {
	case LOOKUP_FOUND:
		return words_found(words, sighting, "found");
	case LOOKUP_ALIAS:
		return words_found(words, sighting, "a CNAME");
	case LOOKUP_NODATA:
		if (sighting->rule != NULL) {
			return arena_printf(words->arena,
			    "it has no %s data: NOERROR with an empty answer, "
			    "and the search ends here",
			    type_name(words));
		}
		return arena_printf(words->arena,
		    "the name exists without %s records: NOERROR with an empty "
		    "answer, and the search ends here",
		    type_name(words));
	case LOOKUP_NXDOMAIN:
		return "the zone has no such name: NXDOMAIN, and the search "
		       "ends here; neither a shorter zone nor public DNS is "
		       "asked";
	}
	return "";
}

bool
words_joined(const struct sighting *sighting, const struct sighting *next)
{
	return sighting->kind == WITNESS_ASK && next != NULL &&
	    (next->kind == WITNESS_HEARD || next->kind == WITNESS_SILENT) &&
	    sighting->server == next->server;
}

/* How a server was asked, where its name does not say it. */
static const char *
words_carrier(const struct sighting *sighting)
{
	if (sighting->carrier == sighting->server->carrier)
		return "";
	switch (sighting->carrier) {
	case CARRIER_UDP:
		return " in the clear";
	case CARRIER_TCP:
		return " by TCP";
	case CARRIER_TLS:
		return " by TLS";
	}
	return "";
}

static const char *
words_ask(const struct words *words, const struct sighting *sighting,
    const struct sighting *next)
{
	const char *how = words_carrier(sighting);
	const char *server = server_name(words, sighting->server);
	char rcode[RESPONSE_RCODE_TEXT];

	if (!words_joined(sighting, next))
		return arena_printf(words->arena, "asked %s%s", server, how);
	if (next->kind == WITNESS_SILENT) {
		return arena_printf(words->arena,
		    "asked %s%s: no answer in "
		    "time",
		    server, how);
	}
	return arena_printf(words->arena, "asked %s%s: %s", server, how,
	    response_rcode(next->number, rcode));
}

static const char *
words_outcome(const struct words *words, const struct sighting *sighting)
{
	const char *server = server_name(words, sighting->server);
	char rcode[RESPONSE_RCODE_TEXT];

	if (sighting->kind == WITNESS_SILENT) {
		return arena_printf(words->arena, "%s did not answer in time",
		    server);
	}
	return arena_printf(words->arena, "%s answered: %s", server,
	    response_rcode(sighting->number, rcode));
}

const char *
words_detail(const struct words *words, const struct sighting *sighting,
    const struct sighting *next)
{
	switch (sighting->kind) {
	case WITNESS_HOP:
	case WITNESS_STAGE:
		return "";
	case WITNESS_FAULT:
		return fault_words_tell(words, sighting->fault);
	case WITNESS_LOOKUP:
		return words_lookup(words, sighting);
	case WITNESS_PEER:
		return arena_printf(words->arena,
		    "resolution starts anew in network \"%s\"",
		    sighting->network->name);
	case WITNESS_CACHE:
		return arena_printf(words->arena,
		    "an answer kept for %u s is used", sighting->number);
	case WITNESS_STALE:
		return arena_printf(words->arena,
		    "the servers do not answer, so an answer is used that is "
		    "%u s past its time",
		    sighting->number);
	case WITNESS_JOIN:
		return "the same question is on its way already";
	case WITNESS_ASK:
		return words_ask(words, sighting, next);
	case WITNESS_HEARD:
	case WITNESS_SILENT:
		return words_outcome(words, sighting);
	case WITNESS_ALIAS:
		return words_alias(words, sighting);
	case WITNESS_CUT:
		return arena_printf(words->arena,
		    "what the server before said of %s is not used: the name "
		    "is looked up here",
		    words_name(words, sighting->name));
	case WITNESS_INSIDE:
		return sighting->number == 1
		    ? "inside addresses from outside are left out: "
		      "rebind_protection"
		    : "inside addresses from outside: rebind_protection logs "
		      "them";
	case WITNESS_DNS64:
		return "no AAAA record: DNS64 looks for A records to make "
		       "some of";
	case WITNESS_FAIL:
		return sighting->text;
	}
	return "";
}

const char *
words_finding_key(const struct sighting *sighting)
{
	static const char *const keys[] = {
	    [FINDING_ABSENT] = "absent",
	    [FINDING_NONE] = "none",
	    [FINDING_MATCH] = "match",
	    [FINDING_BYPASS] = "bypass",
	    [FINDING_WEAKER] = "weaker",
	    [FINDING_LEFT_OUT] = "left_out",
	};

	return sighting == NULL ? "not_consulted" : keys[sighting->finding];
}

const char *
words_lookup_key(enum lookup lookup)
{
	static const char *const keys[] = {
	    [LOOKUP_FOUND] = "found",
	    [LOOKUP_ALIAS] = "alias",
	    [LOOKUP_NODATA] = "nodata",
	    [LOOKUP_NXDOMAIN] = "nxdomain",
	};

	return keys[lookup];
}

const char *
words_kind_key(enum witness_kind kind)
{
	static const char *const keys[] = {
	    [WITNESS_FAULT] = "fault",
	    [WITNESS_HOP] = "hop",
	    [WITNESS_STAGE] = "stage",
	    [WITNESS_LOOKUP] = "lookup",
	    [WITNESS_PEER] = "peering",
	    [WITNESS_CACHE] = "cache",
	    [WITNESS_STALE] = "stale",
	    [WITNESS_JOIN] = "joined",
	    [WITNESS_ASK] = "asked",
	    [WITNESS_HEARD] = "answered",
	    [WITNESS_SILENT] = "silent",
	    [WITNESS_ALIAS] = "alias",
	    [WITNESS_CUT] = "cut",
	    [WITNESS_INSIDE] = "inside_addresses",
	    [WITNESS_DNS64] = "dns64",
	    [WITNESS_FAIL] = "failed",
	};

	return keys[kind];
}
