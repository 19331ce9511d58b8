#include "ctl/remote_commands.h"

#include <stdio.h>

#include "ctl/remote_command.h"

static const struct option_row rows[] = {REMOTE_OPTION_ROWS};

static const struct option_table table = {
    .command = "upstreams",
    .arguments = "[OPTION ...]",
    .help = "Shows the servers that are asked, and what is known of them.",
    .rows = rows,
    .count = sizeof(rows) / sizeof(rows[0]),
};

static const char *
or_dash(const char *text)
{
	return text == NULL ? "-" : text;
}

/* What a server was found not to do. */
static void
print_lacks(const struct node *lacks)
{
	const char *before = "; without ";

	for (const struct node *n = lacks; n != NULL; n = n->next) {
		printf("%s%s", before, n->text);
		before = ", ";
	}
}

static void
print_server(const struct node *server)
{
	const char *source = remote_text(server, "source");
	char rtt[32] = "-";
	char success[32] = "-";

	if (node_get(server, "srtt_us") != NULL) {
		snprintf(rtt, sizeof(rtt), "%.1f ms",
		    (double)remote_number(server, "srtt_us") / 1000);
		snprintf(success, sizeof(success), "%llu %%",
		    remote_number(server, "success_percent"));
	}
	printf("%-28s %-7s %9s %8s  %s", or_dash(remote_text(server, "server")),
	    or_dash(remote_text(server, "state")), rtt, success,
	    or_dash(remote_text(server, "for")));
	if (source != NULL)
		printf(", from %s", source);
	print_lacks(remote_list(server, "lacks"));
	putchar('\n');
}

static void
print_upstreams(const struct node *answer)
{
	const struct node *servers = remote_list(answer, "upstreams");

	if (servers == NULL) {
		puts("no servers are asked");
		return;
	}
	printf("%-28s %-7s %9s %8s  %s\n", "SERVER", "STATE", "TIME", "SUCCESS",
	    "FOR");
	for (const struct node *n = servers; n != NULL; n = n->next)
		print_server(n);
}

int
upstreams_command_run(int argc, char **argv)
{
	static const struct remote_command command = {
	    .table = &table,
	    .print = print_upstreams,
	};

	return remote_command_run(&command, argc, argv);
}
