#include "ctl/targets.h"

#include <event2/event.h>
#include <event2/event_struct.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "core/upstream.h"
#include "ctl/fleet.h"
#include "dns/reply.h"
#include "io/inquiry.h"
#include "model/reference.h"

enum {
	ADDRESSES = UPSTREAM_SERVERS, /* more are never asked */
	FAMILIES = 2,
	SECONDS_LEAST = 30, /* between two lookups, however short the TTL */
	SECONDS_MOST = 3600,
	RETRY_FIRST = 2, /* after a failure, doubled each time */
	RETRY_MOST = 60,
	SCRATCH_BLOCK = 64 * 1024,
	NETWORK_TEXT = 64,
	IN4_SIZE = 4,
	IN6_SIZE = 16,
};

static const uint16_t family_types[FAMILIES] = {TYPE_A, TYPE_AAAA};

/* Addresses in the order in which they were found. */
struct addresses {
	struct addr addrs[ADDRESSES];
	size_t count;
};

/* A name that is looked up. */
struct target {
	struct target *next;
	struct targets *targets;
	struct name name; /* folded */
	char network[NETWORK_TEXT];
	bool wanted;	 /* some zone or policy has it */
	bool failed;	 /* the last lookup found nothing, and that was said */
	bool moved;	 /* another network's since the lookup began */
	unsigned asking; /* inquiries on their way */
	unsigned retry;	 /* seconds until the next attempt after a failure */
	uint32_t ttl;
	struct addresses known;
	struct addresses found; /* by the lookup under way */
	struct event timer;
};

/* Lookups. */

static void target_ask(struct target *target);

static void
target_free(struct target *target)
{
	event_del(&target->timer);
	free(target);
}

static void
target_wait(struct target *target, unsigned seconds)
{
	const struct timeval delay = {.tv_sec = seconds};

	event_add(&target->timer, &delay);
}

static void
target_due(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	target_ask(arg);
}

static void
found_add(struct target *target, uint16_t type, const uint8_t *rdata)
{
	struct addresses *found = &target->found;
	struct addr *addr = &found->addrs[found->count];

	if (found->count == ADDRESSES)
		return;
	memset(addr, 0, sizeof(*addr));
	if (type == TYPE_A) {
		addr->u.in4.sin_family = AF_INET;
		memcpy(&addr->u.in4.sin_addr, rdata, IN4_SIZE);
		addr->len = sizeof(addr->u.in4);
	} else {
		addr->u.in6.sin6_family = AF_INET6;
		memcpy(&addr->u.in6.sin6_addr, rdata, IN6_SIZE);
		addr->len = sizeof(addr->u.in6);
	}
	found->count++;
}

/* Takes the addresses of one answer. */
static void
target_take(struct target *target, const struct reply *reply, uint16_t type)
{
	for (size_t i = 0; i < reply->count; i++) {
		const struct rrset *rrset = reply->items[i].rrset;
		const uint8_t *rdata = NULL;
		uint16_t len;

		if (rrset->ttl < target->ttl)
			target->ttl = rrset->ttl;
		if (rrset->type != type)
			continue;
		while ((rdata = rrset_next(rrset, rdata, &len)) != NULL) {
			found_add(target, type, rdata);
		}
	}
}

static void
target_read(struct target *target, const struct inquiry *inquiry, uint16_t type)
{
	const struct asking asking = {.id = 0};
	struct arena scratch;
	struct reply reply;

	if (inquiry->outcome != INQUIRY_ANSWERED)
		return;
	arena_init_heap(&scratch, SCRATCH_BLOCK);
	if (reply_parse(&reply, inquiry->answer, inquiry->answer_len, &asking,
		&scratch) == PARSE_OK)
		target_take(target, &reply, type);
	arena_fini(&scratch);
}

static int
compare_addrs(const void *a, const void *b)
{
	return addr_compare(a, b);
}

