#ifndef CTL_TERMINAL_H
#define CTL_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The terminal at standard input and output, used as a screen: keys come one
 * by one and are not shown, what was on it comes back in the end.  There is
 * one a process; a process that dies of a fault gives it back too.
 */

/* Whether both are one. */
bool terminal_present(void);

/* Whether it shows UTF-8, by the locale's names. */
bool terminal_utf8(void);

/*
 * Takes it.  Until terminal_leave what is written to standard error is kept.
 * False with errno set; then nothing has changed.
 */
bool terminal_enter(void);

/* Gives it back; nothing when it was not taken. */
void terminal_leave(void);

/* 24 rows and 80 columns where it does not say. */
void terminal_size(size_t *rows, size_t *cols);

/* False when it is gone. */
bool terminal_show(const char *text, size_t len);

/* Keys that were pressed, as octets, without waiting: 0 when it is gone. */
size_t terminal_read(char *octets, size_t cap);

#endif
