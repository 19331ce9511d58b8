#ifndef CONFIG_EXPORT_GCLOUD_H
#define CONFIG_EXPORT_GCLOUD_H

#include <stdio.h>

#include "config/export.h"

/*
 * Writes a shell script of gcloud commands that create what is planned.  Every
 * text of the configuration is quoted: the shell reads none of it as its own.
 */
void export_gcloud_write(struct export *export, FILE *out);

#endif
