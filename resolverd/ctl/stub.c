#include "ctl/stub.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "dns/reply.h"
#include "io/clock.h"

enum { LENGTH_SIZE = 2, MILLISECOND = 1000000, SECOND_MS = 1000 };

/* One asking of a question. */
struct asked {
	const struct stub *stub;
	struct arena *arena;
	uint64_t until; /* clock_now */
	int fd;
	size_t sent_len;
	uint8_t frame[LENGTH_SIZE + REQUEST_MAX]; /* TCP's length, message */
};

/* Whether it shall go on, and with what. */
enum step { STEP_DONE, STEP_TCP };

struct stub
stub_to(const struct addr *server)
{
	return (struct stub){
	    .server = *server,
	    .transport = TRANSPORT_UDP,
	    .timeout_ms = STUB_TIMEOUT_MS,
	    .tries = STUB_TRIES,
	    .udp_size = UDP_SIZE_SAFE,
	};
}

static const uint8_t *
sent(const struct asked *asked)
{
	return asked->frame + LENGTH_SIZE;
}

/* Builds the message, with an id of its own; false, with errno, without. */
static bool
build(struct asked *asked, const struct question *question)
{
	const struct stub *stub = asked->stub;
	struct asking asking = {
	    .dnssec_ok = stub->dnssec_ok,
	    .checking_disabled = stub->checking_disabled,
	    .wants_authentic = stub->wants_authentic,
	    .udp_size = stub->udp_size,
	};
	uint8_t *const message = asked->frame + LENGTH_SIZE;

	if (getrandom(&asking.id, sizeof(asking.id), 0) !=
	    (ssize_t)sizeof(asking.id))
		return false;
	asked->sent_len =
	    request_build(&asking, question, message, REQUEST_MAX);
	if (stub->no_recursion)
		message[2] &= (uint8_t) ~(FLAG_RD >> 8);
	asked->frame[0] = (uint8_t)(asked->sent_len >> 8);
	asked->frame[1] = (uint8_t)asked->sent_len;
	return true;
}

static void
fail(struct stub_reply *reply, enum stub_outcome outcome, int error)
{
	reply->outcome = outcome;
	reply->error = error;
}

/* Waits until fd is ready; false after noting that time is up. */
static bool
wait_for(const struct asked *asked, short events, struct stub_reply *reply)
{
	struct pollfd ready = {.fd = asked->fd, .events = events};
	uint64_t now = clock_now();

	while (now < asked->until) {
		const uint64_t left =
		    (asked->until - now + MILLISECOND - 1) / MILLISECOND;

		if (poll(&ready, 1, (int)left) > 0)
			return true;
		now = clock_now();
	}
	fail(reply, STUB_TIMED_OUT, 0);
	return false;
}

/* Whether a call is to be made again when the socket is ready. */
static bool
is_early(int error)
{
	return error == EAGAIN || error == EINTR || error == EINPROGRESS;
}

