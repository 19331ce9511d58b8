#include "ctl/impact_report.h"

#include <stddef.h>

#include "core/order.h"
#include "core/policy.h"
#include "ctl/paragraph.h"

enum { MARGIN = 20 };

/* Index of the hop where the ways part, at most either count. */
static size_t
parting(const struct impact_change *change)
{
	const struct story *classic = &change->classic->story;
	const struct story *per_hop = &change->per_hop->story;
	size_t i = 0;

	while (i < classic->count && i < per_hop->count &&
	    story_same(&classic->hops[i], &per_hop->hops[i]))
		i++;
	return i;
}

const struct story_hop *
impact_report_hop(const struct impact_change *change)
{
	const struct story *per_hop = &change->per_hop->story;
	const size_t at = parting(change);

	return at < per_hop->count ? &per_hop->hops[at] : NULL;
}

/* " at explain.yaml:12" */
static const char *
at_place(const struct words *words, struct mark mark)
{
	if (mark.file == NULL)
		return ", which is built in";
	return arena_printf(words->arena, " at %s", words_place(words, mark));
}

/* What becomes of a hop's name, as a clause; hop NULL: it has none. */
static const char *
fate(const struct words *words, const struct story_hop *hop)
{
	const struct story_step *step =
	    hop == NULL ? NULL : story_answerer(hop);
	const struct sighting *sighting = step == NULL ? NULL : step->sighting;

	if (sighting == NULL)
		return "nobody looks it up";
	if (sighting->rule != NULL) {
		return arena_printf(words->arena, "it is answered by %s%s",
		    words_rule(words, step),
		    at_place(words, sighting->rule->mark));
	}
	if (sighting->zone != NULL) {
		return arena_printf(words->arena, "it is answered by %s%s",
		    words_zone(words, sighting->zone),
		    at_place(words, sighting->zone->mark));
	}
	return "it is looked up in public DNS";
}

const char *
impact_report_reason(const struct impact_change *change)
{
	const struct words *words = &change->words;
	const struct story *classic = &change->classic->story;
	const struct story *per_hop = &change->per_hop->story;
	const size_t at = parting(change);
	const struct story_hop *before =
	    at < classic->count ? &classic->hops[at] : NULL;
	const struct story_hop *hop =
	    at < per_hop->count ? &per_hop->hops[at] : NULL;

	if (at == 0 || hop == NULL)
		return "the search takes another way";
	return arena_printf(words->arena,
	    "%s is the target of %s: until 2027-01-04 %s; from 2027-01-05 on "
	    "%s",
	    words_name(words, hop->sighting->name),
	    words_name(words, hop[-1].sighting->name), fate(words, before),
	    fate(words, hop));
}

/* "NOERROR: CNAME run.app., A 192.0.2.1" */
static const char *
summary(const struct words *words, const struct response *response)
{
	char rcode[RESPONSE_RCODE_TEXT];
	const char *before = ": ";
	const char *text =
	    arena_strdup(words->arena, response_rcode(response->rcode, rcode));

	for (size_t i = 0; i < response->count && text != NULL; i++) {
		const struct response_record *record = &response->records[i];

		if (record->section != SECTION_ANSWER)
			continue;
		text = arena_printf(words->arena, "%s%s%s %s", text, before,
		    record->type, record->data);
		before = ", ";
	}
	if (before[0] == ':' && text != NULL)
		return arena_printf(words->arena, "%s: no records", text);
	return text;
}

static void
print_line(const char *label, const char *words, FILE *out)
{
	fprintf(out, "  %-*s", MARGIN - 2, label);
	paragraph_print(words == NULL ? "" : words, MARGIN, out);
}

void
impact_report_text(const struct impact_change *change, FILE *out)
{
	const struct words *words = &change->words;
	const struct response *classic = &change->classic->response;
	const struct response *per_hop = &change->per_hop->response;

	fprintf(out, "%s %s\n", classic->name, classic->type);
	print_line("until 2027-01-04", summary(words, classic), out);
	print_line("from 2027-01-05", summary(words, per_hop), out);
	print_line("because", impact_report_reason(change), out);
	putc('\n', out);
}

static void
write_place(struct json_writer *writer, const char *kind, const char *name,
    struct mark mark)
{
	json_writer_object(writer, kind);
	json_writer_text(writer, "name", name);
	if (mark.file != NULL) {
		json_writer_text(writer, "file", mark.file);
		json_writer_number(writer, "line", mark.line);
	}
	json_writer_end(writer);
}

void
impact_report_json(const struct impact_change *change,
    struct json_writer *writer)
{
	const struct response *classic = &change->classic->response;
	const struct story_hop *hop = impact_report_hop(change);
	const struct story_step *step =
	    hop == NULL ? NULL : story_answerer(hop);

	json_writer_object(writer, NULL);
	json_writer_text(writer, "name", classic->name);
	json_writer_text(writer, "type", classic->type);
	json_writer_text(writer, "reason", impact_report_reason(change));
	if (step != NULL) {
		json_writer_text(writer, "target",
		    words_name(&change->words, hop->sighting->name));
		json_writer_text(writer, "step", words_key(step->stage));
		if (step->sighting->rule != NULL) {
			write_place(writer, "rule", step->sighting->rule->name,
			    step->sighting->rule->mark);
		}
		if (step->sighting->zone != NULL) {
			write_place(writer, "zone", step->sighting->zone->name,
			    step->sighting->zone->mark);
		}
	}
	response_write(classic, "classic", writer);
	response_write(&change->per_hop->response, "per_hop", writer);
	json_writer_end(writer);
}
