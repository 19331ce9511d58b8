#include "io/worker.h"

#include <assert.h>
#include <errno.h>
#include <event2/event.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/log.h"
#include "core/recall.h"
#include "io/boot.h"
#include "io/chore.h"
#include "io/clock.h"
#include "io/dispatch.h"
#include "io/entropy.h"
#include "io/inquiry.h"
#include "io/loop.h"
#include "io/udp.h"

/* What the arena may lose to alignment, and a few odd objects. */
enum { WORKER_SLACK = 65536 };

/* Octets of everything that worker_furnish takes. */
static size_t
worker_size(const struct boot *boot)
{
	const size_t query = sizeof(struct task) + sizeof(struct deadline *);
	const size_t client =
	    sizeof(struct tcp_client) + sizeof(struct deadline *);
	const size_t listener =
	    sizeof(struct udp) + sizeof(struct tcp_listener);

	return sizeof(struct worker) + WORKER_SLACK + boot->cache_size +
	    ENGINE_SCRATCH + (size_t)2 * MESSAGE_MAX + QLOG_RING +
	    boot->queries * query +
	    LINKS * (sizeof(struct link) + sizeof(struct deadline *)) +
	    boot->tcp_clients * client + boot->listen_count * listener;
}

/* A zeroed mapping with the worker at its start; NULL with errno set. */
static struct worker *
worker_map(const struct boot *boot)
{
	const size_t size = worker_size(boot);
	void *block = mmap(NULL, size, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	struct worker *worker = block;

	if (block == MAP_FAILED)
		return NULL;
	/* Huge pages would make room that is only kept ready resident. */
	madvise(block, size, MADV_NOHUGEPAGE);
	worker->boot = boot;
	worker->size = size;
	arena_init(&worker->memory, worker + 1, size - sizeof(*worker));
	return worker;
}

static void
worker_furnish_engine(struct worker *worker, const struct snapshot *snapshot)
{
	const struct boot *boot = worker->boot;
	struct arena *memory = &worker->memory;
	const struct engine_parts parts = {
	    .counters = &worker->counters,
	    .rng = &worker->rng,
	    .cache_block = arena_alloc(memory, boot->cache_size),
	    .cache_size = boot->cache_size,
	    .scratch = arena_alloc(memory, ENGINE_SCRATCH),
	    .scratch_size = ENGINE_SCRATCH,
	    .key = &boot->key,
	    .loops = boot->loops,
	    .client_queries = boot->client_queries,
	    .group_queries = boot->group_queries,
	    .sharers = boot->workers,
	};

	rng_init(&worker->rng, entropy_fill);
	engine_init(&worker->engine, &parts, snapshot_hold(snapshot));
	if (boot->fill == NULL)
		return;
	boot->fill(boot->fill_context, &worker->engine.cache);
	/* What was saved may be of names that lead elsewhere now. */
	recall_sweep(&worker->engine);
}

static void
worker_furnish_tasks(struct worker *worker)
{
	const size_t queries = worker->boot->queries;
	struct arena *memory = &worker->memory;
	struct deadline **heap =
	    arena_alloc(memory, queries * sizeof(struct deadline *));

	task_init(&worker->tasks,
	    arena_alloc(memory, queries * sizeof(struct task)), queries);
	deadline_init(&worker->alarm.deadlines, heap, queries);
	alarm_open(&worker->alarm, worker->base, dispatch_due, worker);
	worker->incoming = arena_alloc(memory, MESSAGE_MAX);
	worker->outgoing = arena_alloc(memory, MESSAGE_MAX);
	exchange_open_links(worker,
	    arena_alloc(memory, LINKS * sizeof(struct link)),
	    arena_alloc(memory, LINKS * sizeof(struct deadline *)));
}

/* Puts the worker's sockets into its loop. */
static bool
worker_furnish_ports(struct worker *worker, const struct port *ports)
{
	const struct boot *boot = worker->boot;
	const size_t clients = boot->tcp_clients;
	struct arena *memory = &worker->memory;
	const struct tcp_parts parts = {
	    .listeners = arena_alloc(memory,
		boot->listen_count * sizeof(struct tcp_listener)),
	    .listener_count = boot->listen_count,
	    .clients = arena_alloc(memory, clients * sizeof(struct tcp_client)),
	    .client_count = clients,
	    .heap = arena_alloc(memory, clients * sizeof(struct deadline *)),
	};

	worker->udp =
	    arena_alloc(memory, boot->listen_count * sizeof(struct udp));
	assert(!memory->full);
	for (size_t i = 0; i < boot->listen_count; i++) {
		if (!udp_open(&worker->udp[i], worker, &ports[i]))
			return false;
	}
	return tcp_open(&worker->tcp, worker, &parts, ports);
}

/* Ends what the loop held; the engine gives its snapshot back. */
static void
worker_clear_out(struct worker *worker)
{
	dispatch_stop(worker);
	for (size_t i = 0; i < worker->boot->listen_count; i++)
		udp_close(&worker->udp[i]);
	tcp_close(&worker->tcp);
	link_stop(&worker->links);
	herd_close(&worker->herd);
	alarm_close(&worker->alarm);
	event_del(&worker->mail);
	engine_fini(&worker->engine);
	worker_return_retired(worker);
}

static void
worker_keep_envelope(struct worker *worker, struct message *message)
{
	message->next = worker->envelopes;
	worker->envelopes = message;
}

static void
worker_obey(struct worker *worker, struct message *message)
{
	switch (message->kind) {
	case MESSAGE_ADOPT:
		worker_keep_envelope(worker, message);
		dispatch_adopt(worker, message->snapshot);
		return;
	case MESSAGE_STOP:
		worker_keep_envelope(worker, message);
		event_base_loopbreak(worker->base);
		return;
	case MESSAGE_INQUIRY:
		inquiry_start(worker, message, clock_now());
		return;
	case MESSAGE_CHORE:
		chore_run(worker, message);
		return;
	case MESSAGE_RETIRED:
	case MESSAGE_ANSWERED:
	case MESSAGE_CHORE_DONE:
		break; /* nobody sends a worker these */
	}
	abort();
}

static void
worker_mail(evutil_socket_t fd, short what, void *arg)
{
	struct worker *worker = arg;
	struct message *message = mailbox_take(&worker->inbox);

	(void)fd;
	(void)what;
	while (message != NULL) {
		struct message *next = message->next;

		worker_obey(worker, message);
		message = next;
	}
}

static void *
worker_run(void *arg)
{
	struct worker *worker = arg;
	sigset_t set;

	/* A server that closes a connection must not end the process. */
	sigemptyset(&set);
	sigaddset(&set, SIGPIPE);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	dispatch_check_loops(worker);
	event_base_dispatch(worker->base);
	worker_clear_out(worker);
	return NULL;
}

static bool
worker_furnish(struct worker *worker, unsigned index,
    const struct snapshot *snapshot)
{
	const size_t first = index * worker->boot->listen_count;

	/* Where nobody listens, nothing comes back. */
	worker->checks_loops = index == 0 && worker->boot->loops != NULL &&
	    worker->boot->listen_count > 0;

	qlog_init(&worker->qlog, arena_alloc(&worker->memory, QLOG_RING),
	    &worker->counters.query_log_dropped);
	worker_furnish_engine(worker, snapshot);
	worker_furnish_tasks(worker);
	event_assign(&worker->mail, worker->base, worker->inbox.fd,
	    EV_READ | EV_PERSIST, worker_mail, worker);
	return event_add(&worker->mail, NULL) == 0 &&
	    herd_open(&worker->herd, worker->base, exchange_ready) &&
	    worker_furnish_ports(worker, worker->boot->ports + first);
}

void
worker_free(struct worker *worker)
{
	while (worker->envelopes != NULL) {
		struct message *message = worker->envelopes;

		worker->envelopes = message->next;
		free(message);
	}
	event_base_free(worker->base);
	mailbox_close(&worker->inbox);
	munmap(worker, worker->size);
}

struct worker *
worker_start(const struct boot *boot, unsigned index,
    const struct snapshot *snapshot, struct mailbox *outbox)
{
	struct worker *worker = worker_map(boot);
	int error = ENOMEM;

	if (worker == NULL)
		return NULL;
	worker->outbox = outbox;
	worker->base = loop_new();
	if (worker->base == NULL || !mailbox_open(&worker->inbox))
		goto out;
	if (worker_furnish(worker, index, snapshot)) {
		error =
		    pthread_create(&worker->thread, NULL, worker_run, worker);
		if (error == 0)
			return worker;
	}
	/* The caller's reference is still there: this is not the last. */
	worker_clear_out(worker);
	mailbox_close(&worker->inbox);
out:
	if (worker->base != NULL)
		event_base_free(worker->base);
	munmap(worker, worker->size);
	errno = error;
	return NULL;
}

void
worker_post(struct worker *worker, struct message *message)
{
	mailbox_post(&worker->inbox, message);
}

void
worker_join(struct worker *worker)
{
	pthread_join(worker->thread, NULL);
}

void
worker_return_retired(struct worker *worker)
{
	struct snapshot *snapshot;

	while ((snapshot = engine_retired(&worker->engine)) != NULL) {
		struct message *message = worker->envelopes;

		/* Each snapshot but the first came in an envelope. */
		assert(message != NULL);
		worker->envelopes = message->next;
		message->kind = MESSAGE_RETIRED;
		message->retired = snapshot;
		mailbox_post(worker->outbox, message);
	}
}
