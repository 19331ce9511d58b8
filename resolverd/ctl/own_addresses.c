#include "ctl/own_addresses.h"

#include <string.h>
#include <sys/socket.h>

#include "base/log.h"
#include "ctl/networks.h"
#include "model/check_loop.h"

static void
own_addresses_add(struct own_addresses *own, const struct addr *addr)
{
	if (own->count < OWN_ADDRESSES)
		own->addrs[own->count++] = *addr;
}

void
own_addresses_find(struct own_addresses *own, const struct addr *listen,
    size_t count)
{
	own->count = 0;
	for (size_t i = 0; i < count; i++) {
		own_addresses_add(own, &listen[i]);
		if (!addr_is_any(&listen[i]))
			continue;
		own->count += networks_addresses(&listen[i],
		    own->addrs + own->count, OWN_ADDRESSES - own->count);
	}
}

bool
own_addresses_has(const struct own_addresses *own, const struct addr *server)
{
	for (size_t i = 0; i < own->count; i++) {
		if (check_loop_reaches(&own->addrs[i], server))
			return true;
	}
	return false;
}

bool
own_addresses_is_local(const struct addr *server)
{
	struct own_addresses own = {.count = 0};
	struct addr any = *server;

	if (addr_is_loopback(server))
		return true;
	if (any.u.any.sa_family == AF_INET) {
		any.u.in4.sin_addr.s_addr = 0;
	} else {
		memset(&any.u.in6.sin6_addr, 0, sizeof(any.u.in6.sin6_addr));
	}
	own_addresses_find(&own, &any, 1);
	return own_addresses_has(&own, server);
}

static void
complain(const struct own_addresses *own, const struct addr *server,
    const char *what)
{
	char text[ADDR_TEXT];

	if (server->len == 0 || !own_addresses_has(own, server))
		return;
	log_warn("%s %s is where this daemon listens: it is left out", what,
	    addr_format(server, text));
}

static void
complain_targets(const struct own_addresses *own,
    const struct model_list *targets, const char *what)
{
	const struct model_target *items = targets->items;

	for (size_t i = 0; i < targets->count; i++)
		complain(own, &items[i].addr, what);
}

void
own_addresses_complain(const struct own_addresses *own,
    const struct model *model)
{
	const struct model_server *upstreams = model->upstreams.items;
	const struct model_zone *zones = model->zones.items;
	const struct model_policy *policies = model->policies.items;

	for (size_t i = 0; i < model->upstreams.count; i++)
		complain(own, &upstreams[i].server.addr, "upstream server");
	for (size_t i = 0; i < model->zones.count; i++)
		complain_targets(own, &zones[i].targets, "forwarding target");
	for (size_t i = 0; i < model->policies.count; i++) {
		complain_targets(own, &policies[i].targets,
		    "alternative name server");
	}
}
