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
	UDP_ROUNDS = 4,	   /* batches before other events get their turn */
	UDP_ANSWER = 4096, /* octets of the longest answer */
	UDP_LATE = 16384,  /* octets of late answers that go out together */
};

/* Room for the control messages that tell, or set, our address, and that have
 * the kernel cut answers apart. */
struct udp_control {
	_Alignas(struct cmsghdr)
	    uint8_t room[CMSG_SPACE(sizeof(struct in6_pktinfo)) +
		CMSG_SPACE(sizeof(uint16_t))];
};

/* One query of a batch. */
struct udp_exchange {
	struct addr client;
	struct udp_control control;
	uint8_t query[QUERY_MAX + 1]; /* one more: too long shows */
};

/* Answers to one client that leave as one datagram, to be cut up by size. */
struct udp_group {
	const struct addr *client; /* NULL: the next answer begins another */
	struct addr local;
	size_t size; /* of each answer but the last, which may be shorter */
	struct udp_control *control;
};

/* A late answer's. */
struct udp_late {
	struct addr client;
	struct udp_control control;
	struct iovec out;
};

/* A UDP listener: batches of queries in, the answers out. */
struct udp {
	struct worker *worker;
	const struct addr *addr;
	bool any; /* listens on every address: tell and set the local one */
	int fd;
	struct event readable;
	struct event writable;
	bool groups;		/* the kernel cuts datagrams up: UDP_SEGMENT */
	struct udp_group group; /* that the last of messages may grow to */
	size_t room_used;	/* by answers of the batch at hand */
	unsigned messages;	/* that they leave by */
	unsigned sent;		/* of those */
	struct mmsghdr in[UDP_BATCH];
	struct mmsghdr out[UDP_BATCH];
	struct iovec vectors_in[UDP_BATCH];
	struct iovec vectors_out[UDP_BATCH];
	size_t sizes[UDP_BATCH]; /* of a message's answers but the last */
	struct udp_exchange exchanges[UDP_BATCH];
	/* One answer after the other, so that they go as they lie. */
	uint8_t room[UDP_BATCH * UDP_ANSWER];

	/* Answers to queries that were parked, until the loop comes by. */
	struct event delayed;
	unsigned lates;
	size_t late_size;
	struct mmsghdr late_out[UDP_BATCH];
	struct udp_late late[UDP_BATCH];
	uint8_t late_room[UDP_LATE];
};

/*
 * Listens on port->udp, which stays the caller's to close.  udp is zeroed;
 * false when the event loop refuses.
 */
bool udp_open(struct udp *udp, struct worker *worker, const struct port *port);
void udp_close(struct udp *udp);

/*
 * Sends the answer to a query that was parked, from the address asked, along
 * with others that come until the loop looks for more events.
 */
void
udp_reply(struct udp *udp, const struct query *query, const struct addr *local);

#endif
