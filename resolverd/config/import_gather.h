#ifndef CONFIG_IMPORT_GATHER_H
#define CONFIG_IMPORT_GATHER_H

#include "config/import_stage.h"

/* What of each kind got into the model. */
struct import_counts {
	size_t zones;
	size_t record_sets;
	size_t response_policies;
	size_t rules;
	size_t policies;
};

/*
 * Gives every zone its record sets and every response policy its rules, and
 * adds them to the model, or to what the model has already.  With a report,
 * what is wrong in itself or there twice is left out whole.
 */
void import_gather_model(struct import *import, struct model *model,
    struct import_counts *counts);

#endif
