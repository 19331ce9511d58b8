#ifndef CONFIG_IMPORT_H
#define CONFIG_IMPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/diag.h"
#include "model/model.h"

/*
 * What teams have already: what gcloud dns prints of zones, record sets,
 * policies and response policies, as YAML, JSON or zone file; what terraform
 * show -json prints; and the factory files of Cloud Foundation Fabric.
 */

/*
 * Reads the model's resource_files and each response policy's rules_file and
 * adds what they hold to its lists.  A relative path is relative to the
 * directory of config_path.  Record sets and rules may belong to what the
 * model has already.  False when anything was wrong, which diag tells then;
 * the model is not to be used.
 */
bool
import_load(struct model *model, const char *config_path, struct diag *diag);

/* What import_paths came to. */
enum import_result {
	IMPORT_WHOLE, /* everything that changes answers was taken over */
	IMPORT_PART,  /* something that does was left out */
	IMPORT_WRONG, /* something was wrong or could not be read */
};

/*
 * Reads files, and directories with all that is below them but for hidden
 * files, into a model that is initialised already, and declares the networks
 * and clusters that are named.  What is left out is told to report at once,
 * what was taken over at the end.  What is wrong in itself is left out.
 */
enum import_result import_paths(char *const *paths, size_t count,
    struct model *model, FILE *report);

#endif
