#ifndef CONFIG_IMPORT_MASTER_H
#define CONFIG_IMPORT_MASTER_H

#include <stdbool.h>
#include <stddef.h>

#include "config/import_stage.h"

/*
 * A master file (RFC 1035 section 5), as gcloud dns record-sets export
 * --zone-file-format writes it: its records become record sets, each with the
 * least of the TTLs.  path is for messages.  False when something in it was
 * wrong.
 */
bool import_master_read(struct import *import, const char *path, char *text,
    size_t len);

/* Whether a line is what a master file begins with. */
bool import_master_begins(const char *line, size_t len);

#endif
