#include "model/check_fault.h"

#include <string.h>

#include "base/text.h"
#include "core/fault.h"
#include "model/check_network.h"
#include "model/fault_scope.h"

/* References. */

static const char *
nearest_zone(const struct model *model, const char *name, struct arena *scratch)
{
	const struct model_zone *zones = model->zones.items;
	const char **names =
	    arena_calloc(scratch, model->zones.count, sizeof(*names));
	size_t known = 0;

	if (names == NULL)
		return NULL;
	for (size_t i = 0; i < model->zones.count; i++) {
		if (zones[i].name.text != NULL)
			names[known++] = zones[i].name.text;
	}
	return text_nearest(name, names, known);
}

static void
check_zone_known(const struct model *model, const struct model_text *zone,
    struct arena *scratch, struct diag *diag)
{
	const char *nearest;

	if (zone->text == NULL || fault_scope_zone(model, zone->text) != NULL)
		return;
	nearest = nearest_zone(model, zone->text, scratch);
	if (nearest != NULL) {
		diag_error(diag, zone->mark,
		    "no zone is called \"%s\" (did you mean \"%s\"?)",
		    zone->text, nearest);
		return;
	}
	diag_error(diag, zone->mark, "no zone is called \"%s\"", zone->text);
	diag_note(diag, zone->mark,
	    "a name with all that is below it is a tree: tree: example.com.");
}

static void
check_networks(const struct model *model, const struct model_fault *fault,
    struct diag *diag)
{
	const struct model_network_ref *refs = fault->networks.items;

	for (size_t i = 0; i < fault->networks.count; i++)
		check_network_ref(model, &refs[i], diag);
}

/* Faults that are never met. */

/* Whether each of the inner types is one of outer; none are all. */
static bool
types_cover(const struct model_list *outer, const struct model_list *inner)
{
	const struct model_type *wide = outer->items;
	const struct model_type *narrow = inner->items;

	if (outer->count == 0)
		return true;
	for (size_t i = 0; i < inner->count; i++) {
		size_t at = 0;

		while (at < outer->count && wide[at].type != narrow[i].type)
			at++;
		if (at == outer->count)
			return false;
	}
	return inner->count > 0;
}

/* The same for prefixes, of which one that is wider is not looked for. */
static bool
clients_cover(const struct model_list *outer, const struct model_list *inner)
{
	const struct model_prefix *wide = outer->items;
	const struct model_prefix *narrow = inner->items;

	if (outer->count == 0)
		return true;
	for (size_t i = 0; i < inner->count; i++) {
		size_t at = 0;

		while (at < outer->count &&
		    memcmp(&wide[at].prefix, &narrow[i].prefix,
			sizeof(wide[at].prefix)) != 0)
			at++;
		if (at == outer->count)
			return false;
	}
	return inner->count > 0;
}

static bool
networks_cover(const struct model_list *outer, const struct model_list *inner)
{
	const struct model_network_ref *wide = outer->items;
	const struct model_network_ref *narrow = inner->items;

	if (outer->count == 0)
		return true;
	for (size_t i = 0; i < inner->count; i++) {
		size_t at = 0;

		while (at < outer->count &&
		    strcmp(wide[at].name, narrow[i].name) != 0)
			at++;
		if (at == outer->count)
			return false;
	}
	return inner->count > 0;
}

static enum fault_transport
transport_of(const struct model_fault *fault)
{
	return fault->kind == FAULT_TRUNCATE ? FAULT_UDP : fault->transport;
}

static bool
names_cover(const struct model *model, const struct model_fault *outer,
    const struct model_fault *inner)
{
	struct fault_scope wide;
	struct fault_scope narrow;

	/* A zone is not all that lies below its apex. */
	if (outer->zone.text != NULL) {
		return inner->zone.text != NULL &&
		    strcmp(outer->zone.text, inner->zone.text) == 0;
	}
	return fault_scope_of(model, outer, &wide) &&
	    fault_scope_of(model, inner, &narrow) &&
	    fault_scope_covers(&wide, &narrow);
}

/* Whether each query that a fault is for ends with the one before it. */
static bool
hides(const struct model *model, const struct model_fault *before,
    const struct model_fault *fault)
{
	if (before->kind == FAULT_DELAY || before->kind == FAULT_FLAP ||
	    before->percent < FAULT_ALWAYS)
		return false;
	if (transport_of(before) != FAULT_BOTH &&
	    transport_of(before) != transport_of(fault))
		return false;
	return types_cover(&before->types, &fault->types) &&
	    clients_cover(&before->clients, &fault->clients) &&
	    networks_cover(&before->networks, &fault->networks) &&
	    names_cover(model, before, fault);
}

static void
check_hidden(const struct model *model, size_t n, struct diag *diag)
{
	const struct model_fault *faults = model->faults.items;
	char text[FAULT_SCOPE_TEXT];

	for (size_t i = 0; i < n; i++) {
		if (!hides(model, &faults[i], &faults[n]))
			continue;
		diag_warning(diag, faults[n].mark,
		    "no query ever meets fault \"%s\" for %s: each ends with "
		    "\"%s\", which stands before it",
		    fault_key(faults[n].kind),
		    fault_scope_text(&faults[n], text),
		    fault_key(faults[i].kind));
		diag_note(diag, faults[i].mark, "it is here");
		return;
	}
}

static void
check_share(const struct model_fault *fault, struct diag *diag)
{
	char text[FAULT_SCOPE_TEXT];

	if (fault->percent > 0)
		return;
	diag_warning(diag, fault->mark,
	    "no query ever meets fault \"%s\" for %s: percent is 0",
	    fault_key(fault->kind), fault_scope_text(fault, text));
}

/* That there are any. */

static bool
same_name(const struct model_name *a, const struct model_name *b)
{
	return a->mark.file != NULL && b->mark.file != NULL &&
	    name_equal(a->name.wire, b->name.wire);
}

static bool
same_subject(const struct model_fault *a, const struct model_fault *b)
{
	if (a->zone.text != NULL && b->zone.text != NULL)
		return strcmp(a->zone.text, b->zone.text) == 0;
	return same_name(&a->tree, &b->tree) || same_name(&a->name, &b->name);
}

/* Whether a fault is for what one before it is for already. */
static bool
is_said(const struct model_fault *faults, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (same_subject(&faults[i], &faults[n]))
			return true;
	}
	return false;
}

/* Nobody should wonder why names fail, least of all in production. */
static void
check_presence(const struct model *model, struct diag *diag)
{
	const struct model_fault *faults = model->faults.items;
	size_t names = 0;

	for (size_t i = 0; i < model->faults.count; i++)
		names += !is_said(faults, i);
	if (names == 0)
		return;
	diag_warning(diag, faults[0].mark, "faults are injected for %zu name%s",
	    names, names == 1 ? "" : "s");
}

void
check_fault_all(const struct model *model, struct arena *scratch,
    struct diag *diag)
{
	const struct model_fault *faults = model->faults.items;

	for (size_t i = 0; i < model->faults.count; i++) {
		check_zone_known(model, &faults[i].zone, scratch, diag);
		check_networks(model, &faults[i], diag);
	}
	/* What was not decoded has no words either. */
	if (diag->errors > 0)
		return;
	check_presence(model, diag);
	for (size_t i = 0; i < model->faults.count; i++) {
		check_share(&faults[i], diag);
		check_hidden(model, i, diag);
	}
}
