#include "ctl/discovery.h"

#include <stdio.h>

#include "base/log.h"
#include "io/boot.h"

enum { SERVERS_TEXT = 512 };

/* Without any upstream server it is as if `auto` stood there. */
static bool
is_automatic(const struct model *model)
{
	const struct model_server *servers = model->upstreams.items;

	for (size_t i = 0; i < model->upstreams.count; i++) {
		if (servers[i].server.addr.len == 0)
			return true;
	}
	return model->upstreams.count == 0;
}

/* What was found is no better than what is known. */
static bool
is_no_better(const struct discovery *discovery,
    const struct system_servers *found)
{
	if (discovery->known.count == 0)
		return false;
	return found->count == 0 ||
	    (found->guessed && !discovery->known.guessed);
}

static void
keep(struct discovery *discovery)
{
	char text[SERVERS_TEXT];

	if (discovery->kept)
		return;
	discovery->kept = true;
	log_info("upstream servers: %s; those known stay in use: %s",
	    discovery->absence,
	    system_servers_text(&discovery->known, text, sizeof(text)));
}

static void
look_at_own(struct discovery *discovery)
{
	own_addresses_find(&discovery->own, discovery->boot->listen,
	    discovery->boot->listen_count);
}

/* Looks at the system for servers that are not those that are known. */
static void
look(struct discovery *discovery)
{
	struct system_servers found;

	system_servers_find(&discovery->own, &found);
	discovery->absence = system_servers_absence(&found);
	if (is_no_better(discovery, &found)) {
		keep(discovery);
		return;
	}
	discovery->kept = false;
	if (system_servers_equal(&found, &discovery->known))
		return;
	discovery->untold = true;
	discovery->known = found;
	for (size_t i = 0; i < found.count; i++)
		discovery->addrs[i] = found.servers[i].addr;
}

/* Something may have changed: a watch_fn. */
static void
discovery_look(void *context)
{
	struct discovery *discovery = context;
	char text[SERVERS_TEXT];

	look_at_own(discovery);
	look(discovery);
	/* A reload that failed may have seen them first. */
	if (!discovery->untold)
		return;
	discovery->untold = false;
	log_info("upstream servers are now %s",
	    system_servers_text(&discovery->known, text, sizeof(text)));
	discovery->changed(discovery->context);
}

void
discovery_init(struct discovery *discovery, const struct boot *boot)
{
	*discovery = (struct discovery){.boot = boot};
}

void
discovery_find(struct discovery *discovery, const struct model *model)
{
	look_at_own(discovery);
	own_addresses_complain(&discovery->own, model);
	if (!is_automatic(model))
		return;
	look(discovery);
	if (discovery->known.count > 0 || model->upstreams.count > 1)
		return;
	log_warn("no upstream server: %s; names outside private zones are "
		 "answered SERVFAIL",
	    discovery->absence);
}

void
discovery_tell(struct discovery *discovery, struct model *model)
{
	model->system_servers = (struct model_list){
	    .items = discovery->addrs,
	    .count = discovery->known.count,
	};
	model->own_addresses = (struct model_list){
	    .items = discovery->own.addrs,
	    .count = discovery->own.count,
	};
}

void
discovery_follow(struct discovery *discovery, const struct model *model,
    struct event_base *base, discovery_changed_fn changed, void *context)
{
	discovery->untold = false;
	if (discovery->following == is_automatic(model))
		return;
	if (discovery->following) {
		discovery_stop(discovery);
		return;
	}
	discovery->following = true;
	discovery->changed = changed;
	discovery->context = context;
	discovery->watch = (struct watch){
	    .files = system_servers_files,
	    .file_count = system_servers_file_count,
	    .changed = discovery_look,
	    .context = discovery,
	};
	watch_start(&discovery->watch, base);
}

const char *
discovery_source(const struct discovery *discovery, const struct addr *server)
{
	for (size_t i = 0; i < discovery->known.count; i++) {
		const struct system_server *known =
		    &discovery->known.servers[i];

		if (addr_equal(&known->addr, server))
			return known->source;
	}
	return NULL;
}

void
discovery_stop(struct discovery *discovery)
{
	if (discovery->following)
		watch_stop(&discovery->watch);
	discovery->following = false;
}
