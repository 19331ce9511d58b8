#ifndef CTL_PORT_OWNER_H
#define CTL_PORT_OWNER_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include "base/addr.h"

enum {
	PORT_OWNER_NAME = 32,
	PORT_OWNER_UNIT = 256, /* as long as systemd allows */
	PORT_OWNER_COMMAND = 2 * PORT_OWNER_UNIT + 32,
};

/* A process that has an address and port in use. */
struct port_owner {
	pid_t pid;
	char name[PORT_OWNER_NAME]; /* as the kernel keeps it: 15 octets */
	char unit[PORT_OWNER_UNIT]; /* the system service it is, or "" */
	bool handed; /* the service manager has opened it, and holds it too */
};

/*
 * Looks through a table as the kernel shows it in /proc/net/udp or tcp6 for a
 * socket that keeps addr from being used: equal, or else either of them on
 * every address.  True and its inode when there is one.
 */
bool port_owner_inode(FILE *table, const struct addr *addr, uint64_t *inode);

/* Whether somebody has addr in use. */
bool port_owner_taken(const struct addr *addr, int type);

/*
 * Who has addr in use; type is SOCK_DGRAM or SOCK_STREAM.  False when that
 * cannot be seen: others' processes are hidden from ordinary users.
 */
bool
port_owner_find(const struct addr *addr, int type, struct port_owner *owner);

/*
 * Looks through a table as the kernel shows it in /proc/PID/cgroup for the
 * system service that the process is, and writes its name without ".service".
 * False when it is none: started by a person, or in a container.
 */
bool port_owner_unit(FILE *table, char unit[PORT_OWNER_UNIT]);

/*
 * Whether it can be stopped without more than it: it is no part of a larger
 * service, as NetworkManager's dnsmasq is.
 */
bool port_owner_stands_alone(const struct port_owner *owner);

/* Writes the command that stops it; returns buf. */
const char *port_owner_stop_command(const struct port_owner *owner,
    char buf[PORT_OWNER_COMMAND]);

#endif
