#ifndef CTL_MODE_PRINT_H
#define CTL_MODE_PRINT_H

#include "config/node.h"

/*
 * Prints what a daemon's answer says of its mode: what is in force, until
 * when, by whose order, and what is configured.
 */
void mode_print(const struct node *answer);

#endif
