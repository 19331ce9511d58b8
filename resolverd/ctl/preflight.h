#ifndef CTL_PREFLIGHT_H
#define CTL_PREFLIGHT_H

#include <stdbool.h>
#include <stdio.h>

#include "ctl/exit_code.h"

struct arguments;
struct diag;
struct model;

/* Reads and checks the configuration; false when there was an error. */
bool preflight_read(const struct arguments *arguments, struct model *model,
    struct diag *diag);

/* Prints what was found on stderr; the exit code says what kind it was. */
enum exit_code
preflight_complain(const struct arguments *arguments, const struct diag *diag);

/*
 * resolverd -t: checks the configuration, prints everything that is wrong on
 * stderr, "configuration OK" when nothing is, and with -v the configuration
 * as understood.
 */
enum exit_code preflight_check(const struct arguments *arguments);

/* The same as a JSON document: the file, whether it is good, report_write. */
enum exit_code
preflight_check_json(const struct arguments *arguments, FILE *out);

#endif
