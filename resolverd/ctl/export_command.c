#include "ctl/export_command.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "config/export.h"
#include "config/export_bind.h"
#include "config/export_bind_conf.h"
#include "config/export_gcloud.h"
#include "config/export_terraform.h"
#include "config/load.h"
#include "ctl/command.h"
#include "ctl/option.h"

#ifndef RESOLVERD_CONFIG
#define RESOLVERD_CONFIG "/etc/resolverd/resolverd.yaml"
#endif

/* Writes into a file that is open; closing it is the caller's. */
typedef void (*write_fn)(struct export *export, FILE *out);

struct request;

/* A format is one file, or by files a folder of them. */
struct format {
	const char *name;
	const char *file; /* what its file is called in a folder */
	write_fn write;
	bool (*files)(const struct request *request, struct export *export);
};

struct request {
	const char *config;
	const struct format *format;
	const char *output; /* NULL: standard output */
	struct export_options options;
};

/* Files. */

static bool
complain(const char *path)
{
	fprintf(stderr, "resolverctl export: %s: %s\n", path, strerror(errno));
	return false;
}

static bool
finish(FILE *file, const char *path)
{
	const bool good = ferror(file) == 0;

	if (file == stdout)
		return (fflush(file) == 0 && good) || complain(path);
	return (fclose(file) == 0 && good) || complain(path);
}

static bool
write_file(struct export *export, const char *path, write_fn write)
{
	FILE *const file = fopen(path, "we");

	if (file == NULL)
		return complain(path);
	write(export, file);
	return finish(file, path);
}

static const char *
path_in(struct export *export, const char *folder, const char *name)
{
	const char *const path =
	    arena_printf(&export->arena, "%s/%s", folder, name);

	return path == NULL ? "" : path;
}

