#ifndef BENCH_NET_H
#define BENCH_NET_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

/* Says what failed and why, and ends the program. */
_Noreturn void net_die(const char *what);

/* Nanoseconds of the clock that never jumps. */
uint64_t net_now(void);

/* "127.0.0.1:53"; ends the program when it is no such thing. */
struct sockaddr_in net_address(const char *text);

/* A socket of type SOCK_DGRAM or SOCK_STREAM, bound and listening. */
int net_serve(const struct sockaddr_in *address, int type);

/* One that is connected; -1 when it cannot be. */
int net_connect(const struct sockaddr_in *address, int type);

enum {
	BATCH = 64,
	BATCH_ROOM = 1232, /* octets of a message, at most */
};

/* Messages that one system call takes. */
struct batch {
	struct mmsghdr messages[BATCH];
	struct iovec vectors[BATCH];
	struct sockaddr_in peers[BATCH];
	uint8_t octets[BATCH][BATCH_ROOM];
};

enum batch_end { BATCH_BOUND, BATCH_CONNECTED };

/* Ready to receive; peers are only of use on a socket that is bound. */
void batch_init(struct batch *batch, enum batch_end end);

/* How many messages there were; flags as recvmmsg(2) has them. */
size_t batch_receive(struct batch *batch, int fd, int flags);

/* Sends the first messages, each as long as its vector says, and makes all
 * ready to receive again. */
void batch_send(struct batch *batch, int fd, size_t count);

/* Makes the first messages ready to receive again. */
void batch_reset(struct batch *batch, size_t count);

#endif
