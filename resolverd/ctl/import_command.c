#include "ctl/import_command.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "config/dump.h"
#include "config/import.h"
#include "ctl/command.h"
#include "ctl/option.h"

struct import_options {
	const char *output; /* NULL: standard output */
};

static const struct option_row rows[] = {
    {"output", 'o', "FILE", "write the configuration here, a new file",
	offsetof(struct import_options, output)},
};

static const struct option_table table = {
    .command = "import",
    .arguments = "[OPTION ...] FILE|DIRECTORY ...",
    .operands = OPTION_ANY,
    .help =
	"Makes a configuration of what other tools wrote: gcloud dns ...\n"
	"--format=yaml|json, gcloud dns record-sets export, terraform show\n"
	"-json, and factory files of Cloud Foundation Fabric. What is left\n"
	"out is told on standard error.",
    .rows = rows,
    .count = sizeof(rows) / sizeof(rows[0]),
};

static const int statuses[] = {
    [IMPORT_WHOLE] = COMMAND_OK,
    [IMPORT_PART] = COMMAND_FOUND,
    [IMPORT_WRONG] = COMMAND_ERROR,
};

/* Nothing may be there before: a person's configuration is not written over. */
static FILE *
output_open(const char *path)
{
	FILE *out = path == NULL ? stdout : fopen(path, "wxe");

	if (out == NULL) {
		fprintf(stderr, "resolverctl import: %s cannot be made: %s\n",
		    path, strerror(errno));
	}
	return out;
}

static int
output_close(FILE *out, const char *path, int status)
{
	const bool failed = ferror(out) != 0 || fflush(out) == EOF;

	if (out != stdout)
		fclose(out);
	if (!failed)
		return status;
	fprintf(stderr, "resolverctl import: %s cannot be written\n",
	    path == NULL ? "standard output" : path);
	return COMMAND_ERROR;
}

static int
output_write(const struct model *model, const char *path, int status)
{
	FILE *out = output_open(path);

	if (out == NULL)
		return COMMAND_ERROR;
	dump_model(model, out);
	return output_close(out, path, status);
}

static bool
is_empty(const struct model *model)
{
	return model->zones.count + model->response_policies.count +
	    model->policies.count ==
	    0;
}

/* A configuration that lacks what was wrong is none: nothing is written. */
static int
import_to(char *const *paths, size_t count, const char *path)
{
	struct model model;
	enum import_result result;
	int status = COMMAND_ERROR;

	model_init(&model);
	/* The networks as they are, and no zone that nobody has there. */
	model.presets.count = 0;
	result = import_paths(paths, count, &model, stderr);
	if (result == IMPORT_WRONG) {
		fputs("resolverctl import: nothing is written, for there were "
		      "errors\n",
		    stderr);
	} else if (is_empty(&model)) {
		fputs("resolverctl import: nothing is written, for nothing of "
		      "Cloud DNS was found\n",
		    stderr);
	} else {
		status = output_write(&model, path, statuses[result]);
	}
	model_fini(&model);
	return status;
}

int
import_command_run(int argc, char **argv)
{
	struct import_options options = {.output = NULL};
	int first;

	if (!option_read(&table, &options, argc, argv, &first))
		return first;
	if (first == argc) {
		option_complain(table.command, "which files or directories?");
		return COMMAND_ERROR;
	}
	return import_to(argv + first, (size_t)(argc - first), options.output);
}
