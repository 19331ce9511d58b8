#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "echo.h"

enum {
	ROOM = 65536,
	EVENTS = 64,
};

struct stream {
	int fd;
	size_t used; /* octets of a question that is not whole yet */
	uint8_t octets[ROOM];
};

static uint8_t out[4 * ROOM];

static void
accept_stream(int fd, int poll)
{
	const int on = 1;
	struct stream *stream = calloc(1, sizeof(*stream));
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = stream};

	if (stream == NULL)
		net_die("calloc");
	stream->fd = accept4(fd, NULL, NULL, SOCK_CLOEXEC);
	if (stream->fd < 0)
		net_die("accept4");
	setsockopt(stream->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	epoll_ctl(poll, EPOLL_CTL_ADD, stream->fd, &event);
}

/* Octets that are written: answers to all questions that are whole. */
static size_t
answer_all(struct stream *stream, size_t grown)
{
	size_t at = 0;
	size_t len = 0;

	while (at + 2 <= stream->used) {
		const uint8_t *frame = stream->octets + at;
		const size_t size = (size_t)frame[0] << 8 | frame[1];
		const size_t answer = size + grown;

		if (at + 2 + size > stream->used ||
		    len + 2 + answer > sizeof(out))
			break;
		out[len] = (uint8_t)(answer >> 8);
		out[len + 1] = (uint8_t)answer;
		memcpy(out + len + 2, frame + 2, size);
		out[len + 4] |= 0x80;
		at += size + 2;
		len += answer + 2;
	}
	memmove(stream->octets, stream->octets + at, stream->used - at);
	stream->used -= at;
	return len;
}

static void
serve(struct stream *stream, size_t grown)
{
	const ssize_t got = read(stream->fd, stream->octets + stream->used,
	    sizeof(stream->octets) - stream->used);
	size_t len;

	if (got <= 0) {
		close(stream->fd);
		free(stream);
		return;
	}
	stream->used += (size_t)got;
	len = answer_all(stream, grown);
	if (len > 0 && send(stream->fd, out, len, MSG_NOSIGNAL) < 0)
		shutdown(stream->fd, SHUT_RDWR);
}

/* What can be read: the listening socket, or a stream. */
static void
readable(void *what, int fd, int poll, size_t grown)
{
	if (what == NULL) {
		accept_stream(fd, poll);
		return;
	}
	serve(what, grown);
}

void
echo_tcp(const struct echo *echo)
{
	const int fd = net_serve(&echo->address, SOCK_STREAM);
	const int poll = epoll_create1(EPOLL_CLOEXEC);
	struct epoll_event events[EVENTS] = {{.events = EPOLLIN}};

	epoll_ctl(poll, EPOLL_CTL_ADD, fd, events);
	for (;;) {
		const int count = epoll_wait(poll, events, EVENTS, -1);

		for (int i = 0; i < count; i++)
			readable(events[i].data.ptr, fd, poll, echo->grown);
	}
}
