#ifndef CONFIG_DUMP_H
#define CONFIG_DUMP_H

#include <stdio.h>

#include "model/model.h"

/*
 * Prints the configuration as understood, defaults included, as YAML that
 * loads to the same configuration.  Zones show their record sets in full,
 * whatever file they came from; the presets' zones are shown as comments.
 */
void dump_model(const struct model *model, FILE *out);

#endif
