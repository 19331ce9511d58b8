#include "ctl/import_command.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config/dump.h"
#include "config/import.h"

enum { STATUS_WRONG = 2 };

static const int statuses[] = {
    [IMPORT_WHOLE] = 0,
    [IMPORT_PART] = 1,
    [IMPORT_WRONG] = STATUS_WRONG,
};

static void
print_usage(FILE *out)
{
	fputs("usage: resolverctl import [-o FILE] FILE|DIRECTORY ...\n\n"
	      "Makes a configuration of what other tools wrote: gcloud dns "
	      "... --format=yaml|json,\n"
	      "gcloud dns record-sets export, terraform show -json, and "
	      "factory files of Cloud\n"
	      "Foundation Fabric.  What is left out is told on standard "
	      "error.\n\n"
	      "  -o FILE   write the configuration here\n"
	      "  -h        print this\n",
	    out);
}

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
	return STATUS_WRONG;
}

static int
import_to(char *const *paths, size_t count, const char *path)
{
	FILE *out = output_open(path);
	struct model model;
	enum import_result result;

	if (out == NULL)
		return STATUS_WRONG;
	model_init(&model);
	/* The networks as they are, and no zone that nobody has there. */
	model.presets.count = 0;
	result = import_paths(paths, count, &model, stderr);
	dump_model(&model, out);
	model_fini(&model);
	return output_close(out, path, statuses[result]);
}

int
import_command_run(int argc, char **argv)
{
	const char *path = NULL;
	int letter;

	optind = 1;
	while ((letter = getopt(argc, argv, "ho:")) != -1) {
		switch (letter) {
		case 'o':
			path = optarg;
			break;
		case 'h':
			print_usage(stdout);
			return 0;
		default: /* getopt has said what is wrong */
			print_usage(stderr);
			return STATUS_WRONG;
		}
	}
	if (optind == argc) {
		print_usage(stderr);
		return STATUS_WRONG;
	}
	return import_to(argv + optind, (size_t)(argc - optind), path);
}
