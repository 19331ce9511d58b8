#include "ctl/remote_commands.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "ctl/remote_command.h"

static const struct option_row rows[] = {REMOTE_OPTION_ROWS};

static const struct option_table table = {
    .command = "zones",
    .arguments = "[OPTION ...]",
    .help =
	"Shows the zones and response policies that are configured, by the\n"
	"network and GKE cluster that sees them, and who claims them.",
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

/* Who sees zones: "networks" or "clusters", and the name; NULL: nobody. */
struct viewer {
	const char *list;
	const char *name;
};

static bool
sees(const struct viewer *viewer, const struct node *entry)
{
	if (viewer->name == NULL) {
		return remote_list(entry, "networks") == NULL &&
		    remote_list(entry, "clusters") == NULL;
	}
	for (const struct node *n = remote_list(entry, viewer->list); n != NULL;
	     n = n->next) {
		if (strcmp(n->text, viewer->name) == 0)
			return true;
	}
	return false;
}

static void
print_seen(const struct viewer *viewer, const struct node *list,
    void (*print)(const struct node *entry))
{
	for (const struct node *n = list; n != NULL; n = n->next) {
		if (sees(viewer, n))
			print(n);
	}
}

static void
print_viewer(const struct viewer *viewer, const struct node *answer)
{
	print_seen(viewer, remote_list(answer, "response_policies"),
	    print_policy);
	print_seen(viewer, remote_list(answer, "zones"), print_zone);
}

static void
print_viewers(const struct node *answer, const char *list, const char *title)
{
	for (const struct node *n = remote_list(answer, list); n != NULL;
	     n = n->next) {
		printf("%s %s\n", title, n->text);
		print_viewer(&(struct viewer){.list = list, .name = n->text},
		    answer);
	}
}

static const struct viewer nobody = {.name = NULL};

static bool
has_unseen(const struct node *list)
{
	const struct node *n = list;

	while (n != NULL && !sees(&nobody, n))
		n = n->next;
	return n != NULL;
}

static void
print_zones(const struct node *answer)
{
	print_viewers(answer, "networks", "network");
	print_viewers(answer, "clusters", "cluster");
	if (!has_unseen(remote_list(answer, "zones")) &&
	    !has_unseen(remote_list(answer, "response_policies")))
		return;
	puts("nobody");
	print_viewer(&nobody, answer);
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
