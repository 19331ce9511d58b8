#include "ctl/preflight.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/diag.h"
#include "config/dump.h"
#include "config/load.h"
#include "ctl/arguments.h"
#include "ctl/privileges.h"
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

enum exit_code
preflight_complain(const struct arguments *arguments, const struct diag *diag)
{
	const char *path = arguments->config;

	diag_print(diag, stderr);
	if (diag->errors == 0)
		return EXIT_CODE_OK;
	fprintf(stderr, "%zu error%s\n", diag->errors,
	    diag->errors == 1 ? "" : "s");
	if (path != NULL && !can_read(path))
		return EXIT_CODE_FILES;
	return EXIT_CODE_CONFIG;
}

bool
preflight_read(const struct arguments *arguments, struct model *model,
    struct diag *diag)
{
	const bool good =
	    load_model(arguments->config, &arguments->overrides, model, diag);

	return privileges_check(&model->user, diag) && good;
}

static enum exit_code
check_model(const struct arguments *arguments, struct model *model)
{
	const struct hash_key key = {0};
	struct snapshot *snapshot = NULL;
	struct tls *tls = NULL;
	struct diag diag;
	enum exit_code code;

	diag_init(&diag);
	if (preflight_read(arguments, model, &diag) &&
	    trust_read(model, &tls, &diag))
		snapshot = compile_snapshot(model, &key, &diag);
	tls_drop(tls);
	code = preflight_complain(arguments, &diag);
	if (snapshot != NULL)
		compile_free(snapshot);
	diag_fini(&diag);
	return code;
}

enum exit_code
preflight_check(const struct arguments *arguments)
{
	struct model model;
	const enum exit_code code = check_model(arguments, &model);

	if (code == EXIT_CODE_OK && arguments->verbosity > 0)
		dump_model(&model, stdout);
	if (code == EXIT_CODE_OK)
		fputs("configuration OK\n", stderr);
	model_fini(&model);
	return code;
}
