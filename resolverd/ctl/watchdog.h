#ifndef CTL_WATCHDOG_H
#define CTL_WATCHDOG_H

#include <event2/event_struct.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct boot;
struct event_base;
struct fleet;
struct watchdog;

enum {
	WATCHDOG_SOCKETS = 4,	/* addresses asked, the first ones */
	WATCHDOG_QUESTION = 27, /* octets: a header, "resolverd.", CH TXT */
};

/* A client of ours, connected to one of our own addresses. */
struct watchdog_socket {
	struct watchdog *watchdog;
	int fd;
	struct event readable;
};

/*
 * Tells the service manager that the daemon works, as often as it wants to
 * hear that (WatchdogSec=), and only when that was just seen: a question of
 * its own came back over one of its UDP sockets, and each worker has said
 * something.  Silence has the service manager end the process, and start
 * another.  In the control thread.
 */
struct watchdog {
	struct fleet *fleet;
	uint64_t period; /* nanoseconds between two messages; 0: not wanted */
	struct event timer;
	struct watchdog_socket sockets[WATCHDOG_SOCKETS];
	size_t count;
	uint8_t question[WATCHDOG_QUESTION];
	bool answered;	/* the question */
	bool reported;	/* the workers did */
	bool reporting; /* they have been asked to */
	bool fed;	/* since the last look */
	uint64_t fed_at;
	bool complained; /* since then */
};

/*
 * Begins, if the service manager wants it; boot, whose addresses are asked, and
 * fleet are borrowed.
 */
void watchdog_start(struct watchdog *watchdog, struct event_base *base,
    const struct boot *boot, struct fleet *fleet);

/* Ends, after the fleet did; nothing when it was not started. */
void watchdog_stop(struct watchdog *watchdog);

#endif
