#include "ctl/query_log_thread.h"

#include <stdlib.h>

#include "io/clock.h"

atomic_uint query_log_thread_abandoned;

void
query_log_thread_ask(struct query_log_exchange *shared)
{
	if (shared->since == 0)
		shared->since = clock_now();
	shared->asked = true;
}

/* Takes over all lines there are, if they have a place. */
static void
take_lines(struct query_log_writer *writer, uint64_t now)
{
	struct query_log_exchange *shared = &writer->shared;

	if (!shared->handed_over || writer->used == 0 ||
	    !query_log_file_fits(&writer->file, writer->used))
		return;
	if (writer->file.used == 0) {
		writer->buffer = query_log_file_swap(&writer->file,
		    writer->buffer, writer->used);
	} else {
		query_log_file_put(&writer->file, writer->buffer, writer->used,
		    now);
	}
	shared->held += writer->lines;
	writer->used = 0;
	writer->lines = 0;
	pthread_cond_broadcast(&writer->done);
}

struct job {
	uint64_t lost; /* to be told of */
	uint64_t lost_at;
	bool reopen;
	bool end;
};

/* Waits until there is something to do. */
static struct job
wait_for_job(struct query_log_writer *writer)
{
	struct query_log_exchange *shared = &writer->shared;
	struct query_log_file *file = &writer->file;
	struct job job;

	pthread_mutex_lock(&writer->lock);
	while (!shared->asked) {
		shared->since = 0;
		pthread_cond_broadcast(&writer->done);
		pthread_cond_wait(&writer->work, &writer->lock);
	}
	shared->asked = false;
	shared->since = clock_now();
	file->max_size = shared->limits.max_size;
	file->keep = shared->limits.keep;
	take_lines(writer, shared->since);
	job = (struct job){
	    .lost = shared->lost,
	    .lost_at = shared->lost_at,
	    .reopen = shared->reopen,
	    .end = shared->end,
	};
	shared->lost = 0;
	shared->reopen = false;
	pthread_mutex_unlock(&writer->lock);
	return job;
}

/* Says how it went; false: there is nothing more to do, ever. */
static bool
report(struct query_log_writer *writer, const struct job *job, uint64_t lines)
{
	struct query_log_exchange *shared = &writer->shared;
	const struct query_log_trouble *trouble = &writer->file.trouble;
	const bool emptied = writer->file.used == 0;
	bool goes_on;

	pthread_mutex_lock(&writer->lock);
	shared->written += lines;
	shared->held -= lines;
	if (emptied) {
		/* With a file that is gone went the rest of a line. */
		shared->failed += shared->held;
		shared->held = 0;
		if (shared->handed_over && writer->used > 0)
			shared->asked = true;
	}
	shared->failing = trouble->there;
	shared->told = trouble->lost;
	shared->retry_at = query_log_trouble_waits(trouble, clock_now())
	    ? trouble->retry_at
	    : 0;
	goes_on = !shared->abandoned && (!job->end || shared->asked);
	pthread_mutex_unlock(&writer->lock);
	return goes_on;
}

static void
work(struct query_log_writer *writer)
{
	struct query_log_file *file = &writer->file;
	struct job job;
	uint64_t lines;

	query_log_file_open(file, writer->path, clock_now());
	do {
		job = wait_for_job(writer);
		if (job.lost > 0)
			query_log_file_miss(file, job.lost, job.lost_at);
		/* First, for later lines must not go to the old file. */
		if (job.reopen)
			query_log_file_reopen(file, clock_now());
		lines = query_log_file_flush(file, clock_now());
	} while (report(writer, &job, lines));
	query_log_file_close(file);
}

void
query_log_thread_free(struct query_log_writer *writer)
{
	pthread_cond_destroy(&writer->done);
	pthread_cond_destroy(&writer->work);
	pthread_mutex_destroy(&writer->lock);
	free(writer->path);
	free(writer);
}

void *
query_log_thread_run(void *arg)
{
	struct query_log_writer *writer = arg;
	bool alone;

	work(writer);
	pthread_mutex_lock(&writer->lock);
	writer->shared.ended = true;
	alone = writer->shared.abandoned;
	pthread_cond_broadcast(&writer->done);
	pthread_mutex_unlock(&writer->lock);
	if (alone) {
		query_log_thread_free(writer);
		atomic_fetch_sub(&query_log_thread_abandoned, 1);
	}
	return NULL;
}
