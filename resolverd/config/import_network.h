#ifndef CONFIG_IMPORT_NETWORK_H
#define CONFIG_IMPORT_NETWORK_H

#include "config/import_stage.h"

/*
 * Declares every network and cluster that the model's resources name.  A name
 * that two projects use is told apart by its project from then on.  Who is in
 * them no resource says.
 */
void import_network_declare(struct import *import, struct model *model);

#endif
