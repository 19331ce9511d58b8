#include "model/compile_group.h"

#include <stdio.h>
#include <string.h>

#include "core/forward.h"
#include "core/server.h"
#include "model/check_upstream.h"
#include "model/upstream_list.h"

enum {
	FORWARDING_MAX_TTL = 60, /* the fact sheet's section 6.1 */
	NAMED_SERVERS = 4,	 /* in a message, before "and 5 more" */
	SERVERS_TEXT = NAMED_SERVERS * (SERVER_TEXT + 2) + 32,
	BUDGET_SECONDS = FORWARD_BUDGET / UINT64_C(1000000000),
};

/*
 * What the answers depend on, and nothing that is of this process alone: kept
 * answers are found by it, those of a file too.
 */
static const char *
group_label(struct compiler *compiler, const struct upstream_group *group)
{
	const char *label = arena_printf(compiler->arena, "%s%s%s%u s",
	    group->internal ? "internal, " : "",
	    group->any_response ? "any response, " : "",
	    group->trusted ? "trusted, " : "", group->max_ttl);

	for (unsigned i = 0; i < group->count && label != NULL; i++) {
		const struct upstream_server *server = &group->servers[i];
		char text[SERVER_TEXT];

		label = arena_printf(compiler->arena, "%s, %s%s", label,
		    server->opportunistic ? "opportunistic " : "",
		    server_format(server, text));
	}
	return label;
}

/* "10.0.0.2, 10.0.0.3:5353 and 2 more" */
static const char *
servers_text(const struct upstream_group *group, char buf[SERVERS_TEXT])
{
	size_t at = 0;

	for (unsigned i = 0; i < group->count && i < NAMED_SERVERS; i++) {
		char text[SERVER_TEXT];

		at += (size_t)snprintf(buf + at, SERVERS_TEXT - at, "%s%s",
		    i == 0 ? "" : ", ",
		    server_format(&group->servers[i], text));
	}
	if (group->count > NAMED_SERVERS) {
		snprintf(buf + at, SERVERS_TEXT - at, " and %u more",
		    group->count - NAMED_SERVERS);
	}
	return buf;
}

/* Who the servers of a group are, in its texts. */
static const struct {
	const char *what;
	const char *owner;
} group_words[] = {
    [GROUP_DEFAULT] = {"upstream server", NULL},
    [GROUP_FORWARDING] = {"forwarding target", "zone"},
    [GROUP_ALTERNATIVE] = {"alternative name server", "policy"},
};

static const char *
group_who(struct compiler *compiler, const struct upstream_group *group,
    enum group_kind kind, const char *owner)
{
	const char *plural = group->count == 1 ? "" : "s";
	char servers[SERVERS_TEXT];

	servers_text(group, servers);
	if (owner == NULL) {
		return arena_printf(&compiler->scratch, "%s%s %s",
		    group_words[kind].what, plural, servers);
	}
	return arena_printf(&compiler->scratch, "%s%s %s of %s \"%s\"",
	    group_words[kind].what, plural, servers, group_words[kind].owner,
	    owner);
}

/* What clients are told. */
static void
group_set_texts(struct compiler *compiler, struct upstream_group *group,
    enum group_kind kind, const char *owner)
{
	const char *who;

	group->what = group_words[kind].what;
	group->whose = owner == NULL
	    ? ""
	    : arena_printf(compiler->arena, " of %s \"%s\"",
		  group_words[kind].owner, owner);
	if (group->count == 0) {
		group->unreachable_text = arena_printf(compiler->arena,
		    "no %s of %s \"%s\" has an address yet",
		    group_words[kind].what, group_words[kind].owner, owner);
		return;
	}
	who = group_who(compiler, group, kind, owner);
	if (who == NULL)
		return;
	group->silent_text = arena_printf(compiler->arena,
	    "%s did not answer within %d s", who, BUDGET_SECONDS);
	group->unreachable_text =
	    arena_printf(compiler->arena, "%s could not be reached", who);
}

/* A group with room for servers; NULL: no memory. */
static struct upstream_group *
group_new(struct compiler *compiler, struct upstream_server **servers)
{
	struct upstream_group *group =
	    arena_calloc(compiler->arena, 1, sizeof(*group));

	*servers =
	    arena_calloc(compiler->arena, UPSTREAM_SERVERS, sizeof(**servers));
	if (group == NULL || *servers == NULL)
		return NULL;
	group->servers = *servers;
	return group;
}

