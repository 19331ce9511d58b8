#include "ctl/listen.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "ctl/port_owner.h"
#include "io/socket.h"

enum {
	PRIVILEGED = 1024,
	TRY_PORT = 5353, /* the first of those that are tried for a hint */
	TRY_COUNT = 16,
	OWNER_TEXT = PORT_OWNER_COMMAND + 64,
};

static const struct protocol {
	int type;
	const char *name;
	int (*open)(const struct addr *addr);
} protocols[] = {
    {SOCK_DGRAM, "udp", socket_udp_listen},
    {SOCK_STREAM, "tcp", socket_tcp_listen},
};

enum { PROTOCOLS = sizeof(protocols) / sizeof(protocols[0]) };

/* Of the two protocols how many, in turn, can have addr. */
static size_t
listen_free(const struct addr *addr)
{
	size_t n = 0;

	while (n < PROTOCOLS && socket_probe(addr, protocols[n].type))
		n++;
	return n;
}

/* The same address with a port that is free for anyone, for a hint. */
static const char *
listen_elsewhere(const struct addr *addr, char text[ADDR_TEXT])
{
	struct addr elsewhere = *addr;

	for (unsigned i = 0; i < TRY_COUNT; i++) {
		addr_set_port(&elsewhere, (uint16_t)(TRY_PORT + i));
		if (listen_free(&elsewhere) == PROTOCOLS)
			break;
	}
	return addr_format(&elsewhere, text);
}

static void
listen_owner(const struct addr *addr, int type, char text[OWNER_TEXT],
    bool *known)
{
	struct port_owner owner;
	char command[PORT_OWNER_COMMAND];

	*known = port_owner_find(addr, type, &owner);
	if (!*known) {
		snprintf(text, OWNER_TEXT, "another process");
		return;
	}
	snprintf(text, OWNER_TEXT, "%s (pid %d); stop it (%s)", owner.name,
	    (int)owner.pid, port_owner_stop_command(&owner, command));
}

static void
listen_explain_in_use(const struct addr *addr, const struct protocol *protocol)
{
	char place[ADDR_TEXT];
	char elsewhere[ADDR_TEXT];
	char owner[OWNER_TEXT];
	bool known;

	listen_owner(addr, protocol->type, owner, &known);
	log_error("%s (%s) is in use by %s%s, or listen elsewhere: -l %s",
	    addr_format(addr, place), protocol->name, owner,
	    known ? "" : "; stop it (run as root to see which it is)",
	    listen_elsewhere(addr, elsewhere));
}

static void
listen_explain_forbidden(const struct addr *addr,
    const struct protocol *protocol)
{
	char place[ADDR_TEXT];
	char elsewhere[ADDR_TEXT];

	log_error("%s (%s): a port below %d needs root or "
		  "CAP_NET_BIND_SERVICE; or listen elsewhere: -l %s",
	    addr_format(addr, place), protocol->name, PRIVILEGED,
	    listen_elsewhere(addr, elsewhere));
}

/* Says why addr cannot be used, with errno from the attempt. */
static void
listen_explain(const struct addr *addr, const struct protocol *protocol)
{
	const int error = errno;
	const bool forbidden = error == EACCES && addr_port(addr) < PRIVILEGED;
	char place[ADDR_TEXT];

	/* Who may not have the port is not told that somebody else has. */
	if (error == EADDRINUSE ||
	    (forbidden && port_owner_taken(addr, protocol->type))) {
		listen_explain_in_use(addr, protocol);
	} else if (forbidden) {
		listen_explain_forbidden(addr, protocol);
	} else if (error == EADDRNOTAVAIL) {
		log_error("%s (%s) is not an address of this host",
		    addr_format(addr, place), protocol->name);
	} else {
		log_error("%s (%s): %s", addr_format(addr, place),
		    protocol->name, strerror(error));
	}
}

/*
 * The workers share each address, and so would a second resolverd, without
 * an error: therefore one look without sharing.
 */
static bool
listen_probe(const struct boot *boot, const struct activation *activation)
{
	bool unused = true;

	for (size_t i = 0; i < boot->listen_count; i++) {
		const struct addr *addr = &boot->listen[i];

		for (size_t n = 0; n < PROTOCOLS; n++) {
			if (activation_has(activation, addr,
				protocols[n].type) ||
			    socket_probe(addr, protocols[n].type))
				continue;
			listen_explain(addr, &protocols[n]);
			unused = false;
			break;
		}
	}
	return unused;
}

/* A socket for a worker: its own, or its descriptor of one handed over. */
static bool
listen_open_socket(const struct addr *addr, const struct protocol *protocol,
    const struct activation *activation, int *fd)
{
	if (activation_has(activation, addr, protocol->type)) {
		*fd = activation_take(activation, addr, protocol->type);
	} else {
		*fd = protocol->open(addr);
	}
	if (*fd >= 0)
		return true;
	listen_explain(addr, protocol);
	return false;
}

/* A socket unit and a configuration that mean different addresses. */
static void
listen_warn_unused(const struct boot *boot,
    const struct activation_socket *sock)
{
	char text[ADDR_TEXT];
	size_t i = 0;

	while (i < boot->listen_count &&
	    !addr_equal(&boot->listen[i], &sock->addr))
		i++;
	if (i < boot->listen_count)
		return;
	log_warn("socket activation: %s (%s) is not one of the addresses to "
		 "listen on and stays unused",
	    addr_format(&sock->addr, text),
	    sock->type == SOCK_DGRAM ? "udp" : "tcp");
}

enum exit_code
listen_open(struct boot *boot, const struct activation *activation)
{
	const size_t count = boot->workers * boot->listen_count;

	for (size_t i = 0; i < activation->count; i++)
		listen_warn_unused(boot, &activation->sockets[i]);
	if (!listen_probe(boot, activation))
		return EXIT_CODE_NETWORK;
	for (size_t i = 0; i < count; i++) {
		struct port *port = &boot->ports[i];

		if (!listen_open_socket(port->addr, &protocols[0], activation,
			&port->udp) ||
		    !listen_open_socket(port->addr, &protocols[1], activation,
			&port->tcp))
			return EXIT_CODE_NETWORK;
	}
	return EXIT_CODE_OK;
}

void
listen_close(struct boot *boot)
{
	const size_t count =
	    boot->ports == NULL ? 0 : boot->workers * boot->listen_count;

	for (size_t i = 0; i < count; i++) {
		struct port *port = &boot->ports[i];

		if (port->udp >= 0)
			close(port->udp);
		if (port->tcp >= 0)
			close(port->tcp);
	}
}

void
listen_print(const struct boot *boot, FILE *out)
{
	for (size_t i = 0; i < boot->listen_count; i++) {
		char text[ADDR_TEXT];

		fprintf(out, "%s%s (udp, tcp)", i == 0 ? "" : ", ",
		    addr_format(&boot->listen[i], text));
	}
}
