#include "io/tcp.h"

#include <errno.h>
#include <event2/event.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/counters.h"
#include "core/engine.h"
#include "dns/frame.h"
#include "io/boot.h"
#include "io/clock.h"
#include "io/dispatch.h"
#include "io/task.h"
#include "io/tell.h"
#include "io/worker.h"

enum {
	TCP_ACCEPTS = 16, /* connections accepted before others get a turn */
	TCP_ANSWER = FRAME_HEADER + MESSAGE_MAX,
};

/* How long a client may take; a quarter of it when room gets scarce. */
#define TCP_MESSAGE_TIME (3 * CLOCK_SECOND)
#define TCP_UNSENT_TIME	 (5 * CLOCK_SECOND)

static const struct timeval tcp_pause_time = {.tv_usec = 100000};

static uint64_t
tcp_patience(const struct tcp *tcp, uint64_t time)
{
	return tcp->open * 4 > tcp->client_count * 3 ? time / 4 : time;
}

static struct tcp_client *
tcp_client_of(struct deadline *deadline)
{
	char *at = (char *)deadline;

	return (struct tcp_client *)(void *)(at -
	    offsetof(struct tcp_client, deadline));
}

static void
client_close(struct tcp_client *client)
{
	struct tcp *tcp = client->tcp;

	event_del(&client->readable);
	event_del(&client->writable);
	alarm_clear(&tcp->alarm, &client->deadline);
	TAILQ_REMOVE(&tcp->by_activity, client, by_activity);
	TAILQ_REMOVE(client->host, client, by_host);
	close(client->fd);
	client->serial = 0;
	client->next_free = tcp->free;
	tcp->free = client;
	tcp->open--;
}

static size_t
client_unsent(const struct tcp_client *client)
{
	return client->out_to - client->out_from;
}

/* Sends what the kernel takes; false when the connection is dead. */
static bool
client_flush(struct tcp_client *client, uint64_t now)
{
	const size_t unsent = client_unsent(client);
	const ssize_t sent = unsent == 0
	    ? 0
	    : send(client->fd, client->out + client->out_from, unsent,
		  MSG_NOSIGNAL | MSG_DONTWAIT);

	if (sent < 0 && errno != EAGAIN && errno != EWOULDBLOCK &&
	    errno != EINTR)
		return false;
	if (sent > 0)
		client->out_from += (size_t)sent;
	if (client_unsent(client) == 0) {
		client->out_from = 0;
		client->out_to = 0;
		client->unsent_due = 0;
	} else if (sent > 0 || client->unsent_due == 0) {
		client->unsent_due =
		    now + tcp_patience(client->tcp, TCP_UNSENT_TIME);
	}
	return true;
}

/* Makes len octets of room at the end of out; false when it is full. */
static bool
client_room(struct tcp_client *client, size_t len)
{
	if (client->out_from > 0 && TCP_OUT - client->out_to < len) {
		memmove(client->out, client->out + client->out_from,
		    client_unsent(client));
		client->out_to = client_unsent(client);
		client->out_from = 0;
	}
	return TCP_OUT - client->out_to >= len;
}

/* Frames an answer of len octets that lies a header after the end of out. */
static void
client_queue(struct tcp_client *client, size_t len)
{
	frame_put(client->out + client->out_to, (uint16_t)len);
	client->out_to += FRAME_HEADER + len;
}

/* Whether the next query may be started. */
static bool
client_ready(struct tcp_client *client)
{
	return !client->broken && client->in_work < TCP_PIPELINE &&
	    client_room(client, TCP_ANSWER);
}

static void
client_answer(struct tcp_client *client, const uint8_t *wire, size_t len,
    uint64_t now)
{
	struct worker *worker = client->tcp->worker;
	struct task *task = dispatch_task(worker, now);
	struct query *query = &task->query;
	enum verdict verdict;

	/* Making a task free may have queued an answer here. */
	if (!client_room(client, TCP_ANSWER)) {
		client->broken = true;
		return;
	}
	query->out = client->out + client->out_to + FRAME_HEADER;
	query->cap = MESSAGE_MAX;
	verdict = engine_start(&worker->engine, query,
	    &(struct packet){
		.wire = wire,
		.len = len,
		.transport = TRANSPORT_TCP,
		.client = &client->addr,
		.local = &client->local,
	    },
	    now);
	switch (verdict) {
	case VERDICT_REPLY:
		tell_at_once(worker, query, &client->local);
		client_queue(client, query->out_len);
		return;
	case VERDICT_DROP:
		return;
	case VERDICT_ASK:
	case VERDICT_WAIT:
	case VERDICT_REPLY_EARLY:
		task->recipient = (struct recipient){.client = client,
		    .serial = client->serial};
		client->in_work++;
		dispatch_park(task, verdict, now);
		return;
	}
}

