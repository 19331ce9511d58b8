#include "ctl/http_health.h"

#include "ctl/fleet.h"
#include "ctl/http.h"
#include "ctl/http_call.h"
#include "ctl/serving.h"

/* All workers have reported: a fleet_report_fn. */
static void
alive(void *context, const struct cache_report *report)
{
	struct http_call *call = context;
	struct json_writer *writer = http_call_writer(call);

	(void)report;
	json_writer_bool(writer, "ok", true);
	json_writer_number(writer, "workers",
	    call->http->context.serving->fleet.count);
	http_call_end(call);
}

void
http_health_live(struct http_call *call)
{
	if (!fleet_figures(&call->http->context.serving->fleet, alive, call))
		http_call_fail(call, HTTP_CALL_UNAVAILABLE, "out of memory");
}

void
http_health_ready(struct http_call *call)
{
	http_health_live(call);
}
