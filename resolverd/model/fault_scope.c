#include "model/fault_scope.h"

#include <stdio.h>
#include <string.h>

const struct model_zone *
fault_scope_zone(const struct model *model, const char *name)
{
	const struct model_zone *zones = model->zones.items;

	for (size_t i = 0; i < model->zones.count; i++) {
		if (zones[i].name.text != NULL &&
		    strcmp(zones[i].name.text, name) == 0)
			return &zones[i];
	}
	return NULL;
}

/* What "*.example.com." leaves out is example.com. itself. */
static struct fault_scope
scope_of_name(const struct name *name)
{
	const bool wildcard = name_is_wildcard(name->wire);

	return (struct fault_scope){
	    .base = wildcard ? name_strip(name->wire, 1) : name->wire,
	    .at = !wildcard,
	    .below = wildcard,
	};
}

bool
fault_scope_of(const struct model *model, const struct model_fault *fault,
    struct fault_scope *out)
{
	const struct model_name *tree = &fault->tree;

	if (fault->zone.text != NULL) {
		const struct model_zone *zone =
		    fault_scope_zone(model, fault->zone.text);

		if (zone == NULL)
			return false;
		tree = &zone->dns_name;
	} else if (fault->name.mark.file != NULL) {
		*out = scope_of_name(&fault->name.name);
		return true;
	}
	if (tree->mark.file == NULL)
		return false;
	*out = (struct fault_scope){
	    .base = tree->name.wire,
	    .at = true,
	    .below = true,
	};
	return true;
}

bool
fault_scope_covers(const struct fault_scope *outer,
    const struct fault_scope *inner)
{
	const bool same = name_equal(inner->base, outer->base);

	if (!name_under(inner->base, outer->base))
		return false;
	if (inner->below && !outer->below)
		return false;
	return !inner->at || (same ? outer->at : outer->below);
}

const char *
fault_scope_text(const struct model_fault *fault, char buf[FAULT_SCOPE_TEXT])
{
	char name[NAME_TEXT];

	if (fault->zone.text != NULL) {
		snprintf(buf, FAULT_SCOPE_TEXT, "zone \"%s\"",
		    fault->zone.text);
	} else if (fault->tree.mark.file != NULL) {
		snprintf(buf, FAULT_SCOPE_TEXT, "%s and below",
		    name_to_text(fault->tree.name.wire, name));
	} else {
		snprintf(buf, FAULT_SCOPE_TEXT, "%s",
		    name_to_text(fault->name.name.wire, name));
	}
	return buf;
}