/* Opens the socket and connects it; false after noting why not. */
static bool
open_socket(struct asked *asked, int type, struct stub_reply *reply)
{
	const struct addr *server = &asked->stub->server;

	asked->fd = socket(server->u.any.sa_family,
	    type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (asked->fd >= 0 &&
	    (connect(asked->fd, &server->u.any, server->len) == 0 ||
		is_early(errno)))
		return true;
	fail(reply, STUB_UNREACHABLE, errno);
	return false;
}

static void
close_socket(struct asked *asked)
{
	if (asked->fd >= 0)
		close(asked->fd);
	asked->fd = -1;
}

/* Takes a message that is the answer; false when it is not, which is noted. */
static bool
accept_reply(const struct asked *asked, const uint8_t *wire, size_t len,
    struct stub_reply *reply)
{
	if (reply_matches(wire, len, sent(asked), asked->sent_len) ==
	    MATCH_NO) {
		fail(reply, STUB_BROKEN, 0);
		return false;
	}
	reply->wire = arena_copy(asked->arena, wire, len);
	reply->len = len;
	if (reply->wire == NULL ||
	    !response_read(&reply->response, reply->wire, len, asked->arena)) {
		fail(reply, STUB_BROKEN, 0);
		return false;
	}
	fail(reply, STUB_ANSWERED, 0);
	return true;
}

/*
 * Whether a datagram belongs to the question: others are passed over, for
 * somebody may be guessing (RFC 5452 section 9).
 */
static bool
is_ours(const struct asked *asked, const uint8_t *wire, size_t len)
{
	return reply_matches(wire, len, sent(asked), asked->sent_len) !=
	    MATCH_NO ||
	    reply_rejects(wire, len, sent(asked), asked->sent_len);
}

/* Waits for the datagram that answers. */
static enum step
udp_receive(struct asked *asked, struct stub_reply *reply)
{
	uint8_t wire[MESSAGE_MAX];

	while (wait_for(asked, POLLIN, reply)) {
		const ssize_t len = recv(asked->fd, wire, sizeof(wire), 0);

		if (len < 0 && !is_early(errno)) {
			fail(reply, STUB_UNREACHABLE, errno);
			return STEP_DONE;
		}
		if (len < 0 || !is_ours(asked, wire, (size_t)len))
			continue;
		if ((wire[2] & (FLAG_TC >> 8)) != 0 &&
		    !asked->stub->keep_truncated)
			return STEP_TCP;
		accept_reply(asked, wire, (size_t)len, reply);
		return STEP_DONE;
	}
	return STEP_DONE;
}

static enum step
udp_ask(struct asked *asked, struct stub_reply *reply)
{
	enum step step = STEP_DONE;

	reply->transport = TRANSPORT_UDP;
	if (open_socket(asked, SOCK_DGRAM, reply)) {
		if (send(asked->fd, sent(asked), asked->sent_len, 0) < 0) {
			fail(reply, STUB_UNREACHABLE, errno);
		} else {
			step = udp_receive(asked, reply);
		}
	}
	close_socket(asked);
	return step;
}

/* Sends the question, which waits for the connection too. */
static bool
tcp_send(struct asked *asked, struct stub_reply *reply)
{
	const size_t len = LENGTH_SIZE + asked->sent_len;
	size_t at = 0;

	while (at < len) {
		ssize_t n;

		if (!wait_for(asked, POLLOUT, reply))
			return false;
		n = send(asked->fd, asked->frame + at, len - at, MSG_NOSIGNAL);
		if (n < 0 && !is_early(errno)) {
			fail(reply, STUB_UNREACHABLE, errno);
			return false;
		}
		if (n > 0)
			at += (size_t)n;
	}
	return true;
}

/* Reads exactly len octets; false after noting why that was not to be. */
static bool
tcp_read(struct asked *asked, uint8_t *buf, size_t len,
    struct stub_reply *reply)
{
	size_t at = 0;

	while (at < len) {
		ssize_t n;

		if (!wait_for(asked, POLLIN, reply))
			return false;
		n = recv(asked->fd, buf + at, len - at, 0);
		if (n < 0 && is_early(errno))
			continue;
		if (n <= 0) {
			fail(reply, n == 0 ? STUB_BROKEN : STUB_UNREACHABLE,
			    errno);
			return false;
		}
		at += (size_t)n;
	}
	return true;
}

static void
tcp_ask(struct asked *asked, struct stub_reply *reply)
{
	uint8_t length[LENGTH_SIZE];
	uint8_t wire[MESSAGE_MAX];

	reply->transport = TRANSPORT_TCP;
	if (open_socket(asked, SOCK_STREAM, reply) && tcp_send(asked, reply) &&
	    tcp_read(asked, length, LENGTH_SIZE, reply)) {
		const size_t len = (size_t)length[0] << 8 | length[1];

		if (tcp_read(asked, wire, len, reply))
			accept_reply(asked, wire, len, reply);
	}
	close_socket(asked);
}

/* Asks once; false when the question could not even be made. */
static bool
ask_once(struct asked *asked, const struct question *question,
    struct stub_reply *reply)
{
	if (!build(asked, question)) {
		fail(reply, STUB_UNREACHABLE, errno);
		return false;
	}
	if (asked->stub->transport == TRANSPORT_UDP &&
	    udp_ask(asked, reply) == STEP_DONE)
		return true;
	tcp_ask(asked, reply);
	return true;
}

void
stub_ask(const struct stub *stub, const struct question *question,
    struct arena *arena, struct stub_reply *reply)
{
	const uint64_t end =
	    clock_now() + (uint64_t)stub->timeout_ms * MILLISECOND;
	struct asked asked = {.stub = stub, .arena = arena, .fd = -1};
	unsigned tries = stub->transport == TRANSPORT_TCP || stub->tries == 0
	    ? 1
	    : stub->tries;

	*reply = (struct stub_reply){.outcome = STUB_TIMED_OUT};
	while (tries > 0) {
		const uint64_t begun = clock_now();

		asked.until = begun + (begun < end ? end - begun : 0) / tries;
		tries--;
		if (!ask_once(&asked, question, reply))
			return;
		reply->took = clock_now() - begun;
		if (reply->outcome != STUB_TIMED_OUT)
			return;
	}
}

const char *
stub_outcome_text(const struct stub *stub, const struct stub_reply *reply,
    char buf[STUB_TEXT])
{
	switch (reply->outcome) {
	case STUB_ANSWERED:
		snprintf(buf, STUB_TEXT, "answered");
		break;
	case STUB_TIMED_OUT:
		snprintf(buf, STUB_TEXT, "did not answer within %g s",
		    (double)stub->timeout_ms / SECOND_MS);
		break;
	case STUB_UNREACHABLE:
		snprintf(buf, STUB_TEXT, "could not be reached: %s",
		    strerror(reply->error));
		break;
	case STUB_BROKEN:
		snprintf(buf, STUB_TEXT,
		    "sent something that is no answer to the question");
		break;
	}
	return buf;
}
