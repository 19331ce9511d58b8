#include "model/compile_group.h"

#include <stdio.h>
#include <string.h>

#include "core/forward.h"
#include "model/upstream_list.h"

enum {
	FORWARDING_MAX_TTL = 60, /* the fact sheet's section 6.1 */
	NAMED_SERVERS = 4,	 /* in a message, before "and 5 more" */
	SERVERS_TEXT = NAMED_SERVERS * ADDR_TEXT + 32,
	BUDGET_SECONDS = FORWARD_BUDGET / UINT64_C(1000000000),
	DNS_PORT = 53,
};

static uint64_t
group_id(const struct compiler *compiler, const struct upstream_group *group)
{
	const struct hash_key *key = &compiler->snapshot->key;
	uint64_t id = hash_join(key, group->any_response, group->max_ttl);

	for (unsigned i = 0; i < group->count; i++) {
		char text[ADDR_TEXT];

		addr_format(&group->servers[i].addr, text);
		id = hash_join(key, id, hash_bytes(key, text, strlen(text)));
	}
	return id;
}

/* "10.0.0.2, 10.0.0.3:5353 and 2 more" */
static const char *
servers_text(const struct upstream_group *group, char buf[SERVERS_TEXT])
{
	size_t at = 0;

	for (unsigned i = 0; i < group->count && i < NAMED_SERVERS; i++) {
		const struct addr *server = &group->servers[i].addr;
		char text[ADDR_TEXT];

		if (addr_port(server) == DNS_PORT) {
			addr_format_host(server, text);
		} else {
			addr_format(server, text);
		}
		at += (size_t)snprintf(buf + at, SERVERS_TEXT - at, "%s%s",
		    i == 0 ? "" : ", ", text);
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
	group->failed_text = arena_printf(compiler->arena,
	    group->count == 1 ? "%s answered with an error"
			      : "%s answered with errors or could not be "
				"reached",
	    who);
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
	group->listed = kind != GROUP_ALTERNATIVE;
	group->any_response = kind == GROUP_ALTERNATIVE;
	group->max_ttl = kind == GROUP_FORWARDING
	    ? FORWARDING_MAX_TTL
	    : model->options.cache_max_ttl;
	group->internal = kind != GROUP_DEFAULT;
	group->stale = kind == GROUP_DEFAULT;
	group->id = group_id(compiler, group);
	group_set_texts(compiler, group, kind, owner);
	group->next = compiler->snapshot->groups;
	compiler->snapshot->groups = group;
	return group;
}

const struct upstream_group *
compile_group_default(struct compiler *compiler)
{
	struct model_addr servers[UPSTREAM_SERVERS];
	const size_t count = upstream_list_expand(compiler->model, servers);
	struct model_target targets[UPSTREAM_SERVERS] = {0};

	if (count == 0)
		return NULL;
	for (size_t i = 0; i < count; i++)
		targets[i].addr = servers[i].addr;
	return compile_group_make(compiler,
	    &(struct model_list){.items = targets, .count = count},
	    GROUP_DEFAULT, NULL);
}
