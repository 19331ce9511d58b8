#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "load.h"

enum {
	TICK = 100, /* milliseconds between looks for what is lost */
	ROOM = 65536,
};

#define TICK_NS (TICK * UINT64_C(1000000))

struct stream {
	int fd;
	size_t used; /* octets of an answer that is not whole yet */
	uint8_t octets[ROOM];
	struct window window;
};

static void
write_all(int fd, const uint8_t *octets, size_t len)
{
	while (len > 0) {
		const ssize_t done = send(fd, octets, len, MSG_NOSIGNAL);

		/* The end of the connection is seen when it is read. */
		if (done <= 0)
			return;
		octets += done;
		len -= (size_t)done;
	}
}

/* Asks as much as may be on its way, by one write. */
static void
ask(struct stream *stream, struct course *course)
{
	uint8_t out[BATCH * (ASK_SIZE + 2)];
	struct slot *slot;
	size_t len = 0;

	while (len + ASK_SIZE + 2 <= sizeof(out) &&
	    (slot = window_ask(&stream->window, course)) != NULL) {
		put_u16(out + len, (unsigned)slot->ask.len);
		memcpy(out + len + 2, slot->ask.wire, slot->ask.len);
		len += slot->ask.len + 2;
	}
	write_all(stream->fd, out, len);
}

static void
begin(struct stream *stream, struct load *load)
{
	const int on = 1;

	stream->fd = net_connect(&load->server, SOCK_STREAM);
	if (stream->fd < 0)
		net_die("connect");
	setsockopt(stream->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	stream->used = 0;
	window_init(&stream->window, load->in_flight);
	ask(stream, &load->course);
}

/* Whatever was on its way is lost. */
static void
cut(struct stream *stream, struct load *load)
{
	window_reap(&stream->window, &load->course, REAP_ALL);
	close(stream->fd);
	load->cut++;
	begin(stream, load);
}

static void
take(struct stream *stream, struct load *load)
{
	const ssize_t got = recv(stream->fd, stream->octets + stream->used,
	    sizeof(stream->octets) - stream->used, MSG_DONTWAIT);
	size_t at = 0;

	if (got <= 0) {
		cut(stream, load);
		return;
	}
	stream->used += (size_t)got;
	while (at + 2 <= stream->used) {
		const size_t len = get_u16(stream->octets + at);

		if (at + 2 + len > stream->used)
			break;
		window_answer(&stream->window, &load->course,
		    stream->octets + at + 2, len);
		at += len + 2;
	}
	memmove(stream->octets, stream->octets + at, stream->used - at);
	stream->used -= at;
	ask(stream, &load->course);
}

static bool
is_over(const struct stream *streams, const struct load *load)
{
	const struct course *course = &load->course;

	if (course->now < course->end && course->tally.sent < course->limit)
		return false;
	for (size_t i = 0; i < load->sockets; i++) {
		if (!window_idle(&streams[i].window, load->in_flight))
			return false;
	}
	return true;
}

static void
run(struct stream *streams, struct pollfd *polls, struct load *load)
{
	struct course *course = &load->course;
	uint64_t next_reap = course->now + TICK_NS;

	while (!is_over(streams, load)) {
		poll(polls, load->sockets, TICK);
		course->now = net_now();
		for (size_t i = 0; i < load->sockets; i++) {
			if (polls[i].revents != 0)
				take(&streams[i], load);
			polls[i].fd = streams[i].fd;
		}
		if (course->now < next_reap)
			continue;
		next_reap = course->now + TICK_NS;
		for (size_t i = 0; i < load->sockets; i++)
			window_reap(&streams[i].window, course, REAP_OLD);
	}
}

void
load_tcp(struct load *load)
{
	struct stream *streams = calloc(load->sockets, sizeof(*streams));
	struct pollfd *polls = calloc(load->sockets, sizeof(*polls));

	if (streams == NULL || polls == NULL)
		net_die("calloc");
	for (size_t i = 0; i < load->sockets; i++) {
		begin(&streams[i], load);
		polls[i] =
		    (struct pollfd){.fd = streams[i].fd, .events = POLLIN};
	}
	run(streams, polls, load);
	free(polls);
	free(streams);
}
