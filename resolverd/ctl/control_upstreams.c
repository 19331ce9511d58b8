#include "ctl/control_commands.h"

#include <stdio.h>
#include <string.h>

#include "core/loop.h"
#include "core/server.h"
#include "core/snapshot.h"
#include "ctl/control_call.h"
#include "ctl/control_command.h"
#include "ctl/serving.h"
#include "io/boot.h"
#include "io/clock.h"

enum { PER_MILLE_IN_PERCENT = 10, FOR_TEXT = 256 };

/* What all workers together know of a server. */
struct knowledge {
	unsigned up;   /* workers that hold it for alive */
	unsigned down; /* or for dead */
	unsigned heard;
	uint64_t srtt; /* sums over those that heard it */
	uint64_t success;
	unsigned lacks; /* bits by enum upstream_skill */
};

static const char *const skills[UPSTREAM_SKILLS] = {
    [SKILL_UDP] = "udp",
    [SKILL_TCP] = "tcp",
    [SKILL_TLS] = "tls",
    [SKILL_EDNS] = "edns",
    [SKILL_CASE] = "case",
    [SKILL_COOKIES] = "cookies",
};

/* What is being written. */
struct report {
	const struct serving *serving;
	struct json_writer *writer;
	const struct upstreams *known; /* by each worker */
	unsigned count;
	uint64_t now;
};

static void
know(struct knowledge *knowledge, const struct upstream_state *state,
    uint64_t now)
{
	if (state->probe_at != 0) {
		knowledge->down++;
	} else if (state->srtt != 0) {
		knowledge->up++;
	}
	if (state->srtt != 0) {
		knowledge->heard++;
		knowledge->srtt += state->srtt;
		knowledge->success += state->success;
	}
	for (unsigned i = 0; i < UPSTREAM_SKILLS; i++) {
		if (now < state->cannot_until[i])
			knowledge->lacks |= 1U << i;
	}
}

static const char *
state_of(const struct report *report, const struct upstream_server *server,
    const struct knowledge *knowledge)
{
	if (loop_leads_back(report->serving->boot->loops, server, report->now))
		return "loop";
	if (knowledge->up > 0)
		return "up";
	return knowledge->down > 0 ? "down" : "unused";
}

static void
write_knowledge(struct json_writer *writer, const struct knowledge *knowledge)
{
	if (knowledge->heard > 0) {
		json_writer_number(writer, "srtt_us",
		    knowledge->srtt / knowledge->heard);
		json_writer_number(writer, "success_percent",
		    knowledge->success / knowledge->heard /
			PER_MILLE_IN_PERCENT);
	}
	json_writer_array(writer, "lacks");
	for (unsigned i = 0; i < UPSTREAM_SKILLS; i++) {
		if ((knowledge->lacks >> i & 1) != 0)
			json_writer_text(writer, NULL, skills[i]);
	}
	json_writer_end(writer);
}

static void
write_server(const struct report *report, const struct upstream_group *group,
    const struct upstream_server *server)
{
	struct json_writer *writer = report->writer;
	struct knowledge knowledge = {.up = 0};
	char text[SERVER_TEXT];
	char whom[FOR_TEXT];

	for (unsigned i = 0; i < report->count; i++) {
		const struct upstream_state *state =
		    upstream_known(&report->known[i], server);

		if (state != NULL)
			know(&knowledge, state, report->now);
	}
	snprintf(whom, sizeof(whom), "%s%s", group->what, group->whose);
	json_writer_object(writer, NULL);
	json_writer_text(writer, "server", server_format(server, text));
	json_writer_text(writer, "for", whom);
	json_writer_text(writer, "source",
	    group->internal
		? NULL
		: discovery_source(&report->serving->discovery, &server->addr));
	json_writer_text(writer, "state", state_of(report, server, &knowledge));
	write_knowledge(writer, &knowledge);
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

static void
write_groups(const struct report *report, bool internal)
{
	const struct snapshot *snapshot = report->serving->current;

	for (const struct upstream_group *group = snapshot->groups;
	     group != NULL; group = group->next) {
		if (group->internal != internal || is_repeated(group))
			continue;
		for (unsigned i = 0; i < group->count; i++)
			write_server(report, group, &group->servers[i]);
	}
}

/* All workers have told: a fleet_servers_fn. */
static void
told(void *context, struct upstreams *known, unsigned count)
{
	struct control_call *call = context;
	const struct report report = {
	    .serving = control_context_of(call)->serving,
	    .writer = control_call_writer(call),
	    .known = known,
	    .count = count,
	    .now = clock_now(),
	};

	json_writer_array(report.writer, "upstreams");
	write_groups(&report, false);
	write_groups(&report, true);
	json_writer_end(report.writer);
	control_call_end(call);
}

void
control_upstreams_run(struct control_call *call)
{
	if (!fleet_servers(&control_context_of(call)->serving->fleet, told,
		call))
		control_call_fail(call, "out of memory");
}
