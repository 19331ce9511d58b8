#ifndef IO_UDP_H
#define IO_UDP_H

#include <event2/event_struct.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "base/addr.h"
#include "dns/message.h"

struct port;
struct query;
struct worker;

enum {
	UDP_BATCH = 32,	   /* datagrams a system call */
	UDP_ANSWER = 4096, /* octets of the longest answer */
};

/* Room for the control message that tells, or sets, our address. */
struct udp_control {
	_Alignas(struct cmsghdr)
	    uint8_t room[CMSG_SPACE(sizeof(struct in6_pktinfo))];
};

/* One query of a batch, and its answer. */
struct udp_exchange {
	struct addr client;
	struct iovec in;
	struct iovec out;
	struct udp_control control;
	uint8_t query[QUERY_MAX + 1]; /* one more: too long shows */
	uint8_t answer[UDP_ANSWER];
};

/* A UDP listener: a batch of queries in, the answers out. */
struct udp {
	struct worker *worker;
	const struct addr *addr;
	bool any; /* listens on every address: tell and set the local one */
	int fd;
	struct event readable;
	struct event writable;
	unsigned answers; /* of the batch at hand */
	unsigned sent;	  /* of those */
	struct mmsghdr in[UDP_BATCH];
	struct mmsghdr out[UDP_BATCH];
	struct udp_exchange exchanges[UDP_BATCH];
};

/*
 * Listens on port->udp, which stays the caller's to close.  udp is zeroed;
 * false when the event loop refuses.
 */
bool udp_open(struct udp *udp, struct worker *worker, const struct port *port);
void udp_close(struct udp *udp);

/* Sends the answer to a query that was parked, from the address asked. */
void
udp_reply(struct udp *udp, const struct query *query, const struct addr *local);

#endif
