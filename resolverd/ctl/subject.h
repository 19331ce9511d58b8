#ifndef CTL_SUBJECT_H
#define CTL_SUBJECT_H

#include <stdbool.h>
#include <stdint.h>

#include "dns/request.h"

/*
 * Reads a question that a person typed.  An IP address means the PTR records
 * of its reverse name, unless a type is given.
 */
enum subject_fault { SUBJECT_OK, SUBJECT_BAD_NAME, SUBJECT_BAD_TYPE };

/* type NULL: fallback.  *why is set to what is wrong with the name. */
enum subject_fault subject_parse(struct question *question, const char *name,
    const char *type, uint16_t fallback, const char **why);

#endif
