#ifndef CONFIG_LOAD_H
#define CONFIG_LOAD_H

#include <stdbool.h>
#include <stdio.h>

#include "base/diag.h"
#include "model/model.h"

/* What the command line says over the file; each repeatable one replaces the
 * file's list. */
struct load_overrides {
	const char *mode; /* "restricted", "private", "off", "psc=IP" or NULL */
	const char *const *listen;
	size_t listen_count;
	const char *const *upstreams;
	size_t upstream_count;
};

/*
 * Reads the configuration file at path into a model of defaults, applies the
 * overrides, and checks the whole (model_check).  path NULL: no file.  Every
 * error found goes to diag, in one run; false when there was one.  model is
 * initialised in any case and is the caller's to model_fini, after diag was
 * printed: the names of records files in its messages live in the model.
 */
bool load_model(const char *path, const struct load_overrides *overrides,
    struct model *model, struct diag *diag);

/* The same with the file open already; path is for messages. */
bool load_model_file(FILE *file, const char *path,
    const struct load_overrides *overrides, struct model *model,
    struct diag *diag);

#endif
