#ifndef MODEL_SETS_H
#define MODEL_SETS_H

#include <stdbool.h>

#include "base/arena.h"
#include "model/model.h"

/*
 * Joins those of a list of struct model_record_set, whose names are folded,
 * that have one name and type to one set each, every rdata once; the list is
 * sorted and shortened in place.  Two VMs of one name in two zones share a
 * global name, and whoever compiles a zone wants each set once.  False when
 * arena is full.
 */
bool sets_join(struct model_list *sets, struct arena *arena);

#endif
