#ifndef CTL_LISTEN_H
#define CTL_LISTEN_H

#include <stdio.h>

#include "ctl/activation.h"
#include "ctl/exit_code.h"
#include "io/boot.h"

/*
 * Opens the sockets in boot->ports, but for those that were handed over: these
 * the workers share.  An address that is in use, or may not be used, is logged
 * together with who has it and what to do.
 */
enum exit_code
listen_open(struct boot *boot, const struct activation *activation);

/* Closes those that are open. */
void listen_close(struct boot *boot);

/* "127.0.0.1:53 (udp, tcp), ..." */
void listen_print(const struct boot *boot, FILE *out);

#endif
