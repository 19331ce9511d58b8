#include "ctl/fleet.h"

#include <assert.h>
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "ctl/cache_file.h"
#include "io/boot.h"
#include "io/chore.h"
#include "io/clock.h"
#include "io/inquiry.h"
#include "io/tls.h"
#include "io/worker.h"
#include "model/compile.h"

/* A file is no longer than so many times what the caches may hold. */
enum { SAVED_SHARE = 2 };

/* Nobody refers to it any more. */
static void
fleet_free(struct snapshot *snapshot)
{
	tls_drop(snapshot->tls);
	compile_free(snapshot);
}

void
fleet_drop(const struct snapshot *snapshot)
{
	if (snapshot != NULL && snapshot_drop(snapshot))
		fleet_free(snapshot->life->snapshot);
}

/* One more worker, and the message that will end it. */
static bool
fleet_add(struct fleet *fleet, const struct boot *boot,
    const struct snapshot *snapshot)
{
	struct message *stop = calloc(1, sizeof(*stop));
	struct worker *worker = NULL;

	if (stop != NULL) {
		worker =
		    worker_start(boot, fleet->count, snapshot, &fleet->inbox);
	}
	if (worker == NULL) {
		free(stop);
		return false;
	}
	stop->kind = MESSAGE_STOP;
	fleet->stops[fleet->count] = stop;
	fleet->workers[fleet->count++] = worker;
	return true;
}

static bool
fleet_open(struct fleet *fleet, const struct boot *boot)
{
	fleet->workers = calloc(boot->workers, sizeof(struct worker *));
	fleet->stops = calloc(boot->workers, sizeof(struct message *));
	fleet->open = fleet->workers != NULL && fleet->stops != NULL &&
	    mailbox_open(&fleet->inbox);
	return fleet->open;
}

bool
fleet_start(struct fleet *fleet, const struct boot *boot,
    const struct snapshot *snapshot)
{
	bool started = fleet_open(fleet, boot);

	fleet->snapshot = snapshot;
	while (started && fleet->count < boot->workers)
		started = fleet_add(fleet, boot, snapshot);
	if (!started) {
		log_error("workers: %s", strerror(errno));
		fleet_stop(fleet);
	}
	return started;
}

/* A message for each worker, linked; NULL when there is no memory. */
static struct message *
fleet_messages(unsigned count)
{
	struct message *first = NULL;

	for (unsigned i = 0; i < count; i++) {
		struct message *message = calloc(1, sizeof(*message));

		while (message == NULL && first != NULL) {
			struct message *next = first->next;

			free(first);
			first = next;
		}
		if (message == NULL)
			return NULL;
		message->next = first;
		first = message;
	}
	return first;
}

bool
fleet_publish(struct fleet *fleet, const struct snapshot *snapshot)
{
	struct message *message = fleet_messages(fleet->count);
	const bool published = message != NULL;

	for (unsigned i = 0; published && i < fleet->count; i++) {
		struct message *next = message->next;

		message->kind = MESSAGE_ADOPT;
		message->snapshot = snapshot_hold(snapshot);
		worker_post(fleet->workers[i], message);
		message = next;
	}
	if (!published) {
		fleet_drop(snapshot);
		return false;
	}
	fleet_drop(fleet->snapshot);
	fleet->snapshot = snapshot;
	return true;
}

/* Whether it was an inquiry. */
static bool
fleet_receive(struct message *message)
{
	switch (message->kind) {
	case MESSAGE_RETIRED:
		fleet_free(message->retired);
		free(message);
		return false;
	case MESSAGE_ANSWERED:
		inquiry_deliver(message);
		return true;
	case MESSAGE_CHORE_DONE:
		chore_deliver(message);
		return false;
	case MESSAGE_ADOPT:
	case MESSAGE_STOP:
	case MESSAGE_INQUIRY:
	case MESSAGE_CHORE:
		break; /* for workers */
	}
	abort();
}

size_t
fleet_collect(struct fleet *fleet)
{
	struct message *message = mailbox_take(&fleet->inbox);
	size_t answered = 0;

	while (message != NULL) {
		struct message *next = message->next;

		if (fleet_receive(message))
			answered++;
		message = next;
	}
	return answered;
}

void
fleet_ask(struct fleet *fleet, struct inquiry *inquiry)
{
	inquiry->asker = &fleet->inbox;
	inquiry_post(inquiry, fleet->workers[0]);
}

/* The same chore for every worker, and what they report together. */
struct fleet_chores {
	fleet_report_fn reported; /* or */
	fleet_servers_fn copied;
	void *context;
	unsigned count;
	unsigned left; /* workers that have not reported yet */
	struct cache_report report;
	struct upstreams *servers; /* a place for each copy, or NULL */
	struct chore chores[];
};

/* All workers have reported. */
static void
fleet_finish(struct fleet_chores *chores)
{
	if (chores->copied != NULL) {
		chores->copied(chores->context, chores->servers, chores->count);
	} else {
		chores->reported(chores->context, &chores->report);
	}
	free(chores->servers);
	free(chores);
}

