#include "server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
	ADDRESSES_MAX = 8,
	LINKS_MAX = 256,
	BACKLOG = 128,
	RECEIVE_BATCH = 64,
	RECEIVE_BUFFER = 4 << 20,
	NAP = 200, /* milliseconds: a signal is seen by then */
};

struct listener {
	struct sockaddr_in address;
	int udp;
	int tcp;
	int other_port;	   /* same address, a port of the kernel's choice */
	int other_address; /* the same port of an address nobody asked */
};

/* A TCP connection; the answers to it wait among the others. */
struct link {
	int fd; /* -1: free */
	unsigned serial;
	size_t address;
	const struct deed *sending; /* an answer that is under way */
	size_t len;
	uint8_t wire[2 + QUESTION_MAX];
};

/* What is to go out; a list by time. */
struct deed {
	struct deed *next;
	uint64_t due;
	struct way way;
	struct sending sending;
	size_t len;
	size_t done;
	uint8_t octets[];
};

static struct server_options options;
static struct listener listeners[ADDRESSES_MAX];
static struct link links[LINKS_MAX];
static struct deed *deeds;
static uint64_t noise;
static volatile sig_atomic_t ended;
static volatile sig_atomic_t silent;

uint64_t
server_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* xorshift64*: the same losses for the same seed. */
static unsigned
draw_percent(void)
{
	noise ^= noise >> 12;
	noise ^= noise << 25;
	noise ^= noise >> 27;
	return (unsigned)((noise * 0x2545f4914f6cdd1dULL) >> 33) % 100;
}

static void
on_signal(int number)
{
	if (number == SIGTERM || number == SIGINT) {
		ended = 1;
	} else {
		silent = number == SIGUSR1;
	}
}

static int
open_socket(const struct sockaddr_in *address, int type)
{
	static const int on = 1;
	static const int buffer = RECEIVE_BUFFER;
	const int fd = socket(AF_INET, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &buffer, sizeof(buffer));
	if (bind(fd, (const struct sockaddr *)address, sizeof(*address)) != 0 ||
	    (type == SOCK_STREAM && listen(fd, BACKLOG) != 0)) {
		close(fd);
		return -1;
	}
	return fd;
}

static bool
listener_open(struct listener *listener, const char *text)
{
	struct sockaddr_in address = {
	    .sin_family = AF_INET,
	    .sin_port = htons(options.port),
	};

	if (inet_pton(AF_INET, text, &address.sin_addr) != 1)
		return false;
	listener->address = address;
	listener->udp = open_socket(&address, SOCK_DGRAM);
	listener->tcp =
	    options.without_tcp ? -1 : open_socket(&address, SOCK_STREAM);
	address.sin_port = 0;
	listener->other_port = open_socket(&address, SOCK_DGRAM);
	address.sin_port = htons(options.port);
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 66);
	listener->other_address = open_socket(&address, SOCK_DGRAM);
	return listener->udp >= 0 &&
	    (options.without_tcp || listener->tcp >= 0);
}

bool
server_open(const struct server_options *wanted)
{
	static const int signals[] = {SIGTERM, SIGINT, SIGUSR1, SIGUSR2};
	const struct sigaction action = {.sa_handler = on_signal};

	options = *wanted;
	noise = wanted->seed * 2 + 1;
	for (size_t i = 0; i < LINKS_MAX; i++)
		links[i].fd = -1;
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		sigaction(signals[i], &action, NULL);
	signal(SIGPIPE, SIG_IGN);
	for (size_t i = 0; i < options.address_count; i++) {
		if (i == ADDRESSES_MAX ||
		    !listener_open(&listeners[i], options.addresses[i])) {
			fprintf(stderr, "faulty: cannot listen on %s: %s\n",
			    options.addresses[i], strerror(errno));
			return false;
		}
	}
	return true;
}

static void
link_close(struct link *link)
{
	close(link->fd);
	link->fd = -1;
}

/* The connection of a way, NULL when it is gone. */
static struct link *
link_of(const struct way *way)
{
	struct link *link = &links[way->link];

	return link->fd >= 0 && link->serial == way->serial ? link : NULL;
}

static void
enqueue(struct deed *deed)
{
	struct deed **place = &deeds;

	while (*place != NULL && (*place)->due <= deed->due)
		place = &(*place)->next;
	deed->next = *place;
	*place = deed;
}

static void
send_datagram(const struct deed *deed)
{
	const struct listener *listener = &listeners[deed->way.address];
	const int sockets[] = {
	    [LEAVE_RIGHT] = listener->udp,
	    [LEAVE_OTHER_PORT] = listener->other_port,
	    [LEAVE_OTHER_ADDRESS] = listener->other_address,
	};

	if (draw_percent() < options.loss_out || silent)
		return;
	sendto(sockets[deed->sending.leave], deed->octets, deed->len, 0,
	    (const struct sockaddr *)&deed->way.peer, sizeof(deed->way.peer));
}

/* Sends a step; true when more is to follow later.  Answers take turns. */
static bool
send_step(struct deed *deed)
{
	struct link *link = link_of(&deed->way);
	size_t len = deed->len - deed->done;
	ssize_t sent;

	if (link == NULL)
		return false;
	if (link->sending != NULL && link->sending != deed)
		return true;
	link->sending = deed;
	if (deed->sending.step > 0 && deed->sending.step < len)
		len = deed->sending.step;
	sent = send(link->fd, deed->octets + deed->done, len, 0);
	if (sent < 0 && errno != EAGAIN) {
		link_close(link);
		return false;
	}
	if (sent > 0)
		deed->done += (size_t)sent;
	if (deed->done < deed->len)
		return true;
	link->sending = NULL;
	if (deed->sending.last)
		link_close(link);
	return false;
}

