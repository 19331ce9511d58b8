#include "ctl/doctor_libc.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ctl/doctor_addrs.h"
#include "io/clock.h"

enum { LIBC_MS = 6000, SLOW_MS = 1500, MILLISECOND = 1000000 };

/* What the child reports, in one write. */
struct report {
	int error;
	struct doctor_addrs found;
};

/* In the child: looks up, reports and ends. */
static void __attribute__((noreturn)) look_up(const char *name, int fd)
{
	const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
	struct addrinfo *list = NULL;
	struct report report = {.error = 0};
	bool told;

	report.error = getaddrinfo(name, NULL, &hints, &list);
	for (const struct addrinfo *at = list; at != NULL; at = at->ai_next) {
		struct addr addr = {.len = at->ai_addrlen};

		if (at->ai_addrlen > sizeof(addr.u))
			continue;
		memcpy(&addr.u, at->ai_addr, at->ai_addrlen);
		doctor_addrs_add(&report.found, &addr);
	}
	told = write(fd, &report, sizeof(report)) == (ssize_t)sizeof(report);
	_exit(told ? 0 : 1);
}

/* Waits for the child's report; it is ended in any case. */
static void
hear(struct doctor *doctor, pid_t child, int fd)
{
	struct pollfd ready = {.fd = fd, .events = POLLIN};
	struct report report;
	const int waited =
	    poll(&ready, 1, (int)doctor_patience(doctor, LIBC_MS));

	if (waited == 0) {
		doctor->libc.timed_out = true;
	} else if (read(fd, &report, sizeof(report)) ==
	    (ssize_t)sizeof(report)) {
		doctor->libc.error = report.error;
		doctor->libc.found = report.found;
	} else {
		doctor->libc.error = EAI_SYSTEM;
	}
	kill(child, SIGKILL);
	while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
		continue;
}

void
doctor_libc_ask(struct doctor *doctor)
{
	const uint64_t begun = clock_now();
	int ends[2];
	pid_t child;

	if (pipe(ends) != 0)
		return;
	child = fork();
	if (child == 0)
		look_up(doctor->typed, ends[1]);
	close(ends[1]);
	if (child > 0) {
		doctor->libc.asked = true;
		hear(doctor, child, ends[0]);
		doctor->libc.took = clock_now() - begun;
	}
	close(ends[0]);
}

/* How long it took, when a person would notice. */
static void
judge_time(struct doctor *doctor)
{
	const uint64_t took = doctor->libc.took / MILLISECOND;

	if (took < SLOW_MS)
		return;
	doctor_warn(doctor, "programs wait %.1f s for the name",
	    (double)took / 1000);
	doctor_evidence(doctor,
	    "a server that libc asks first is dead, or leaves a type "
	    "unanswered");
}

/* Libc came to nothing. */
static void
judge_failure(struct doctor *doctor)
{
	if (doctor->addrs.count == 0) {
		doctor_pass(doctor,
		    "libc says the same as resolverd: no address");
		doctor_evidence(doctor, "getaddrinfo: %s",
		    gai_strerror(doctor->libc.error));
		return;
	}
	doctor_fail(doctor,
	    "programs cannot resolve the name, though resolverd can: "
	    "they ask somebody else");
	doctor_evidence(doctor, "getaddrinfo: %s",
	    gai_strerror(doctor->libc.error));
	doctor_fix(doctor, "resolverctl setup");
}

static void
judge_difference(struct doctor *doctor)
{
	doctor_fail(doctor,
	    "programs do not get what resolverd answers: libc has it from "
	    "somewhere else");
	doctor_evidence(doctor, "getaddrinfo: %s; resolverd: %s",
	    doctor_addrs_text(doctor, &doctor->libc.found),
	    doctor_addrs_text(doctor, &doctor->addrs));
	if (!doctor->shadowed)
		doctor_fix(doctor, "resolverctl setup");
}

/* Libc leaves out the IPv6 ones where the machine has no such address. */
static bool
agrees(const struct doctor *doctor)
{
	const struct doctor_addrs libc4 =
	    doctor_addrs_of(&doctor->libc.found, AF_INET);
	const struct doctor_addrs ours4 =
	    doctor_addrs_of(&doctor->addrs, AF_INET);
	const struct doctor_addrs libc6 =
	    doctor_addrs_of(&doctor->libc.found, AF_INET6);
	const struct doctor_addrs ours6 =
	    doctor_addrs_of(&doctor->addrs, AF_INET6);

	return doctor_addrs_equal(&libc4, &ours4) &&
	    (libc6.count == 0 || doctor_addrs_equal(&libc6, &ours6));
}

void
doctor_libc_run(struct doctor *doctor)
{
	if (!doctor->libc.asked) {
		doctor_skip(doctor, "no process could be made to ask libc");
		return;
	}
	if (doctor->libc.timed_out) {
		doctor_fail(doctor,
		    "programs get no answer: getaddrinfo did not return in "
		    "time");
		doctor_evidence(doctor,
		    "no server that resolv.conf names seems to answer");
		doctor_fix(doctor, "resolverctl setup");
		return;
	}
	judge_time(doctor);
	if (!doctor->answers) {
		doctor_skip(doctor,
		    "what libc says cannot be compared with resolverd");
		doctor_evidence(doctor, "getaddrinfo: %s",
		    doctor->libc.error != 0
			? gai_strerror(doctor->libc.error)
			: doctor_addrs_text(doctor, &doctor->libc.found));
	} else if (doctor->libc.error != 0) {
		judge_failure(doctor);
	} else if (agrees(doctor)) {
		doctor_pass(doctor, "libc gives programs what resolverd says");
	} else {
		judge_difference(doctor);
	}
}

/* Whether an address is outside while others lead to the private path. */
static bool
leaves(const struct doctor *doctor, const struct addr *addr)
{
	return doctor_addrs_place(&doctor->expected, addr) == DOCTOR_PUBLIC;
}

static bool
some_stay(const struct doctor *doctor)
{
	for (size_t i = 0; i < doctor->libc.found.count; i++) {
		if (!leaves(doctor, &doctor->libc.found.addrs[i]))
			return true;
	}
	return false;
}

void
doctor_libc_order_run(struct doctor *doctor)
{
	const struct doctor_addrs *found = &doctor->libc.found;
	const struct doctor_addrs six = doctor_addrs_of(found, AF_INET6);

	if (found->count == 0) {
		doctor_skip(doctor, "libc gives no address to be put in order");
	} else if (six.count == 0) {
		doctor_pass(doctor,
		    "programs use IPv4: there is no IPv6 "
		    "address to be preferred");
	} else if (!leaves(doctor, &found->addrs[0]) || !some_stay(doctor)) {
		doctor_pass(doctor,
		    "the address that programs try first is "
		    "of the same kind as the others");
		doctor_evidence(doctor, "first is %s",
		    doctor_addrs_server_text(doctor, &found->addrs[0]));
	} else {
		doctor_fail(doctor,
		    "IPv6 first: programs try a public IPv6 address before "
		    "the private path");
		doctor_evidence(doctor, "getaddrinfo puts first %s",
		    doctor_addrs_server_text(doctor, &found->addrs[0]));
		doctor_fix(doctor, "resolverctl explain %s AAAA", doctor->name);
	}
}
