#ifndef CTL_MESSAGES_PRINT_H
#define CTL_MESSAGES_PRINT_H

#include "config/node.h"

/*
 * Prints on stderr what an answer says was found in a configuration, in the
 * words of resolverd -t.
 */
void messages_print(const struct node *answer);

#endif
