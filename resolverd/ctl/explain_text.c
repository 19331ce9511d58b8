#include "ctl/explain_text.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "core/policy.h"
#include "ctl/explain.h"
#include "ctl/paragraph.h"
#include "dns/name.h"

enum {
	HEAD = 9,    /* width of "Query:" and the like */
	LABEL = 25,  /* width of a step's title */
	MARGIN = 31, /* where the words begin */
};

struct page {
	const struct explanation *explanation;
	const char *bold; /* sequences of the terminal, or nothing */
	const char *dim;
	const char *plain;
	FILE *out;
	bool begun; /* the margin was printed once for this step */
};

/* Brings the pen to the margin: right of the title, then on new lines. */
static void
begin_line(struct page *page)
{
	if (page->begun)
		fprintf(page->out, "%*s", MARGIN, "");
	page->begun = true;
}

/* A paragraph right of the margin. */
static void
print_words(struct page *page, const char *words)
{
	if (words == NULL || words[0] == '\0')
		return;
	begin_line(page);
	paragraph_print(words, MARGIN, page->out);
}

/* What the answer holds of a name. */
static void
print_records(struct page *page, const char *name)
{
	const struct response *response = &page->explanation->response;

	for (size_t i = 0; name != NULL && i < response->count; i++) {
		const struct response_record *record = &response->records[i];

		if (record->section != SECTION_ANSWER ||
		    strcasecmp(record->owner, name) != 0)
			continue;
		begin_line(page);
		fprintf(page->out, "%s%" PRIu32 " %s %s%s\n", page->bold,
		    record->ttl, record->type, record->data, page->plain);
	}
}

/* Where the zone or rule was written. */
static void
print_place(struct page *page, const struct sighting *sighting)
{
	const struct words *words = &page->explanation->words;

	if (sighting->rule != NULL) {
		print_words(page, words_place(words, sighting->rule->mark));
	} else if (sighting->zone != NULL) {
		print_words(page, words_place(words, sighting->zone->mark));
	}
}

static bool
gives_records(const struct sighting *sighting)
{
	return sighting->kind == WITNESS_LOOKUP ||
	    sighting->kind == WITNESS_HEARD ||
	    sighting->kind == WITNESS_CACHE || sighting->kind == WITNESS_STALE;
}

/* How often a server was silent from detail i on, in pairs. */
static unsigned
count_silences(const struct story_step *step, size_t i)
{
	const struct sighting *first = &step->details[i];
	unsigned count = 0;

	while (i + 1 < step->detail_count &&
	    step->details[i + 1].kind == WITNESS_SILENT &&
	    step->details[i].carrier == first->carrier &&
	    words_joined(&step->details[i], &step->details[i + 1]) &&
	    step->details[i].server == first->server) {
		count++;
		i += 2;
	}
	return count;
}

/* Whether the records that follow say it all. */
static bool
is_plain(const struct sighting *sighting)
{
	return sighting->kind == WITNESS_LOOKUP &&
	    (sighting->lookup == LOOKUP_FOUND ||
		sighting->lookup == LOOKUP_ALIAS) &&
	    (sighting->name == NULL || !name_is_wildcard(sighting->name));
}

/* Prints detail i and what is told together with it; returns how many. */
static size_t
print_detail(struct page *page, const struct story_step *step, size_t i)
{
	const struct words *words = &page->explanation->words;
	const struct sighting *sighting = &step->details[i];
	const struct sighting *next =
	    i + 1 < step->detail_count ? sighting + 1 : NULL;
	const unsigned silences = count_silences(step, i);
	const char *text = words_detail(words, sighting, next);

	if (is_plain(sighting))
		return 1;
	if (silences > 1) {
		print_words(page,
		    arena_printf(words->arena, "%s, %u times", text, silences));
		return 2 * (size_t)silences;
	}
	print_words(page, text);
	return words_joined(sighting, next) ? 2 : 1;
}

static void
print_details(struct page *page, const struct story_step *step,
    const char *name)
{
	for (size_t i = 0; i < step->detail_count;) {
		i += print_detail(page, step, i);
		if (gives_records(&step->details[i - 1]) &&
		    !story_has(step, WITNESS_DNS64))
			print_records(page, name);
	}
}

/* Whether it was a server's to answer, and nothing was asked of it. */
static bool
came_along(const struct story_step *step)
{
	const struct sighting *sighting = step->sighting;

	return sighting->finding == FINDING_MATCH && sighting->group != NULL &&
	    !story_has(step, WITNESS_ASK) && !story_has(step, WITNESS_CACHE) &&
	    !story_has(step, WITNESS_STALE) && !story_has(step, WITNESS_JOIN);
}

