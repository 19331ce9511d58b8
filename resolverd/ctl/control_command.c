#include "ctl/control_command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/cache.h"
#include "ctl/control.h"
#include "ctl/control_upstreams.h"
#include "ctl/reload.h"
#include "ctl/serving.h"
#include "dns/name.h"

static const struct control_context *
context_of(const struct control_call *call)
{
	return call->control->context;
}

/* The cache. */

static void
write_figures(struct json_writer *writer, const struct cache_report *report)
{
	json_writer_number(writer, "entries", report->entries);
	json_writer_number(writer, "octets", report->octets);
	json_writer_number(writer, "size", report->size);
	json_writer_number(writer, "hits", report->hits);
	json_writer_number(writer, "misses", report->misses);
}

/* All workers have done it: a fleet_report_fn. */
static void
flushed(void *context, const struct cache_report *report)
{
	struct control_call *call = context;
	struct json_writer *writer = control_call_writer(call);

	json_writer_number(writer, "flushed", report->flushed);
	write_figures(writer, report);
	control_call_end(call);
}

static void
run_flush(struct control_call *call)
{
	const struct control_arguments *arguments = &call->request.arguments;
	struct cache_flush flush = {
	    .below = arguments->tree,
	    .negative = arguments->negative,
	};
	struct name name;

	if (arguments->name != NULL) {
		const enum name_error error =
		    name_from_text(&name, arguments->name);

		if (error != NAME_OK) {
			control_call_fail(call, "the name %s",
			    name_error_text(error));
			return;
		}
		flush.name = name.wire;
	} else if (arguments->tree) {
		control_call_fail(call, "the tree of which name?");
		return;
	}
	if (!fleet_flush(&context_of(call)->serving->fleet, &flush, flushed,
		call))
		control_call_fail(call, "out of memory");
}

static void
counted(void *context, const struct cache_report *report)
{
	struct control_call *call = context;

	write_figures(control_call_writer(call), report);
	control_call_end(call);
}

static void
run_cache(struct control_call *call)
{
	if (!fleet_figures(&context_of(call)->serving->fleet, counted, call))
		control_call_fail(call, "out of memory");
}

/* The configuration. */

static void
write_lines(struct json_writer *writer, char *text)
{
	char *line;

	json_writer_array(writer, "messages");
	while ((line = strsep(&text, "\n")) != NULL) {
		if (line[0] != '\0')
			json_writer_text(writer, NULL, line);
	}
	json_writer_end(writer);
}

static void
run_reload(struct control_call *call)
{
	const struct control_context *context = context_of(call);
	struct json_writer *writer;
	char *text = NULL;
	size_t len = 0;
	FILE *report = open_memstream(&text, &len);
	bool loaded;

	if (report == NULL) {
		control_call_fail(call, "out of memory");
		return;
	}
	loaded = reload_run(context->serving, context->arguments,
	    context->started, report);
	fclose(report);
	writer = control_call_writer(call);
	json_writer_bool(writer, "loaded", loaded);
	write_lines(writer, text);
	control_call_end(call);
	free(text);
}

/* The servers. */

static void
run_upstreams(struct control_call *call)
{
	control_upstreams_run(call, context_of(call)->serving);
}

static const char *const none[] = {NULL};
static const char *const of_flush[] = {"name", "tree", "negative", NULL};

static const struct control_command rows[] = {
    {"cache", false, none, run_cache},
    {"flush", true, of_flush, run_flush},
    {"reload", true, none, run_reload},
    {"upstreams", false, none, run_upstreams},
};

const struct control_commands control_command_table = {
    .rows = rows,
    .count = sizeof(rows) / sizeof(rows[0]),
};
