#include "io/link.h"

#include <assert.h>
#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/rng.h"
#include "dns/frame.h"
#include "dns/message.h"
#include "io/clock.h"
#include "io/socket.h"

/* How long a connection may take, shaking hands included. */
#define CONNECT_TIME (3 * CLOCK_SECOND)

/* How long one is kept without a question (RFC 7766 section 6.2.3). */
#define IDLE_TIME    (10 * CLOCK_SECOND)

/* The least time in which an answer can be missed: that of one try. */
#define PATIENCE     (CLOCK_SECOND / 10)

/* A certificate that was wrong is so for a second: handshakes are dear. */
#define TROUBLE_TIME CLOCK_SECOND

enum {
	LINK_UNSENT = 65536, /* octets: the server reads no more */
	LINK_STRAYS = 8,     /* messages that nobody asked for */
};

static bool
link_is_open(const struct link *link)
{
	return link->stream != NULL;
}

static bool
link_is_secure(const struct link *link)
{
	return link->server.carrier == CARRIER_TLS;
}

/* Whether what is known of a link holds for a question's server. */
static bool
link_serves(const struct link *link, const struct link_question *question)
{
	return server_equal(&link->server, &question->server) &&
	    link->tls_serial == tls_serial(question->tls);
}

static void
link_enlist(struct link_question *question, struct link_questions *list)
{
	if (question->in != NULL)
		TAILQ_REMOVE(question->in, question, entry);
	question->in = list;
	if (list != NULL)
		TAILQ_INSERT_TAIL(list, question, entry);
}

/* When somebody must look at it again. */
static void
link_schedule(struct link *link, uint64_t now)
{
	struct alarm *alarm = &link->links->alarm;

	if (!link->connected) {
		alarm_set(alarm, &link->deadline,
		    link->opened_at + CONNECT_TIME, now);
	} else if (link->in_work > 0) {
		/* Each question has a time-out of its own. */
		alarm_clear(alarm, &link->deadline);
	} else {
		alarm_set(alarm, &link->deadline,
		    link->quiet ? now : link->idle_at + IDLE_TIME, now);
	}
}

/* Closes it; its questions are gone already. */
static void
link_shut(struct link *link)
{
	assert(TAILQ_EMPTY(&link->questions));
	alarm_clear(&link->links->alarm, &link->deadline);
	if (link_is_secure(link)) {
		tls_close(link->stream);
	} else {
		bufferevent_free(link->stream);
	}
	link->stream = NULL;
}

/* Sends a question that has its place on the connection. */
static void
link_send(struct link *link, struct link_question *question)
{
	struct evbuffer *out = bufferevent_get_output(link->stream);
	uint8_t head[FRAME_HEADER + 2];

	/* Two octets of length, and the id in place of the question's. */
	frame_put(head, (uint16_t)question->len);
	frame_put(head + FRAME_HEADER, question->id);
	question->sent = true;
	if (evbuffer_expand(out, sizeof(head) + question->len) != 0)
		return; /* it will be missed, and asked again */
	evbuffer_add(out, head, sizeof(head));
	evbuffer_add(out, question->wire + 2, question->len - 2);
}

static struct link_question *
link_find(const struct link *link, uint16_t id)
{
	struct link_question *question;

	TAILQ_FOREACH (question, &link->questions, entry) {
		if (question->id == id && !question->answered)
			return question;
	}
	return NULL;
}

/* Its own id, or another where that one is taken on this connection. */
static uint16_t
link_id(const struct link *link, const struct link_question *question)
{
	uint16_t id =
	    (uint16_t)((unsigned)question->wire[0] << 8 | question->wire[1]);

	while (link_find(link, id) != NULL)
		id = rng_u16(link->links->parts.rng);
	return id;
}

static void
link_put(struct link *link, struct link_question *question, uint64_t now)
{
	question->id = link_id(link, question);
	question->link = link;
	question->asked_at = now;
	question->sent = false;
	question->answered = false;
	link_enlist(question, &link->questions);
	link->in_work++;
	if (link->connected)
		link_send(link, question);
	link_schedule(link, now);
}

/* Opening. */

