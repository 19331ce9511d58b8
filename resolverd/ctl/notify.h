#ifndef CTL_NOTIFY_H
#define CTL_NOTIFY_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Tells the service manager where the daemon stands, by one datagram to
 * $NOTIFY_SOCKET (sd_notify(3)); nothing when there is none.
 */
bool notify_is_wanted(void);
void notify_ready(const char *status);
void notify_status(const char *status);
void notify_reloading(void);
void notify_stopping(void);

/* That it still works, to be said more often than the interval. */
void notify_watchdog(void);

/*
 * The nanoseconds after which silence is taken for a hang
 * (sd_watchdog_enabled(3)); 0: it does not matter.
 */
uint64_t notify_watchdog_interval(void);

#endif
