#include "ctl/control_commands.h"

#include "ctl/arguments.h"
#include "ctl/control_call.h"
#include "ctl/control_command.h"
#include "ctl/document.h"
#include "ctl/serving.h"
#include "ctl/standing.h"

static struct serving *
serving_of(const struct control_call *call)
{
	return control_context_of(call)->serving;
}

void
control_status_run(struct control_call *call)
{
	struct json_writer *writer = control_call_writer(call);

	json_writer_text(writer, "version", arguments_version());
	document_status_write(control_context_of(call)->standing, writer);
	control_call_end(call);
}

void
control_zones_run(struct control_call *call)
{
	document_zones_write(serving_of(call)->model,
	    control_call_writer(call));
	control_call_end(call);
}

/* All workers have told: a fleet_report_fn. */
static void
stats_told(void *context, const struct cache_report *report)
{
	struct control_call *call = context;

	document_stats_write(control_context_of(call)->standing, report,
	    control_call_writer(call));
	control_call_end(call);
}

void
control_stats_run(struct control_call *call)
{
	if (!fleet_figures(&serving_of(call)->fleet, stats_told, call))
		control_call_fail(call, "out of memory");
}

/* Likewise: a fleet_servers_fn. */
static void
upstreams_told(void *context, struct upstreams *known, unsigned count)
{
	struct control_call *call = context;

	document_upstreams_write(serving_of(call), known, count,
	    control_call_writer(call));
	control_call_end(call);
}

void
control_upstreams_run(struct control_call *call)
{
	if (!fleet_servers(&serving_of(call)->fleet, upstreams_told, call))
		control_call_fail(call, "out of memory");
}
