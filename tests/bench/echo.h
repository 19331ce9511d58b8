#ifndef BENCH_ECHO_H
#define BENCH_ECHO_H

#include "net.h"

/*
 * What a server costs that knows nothing.  Each of these serves until the
 * process ends; grown is by how many octets an answer is longer than its
 * question.
 */
struct echo {
	struct sockaddr_in address;
	struct sockaddr_in upstream;
	size_t grown;
};

void echo_udp(const struct echo *echo);
void echo_gso(const struct echo *echo);
void echo_tcp(const struct echo *echo);
void echo_forward(const struct echo *echo);

#endif
