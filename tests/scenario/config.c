#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/diag.h"
#include "config/load.h"
#include "model/compile.h"

/* Appends a file that lies beside the scenario's own. */
static bool
append_file(const struct action *action, const char *name, FILE *out,
    struct arena *arena)
{
	const char *slash = strrchr(action->file, '/');
	const int dir = slash == NULL ? 0 : (int)(slash - action->file + 1);
	FILE *in =
	    fopen(arena_printf(arena, "%.*s%s", dir, action->file, name), "re");
	int c;

	if (in == NULL)
		return script_fail(action, "%s: %s", name, strerror(errno));
	while ((c = fgetc(in)) != EOF)
		fputc(c, out);
	fclose(in);
	return true;
}

static bool
write_config(const struct action *action, int fd, struct arena *arena)
{
	FILE *out = fdopen(fd, "w");
	bool written = true;

	for (size_t i = 1; i < action->count; i++)
		written &= append_file(action, action->words[i], out, arena);
	if (action->block != NULL)
		fputs(action->block, out);
	return fclose(out) == 0 && written;
}

static struct snapshot *
load(const char *path, const struct config_context *context, struct diag *diag)
{
	const struct load_overrides overrides = {0};
	struct snapshot *snapshot = NULL;
	struct model model;

	if (load_model(path, &overrides, &model, diag)) {
		model.loaded_at = context->now;
		snapshot = compile_snapshot(&model, context->key, diag);
	}
	model_fini(&model);
	return snapshot;
}

static char *
print_complaints(const struct diag *diag)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	diag_print(diag, out);
	fclose(out);
	return text;
}

struct snapshot *
config_compile(const struct action *action,
    const struct config_context *context, char **complaints)
{
	char path[] = "/tmp/scenario-XXXXXX";
	const int fd = mkstemp(path);
	struct snapshot *snapshot = NULL;
	struct diag diag;

	diag_init(&diag);
	if (fd >= 0 && write_config(action, fd, context->arena))
		snapshot = load(path, context, &diag);
	unlink(path);
	*complaints = print_complaints(&diag);
	diag_fini(&diag);
	return snapshot;
}
