#include "ctl/query_log_writer.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "core/counters.h"
#include "ctl/query_log_thread.h"
#include "io/clock.h"

/*
 * Lines are handed over when there are so many octets, or after so long: to
 * wake a thread costs as much as to make several of them.
 */
enum { GATHERED = QUERY_LOG_BUFFER / 4 };
#define GATHER_TIME (CLOCK_SECOND / 10)

static void
count(struct query_log_writer *writer, uint64_t written, uint64_t failed)
{
	counter_raise(&writer->counters->query_log_written, written);
	counter_raise(&writer->counters->query_log_failed, failed);
}

static bool
is_hung(const struct query_log_exchange *shared, uint64_t now)
{
	return shared->since != 0 && now >= shared->since + QUERY_LOG_HANG;
}

/* Lets the thread have the lock, and wakes it if there is a reason. */
static void
unlock(struct query_log_writer *writer)
{
	const bool asked = writer->shared.asked;

	pthread_mutex_unlock(&writer->lock);
	if (asked)
		pthread_cond_signal(&writer->work);
}

/* Waits until `deadline` at the latest; false when that has come. */
static bool
wait_for_thread(struct query_log_writer *writer,
    const struct timespec *deadline)
{
	pthread_cond_signal(&writer->work);
	return pthread_cond_timedwait(&writer->done, &writer->lock, deadline) !=
	    ETIMEDOUT;
}

/* The thread writes from another buffer than this one. */
static void
hand_over(struct query_log_writer *writer)
{
	query_log_thread_ask(&writer->shared);
	writer->shared.handed_over = true;
	writer->filling = false;
}

static void
fill(struct query_log_writer *writer)
{
	pthread_mutex_lock(&writer->lock);
	writer->shared.handed_over = false;
	pthread_mutex_unlock(&writer->lock);
	writer->filling = true;
}

static bool
fits(const struct query_log_writer *writer, size_t len)
{
	return len <= QUERY_LOG_BUFFER - writer->used;
}

/* Has the thread take what is there, unless it is at something for long. */
static bool
make_room(struct query_log_writer *writer, size_t len)
{
	struct query_log_exchange *shared = &writer->shared;
	struct timespec deadline;
	uint64_t spent;

	pthread_mutex_lock(&writer->lock);
	hand_over(writer);
	spent = clock_now() - shared->since;
	if (spent < QUERY_LOG_PATIENCE) {
		deadline = clock_deadline(QUERY_LOG_PATIENCE - spent);
		while (writer->used > 0 && shared->since != 0 &&
		    wait_for_thread(writer, &deadline))
			continue;
	}
	pthread_mutex_unlock(&writer->lock);
	fill(writer);
	return fits(writer, len);
}

static void
lose(struct query_log_writer *writer)
{
	struct counters *counters = writer->counters;

	writer->in_vain = true;
	writer->lost++;
	counter_add(writer->broken ? &counters->query_log_failed
				   : &counters->query_log_dropped);
}

void
query_log_writer_put(struct query_log_writer *writer, const char *text,
    size_t len)
{
	if (!writer->filling)
		fill(writer);
	if (!fits(writer, len) &&
	    (writer->in_vain || !make_room(writer, len))) {
		lose(writer);
		return;
	}
	memcpy(writer->buffer + writer->used, text, len);
	writer->used += len;
	writer->lines++;
}

/*
 * Who tells of lines that were lost: the thread, unless it hangs, or has hung a
 * moment ago and nothing else is wrong.
 */
static void
pass_losses(struct query_log_writer *writer, bool hangs, uint64_t now)
{
	struct query_log_exchange *shared = &writer->shared;
	struct query_log_trouble *hang = &writer->hang;

	if (hangs) {
		writer->lost += shared->lost;
		shared->lost = 0;
		return;
	}
	if (hang->there && shared->failing) {
		writer->lost += hang->lost;
		hang->there = false;
	}
	if (hang->there || writer->lost == 0)
		return;
	shared->lost_at = now;
	shared->lost += writer->lost;
	writer->lost = 0;
}

/* The beginning and the end of a hang. */
static void
heed_hang(struct query_log_writer *writer, bool hangs, uint64_t now)
{
	struct query_log_trouble *hang = &writer->hang;

	if (hangs || writer->lost > 0) {
		query_log_trouble_slow(hang, now, "the disk does not answer");
		hang->lost += writer->lost;
		writer->lost = 0;
	} else {
		query_log_trouble_worked(hang, now);
	}
}

/* Takes in what the thread has said. */
static void
hear(struct query_log_writer *writer, bool hangs)
{
	struct query_log_exchange *shared = &writer->shared;

	count(writer, shared->written, shared->failed);
	shared->written = 0;
	shared->failed = 0;
	writer->broken = shared->retry_at != 0;
	writer->health = (struct query_log_health){
	    .failing = shared->failing,
	    .hangs = hangs,
	    .lost = shared->failing ? shared->told + shared->lost : 0,
	};
}

/* Whether it is time for the thread to do something. */
static bool
is_due(const struct query_log_writer *writer, uint64_t now)
{
	const struct query_log_exchange *shared = &writer->shared;

	if (now < shared->retry_at)
		return false;
	if (shared->held > 0 && shared->since == 0)
		return true;
	return writer->used >= GATHERED ||
	    (writer->used > 0 && now >= writer->handed_at + GATHER_TIME);
}

