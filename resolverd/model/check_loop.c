#include "model/check_loop.h"

#include "model/listening.h"

enum { SCRATCH_BLOCK = 4096 };

/* All of 127.0.0.0/8 is this host, though its interface has but one of them. */
bool
check_loop_reaches(const struct addr *listen, const struct addr *server)
{
	if (addr_equal(listen, server))
		return true;
	return addr_is_any(listen) && addr_is_loopback(server) &&
	    listen->u.any.sa_family == server->u.any.sa_family &&
	    addr_port(listen) == addr_port(server);
}

static bool
reject(const struct model_addr *server, struct diag *diag)
{
	char text[ADDR_TEXT];

	return diag_error(diag, server->mark,
	    "%s is where this daemon listens: it would ask itself",
	    addr_format(&server->addr, text));
}

static bool
check_server(const struct model_list *listen, const struct model_addr *server,
    struct diag *diag)
{
	const struct model_addr *addrs = listen->items;

	/* An address that could not be read has no length. */
	if (server->addr.len == 0)
		return true;
	for (size_t i = 0; i < listen->count; i++) {
		const bool given = addrs[i].mark.file != NULL;

		if (!check_loop_reaches(&addrs[i].addr, &server->addr))
			continue;
		reject(server, diag);
		diag_note(diag, given ? addrs[i].mark : server->mark, "%s",
		    given ? "it listens here"
			  : "without listen it listens on 127.0.0.1 and ::1, "
			    "port 53");
		return false;
	}
	return true;
}

static bool
check_targets(const struct model_list *listen, const struct model_list *targets,
    struct diag *diag)
{
	const struct model_target *items = targets->items;
	bool good = true;

	for (size_t i = 0; i < targets->count; i++) {
		const struct model_addr server = {
		    .addr = items[i].addr,
		    .mark = items[i].mark,
		};

		if (!check_server(listen, &server, diag))
			good = false;
	}
	return good;
}

static bool
check_all(const struct model *model, const struct model_list *listen,
    struct diag *diag)
{
	const struct model_server *upstreams = model->upstreams.items;
	const struct model_policy *policies = model->policies.items;
	const struct model_zone *zones = model->zones.items;
	bool good = true;

	for (size_t i = 0; i < model->upstreams.count; i++) {
		const struct model_addr server = {
		    .addr = upstreams[i].server.addr,
		    .mark = upstreams[i].mark,
		};

		if (!check_server(listen, &server, diag))
			good = false;
	}
	for (size_t i = 0; i < model->zones.count; i++) {
		if (!check_targets(listen, &zones[i].targets, diag))
			good = false;
	}
	for (size_t i = 0; i < model->policies.count; i++) {
		if (!check_targets(listen, &policies[i].targets, diag))
			good = false;
	}
	return good;
}

bool
check_loop(const struct model *model, struct diag *diag)
{
	struct arena scratch;
	struct model_list listen;
	bool good;

	arena_init_heap(&scratch, SCRATCH_BLOCK);
	good = listening_addresses(model, &scratch, &listen) &&
	    check_all(model, &listen, diag);
	arena_fini(&scratch);
	return good;
}
