#ifndef CTL_NOTIFY_H
#define CTL_NOTIFY_H

#include <stdint.h>

/*
 * Tells the service manager where the daemon stands, by one datagram to
 * $NOTIFY_SOCKET (sd_notify(3)); nothing when there is none.
 */
void notify_ready(const char *status);
void notify_reloading(void);
void notify_stopping(void);

#endif
