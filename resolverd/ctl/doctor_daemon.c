#include "ctl/doctor_daemon.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ctl/answerer.h"
#include "ctl/control_socket.h"
#include "ctl/doctor_addrs.h"
#include "ctl/own_addresses.h"
#include "ctl/port_owner.h"
#include "ctl/remote.h"

enum { ASK_MS = 5500 };

static const uint16_t types[DOCTOR_TYPES] = {TYPE_A, TYPE_AAAA, TYPE_HTTPS};

/*
 * Asks for the name: once, and with more patience than resolverd has with its
 * servers.
 */
static void
ask(struct doctor *doctor, size_t which)
{
	struct question question = doctor->question;
	struct stub *stub = &doctor->stubs[which];

	question.type = types[which];
	*stub = doctor_stub(doctor, &doctor->server);
	stub->timeout_ms = doctor_patience(doctor, ASK_MS);
	stub->tries = 1;
	stub_ask(stub, &question, &doctor->arena, &doctor->replies[which]);
}

/*
 * Asks what is answered at once, with an error, whatever the configuration and
 * the servers behind it: a question of another class, as the watchdog's.
 */
static void
ask_for_life(struct doctor *doctor)
{
	const struct question question = answerer_question();
	struct stub *stub = &doctor->stubs[0];

	*stub = doctor_stub(doctor, &doctor->server);
	stub->no_recursion = true;
	stub_ask(stub, &question, &doctor->arena, &doctor->replies[0]);
	doctor->alive = doctor->replies[0].outcome == STUB_ANSWERED;
	doctor->says_so = answerer_says_so(&doctor->replies[0]);
}

void
doctor_daemon_ask(struct doctor *doctor)
{
	const struct stub_reply *first = &doctor->replies[0];

	for (size_t i = 0; i < DOCTOR_TYPES; i++)
		doctor->replies[i].outcome = STUB_TIMED_OUT;
	doctor->addrs.count = 0;
	doctor->answers = false;
	ask_for_life(doctor);
	if (!doctor->alive)
		return;
	ask(doctor, 0);
	doctor->answers = first->outcome == STUB_ANSWERED;
	/* Who failed at A takes as long to fail at the others. */
	if (!doctor->answers || first->response.rcode == RCODE_SERVFAIL)
		return;
	for (size_t i = 1; i < DOCTOR_TYPES; i++)
		ask(doctor, i);
	for (size_t i = 0; i < 2; i++) {
		if (doctor->replies[i].outcome != STUB_ANSWERED)
			continue;
		doctor_addrs_add_answers(&doctor->addrs,
		    &doctor->replies[i].response);
	}
}

static const char *
server_text(struct doctor *doctor)
{
	return doctor_addrs_server_text(doctor, &doctor->server);
}

static void
tell_stranger(struct doctor *doctor, const struct port_owner *owner)
{
	char command[PORT_OWNER_COMMAND];
	char host[ADDR_TEXT];

	doctor_fail(doctor,
	    "port %u of %s is taken by %s (process %d), so that resolverd "
	    "cannot have it",
	    addr_port(&doctor->server), addr_format_host(&doctor->server, host),
	    owner->name, (int)owner->pid);
	doctor->stranger = true;
	doctor_evidence(doctor, "%s",
	    doctor->alive ? "what follows is what that server answers"
			  : "it does not answer either");
	if (port_owner_stands_alone(owner)) {
		doctor_fix(doctor, "%s && systemctl restart resolverd",
		    port_owner_stop_command(owner, command));
	} else {
		doctor_evidence(doctor,
		    "it is a part of %s.service: have resolverd listen at "
		    "another address",
		    owner->unit);
	}
}

/* Nobody but who opens sockets for services has it. */
static void
tell_manager(struct doctor *doctor)
{
	char host[ADDR_TEXT];

	doctor_fail(doctor,
	    "the service manager holds port %u of %s, and no service runs that "
	    "would answer there",
	    addr_port(&doctor->server),
	    addr_format_host(&doctor->server, host));
	doctor_evidence(doctor,
	    "'systemctl list-sockets' shows for whom; resolverd's log says why "
	    "it does not start");
	doctor_fix(doctor, "systemctl status resolverd.socket resolverd");
}

/* Nobody known has the port, and nobody answers. */
static void
tell_silence(struct doctor *doctor)
{
	char text[STUB_TEXT];
	char host[ADDR_TEXT];

	stub_outcome_text(&doctor->stubs[0], &doctor->replies[0], text);
	if (!own_addresses_is_local(&doctor->server)) {
		doctor_fail(doctor, "%s %s", server_text(doctor), text);
		doctor_evidence(doctor,
		    "it is no address of this machine: a firewall between, or "
		    "no resolverd there");
	} else if (doctor->replies[0].outcome == STUB_UNREACHABLE) {
		doctor_fail(doctor,
		    "resolverd does not run: nobody listens at port %u of %s",
		    addr_port(&doctor->server),
		    addr_format_host(&doctor->server, host));
		doctor_evidence(doctor, "it %s", text);
		doctor_fix(doctor, "systemctl start resolverd");
	} else {
		doctor_fail(doctor, "who listens at %s %s", server_text(doctor),
		    text);
		doctor_fix(doctor, "systemctl restart resolverd");
	}
}

