#ifndef CTL_ACTIVATION_H
#define CTL_ACTIVATION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/addr.h"
#include "ctl/exit_code.h"

enum { ACTIVATION_SOCKETS = 128 };

/* A socket that was bound before this process began. */
struct activation_socket {
	int fd;
	int type; /* SOCK_DGRAM or SOCK_STREAM */
	struct addr addr;
};

/*
 * The sockets that systemd handed over (sd_listen_fds(3)): so a daemon
 * without any capability serves port 53.
 */
struct activation {
	struct activation_socket sockets[ACTIVATION_SOCKETS];
	size_t count;
};

/*
 * Takes over what $LISTEN_FDS says, if $LISTEN_PID means this process, and
 * clears those variables.  Other than bound IPv4 and IPv6 sockets of the two
 * types are an error, which is logged.
 */
enum exit_code activation_receive(struct activation *activation);

/* Whether a socket of that address and type was handed over. */
bool activation_has(const struct activation *activation,
    const struct addr *addr, int type);

/*
 * One more descriptor of that socket, which the caller closes, set up as our
 * own listeners are; -1 with errno set.
 */
int activation_take(const struct activation *activation,
    const struct addr *addr, int type);

/* Closes the sockets that were handed over; nothing for NULL. */
void activation_close(struct activation *activation);

#endif
