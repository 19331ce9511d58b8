#ifndef CONFIG_EXPORT_NAMES_H
#define CONFIG_EXPORT_NAMES_H

#include <stddef.h>

#include "base/arena.h"

/*
 * Names that are given out once each.  Made of zeros but for arena and joint;
 * everything lives in arena, whose sticky full stands for every failure.
 */
struct export_names {
	struct arena *arena;
	char joint;   /* stands before the number that tells two apart */
	size_t limit; /* letters a name may have; 0: no limit */
	const char **slots;
	size_t room;
	size_t count;
};

/*
 * Returns wanted the first time that it is asked for, and "wanted-2" and so
 * on later.
 */
const char *export_names_take(struct export_names *names, const char *wanted);

#endif
