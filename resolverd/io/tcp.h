#ifndef IO_TCP_H
#define IO_TCP_H

#include <event2/event_struct.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "base/addr.h"
#include "io/alarm.h"

struct port;
struct query;
struct worker;

enum {
	TCP_IN = 16384,	   /* octets read ahead */
	TCP_OUT = 131072,  /* octets not sent yet: room for the longest twice */
	TCP_PIPELINE = 32, /* queries of a connection in work at a time */
	TCP_HOSTS = 64,	   /* lists that clients' hosts are spread over */
};

struct tcp_client;
TAILQ_HEAD(tcp_clients, tcp_client);

/* A client's connection, or room for one. */
struct tcp_client {
	struct tcp *tcp;
	uint64_t serial; /* never used again; 0: no connection */
	int fd;
	struct addr addr;
	struct addr local;
	struct event readable;
	struct event writable;
	bool reads;  /* readable is in the loop */
	bool writes; /* and writable */
	struct deadline deadline;
	uint64_t message_due; /* the message begun must be whole; 0: none */
	uint64_t unsent_due;  /* the client must have read by then; 0: none */
	unsigned in_work;     /* queries parked */
	bool ended;	      /* the client sends no more */
	bool broken;	      /* to be closed at the next occasion */
	size_t in_len;
	size_t out_from; /* octets of out sent */
	size_t out_to;	 /* octets of out in use */
	TAILQ_ENTRY(tcp_client) by_activity;
	struct tcp_clients *host;	 /* connections from there, and maybe */
	TAILQ_ENTRY(tcp_client) by_host; /* from others; in the same order */
	struct tcp_client *next_free;
	uint8_t in[TCP_IN];
	uint8_t out[TCP_OUT];
};

struct tcp_listener {
	struct tcp *tcp;
	const struct addr *addr;
	int fd;
	struct event acceptable;
};

/* A worker's TCP listeners and their clients. */
struct tcp {
	struct worker *worker;
	struct tcp_listener *listeners;
	size_t listener_count;
	struct tcp_client *clients; /* touched when needed */
	size_t client_count;
	size_t used; /* clients from here on were never taken */
	size_t open;
	uint64_t serial; /* of the last connection */
	struct tcp_client *free;
	struct tcp_clients by_activity; /* the longest idle first */
	struct tcp_clients hosts[TCP_HOSTS];
	struct alarm alarm;
	struct event resume; /* accepting, after a shortage */
};

/* The memory of a struct tcp; zeroed, the caller keeps it. */
struct tcp_parts {
	struct tcp_listener *listeners;
	size_t listener_count;
	struct tcp_client *clients;
	size_t client_count;
	struct deadline **heap; /* client_count */
};

/*
 * Listens on the ports' sockets, which stay the caller's to close; one port a
 * listener.  False when the event loop refuses.
 */
bool tcp_open(struct tcp *tcp, struct worker *worker,
    const struct tcp_parts *parts, const struct port *ports);

/* Closes all connections and stops listening. */
void tcp_close(struct tcp *tcp);

/*
 * Sends the answer to a query that was parked; nothing when the connection
 * `serial` of the client has gone.
 */
void tcp_reply(struct tcp_client *client, uint64_t serial,
    const struct query *query);

#endif
