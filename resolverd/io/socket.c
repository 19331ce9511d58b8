#include "io/socket.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	SOCKET_BURST = 512 * 1024, /* octets of datagrams not read yet */
	BACKLOG = 512,
	PORT_FIRST = 1024,
	PORT_COUNT = 65536 - PORT_FIRST,
	PORT_DRAWS = 10, /* before the port range counts as full */
	ANY_FAMILY = AF_UNSPEC,
};

struct option {
	int family; /* ANY_FAMILY: either */
	int level;
	int name;
	int value;
};

/*
 * No path MTU from ICMP: a forged one would have our answers cut into
 * fragments (RFC 9715 section 3.1).
 */
static const struct option udp_options[] = {
    {AF_INET, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_OMIT},
    {AF_INET6, IPPROTO_IPV6, IPV6_MTU_DISCOVER, IPV6_PMTUDISC_OMIT},
};

static const struct option listen_options[] = {
    {ANY_FAMILY, SOL_SOCKET, SO_REUSEPORT, 1},
    {AF_INET6, IPPROTO_IPV6, IPV6_V6ONLY, 1},
};

/* Only a listener on every address must be told which one was asked. */
static const struct option any_options[] = {
    {AF_INET, IPPROTO_IP, IP_PKTINFO, 1},
    {AF_INET6, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1},
};

static const struct option stream_options[] = {
    {ANY_FAMILY, SOL_SOCKET, SO_REUSEADDR, 1},
    {ANY_FAMILY, IPPROTO_TCP, TCP_NODELAY, 1},
};

/* A question is not to wait for the answer to the one before. */
static const struct option connect_options[] = {
    {ANY_FAMILY, IPPROTO_TCP, TCP_NODELAY, 1},
};

static const struct option probe_options[] = {
    {AF_INET6, IPPROTO_IPV6, IPV6_V6ONLY, 1},
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static int
socket_open(const struct addr *addr, int type)
{
	return socket(addr->u.any.sa_family,
	    type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

/* Closes a socket that was not to be, keeping errno. */
static int
socket_give_up(int fd)
{
	const int error = errno;

	close(fd);
	errno = error;
	return -1;
}

static bool
socket_set(int fd, int family, const struct option *options, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct option *option = &options[i];

		if (option->family != ANY_FAMILY && option->family != family)
			continue;
		if (setsockopt(fd, option->level, option->name, &option->value,
			sizeof(option->value)) != 0)
			return false;
	}
	return true;
}

/*
 * Room for a burst that comes while others have the processor: some thousand
 * queries, a tenth of a second's work, or as much as the system allows.
 */
static void
socket_expect_bursts(int fd)
{
	static const int room = SOCKET_BURST;

	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)) !=
	    0)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room));
}

int
socket_udp_listen(const struct addr *addr)
{
	const int family = addr->u.any.sa_family;
	const size_t any = addr_is_any(addr) ? COUNT(any_options) : 0;
	const int fd = socket_open(addr, SOCK_DGRAM);

	if (fd < 0)
		return -1;
	if (!socket_set(fd, family, udp_options, COUNT(udp_options)) ||
	    !socket_set(fd, family, listen_options, COUNT(listen_options)) ||
	    !socket_set(fd, family, any_options, any) ||
	    bind(fd, &addr->u.any, addr->len) != 0)
		return socket_give_up(fd);
	socket_expect_bursts(fd);
	return fd;
}

int
socket_tcp_listen(const struct addr *addr)
{
	const int family = addr->u.any.sa_family;
	const int fd = socket_open(addr, SOCK_STREAM);

	if (fd < 0)
		return -1;
	if (!socket_set(fd, family, stream_options, COUNT(stream_options)) ||
	    !socket_set(fd, family, listen_options, COUNT(listen_options)) ||
	    bind(fd, &addr->u.any, addr->len) != 0 || listen(fd, BACKLOG) != 0)
		return socket_give_up(fd);
	return fd;
}

bool
socket_adopt(int fd, const struct addr *addr, int type)
{
	const int family = addr->u.any.sa_family;
	const size_t any = addr_is_any(addr) ? COUNT(any_options) : 0;
	const int flags = fcntl(fd, F_GETFL);

	if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) != 0)
		return false;
	if (type == SOCK_STREAM) {
		return socket_set(fd, family, stream_options,
		    COUNT(stream_options));
	}
	return socket_set(fd, family, udp_options, COUNT(udp_options)) &&
	    socket_set(fd, family, any_options, any);
}

bool
socket_probe(const struct addr *addr, int type)
{
	const int family = addr->u.any.sa_family;
	const int fd = socket_open(addr, type);
	/* Connections that linger after a restart do not take the port. */
	const size_t stream = type == SOCK_STREAM ? COUNT(stream_options) : 0;

	if (fd < 0)
		return false;
	if (!socket_set(fd, family, probe_options, COUNT(probe_options)) ||
	    !socket_set(fd, family, stream_options, stream) ||
	    bind(fd, &addr->u.any, addr->len) != 0) {
		socket_give_up(fd);
		return false;
	}
	close(fd);
	return true;
}

/* Binds to a port nobody can guess; a port in use is drawn again. */
static bool
socket_bind_random(int fd, int family, struct rng *rng)
{
	struct addr local = {.u.any.sa_family = (sa_family_t)family};

	local.len =
	    family == AF_INET6 ? sizeof(local.u.in6) : sizeof(local.u.in4);
	for (unsigned draw = 0; draw < PORT_DRAWS; draw++) {
		addr_set_port(&local,
		    (uint16_t)(PORT_FIRST + rng_below(rng, PORT_COUNT)));
		if (bind(fd, &local.u.any, local.len) == 0)
			return true;
		if (errno != EADDRINUSE)
			return false;
	}
	return false;
}

int
socket_udp_connect(const struct addr *server, struct rng *rng)
{
	const int family = server->u.any.sa_family;
	const int fd = socket_open(server, SOCK_DGRAM);

	if (fd < 0)
		return -1;
	if (!socket_set(fd, family, udp_options, COUNT(udp_options)) ||
	    !socket_bind_random(fd, family, rng) ||
	    connect(fd, &server->u.any, server->len) != 0)
		return socket_give_up(fd);
	return fd;
}

ssize_t
socket_udp_receive(int fd, const struct addr *server, uint8_t *buf, size_t cap)
{
	struct addr from = {.len = sizeof(from.u)};
	const ssize_t len = recvfrom(fd, buf, cap, 0, &from.u.any, &from.len);

	if (len >= 0 && !addr_equal(&from, server)) {
		errno = EPROTO;
		return -1;
	}
	return len;
}

int
socket_tcp_open(const struct addr *server)
{
	const int family = server->u.any.sa_family;
	const int fd = socket_open(server, SOCK_STREAM);

	if (fd < 0)
		return -1;
	if (!socket_set(fd, family, connect_options, COUNT(connect_options)))
		return socket_give_up(fd);
	return fd;
}

int
socket_tcp_connect(const struct addr *server)
{
	const int fd = socket_tcp_open(server);

	if (fd < 0)
		return -1;
	if (connect(fd, &server->u.any, server->len) != 0 &&
	    errno != EINPROGRESS)
		return socket_give_up(fd);
	return fd;
}

bool
socket_is_short(int error)
{
	static const int shortages[] = {EMFILE, ENFILE, ENOBUFS, ENOMEM,
	    EADDRINUSE, EADDRNOTAVAIL, EAGAIN};

	for (size_t i = 0; i < COUNT(shortages); i++) {
		if (shortages[i] == error)
			return true;
	}
	return false;
}