static bool
same_addresses(const struct addresses *a, const struct addresses *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++) {
		if (!addr_equal(&a->addrs[i], &b->addrs[i]))
			return false;
	}
	return true;
}

/* Takes over what was found; false: it is what was known. */
static bool
target_learn(struct target *target)
{
	struct addresses *found = &target->found;

	/* The order of records means nothing; ours stays. */
	qsort(found->addrs, found->count, sizeof(struct addr), compare_addrs);
	if (same_addresses(found, &target->known))
		return false;
	target->known = *found;
	return true;
}

static void
target_missing(struct target *target)
{
	char text[NAME_TEXT];

	target->retry = target->retry == 0 ? RETRY_FIRST : target->retry * 2;
	if (target->retry > RETRY_MOST)
		target->retry = RETRY_MOST;
	target_wait(target, target->retry);
	if (target->failed)
		return;
	target->failed = true;
	log_warn("target %s: no address found in network %s%s",
	    name_to_text(target->name.wire, text), target->network,
	    target->known.count > 0 ? "; the last ones stay in use" : "");
}

static void
target_found(struct target *target)
{
	const uint32_t ttl = target->ttl;
	char text[NAME_TEXT];

	target->retry = 0;
	target->failed = false;
	target_wait(target,
	    ttl < SECONDS_LEAST	     ? SECONDS_LEAST
		: ttl > SECONDS_MOST ? SECONDS_MOST
				     : ttl);
	if (!target_learn(target))
		return;
	log_info("target %s: %zu address%s",
	    name_to_text(target->name.wire, text), target->known.count,
	    target->known.count == 1 ? "" : "es");
	target->targets->changed(target->targets->context);
}

/* Both families have been asked for. */
static void
target_finish(struct target *target)
{
	if (!target->wanted) {
		target_free(target);
	} else if (target->moved) {
		target_ask(target);
	} else if (target->found.count > 0) {
		target_found(target);
	} else {
		target_missing(target);
	}
}

/* What an inquiry is about: its target, and the type asked for. */
struct errand {
	uint16_t type;
	char
	    network[NETWORK_TEXT]; /* the worker's copy: a reload may move it */
	struct target *target;
	struct inquiry inquiry;
};

static void
target_answered(struct inquiry *inquiry)
{
	struct errand *errand = inquiry->context;
	struct target *target = errand->target;

	target_read(target, inquiry, errand->type);
	if (inquiry->snapshot != NULL)
		fleet_drop(inquiry->snapshot);
	free(errand);
	if (--target->asking == 0)
		target_finish(target);
}

static bool
target_send(struct target *target, uint16_t type)
{
	const struct question question = {
	    .name = target->name,
	    .type = type,
	    .class = CLASS_IN,
	};
	struct errand *errand = malloc(sizeof(*errand));

	if (errand == NULL)
		return false;
	errand->type = type;
	errand->target = target;
	inquiry_init(&errand->inquiry, &question);
	errand->inquiry.answered = target_answered;
	errand->inquiry.context = errand;
	memcpy(errand->network, target->network, sizeof(errand->network));
	errand->inquiry.network = errand->network;
	errand->inquiry.own = true;
	target->asking++;
	fleet_ask(target->targets->fleet, &errand->inquiry);
	return true;
}

static void
target_ask(struct target *target)
{
	/* A reload does not wait for the time that was set. */
	event_del(&target->timer);
	target->moved = false;
	target->found.count = 0;
	target->ttl = SECONDS_MOST;
	for (size_t i = 0; i < FAMILIES; i++) {
		if (!target_send(target, family_types[i]))
			break;
	}
	if (target->asking == 0)
		target_missing(target);
}

/* The names of a model. */

static struct target *
target_find(const struct targets *targets, const struct name *name)
{
	struct target *target = targets->first;

	while (target != NULL && !name_equal(target->name.wire, name->wire))
		target = target->next;
	return target;
}

