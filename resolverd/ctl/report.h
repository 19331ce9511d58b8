#ifndef CTL_REPORT_H
#define CTL_REPORT_H

struct diag;
struct json_writer;

/*
 * Writes what was found in a configuration: "errors" and "warnings", their
 * numbers, and in "messages" objects with severity, file, line, column and
 * text, in order, without what is not known.
 */
void report_write(const struct diag *diag, struct json_writer *writer);

#endif
