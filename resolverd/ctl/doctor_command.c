#include "ctl/doctor_command.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "core/server.h"
#include "ctl/command.h"
#include "ctl/doctor.h"
#include "ctl/doctor_cache.h"
#include "ctl/doctor_daemon.h"
#include "ctl/doctor_dns.h"
#include "ctl/doctor_docker.h"
#include "ctl/doctor_expect.h"
#include "ctl/doctor_http.h"
#include "ctl/doctor_junit.h"
#include "ctl/doctor_libc.h"
#include "ctl/doctor_report.h"
#include "ctl/doctor_resolved.h"
#include "ctl/doctor_route.h"
#include "ctl/doctor_search.h"
#include "ctl/doctor_system.h"
#include "ctl/doctor_tcp.h"
#include "ctl/doctor_tls.h"
#include "ctl/doctor_upstreams.h"
#include "ctl/option.h"
#include "io/clock.h"

enum {
	ARENA_BLOCK = 65536,
	PATIENCE_MS = 15000,
	PATIENCE_MOST_MS = 600000,
	HTTPS_PORT = 443,
	MILLISECOND = 1000000,
};

/* A name of the preset that is in force unless others are. */
static const char example[] = "doctor.a.run.app";

static const struct option_row rows[] = {
    {"config", 'c', "FILE", "compare with this configuration",
	offsetof(struct doctor_options, config)},
    {"socket", 's', "PATH", "where the daemon takes orders",
	offsetof(struct doctor_options, socket)},
    {"server", '\0', "ADDR[:PORT]", "ask resolverd there",
	offsetof(struct doctor_options, server)},
    {"expect-blocked", '\0', "NAME", "fail if this name can be reached",
	offsetof(struct doctor_options, blocked)},
    {"timeout", '\0', "TIME", "for everything, 15 s unless given",
	offsetof(struct doctor_options, timeout)},
    {"port", '\0', "PORT", "of the service, 443 unless given",
	offsetof(struct doctor_options, port)},
    {"ca-file", '\0', "FILE", "trust these certificates alone",
	offsetof(struct doctor_options, ca_file)},
    {"json", 'j', NULL, "print JSON", offsetof(struct doctor_options, json)},
    {"junit", '\0', NULL, "print JUnit's XML",
	offsetof(struct doctor_options, junit)},
};

static const struct option_table table = {
    .command = "doctor",
    .arguments = "[OPTION ...] [NAME]",
    .operands = 1,
    .help = "Examines how this machine gets to NAME, from resolv.conf to the "
	    "HTTP status,\nand says what is wrong and which command would mend "
	    "it.",
    .rows = rows,
    .count = sizeof(rows) / sizeof(rows[0]),
};

/* For whom a check is. */
enum whose {
	WHOSE_MACHINE, /* once, with the first name */
	WHOSE_NAME,    /* each name */
	WHOSE_WANTED,  /* a name that is to be reached */
	WHOSE_BLOCKED, /* one that is not to be */
};

/* The checks, in the order of the way. */
static const struct check {
	const char *name;
	enum whose whose;
	void (*run)(struct doctor *doctor);
} checks[] = {
    {"daemon", WHOSE_MACHINE, doctor_daemon_run},
    {"control", WHOSE_MACHINE, doctor_daemon_control_run},
    {"upstreams", WHOSE_MACHINE, doctor_upstreams_run},
    {"nsswitch", WHOSE_MACHINE, doctor_system_switch_run},
    {"resolvconf", WHOSE_MACHINE, doctor_system_resolv_run},
    {"resolved", WHOSE_MACHINE, doctor_resolved_run},
    {"nscd", WHOSE_MACHINE, doctor_system_nscd_run},
    {"docker", WHOSE_MACHINE, doctor_docker_run},
    {"dns", WHOSE_NAME, doctor_dns_run},
    {"types", WHOSE_WANTED, doctor_dns_types_run},
    {"cache", WHOSE_WANTED, doctor_cache_run},
    {"hosts", WHOSE_WANTED, doctor_system_hosts_run},
    {"search", WHOSE_WANTED, doctor_search_run},
    {"libc", WHOSE_WANTED, doctor_libc_run},
    {"order", WHOSE_WANTED, doctor_libc_order_run},
    {"route", WHOSE_NAME, doctor_route_run},
    {"tcp", WHOSE_NAME, doctor_tcp_run},
    {"tls", WHOSE_NAME, doctor_tls_run},
    {"http", WHOSE_NAME, doctor_http_run},
    {"blocked", WHOSE_BLOCKED, doctor_http_blocked_run},
};

/* Options. */

static bool
read_numbers(struct doctor *doctor)
{
	const struct doctor_options *options = &doctor->options;
	uint64_t patience = PATIENCE_MS;
	uint64_t port = HTTPS_PORT;

	if (options->timeout != NULL &&
	    (!duration_parse(options->timeout, &patience) || patience == 0 ||
		patience > PATIENCE_MOST_MS)) {
		option_complain(table.command,
		    "--timeout: '%s' is no time such as 15s, up to 10m",
		    options->timeout);
		return false;
	}
	if (options->port != NULL &&
	    !number_parse(options->port, 1, UINT16_MAX, &port)) {
		option_complain(table.command,
		    "--port: '%s' is no number from 1 to 65535", options->port);
		return false;
	}
	doctor->until = clock_now() + patience * MILLISECOND;
	doctor->port = (uint16_t)port;
	return true;
}

