#include "ctl/compare_ask.h"

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#include "io/clock.h"

enum {
	THREADS = 16,
	ARENA_BLOCK = 16384,
	MILLISECOND = 1000000,
	PATIENCE = 16, /* questions without an answer, and never one */
};

/* What the threads share. */
struct crew {
	const struct compare_plan *plan;
	struct compare_job *jobs;
	size_t count;
	atomic_size_t next;
	atomic_size_t answered[COMPARE_SIDES];
	atomic_size_t silent[COMPARE_SIDES];
	pthread_mutex_t lock; /* of free_at */
	uint64_t free_at;     /* when the next question may go out */
};

static void
sleep_until(uint64_t at)
{
	const uint64_t now = clock_now();
	const uint64_t left = at > now ? at - now : 0;
	const struct timespec wait = {
	    .tv_sec = (time_t)(left / CLOCK_SECOND),
	    .tv_nsec = (long)(left % CLOCK_SECOND),
	};

	if (left > 0)
		nanosleep(&wait, NULL);
}

/* Takes the next place in the row of questions, and waits for its time. */
static void
pace(struct crew *crew)
{
	uint64_t at;

	pthread_mutex_lock(&crew->lock);
	at = clock_now();
	if (crew->free_at > at)
		at = crew->free_at;
	crew->free_at = at + CLOCK_SECOND / crew->plan->rate;
	pthread_mutex_unlock(&crew->lock);
	sleep_until(at);
}

/* Asks one server; false, with the reason kept, when it does not answer. */
static bool
ask_side(struct crew *crew, struct compare_job *job, enum compare_side side,
    struct stub_reply *reply)
{
	const struct stub *const stub = &crew->plan->sides[side];
	char text[STUB_TEXT];

	stub_ask(stub, &job->question, &job->arena, reply);
	if (reply->outcome == STUB_ANSWERED) {
		atomic_fetch_add(&crew->answered[side], 1);
		return true;
	}
	atomic_fetch_add(&crew->silent[side], 1);
	job->silence[side] =
	    arena_strdup(&job->arena, stub_outcome_text(stub, reply, text));
	return false;
}

static bool
ask_both(struct crew *crew, struct compare_job *job, struct compare_pair *pair)
{
	bool left;
	bool right;

	pace(crew);
	left = ask_side(crew, job, COMPARE_LEFT, &pair->left);
	right = ask_side(crew, job, COMPARE_RIGHT, &pair->right);
	return left && right && !job->arena.full;
}

static void
drop_ignored(struct comparison *comparison, unsigned ignored)
{
	size_t kept = 0;

	for (size_t i = 0; i < comparison->count; i++) {
		if ((ignored & 1U << comparison->items[i].kind) == 0)
			comparison->items[kept++] = comparison->items[i];
	}
	comparison->count = kept;
}

/* How many differences count. */
static size_t
compare(const struct crew *crew, struct compare_job *job,
    const struct compare_pair *pair, const struct compare_pair *before)
{
	compare_replies(pair, before, &job->arena, job->comparison);
	drop_ignored(job->comparison, crew->plan->ignored);
	return job->comparison->count;
}

static enum compare_outcome
job_outcome(struct crew *crew, struct compare_job *job)
{
	struct compare_pair first;
	struct compare_pair second;

	job->comparison =
	    arena_calloc(&job->arena, 1, sizeof(*job->comparison));
	if (job->comparison == NULL || !ask_both(crew, job, &first))
		return COMPARE_UNANSWERED;
	if (compare(crew, job, &first, NULL) == 0)
		return COMPARE_SAME;
	sleep_until(
	    clock_now() + (uint64_t)crew->plan->interval_ms * MILLISECOND);
	if (!ask_both(crew, job, &second))
		return COMPARE_UNANSWERED;
	return compare(crew, job, &second, &first) == 0 ? COMPARE_SAME
							: COMPARE_DIFFERENT;
}

/* Whether one of the servers seems not to be there at all. */
static bool
is_hopeless(struct crew *crew)
{
	for (size_t i = 0; i < COMPARE_SIDES; i++) {
		if (atomic_load(&crew->answered[i]) == 0 &&
		    atomic_load(&crew->silent[i]) >= PATIENCE)
			return true;
	}
	return false;
}

static void *
crew_work(void *arg)
{
	struct crew *const crew = arg;
	size_t i;

	while (!is_hopeless(crew) &&
	    (i = atomic_fetch_add(&crew->next, 1)) < crew->count) {
		struct compare_job *const job = &crew->jobs[i];

		arena_init_heap(&job->arena, ARENA_BLOCK);
		job->outcome = job_outcome(crew, job);
		if (job->outcome == COMPARE_SAME)
			arena_fini(&job->arena);
	}
	return NULL;
}

bool
compare_ask(const struct compare_plan *plan, struct compare_job *jobs,
    size_t count)
{
	struct crew crew = {
	    .plan = plan,
	    .jobs = jobs,
	    .count = count,
	    .lock = PTHREAD_MUTEX_INITIALIZER,
	};
	pthread_t threads[THREADS];
	size_t started = 0;

	while (started < THREADS && started < count &&
	    pthread_create(&threads[started], NULL, crew_work, &crew) == 0)
		started++;
	for (size_t i = 0; i < started; i++)
		pthread_join(threads[i], NULL);
	return started > 0 || count == 0;
}

void
compare_ask_free(struct compare_job *jobs, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (jobs[i].outcome == COMPARE_DIFFERENT ||
		    jobs[i].outcome == COMPARE_UNANSWERED)
			arena_fini(&jobs[i].arena);
	}
}
