#include "ctl/serving.h"

#include <malloc.h>
#include <stdlib.h>

#include "base/log.h"
#include "ctl/trust.h"
#include "io/boot.h"
#include "model/check.h"

/*
 * Has everybody use a snapshot, whose reference passes to them; false when
 * there was none, or no memory.
 */
static bool
serving_publish(struct serving *serving, const struct snapshot *snapshot,
    const struct model *model)
{
	const struct snapshot *checked;

	if (snapshot == NULL)
		return false;
	/* A reference for those who look after it here. */
	checked = snapshot_hold(snapshot);
	/* No worker may take what is known to be down for up. */
	health_mark(&serving->health, snapshot);
	if (!fleet_publish(&serving->fleet, snapshot)) {
		fleet_drop(checked);
		return false;
	}
	health_follow(&serving->health, snapshot_hold(checked),
	    model->health_check_interval);
	loop_watch_follow(&serving->loops, checked);
	fleet_drop(serving->current);
	serving->current = checked;
	return true;
}

/*
 * A target or the system's name servers have other addresses: a
 * targets_changed_fn and discovery_changed_fn.
 */
static void
serving_refresh(void *context)
{
	struct serving *serving = context;
	struct model *model = serving->model;
	struct diag diag;

	diag_init(&diag);
	targets_tell(&serving->targets, model);
	discovery_tell(&serving->discovery, model);
	if (!serving_publish(serving,
		trust_compile(model, &serving->boot->key, serving->tls, &diag),
		model))
		log_error("servers: out of memory; the old addresses stay");
	diag_fini(&diag);
}

/* What a configuration took to be read is many times what is kept of it. */
static void
give_memory_back(void)
{
#ifdef __GLIBC__
	malloc_trim(0);
#endif
}

/* Sees to what a model in use now gives by name or by the word `auto`. */
static void
serving_find(struct serving *serving)
{
	targets_follow(&serving->targets, serving->model);
	discovery_follow(&serving->discovery, serving->model, serving->base,
	    serving_refresh, serving);
}

void
serving_init(struct serving *serving, const struct boot *boot)
{
	serving->boot = boot;
	discovery_init(&serving->discovery, boot);
}

bool
serving_start(struct serving *serving, struct model *model,
    const struct snapshot *snapshot)
{
	serving->model = model;
	serving->current = snapshot_hold(snapshot);
	return fleet_start(&serving->fleet, serving->boot, snapshot);
}

void
serving_follow(struct serving *serving, struct event_base *base)
{
	serving->base = base;
	health_init(&serving->health, base);
	health_follow(&serving->health, snapshot_hold(serving->current),
	    serving->model->health_check_interval);
	loop_watch_start(&serving->loops, base, serving->boot->loops,
	    serving->current);
	targets_init(&serving->targets, &serving->fleet, base, serving_refresh,
	    serving);
	serving_find(serving);
	give_memory_back();
}

bool
serving_replace(struct serving *serving, struct model *model, struct diag *diag)
{
	struct tls *tls;

	if (!trust_read(model, &tls, diag))
		return false;
	targets_tell(&serving->targets, model);
	if (!serving_publish(serving,
		trust_compile(model, &serving->boot->key, tls, diag), model)) {
		tls_drop(tls);
		return false;
	}
	tls_drop(serving->tls);
	serving->tls = tls;
	if (serving->replaced != NULL) {
		model_fini(serving->replaced);
		free(serving->replaced);
	}
	serving->replaced = model;
	serving->model = model;
	serving_find(serving);
	if (serving->replaced_by != NULL)
		serving->replaced_by(serving->context, model);
	give_memory_back();
	return true;
}

bool
serving_change_mode(struct serving *serving, const struct mode_choice *choice,
    struct diag *diag)
{
	struct model *model = serving->model;
	const struct mode_choice before = mode_of(model);

	mode_apply(choice, model);
	if (model_check(model, diag) &&
	    serving_publish(serving,
		trust_compile(model, &serving->boot->key, serving->tls, diag),
		model)) {
		give_memory_back();
		return true;
	}
	mode_apply(&before, model);
	return false;
}

void
serving_stop(struct serving *serving)
{
	discovery_stop(&serving->discovery);
	targets_stop(&serving->targets);
	fleet_end(&serving->fleet);
	fleet_save(&serving->fleet, serving->boot);
	fleet_stop(&serving->fleet);
	health_stop(&serving->health);
	loop_watch_stop(&serving->loops);
	fleet_drop(serving->current);
	serving->current = NULL;
	if (serving->replaced != NULL) {
		model_fini(serving->replaced);
		free(serving->replaced);
	}
	serving->replaced = NULL;
	tls_drop(serving->tls);
	serving->tls = NULL;
}
