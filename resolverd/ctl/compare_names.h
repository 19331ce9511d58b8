#ifndef CTL_COMPARE_NAMES_H
#define CTL_COMPARE_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ctl/seen.h"
#include "dns/request.h"
#include "model/model.h"

enum { COMPARE_TYPES = 32 };

/* Questions, each once, to be put to two servers. */
struct compare_names {
	const uint16_t *types; /* of names that say none */
	size_t type_count;
	struct question *items;
	size_t count;
	size_t room;
	struct seen seen;
	bool full; /* memory ran out, or there are too many */
};

void compare_names_init(struct compare_names *names, const uint16_t *types,
    size_t type_count);
void compare_names_fini(struct compare_names *names);

/* Adds a question, or a name with each of the types. */
void compare_names_add(struct compare_names *names, const struct name *name,
    uint16_t type);
void
compare_names_add_name(struct compare_names *names, const struct name *name);

/*
 * Adds what a network's clients can ask a configuration: the names of its
 * zones, the presets' included, and of the rules of its response policy, each
 * with its own types and the others; names with made-up labels in place of
 * wildcards; and names that are not there.
 */
bool compare_names_of_model(struct compare_names *names,
    const struct model *model, const struct model_network *network);

#endif
