#include "model/check_vip.h"

#include <string.h>

#include "dns/message.h"
#include "model/preset.h"

enum { VIPS = PRESET_VIP_PRIVATE + 1, IN4_SIZE = 4, IN6_SIZE = 16 };

static const char *const vip_names[VIPS] = {
    [PRESET_VIP_NONE] = "neither",
    [PRESET_VIP_RESTRICTED] = "restricted.googleapis.com",
    [PRESET_VIP_PRIVATE] = "private.googleapis.com",
};

/* Addresses of one service; zone NULL: of a response policy's rule. */
struct found {
	const struct model_record_set *set; /* NULL: none */
	const struct sense_zone *zone;
};

/* What a zone, a policy or a network has of each service. */
struct mixture {
	struct found first[VIPS];
};

static bool
is_address(const struct model_record_set *set)
{
	return set->type == TYPE_A || set->type == TYPE_AAAA;
}

/* The later of two wins nothing: what was written first stays. */
static void
mixture_add(struct mixture *mixture, const struct model_record_set *set,
    const struct sense_zone *zone)
{
	for (size_t i = 0; is_address(set) && i < set->rdata_count; i++) {
		struct found *found =
		    &mixture->first[preset_vip(&set->rdata[i])];

		if (found->set == NULL)
			*found = (struct found){.set = set, .zone = zone};
	}
}

static void
mixture_add_list(struct mixture *mixture, const struct model_list *list,
    const struct sense_zone *zone)
{
	const struct model_record_set *sets = list->items;

	for (size_t i = 0; i < list->count; i++)
		mixture_add(mixture, &sets[i], zone);
}

static bool
is_mixed(const struct mixture *mixture)
{
	return mixture->first[PRESET_VIP_RESTRICTED].set != NULL &&
	    mixture->first[PRESET_VIP_PRIVATE].set != NULL;
}

/* What a preset makes stands nowhere; of the others, by file and line. */
static bool
is_before(const struct found *a, const struct found *b)
{
	const struct mark left = a->set->mark;
	const struct mark right = b->set->mark;

	if (left.file == NULL || right.file == NULL || left.file != right.file)
		return left.file == NULL && right.file != NULL;
	if (left.line != right.line)
		return left.line < right.line;
	return left.column < right.column;
}

static void
mixture_join(struct mixture *mixture, const struct mixture *other)
{
	for (size_t i = PRESET_VIP_RESTRICTED; i < VIPS; i++) {
		const struct found *found = &other->first[i];

		if (found->set != NULL &&
		    (mixture->first[i].set == NULL ||
			is_before(found, &mixture->first[i])))
			mixture->first[i] = *found;
	}
}

/* The zones of all networks, each looked through once. */
struct survey {
	const struct sense *sense;
	const struct mixture *own;	     /* as in the model's zones */
	const struct model_record_set *last; /* what was warned of last */
};

static struct mixture
zone_mixture(const struct survey *survey, const struct sense_zone *zone)
{
	struct mixture mixture = {.first[0].set = NULL};

	if (zone->own)
		return survey->own[zone - survey->sense->own];
	mixture_add_list(&mixture, &zone->zone->record_sets, zone);
	return mixture;
}

static void
add_rules(struct mixture *mixture, const struct model_response_policy *policy)
{
	const struct model_rule *rules = policy->rules.items;

	for (size_t i = 0; i < policy->rules.count; i++) {
		struct mixture rule = {.first[0].set = NULL};

		mixture_add_list(&rule, &rules[i].local_datas, NULL);
		mixture_join(mixture, &rule);
	}
}

static void
note_origin(const struct survey *survey, const struct found *found,
    enum preset_vip vip, struct mark fallback, struct diag *diag)
{
	const struct mark mode = survey->sense->model->mode_mark;
	char name[NAME_TEXT];

	if (found->set->mark.file != NULL) {
		diag_note(diag, found->set->mark, "those of %s are here",
		    vip_names[vip]);
	} else {
		diag_note(diag, mode.file != NULL ? mode : fallback,
		    "the mode gives %s those of %s",
		    name_to_text(found->set->name.wire, name), vip_names[vip]);
	}
}

