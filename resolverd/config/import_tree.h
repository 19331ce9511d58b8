#ifndef CONFIG_IMPORT_TREE_H
#define CONFIG_IMPORT_TREE_H

#include "config/import_stage.h"

/*
 * Reads a file, or every file below a directory in the order of their names.
 * Symbolic links are followed; what is hidden is passed over, what cannot be
 * read is told of, and so is what is too deep or leads back to itself.
 */
void import_tree_read(struct import *import, const char *path);

#endif