void
query_log_writer_turn(struct query_log_writer *writer)
{
	const uint64_t now = clock_now();
	bool hangs;

	writer->in_vain = false;
	pthread_mutex_lock(&writer->lock);
	if (is_due(writer, now)) {
		hand_over(writer);
		writer->handed_at = now;
	}
	hangs = is_hung(&writer->shared, now);
	pass_losses(writer, hangs, now);
	hear(writer, hangs);
	unlock(writer);
	heed_hang(writer, hangs, now);
}

bool
query_log_writer_settle(struct query_log_writer *writer, uint64_t patience)
{
	const struct timespec deadline = clock_deadline(patience);
	struct query_log_exchange *shared = &writer->shared;
	bool settled;

	pthread_mutex_lock(&writer->lock);
	hand_over(writer);
	while (shared->since != 0 && wait_for_thread(writer, &deadline))
		continue;
	settled = shared->since == 0;
	pthread_mutex_unlock(&writer->lock);
	query_log_writer_turn(writer);
	return settled;
}

void
query_log_writer_reopen(struct query_log_writer *writer)
{
	pthread_mutex_lock(&writer->lock);
	hand_over(writer);
	writer->shared.reopen = true;
	unlock(writer);
}

void
query_log_writer_limit(struct query_log_writer *writer,
    const struct query_log_limits *limits)
{
	pthread_mutex_lock(&writer->lock);
	writer->shared.limits = *limits;
	pthread_mutex_unlock(&writer->lock);
}

struct query_log_health
query_log_writer_look(const struct query_log_writer *writer)
{
	struct query_log_health health = writer->health;

	if (writer->hang.there) {
		health.failing = true;
		health.lost += writer->hang.lost;
	}
	return health;
}

static struct query_log_writer *
writer_new(const char *path)
{
	struct query_log_writer *writer = calloc(1, sizeof(*writer));
	pthread_condattr_t attributes;

	if (writer == NULL)
		return NULL;
	if (path != NULL) {
		writer->path = strdup(path);
		if (writer->path == NULL) {
			free(writer);
			return NULL;
		}
	}
	writer->buffer = writer->room;
	pthread_mutex_init(&writer->lock, NULL);
	pthread_cond_init(&writer->work, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&writer->done, &attributes);
	pthread_condattr_destroy(&attributes);
	return writer;
}

/* Nothing that hangs may have others pile up. */
static bool
may_start(const char *name)
{
	if (atomic_load(&query_log_thread_abandoned) < QUERY_LOG_ABANDONED)
		return true;
	log_error("query log: %s: %d other files hang; there is no query log "
		  "until one of them answers, and a reload",
	    name, QUERY_LOG_ABANDONED);
	return false;
}

struct query_log_writer *
query_log_writer_start(const char *path, const struct query_log_limits *limits,
    struct counters *counters)
{
	const char *name = path == NULL ? "stdout" : path;
	struct query_log_writer *writer;
	int error = ENOMEM;

	if (!may_start(name))
		return NULL;
	writer = writer_new(path);
	if (writer != NULL) {
		writer->counters = counters;
		writer->hang.name = path == NULL ? name : writer->path;
		writer->shared.limits = *limits;
		/* To open it, and tell how that went. */
		query_log_thread_ask(&writer->shared);
		error = pthread_create(&writer->thread, NULL,
		    query_log_thread_run, writer);
		if (error == 0) {
			pthread_setname_np(writer->thread, "query-log");
			return writer;
		}
		query_log_thread_free(writer);
	}
	log_error("query log: %s: no thread can be had; there is none: %s",
	    name, strerror(error));
	return NULL;
}

/* Waits for the thread's end; false when it does not come. */
static bool
wait_for_end(struct query_log_writer *writer, uint64_t patience)
{
	const struct timespec deadline = clock_deadline(patience);
	struct query_log_exchange *shared = &writer->shared;
	bool ended;

	pthread_mutex_lock(&writer->lock);
	hand_over(writer);
	shared->end = true;
	while (!shared->ended && wait_for_thread(writer, &deadline))
		continue;
	ended = shared->ended;
	pthread_mutex_unlock(&writer->lock);
	return ended;
}

/*
 * Lets the thread go, whether it has ended or not; returns how many lines are
 * lost.
 */
static uint64_t
leave(struct query_log_writer *writer)
{
	struct query_log_exchange *shared = &writer->shared;
	const pthread_t thread = writer->thread;
	uint64_t lost;
	bool ended;

	pthread_mutex_lock(&writer->lock);
	ended = shared->ended;
	lost = shared->held + writer->lines;
	count(writer, shared->written, shared->failed + lost);
	shared->abandoned = !ended;
	if (!ended)
		atomic_fetch_add(&query_log_thread_abandoned, 1);
	pthread_mutex_unlock(&writer->lock);
	if (ended) {
		pthread_join(thread, NULL);
		query_log_thread_free(writer);
	} else {
		/* From here on it may free what it works with. */
		pthread_detach(thread);
	}
	return lost;
}

void
query_log_writer_stop(struct query_log_writer *writer, uint64_t patience)
{
	uint64_t lost;

	if (!wait_for_end(writer, patience)) {
		log_error("query log: %s: the disk does not answer; it is no "
			  "longer waited for",
		    writer->hang.name);
	}
	lost = leave(writer);
	if (lost > 0) {
		log_warn("query log: %" PRIu64 " %s still waiting, and lost",
		    lost, lost == 1 ? "entry was" : "entries were");
	}
}
