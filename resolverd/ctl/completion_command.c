#include "ctl/completion_command.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "config/load.h"
#include "ctl/arguments.h"
#include "ctl/completion.h"
#include "model/preset.h"
#include "model/reference.h"

enum { ARENA_BLOCK = 65536 };

/* The domain names of the configuration, which scripts ask for. */

static void
print_name(const struct name *name, FILE *out)
{
	char text[NAME_TEXT];

	if (!name_is_wildcard(name->wire))
		fprintf(out, "%s\n", name_to_text(name->wire, text));
}

static void
print_zones(const struct model_list *list, FILE *out)
{
	const struct model_zone *const zones = list->items;

	for (size_t i = 0; i < list->count; i++) {
		const struct model_record_set *const sets =
		    zones[i].record_sets.items;

		print_name(&zones[i].dns_name.name, out);
		for (size_t k = 0; k < zones[i].record_sets.count; k++)
			print_name(&sets[k].name, out);
	}
}

static int
print_names(const char *config)
{
	const char *const path =
	    config == NULL ? arguments_default_config() : config;
	const struct load_overrides none = {.mode = NULL};
	struct model_list presets = {.count = 0};
	struct arena arena;
	struct model model;
	struct diag diag;
	bool good;

	diag_init(&diag);
	arena_init_heap(&arena, ARENA_BLOCK);
	good = load_model(path, &none, &model, &diag);
	if (good) {
		preset_zones(&model, reference_default(&model), &arena,
		    &presets);
		print_zones(&model.zones, stdout);
		print_zones(&presets, stdout);
	}
	arena_fini(&arena);
	model_fini(&model);
	diag_fini(&diag);
	return good ? COMMAND_OK : COMMAND_ERROR;
}

static const struct {
	const char *shell;
	completion_script_fn write;
} scripts[] = {
    {"bash", completion_bash},
    {"zsh", completion_zsh},
    {"fish", completion_fish},
};

struct completion_options {
	const char *config;
};

static const struct option_row rows[] = {
    {"config", 'c', "FILE", "print names of this configuration",
	offsetof(struct completion_options, config)},
};

static const struct option_table table = {
    .command = "completion",
    .arguments = "bash|zsh|fish|names",
    .operands = 1,
    .help = "Prints the script by which a shell completes the commands and "
	    "options of\nresolverctl and resolverd; or, for such scripts, the "
	    "domain names of the\nconfiguration.",
    .rows = rows,
    .count = sizeof(rows) / sizeof(rows[0]),
};

int
completion_command_run(int argc, char **argv)
{
	struct completion_options options = {.config = NULL};
	int first;

	if (!option_read(&table, &options, argc, argv, &first))
		return first;
	if (first + 1 == argc && strcmp(argv[first], "names") == 0)
		return print_names(options.config);
	for (size_t i = 0;
	     first + 1 == argc && i < sizeof(scripts) / sizeof(scripts[0]);
	     i++) {
		if (strcmp(scripts[i].shell, argv[first]) != 0)
			continue;
		scripts[i].write(stdout);
		return fflush(stdout) == 0 ? COMMAND_OK : COMMAND_ERROR;
	}
	option_complain(table.command, "for which shell: bash, zsh or fish?");
	return COMMAND_ERROR;
}
