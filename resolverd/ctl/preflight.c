#include "ctl/preflight.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/json_writer.h"
#include "config/dump.h"
#include "config/load.h"
#include "ctl/arguments.h"
#include "ctl/privileges.h"
#include "ctl/report.h"
#include "ctl/trust.h"
#include "model/compile.h"

/* A look alone: a pipe would lose what is read from it. */
static bool
can_read(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && !S_ISDIR(status.st_mode) &&
	    access(path, R_OK) == 0;
}

/* What was found comes to; without a word. */
static enum exit_code
judge(const struct arguments *arguments, const struct diag *diag)
{
	const char *path = arguments->config;

	if (diag->errors == 0)
		return EXIT_CODE_OK;
	return path != NULL && !can_read(path) ? EXIT_CODE_FILES
					       : EXIT_CODE_CONFIG;
}

enum exit_code
preflight_complain(const struct arguments *arguments, const struct diag *diag)
{
	diag_print(diag, stderr);
	if (diag->errors > 0) {
		fprintf(stderr, "%zu error%s\n", diag->errors,
		    diag->errors == 1 ? "" : "s");
	}
	return judge(arguments, diag);
}

bool
preflight_read(const struct arguments *arguments, struct model *model,
    struct diag *diag)
{
	const bool good =
	    load_model(arguments->config, &arguments->overrides, model, diag);

	return privileges_check(&model->user, diag) && good;
}

/* All that is checked; what was found is in diag. */
static void
check_model(const struct arguments *arguments, struct model *model,
    struct diag *diag)
{
	const struct hash_key key = {0};
	struct snapshot *snapshot = NULL;
	struct tls *tls = NULL;

	if (preflight_read(arguments, model, diag) &&
	    trust_read(model, &tls, diag))
		snapshot = compile_snapshot(model, &key, diag);
	tls_drop(tls);
	if (snapshot != NULL)
		compile_free(snapshot);
}

enum exit_code
preflight_check(const struct arguments *arguments)
{
	struct model model;
	struct diag diag;
	enum exit_code code;

	diag_init(&diag);
	check_model(arguments, &model, &diag);
	code = preflight_complain(arguments, &diag);
	if (code == EXIT_CODE_OK && arguments->verbosity > 0)
		dump_model(&model, stdout);
	if (code == EXIT_CODE_OK)
		fputs("configuration OK\n", stderr);
	diag_fini(&diag);
	model_fini(&model);
	return code;
}

enum exit_code
preflight_check_json(const struct arguments *arguments, FILE *out)
{
	struct json_writer writer;
	struct model model;
	struct diag diag;
	enum exit_code code;

	diag_init(&diag);
	check_model(arguments, &model, &diag);
	code = judge(arguments, &diag);
	json_writer_init(&writer, out);
	json_writer_object(&writer, NULL);
	json_writer_text(&writer, "file", arguments->config);
	json_writer_bool(&writer, "good", code == EXIT_CODE_OK);
	report_write(&diag, &writer);
	json_writer_end(&writer);
	diag_fini(&diag);
	model_fini(&model);
	return code;
}