static bool
read_options(struct doctor *doctor)
{
	const struct doctor_options *options = &doctor->options;

	if (options->json && options->junit) {
		option_complain(table.command,
		    "one of --json and --junit is enough");
		return false;
	}
	if (options->server != NULL &&
	    !addr_parse(options->server, SERVER_PORT, &doctor->server)) {
		option_complain(table.command,
		    "--server: '%s' is no address such as 127.0.0.1 or "
		    "[::1]:5353",
		    options->server);
		return false;
	}
	if (options->ca_file != NULL && access(options->ca_file, R_OK) != 0) {
		option_complain(table.command, "--ca-file: cannot read '%s'",
		    options->ca_file);
		return false;
	}
	return read_numbers(doctor);
}

/* Takes up a name; false after a complaint. */
static bool
take_name(struct doctor *doctor, const char *typed)
{
	struct name name;
	char text[NAME_TEXT];
	const enum name_error error = name_from_text(&name, typed);

	if (error != NAME_OK || name.labels == 0) {
		option_complain(table.command, "the name '%s' %s", typed,
		    error == NAME_OK ? "is the root's"
				     : name_error_text(error));
		return false;
	}
	doctor->typed = typed;
	doctor->name =
	    arena_strdup(&doctor->arena, name_to_text(name.wire, text));
	doctor->question = (struct question){
	    .name = name,
	    .type = TYPE_A,
	    .class = CLASS_IN,
	};
	return doctor->name != NULL;
}

/* Examining. */

/* Where resolverd is, by its own word. */
static void
choose_server(struct doctor *doctor)
{
	const struct doctor_addrs *listen = &doctor->expected.listen;

	if (doctor->server.len != 0)
		return;
	if (listen->count > 0) {
		doctor->server = listen->addrs[0];
	} else {
		addr_parse("127.0.0.1", SERVER_PORT, &doctor->server);
	}
}

/* What all checks of a name need to know before. */
static void
gather(struct doctor *doctor)
{
	memset(&doctor->libc, 0, sizeof(doctor->libc));
	memset(&doctor->expected, 0, sizeof(doctor->expected));
	doctor->status = 0;
	doctor->reached = false;
	doctor->trusted = false;
	doctor->shadowed = false;
	if (!doctor->negative)
		doctor_libc_ask(doctor);
	if (doctor_patience(doctor, 1) > 0)
		doctor_expect_run(doctor);
	choose_server(doctor);
}

static bool
is_due(const struct check *check, const struct doctor *doctor)
{
	switch (check->whose) {
	case WHOSE_MACHINE:
		return doctor->on_machine;
	case WHOSE_NAME:
		return true;
	case WHOSE_WANTED:
		return !doctor->negative;
	case WHOSE_BLOCKED:
		return doctor->negative;
	}
	return false;
}

static const char *
subject_text(struct doctor *doctor, enum whose whose)
{
	const char *text;

	if (whose == WHOSE_MACHINE)
		return "this machine";
	text = arena_printf(&doctor->arena, "%s%s", doctor->name,
	    doctor->negative ? " (expected to be blocked)" : "");
	return text == NULL ? "" : text;
}

/* Examines one name, and with the first one the machine. */
static bool
examine(struct doctor *doctor, const char *typed)
{
	const bool first = doctor->first == NULL;
	const char *name;

	if (!take_name(doctor, typed))
		return false;
	gather(doctor);
	if (!first)
		doctor_daemon_ask(doctor);
	name = subject_text(doctor, WHOSE_NAME);
	doctor->on_machine = first;
	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
		if (!is_due(&checks[i], doctor))
			continue;
		doctor->check = checks[i].name;
		doctor->subject = checks[i].whose == WHOSE_MACHINE
		    ? subject_text(doctor, WHOSE_MACHINE)
		    : name;
		doctor->demote =
		    doctor->negative && checks[i].whose == WHOSE_NAME;
		checks[i].run(doctor);
	}
	doctor_tls_close(doctor);
	return true;
}

static bool
examine_all(struct doctor *doctor, const char *typed)
{
	const char *blocked = doctor->options.blocked;

	if (typed != NULL || blocked == NULL) {
		doctor->service = typed != NULL;
		if (!examine(doctor, typed == NULL ? example : typed))
			return false;
	}
	if (blocked == NULL)
		return true;
	doctor->service = true;
	doctor->negative = true;
	return examine(doctor, blocked);
}

/* Printing. */

/* No colour where a person cannot see it or does not want it. */
static enum doctor_style
choose_style(void)
{
	const char *no_color = getenv("NO_COLOR");

	return isatty(STDOUT_FILENO) && (no_color == NULL || *no_color == '\0')
	    ? DOCTOR_COLOUR
	    : DOCTOR_PLAIN;
}

static void
print(const struct doctor *doctor)
{
	if (doctor->options.json) {
		doctor_report_json(doctor, stdout);
	} else if (doctor->options.junit) {
		doctor_junit_print(doctor, stdout);
	} else {
		doctor_report_print(doctor, choose_style(), stdout);
	}
}

int
doctor_command_run(int argc, char **argv)
{
	static struct doctor doctor = {.fd = -1};
	int status = COMMAND_ERROR;
	int first;

	if (!option_read(&table, &doctor.options, argc, argv, &first))
		return first;
	if (!read_options(&doctor))
		return COMMAND_ERROR;
	/* A server that hangs up is a finding, and no reason to end. */
	signal(SIGPIPE, SIG_IGN);
	arena_init_heap(&doctor.arena, ARENA_BLOCK);
	if (examine_all(&doctor, first < argc ? argv[first] : NULL)) {
		print(&doctor);
		status = doctor.counts[DOCTOR_FAIL] == 0 ? COMMAND_OK
							 : COMMAND_FOUND;
	}
	arena_fini(&doctor.arena);
	return status;
}