static bool
is_folder(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

/* BIND's: a master file a zone and a response policy, and the rest. */

static bool
write_zone_file(const struct request *request, struct export *export,
    const struct export_zone *zone)
{
	const char *const path = path_in(export, request->output,
	    export_bind_zone_file(export, zone));
	FILE *file;

	if (!export_bind_has_file(zone))
		return true;
	file = fopen(path, "we");
	if (file == NULL)
		return complain(path);
	export_bind_write_zone(export, zone, file);
	return finish(file, path);
}

static bool
write_policy_file(const struct request *request, struct export *export,
    const struct export_response_policy *policy)
{
	const char *const path = path_in(export, request->output,
	    export_bind_policy_file(export, policy));
	FILE *const file = fopen(path, "we");

	if (file == NULL)
		return complain(path);
	export_bind_write_policy(export, policy, file);
	return finish(file, path);
}

static bool
bind_folder(const struct request *request, struct export *export)
{
	const struct export_zone *const zones = export->zones.items;
	const struct export_response_policy *const policies =
	    export->response_policies.items;

	if (mkdir(request->output, 0777) != 0 && errno != EEXIST)
		return complain(request->output);
	for (size_t i = 0; i < export->zones.count; i++) {
		if (!write_zone_file(request, export, &zones[i]))
			return false;
	}
	for (size_t i = 0; i < export->response_policies.count; i++) {
		if (!write_policy_file(request, export, &policies[i]))
			return false;
	}
	return write_file(export,
	    path_in(export, request->output, request->format->file),
	    request->format->write);
}

static bool
bind_files(const struct request *request, struct export *export)
{
	const struct export_zone *const zones = export->zones.items;

	if (request->output != NULL)
		return bind_folder(request, export);
	if (export->zones.count == 1 && export_bind_has_file(&zones[0])) {
		export_bind_write_zone(export, &zones[0], stdout);
		return finish(stdout, "standard output");
	}
	fputs("resolverctl export: bind is a file a zone: say -o FOLDER, or "
	      "--zone NAME for a private zone\n",
	    stderr);
	return false;
}

/* Whether a path leads to the configuration that is being exported. */
static bool
is_configuration(const struct request *request, const char *path)
{
	struct stat config;
	struct stat output;

	return request->config != NULL && stat(request->config, &config) == 0 &&
	    stat(path, &output) == 0 && config.st_dev == output.st_dev &&
	    config.st_ino == output.st_ino;
}

static bool
one_file(const struct request *request, struct export *export)
{
	const struct format *const format = request->format;
	const char *path;

	if (request->output == NULL) {
		format->write(export, stdout);
		return finish(stdout, "standard output");
	}
	path = is_folder(request->output)
	    ? path_in(export, request->output, format->file)
	    : request->output;
	if (is_configuration(request, path)) {
		fprintf(stderr,
		    "resolverctl export: %s is the configuration itself\n",
		    path);
		return false;
	}
	return write_file(export, path, format->write);
}

static const struct format formats[] = {
    {"gcloud", "dns.sh", export_gcloud_write, one_file},
    {"terraform", "dns.tf", export_terraform_write, one_file},
    {"bind", "named.conf", export_bind_conf_write, bind_files},
};

enum { FORMATS = sizeof(formats) / sizeof(formats[0]) };

/* The command line. */

/* What was given, before it is understood. */
struct given {
	const char *config;
	const char *format;
	const char *zone;
	const char *project;
	const char *output;
};

static const struct option_row rows[] = {
    {"config", 'c', "FILE", "work with this configuration of resolverd",
	offsetof(struct given, config)},
    {"format", 'f', "FORMAT", "gcloud (a shell script), terraform or bind",
	offsetof(struct given, format)},
    {"zone", 'z', "NAME", "only this zone, by its name or DNS name",
	offsetof(struct given, zone)},
    {"project", 'p', "PROJECT", "the project that is to get all this",
	offsetof(struct given, project)},
    {"output", 'o', "FILE", "write there; for bind a folder",
	offsetof(struct given, output)},
};

static const struct option_table table = {
    .command = "export",
    .arguments = "[OPTION ...]",
    .help = "Writes what would make the configuration real, as a script, a "
	    "file or a\nfolder of files. What cannot be said so is told on "
	    "standard error.",
    .rows = rows,
    .count = sizeof(rows) / sizeof(rows[0]),
};

static bool
take_format(struct request *request, const char *name)
{
	const char *names[FORMATS];
	const char *nearest;

	for (size_t i = 0; i < FORMATS; i++) {
		if (strcmp(formats[i].name, name) == 0) {
			request->format = &formats[i];
			return true;
		}
		names[i] = formats[i].name;
	}
	nearest = text_nearest(name, names, FORMATS);
	option_complain(table.command, "there is no format '%s'%s%s%s", name,
	    nearest == NULL ? "; there are gcloud, terraform and bind"
			    : " (did you mean '",
	    nearest == NULL ? "" : nearest, nearest == NULL ? "" : "'?)");
	return false;
}

/* False: everything is said, and *number is the exit status. */
static bool
take_options(struct request *request, int argc, char **argv, int *number)
{
	struct given given = {.config = NULL};

	if (!option_read(&table, &given, argc, argv, number))
		return false;
	*number = COMMAND_ERROR;
	if (given.format != NULL && !take_format(request, given.format))
		return false;
	request->config = given.config;
	if (request->config == NULL && access(RESOLVERD_CONFIG, F_OK) == 0)
		request->config = RESOLVERD_CONFIG;
	request->output = given.output;
	request->options.zone = given.zone;
	request->options.project = given.project;
	return true;
}

/* The work. */

static bool
export_model(const struct request *request, const struct model *model,
    struct diag *diag)
{
	struct export export;
	const bool good =
	    export_init(&export, model, &request->options, diag) &&
	    request->format->files(request, &export);
	const bool whole = !export.arena.full;

	export_fini(&export);
	if (!whole)
		fputs("resolverctl export: out of memory\n", stderr);
	return good && whole;
}

int
export_run(int argc, char **argv)
{
	const struct load_overrides none = {.mode = NULL};
	struct request request = {.format = &formats[0]};
	struct model model;
	struct diag diag;
	int status;
	bool good;

	if (!take_options(&request, argc, argv, &status))
		return status;
	diag_init(&diag);
	good = load_model(request.config, &none, &model, &diag) &&
	    export_model(&request, &model, &diag);
	diag_print(&diag, stderr);
	model_fini(&model);
	diag_fini(&diag);
	return good ? COMMAND_OK : COMMAND_ERROR;
}
