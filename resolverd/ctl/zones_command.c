#include "ctl/remote_commands.h"

#include <stdio.h>

#include "ctl/remote_command.h"

static const struct option_row rows[] = {REMOTE_OPTION_ROWS};

static const struct option_table table = {
    .command = "zones",
    .arguments = "[OPTION ...]",
    .help =
	"Shows the zones and response policies that are served, by network\n"
	"and GKE cluster, and who claims them.",
    .rows = rows,
    .count = sizeof(rows) / sizeof(rows[0]),
};

static const char *
or_dash(const char *text)
{
	return text == NULL ? "-" : text;
}

static void
print_zone(const struct node *zone)
{
	printf("  %-32s %-10s %6llu  %s (%s)\n",
	    or_dash(remote_text(zone, "dns_name")),
	    or_dash(remote_text(zone, "kind")),
	    remote_number(zone, "record_sets"),
	    or_dash(remote_text(zone, "name")),
	    or_dash(remote_text(zone, "claimed_by")));
}

static void
print_policy(const struct node *policy)
{
	printf("  %-32s %-10s %6llu  %s (%s)\n", "*", "policy",
	    remote_number(policy, "rules"),
	    or_dash(remote_text(policy, "name")),
	    or_dash(remote_text(policy, "claimed_by")));
}

static void
print_scope(const struct node *scope)
{
	const char *network = remote_text(scope, "network");

	printf("%s %s\n", network == NULL ? "cluster" : "network",
	    network == NULL ? or_dash(remote_text(scope, "cluster")) : network);
	for (const struct node *n = remote_list(scope, "response_policies");
	     n != NULL; n = n->next)
		print_policy(n);
	for (const struct node *n = remote_list(scope, "zones"); n != NULL;
	     n = n->next)
		print_zone(n);
}

static void
print_zones(const struct node *answer)
{
	for (const struct node *n = remote_list(answer, "scopes"); n != NULL;
	     n = n->next)
		print_scope(n);
}

int
zones_command_run(int argc, char **argv)
{
	static const struct remote_command command = {
	    .table = &table,
	    .print = print_zones,
	};

	return remote_command_run(&command, argc, argv);
}
