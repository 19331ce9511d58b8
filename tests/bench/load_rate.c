#include <poll.h>
#include <stdlib.h>
#include <time.h>

#include "load.h"

#define SECOND 1e9

struct client {
	int fd;
	struct window window;
};

static struct batch batch;

/* When all should be over, answered or not. */
static uint64_t
last_moment(const struct load *load)
{
	return load->course.end + UINT64_C(1000000000);
}

static void
take(struct client *client, struct course *course)
{
	const size_t count = batch_receive(&batch, client->fd, MSG_DONTWAIT);

	course->now = net_now();
	for (size_t i = 0; i < count; i++) {
		window_answer(&client->window, course, batch.octets[i],
		    batch.messages[i].msg_len);
	}
}

/*
 * Asks one question, whether or not earlier ones are answered.  Its time runs
 * from here: when this program was late itself, that is not the server's.
 */
static void
ask(struct client *client, struct course *course)
{
	struct slot *slot;

	course->now = net_now();
	slot = window_ask(&client->window, course);
	if (slot != NULL) {
		send(client->fd, slot->ask.wire, slot->ask.len, 0);
	} else if (course->now < course->end) {
		course->tally.lost++;
	}
}

static bool
all_idle(const struct client *clients, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (!window_idle(&clients[i].window, WINDOW_SIZE))
			return false;
	}
	return true;
}

static void
wait_until(struct pollfd *polls, size_t count, uint64_t then)
{
	const uint64_t now = net_now();
	const uint64_t wait = then > now ? then - now : 0;
	const struct timespec time = {
	    .tv_sec = (time_t)(wait / UINT64_C(1000000000)),
	    .tv_nsec = (long)(wait % UINT64_C(1000000000)),
	};

	ppoll(polls, count, &time, NULL);
}

static void
run(struct client *clients, struct pollfd *polls, struct load *load)
{
	struct course *course = &load->course;
	const uint64_t began = course->now;
	const size_t sockets = load->sockets;
	uint64_t asked = 0;

	for (;;) {
		const uint64_t due =
		    began + (uint64_t)((double)asked * SECOND / load->rate);
		const bool asking = due < course->end;

		if (!asking &&
		    (all_idle(clients, sockets) ||
			course->now >= last_moment(load)))
			break;
		wait_until(polls, sockets,
		    asking ? due : course->now + UINT64_C(1000000));
		for (size_t i = 0; i < sockets; i++) {
			if (polls[i].revents != 0)
				take(&clients[i], course);
		}
		course->now = net_now();
		if (asking && course->now >= due)
			ask(&clients[asked++ % sockets], course);
	}
	for (size_t i = 0; i < sockets; i++)
		window_reap(&clients[i].window, course, REAP_ALL);
}

void
load_rate(struct load *load)
{
	struct client *clients = calloc(load->sockets, sizeof(*clients));
	struct pollfd *polls = calloc(load->sockets, sizeof(*polls));

	if (clients == NULL || polls == NULL)
		net_die("calloc");
	batch_init(&batch, BATCH_CONNECTED);
	for (size_t i = 0; i < load->sockets; i++) {
		clients[i].fd = net_connect(&load->server, SOCK_DGRAM);
		polls[i] =
		    (struct pollfd){.fd = clients[i].fd, .events = POLLIN};
		window_init(&clients[i].window, WINDOW_SIZE);
	}
	run(clients, polls, load);
	free(polls);
	free(clients);
}
