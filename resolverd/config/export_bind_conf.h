#ifndef CONFIG_EXPORT_BIND_CONF_H
#define CONFIG_EXPORT_BIND_CONF_H

#include <stdio.h>

#include "config/export.h"

/*
 * Writes what BIND's named.conf must include: the zones, and where networks
 * or policies differ a view a network.
 */
void export_bind_conf_write(struct export *export, FILE *out);

#endif
