#include "io/exchange.h"

#include <errno.h>
#include <event2/event.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "io/clock.h"
#include "io/dispatch.h"
#include "io/socket.h"
#include "io/task.h"
#include "io/worker.h"

/* Messages read from one socket before others get their turn. */
enum { EXCHANGE_BATCH = 8 };

void
exchange_init(struct streams *streams, struct stream *slots, size_t count)
{
	*streams = (struct streams){.slots = slots, .count = count};
}

static struct stream *
stream_take(struct streams *streams)
{
	struct stream *stream = streams->free;

	if (stream != NULL) {
		streams->free = stream->next;
	} else if (streams->used < streams->count) {
		stream = &streams->slots[streams->used++];
	}
	return stream;
}

static unsigned
exchange_slot(const struct exchange *exchange)
{
	return (unsigned)(exchange - exchange->task->exchanges);
}

/* What it carries. */
static const struct transmission *
exchange_sent(const struct exchange *exchange)
{
	return &exchange->task->query.sent[exchange_slot(exchange)];
}

static void
exchange_close(struct exchange *exchange)
{
	struct streams *streams = &exchange->task->worker->streams;

	if (!exchange->open)
		return;
	event_del(&exchange->event);
	close(exchange->fd);
	exchange->open = false;
	if (exchange->stream != NULL) {
		exchange->stream->next = streams->free;
		streams->free = exchange->stream;
		exchange->stream = NULL;
	}
}

/* The kernel, or the server, says that no answer will come this way. */
static void
exchange_unreachable(struct exchange *exchange, uint64_t now)
{
	struct task *task = exchange->task;
	const unsigned slot = exchange_slot(exchange);

	exchange_close(exchange);
	dispatch_unreachable(task, slot, now);
}