/* Nobody is seen, or one behind whom another answers. */
static void
tell_unknown(struct doctor *doctor)
{
	doctor_warn(doctor,
	    "who answers at %s does not say that he is resolverd",
	    server_text(doctor));
	doctor_evidence(doctor,
	    "one of this version does, unless 'extended_errors' is off; what "
	    "follows is what that server answers");
	if (geteuid() != 0)
		doctor_evidence(doctor, "root can see who it is");
}

/* Somebody answers; owner is NULL when he is not seen. */
static void
tell_answerer(struct doctor *doctor, const struct port_owner *owner)
{
	switch (answerer_judge(doctor->says_so, owner)) {
	case ANSWERER_RESOLVERD:
		doctor_pass(doctor, "resolverd answers at %s",
		    server_text(doctor));
		if (owner != NULL)
			doctor_evidence(doctor, "process %d", (int)owner->pid);
		break;
	case ANSWERER_STRANGER:
		tell_stranger(doctor, owner);
		break;
	case ANSWERER_UNKNOWN:
	case ANSWERER_NOBODY:
		tell_unknown(doctor);
		break;
	}
}

void
doctor_daemon_run(struct doctor *doctor)
{
	struct port_owner owner;
	const struct port_owner *seen = NULL;

	doctor_daemon_ask(doctor);
	if (own_addresses_is_local(&doctor->server) &&
	    port_owner_find(&doctor->server, SOCK_DGRAM, &owner))
		seen = &owner;
	if (doctor->alive) {
		tell_answerer(doctor, seen);
	} else if (seen != NULL && seen->handed && seen->pid == 1) {
		tell_manager(doctor);
	} else if (seen != NULL &&
	    answerer_judge(false, seen) == ANSWERER_STRANGER) {
		tell_stranger(doctor, seen);
	} else {
		tell_silence(doctor);
	}
}

/* 0, or the error of connecting to a socket of that name. */
static int
try_socket(const char *path)
{
	struct sockaddr_un addr = {.sun_family = AF_UNIX};
	const int fd =
	    socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int error = 0;

	if (fd < 0)
		return errno;
	if (snprintf(addr.sun_path, sizeof(addr.sun_path), "%s", path) >=
	    (int)sizeof(addr.sun_path)) {
		error = ENAMETOOLONG;
	} else if (connect(fd, (const struct sockaddr *)&addr, sizeof(addr)) !=
	    0) {
		error = errno;
	}
	close(fd);
	return error;
}

/* Learns whether a mode holds that somebody ordered, and tells of it. */
static void
ask_for_order(struct doctor *doctor, const char *path)
{
	struct remote remote = {.command = "mode", .socket = path};
	const bool asked = remote_ask(&remote, NULL, 0);
	const struct node *order =
	    asked ? node_get(remote.answer, "order") : NULL;
	const char *mode = order == NULL
	    ? NULL
	    : remote_text(node_get(remote.answer, "in_force"), "mode");
	const char *by = remote_text(order, "by");
	const char *until = remote_text(order, "until");

	if (mode != NULL) {
		doctor->ordered = arena_strdup(&doctor->arena, mode);
		doctor_evidence(doctor,
		    "mode %s is set over the file's, by %s, until %s", mode,
		    by == NULL ? "-" : by,
		    until == NULL ? "'resolverctl mode default'" : until);
	}
	remote_close(&remote);
}

/* Where its control socket is said to be: -s, the environment, the file. */
static const char *
named_socket(const struct doctor *doctor)
{
	const char *set = getenv("RESOLVERCTL_SOCKET");

	if (doctor->options.socket != NULL)
		return doctor->options.socket;
	return set != NULL && set[0] != '\0' ? set : doctor->expected.control;
}

void
doctor_daemon_control_run(struct doctor *doctor)
{
	const char *named = named_socket(doctor);
	const char *path = named == NULL ? CONTROL_SOCKET_DEFAULT : named;
	char private[CONTROL_SOCKET_PATH];
	const int error = try_socket(path);

	if (error != 0 && named == NULL && control_socket_private(private) &&
	    try_socket(private) == 0)
		path = private;
	if (error == 0 || path == private) {
		doctor_pass(doctor, "its control socket takes connections");
		ask_for_order(doctor, path);
	} else if (error == EACCES) {
		doctor_skip(doctor,
		    "its control socket is for root and group resolverd");
		doctor_evidence(doctor, "%s", path);
	} else if (!own_addresses_is_local(&doctor->server)) {
		doctor_skip(doctor, "it runs on another machine");
	} else {
		doctor_warn(doctor,
		    "no resolverd listens at its control socket");
		doctor_evidence(doctor, "%s: %s", path, strerror(error));
		doctor_fix(doctor, "systemctl status resolverd");
	}
}
