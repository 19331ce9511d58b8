#include "ctl/document.h"

#include <unistd.h>

#include "core/server.h"
#include "ctl/arguments.h"
#include "ctl/control_log_level.h"
#include "ctl/control_socket.h"
#include "ctl/date.h"
#include "ctl/document_audience.h"
#include "ctl/serving.h"
#include "ctl/standing.h"
#include "io/boot.h"
#include "io/clock.h"
#include "model/upstream_list.h"

static void
write_process(const struct standing *standing, struct json_writer *writer)
{
	char date[DATE_TEXT];

	json_writer_number(writer, "pid", (uint64_t)getpid());
	json_writer_text(writer, "started",
	    date_format(standing->started_at, date));
	json_writer_number(writer, "uptime_seconds",
	    (clock_now() - standing->began) / CLOCK_SECOND);
	json_writer_number(writer, "workers", standing->serving->fleet.count);
	json_writer_text(writer, "log_level", control_log_level_word());
	json_writer_text(writer, "configuration", standing->arguments->config);
	json_writer_text(writer, "control_socket",
	    standing->socket->fd < 0 ? NULL : standing->socket->path);
}

static void
write_listen(const struct boot *boot, struct json_writer *writer)
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
write_upstreams(const struct model *model, struct json_writer *writer)
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
document_status_write(const struct standing *standing,
    struct json_writer *writer)
{
	const struct serving *serving = standing->serving;

	write_process(standing, writer);
	write_listen(serving->boot, writer);
	standing_write_mode(standing, writer);
	write_upstreams(serving->model, writer);
	json_writer_number(writer, "zones", serving->current->zone_count);
	document_audience_write(serving->model, NULL, writer);
	standing_write_reload(standing, writer);
	standing_write_drift(standing, writer);
	standing_write_query_log(standing, writer);
}
