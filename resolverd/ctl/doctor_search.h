#ifndef CTL_DOCTOR_SEARCH_H
#define CTL_DOCTOR_SEARCH_H

#include "ctl/doctor.h"
#include "ctl/doctor_files.h"

enum { DOCTOR_NAMES = DOCTOR_SEARCH + 1 };

/* The names that libc asks for in place of one, in their order. */
struct doctor_names {
	char names[DOCTOR_NAMES][NAME_TEXT]; /* with their final dot */
	size_t count;
	size_t plain; /* which of them is the name itself */
};

/* What search domains and ndots make of a name as somebody types it. */
void doctor_search_names(const struct doctor_resolv *resolv, const char *typed,
    struct doctor_names *names);

/* Check: does libc look for the name itself, or find another first? */
void doctor_search_run(struct doctor *doctor);

#endif