static void
link_describe(struct link *link, const struct link_question *question)
{
	const struct upstream_server *server = &question->server;

	tls_forget(&link->ticket);
	link->server = *server;
	link->server.tls_name = NULL;
	link->tls_serial = tls_serial(question->tls);
	link->trouble = NULL;
	link->trouble_until = 0;
	if (server->carrier == CARRIER_TLS && server->tls_name != NULL) {
		const size_t len = strlen(server->tls_name);

		assert(len < sizeof(link->name));
		memcpy(link->name, server->tls_name, len + 1);
		link->server.tls_name = link->name;
	}
}

/* Closed slots: one that knows the server, else one that knows the least. */
static struct link *
link_spare(struct links *links, const struct link_question *question)
{
	struct link *spare = NULL;

	for (size_t i = 0; i < links->used; i++) {
		struct link *link = &links->parts.slots[i];

		if (link_is_open(link))
			continue;
		if (link_serves(link, question))
			return link;
		if (spare == NULL || spare->heard_at > link->heard_at)
			spare = link;
	}
	return links->used < LINKS ? &links->parts.slots[links->used++] : spare;
}

/* The one without a question for the longest time gives way. */
static struct link *
link_make_room(struct links *links)
{
	struct link *idlest = NULL;

	for (size_t i = 0; i < LINKS; i++) {
		struct link *link = &links->parts.slots[i];

		if (link->connected && link->in_work == 0 &&
		    (idlest == NULL || idlest->idle_at > link->idle_at))
			idlest = link;
	}
	if (idlest != NULL)
		link_shut(idlest);
	return idlest;
}

static struct bufferevent *
link_stream(struct link *link, struct tls *tls, int fd)
{
	struct event_base *base = link->links->parts.base;
	const struct tls_peer peer = {
	    .addr = &link->server.addr,
	    .name = link->server.tls_name,
	    .trusted = link->server.opportunistic,
	    .ticket = &link->ticket,
	};
	struct bufferevent *stream = link_is_secure(link)
	    ? tls_open(tls, base, fd, &peer)
	    : bufferevent_socket_new(base, fd, BEV_OPT_CLOSE_ON_FREE);

	if (stream == NULL) {
		close(fd);
		errno = ENOMEM;
	}
	return stream;
}

static void link_readable(struct bufferevent *stream, void *arg);
static void link_event(struct bufferevent *stream, short what, void *arg);

/* Begins to connect; false with errno set. */
static bool
link_connect(struct link *link, struct tls *tls)
{
	const struct addr *addr = &link->server.addr;
	const int fd = socket_tcp_open(addr);
	int error;

	link->stream = fd < 0 ? NULL : link_stream(link, tls, fd);
	if (link->stream == NULL)
		return false;
	bufferevent_setcb(link->stream, link_readable, NULL, link_event, link);
	/* One message at most is read ahead. */
	bufferevent_setwatermark(link->stream, EV_READ, 0,
	    FRAME_HEADER + MESSAGE_MAX);
	if (bufferevent_enable(link->stream, EV_READ | EV_WRITE) == 0 &&
	    bufferevent_socket_connect(link->stream, &addr->u.any,
		(int)addr->len) == 0)
		return true;
	error = errno;
	link_shut(link);
	errno = error;
	return false;
}

/* A fresh connection for a question; NULL with errno set. */
static struct link *
link_open(struct links *links, const struct link_question *question,
    uint64_t now)
{
	struct link *link = link_spare(links, question);

	if (link == NULL)
		link = link_make_room(links);
	if (link == NULL) {
		errno = ENOBUFS;
		return NULL;
	}
	if (!link_serves(link, question))
		link_describe(link, question);
	link->links = links;
	link->serial = ++links->serial;
	link->connected = false;
	link->proven = false;
	link->quiet = false;
	link->in_work = 0;
	link->abandoned = 0;
	link->strays = 0;
	link->opened_at = now;
	link->heard_at = now;
	TAILQ_INIT(&link->questions);
	return link_connect(link, question->tls) ? link : NULL;
}

/* Choosing. */

static bool
link_is_full(const struct link *link)
{
	return link->in_work >= LINK_IN_WORK ||
	    evbuffer_get_length(bufferevent_get_output(link->stream)) >
	    LINK_UNSENT;
}

