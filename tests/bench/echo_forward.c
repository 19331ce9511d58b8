#include <poll.h>

#include "echo.h"
#include "message.h"

/*
 * A few sockets to the upstream server, kept and shared, which is what no
 * resolver may do that has to be hard to forge answers for.
 */
enum {
	POOL = 4,
	IDS = 65536,
};

/* Whoever waits for an id of ours. */
static struct waiting {
	struct sockaddr_in peer;
	unsigned id;
} waiting[IDS];

static struct batch questions;
static struct batch answers;

static void
forward(int fd, int upstream)
{
	static uint16_t next;
	const size_t count = batch_receive(&questions, fd, MSG_DONTWAIT);

	for (size_t i = 0; i < count; i++) {
		uint8_t *octets = questions.octets[i];
		struct msghdr *message = &questions.messages[i].msg_hdr;

		waiting[next].peer = questions.peers[i];
		waiting[next].id = get_u16(octets);
		put_u16(octets, next++);
		questions.vectors[i].iov_len = questions.messages[i].msg_len;
		message->msg_name = NULL;
		message->msg_namelen = 0;
	}
	batch_send(&questions, upstream, count);
	for (size_t i = 0; i < count; i++) {
		questions.messages[i].msg_hdr.msg_name = &questions.peers[i];
		questions.messages[i].msg_hdr.msg_namelen =
		    sizeof(questions.peers[i]);
	}
}

static void
give_back(int fd, int upstream)
{
	const size_t count = batch_receive(&answers, upstream, MSG_DONTWAIT);

	for (size_t i = 0; i < count; i++) {
		uint8_t *octets = answers.octets[i];
		struct msghdr *message = &answers.messages[i].msg_hdr;
		struct waiting *who = &waiting[get_u16(octets)];

		put_u16(octets, who->id);
		answers.vectors[i].iov_len = answers.messages[i].msg_len;
		message->msg_name = &who->peer;
		message->msg_namelen = sizeof(who->peer);
	}
	batch_send(&answers, fd, count);
	for (size_t i = 0; i < count; i++) {
		answers.messages[i].msg_hdr.msg_name = NULL;
		answers.messages[i].msg_hdr.msg_namelen = 0;
	}
}

void
echo_forward(const struct echo *echo)
{
	struct pollfd polls[POOL + 1];
	size_t turn = 0;

	batch_init(&questions, BATCH_BOUND);
	batch_init(&answers, BATCH_CONNECTED);
	for (size_t i = 0; i < POOL; i++) {
		polls[i].fd = net_connect(&echo->upstream, SOCK_DGRAM);
		polls[i].events = POLLIN;
	}
	polls[POOL].fd = net_serve(&echo->address, SOCK_DGRAM);
	polls[POOL].events = POLLIN;
	for (;;) {
		poll(polls, POOL + 1, -1);
		if (polls[POOL].revents != 0)
			forward(polls[POOL].fd, polls[turn++ % POOL].fd);
		for (size_t i = 0; i < POOL; i++) {
			if (polls[i].revents != 0)
				give_back(polls[POOL].fd, polls[i].fd);
		}
	}
}
