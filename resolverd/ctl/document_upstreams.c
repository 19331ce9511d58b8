#include "ctl/document.h"

#include <stdio.h>

#include "core/loop.h"
#include "core/server.h"
#include "core/snapshot.h"
#include "ctl/server_figures.h"
#include "ctl/serving.h"
#include "io/boot.h"
#include "io/clock.h"

enum { MICROSECOND = 1000, PER_MILLE_IN_PERCENT = 10, FOR_TEXT = 256 };

static const char *const skills[UPSTREAM_SKILLS] = {
    [SKILL_UDP] = "udp",
    [SKILL_TCP] = "tcp",
    [SKILL_TLS] = "tls",
    [SKILL_EDNS] = "edns",
    [SKILL_CASE] = "case",
    [SKILL_COOKIES] = "cookies",
};

/* What is being written. */
struct writing {
	const struct serving *serving;
	struct server_figures_source source;
	struct json_writer *writer;
};

static const char *
state_of(const struct writing *writing, const struct upstream_server *server,
    const struct server_figures *figures)
{
	if (loop_leads_back(writing->serving->boot->loops, server,
		writing->source.now))
		return "loop";
	if (figures->up)
		return "up";
	return figures->down ? "down" : "unused";
}

static void
write_figures(const struct server_figures *figures, struct json_writer *writer)
{
	json_writer_number(writer, "requests", figures->questions);
	json_writer_number(writer, "failures", figures->failures);
	if (figures->answers > 0) {
		json_writer_number(writer, "mean_us",
		    figures->waited / figures->answers / MICROSECOND);
	}
	if (figures->heard > 0) {
		json_writer_number(writer, "srtt_us",
		    figures->srtt / figures->heard);
		json_writer_number(writer, "success_percent",
		    figures->success / figures->heard / PER_MILLE_IN_PERCENT);
	}
	json_writer_array(writer, "lacks");
	for (unsigned i = 0; i < UPSTREAM_SKILLS; i++) {
		if ((figures->lacks >> i & 1) != 0)
			json_writer_text(writer, NULL, skills[i]);
	}
	json_writer_end(writer);
}

static void
write_server(const struct writing *writing, const struct upstream_group *group,
    const struct upstream_server *server)
{
	struct json_writer *writer = writing->writer;
	const struct server_figures figures =
	    server_figures_of(&writing->source, server);
	char text[SERVER_TEXT];
	char whom[FOR_TEXT];

	snprintf(whom, sizeof(whom), "%s%s", group->what, group->whose);
	json_writer_object(writer, NULL);
	json_writer_text(writer, "server", server_format(server, text));
	json_writer_text(writer, "for", whom);
	json_writer_text(writer, "source",
	    group->internal ? NULL
			    : discovery_source(&writing->serving->discovery,
				  &server->addr));
	json_writer_text(writer, "state", state_of(writing, server, &figures));
	write_figures(&figures, writer);
	json_writer_end(writer);
}

static void
write_group(const struct writing *writing, const struct upstream_group *group)
{
	for (unsigned i = 0; i < group->count; i++)
		write_server(writing, group, &group->servers[i]);
}

/* Those for all names come first: server_figures_group_fn both. */
static void
write_common(void *context, const struct upstream_group *group)
{
	if (!group->internal)
		write_group(context, group);
}

static void
write_internal(void *context, const struct upstream_group *group)
{
	if (group->internal)
		write_group(context, group);
}

void
document_upstreams_write(const struct serving *serving, struct upstreams *known,
    unsigned count, struct json_writer *writer)
{
	struct writing writing = {
	    .serving = serving,
	    .source = {.known = known, .count = count, .now = clock_now()},
	    .writer = writer,
	};

	json_writer_array(writer, "upstreams");
	server_figures_groups(serving->current, write_common, &writing);
	server_figures_groups(serving->current, write_internal, &writing);
	json_writer_end(writer);
}
