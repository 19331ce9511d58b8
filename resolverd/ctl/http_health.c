#include "ctl/http_health.h"

#include "ctl/fleet.h"
#include "ctl/http.h"
#include "ctl/http_call.h"
#include "ctl/serving.h"
#include "ctl/standing.h"

static struct serving *
serving_of(const struct http_call *call)
{
	return call->http->context.serving;
}

/* All workers have reported: a fleet_report_fn. */
static void
alive(void *context, const struct cache_report *report)
{
	struct http_call *call = context;
	struct json_writer *writer = http_call_writer(call);

	(void)report;
	json_writer_bool(writer, "ok", true);
	json_writer_number(writer, "workers", serving_of(call)->fleet.count);
	http_call_end(call);
}

void
http_health_live(struct http_call *call)
{
	if (!fleet_figures(&serving_of(call)->fleet, alive, call))
		http_call_fail(call, HTTP_CALL_UNAVAILABLE, "out of memory");
}

/* Likewise: a configuration is served, whatever became of a later one. */
static void
ready(void *context, const struct cache_report *report)
{
	struct http_call *call = context;
	struct json_writer *writer = http_call_writer(call);

	(void)report;
	json_writer_bool(writer, "ok", true);
	standing_write_mode(call->http->context.standing, writer);
	standing_write_reload(call->http->context.standing, writer);
	http_call_end(call);
}

void
http_health_ready(struct http_call *call)
{
	if (!fleet_figures(&serving_of(call)->fleet, ready, call))
		http_call_fail(call, HTTP_CALL_UNAVAILABLE, "out of memory");
}
