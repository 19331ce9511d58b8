#include "ctl/remote_commands.h"

#include <stdio.h>

#include "ctl/date.h"
#include "ctl/remote_command.h"

enum { TIME_TEXT = 32, MILLISECOND = 1000, SECOND = 1000000 };

static const struct option_row rows[] = {REMOTE_OPTION_ROWS};

static const struct option_table table = {
    .command = "stats",
    .arguments = "[OPTION ...]",
    .help =
	"Shows how many answers came from where and how long they took, and\n"
	"all counters that are not zero.",
    .rows = rows,
    .count = sizeof(rows) / sizeof(rows[0]),
};

/* "250 us", "1.5 ms", "2.0 s" */
static const char *
time_text(unsigned long long us, char buf[TIME_TEXT])
{
	if (us < MILLISECOND) {
		snprintf(buf, TIME_TEXT, "%llu us", us);
	} else if (us < SECOND) {
		snprintf(buf, TIME_TEXT, "%.1f ms", (double)us / MILLISECOND);
	} else {
		snprintf(buf, TIME_TEXT, "%.1f s", (double)us / SECOND);
	}
	return buf;
}

static void
print_source(const struct node *source)
{
	static const char *const keys[] = {"mean_us", "half_within_us",
	    "p90_within_us", "p99_within_us"};
	const char *name = remote_text(source, "source");
	const unsigned long long answers = remote_number(source, "answers");

	printf("%-9s %12llu", name == NULL ? "-" : name, answers);
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		char text[TIME_TEXT] = "-";

		if (answers > 0)
			time_text(remote_number(source, keys[i]), text);
		printf(" %10s", text);
	}
	putchar('\n');
}

static void
print_counters(const struct node *counters)
{
	if (counters == NULL || counters->kind != NODE_MAP)
		return;
	for (const struct node *n = counters->first; n != NULL; n = n->next) {
		if (n->text != NULL && n->text[0] != '0')
			printf("%-22s %12s\n", n->key->text, n->text);
	}
}

static void
print_stats(const struct node *answer)
{
	char span[DATE_SPAN];

	printf("since the start, %s ago\n\n",
	    date_span(remote_number(answer, "uptime_seconds"), span));
	printf("%-9s %12s %10s %10s %10s %10s\n", "FROM", "ANSWERS", "MEAN",
	    "50% <=", "90% <=", "99% <=");
	for (const struct node *n = remote_list(answer, "latency"); n != NULL;
	     n = n->next)
		print_source(n);
	putchar('\n');
	print_counters(node_get(answer, "counters"));
}

int
stats_command_run(int argc, char **argv)
{
	static const struct remote_command command = {
	    .table = &table,
	    .print = print_stats,
	};

	return remote_command_run(&command, argc, argv);
}
