#include "ctl/http_state.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "core/server.h"
#include "core/snapshot.h"
#include "ctl/arguments.h"
#include "ctl/http.h"
#include "ctl/http_call.h"
#include "ctl/live_entry.h"
#include "ctl/mode.h"
#include "ctl/server_figures.h"
#include "ctl/serving.h"
#include "ctl/standing.h"
#include "io/boot.h"
#include "io/clock.h"
#include "io/latency.h"
#include "model/audience.h"
#include "model/preset.h"
#include "model/reference.h"

enum {
	US = 1000,
	NUMBER_TEXT = 24,
	FOR_TEXT = 256,
	PRESETS_BLOCK = 65536,
};

static struct serving *
serving_of(const struct http_call *call)
{
	return call->http->context.serving;
}

/* Status. */

static void
write_listen(const struct serving *serving, struct json_writer *writer)
{
	json_writer_array(writer, "listen");
	for (size_t i = 0; i < serving->boot->listen_count; i++) {
		char text[ADDR_TEXT];

		json_writer_text(writer, NULL,
		    addr_format(&serving->boot->listen[i], text));
	}
	json_writer_end(writer);
}

static void
write_networks(const struct snapshot *snapshot, struct json_writer *writer)
{
	json_writer_array(writer, "networks");
	for (size_t i = 0; i < snapshot->view_count; i++) {
		const struct view *view = &snapshot->views[i];

		json_writer_text(writer, NULL,
		    view->cluster_name != NULL ? view->cluster_name
					       : view->network->name);
	}
	json_writer_end(writer);
}

static void
write_bounds(struct json_writer *writer)
{
	json_writer_array(writer, "bounds_us");
	for (unsigned i = 0; i < LATENCY_BOUNDS; i++)
		json_writer_number(writer, NULL, latency_bounds[i] / US);
	json_writer_end(writer);
}

static void
write_source(const struct fleet *fleet, enum origin origin,
    struct json_writer *writer)
{
	const struct latency_figures figures = fleet_latency(fleet, origin);

	json_writer_object(writer, NULL);
	json_writer_text(writer, "source", origin_text(origin));
	json_writer_number(writer, "sum_us", figures.sum / US);
	json_writer_array(writer, "counts");
	for (unsigned i = 0; i < LATENCY_BUCKETS; i++)
		json_writer_number(writer, NULL, figures.counts[i]);
	json_writer_end(writer);
	json_writer_object(writer, "rcodes");
	for (unsigned i = 0; i < LATENCY_RCODES; i++) {
		json_writer_number(writer, latency_rcodes[i],
		    figures.rcodes[i]);
	}
	json_writer_end(writer);
	json_writer_end(writer);
}

static void
write_latency(const struct fleet *fleet, struct json_writer *writer)
{
	json_writer_object(writer, "latency");
	write_bounds(writer);
	json_writer_array(writer, "sources");
	for (unsigned i = 0; i < ORIGINS; i++)
		write_source(fleet, (enum origin)i, writer);
	json_writer_end(writer);
	json_writer_end(writer);
}

/* Who has the daemon do otherwise than it is configured, and until when. */
static void
write_order(const struct standing_order *order, struct json_writer *writer)
{
	char time[LIVE_ENTRY_TIME];

	json_writer_object(writer, "ordered");
	json_writer_text(writer, "by", order->by);
	json_writer_text(writer, "until",
	    order->until == 0
		? NULL
		: live_entry_time((uint64_t)order->until * CLOCK_SECOND, time));
	json_writer_end(writer);
}

static void
write_mode(const struct standing *standing, struct json_writer *writer)
{
	const struct mode_choice *choice = standing_mode(standing);
	char text[ADDR_TEXT];

	json_writer_text(writer, "mode", mode_word(choice->mode));
	if (choice->mode == MODE_PSC) {
		json_writer_text(writer, "psc_address",
		    addr_format_host(&choice->psc.addr, text));
	}
	if (standing->order.given)
		write_order(&standing->order, writer);
}

void
http_state_status(struct http_call *call)
{
	const struct http_context *context = &call->http->context;
	const struct standing *standing = context->standing;
	const struct serving *serving = context->serving;
	struct json_writer *writer = http_call_writer(call);
	char time[LIVE_ENTRY_TIME];

	write_mode(standing, writer);
	json_writer_text(writer, "configuration", standing->arguments->config);
	json_writer_text(writer, "started",
	    live_entry_time((uint64_t)standing->started_at * CLOCK_SECOND,
		time));
	json_writer_number(writer, "uptime_seconds",
	    (clock_now() - standing->began) / CLOCK_SECOND);
	standing_write_reload(standing, writer);
	standing_write_drift(standing, writer);
	standing_write_query_log(standing, writer);
	json_writer_number(writer, "workers", serving->fleet.count);
	json_writer_number(writer, "zones", serving->current->zone_count);
	write_listen(serving, writer);
	write_networks(serving->current, writer);
	write_latency(&serving->fleet, writer);
	http_call_end(call);
}

/* Zones. */

static void
write_audience(const struct model *model, const struct model_zone *zone,
    struct json_writer *writer)
{
	const size_t count = audience_count(model);

	json_writer_array(writer, "networks");
	for (size_t i = 0; i < count; i++) {
		const struct audience audience = audience_at(model, i);

		if (audience_sees(&audience, &zone->visibility))
			json_writer_text(writer, NULL, audience.name);
	}
	json_writer_end(writer);
}

