#include "ctl/http_state.h"

#include "base/text.h"
#include "ctl/arguments.h"
#include "ctl/document.h"
#include "ctl/http.h"
#include "ctl/http_call.h"
#include "ctl/serving.h"
#include "ctl/standing.h"

enum { NUMBER_TEXT = 24 };

static struct serving *
serving_of(const struct http_call *call)
{
	return call->http->context.serving;
}

static void
lacks_memory(struct http_call *call)
{
	http_call_fail(call, HTTP_CALL_UNAVAILABLE, "out of memory");
}

void
http_state_status(struct http_call *call)
{
	struct json_writer *writer = http_call_writer(call);

	/* Whoever is far away need not know which faults we may have. */
	if (call->is_near)
		json_writer_text(writer, "version", arguments_version());
	document_status_write(call->http->context.standing, writer);
	http_call_end(call);
}

void
http_state_zones(struct http_call *call)
{
	document_zones_write(serving_of(call)->model, http_call_writer(call));
	http_call_end(call);
}

/* All workers have told: a fleet_report_fn. */
static void
stats_told(void *context, const struct cache_report *report)
{
	struct http_call *call = context;

	document_stats_write(call->http->context.standing, report,
	    http_call_writer(call));
	http_call_end(call);
}

void
http_state_stats(struct http_call *call)
{
	if (!fleet_figures(&serving_of(call)->fleet, stats_told, call))
		lacks_memory(call);
}

/* Likewise. */
static void
cache_told(void *context, const struct cache_report *report)
{
	struct http_call *call = context;

	document_cache_write(report, http_call_writer(call));
	http_call_end(call);
}

void
http_state_cache(struct http_call *call)
{
	if (!fleet_figures(&serving_of(call)->fleet, cache_told, call))
		lacks_memory(call);
}

/* Likewise: a fleet_servers_fn. */
static void
upstreams_told(void *context, struct upstreams *known, unsigned count)
{
	struct http_call *call = context;

	document_upstreams_write(serving_of(call), known, count,
	    http_call_writer(call));
	http_call_end(call);
}

void
http_state_upstreams(struct http_call *call)
{
	if (!fleet_servers(&serving_of(call)->fleet, upstreams_told, call))
		lacks_memory(call);
}

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
