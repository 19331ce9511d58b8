#include <poll.h>
#include <stdlib.h>

#include "load.h"

enum { TICK = 100 }; /* milliseconds between looks for what is lost */

#define TICK_NS (TICK * UINT64_C(1000000))

struct client {
	int fd;
	struct window window;
};

static struct batch batch;

/* Asks as much as may be on its way. */
static void
ask(struct client *client, struct course *course)
{
	struct mmsghdr messages[BATCH];
	struct iovec vectors[BATCH];
	unsigned count = 0;
	unsigned sent = 0;
	struct slot *slot;

	while (count < BATCH &&
	    (slot = window_ask(&client->window, course)) != NULL) {
		vectors[count] = (struct iovec){slot->ask.wire, slot->ask.len};
		messages[count] = (struct mmsghdr){
		    .msg_hdr = {.msg_iov = &vectors[count], .msg_iovlen = 1}};
		count++;
	}
	while (sent < count) {
		const int done =
		    sendmmsg(client->fd, messages + sent, count - sent, 0);

		sent += done > 0 ? (unsigned)done : 1;
	}
}

static void
take(struct client *client, struct course *course)
{
	const size_t count = batch_receive(&batch, client->fd, MSG_DONTWAIT);

	for (size_t i = 0; i < count; i++) {
		window_answer(&client->window, course, batch.octets[i],
		    batch.messages[i].msg_len);
	}
	ask(client, course);
}

static void
reap(struct client *clients, struct load *load, enum reap which)
{
	for (size_t i = 0; i < load->sockets; i++) {
		window_reap(&clients[i].window, &load->course, which);
		ask(&clients[i], &load->course);
	}
}

static bool
is_over(const struct client *clients, const struct load *load)
{
	const struct course *course = &load->course;

	if (course->now < course->end && course->tally.sent < course->limit)
		return false;
	for (size_t i = 0; i < load->sockets; i++) {
		if (!window_idle(&clients[i].window, load->in_flight))
			return false;
	}
	return true;
}

static void
run(struct client *clients, struct pollfd *polls, struct load *load)
{
	struct course *course = &load->course;
	uint64_t next_reap = course->now + TICK_NS;

	while (!is_over(clients, load)) {
		poll(polls, load->sockets, TICK);
		course->now = net_now();
		for (size_t i = 0; i < load->sockets; i++) {
			if (polls[i].revents != 0)
				take(&clients[i], course);
		}
		if (course->now >= next_reap) {
			reap(clients, load, REAP_OLD);
			next_reap = course->now + TICK_NS;
		}
	}
}

void
load_udp(struct load *load)
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
		window_init(&clients[i].window, load->in_flight);
		ask(&clients[i], &load->course);
	}
	run(clients, polls, load);
	free(polls);
	free(clients);
}
