#include "io/exchange.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/server.h"
#include "io/dispatch.h"
#include "io/socket.h"
#include "io/task.h"
#include "io/worker.h"

/* Messages read from one socket before others get their turn. */
enum { EXCHANGE_BATCH = 8 };

static unsigned
exchange_slot(const struct exchange *exchange)
{
	return (unsigned)(exchange - exchange->task->exchanges);
}

/* What it carries. */
static struct transmission *
exchange_sent(const struct exchange *exchange)
{
	return &exchange->task->query.sent[exchange_slot(exchange)];
}

static void
exchange_close(struct exchange *exchange, uint64_t now)
{
	if (!exchange->open)
		return;
	exchange->open = false;
	if (exchange->by_link) {
		link_forget(&exchange->task->worker->links, &exchange->question,
		    now);
		return;
	}
	herd_drop(&exchange->task->worker->herd, exchange->fd);
}

/* The kernel, or the server, says that no answer will come this way. */
static void
exchange_unreachable(struct exchange *exchange, uint64_t now)
{
	struct task *task = exchange->task;
	const unsigned slot = exchange_slot(exchange);

	exchange_close(exchange, now);
	dispatch_unreachable(task, slot, now);
}

/* Hands a message to the engine; false when the exchange has ended by it. */
static bool
exchange_deliver(struct exchange *exchange, uint8_t *wire, size_t len,
    uint64_t now)
{
	const struct answer_packet packet = {
	    .wire = wire,
	    .len = len,
	    .slot = exchange_slot(exchange),
	};
	const unsigned serial = exchange->serial;

	dispatch_answer(exchange->task, &packet, now);
	/* The question may have gone out again by a socket of this slot. */
	return exchange->open && exchange->serial == serial;
}

/* UDP. */

/* Whether a failed call may be made again later. */
static bool
exchange_must_wait(void)
{
	return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

/* A message of the server's; what others sent is counted, and thrown away. */
static ssize_t
exchange_receive(const struct exchange *exchange)
{
	const struct addr *server = &exchange_sent(exchange)->server->addr;
	struct worker *worker = exchange->task->worker;
	ssize_t len = socket_udp_receive(exchange->fd, server, worker->incoming,
	    MESSAGE_MAX);

	while (len < 0 && errno == EPROTO) {
		counter_add(&worker->counters.upstream_mismatched);
		len = socket_udp_receive(exchange->fd, server, worker->incoming,
		    MESSAGE_MAX);
	}
	return len;
}

void
exchange_ready(void *arg, uint64_t now)
{
	struct exchange *exchange = arg;
	uint8_t *wire = exchange->task->worker->incoming;

	/* It may have ended by what another socket brought. */
	if (!exchange->open || exchange->by_link)
		return;
	for (unsigned i = 0; i < EXCHANGE_BATCH; i++) {
		const ssize_t len = exchange_receive(exchange);

		if (len < 0) {
			if (!exchange_must_wait())
				exchange_unreachable(exchange, now);
			return;
		}
		if (!exchange_deliver(exchange, wire, (size_t)len, now))
			return;
	}
}

/* Sends the question and listens for the answer; false with errno set. */
static bool
exchange_send(struct exchange *exchange)
{
	struct herd *herd = &exchange->task->worker->herd;
	const struct transmission *sent = exchange_sent(exchange);

	/* Writing may fail for a moment: then the question counts as lost. */
	if (send(exchange->fd, sent->wire, sent->len, MSG_NOSIGNAL) < 0 &&
	    !exchange_must_wait())
		return false;
	return herd_add(herd, exchange->fd, exchange);
}

static enum exchange_result
exchange_failure(int error)
{
	return socket_is_short(error) ? EXCHANGE_LOST : EXCHANGE_UNREACHABLE;
}

static enum exchange_result
exchange_start_udp(struct exchange *exchange)
{
	const struct addr *server = &exchange_sent(exchange)->server->addr;
	int error;

	exchange->fd = socket_udp_connect(server, &exchange->task->worker->rng);
	if (exchange->fd < 0)
		return exchange_failure(errno);
	if (exchange_send(exchange)) {
		exchange->open = true;
		return EXCHANGE_SENT;
	}
	error = errno;
	close(exchange->fd);
	return exchange_failure(error);
}

/* Links. */

static struct exchange *
exchange_of(struct link_question *question)
{
	char *at = (char *)question;

	return (struct exchange *)(void *)(at -
	    offsetof(struct exchange, question));
}

static void
exchange_answered(struct link_question *question, uint8_t *wire, size_t len,
    uint64_t now)
{
	exchange_deliver(exchange_of(question), wire, len, now);
}

static void
exchange_failed(struct link_question *question, const char *why, uint64_t now)
{
	struct exchange *exchange = exchange_of(question);

	exchange_sent(exchange)->why = why;
	exchange_unreachable(exchange, now);
}

static void
exchange_lost(struct link_question *question)
{
	struct exchange *exchange = exchange_of(question);

	exchange->open = false;
	dispatch_lost(exchange->task, exchange_slot(exchange));
}

void
exchange_open_links(struct worker *worker, struct link *slots,
    struct deadline **heap)
{
	link_init(&worker->links,
	    &(struct link_parts){
		.base = worker->base,
		.rng = &worker->rng,
		.slots = slots,
		.heap = heap,
		.frame = worker->incoming,
		.answered = exchange_answered,
		.failed = exchange_failed,
		.lost = exchange_lost,
	    });
}

static enum exchange_result
exchange_start_link(struct exchange *exchange, uint64_t now)
{
	struct task *task = exchange->task;
	struct transmission *sent = exchange_sent(exchange);
	struct link_question *question = &exchange->question;

	*question = (struct link_question){
	    .server = *sent->server,
	    .tls =
		sent->carrier == CARRIER_TLS ? task->query.snapshot->tls : NULL,
	    .wire = sent->wire,
	    .len = sent->len,
	};
	question->server.carrier = sent->carrier;
	switch (link_ask(&task->worker->links, question, &sent->why, now)) {
	case LINK_ASKED:
		exchange->open = true;
		return EXCHANGE_SENT;
	case LINK_UNREACHABLE:
		return EXCHANGE_UNREACHABLE;
	case LINK_SHORTAGE:
		return EXCHANGE_LOST;
	}
	return EXCHANGE_LOST;
}

enum exchange_result
exchange_start(struct task *task, uint64_t now)
{
	struct exchange *exchange = &task->exchanges[task->query.ask];

	exchange->task = task;
	exchange_close(exchange, now);
	exchange->serial++;
	exchange->by_link = exchange_sent(exchange)->carrier != CARRIER_UDP;
	exchange_sent(exchange)->why = NULL;
	return exchange->by_link ? exchange_start_link(exchange, now)
				 : exchange_start_udp(exchange);
}

void
exchange_trim(struct task *task, uint64_t now)
{
	for (unsigned i = 0; i < TRANSMISSIONS; i++) {
		if (!task->query.sent[i].open)
			exchange_close(&task->exchanges[i], now);
	}
}

void
exchange_cancel(struct task *task, uint64_t now)
{
	for (unsigned i = 0; i < TRANSMISSIONS; i++)
		exchange_close(&task->exchanges[i], now);
}