static struct target *
target_new(struct targets *targets, const struct name *name)
{
	struct target *target = calloc(1, sizeof(*target));

	if (target == NULL)
		return NULL;
	target->targets = targets;
	target->name = *name;
	name_fold(&target->name);
	event_assign(&target->timer, targets->base, -1, 0, target_due, target);
	target->next = targets->first;
	targets->first = target;
	return target;
}

/* A name that the model has, seen from a network. */
static void
target_want(struct targets *targets, const struct name *name,
    const char *network)
{
	struct target *target = target_find(targets, name);

	if (target == NULL)
		target = target_new(targets, name);
	if (target == NULL || target->wanted)
		return;
	target->wanted = true;
	/* What is known stays in use until it is known better. */
	if (strcmp(target->network, network) != 0)
		target->moved = true;
	snprintf(target->network, sizeof(target->network), "%s", network);
	if (target->asking == 0)
		target_ask(target);
}

/* The first network that a resource holds in: its names are seen from there. */
static const char *
network_of(const struct model *model, const struct model_visibility *visibility)
{
	const size_t count = reference_network_count(model);

	for (size_t i = 0; i < count; i++) {
		const struct model_network *network =
		    reference_network_at(model, i);

		if (reference_holds_in_network(visibility, network))
			return network->name.text;
	}
	return reference_default(model)->name.text;
}

static void
want_all_of(struct targets *targets, const struct model *model,
    const struct model_list *list, const struct model_visibility *visibility)
{
	const struct model_target *items = list->items;

	for (size_t i = 0; i < list->count; i++) {
		if (items[i].addr.len != 0)
			continue;
		target_want(targets, &items[i].domain_name.name,
		    network_of(model, visibility));
	}
}

/* Takes those out that no configuration has any more. */
static void
drop_unwanted(struct targets *targets)
{
	struct target **link = &targets->first;

	while (*link != NULL) {
		struct target *target = *link;

		if (target->wanted) {
			link = &target->next;
			continue;
		}
		*link = target->next;
		/* The last answer frees it otherwise. */
		if (target->asking == 0)
			target_free(target);
	}
}

void
targets_init(struct targets *targets, struct fleet *fleet,
    struct event_base *base, targets_changed_fn changed, void *context)
{
	*targets = (struct targets){
	    .fleet = fleet,
	    .base = base,
	    .changed = changed,
	    .context = context,
	};
}

void
targets_tell(struct targets *targets, struct model *model)
{
	size_t count = 0;

	for (const struct target *t = targets->first; t != NULL; t = t->next)
		count++;
	free(targets->resolved);
	targets->resolved = calloc(count + 1, sizeof(*targets->resolved));
	model->resolved = (struct model_list){.items = targets->resolved};
	if (targets->resolved == NULL)
		return;
	for (struct target *t = targets->first; t != NULL; t = t->next) {
		targets->resolved[model->resolved.count++] =
		    (struct model_resolved){
			.name = t->name,
			.addrs = {.items = t->known.addrs,
			    .count = t->known.count},
		    };
	}
}

void
targets_follow(struct targets *targets, const struct model *model)
{
	const struct model_zone *zones = model->zones.items;
	const struct model_policy *policies = model->policies.items;

	for (struct target *t = targets->first; t != NULL; t = t->next)
		t->wanted = false;
	for (size_t i = 0; i < model->zones.count; i++) {
		want_all_of(targets, model, &zones[i].targets,
		    &zones[i].visibility);
	}
	for (size_t i = 0; i < model->policies.count; i++) {
		want_all_of(targets, model, &policies[i].targets,
		    &policies[i].visibility);
	}
	drop_unwanted(targets);
}

size_t
targets_unknown(const struct targets *targets)
{
	size_t count = 0;

	for (const struct target *t = targets->first; t != NULL; t = t->next)
		count += t->known.count == 0;
	return count;
}

void
targets_stop(struct targets *targets)
{
	for (struct target *t = targets->first; t != NULL; t = t->next)
		t->wanted = false;
	drop_unwanted(targets);
	free(targets->resolved);
	targets->resolved = NULL;
}
