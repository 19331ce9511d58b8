#ifndef FAULTY_SERVER_H
#define FAULTY_SERVER_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "message.h"

/*
 * Sockets and time: questions come in, answers go out when they are due.  One
 * process, one thread, one server each.
 */

enum carrier { CARRIER_UDP, CARRIER_TCP };

/* Where a question came from, which is where its answer goes. */
struct way {
	enum carrier carrier;
	size_t address;		 /* index of the address it was sent to */
	struct sockaddr_in peer; /* UDP */
	size_t link;		 /* TCP: which connection, */
	unsigned serial;	 /* and which of all that had its place */
};

/* The socket that a datagram leaves by. */
enum leave { LEAVE_RIGHT, LEAVE_OTHER_PORT, LEAVE_OTHER_ADDRESS };

/* How an answer goes out. */
struct sending {
	unsigned delay;	  /* milliseconds */
	enum leave leave; /* UDP */
	size_t step;	  /* TCP: octets at a time, 0 is all */
	unsigned pause;	  /* TCP: milliseconds between steps */
	bool last;	  /* TCP: close the connection after it */
};

void server_send(const struct way *way, const uint8_t *wire, size_t len,
    const struct sending *sending);

/* Milliseconds by the clock that nobody sets. */
uint64_t server_now(void);

/* What the server is to be, by its options. */
struct server_options {
	char *const *addresses;
	size_t address_count;
	uint16_t port;
	bool without_tcp;
	unsigned loss_in;  /* per cent of the datagrams that come */
	unsigned loss_out; /* and of those that go */
	uint64_t seed;
	void (*take)(const struct way *way, const uint8_t *wire, size_t len,
	    bool lost);
	void (*idle)(void); /* before each wait */
};

/* Listens; false, with a message, when it cannot. */
bool server_open(const struct server_options *wanted);

/* Until SIGTERM. SIGUSR1 makes the server silent, SIGUSR2 makes it speak. */
void server_run(void);

#endif
