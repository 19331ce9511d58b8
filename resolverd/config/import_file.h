#ifndef CONFIG_IMPORT_FILE_H
#define CONFIG_IMPORT_FILE_H

#include "config/import_stage.h"

/* What a file is to be. */
enum import_file_use {
	IMPORT_FILE_ANY,   /* resources of whatever tool */
	IMPORT_FILE_FOUND, /* likewise, but found beside others: it may be
			      none of them */
	IMPORT_FILE_RULES, /* rules for the policy that is named */
};

struct import_file {
	const char *path;
	struct mark mark; /* where it was named; file NULL: nowhere */
	enum import_file_use use;
	const char *policy; /* IMPORT_FILE_RULES */
};

/*
 * Reads a file and stages what is in it: JSON, YAML of one or more documents,
 * or a master file, whichever its text is.
 */
void import_file_read(struct import *import, const struct import_file *file);

#endif
