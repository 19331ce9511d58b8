#ifndef CONFIG_IMPORT_JOIN_H
#define CONFIG_IMPORT_JOIN_H

#include "config/import_stage.h"

/*
 * Finds the zone of every record set and the response policy of every rule:
 * by the name that came with it, else for all of one file together.  A zone
 * is known by its apex, which is the owner of the SOA; by its name, which is
 * that of the file or the directory; or, at last, as the longest dns_name that
 * holds all the names.  What finds nobody is told of.
 */
void import_join_members(struct import *import);

#endif