/* Does what is due; the milliseconds until the next, or -1. */
static int
do_deeds(void)
{
	const uint64_t now = server_now();

	while (deeds != NULL && deeds->due <= now) {
		struct deed *deed = deeds;
		bool more = false;

		deeds = deed->next;
		if (deed->way.carrier == CARRIER_UDP) {
			send_datagram(deed);
		} else {
			more = send_step(deed);
		}
		if (more) {
			deed->due = now + deed->sending.pause + 1;
			enqueue(deed);
		} else {
			free(deed);
		}
	}
	return deeds == NULL ? -1 : (int)(deeds->due - now);
}

void
server_send(const struct way *way, const uint8_t *wire, size_t len,
    const struct sending *sending)
{
	const size_t frame = way->carrier == CARRIER_TCP && len > 0 ? 2 : 0;
	struct deed *deed = malloc(sizeof(*deed) + frame + len);

	if (deed == NULL)
		return;
	*deed = (struct deed){
	    .due = server_now() + sending->delay,
	    .way = *way,
	    .sending = *sending,
	    .len = frame + len,
	};
	if (frame > 0) {
		deed->octets[0] = (uint8_t)(len >> 8);
		deed->octets[1] = (uint8_t)len;
	}
	memcpy(deed->octets + frame, wire, len);
	enqueue(deed);
}

static void
udp_readable(size_t address)
{
	uint8_t wire[QUESTION_MAX];

	for (unsigned i = 0; i < RECEIVE_BATCH; i++) {
		struct way way = {.carrier = CARRIER_UDP, .address = address};
		socklen_t peer_len = sizeof(way.peer);
		const ssize_t len = recvfrom(listeners[address].udp, wire,
		    sizeof(wire), 0, (struct sockaddr *)&way.peer, &peer_len);

		if (len < 0)
			return;
		options.take(&way, wire, (size_t)len,
		    draw_percent() < options.loss_in || silent);
	}
}

static void
tcp_acceptable(size_t address)
{
	struct link *link = links;
	const int fd = accept(listeners[address].tcp, NULL, NULL);

	while (link < links + LINKS_MAX && link->fd >= 0)
		link++;
	if (fd < 0)
		return;
	if (link == links + LINKS_MAX) {
		close(fd);
		return;
	}
	fcntl(fd, F_SETFL, O_NONBLOCK);
	link->fd = fd;
	link->serial++;
	link->address = address;
	link->sending = NULL;
	link->len = 0;
}

/* Takes the whole questions out of what has come. */
static void
link_take(struct link *link, const struct sockaddr_in *peer)
{
	const struct way way = {
	    .carrier = CARRIER_TCP,
	    .address = link->address,
	    .peer = *peer,
	    .link = (size_t)(link - links),
	    .serial = link->serial,
	};

	while (link->len >= 2) {
		const size_t whole =
		    2 + (size_t)(link->wire[0] << 8 | link->wire[1]);

		if (whole > link->len)
			return;
		options.take(&way, link->wire + 2, whole - 2, silent);
		link->len -= whole;
		memmove(link->wire, link->wire + whole, link->len);
	}
}

static void
link_readable(struct link *link)
{
	struct sockaddr_in peer = {0};
	socklen_t peer_len = sizeof(peer);
	const ssize_t len = recv(link->fd, link->wire + link->len,
	    sizeof(link->wire) - link->len, 0);

	if (len <= 0) {
		if (len == 0 || errno != EAGAIN)
			link_close(link);
		return;
	}
	link->len += (size_t)len;
	getpeername(link->fd, (struct sockaddr *)&peer, &peer_len);
	link_take(link, &peer);
}

/* Two places an address and one a connection; poll passes over -1. */
static void
serve(int timeout)
{
	struct pollfd polled[2 * ADDRESSES_MAX + LINKS_MAX];
	struct pollfd *link = polled + 2 * options.address_count;
	const nfds_t count = 2 * options.address_count + LINKS_MAX;

	for (size_t i = 0; i < options.address_count; i++) {
		polled[2 * i].fd = listeners[i].udp;
		polled[2 * i + 1].fd = listeners[i].tcp;
	}
	for (size_t i = 0; i < LINKS_MAX; i++)
		link[i].fd = links[i].fd;
	for (size_t i = 0; i < count; i++)
		polled[i].events = POLLIN;
	if (poll(polled, count, timeout) <= 0)
		return;
	for (size_t i = 0; i < options.address_count; i++) {
		if (polled[2 * i].revents != 0)
			udp_readable(i);
		if (polled[2 * i + 1].revents != 0)
			tcp_acceptable(i);
	}
	for (size_t i = 0; i < LINKS_MAX; i++) {
		if (link[i].fd >= 0 && link[i].fd == links[i].fd &&
		    link[i].revents != 0)
			link_readable(&links[i]);
	}
}

void
server_run(void)
{
	while (!ended) {
		const int next = do_deeds();

		options.idle();
		serve(next < 0 || next > NAP ? NAP : next);
	}
}
