#include "ctl/remote_commands.h"

#include <stdio.h>
#include <string.h>

#include "ctl/date.h"
#include "ctl/mode_print.h"
#include "ctl/remote_command.h"

static const struct option_row rows[] = {REMOTE_OPTION_ROWS};

static const struct option_table table = {
    .command = "status",
    .arguments = "[OPTION ...]",
    .help =
	"Shows where the daemon stands: what it serves, since when, how the\n"
	"last reload went, whom this machine asks, and the query log.",
    .rows = rows,
    .count = sizeof(rows) / sizeof(rows[0]),
};

static const char *
or_dash(const char *text)
{
	return text == NULL ? "-" : text;
}

static void
print_list(const struct node *answer, const char *key, const char *title)
{
	const char *before = "";

	printf("%-10s ", title);
	for (const struct node *n = remote_list(answer, key); n != NULL;
	     n = n->next) {
		printf("%s%s", before, n->text);
		before = "\n           ";
	}
	puts(before[0] == '\0' ? "-" : "");
}

static void
print_process(const struct node *answer)
{
	char span[DATE_SPAN];

	printf("resolverd  %s, pid %llu, since %s (%s)\n",
	    or_dash(remote_text(answer, "version")),
	    remote_number(answer, "pid"),
	    or_dash(remote_text(answer, "started")),
	    date_span(remote_number(answer, "uptime_seconds"), span));
}

static size_t
count_of(const struct node *list)
{
	size_t count = 0;

	for (const struct node *n = list; n != NULL; n = n->next)
		count++;
	return count;
}

static void
print_served(const struct node *answer)
{
	const unsigned long long zones = remote_number(answer, "zones");
	const size_t networks = count_of(remote_list(answer, "networks"));
	const unsigned long long workers = remote_number(answer, "workers");

	printf("serves     %llu zone%s in %zu network%s with %llu worker%s\n",
	    zones, zones == 1 ? "" : "s", networks, networks == 1 ? "" : "s",
	    workers, workers == 1 ? "" : "s");
}

static void
print_reload(const struct node *reload)
{
	const char *at = remote_text(reload, "at");
	const unsigned long long errors = remote_number(reload, "errors");

	if (at == NULL) {
		puts("reload     none since the start");
	} else if (remote_flag(reload, "good")) {
		printf("reload     at %s, good\n", at);
	} else {
		printf("reload     at %s, FAILED with %llu error%s; the "
		       "configuration before it is served\n",
		    at, errors, errors == 1 ? "" : "s");
	}
}

static void
print_drift(const struct node *conf)
{
	const char *asks = remote_text(conf, "asks");

	if (asks == NULL) {
		puts("machine    asks nobody knows whom: /etc/resolv.conf "
		     "cannot be read");
		return;
	}
	printf("machine    asks %s", asks);
	if (strcmp(or_dash(remote_text(conf, "state")), "other") == 0) {
		printf(", not this daemon:\n           /etc/resolv.conf is as "
		       "%s made it",
		    or_dash(remote_text(conf, "made_by")));
	}
	putchar('\n');
}

static void
print_query_log(const struct node *log)
{
	const char *to = remote_text(log, "to");

	if (to == NULL) {
		puts("query log  none");
		return;
	}
	printf("query log  %s, %s, as %s\n",
	    strcmp(to, "log") == 0 ? "the daemon's own log" : to,
	    strcmp(or_dash(remote_text(log, "queries")), "all") == 0
		? "all queries"
		: "queries of networks with enable_logging",
	    or_dash(remote_text(log, "format")));
	if (!remote_flag(log, "good")) {
		printf("           %s, entries lost so far: %llu\n",
		    remote_flag(log, "hangs") ? "HANGS" : "FAILS",
		    remote_number(log, "lost"));
	}
}

static void
print_status(const struct node *answer)
{
	print_process(answer);
	mode_print(answer);
	print_list(answer, "listen", "listens");
	print_list(answer, "upstreams", "forwards");
	print_served(answer);
	printf("config     %s\n",
	    or_dash(remote_text(answer, "configuration")));
	print_reload(node_get(answer, "reload"));
	print_drift(node_get(answer, "resolv_conf"));
	print_query_log(node_get(answer, "query_log"));
	printf("socket     %s\n",
	    or_dash(remote_text(answer, "control_socket")));
	printf("log level  %s\n", or_dash(remote_text(answer, "log_level")));
}

int
status_command_run(int argc, char **argv)
{
	static const struct remote_command command = {
	    .table = &table,
	    .print = print_status,
	};

	return remote_command_run(&command, argc, argv);
}
