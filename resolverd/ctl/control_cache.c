#include "ctl/control_commands.h"

#include "core/cache.h"
#include "ctl/control_call.h"
#include "ctl/control_command.h"
#include "ctl/document.h"
#include "ctl/serving.h"
#include "dns/name.h"

/* All workers have done it: a fleet_report_fn. */
static void
flushed(void *context, const struct cache_report *report)
{
	struct control_call *call = context;
	struct json_writer *writer = control_call_writer(call);

	json_writer_number(writer, "flushed", report->flushed);
	document_cache_write(report, writer);
	control_call_end(call);
}

/* What is to be flushed; false after an answer that says why not. */
static bool
read_flush(struct control_call *call, struct cache_flush *flush,
    struct name *name)
{
	const char *text = control_call_text(call, "name");
	enum name_error error;

	flush->below = control_call_flag(call, "tree");
	flush->negative = control_call_flag(call, "negative");
	if (text == NULL && flush->below) {
		control_call_fail(call, "the tree of which name?");
		return false;
	}
	if (text == NULL)
		return true;
	error = name_from_text(name, text);
	if (error != NAME_OK) {
		control_call_fail(call, "the name %s", name_error_text(error));
		return false;
	}
	flush->name = name->wire;
	return true;
}

void
control_flush_run(struct control_call *call)
{
	struct cache_flush flush = {.name = NULL};
	struct name name;

	if (!read_flush(call, &flush, &name))
		return;
	control_call_log(call);
	if (!fleet_flush(&control_context_of(call)->serving->fleet, &flush,
		flushed, call))
		control_call_fail(call, "out of memory");
}

/* Likewise. */
static void
counted(void *context, const struct cache_report *report)
{
	struct control_call *call = context;

	document_cache_write(report, control_call_writer(call));
	control_call_end(call);
}

void
control_cache_run(struct control_call *call)
{
	if (!fleet_figures(&control_context_of(call)->serving->fleet, counted,
		call))
		control_call_fail(call, "out of memory");
}
