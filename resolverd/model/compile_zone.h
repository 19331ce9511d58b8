#ifndef MODEL_COMPILE_ZONE_H
#define MODEL_COMPILE_ZONE_H

#include "model/compiler.h"

/*
 * Compiles a zone, with its automatic SOA and NS and with records beside its
 * own, struct model_record_set.  NULL: no memory.
 */
const struct zone *compile_zone_make(struct compiler *compiler,
    const struct model_zone *from, const struct model_list *more);

/* Compiles one of Compute Engine's own. */
const struct zone *
compile_zone_internal(struct compiler *compiler, const struct model_zone *from);

/* The sets of one name, as a rule has them; false: no memory. */
bool compile_zone_sets(struct compiler *compiler,
    const struct model_list *record_sets, struct zone_sets *sets);

#endif