/* Hands a message to the engine; false when the exchange has ended by it. */
static bool
exchange_deliver(struct exchange *exchange, const uint8_t *wire, size_t len,
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

/* Whether a failed call may be made again later. */
static bool
exchange_must_wait(void)
{
	return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

static void
exchange_udp_readable(evutil_socket_t fd, short what, void *arg)
{
	struct exchange *exchange = arg;
	uint8_t *wire = exchange->task->worker->incoming;
	const uint64_t now = clock_now();

	(void)what;
	for (unsigned i = 0; i < EXCHANGE_BATCH; i++) {
		const ssize_t len = recv(fd, wire, MESSAGE_MAX, 0);

		if (len < 0) {
			if (!exchange_must_wait())
				exchange_unreachable(exchange, now);
			return;
		}
		if (!exchange_deliver(exchange, wire, (size_t)len, now))
			return;
	}
}

/* Octets of the frame at hand: two until the length is known. */
static size_t
stream_wanted(const struct stream *stream)
{
	if (stream->done < 2)
		return 2;
	return 2 + (size_t)(stream->frame[0] << 8 | stream->frame[1]);
}

/* Reads the rest of the frame; false when it is not whole yet. */
static bool
exchange_fill(struct exchange *exchange, uint64_t now)
{
	struct stream *stream = exchange->stream;
	size_t wanted;

	while ((wanted = stream_wanted(stream)) > stream->done) {
		const ssize_t len = recv(exchange->fd,
		    stream->frame + stream->done, wanted - stream->done, 0);

		if (len < 0 && exchange_must_wait())
			return false;
		if (len <= 0) {
			exchange_unreachable(exchange, now);
			return false;
		}
		stream->done += (size_t)len;
	}
	return true;
}

static void
exchange_tcp_readable(evutil_socket_t fd, short what, void *arg)
{
	struct exchange *exchange = arg;
	struct stream *stream = exchange->stream;
	const uint64_t now = clock_now();

	(void)fd;
	(void)what;
	for (unsigned i = 0; i < EXCHANGE_BATCH; i++) {
		size_t len;

		if (!exchange_fill(exchange, now))
			return;
		len = stream->done - 2;
		stream->done = 0;
		if (!exchange_deliver(exchange, stream->frame + 2, len, now))
			return;
	}
}

/* Listens for what comes back. */
static bool
exchange_listen(struct exchange *exchange, event_callback_fn readable)
{
	struct event_base *base = exchange->task->worker->base;

	return event_assign(&exchange->event, base, exchange->fd,
		   EV_READ | EV_PERSIST, readable, exchange) == 0 &&
	    event_add(&exchange->event, NULL) == 0;
}

/* Sends what is left of the question; false when the connection failed. */
static bool
exchange_push(struct exchange *exchange)
{
	struct stream *stream = exchange->stream;

	while (stream->done < stream->len) {
		const ssize_t len =
		    send(exchange->fd, stream->frame + stream->done,
			stream->len - stream->done, MSG_NOSIGNAL);

		if (len < 0)
			return exchange_must_wait();
		stream->done += (size_t)len;
	}
	return true;
}

static void
exchange_tcp_writable(evutil_socket_t fd, short what, void *arg)
{
	struct exchange *exchange = arg;
	struct stream *stream = exchange->stream;
	bool sound = exchange_push(exchange);

	(void)fd;
	(void)what;
	if (sound && stream->done == stream->len) {
		event_del(&exchange->event);
		stream->done = 0;
		sound = exchange_listen(exchange, exchange_tcp_readable);
	}
	if (!sound)
		exchange_unreachable(exchange, clock_now());
}

static bool
exchange_start_udp(struct exchange *exchange)
{
	const struct transmission *sent = exchange_sent(exchange);

	/* Writing may fail for a moment: then the question counts as lost. */
	if (send(exchange->fd, sent->wire, sent->len, MSG_NOSIGNAL) < 0 &&
	    !exchange_must_wait())
		return false;
	return exchange_listen(exchange, exchange_udp_readable);
}

static bool
exchange_start_tcp(struct exchange *exchange)
{
	struct worker *worker = exchange->task->worker;
	const struct transmission *sent = exchange_sent(exchange);
	struct stream *stream = stream_take(&worker->streams);

	if (stream == NULL) {
		errno = ENOBUFS;
		return false;
	}
	exchange->stream = stream;
	stream->frame[0] = (uint8_t)(sent->len >> 8);
	stream->frame[1] = (uint8_t)sent->len;
	memcpy(stream->frame + 2, sent->wire, sent->len);
	stream->len = 2 + sent->len;
	stream->done = 0;
	return event_assign(&exchange->event, worker->base, exchange->fd,
		   EV_WRITE | EV_PERSIST, exchange_tcp_writable,
		   exchange) == 0 &&
	    event_add(&exchange->event, NULL) == 0;
}

/* The socket of a transmission, or -1. */
static int
exchange_connect(struct worker *worker, const struct transmission *sent)
{
	switch (sent->carrier) {
	case CARRIER_UDP:
		return socket_udp_connect(&sent->server->addr, &worker->rng);
	case CARRIER_TCP:
	case CARRIER_TLS:
		return socket_tcp_connect(&sent->server->addr);
	}
	return -1;
}

static bool
exchange_send(struct exchange *exchange, enum carrier carrier)
{
	switch (carrier) {
	case CARRIER_UDP:
		return exchange_start_udp(exchange);
	case CARRIER_TCP:
	case CARRIER_TLS:
		return exchange_start_tcp(exchange);
	}
	return false;
}

/* What a failed start means: a shortage of ours says nothing of the server. */
static enum exchange_result
exchange_failure(int error)
{
	static const int shortages[] = {EMFILE, ENFILE, ENOBUFS, ENOMEM,
	    EADDRINUSE, EAGAIN};

	for (size_t i = 0; i < sizeof(shortages) / sizeof(shortages[0]); i++) {
		if (shortages[i] == error)
			return EXCHANGE_LOST;
	}
	return EXCHANGE_UNREACHABLE;
}

enum exchange_result
exchange_start(struct task *task)
{
	const unsigned slot = task->query.ask;
	const struct transmission *sent = &task->query.sent[slot];
	struct exchange *exchange = &task->exchanges[slot];
	enum exchange_result failure;

	exchange->task = task;
	exchange_close(exchange);
	exchange->fd = exchange_connect(task->worker, sent);
	if (exchange->fd < 0)
		return exchange_failure(errno);
	/* Closing needs an event that it may delete. */
	event_assign(&exchange->event, task->worker->base, exchange->fd, 0,
	    exchange_udp_readable, exchange);
	exchange->serial++;
	exchange->open = true;
	if (exchange_send(exchange, sent->carrier))
		return EXCHANGE_SENT;
	failure = exchange_failure(errno);
	exchange_close(exchange);
	return failure;
}

void
exchange_trim(struct task *task)
{
	for (unsigned i = 0; i < TRANSMISSIONS; i++) {
		if (task->exchanges[i].open && !task->query.sent[i].open)
			exchange_close(&task->exchanges[i]);
	}
}

void
exchange_cancel(struct task *task)
{
	for (unsigned i = 0; i < TRANSMISSIONS; i++) {
		if (task->exchanges[i].open)
			exchange_close(&task->exchanges[i]);
	}
}