/* Whether the query at `at` is whole, and its length. */
static bool
client_frame(struct tcp_client *client, size_t at, size_t *len)
{
	switch (
	    frame_find(client->in + at, client->in_len - at, QUERY_MAX, len)) {
	case FRAME_WHOLE:
		return true;
	case FRAME_PART:
		break;
	case FRAME_LONG:
		client->broken = true;
		break;
	}
	return false;
}

/* Starts the queries that are whole; returns how many octets they took. */
static size_t
client_serve(struct tcp_client *client, uint64_t now)
{
	size_t at = 0;
	size_t len;

	while (client_ready(client) && client_frame(client, at, &len)) {
		client_answer(client, client->in + at + FRAME_HEADER, len, now);
		at += FRAME_HEADER + len;
	}
	client->in_len -= at;
	if (at > 0)
		memmove(client->in, client->in + at, client->in_len);
	return at;
}

static uint64_t
sooner(uint64_t until, uint64_t due)
{
	return due != 0 && due < until ? due : until;
}

/* Has an event in the loop, or not in it; false when there is no room. */
static bool
client_want(struct event *event, bool *there, bool wanted)
{
	if (*there == wanted)
		return true;
	*there = wanted;
	return (wanted ? event_add(event, NULL) : event_del(event)) == 0;
}

/*
 * Waits for what may come next, and for how long.  Who cannot be waited for
 * should not have to find that out by waiting itself.
 */
static void
client_wait(struct tcp_client *client, uint64_t now)
{
	struct tcp *tcp = client->tcp;
	const uint64_t idle =
	    now + tcp_patience(tcp, tcp->worker->boot->tcp_idle);

	if (!client_want(&client->readable, &client->reads,
		!client->ended && client_ready(client)) ||
	    !client_want(&client->writable, &client->writes,
		client_unsent(client) > 0)) {
		client_close(client);
		return;
	}
	alarm_set(&tcp->alarm, &client->deadline,
	    sooner(sooner(idle, client->message_due), client->unsent_due), now);
}

/* A message once begun must be whole in time, however its octets trickle. */
static void
client_watch_message(struct tcp_client *client, size_t served, uint64_t now)
{
	if (client->in_len == 0 || !client_ready(client)) {
		client->message_due = 0;
	} else if (served > 0 || client->message_due == 0) {
		client->message_due =
		    now + tcp_patience(client->tcp, TCP_MESSAGE_TIME);
	}
}

/* Whether nothing more will come of the connection. */
static bool
client_finished(const struct tcp_client *client)
{
	return client->broken ||
	    (client->ended && client->in_work == 0 &&
		client_unsent(client) == 0);
}

/* Does all that can be done now: answers, sends, waits for more. */
static void
client_work(struct tcp_client *client, uint64_t now)
{
	size_t served = 0;
	size_t len;
	bool alive;

	/* Answers that left make room for queries that are here already, and
	 * no event would tell of those. */
	do {
		served += client_serve(client, now);
		tell_settle(client->tcp->worker, now);
		alive = client_flush(client, now);
	} while (
	    alive && client_ready(client) && client_frame(client, 0, &len));
	if (!alive || client_finished(client)) {
		client_close(client);
		return;
	}
	client_watch_message(client, served, now);
	client_wait(client, now);
}

