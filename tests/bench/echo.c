/*
 * The ceiling: what the kernel's part of an answer costs.
 *
 *   echo udp|gso|tcp ADDRESS:PORT OCTETS
 *   echo forward ADDRESS:PORT 0 ADDRESS:PORT
 *
 * It sets QR, and sends as many octets more as the answer would have.
 */
#include "echo.h"

#include <netinet/udp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PORTS = 65536 };

static struct batch batch;

static size_t
take(int fd, size_t grown)
{
	const size_t count = batch_receive(&batch, fd, MSG_WAITFORONE);

	for (size_t i = 0; i < count; i++) {
		batch.octets[i][2] |= 0x80;
		batch.vectors[i].iov_len = batch.messages[i].msg_len + grown;
	}
	return count;
}

void
echo_udp(const struct echo *echo)
{
	const int fd = net_serve(&echo->address, SOCK_DGRAM);

	batch_init(&batch, BATCH_BOUND);
	for (;;)
		batch_send(&batch, fd, take(fd, echo->grown));
}

/* The answers of a batch that go to one client's socket, one message. */
struct group {
	struct iovec vectors[BATCH];
	char control[CMSG_SPACE(sizeof(uint16_t))];
};

static struct group groups[BATCH];
static struct mmsghdr bundles[BATCH];

static void
open_group(size_t which, size_t first)
{
	struct msghdr *message = &bundles[which].msg_hdr;
	struct cmsghdr *control;
	const uint16_t size = (uint16_t)batch.vectors[first].iov_len;

	*message = (struct msghdr){
	    .msg_name = &batch.peers[first],
	    .msg_namelen = sizeof(batch.peers[first]),
	    .msg_iov = groups[which].vectors,
	    .msg_control = groups[which].control,
	    .msg_controllen = sizeof(groups[which].control),
	};
	control = CMSG_FIRSTHDR(message);
	control->cmsg_level = SOL_UDP;
	control->cmsg_type = UDP_SEGMENT;
	control->cmsg_len = CMSG_LEN(sizeof(size));
	memcpy(CMSG_DATA(control), &size, sizeof(size));
}

/* The number of groups.  All messages of a load are equally long. */
static unsigned
group_batch(size_t count)
{
	static uint8_t group_of[PORTS]; /* by port, 1 for the first */
	unsigned used = 0;

	for (size_t i = 0; i < count; i++) {
		uint8_t *group = &group_of[batch.peers[i].sin_port];
		struct msghdr *message;

		if (*group == 0) {
			open_group(used, i);
			*group = (uint8_t)++used;
		}
		message = &bundles[*group - 1].msg_hdr;
		message->msg_iov[message->msg_iovlen++] = batch.vectors[i];
	}
	for (size_t i = 0; i < count; i++)
		group_of[batch.peers[i].sin_port] = 0;
	return used;
}

void
echo_gso(const struct echo *echo)
{
	const int fd = net_serve(&echo->address, SOCK_DGRAM);

	batch_init(&batch, BATCH_BOUND);
	for (;;) {
		const size_t count = take(fd, echo->grown);
		const unsigned used = group_batch(count);

		if (sendmmsg(fd, bundles, used, 0) != (int)used)
			net_die("sendmmsg");
		batch_reset(&batch, count);
	}
}

static const struct {
	const char *name;
	void (*serve)(const struct echo *);
	int arguments;
} variants[] = {
    {"udp", echo_udp, 4},
    {"gso", echo_gso, 4},
    {"tcp", echo_tcp, 4},
    {"forward", echo_forward, 5},
};

int
main(int argc, char *argv[])
{
	struct echo echo;

	for (size_t i = 0; i < sizeof(variants) / sizeof(*variants); i++) {
		if (argc != variants[i].arguments ||
		    strcmp(argv[1], variants[i].name) != 0)
			continue;
		echo.address = net_address(argv[2]);
		echo.grown = strtoul(argv[3], NULL, 10);
		echo.upstream = net_address(argv[argc > 4 ? 4 : 2]);
		variants[i].serve(&echo);
	}
	fprintf(stderr,
	    "usage: echo udp|gso|tcp address:port octets\n"
	    "       echo forward address:port 0 address:port\n");
	return 2;
}
