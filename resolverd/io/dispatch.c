#include "io/dispatch.h"

#include <assert.h>
#include <stddef.h>

#include "core/order.h"
#include "io/alarm.h"
#include "io/boot.h"
#include "io/clock.h"
#include "io/exchange.h"
#include "io/inquiry.h"
#include "io/task.h"
#include "io/tcp.h"
#include "io/tell.h"
#include "io/trace.h"
#include "io/udp.h"
#include "io/worker.h"

#define DATE_INTERVAL (60 * CLOCK_SECOND)

/* Where the engine may write an answer in the call that comes. */
static void
dispatch_prepare(struct task *task)
{
	task->query.out = task->worker->outgoing;
	task->query.cap = MESSAGE_MAX;
}

static void
dispatch_free(struct task *task, uint64_t now)
{
	exchange_cancel(task, now);
	alarm_clear(&task->worker->alarm, &task->deadline);
	task_give(&task->worker->tasks, task);
}

/* The address that was asked; NULL when that is forgotten: the client left. */
static const struct addr *
tcp_asked(const struct recipient *recipient)
{
	const struct tcp_client *client = recipient->client;

	return client->serial == recipient->serial ? &client->local : NULL;
}

static void
dispatch_reply(struct task *task, uint64_t now)
{
	const struct recipient *recipient = &task->recipient;
	struct worker *worker = task->worker;

	if (recipient->inquiry != NULL) {
		tell_inquiry(worker, &task->query, now);
		inquiry_answer(recipient->inquiry, &task->query);
	} else if (recipient->udp != NULL) {
		tell_parked(worker, &task->query, &recipient->local, now);
		udp_reply(recipient->udp, &task->query, &recipient->local);
	} else {
		tell_parked(worker, &task->query, tcp_asked(recipient), now);
		tcp_reply(recipient->client, recipient->serial, &task->query);
	}
}

/* Nobody may call the engine about this now: dispatch_settle does. */
static void
dispatch_undelivered(struct task *task)
{
	struct worker *worker = task->worker;

	task->undelivered_slot = task->query.ask;
	task->next = worker->undelivered;
	worker->undelivered = task;
}

void
dispatch_lost(struct task *task, unsigned slot)
{
	counter_add(&task->worker->counters.upstream_lost);
	engine_lost(&task->query, slot);
}

static void
dispatch_ask(struct task *task, uint64_t now)
{
	if (log_wants(LOG_LEVEL_DEBUG))
		trace_ask(&task->query);
	switch (exchange_start(task, now)) {
	case EXCHANGE_SENT:
		return;
	case EXCHANGE_UNREACHABLE:
		dispatch_undelivered(task);
		return;
	case EXCHANGE_LOST:
		dispatch_lost(task, task->query.ask);
		return;
	}
}

static void
dispatch_act(struct task *task, enum verdict verdict, uint64_t now)
{
	switch (verdict) {
	case VERDICT_DROP:
		if (task->recipient.inquiry != NULL)
			inquiry_drop(task->recipient.inquiry);
		dispatch_free(task, now);
		return;
	case VERDICT_REPLY:
		dispatch_reply(task, now);
		dispatch_free(task, now);
		return;
	case VERDICT_REPLY_EARLY:
		dispatch_reply(task, now);
		task->recipient = (struct recipient){.udp = NULL};
		break;
	case VERDICT_ASK:
		dispatch_ask(task, now);
		break;
	case VERDICT_WAIT:
		break;
	}
	exchange_trim(task, now);
	alarm_set(&task->worker->alarm, &task->deadline, task->query.until,
	    now);
}

/* The next waiter that was set free; false when there is none. */
static bool
dispatch_released(struct worker *worker, uint64_t now)
{
	struct query *query = engine_peek(&worker->engine);

	if (query == NULL)
		return false;
	dispatch_prepare(task_of(query));
	dispatch_act(task_of(query), engine_next(&worker->engine, now), now);
	return true;
}

/* The next question the kernel would not take; false when there is none. */
static bool
dispatch_refused(struct worker *worker, uint64_t now)
{
	struct task *task = worker->undelivered;

	if (task == NULL)
		return false;
	worker->undelivered = task->next;
	dispatch_prepare(task);
	dispatch_act(task,
	    engine_unreachable(&worker->engine, &task->query,
		task->undelivered_slot, now),
	    now);
	return true;
}

