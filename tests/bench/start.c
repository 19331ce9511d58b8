/*
 * How long a server takes from its start to its first answer:
 *
 *   start PROCESSOR ADDRESS:PORT COMMAND [ARGUMENT ...]
 *
 * It prints microseconds, and kills the server's process group.
 */
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "message.h"
#include "net.h"

enum {
	PAUSE = 100000, /* nanoseconds between questions */
	TRIES = 100000,
};

/* Asks until there is a good answer.  An address where nobody listens yet
 * refuses, at the next question. */
static bool
wait_for_answer(int fd, const struct ask *ask)
{
	const struct timespec pause = {.tv_nsec = PAUSE};
	struct pollfd readable = {.fd = fd, .events = POLLIN};
	uint8_t wire[BATCH_ROOM];

	for (unsigned tries = 0; tries < TRIES; tries++) {
		send(fd, ask->wire, ask->len, 0);
		ppoll(&readable, 1, &pause, NULL);
		if (recv(fd, wire, sizeof(wire), MSG_DONTWAIT) >=
			MESSAGE_HEADER &&
		    (wire[3] & 0x0f) == 0)
			return true;
	}
	return false;
}

/* Becomes the server, on a processor of its own. */
_Noreturn static void
become(const char *processor, char **command)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(strtoul(processor, NULL, 10), &set);
	sched_setaffinity(0, sizeof(set), &set);
	setpgid(0, 0);
	dup2(STDERR_FILENO, STDOUT_FILENO);
	execvp(command[0], command);
	net_die(command[0]);
}

int
main(int argc, char *argv[])
{
	struct sockaddr_in server;
	struct ask ask;
	uint64_t began;
	pid_t pid;
	bool answered;

	if (argc < 4) {
		fprintf(stderr,
		    "usage: start processor address:port command ...\n");
		return 2;
	}
	prctl(PR_SET_TIMERSLACK, 1);
	server = net_address(argv[2]);
	ask_make(&ask, KIND_LOCAL, TYPE_A, EDNS_NONE);
	began = net_now();
	pid = fork();
	if (pid < 0)
		net_die("fork");
	if (pid == 0)
		become(argv[1], argv + 3);
	setpgid(pid, pid);
	answered = wait_for_answer(net_connect(&server, SOCK_DGRAM), &ask);
	if (answered)
		printf("%ju\n", (uintmax_t)((net_now() - began) / 1000));
	kill(-pid, SIGKILL);
	waitpid(pid, NULL, 0);
	return answered ? 0 : 1;
}