static void
print_step(struct page *page, const struct story_step *step, const char *name)
{
	const struct sighting *sighting = step->sighting;
	const bool answers =
	    sighting != NULL && sighting->finding == FINDING_MATCH;
	const char *on = answers ? page->bold : page->dim;

	fprintf(page->out, "%s%s%2s %-*s ", on, answers ? "=>" : "  ",
	    words_number(step->stage), LABEL, words_title(step->stage));
	if (answers)
		fputs(page->plain, page->out);
	page->begun = false;
	print_words(page, words_step(&page->explanation->words, step));
	if (sighting != NULL) {
		print_place(page, sighting);
		if (came_along(step)) {
			print_words(page,
			    "it came with the answer to the name before");
			print_records(page, name);
		}
		print_details(page, step, name);
	}
	if (!answers)
		fputs(page->plain, page->out);
}

static void
print_hop(struct page *page, size_t n)
{
	const struct explanation *explanation = page->explanation;
	const struct story_hop *hop = &explanation->story.hops[n];
	const struct network *network = explanation->words.view->network;
	const char *name = words_name(&explanation->words, hop->sighting->name);

	fprintf(page->out, "\n%s%s%s%s\n", page->bold, n == 0 ? "" : "Then ",
	    name, page->plain);
	for (size_t i = 0; i < hop->count; i++) {
		const struct story_step *step = &hop->steps[i];

		if (step->network != network) {
			fprintf(page->out, "  in network \"%s\"\n",
			    step->network->name);
		}
		network = step->network;
		print_step(page, step, name);
	}
}

/* Whether the chain has come back to a name. */
static bool
is_loop(const struct story *story, size_t n)
{
	const struct sighting *last = story->hops[n].sighting;

	for (size_t i = 0; i < n; i++) {
		const struct sighting *hop = story->hops[i].sighting;

		/* DNS64 begins anew at 0. */
		if (hop->number < last->number &&
		    name_equal(hop->name, last->name))
			return true;
	}
	return false;
}

/* All hops, or up to where they only repeat themselves. */
static void
print_hops(struct page *page)
{
	const struct story *story = &page->explanation->story;
	const struct words *words = &page->explanation->words;

	for (size_t i = 0; i < story->count; i++) {
		const uint8_t *name = story->hops[i].sighting->name;

		if (is_loop(story, i)) {
			fprintf(page->out,
			    "\nThen %s again, and so on: the CNAMEs are a "
			    "loop\n",
			    words_name(words, name));
			return;
		}
		print_hop(page, i);
	}
}

static void
print_rule(struct page *page)
{
	const struct explanation *explanation = page->explanation;

	fprintf(page->out, "CNAMEs:  %s\n",
	    explanation->words.chase == CHASE_CLASSIC
		? "by the rule that holds until 2027-01-04 (classic)"
		: "by the rule that holds from 2027-01-05 on (per_hop)");
	if (explanation->chasing != CHASING_AUTO) {
		fprintf(page->out, "         as cname_chasing says%s\n",
		    explanation->at_given ? "; --at has no effect" : "");
	} else {
		fprintf(page->out, "         as of %s\n", explanation->day);
	}
}

/* What was seen before the first name was looked up. */
static void
print_before(struct page *page, const struct sighting *sighting)
{
	const char *text =
	    words_detail(&page->explanation->words, sighting, NULL);

	if (sighting->kind == WITNESS_FAULT && text != NULL) {
		fprintf(page->out, "%-*s", HEAD, "Fault:");
		paragraph_print(text, HEAD, page->out);
		return;
	}
	page->begun = true;
	print_words(page, text);
}

/* Who asks from here meets no fault, and should know what clients get. */
static void
print_all_before(struct page *page)
{
	const struct story *story = &page->explanation->story;
	bool faults = false;

	for (size_t i = 0; i < story->before_count; i++) {
		print_before(page, &story->before[i]);
		faults = faults || story->before[i].kind == WITNESS_FAULT;
	}
	if (faults) {
		fprintf(page->out,
		    "%*sThat is for clients; what follows is without it.\n",
		    HEAD, "");
	}
}

static void
print_head(struct page *page)
{
	const struct explanation *explanation = page->explanation;
	const struct view *view = explanation->words.view;
	const struct response *response = &explanation->response;

	fprintf(page->out, "%sQuery:   %s %s%s\n", page->bold, response->name,
	    response->type, page->plain);
	fprintf(page->out, "Network: %s", view->network->name);
	if (view->cluster_name != NULL)
		fprintf(page->out, ", GKE cluster %s", view->cluster_name);
	if (explanation->client != NULL)
		fprintf(page->out, ", client %s", explanation->client);
	fputs("\n", page->out);
	print_rule(page);
}

void
explain_text_print(const struct explanation *explanation,
    enum explain_style style, FILE *out)
{
	const bool colour = style == EXPLAIN_COLOUR;
	struct page page = {
	    .explanation = explanation,
	    .bold = colour ? "\033[1m" : "",
	    .dim = colour ? "\033[2m" : "",
	    .plain = colour ? "\033[0m" : "",
	    .out = out,
	};
	const struct story *story = &explanation->story;

	print_head(&page);
	print_all_before(&page);
	print_hops(&page);
	if (story->cut)
		fputs("\n(there was more than could be kept)\n", out);
	fprintf(out, "\n%sAnswer%s\n", page.bold, page.plain);
	response_print(&explanation->response, out);
}