static void
warn_of_mixture(struct survey *survey, const struct sense_scope *scope,
    const struct mixture *mixture, struct diag *diag)
{
	const struct found *one = &mixture->first[PRESET_VIP_RESTRICTED];
	const struct found *two = &mixture->first[PRESET_VIP_PRIVATE];
	const bool swap = is_before(two, one);
	const struct found *later = swap ? one : two;
	char text[SENSE_SCOPE_TEXT];

	if (later->set == survey->last ||
	    (later->zone != NULL && !sense_once(later->zone, SENSE_SAID_MIXES)))
		return;
	survey->last = later->set;
	diag_warning(diag, later->set->mark,
	    "addresses of %s in %s, which has those of %s as well: use those "
	    "of one only",
	    vip_names[swap ? PRESET_VIP_RESTRICTED : PRESET_VIP_PRIVATE],
	    sense_scope_text(scope, text),
	    vip_names[swap ? PRESET_VIP_PRIVATE : PRESET_VIP_RESTRICTED]);
	note_origin(survey, swap ? two : one,
	    swap ? PRESET_VIP_PRIVATE : PRESET_VIP_RESTRICTED, later->set->mark,
	    diag);
}

static void
check_mixture(struct survey *survey, const struct sense_scope *scope,
    struct diag *diag)
{
	const struct tree *zones = &scope->zones;
	struct mixture all = {.first[0].set = NULL};

	for (size_t i = 0; i < zones->count; i++) {
		const struct sense_zone *zone = zones->nodes[i].value;
		const struct mixture mixture = zone_mixture(survey, zone);
		const struct tree_node *parent = zones->nodes[i].parent;

		/* Neither one that is replaced nor one that mixes itself. */
		if ((parent != NULL && parent->size == zones->nodes[i].size) ||
		    is_mixed(&mixture))
			continue;
		mixture_join(&all, &mixture);
	}
	if (scope->policy != NULL)
		add_rules(&all, scope->policy);
	if (is_mixed(&all))
		warn_of_mixture(survey, scope, &all, diag);
}

static void
check_mixtures(const struct sense *sense, struct diag *diag)
{
	const size_t count = sense->model->zones.count;
	struct mixture *own = arena_calloc(sense->arena, count, sizeof(*own));
	struct survey survey = {.sense = sense, .own = own};

	if (own == NULL)
		return;
	for (size_t i = 0; i < count; i++) {
		mixture_add_list(&own[i], &sense->own[i].zone->record_sets,
		    &sense->own[i]);
	}
	for (size_t i = 0; i < sense->count; i++) {
		if (sense->items[i].servers == NULL)
			check_mixture(&survey, &sense->items[i], diag);
	}
}

/* Private A records beside public AAAA records. */

/* RFC 1918, RFC 6598, and the addresses of Google's two services. */
static bool
is_private_in4(const struct rdata *rdata)
{
	const uint8_t *in4 = rdata->bytes;

	return rdata->len == IN4_SIZE &&
	    (in4[0] == 10 || (in4[0] == 172 && (in4[1] & 0xf0) == 16) ||
		(in4[0] == 192 && in4[1] == 168) ||
		(in4[0] == 100 && (in4[1] & 0xc0) == 64) ||
		preset_vip(rdata) != PRESET_VIP_NONE);
}

/*
 * RFC 4291 section 2.4: what is global unicast today begins with 001; but for
 * what stands in documents, RFC 3849.
 */
static bool
is_public_in6(const struct rdata *rdata)
{
	static const uint8_t documents[] = {0x20, 0x01, 0x0d, 0xb8};

	return rdata->len == IN6_SIZE && (rdata->bytes[0] & 0xe0) == 0x20 &&
	    memcmp(rdata->bytes, documents, sizeof(documents)) != 0;
}

