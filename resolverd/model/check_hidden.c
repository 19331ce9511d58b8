#include "model/check_hidden.h"

/* One network or cluster under the check. */
struct hiding {
	const struct sense *sense;
	const struct sense_scope *scope;
	char text[SENSE_SCOPE_TEXT];
	struct diag *diag;
};

static bool
is_private(const struct sense_zone *zone)
{
	return zone->zone->kind == MODEL_ZONE_PRIVATE;
}

/* The first record that a zone has at or below a name, or NULL. */
static const struct tree_node *
records_below(const struct hiding *hiding, const struct sense_zone *zone,
    const uint8_t *name)
{
	if (!is_private(zone))
		return NULL;
	return tree_find_below(sense_records(hiding->sense, zone), name);
}

/* How many more there are behind node. */
static size_t
others_below(const struct hiding *hiding, const struct sense_zone *zone,
    const struct tree_node *node, const uint8_t *name)
{
	const struct tree *records = sense_records(hiding->sense, zone);
	const struct tree_node *const end = records->nodes + records->count;
	size_t others = 0;

	while (++node < end && tree_under(node, name))
		others++;
	return others;
}

/* Longer zones hide what shorter ones have below their apex. */

static void
warn_of_longer(const struct hiding *hiding, const struct sense_zone *shorter,
    const struct sense_zone *longer, const struct tree_node *node)
{
	const struct model_record_set *set = node->value;
	const uint8_t *apex = longer->zone->dns_name.name.wire;
	const size_t others = others_below(hiding, shorter, node, apex);
	char text[SENSE_SET_TEXT];
	char name[NAME_TEXT];

	diag_warning(hiding->diag, set->mark,
	    "%s is never answered in %s: names under %s are looked up in the "
	    "longer zone \"%s\" alone",
	    sense_set_text(set, text), hiding->text, name_to_text(apex, name),
	    sense_zone_name(longer->zone));
	if (others > 0) {
		diag_note(hiding->diag, set->mark,
		    "likewise %zu more of zone \"%s\"", others,
		    sense_zone_name(shorter->zone));
	}
	if (longer->own) {
		diag_note(hiding->diag, longer->zone->dns_name.mark,
		    "the longer zone is here");
	}
}

static void
check_longer(const struct hiding *hiding, const struct tree_node *node)
{
	const struct sense_zone *longer = node->value;
	const struct tree_node *above = node->parent;

	for (; above != NULL; above = above->parent) {
		const struct sense_zone *shorter = above->value;
		const struct tree_node *hidden = records_below(hiding, shorter,
		    longer->zone->dns_name.name.wire);

		/* A twin above is what this one gives way to. */
		if (above->size == node->size)
			return;
		if (hidden == NULL || !shorter->own)
			continue;
		if (sense_once(longer, SENSE_SAID_HIDES))
			warn_of_longer(hiding, shorter, longer, hidden);
		return;
	}
}

/* Own zones in the place of others. */

static const char *
mode_name(enum mode mode)
{
	static const char *const names[] = {
	    [MODE_RESTRICTED] = "restricted",
	    [MODE_PRIVATE] = "private",
	    [MODE_PSC] = "psc",
	    [MODE_OFF] = "off",
	};

	return names[mode];
}

/* Whether somebody asked for presets, or they are only the default. */
static bool
presets_asked(const struct hiding *hiding)
{
	const struct model *model = hiding->sense->model;
	const struct model_text *presets = model->presets.items;

	return model->mode_mark.file != NULL ||
	    hiding->scope->network->presets_given ||
	    (model->presets.count > 0 && presets[0].mark.file != NULL);
}

static void
warn_of_preset(const struct hiding *hiding, const struct sense_zone *own)
{
	char name[NAME_TEXT];

	if (!presets_asked(hiding) || !sense_once(own, SENSE_SAID_REPLACES))
		return;
	diag_warning(hiding->diag, own->zone->dns_name.mark,
	    "zone \"%s\" takes the place of the one that mode %s makes for %s "
	    "in %s",
	    sense_zone_name(own->zone), mode_name(hiding->sense->model->mode),
	    name_to_text(own->zone->dns_name.name.wire, name), hiding->text);
}