/* What there is for a server. */
struct link_choice {
	struct link *good;  /* takes questions */
	struct link *quiet; /* would, but brings nothing */
	unsigned count;
	const char *trouble; /* why none can be opened at present */
};

static struct link_choice
link_choose(struct links *links, const struct link_question *question,
    uint64_t now)
{
	struct link_choice choice = {.count = 0};

	for (size_t i = 0; i < links->used; i++) {
		struct link *link = &links->parts.slots[i];

		if (!link_serves(link, question))
			continue;
		if (link->trouble_until > now)
			choice.trouble = link->trouble;
		if (!link_is_open(link))
			continue;
		choice.count++;
		if (link_is_full(link))
			continue;
		if (link->quiet) {
			choice.quiet = link;
		} else if (choice.good == NULL) {
			choice.good = link;
		}
	}
	return choice;
}

enum link_result
link_ask(struct links *links, struct link_question *question, const char **why,
    uint64_t now)
{
	const struct link_choice choice = link_choose(links, question, now);
	struct link *link = choice.good;

	assert(question->in == NULL);
	*why = choice.trouble;
	if (link == NULL && choice.trouble != NULL)
		return LINK_UNREACHABLE;
	if (question->server.carrier == CARRIER_TLS && question->tls == NULL)
		return LINK_UNREACHABLE;
	if (link == NULL && choice.count >= LINKS_SERVER)
		link = choice.quiet;
	if (link == NULL && choice.count >= LINKS_SERVER)
		return LINK_SHORTAGE;
	if (link == NULL)
		link = link_open(links, question, now);
	if (link == NULL) {
		return socket_is_short(errno) ? LINK_SHORTAGE
					      : LINK_UNREACHABLE;
	}
	link_put(link, question, now);
	return LINK_ASKED;
}

void
link_forget(struct links *links, struct link_question *question, uint64_t now)
{
	struct link *link = question->link;

	if (question->in == NULL)
		return;
	if (question->in == &links->stranded) {
		link_enlist(question, NULL);
		return;
	}
	link_enlist(question, NULL);
	link->in_work--;
	link->idle_at = now;
	if (question->sent && !question->answered) {
		link->abandoned++;
		if (link->heard_at <= question->asked_at &&
		    now >= question->asked_at + PATIENCE)
			link->quiet = true;
	}
	link_schedule(link, now);
}

/* Ending. */

/*
 * What was out on a connection that had answered before was perhaps not even
 * looked at: the server may have closed it for idling at the same moment.
 * So it is sent once more (RFC 7766 section 6.2.4), by a fresh one.
 */
static void
link_rescue(struct links *links, struct link_question *question, uint64_t now)
{
	const char *why;

	switch (link_ask(links, question, &why, now)) {
	case LINK_ASKED:
		return;
	case LINK_UNREACHABLE:
		links->parts.failed(question, why, now);
		return;
	case LINK_SHORTAGE:
		links->parts.lost(question);
		return;
	}
}

/* The connection is no more; why: words that stay, or NULL. */
static void
link_fail(struct link *link, const char *why, uint64_t now)
{
	struct links *links = link->links;
	const bool proven = link->proven;
	struct link_question *question;

	while ((question = TAILQ_FIRST(&link->questions)) != NULL)
		link_enlist(question, &links->stranded);
	link->in_work = 0;
	link_shut(link);
	/* Whoever is told may forget others of the list, or ask anew. */
	while ((question = TAILQ_FIRST(&links->stranded)) != NULL) {
		link_enlist(question, NULL);
		if (proven) {
			link_rescue(links, question, now);
		} else {
			links->parts.failed(question, why, now);
		}
	}
}

/* A handshake that failed: the operator should know, and all should wait. */
static void
link_complain(struct link *link, const char *why, uint64_t now)
{
	char text[SERVER_TEXT];

	link->trouble = why;
	link->trouble_until = now + TROUBLE_TIME;
	if (tls_may_complain(&link->server.addr, now))
		log_warn("%s: %s", server_format(&link->server, text), why);
}

/* Events. */

enum link_state {
	LINK_GOES_ON,
	LINK_BROKEN, /* the server does not speak DNS */
	LINK_GONE,   /* closed while its message was dealt with */
};

