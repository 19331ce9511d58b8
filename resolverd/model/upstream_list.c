#include "model/upstream_list.h"

#include "core/server.h"
#include "model/check_loop.h"

/* Servers being gathered. */
struct gathering {
	const struct model *model;
	struct model_server *out; /* UPSTREAM_SERVERS of them */
	size_t count;
};

bool
upstream_list_is_own(const struct model *model, const struct addr *server)
{
	const struct addr *own = model->own_addresses.items;

	for (size_t i = 0; i < model->own_addresses.count; i++) {
		if (check_loop_reaches(&own[i], server))
			return true;
	}
	return false;
}

static void
gather(struct gathering *gathering, const struct model_server *server)
{
	if (gathering->count == UPSTREAM_SERVERS ||
	    upstream_list_is_own(gathering->model, &server->server.addr))
		return;
	for (size_t i = 0; i < gathering->count; i++) {
		if (server_equal(&gathering->out[i].server, &server->server))
			return;
	}
	gathering->out[gathering->count++] = *server;
}

/* Those that the daemon found stand for one entry. */
static void
gather_system(struct gathering *gathering)
{
	const struct model_list *found = &gathering->model->system_servers;
	const struct addr *addrs = found->items;

	for (size_t i = 0; i < found->count; i++) {
		gather(gathering,
		    &(struct model_server){.server.addr = addrs[i]});
	}
}

size_t
upstream_list_expand(const struct model *model,
    struct model_server out[UPSTREAM_SERVERS])
{
	struct gathering gathering = {.model = model, .out = out};
	const struct model_server *servers = model->upstreams.items;

	if (model->upstreams.count == 0)
		gather_system(&gathering);
	for (size_t i = 0; i < model->upstreams.count; i++) {
		if (servers[i].server.addr.len == 0) {
			gather_system(&gathering);
		} else {
			gather(&gathering, &servers[i]);
		}
	}
	return gathering.count;
}
