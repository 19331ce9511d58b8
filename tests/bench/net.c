#include "net.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { BUFFER = 4 * 1024 * 1024 };

void
net_die(const char *what)
{
	perror(what);
	exit(1);
}

uint64_t
net_now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * UINT64_C(1000000000) +
	    (uint64_t)time.tv_nsec;
}

struct sockaddr_in
net_address(const char *text)
{
	struct sockaddr_in address = {.sin_family = AF_INET};
	const char *colon = strchr(text, ':');
	char host[INET_ADDRSTRLEN] = "";

	if (colon != NULL && (size_t)(colon - text) < sizeof(host)) {
		memcpy(host, text, (size_t)(colon - text));
		address.sin_port =
		    htons((uint16_t)strtoul(colon + 1, NULL, 10));
	}
	if (inet_pton(AF_INET, host, &address.sin_addr) != 1) {
		fprintf(stderr, "no address and port: %s\n", text);
		exit(2);
	}
	return address;
}

static int
open_socket(int type)
{
	const int size = BUFFER;
	const int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);

	if (fd < 0)
		net_die("socket");
	/* A server that is asked in bursts, and who asks, lose nothing. */
	if (type == SOCK_DGRAM) {
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
		setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	}
	return fd;
}

int
net_serve(const struct sockaddr_in *address, int type)
{
	const int on = 1;
	const int fd = open_socket(type);

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, (const struct sockaddr *)address, sizeof(*address)) != 0)
		net_die("bind");
	if (type == SOCK_STREAM && listen(fd, SOMAXCONN) != 0)
		net_die("listen");
	return fd;
}

int
net_connect(const struct sockaddr_in *address, int type)
{
	const int fd = open_socket(type);

	if (connect(fd, (const struct sockaddr *)address, sizeof(*address)) ==
	    0)
		return fd;
	close(fd);
	return -1;
}

void
batch_reset(struct batch *batch, size_t count)
{
	for (size_t i = 0; i < count; i++)
		batch->vectors[i].iov_len = BATCH_ROOM;
}

void
batch_init(struct batch *batch, enum batch_end end)
{
	memset(batch, 0, sizeof(*batch));
	for (size_t i = 0; i < BATCH; i++) {
		struct msghdr *message = &batch->messages[i].msg_hdr;

		batch->vectors[i].iov_base = batch->octets[i];
		message->msg_iov = &batch->vectors[i];
		message->msg_iovlen = 1;
		if (end == BATCH_BOUND) {
			message->msg_name = &batch->peers[i];
			message->msg_namelen = sizeof(batch->peers[i]);
		}
	}
	batch_reset(batch, BATCH);
}

size_t
batch_receive(struct batch *batch, int fd, int flags)
{
	const int count = recvmmsg(fd, batch->messages, BATCH, flags, NULL);

	return count > 0 ? (size_t)count : 0;
}

void
batch_send(struct batch *batch, int fd, size_t count)
{
	size_t sent = 0;

	while (sent < count) {
		const int now = sendmmsg(fd, &batch->messages[sent],
		    (unsigned)(count - sent), 0);

		/* One that cannot be sent is lost, like any other. */
		sent += now > 0 ? (size_t)now : 1;
	}
	batch_reset(batch, count);
}