static void
dispatch_evict(struct worker *worker, struct query *query, uint64_t now)
{
	struct task *task = task_of(query);

	dispatch_prepare(task);
	dispatch_act(task, engine_evict(&worker->engine, query, now), now);
}

/* The next query that is one too many; false when there is none. */
static bool
dispatch_surplus(struct worker *worker, uint64_t now)
{
	struct query *query = engine_surplus(&worker->engine);

	if (query == NULL)
		return false;
	dispatch_evict(worker, query, now);
	return true;
}

/* The next question of the engine's own; false when there is none. */
static bool
dispatch_errand(struct worker *worker, uint64_t now)
{
	struct task *task;

	if (!engine_has_errand(&worker->engine))
		return false;
	/* Nobody must give way for it. */
	task = task_take(&worker->tasks, worker);
	if (task == NULL)
		return false;
	task->recipient = (struct recipient){.udp = NULL};
	dispatch_prepare(task);
	dispatch_act(task, engine_errand(&worker->engine, &task->query, now),
	    now);
	return true;
}

/*
 * Waiters come first, for the engine must not be called about anything else
 * before they are out.
 */
void
dispatch_settle(struct worker *worker, uint64_t now)
{
	while (dispatch_released(worker, now) ||
	    dispatch_refused(worker, now) || dispatch_surplus(worker, now) ||
	    dispatch_errand(worker, now))
		continue;
	worker_return_retired(worker);
}

/*
 * Tells the engine, once a minute, when 2027-01-05 begins on its clock: the
 * machine's date may be set at any time.
 */
static void
dispatch_date(struct worker *worker, uint64_t now)
{
	const int64_t cutover = ORDER_CUTOVER * (int64_t)CLOCK_SECOND;
	int64_t left;

	if (now < worker->date_due)
		return;
	worker->date_due = now + DATE_INTERVAL;
	left = cutover - clock_date();
	engine_set_cutover(&worker->engine,
	    left > 0 ? now + (uint64_t)left : 0);
}

struct task *
dispatch_task(struct worker *worker, uint64_t now)
{
	dispatch_date(worker, now);
	if (worker->spare == NULL)
		worker->spare = task_take(&worker->tasks, worker);
	if (worker->spare == NULL) {
		dispatch_evict(worker, engine_victim(&worker->engine), now);
		/* Before anything else could want the room. */
		worker->spare = task_take(&worker->tasks, worker);
		dispatch_settle(worker, now);
	}
	assert(worker->spare != NULL);
	return worker->spare;
}

void
dispatch_park(struct task *task, enum verdict verdict, uint64_t now)
{
	struct worker *worker = task->worker;

	assert(task == worker->spare);
	worker->spare = NULL;
	dispatch_act(task, verdict, now);
	dispatch_settle(worker, now);
}

void
dispatch_answer(struct task *task, const struct answer_packet *packet,
    uint64_t now)
{
	struct worker *worker = task->worker;

	dispatch_prepare(task);
	dispatch_act(task,
	    engine_reply(&worker->engine, &task->query, packet, now), now);
	dispatch_settle(worker, now);
}

void
dispatch_unreachable(struct task *task, unsigned slot, uint64_t now)
{
	struct worker *worker = task->worker;

	dispatch_prepare(task);
	dispatch_act(task,
	    engine_unreachable(&worker->engine, &task->query, slot, now), now);
	dispatch_settle(worker, now);
}

void
dispatch_due(void *arg, struct deadline *deadline, uint64_t now)
{
	struct worker *worker = arg;
	struct task *task = task_of_deadline(deadline);

	dispatch_prepare(task);
	dispatch_act(task, engine_timeout(&worker->engine, &task->query, now),
	    now);
	dispatch_settle(worker, now);
}

void
dispatch_adopt(struct worker *worker, const struct snapshot *snapshot)
{
	engine_adopt(&worker->engine, snapshot);
	worker_return_retired(worker);
	dispatch_check_loops(worker);
}

void
dispatch_check_loops(struct worker *worker)
{
	const uint64_t now = clock_now();

	if (!worker->checks_loops)
		return;
	for (const struct upstream_group *group =
		 worker->engine.snapshot->groups;
	     group != NULL; group = group->next) {
		engine_check_loops(&worker->engine, group, now);
		dispatch_settle(worker, now);
	}
}

void
dispatch_stop(struct worker *worker)
{
	const uint64_t now = clock_now();
	struct query *query;

	while ((query = engine_victim(&worker->engine)) != NULL) {
		dispatch_evict(worker, query, now);
		dispatch_settle(worker, now);
	}
}
