#include "ctl/control_commands.h"

#include <unistd.h>

#include "core/server.h"
#include "ctl/arguments.h"
#include "ctl/control_call.h"
#include "ctl/control_command.h"
#include "ctl/control_log_level.h"
#include "ctl/control_socket.h"
#include "ctl/date.h"
#include "ctl/serving.h"
#include "ctl/standing.h"
#include "io/boot.h"
#include "io/clock.h"
#include "model/upstream_list.h"

static void
write_process(struct json_writer *writer, const struct standing *standing)
{
	char date[DATE_TEXT];

	json_writer_text(writer, "version", arguments_version());
	json_writer_number(writer, "pid", (uint64_t)getpid());
	json_writer_text(writer, "started",
	    date_format(standing->started_at, date));
	json_writer_number(writer, "uptime_seconds",
	    (clock_now() - standing->began) / CLOCK_SECOND);
	json_writer_number(writer, "workers", standing->serving->fleet.count);
	json_writer_text(writer, "log_level", control_log_level_word());
	json_writer_text(writer, "configuration", standing->arguments->config);
}

static void
write_listen(struct json_writer *writer, const struct boot *boot)
{
	json_writer_array(writer, "listen");
	for (size_t i = 0; i < boot->listen_count; i++) {
		char text[ADDR_TEXT];

		json_writer_text(writer, NULL,
		    addr_format(&boot->listen[i], text));
	}
	json_writer_end(writer);
}

static void
write_upstreams(struct json_writer *writer, const struct model *model)
{
	struct model_server servers[UPSTREAM_SERVERS];
	const size_t count = upstream_list_expand(model, servers);

	json_writer_array(writer, "upstreams");
	for (size_t i = 0; i < count; i++) {
		char text[SERVER_TEXT];

		json_writer_text(writer, NULL,
		    server_format(&servers[i].server, text));
	}
	json_writer_end(writer);
}

void
control_status_run(struct control_call *call)
{
	const struct control_context *context = control_context_of(call);
	const struct serving *serving = context->serving;
	struct json_writer *writer = control_call_writer(call);

	write_process(writer, context->standing);
	json_writer_text(writer, "control_socket", context->socket->path);
	write_listen(writer, serving->boot);
	standing_write_mode(context->standing, writer);
	write_upstreams(writer, serving->model);
	json_writer_number(writer, "zones", serving->current->zone_count);
	json_writer_number(writer, "networks", serving->current->network_count);
	standing_write_reload(context->standing, writer);
	standing_write_drift(context->standing, writer);
	standing_write_query_log(context->standing, writer);
	control_call_end(call);
}
