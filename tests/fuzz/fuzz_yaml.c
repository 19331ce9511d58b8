/*
 * A whole configuration from text: nodes, schema, records, check; what is
 * right is compiled and dumped too, and the dump must load again.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/dump.h"
#include "config/load.h"
#include "model/compile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct load_overrides nothing;

/* A directory that is not there: no records file is ever found beside it. */
static const char path[] = "/nonexistent/fuzz.yaml";

static bool
load_text(const void *text, size_t len, struct model *model, struct diag *diag)
{
	char *copy = malloc(len);
	FILE *file;
	bool good;

	if (copy == NULL)
		abort();
	memcpy(copy, text, len);
	file = fmemopen(copy, len, "r");
	if (file == NULL)
		abort();
	good = load_model_file(file, path, &nothing, model, diag);
	fclose(file);
	free(copy);
	return good;
}

static void
load_again(const char *text, size_t len)
{
	struct model model;
	struct diag diag;

	diag_init(&diag);
	if (!load_text(text, len, &model, &diag)) {
		diag_print(&diag, stderr);
		abort();
	}
	model_fini(&model);
	diag_fini(&diag);
}

static void
dump_and_load(const struct model *model)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	if (out == NULL)
		abort();
	dump_model(model, out);
	fclose(out);
	load_again(text, len);
	free(text);
}

static void
compile(const struct model *model, struct diag *diag)
{
	const struct hash_key key = {1, 2};
	struct snapshot *snapshot = compile_snapshot(model, &key, diag);

	if (snapshot == NULL)
		abort();
	compile_free(snapshot);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct model model;
	struct diag diag;

	if (size == 0)
		return 0;
	diag_init(&diag);
	if (load_text(data, size, &model, &diag)) {
		compile(&model, &diag);
		dump_and_load(&model);
	}
	model_fini(&model);
	diag_fini(&diag);
	return 0;
}
