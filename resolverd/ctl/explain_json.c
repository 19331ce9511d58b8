#include "ctl/explain_json.h"

#include "base/addr.h"
#include "base/json_writer.h"
#include "core/fault.h"
#include "core/order.h"
#include "core/policy.h"
#include "ctl/explain.h"

struct document {
	const struct explanation *explanation;
	const struct words *words;
	struct json_writer writer;
};

static void
write_place(struct document *document, struct mark mark)
{
	struct json_writer *writer = &document->writer;

	if (mark.file == NULL)
		return;
	json_writer_text(writer, "file", mark.file);
	if (mark.line != 0)
		json_writer_number(writer, "line", mark.line);
}

static void
write_zone(struct document *document, const struct zone *zone)
{
	struct json_writer *writer = &document->writer;

	json_writer_object(writer, "zone");
	json_writer_text(writer, "name", zone->name);
	json_writer_text(writer, "dns_name",
	    words_name(document->words, zone->apex));
	json_writer_text(writer, "kind", words_zone_key(zone->kind));
	write_place(document, zone->mark);
	json_writer_end(writer);
}

static void
write_rule(struct document *document, const struct rule *rule)
{
	struct json_writer *writer = &document->writer;

	json_writer_object(writer, "rule");
	json_writer_text(writer, "rule_name", rule->name);
	json_writer_text(writer, "dns_name",
	    words_name(document->words, rule->selector));
	json_writer_bool(writer, "bypass", rule->bypass);
	write_place(document, rule->mark);
	json_writer_end(writer);
}

static void
write_fault(struct document *document, const struct fault *fault)
{
	struct json_writer *writer = &document->writer;

	json_writer_text(writer, "fault", fault_key(fault->kind));
	json_writer_text(writer, "for", fault->subject);
	write_place(document, fault->mark);
}

static void
write_server(struct document *document, const struct sighting *sighting)
{
	static const char *const transports[] = {
	    [CARRIER_UDP] = "udp",
	    [CARRIER_TCP] = "tcp",
	    [CARRIER_TLS] = "tls",
	};
	struct json_writer *writer = &document->writer;
	char text[ADDR_TEXT];

	json_writer_text(writer, "server",
	    addr_format(&sighting->server->addr, text));
	if (sighting->server->tls_name != NULL) {
		json_writer_text(writer, "tls_name",
		    sighting->server->tls_name);
	}
	json_writer_text(writer, "transport", transports[sighting->carrier]);
}

static void
write_stages(struct document *document, unsigned stages)
{
	struct json_writer *writer = &document->writer;

	json_writer_array(writer, "searched");
	for (unsigned stage = 1; stage <= STAGE_PUBLIC; stage <<= 1) {
		if ((stages & stage) != 0)
			json_writer_text(writer, NULL, words_key(stage));
	}
	json_writer_end(writer);
}

/* The members that an sighting of a kind has. */
static void
write_members(struct document *document, const struct sighting *sighting)
{
	struct json_writer *writer = &document->writer;
	char rcode[RESPONSE_RCODE_TEXT];

	switch (sighting->kind) {
	case WITNESS_FAULT:
		write_fault(document, sighting->fault);
		return;
	case WITNESS_LOOKUP:
		json_writer_text(writer, "result",
		    words_lookup_key(sighting->lookup));
		return;
	case WITNESS_PEER:
		json_writer_text(writer, "network", sighting->network->name);
		return;
	case WITNESS_CACHE:
		json_writer_number(writer, "age", sighting->number);
		return;
	case WITNESS_STALE:
		json_writer_number(writer, "past", sighting->number);
		return;
	case WITNESS_ASK:
	case WITNESS_SILENT:
		write_server(document, sighting);
		return;
	case WITNESS_HEARD:
		write_server(document, sighting);
		json_writer_text(writer, "status",
		    response_rcode(sighting->number, rcode));
		return;
	case WITNESS_ALIAS:
		json_writer_text(writer, "source",
		    words_source_key(sighting->source));
		write_stages(document, sighting->stages);
		return;
	case WITNESS_HOP:
	case WITNESS_STAGE:
	case WITNESS_JOIN:
	case WITNESS_CUT:
	case WITNESS_INSIDE:
	case WITNESS_DNS64:
	case WITNESS_FAIL:
		return;
	}
}

