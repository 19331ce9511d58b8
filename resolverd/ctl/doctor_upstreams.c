#include "ctl/doctor_upstreams.h"

#include "ctl/doctor_addrs.h"

enum { UPSTREAM_MS = 1500 };

/* Whether a server gives any answer at all to the smallest question. */
static bool
is_alive(struct doctor *doctor, const struct upstream_server *server,
    const char **how)
{
	struct question question = {.type = TYPE_NS, .class = CLASS_IN};
	struct stub stub = doctor_stub(doctor, &server->addr);
	struct stub_reply reply;
	char text[STUB_TEXT];

	name_from_text(&question.name, ".");
	stub.timeout_ms = doctor_patience(doctor, UPSTREAM_MS);
	if (server->carrier == CARRIER_TCP)
		stub.transport = TRANSPORT_TCP;
	stub_ask(&stub, &question, &doctor->arena, &reply);
	*how = arena_strdup(&doctor->arena,
	    stub_outcome_text(&stub, &reply, text));
	return reply.outcome == STUB_ANSWERED;
}

static void
tell_dead(struct doctor *doctor, const struct addr *server, const char *how)
{
	char host[ADDR_TEXT];

	doctor_fail(doctor, "dead upstream: %s %s",
	    doctor_addrs_server_text(doctor, server), how == NULL ? "" : how);
	doctor_evidence(doctor,
	    "resolverd asks it for all names that are not "
	    "its own (key upstreams)");
	doctor_fix(doctor, "dig -p %u @%s . NS", addr_port(server),
	    addr_format_host(server, host));
}

/* resolverd itself knows best how they do: it asks them all the time. */
static void
tell_encrypted(struct doctor *doctor, size_t count)
{
	doctor_skip(doctor, "it asks %zu server%s over TLS, not tried here",
	    count, count == 1 ? "" : "s");
	doctor_fix(doctor, "resolverctl upstreams");
}

void
doctor_upstreams_run(struct doctor *doctor)
{
	const struct doctor_expected *expected = &doctor->expected;
	struct doctor_addrs alive = {.count = 0};
	size_t encrypted = 0;

	for (size_t i = 0; i < expected->upstream_count; i++) {
		const struct upstream_server *server = &expected->upstreams[i];
		const char *how = NULL;

		if (server->carrier == CARRIER_TLS) {
			encrypted++;
			continue;
		}
		if (doctor_patience(doctor, UPSTREAM_MS) == 0)
			break;
		if (is_alive(doctor, server, &how)) {
			doctor_addrs_add(&alive, &server->addr);
		} else {
			tell_dead(doctor, &server->addr, how);
		}
	}
	if (alive.count > 0) {
		doctor_pass(doctor, "the servers that it asks answer: %s",
		    doctor_addrs_text(doctor, &alive));
	} else if (expected->upstream_count == 0) {
		doctor_skip(doctor, "no servers are known that it asks");
	}
	if (encrypted > 0)
		tell_encrypted(doctor, encrypted);
}