/* Google's records that an own zone takes away; the first that it lacks. */
static const struct model_record_set *
missing_in(const struct hiding *hiding, const struct sense_zone *google,
    const struct sense_zone *own)
{
	const uint8_t *apex = own->zone->dns_name.name.wire;
	const struct tree *records = sense_records(hiding->sense, google);
	const struct tree_node *node = tree_find_below(records, apex);
	const struct tree_node *const end = records->nodes + records->count;

	for (; node != NULL && node < end && tree_under(node, apex); node++) {
		const struct model_record_set *set = node->value;

		if (!is_private(own) ||
		    sense_lookup(sense_records(hiding->sense, own), own->zone,
			set->name.wire) != SENSE_HELD)
			return set;
	}
	return NULL;
}

static void
warn_of_google(const struct hiding *hiding, const struct sense_zone *google,
    const struct sense_zone *own)
{
	const struct model_record_set *set = missing_in(hiding, google, own);
	char name[NAME_TEXT];

	if (set == NULL || !sense_once(own, SENSE_SAID_REPLACES))
		return;
	diag_warning(hiding->diag, own->zone->dns_name.mark,
	    "zone \"%s\" hides names that Google makes in %s, such as %s",
	    sense_zone_name(own->zone), hiding->text,
	    name_to_text(set->name.wire, name));
	if (set->mark.file != NULL) {
		diag_note(hiding->diag, set->mark,
		    "that one is made for what is declared here");
	}
}

/* An own zone and what it takes the place of stand side by side. */
static void
check_twin(const struct hiding *hiding, const struct tree_node *node)
{
	const struct tree_node *twin = tree_twin(&hiding->scope->zones, node);
	const struct sense_zone *own = node->value;
	const struct sense_zone *other;

	if (!own->own || twin == NULL)
		return;
	other = twin->value;
	if (other->own)
		return;
	if (other->zone->from_preset) {
		warn_of_preset(hiding, own);
	} else {
		warn_of_google(hiding, other, own);
	}
}

/* Section 1.4: private and internal zones compete by length. */

static void
check_above_internal(const struct hiding *hiding,
    const struct sense_zone *internal)
{
	const enum internal_order order =
	    hiding->sense->model->options.internal_dns_order;
	const uint8_t *apex = internal->zone->dns_name.name.wire;
	const struct tree_node *node =
	    tree_find_above(&hiding->scope->zones, apex);
	const struct tree_node *hidden;
	const struct sense_zone *own;

	if (node == NULL)
		return;
	own = node->value;
	if (!own->own)
		return;
	hidden = records_below(hiding, own, apex);
	if (order == INTERNAL_LAST ||
	    own->zone->dns_name.name.len == internal->zone->dns_name.name.len) {
		warn_of_google(hiding, internal, own);
	} else if (hidden != NULL && sense_once(internal, SENSE_SAID_HIDES)) {
		warn_of_longer(hiding, own, internal, hidden);
	}
}

static void
check_below_internal(const struct hiding *hiding,
    const struct sense_zone *internal)
{
	const struct tree *zones = &hiding->scope->zones;
	const uint8_t *apex = internal->zone->dns_name.name.wire;
	const struct tree_node *node = tree_find_below(zones, apex);

	for (; node != NULL && node < zones->nodes + zones->count &&
	     tree_under(node, apex);
	     node++) {
		const struct sense_zone *own = node->value;

		if (own->own)
			warn_of_google(hiding, internal, own);
	}
}

/* A reverse zone of one's own is there to have other pointers. */
static bool
is_reverse(const struct sense_zone *zone)
{
	struct name arpa;

	return name_from_text(&arpa, "arpa") == NAME_OK &&
	    name_under(zone->zone->dns_name.name.wire, arpa.wire);
}

static void
check_scope(const struct hiding *hiding)
{
	const struct tree *zones = &hiding->scope->zones;
	const struct sense_zone *internal = hiding->scope->internal.items;

	for (size_t i = 0; i < zones->count; i++) {
		check_longer(hiding, &zones->nodes[i]);
		check_twin(hiding, &zones->nodes[i]);
	}
	for (size_t i = 0; i < hiding->scope->internal.count; i++) {
		if (is_reverse(&internal[i]))
			continue;
		check_above_internal(hiding, &internal[i]);
		check_below_internal(hiding, &internal[i]);
	}
}

void
check_hidden_records(const struct sense *sense, struct diag *diag)
{
	for (size_t i = 0; i < sense->count; i++) {
		struct hiding hiding = {
		    .sense = sense,
		    .scope = &sense->items[i],
		    .diag = diag,
		};

		sense_scope_text(hiding.scope, hiding.text);
		if (hiding.scope->servers == NULL)
			check_scope(&hiding);
	}
}
