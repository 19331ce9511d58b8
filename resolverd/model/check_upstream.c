#include "model/check_upstream.h"

#include "core/server.h"

static bool
is_automatic(const struct model_server *server)
{
	return server->server.addr.len == 0;
}

static const char *
name_of(const struct model_server *server, char buf[SERVER_TEXT])
{
	return is_automatic(server) ? "auto"
				    : server_format(&server->server, buf);
}

static bool
check_any(const struct model_server *server, struct diag *diag)
{
	char text[ADDR_TEXT];

	if (is_automatic(server) || !addr_is_any(&server->server.addr))
		return true;
	return diag_error(diag, server->mark,
	    "%s stands for any address: no server can be asked there",
	    addr_format_host(&server->server.addr, text));
}

static bool
is_same(const struct model_server *a, const struct model_server *b)
{
	return a->server.carrier == b->server.carrier &&
	    a->server.addr.len == b->server.addr.len &&
	    (is_automatic(a) || addr_equal(&a->server.addr, &b->server.addr));
}

/* The list is short. */
static bool
check_first(const struct model_server *servers, size_t n, struct diag *diag)
{
	for (size_t i = 0; i < n; i++) {
		char text[SERVER_TEXT];

		if (!is_same(&servers[i], &servers[n]))
			continue;
		diag_error(diag, servers[n].mark, "%s is given twice",
		    name_of(&servers[n], text));
		return false;
	}
	return true;
}

bool
check_upstream_is_sure(const struct model *model,
    const struct upstream_server *server)
{
	return addr_is_loopback(&server->addr) ||
	    (server->carrier == CARRIER_TLS && !model->tls_opportunistic);
}

/* Warns of the first one; it spoils the others. */
static void
check_trust(const struct model *model, struct diag *diag)
{
	const struct model_server *servers = model->upstreams.items;
	size_t i = 0;
	char text[SERVER_TEXT];

	while (i < model->upstreams.count && !is_automatic(&servers[i]) &&
	    check_upstream_is_sure(model, &servers[i].server))
		i++;
	if (!model->trust_upstream_ad || i == model->upstreams.count)
		return;
	diag_warning(diag, servers[i].mark,
	    "trust_upstream_ad has no effect: the way to %s is neither TLS "
	    "with strict authentication nor loopback, and anybody on it could "
	    "set the AD flag",
	    name_of(&servers[i], text));
}

bool
check_upstream_all(const struct model *model, struct diag *diag)
{
	const struct model_server *servers = model->upstreams.items;
	bool good = true;

	for (size_t i = 0; i < model->upstreams.count; i++) {
		if (!check_any(&servers[i], diag) ||
		    !check_first(servers, i, diag))
			good = false;
	}
	check_trust(model, diag);
	return good;
}
