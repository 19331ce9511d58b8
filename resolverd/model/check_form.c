#include "model/check_form.h"

#include <string.h>

#include "base/text.h"
#include "model/region.h"

enum { RESOURCE_NAME_MAX = 63 };

#define LETTERS "abcdefghijklmnopqrstuvwxyz"
#define DIGITS	"0123456789"

static bool
is_resource_name(const char *text)
{
	const size_t len = strlen(text);

	return len > 0 && len <= RESOURCE_NAME_MAX &&
	    strchr(LETTERS, text[0]) != NULL &&
	    text[strspn(text, LETTERS DIGITS "-")] == '\0' &&
	    text[len - 1] != '-';
}

bool
check_form_resource(const struct model_text *name, struct diag *diag)
{
	if (name->text == NULL || is_resource_name(name->text))
		return true;
	return diag_error(diag, name->mark,
	    "name '%.80s' must be 1 to 63 lower-case letters, digits and "
	    "dashes, begin with a letter and not end with a dash",
	    name->text);
}

/*
 * The length of the region that text begins with, such as us-east1: words of
 * letters with dashes between them, the last one with its number; 0: none.
 */
static size_t
region_length(const char *text)
{
	size_t at = strspn(text, LETTERS);
	size_t words = 1;

	while (at > 0 && text[at] == '-') {
		const size_t word = strspn(text + at + 1, LETTERS);

		if (word == 0)
			return 0;
		at += 1 + word;
		words++;
	}
	if (words < 2 || strspn(text + at, DIGITS) == 0)
		return 0;
	return at + strspn(text + at, DIGITS);
}

/* Whether text is a region and the rest of a zone: -b, or -ai1a. */
static bool
is_zone(const char *text)
{
	const size_t region = region_length(text);
	const char *rest = text + region;

	return region > 0 && rest[0] == '-' && rest[1] != '\0' &&
	    strchr(LETTERS, rest[1]) != NULL &&
	    rest[1 + strspn(rest + 1, LETTERS DIGITS)] == '\0';
}

/* A region that Google opened lately is no mistake; a typing error is one. */
static void
warn_of_unknown(const struct model_text *region, const char *key,
    struct diag *diag)
{
	struct position position;
	const char *nearest;

	if (region_position(region->text, &position))
		return;
	nearest = text_nearest(region->text, region_names, region_count);
	diag_warning(diag, region->mark,
	    "%s '%.80s' is no region that is known here, so nothing is near it",
	    key, region->text);
	if (nearest != NULL) {
		diag_note(diag, region->mark, "did you mean \"%s\"?", nearest);
	}
}

bool
check_form_region(const struct model_text *region, const char *key,
    struct diag *diag)
{
	const char *text = region->text;
	const size_t len = text == NULL ? 0 : region_length(text);

	if (text == NULL)
		return true;
	if (len > 0 && text[len] == '\0') {
		warn_of_unknown(region, key, diag);
		return true;
	}
	if (is_zone(text)) {
		return diag_error(diag, region->mark,
		    "%s '%.80s' is a zone: its region is %.*s", key, text,
		    (int)len, text);
	}
	return diag_error(diag, region->mark,
	    "%s '%.80s' is not written as a region of Google Cloud, such as "
	    "europe-west1",
	    key, text);
}

bool
check_form_zone(const struct model_text *zone, struct diag *diag)
{
	if (zone->text == NULL || is_zone(zone->text))
		return true;
	return diag_error(diag, zone->mark,
	    "zone '%.80s' is not written as a zone of Compute Engine, such as "
	    "europe-west1-b",
	    zone->text);
}

bool
check_form_project(const struct model_text *project, struct diag *diag)
{
	const char *text = project->text;

	if (text == NULL ||
	    (text[0] != '\0' &&
		text[strspn(text, LETTERS DIGITS "-.:")] == '\0'))
		return true;
	return diag_error(diag, project->mark,
	    "project '%.80s' must be a project's id, lower-case letters, "
	    "digits and dashes",
	    text);
}