/* Whether clients that prefer IPv6 leave the path of an A record. */
static bool
leads_away(const struct rdata *in4, const struct rdata *in6)
{
	if (!is_private_in4(in4) || !is_public_in6(in6))
		return false;
	/* Both services' addresses at once are a mixture already. */
	return preset_vip(in4) == PRESET_VIP_NONE ||
	    preset_vip(in6) == PRESET_VIP_NONE;
}

static void
check_pair(const struct model_record_set *a,
    const struct model_record_set *aaaa, struct diag *diag)
{
	char text[SENSE_SET_TEXT];

	if (a->rdata_count == 0 || aaaa->rdata_count == 0 ||
	    !leads_away(&a->rdata[0], &aaaa->rdata[0]))
		return;
	diag_warning(diag, aaaa->mark,
	    "%s: the address is public and the one of type A private, which "
	    "clients that have IPv6 then do not use",
	    sense_set_text(aaaa, text));
	diag_note(diag, a->mark, "the private address is here");
}

/* The set of type A at the same name, or NULL. */
static const struct model_record_set *
beside(const struct tree *records, const struct model_record_set *aaaa)
{
	const struct tree_node *node = tree_find(records, aaaa->name.wire);

	for (; node != NULL; node = tree_twin(records, node)) {
		const struct model_record_set *set = node->value;

		if (set->type == TYPE_A)
			return set;
	}
	return NULL;
}

static void
check_zone_pairs(const struct sense *sense, const struct sense_zone *zone,
    struct diag *diag)
{
	const struct model_record_set *sets = zone->zone->record_sets.items;

	for (size_t i = 0; i < zone->zone->record_sets.count; i++) {
		const struct model_record_set *a;

		if (sets[i].type != TYPE_AAAA || sets[i].rdata_count == 0 ||
		    !is_public_in6(&sets[i].rdata[0]))
			continue;
		a = beside(sense_records(sense, zone), &sets[i]);
		if (a != NULL)
			check_pair(a, &sets[i], diag);
	}
}

static const struct model_record_set *
local_data(const struct model_rule *rule, uint16_t type)
{
	const struct model_record_set *sets = rule->local_datas.items;

	for (size_t i = 0; i < rule->local_datas.count; i++) {
		if (sets[i].type == type)
			return &sets[i];
	}
	return NULL;
}

static void
check_policy_pairs(const struct model_response_policy *policy,
    struct diag *diag)
{
	const struct model_rule *rules = policy->rules.items;

	for (size_t i = 0; i < policy->rules.count; i++) {
		const struct model_record_set *a =
		    local_data(&rules[i], TYPE_A);
		const struct model_record_set *aaaa =
		    local_data(&rules[i], TYPE_AAAA);

		if (a != NULL && aaaa != NULL)
			check_pair(a, aaaa, diag);
	}
}

/* A type that a rule lacks comes from elsewhere when so asked for. */
static void
check_missing(const struct model_response_policy *policy, struct diag *diag)
{
	const struct model_rule *rules = policy->rules.items;

	for (size_t i = 0; i < policy->rules.count; i++) {
		const struct model_record_set *a =
		    local_data(&rules[i], TYPE_A);

		if (a == NULL || a->rdata_count == 0 ||
		    !is_private_in4(&a->rdata[0]) ||
		    local_data(&rules[i], TYPE_AAAA) != NULL)
			continue;
		diag_warning(diag, rules[i].mark,
		    "response_policy_missing_type: resolve lets AAAA records "
		    "through beside the private address of this rule, which "
		    "clients that have IPv6 then do not use");
		return;
	}
}

void
check_vip_addresses(const struct sense *sense, struct diag *diag)
{
	const struct model *model = sense->model;
	const struct model_response_policy *policies =
	    model->response_policies.items;

	check_mixtures(sense, diag);
	for (size_t i = 0; i < model->zones.count; i++)
		check_zone_pairs(sense, &sense->own[i], diag);
	for (size_t i = 0; i < model->response_policies.count; i++) {
		check_policy_pairs(&policies[i], diag);
		if (model->options.response_policy_missing_type ==
		    MISSING_RESOLVE)
			check_missing(&policies[i], diag);
	}
}