/* A message that nobody waits for: a late answer, or nonsense. */
static enum link_state
link_ignore(struct link *link)
{
	if (link->abandoned > 0) {
		link->abandoned--;
	} else {
		link->strays++;
	}
	return link->strays > LINK_STRAYS ? LINK_BROKEN : LINK_GOES_ON;
}

static enum link_state
link_take(struct link *link, size_t len, uint64_t now)
{
	uint8_t *frame = link->links->parts.frame;
	const uint64_t serial = link->serial;
	struct link_question *question;

	if (len < HEADER_SIZE)
		return LINK_BROKEN;
	question =
	    link_find(link, (uint16_t)((unsigned)frame[0] << 8 | frame[1]));
	link->heard_at = now;
	link->quiet = false;
	if (question == NULL)
		return link_ignore(link);
	link->proven = true;
	question->answered = true;
	memcpy(frame, question->wire, 2);
	link->links->parts.answered(question, frame, len, now);
	return link_is_open(link) && link->serial == serial ? LINK_GOES_ON
							    : LINK_GONE;
}

/*
 * The next message, moved out of the way of whatever happens to the link.  Not
 * by pullup: that wants memory for as much as there is.
 */
static bool
link_next(struct link *link, size_t *len)
{
	struct evbuffer *in = bufferevent_get_input(link->stream);
	uint8_t head[FRAME_HEADER] = {0};

	evbuffer_copyout(in, head, sizeof(head));
	if (frame_find(head, evbuffer_get_length(in), MESSAGE_MAX, len) !=
	    FRAME_WHOLE)
		return false;
	evbuffer_drain(in, FRAME_HEADER);
	evbuffer_remove(in, link->links->parts.frame, *len);
	return true;
}

static void
link_readable(struct bufferevent *stream, void *arg)
{
	struct link *link = arg;
	const uint64_t now = clock_now();
	enum link_state state = LINK_GOES_ON;
	size_t len;

	(void)stream;
	while (state == LINK_GOES_ON && link_next(link, &len))
		state = link_take(link, len, now);
	if (state == LINK_BROKEN)
		link_fail(link, NULL, now);
}

static void
link_begin(struct link *link, uint64_t now)
{
	struct link_question *question;

	link->connected = true;
	link->idle_at = now;
	link->trouble = NULL;
	TAILQ_FOREACH (question, &link->questions, entry) {
		question->asked_at = now;
		link_send(link, question);
	}
	link_schedule(link, now);
}

static void
link_event(struct bufferevent *stream, short what, void *arg)
{
	struct link *link = arg;
	const uint64_t now = clock_now();
	const char *why = NULL;

	if ((what & BEV_EVENT_CONNECTED) != 0) {
		link_begin(link, now);
		return;
	}
	if (link_is_secure(link) && !link->connected) {
		why = (what & BEV_EVENT_EOF) != 0 ? "no TLS is spoken there"
						  : tls_trouble(stream);
	}
	if (why != NULL)
		link_complain(link, why, now);
	link_fail(link, why, now);
}

static void
link_due(void *arg, struct deadline *deadline, uint64_t now)
{
	char *at = (char *)deadline;
	struct link *link =
	    (struct link *)(void *)(at - offsetof(struct link, deadline));

	(void)arg;
	if (!link->connected) {
		link_fail(link, "no connection within 3 s", now);
	} else {
		link_shut(link);
	}
}

void
link_init(struct links *links, const struct link_parts *parts)
{
	*links = (struct links){.parts = *parts};
	TAILQ_INIT(&links->stranded);
	deadline_init(&links->alarm.deadlines, parts->heap, LINKS);
	alarm_open(&links->alarm, parts->base, link_due, links);
}

void
link_stop(struct links *links)
{
	for (size_t i = 0; i < links->used; i++) {
		struct link *link = &links->parts.slots[i];

		while (link_is_open(link) && !TAILQ_EMPTY(&link->questions))
			link_enlist(TAILQ_FIRST(&link->questions), NULL);
		if (link_is_open(link))
			link_shut(link);
		tls_forget(&link->ticket);
	}
	alarm_close(&links->alarm);
}
