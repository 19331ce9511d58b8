#ifndef CONFIG_RECORDS_H
#define CONFIG_RECORDS_H

#include <stdbool.h>

#include "base/diag.h"
#include "model/model.h"

/*
 * Reads every zone's records_file and adds its record sets to the zone's.  A
 * relative path is relative to the directory of config_path.  The file is
 * what gcloud dns record-sets export writes, in either of its forms, or what
 * list --format=yaml or --format=json prints: YAML when the first line that
 * is neither empty nor a comment begins with "---", "- ", "[", "{" or a word
 * that ends with a colon, and a master file (RFC 1035 section 5) otherwise.
 *
 * Records of one name and type in a master file become one set, with the
 * least of their TTLs.  False when there was an error, which diag tells then.
 */
bool
records_load(struct model *model, const char *config_path, struct diag *diag);

#endif
