#ifndef BENCH_LOAD_H
#define BENCH_LOAD_H

#include "net.h"
#include "window.h"

struct load {
	struct sockaddr_in server;
	size_t sockets;
	size_t in_flight; /* on each socket */
	double rate;	  /* questions a second, or 0: as fast as it answers */
	uint64_t cut;	  /* connections that the server closed */
	struct course course;
};

/* Each returns when all is answered or given up. */
void load_udp(struct load *load);
void load_rate(struct load *load);
void load_tcp(struct load *load);

#endif
