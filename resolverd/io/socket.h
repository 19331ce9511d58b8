#ifndef IO_SOCKET_H
#define IO_SOCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/addr.h"
#include "base/rng.h"

/*
 * All sockets are non-blocking and close-on-exec.  The functions return a
 * descriptor that the caller closes, or -1 with errno set.
 */

/* Listeners that share their address with the other workers' ones. */
int socket_udp_listen(const struct addr *addr);
int socket_tcp_listen(const struct addr *addr);

/*
 * Makes a listener that somebody else opened like those above, as far as that
 * can still be done.  False with errno set.
 */
bool socket_adopt(int fd, const struct addr *addr, int type);

/*
 * Whether addr is free: binds there without sharing, so that another
 * process's listeners are noticed, and lets go.  type is SOCK_DGRAM or
 * SOCK_STREAM.  False with errno set.
 */
bool socket_probe(const struct addr *addr, int type);

/*
 * A connected socket on a local port drawn from the whole range 1024 to
 * 65535 (RFC 5452 section 9.2), for one question.
 */
int socket_udp_connect(const struct addr *server, struct rng *rng);

/*
 * Reads a datagram of the server's.  errno is EPROTO when it was somebody
 * else's: before the socket was connected anybody could send to it, and what
 * came then is still there.
 */
ssize_t
socket_udp_receive(int fd, const struct addr *server, uint8_t *buf, size_t cap);

/* A socket for a connection to server, which is not begun yet. */
int socket_tcp_open(const struct addr *server);

/* A socket whose connection is under way, or made. */
int socket_tcp_connect(const struct addr *server);

/*
 * Whether a call that failed so did for want of a descriptor, port or memory of
 * ours: that says nothing of the server.
 */
bool socket_is_short(int error);

#endif