/* network: whose preset it is, or NULL. */
static void
write_zone(const struct model *model, const struct model_zone *zone,
    const struct model_network *network, struct json_writer *writer)
{
	static const char *const kinds[] = {
	    [MODEL_ZONE_PRIVATE] = "private",
	    [MODEL_ZONE_FORWARDING] = "forwarding",
	    [MODEL_ZONE_PEERING] = "peering",
	    [MODEL_ZONE_REVERSE] = "reverse",
	};
	char text[NAME_TEXT];

	json_writer_object(writer, NULL);
	json_writer_text(writer, "name", zone->name.text);
	json_writer_text(writer, "dns_name",
	    name_to_text(zone->dns_name.name.wire, text));
	json_writer_text(writer, "kind", kinds[zone->kind]);
	json_writer_bool(writer, "preset", network != NULL);
	json_writer_number(writer, "record_sets", zone->record_sets.count);
	if (zone->description.text != NULL) {
		json_writer_text(writer, "description", zone->description.text);
	}
	if (network == NULL) {
		write_audience(model, zone, writer);
	} else {
		json_writer_array(writer, "networks");
		json_writer_text(writer, NULL, network->name.text);
		json_writer_end(writer);
	}
	json_writer_end(writer);
}

/* A network's own, which the presets make. */
static void
write_presets(const struct model *model, const struct model_network *network,
    struct json_writer *writer)
{
	struct arena arena;
	struct model_list list;

	arena_init_heap(&arena, PRESETS_BLOCK);
	if (preset_zones(model, network, &arena, &list)) {
		const struct model_zone *zones = list.items;

		for (size_t i = 0; i < list.count; i++)
			write_zone(model, &zones[i], network, writer);
	}
	arena_fini(&arena);
}

void
http_state_zones(struct http_call *call)
{
	const struct model *model = serving_of(call)->model;
	const struct model_zone *zones = model->zones.items;
	struct json_writer *writer = http_call_writer(call);

	json_writer_array(writer, "zones");
	for (size_t i = 0; i < model->zones.count; i++)
		write_zone(model, &zones[i], NULL, writer);
	for (size_t i = 0; i < reference_network_count(model); i++)
		write_presets(model, reference_network_at(model, i), writer);
	json_writer_end(writer);
	http_call_end(call);
}

/* Cache. */

static void
counted(void *context, const struct cache_report *report)
{
	struct http_call *call = context;
	struct json_writer *writer = http_call_writer(call);

	json_writer_number(writer, "entries", report->entries);
	json_writer_number(writer, "negative_entries", report->negative);
	json_writer_number(writer, "octets", report->octets);
	json_writer_number(writer, "size", report->size);
	json_writer_number(writer, "hits", report->hits);
	json_writer_number(writer, "misses", report->misses);
	json_writer_number(writer, "evictions", report->evictions);
	http_call_end(call);
}

void
http_state_cache(struct http_call *call)
{
	if (!fleet_figures(&serving_of(call)->fleet, counted, call))
		http_call_fail(call, HTTP_CALL_UNAVAILABLE, "out of memory");
}

/* Servers. */

struct servers {
	struct json_writer *writer;
	const struct serving *serving;
	struct server_figures_source source;
};

static void
write_server(const struct servers *servers, const struct upstream_group *group,
    const struct upstream_server *server)
{
	struct json_writer *writer = servers->writer;
	const struct server_figures figures =
	    server_figures_of(&servers->source, server);
	char text[SERVER_TEXT];
	char whom[FOR_TEXT];

	snprintf(whom, sizeof(whom), "%s%s", group->what, group->whose);
	json_writer_object(writer, NULL);
	json_writer_text(writer, "server", server_format(server, text));
	json_writer_text(writer, "for", whom);
	json_writer_text(writer, "state",
	    figures.up	       ? "up"
		: figures.down ? "down"
			       : "unused");
	json_writer_number(writer, "requests", figures.questions);
	json_writer_number(writer, "failures", figures.failures);
	if (figures.answers > 0) {
		json_writer_number(writer, "mean_us",
		    figures.waited / figures.answers / US);
	}
	json_writer_end(writer);
}

/* A policy's group is there once for each network that it holds in. */
static bool
is_repeated(const struct upstream_group *group)
{
	for (const struct upstream_group *other = group->next; other != NULL;
	     other = other->next) {
		if (other->id == group->id &&
		    strcmp(other->whose, group->whose) == 0)
			return true;
	}
	return false;
}

/* Those for all names first. */
static void
write_groups(const struct servers *servers, bool internal)
{
	for (const struct upstream_group *group =
		 servers->serving->current->groups;
	     group != NULL; group = group->next) {
		if (group->internal != internal || is_repeated(group))
			continue;
		for (unsigned i = 0; i < group->count; i++)
			write_server(servers, group, &group->servers[i]);
	}
}

static void
told(void *context, struct upstreams *known, unsigned count)
{
	struct http_call *call = context;
	struct servers servers = {
	    .writer = http_call_writer(call),
	    .serving = serving_of(call),
	    .source = {.known = known, .count = count},
	};

	json_writer_array(servers.writer, "upstreams");
	write_groups(&servers, false);
	write_groups(&servers, true);
	json_writer_end(servers.writer);
	http_call_end(call);
}

void
http_state_upstreams(struct http_call *call)
{
	if (!fleet_servers(&serving_of(call)->fleet, told, call))
		http_call_fail(call, HTTP_CALL_UNAVAILABLE, "out of memory");
}

/* Queries. */

void
http_state_queries(struct http_call *call)
{
	struct live *live = &call->http->live;
	struct json_writer *writer;
	char text[NUMBER_TEXT];
	uint64_t since = 0;

	if (http_call_parameter(call, "since", text, sizeof(text)) &&
	    !number_parse(text, 0, UINT64_MAX, &since)) {
		http_call_fail(call, HTTP_CALL_BAD,
		    "since must be the number of a query, not '%s'", text);
		return;
	}
	live_watch(live);
	writer = http_call_writer(call);
	live_json(live, since, writer);
	http_call_end(call);
}
