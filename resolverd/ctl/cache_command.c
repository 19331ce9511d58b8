#include "ctl/remote_commands.h"

#include <stdio.h>

#include "ctl/remote_command.h"

static const struct option_row rows[] = {REMOTE_OPTION_ROWS};

static const struct option_table table = {
    .command = "cache",
    .arguments = "[OPTION ...]",
    .help = "Shows how full the cache is, and how well it does.",
    .rows = rows,
    .count = sizeof(rows) / sizeof(rows[0]),
};

static void
print_cache(const struct node *answer)
{
	const unsigned long long hits = remote_number(answer, "hits");
	const unsigned long long all = hits + remote_number(answer, "misses");
	const unsigned long long size = remote_number(answer, "size");
	const unsigned long long entries = remote_number(answer, "entries");

	printf("%llu entr%s, %llu of %llu KiB\n", entries,
	    entries == 1 ? "y" : "ies", remote_number(answer, "octets") / 1024,
	    size / 1024);
	printf("%llu of %llu questions answered from it since the start", hits,
	    all);
	if (all > 0)
		printf(" (%.1f %%)", 100.0 * (double)hits / (double)all);
	putchar('\n');
}

int
cache_command_run(int argc, char **argv)
{
	static const struct remote_command command = {
	    .table = &table,
	    .print = print_cache,
	};

	return remote_command_run(&command, argc, argv);
}
