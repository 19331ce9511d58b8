#ifndef CTL_PORT_OWNER_H
#define CTL_PORT_OWNER_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include "base/addr.h"

enum { PORT_OWNER_NAME = 32 };

/* A process that has an address and port in use. */
struct port_owner {
	pid_t pid;
	char name[PORT_OWNER_NAME]; /* as the kernel keeps it: 15 octets */
};

/*
 * Looks through a table as the kernel shows it in /proc/net/udp or tcp6 for a
 * socket that keeps addr from being used: equal, or either of them on every
 * address.  True and its inode when there is one.
 */
bool port_owner_inode(FILE *table, const struct addr *addr, uint64_t *inode);

/*
 * Who has addr in use; type is SOCK_DGRAM or SOCK_STREAM.  False when that
 * cannot be seen: others' processes are hidden from ordinary users.
 */
bool
port_owner_find(const struct addr *addr, int type, struct port_owner *owner);

/* The command that stops it, if it is a service people run; else NULL. */
const char *port_owner_stop_command(const struct port_owner *owner);

#endif