/* Adds one unless it is this daemon. */
static void
group_add(const struct model *model, struct upstream_group *group,
    struct upstream_server *servers, const struct addr *addr)
{
	if (group->count < UPSTREAM_SERVERS &&
	    !upstream_list_is_own(model, addr))
		servers[group->count++].addr = *addr;
}

/* Adds what a name resolved to, as far as that is known. */
static void
group_add_named(const struct model *model, struct upstream_group *group,
    struct upstream_server *servers, const struct model_target *target)
{
	const struct model_resolved *resolved = model->resolved.items;

	for (size_t i = 0; i < model->resolved.count; i++) {
		const struct addr *addrs = resolved[i].addrs.items;

		if (!name_equal(resolved[i].name.wire,
			target->domain_name.name.wire))
			continue;
		for (size_t n = 0; n < resolved[i].addrs.count; n++) {
			struct addr addr = addrs[n];

			addr_set_port(&addr, target->port);
			group_add(model, group, servers, &addr);
		}
	}
}

/* A group whose servers and owner are known. */
static const struct upstream_group *
group_finish(struct compiler *compiler, struct upstream_group *group,
    enum group_kind kind, const char *owner)
{
	const struct hash_key *key = &compiler->snapshot->key;

	/* The fact sheet's section 1.3: those of a policy are ranked. */
	group->listed =
	    kind != GROUP_ALTERNATIVE && compiler->model->upstreams_listed;
	group->any_response = kind == GROUP_ALTERNATIVE;
	group->max_ttl = kind == GROUP_FORWARDING
	    ? FORWARDING_MAX_TTL
	    : compiler->model->options.cache_max_ttl;
	group->internal = kind != GROUP_DEFAULT;
	group->stale = kind == GROUP_DEFAULT;
	group->label = group_label(compiler, group);
	if (group->label == NULL)
		return NULL;
	group->id = hash_bytes(key, group->label, strlen(group->label));
	group_set_texts(compiler, group, kind, owner);
	group->next = compiler->snapshot->groups;
	compiler->snapshot->groups = group;
	return group;
}

const struct upstream_group *
compile_group_make(struct compiler *compiler, const struct model_list *list,
    enum group_kind kind, const char *owner)
{
	const struct model *model = compiler->model;
	const struct model_target *targets = list->items;
	struct upstream_server *servers;
	struct upstream_group *group = group_new(compiler, &servers);

	if (group == NULL)
		return NULL;
	for (size_t i = 0; i < list->count; i++) {
		if (targets[i].addr.len != 0) {
			group_add(model, group, servers, &targets[i].addr);
		} else {
			group_add_named(model, group, servers, &targets[i]);
		}
	}
	return group_finish(compiler, group, kind, owner);
}

/* How it is asked where it does not do TLS (RFC 8310 section 5). */
static const struct upstream_server *
server_plain(struct compiler *compiler, const struct upstream_server *tls)
{
	struct upstream_server *plain =
	    arena_calloc(compiler->arena, 1, sizeof(*plain));

	if (plain == NULL)
		return NULL;
	plain->addr = tls->addr;
	addr_set_port(&plain->addr, SERVER_PORT);
	plain->carrier = CARRIER_UDP;
	return plain;
}

/* A server of the model's, with what holds for all of them. */
static struct upstream_server
server_make(struct compiler *compiler, const struct upstream_server *from)
{
	struct upstream_server server = *from;

	server.opportunistic =
	    server.carrier == CARRIER_TLS && compiler->model->tls_opportunistic;
	if (from->tls_name != NULL)
		server.tls_name = arena_strdup(compiler->arena, from->tls_name);
	if (server.opportunistic)
		server.plain = server_plain(compiler, &server);
	return server;
}

const struct upstream_group *
compile_group_default(struct compiler *compiler)
{
	const struct model *model = compiler->model;
	struct model_server found[UPSTREAM_SERVERS];
	const size_t count = upstream_list_expand(model, found);
	struct upstream_server *servers;
	struct upstream_group *group;

	if (count == 0)
		return NULL;
	group = group_new(compiler, &servers);
	if (group == NULL)
		return NULL;
	group->trusted = model->trust_upstream_ad;
	for (size_t i = 0; i < count; i++) {
		servers[i] = server_make(compiler, &found[i].server);
		if (!check_upstream_is_sure(model, &servers[i]))
			group->trusted = false;
	}
	group->count = (unsigned)count;
	return group_finish(compiler, group, GROUP_DEFAULT, NULL);
}