static void
write_detail(struct document *document, const struct sighting *sighting)
{
	struct json_writer *writer = &document->writer;

	json_writer_object(writer, NULL);
	json_writer_text(writer, "event", words_kind_key(sighting->kind));
	if (sighting->name != NULL) {
		json_writer_text(writer, "name",
		    words_name(document->words, sighting->name));
	}
	write_members(document, sighting);
	json_writer_text(writer, "text",
	    words_detail(document->words, sighting, NULL));
	json_writer_end(writer);
}

static void
write_details(struct document *document, const char *key,
    const struct sighting *details, size_t count)
{
	json_writer_array(&document->writer, key);
	for (size_t i = 0; i < count; i++)
		write_detail(document, &details[i]);
	json_writer_end(&document->writer);
}

static void
write_step(struct document *document, const struct story_step *step)
{
	struct json_writer *writer = &document->writer;
	const struct sighting *sighting = step->sighting;

	json_writer_object(writer, NULL);
	json_writer_text(writer, "step", words_key(step->stage));
	json_writer_text(writer, "number", words_number(step->stage));
	json_writer_text(writer, "title", words_title(step->stage));
	json_writer_text(writer, "network", step->network->name);
	json_writer_text(writer, "finding", words_finding_key(sighting));
	json_writer_text(writer, "text", words_step(document->words, step));
	if (sighting != NULL) {
		const char *policy = words_policy(document->words, step);

		if (policy != NULL)
			json_writer_text(writer, "response_policy", policy);
		if (sighting->rule != NULL)
			write_rule(document, sighting->rule);
		if (sighting->zone != NULL)
			write_zone(document, sighting->zone);
		write_details(document, "details", step->details,
		    step->detail_count);
	}
	json_writer_end(writer);
}

static void
write_hop(struct document *document, const struct story_hop *hop)
{
	struct json_writer *writer = &document->writer;

	json_writer_object(writer, NULL);
	json_writer_text(writer, "name",
	    words_name(document->words, hop->sighting->name));
	json_writer_number(writer, "hop", hop->sighting->number);
	json_writer_array(writer, "steps");
	for (size_t i = 0; i < hop->count; i++)
		write_step(document, &hop->steps[i]);
	json_writer_end(writer);
	json_writer_end(writer);
}

static void
write_query(struct document *document)
{
	const struct explanation *explanation = document->explanation;
	const struct view *view = document->words->view;
	struct json_writer *writer = &document->writer;

	json_writer_object(writer, "query");
	json_writer_text(writer, "name", explanation->response.name);
	json_writer_text(writer, "type", explanation->response.type);
	json_writer_text(writer, "network", view->network->name);
	json_writer_text(writer, "gke_cluster", view->cluster_name);
	json_writer_text(writer, "client", explanation->client);
	json_writer_text(writer, "cname_chasing",
	    words_chase_key(document->words->chase));
	json_writer_text(writer, "date",
	    explanation->chasing == CHASING_AUTO ? explanation->day : NULL);
	json_writer_end(writer);
}

void
explain_json_print(const struct explanation *explanation, FILE *out)
{
	const struct story *story = &explanation->story;
	struct document document = {
	    .explanation = explanation,
	    .words = &explanation->words,
	};
	struct json_writer *writer = &document.writer;

	json_writer_init(writer, out);
	json_writer_object(writer, NULL);
	write_query(&document);
	write_details(&document, "before", story->before, story->before_count);
	json_writer_array(writer, "hops");
	for (size_t i = 0; i < story->count; i++)
		write_hop(&document, &story->hops[i]);
	json_writer_end(writer);
	json_writer_bool(writer, "complete", !story->cut);
	response_write(&explanation->response, "answer", writer);
	json_writer_end(writer);
}
