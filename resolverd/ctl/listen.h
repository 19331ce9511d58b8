#ifndef CTL_LISTEN_H
#define CTL_LISTEN_H

#include "ctl/exit_code.h"
#include "io/boot.h"

/*
 * Opens the sockets in boot->ports.  An address that is in use, or may not be
 * used, is logged together with who has it and what to do.
 */
enum exit_code listen_open(struct boot *boot);

/* Closes those that are open. */
void listen_close(struct boot *boot);

#endif
