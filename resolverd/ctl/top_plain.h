#ifndef CTL_TOP_PLAIN_H
#define CTL_TOP_PLAIN_H

#include <stdio.h>

#include "ctl/top_report.h"

/* The report as plain text, each panel with its first ten rows. */
void top_plain_print(const struct top_report *report, FILE *out);

#endif