/* One worker's report: a chore_fn. */
static void
fleet_reported(struct chore *chore)
{
	struct fleet_chores *chores = chore->context;
	struct cache_report *sum = &chores->report;

	sum->flushed += chore->report.flushed;
	sum->entries += chore->report.entries;
	sum->octets += chore->report.octets;
	sum->size += chore->report.size;
	sum->hits += chore->report.hits;
	sum->misses += chore->report.misses;
	sum->negative += chore->report.negative;
	sum->evictions += chore->report.evictions;
	if (--chores->left == 0)
		fleet_finish(chores);
}

/* A chore for each worker, with nothing to do yet; NULL: no memory. */
static struct fleet_chores *
fleet_chores_new(struct fleet *fleet, void *context)
{
	struct fleet_chores *chores;

	assert(fleet->count > 0);
	chores = calloc(1,
	    sizeof(*chores) + fleet->count * sizeof(chores->chores[0]));
	if (chores == NULL)
		return NULL;
	chores->context = context;
	chores->count = fleet->count;
	chores->left = fleet->count;
	for (unsigned i = 0; i < fleet->count; i++) {
		chores->chores[i].asker = &fleet->inbox;
		chores->chores[i].done = fleet_reported;
		chores->chores[i].context = chores;
	}
	return chores;
}

static void
fleet_chores_post(struct fleet *fleet, struct fleet_chores *chores)
{
	for (unsigned i = 0; i < fleet->count; i++)
		chore_post(&chores->chores[i], fleet->workers[i]);
}

bool
fleet_flush(struct fleet *fleet, const struct cache_flush *flush,
    fleet_report_fn done, void *context)
{
	struct fleet_chores *chores = fleet_chores_new(fleet, context);

	if (chores == NULL)
		return false;
	chores->reported = done;
	for (unsigned i = 0; i < fleet->count; i++)
		chore_set_flush(&chores->chores[i], flush);
	fleet_chores_post(fleet, chores);
	return true;
}

bool
fleet_figures(struct fleet *fleet, fleet_report_fn done, void *context)
{
	struct fleet_chores *chores = fleet_chores_new(fleet, context);

	if (chores == NULL)
		return false;
	chores->reported = done;
	fleet_chores_post(fleet, chores);
	return true;
}

bool
fleet_servers(struct fleet *fleet, fleet_servers_fn done, void *context)
{
	struct fleet_chores *chores = fleet_chores_new(fleet, context);

	if (chores == NULL)
		return false;
	chores->copied = done;
	chores->servers = calloc(fleet->count, sizeof(*chores->servers));
	if (chores->servers == NULL) {
		free(chores);
		return false;
	}
	for (unsigned i = 0; i < fleet->count; i++) {
		chores->chores[i].kind = CHORE_SERVERS;
		chores->chores[i].servers = &chores->servers[i];
	}
	fleet_chores_post(fleet, chores);
	return true;
}

uint64_t
fleet_counter(const struct fleet *fleet, const struct counter_row *row)
{
	uint64_t sum = counter_read(&fleet->counters, row);

	for (unsigned i = 0; i < fleet->count; i++)
		sum += counter_read(&fleet->workers[i]->counters, row);
	return sum;
}

struct latency_figures
fleet_latency(const struct fleet *fleet, enum origin origin)
{
	struct latency_figures figures = {.sum = 0};

	for (unsigned i = 0; i < fleet->count; i++)
		latency_read(&fleet->workers[i]->latency, origin, &figures);
	return figures;
}

uint64_t
fleet_traffic(const struct fleet *fleet, size_t transport, size_t family,
    size_t type)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < fleet->count; i++) {
		sum +=
		    atomic_load_explicit(&fleet->workers[i]
					      ->traffic
					      .counts[transport][family][type],
			memory_order_relaxed);
	}
	return sum;
}

void
fleet_end(struct fleet *fleet)
{
	if (fleet->ended)
		return;
	for (unsigned i = 0; i < fleet->count; i++)
		worker_post(fleet->workers[i], fleet->stops[i]);
	for (unsigned i = 0; i < fleet->count; i++)
		worker_join(fleet->workers[i]);
	fleet->ended = true;
}

void
fleet_save(const struct fleet *fleet, const struct boot *boot)
{
	const struct cache **caches;

	if (fleet->count == 0 || boot->cache_file == NULL)
		return;
	caches = calloc(fleet->count, sizeof(const struct cache *));
	if (caches == NULL) {
		log_error("cache: not saved: out of memory");
		return;
	}
	for (unsigned i = 0; i < fleet->count; i++)
		caches[i] = &fleet->workers[i]->engine.cache;
	cache_file_save(boot->cache_file,
	    &(struct cache_saving){
		.caches = caches,
		.count = fleet->count,
		.snapshot = fleet->snapshot,
		.now = clock_now(),
		.date = (uint64_t)clock_date() / CLOCK_SECOND,
		.limit = boot->cache_size * fleet->count * SAVED_SHARE,
	    });
	free(caches);
}

void
fleet_stop(struct fleet *fleet)
{
	fleet_end(fleet);
	for (unsigned i = 0; i < fleet->count; i++)
		worker_free(fleet->workers[i]);
	fleet->count = 0;
	fleet_drop(fleet->snapshot);
	fleet->snapshot = NULL;
	if (fleet->open) {
		fleet_collect(fleet);
		mailbox_close(&fleet->inbox);
		fleet->open = false;
	}
	free(fleet->workers);
	free(fleet->stops);
	fleet->workers = NULL;
	fleet->stops = NULL;
}