static void
client_readable(evutil_socket_t fd, short what, void *arg)
{
	struct tcp_client *client = arg;
	struct tcp *tcp = client->tcp;
	const ssize_t len = recv(fd, client->in + client->in_len,
	    TCP_IN - client->in_len, MSG_DONTWAIT);

	(void)what;
	if (len < 0 &&
	    (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
		return;
	if (len < 0) {
		client->broken = true;
	} else if (len == 0) {
		client->ended = true;
	} else {
		client->in_len += (size_t)len;
	}
	TAILQ_REMOVE(&tcp->by_activity, client, by_activity);
	TAILQ_INSERT_TAIL(&tcp->by_activity, client, by_activity);
	TAILQ_REMOVE(client->host, client, by_host);
	TAILQ_INSERT_TAIL(client->host, client, by_host);
	client_work(client, clock_now());
}

/* The kernel takes more, or a parked query was answered. */
static void
client_writable(evutil_socket_t fd, short what, void *arg)
{
	struct tcp_client *client = arg;
	const uint64_t now = clock_now();

	(void)fd;
	(void)what;
	if (!client_flush(client, now)) {
		client_close(client);
		return;
	}
	client_work(client, now);
}

/* A client took too long, or has nothing in work: an alarm_due_fn. */
static void
client_due(void *arg, struct deadline *deadline, uint64_t now)
{
	struct tcp *tcp = arg;
	struct tcp_client *client = tcp_client_of(deadline);
	const uint64_t due =
	    sooner(sooner(UINT64_MAX, client->message_due), client->unsent_due);

	/* It is not idle while it waits for us (RFC 7766 section 6.2.3). */
	if (client->in_work > 0 && due > now) {
		client_wait(client, now);
		return;
	}
	counter_add(&tcp->worker->counters.tcp_closed_idle);
	client_close(client);
}

/* The host, or of IPv6 the subscriber, that an address belongs to. */
static uint64_t
host_of(const struct addr *addr)
{
	return addr_network(addr, 32, 64);
}

/* The list of a host's connections. */
static struct tcp_clients *
tcp_host(struct tcp *tcp, const struct addr *addr)
{
	const struct hash_key *key = &tcp->worker->boot->key;

	return &tcp->hosts[hash_join(key, key->k1, host_of(addr)) % TCP_HOSTS];
}

/* A host that has as many as it may loses the one idle for longest. */
static void
tcp_curb(struct tcp *tcp, const struct addr *addr)
{
	const size_t most = tcp->worker->boot->client_tcp;
	const uint64_t host = host_of(addr);
	struct tcp_client *longest = NULL;
	struct tcp_client *client;
	size_t count = 0;

	TAILQ_FOREACH (client, tcp_host(tcp, addr), by_host) {
		if (host_of(&client->addr) != host)
			continue;
		if (count++ == 0)
			longest = client;
	}
	if (most == 0 || count < most)
		return;
	counter_add(&tcp->worker->counters.tcp_closed_client);
	client_close(longest);
}

/* Room for a connection; the longest idle one gives way. */
static struct tcp_client *
client_take(struct tcp *tcp)
{
	struct tcp_client *client;

	if (tcp->free == NULL && tcp->used == tcp->client_count) {
		counter_add(&tcp->worker->counters.tcp_closed_full);
		client_close(TAILQ_FIRST(&tcp->by_activity));
	}
	client = tcp->free;
	if (client != NULL) {
		tcp->free = client->next_free;
	} else {
		client = &tcp->clients[tcp->used++];
	}
	return client;
}

static void
client_open(struct tcp_client *client, struct tcp *tcp, int fd, uint64_t now)
{
	struct event_base *base = tcp->worker->base;

	client->tcp = tcp;
	client->serial = ++tcp->serial;
	client->fd = fd;
	client->unsent_due = 0;
	client->in_work = 0;
	client->reads = false;
	client->writes = false;
	client->ended = false;
	client->broken = false;
	client->in_len = 0;
	client->out_from = 0;
	client->out_to = 0;
	tcp->open++;
	TAILQ_INSERT_TAIL(&tcp->by_activity, client, by_activity);
	client->host = tcp_host(tcp, &client->addr);
	TAILQ_INSERT_TAIL(client->host, client, by_host);
	event_assign(&client->readable, base, fd, EV_READ | EV_PERSIST,
	    client_readable, client);
	event_assign(&client->writable, base, fd, EV_WRITE | EV_PERSIST,
	    client_writable, client);
	/* The first query must come soon. */
	client->message_due = now + tcp_patience(tcp, TCP_MESSAGE_TIME);
	client_wait(client, now);
}

/* The address that was asked. */
static void
client_local(struct tcp_client *client, const struct tcp_listener *listener,
    int fd)
{
	socklen_t len = sizeof(client->local.u);

	client->local = *listener->addr;
	if (addr_is_any(listener->addr) &&
	    getsockname(fd, &client->local.u.any, &len) == 0)
		client->local.len = len;
}

static void
tcp_welcome(struct tcp_listener *listener, int fd, const struct addr *addr)
{
	struct tcp *tcp = listener->tcp;
	struct tcp_client *client;

	tcp_curb(tcp, addr);
	client = client_take(tcp);
	counter_add(&tcp->worker->counters.tcp_accepted);
	client->addr = *addr;
	client_local(client, listener, fd);
	client_open(client, tcp, fd, clock_now());
}

/*
 * Without descriptors or memory a connection stays in the queue and the
 * socket readable: looking again at once would only burn time.
 */
static void
tcp_pause(struct tcp *tcp)
{
	for (size_t i = 0; i < tcp->listener_count; i++)
		event_del(&tcp->listeners[i].acceptable);
	event_add(&tcp->resume, &tcp_pause_time);
}

static void
tcp_resume(evutil_socket_t fd, short what, void *arg)
{
	struct tcp *tcp = arg;
	bool resumed = true;

	(void)fd;
	(void)what;
	for (size_t i = 0; i < tcp->listener_count; i++) {
		resumed &= event_add(&tcp->listeners[i].acceptable, NULL) == 0;
	}
	if (!resumed)
		event_add(&tcp->resume, &tcp_pause_time);
}

static void
tcp_acceptable(evutil_socket_t fd, short what, void *arg)
{
	struct tcp_listener *listener = arg;

	(void)what;
	for (unsigned i = 0; i < TCP_ACCEPTS; i++) {
		struct addr addr = {.len = sizeof(addr.u)};
		const int accepted = accept4(fd, &addr.u.any, &addr.len,
		    SOCK_NONBLOCK | SOCK_CLOEXEC);

		if (accepted >= 0) {
			tcp_welcome(listener, accepted, &addr);
			continue;
		}
		if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS ||
		    errno == ENOMEM)
			tcp_pause(listener->tcp);
		return;
	}
}

bool
tcp_open(struct tcp *tcp, struct worker *worker, const struct tcp_parts *parts,
    const struct port *ports)
{
	bool opened = true;

	tcp->worker = worker;
	tcp->listeners = parts->listeners;
	tcp->listener_count = parts->listener_count;
	tcp->clients = parts->clients;
	tcp->client_count = parts->client_count;
	TAILQ_INIT(&tcp->by_activity);
	for (size_t i = 0; i < TCP_HOSTS; i++)
		TAILQ_INIT(&tcp->hosts[i]);
	deadline_init(&tcp->alarm.deadlines, parts->heap, parts->client_count);
	alarm_open(&tcp->alarm, worker->base, client_due, tcp);
	evtimer_assign(&tcp->resume, worker->base, tcp_resume, tcp);
	for (size_t i = 0; i < tcp->listener_count; i++) {
		struct tcp_listener *listener = &tcp->listeners[i];

		listener->tcp = tcp;
		listener->addr = ports[i].addr;
		listener->fd = ports[i].tcp;
		event_assign(&listener->acceptable, worker->base, listener->fd,
		    EV_READ | EV_PERSIST, tcp_acceptable, listener);
		opened &= event_add(&listener->acceptable, NULL) == 0;
	}
	return opened;
}

void
tcp_close(struct tcp *tcp)
{
	struct tcp_client *client;

	while ((client = TAILQ_FIRST(&tcp->by_activity)) != NULL)
		client_close(client);
	for (size_t i = 0; i < tcp->listener_count; i++)
		event_del(&tcp->listeners[i].acceptable);
	event_del(&tcp->resume);
	alarm_close(&tcp->alarm);
}

/* Puts a parked query's answer in line; false when there is no room. */
static bool
client_append(struct tcp_client *client, const struct query *query)
{
	const size_t len = query->out_len;

	if (!client_room(client, FRAME_HEADER + len) &&
	    !(client_flush(client, clock_now()) &&
		client_room(client, FRAME_HEADER + len)))
		return false;
	memcpy(client->out + client->out_to + FRAME_HEADER, query->out, len);
	client_queue(client, len);
	return true;
}

void
tcp_reply(struct tcp_client *client, uint64_t serial, const struct query *query)
{
	if (client->serial != serial)
		return;
	client->in_work--;
	/* A client that does not read its answers loses the connection. */
	if (!client_append(client, query))
		client->broken = true;
	/* Answers of one turn of the loop leave together; more queries may
	 * wait for their turn. */
	event_active(&client->writable, EV_WRITE, 0);
}
