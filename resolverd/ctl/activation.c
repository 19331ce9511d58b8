#include "ctl/activation.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "io/socket.h"

enum { FIRST_FD = 3 };

/* A variable's number; 0 when it is not set or none. */
static unsigned long
activation_variable(const char *name)
{
	const char *text = getenv(name);
	char *end;
	unsigned long value;

	if (text == NULL || *text < '0' || *text > '9')
		return 0;
	value = strtoul(text, &end, 10);
	return *end == '\0' ? value : 0;
}

static enum exit_code
activation_fail(int fd, const char *why)
{
	log_error("socket activation: descriptor %d %s", fd, why);
	return EXIT_CODE_NETWORK;
}

/* Learns what a descriptor is. */
static enum exit_code
activation_look(struct activation_socket *sock)
{
	socklen_t len = sizeof(sock->type);
	int listening = 0;
	socklen_t listening_len = sizeof(listening);

	sock->addr.len = sizeof(sock->addr.u);
	if (getsockopt(sock->fd, SOL_SOCKET, SO_TYPE, &sock->type, &len) != 0 ||
	    getsockname(sock->fd, &sock->addr.u.any, &sock->addr.len) != 0)
		return activation_fail(sock->fd, "is no socket");
	if (sock->addr.u.any.sa_family != AF_INET &&
	    sock->addr.u.any.sa_family != AF_INET6)
		return activation_fail(sock->fd, "is no Internet socket");
	if (addr_port(&sock->addr) == 0)
		return activation_fail(sock->fd, "is not bound to a port");
	if (sock->type == SOCK_DGRAM)
		return EXIT_CODE_OK;
	if (sock->type != SOCK_STREAM ||
	    getsockopt(sock->fd, SOL_SOCKET, SO_ACCEPTCONN, &listening,
		&listening_len) != 0 ||
	    listening == 0) {
		return activation_fail(sock->fd,
		    "is neither a datagram socket nor a listening stream "
		    "socket (Accept=no)");
	}
	return EXIT_CODE_OK;
}

static const struct activation_socket *
activation_find(const struct activation *activation, const struct addr *addr,
    int type)
{
	for (size_t i = 0; i < activation->count; i++) {
		const struct activation_socket *sock = &activation->sockets[i];

		if (sock->type == type && addr_equal(&sock->addr, addr))
			return sock;
	}
	return NULL;
}

/* Adds a descriptor to those that can be used. */
static enum exit_code
activation_add(struct activation *activation, int fd)
{
	struct activation_socket sock = {.fd = fd};
	enum exit_code code;

	fcntl(fd, F_SETFD, FD_CLOEXEC);
	code = activation_look(&sock);
	/* The kernel would give one of the two what nobody reads. */
	if (code == EXIT_CODE_OK &&
	    activation_find(activation, &sock.addr, sock.type) != NULL) {
		code = activation_fail(fd,
		    "is for an address and protocol that another is for too");
	}
	activation->sockets[activation->count++] = sock;
	return code;
}

enum exit_code
activation_receive(struct activation *activation)
{
	const unsigned long pid = activation_variable("LISTEN_PID");
	const unsigned long count = activation_variable("LISTEN_FDS");

	unsetenv("LISTEN_PID");
	unsetenv("LISTEN_FDS");
	unsetenv("LISTEN_FDNAMES");
	if (count == 0 || pid != (unsigned long)getpid())
		return EXIT_CODE_OK;
	if (count > ACTIVATION_SOCKETS) {
		log_error("socket activation: %lu sockets, at most %d can be "
			  "used",
		    count, ACTIVATION_SOCKETS);
		return EXIT_CODE_NETWORK;
	}
	for (unsigned long i = 0; i < count; i++) {
		const enum exit_code code =
		    activation_add(activation, FIRST_FD + (int)i);

		if (code != EXIT_CODE_OK)
			return code;
	}
	return EXIT_CODE_OK;
}

bool
activation_has(const struct activation *activation, const struct addr *addr,
    int type)
{
	return activation_find(activation, addr, type) != NULL;
}

int
activation_take(const struct activation *activation, const struct addr *addr,
    int type)
{
	const struct activation_socket *sock =
	    activation_find(activation, addr, type);
	int fd;

	if (sock == NULL) {
		errno = ENOENT;
		return -1;
	}
	fd = fcntl(sock->fd, F_DUPFD_CLOEXEC, 0);
	if (fd < 0 || socket_adopt(fd, addr, type))
		return fd;
	close(fd);
	return -1;
}

void
activation_close(struct activation *activation)
{
	for (size_t i = 0; i < activation->count; i++)
		close(activation->sockets[i].fd);
	activation->count = 0;
}
