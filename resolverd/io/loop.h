#ifndef IO_LOOP_H
#define IO_LOOP_H

struct event_base;

/*
 * A loop that belongs to one thread: without locks, and deaf to libevent's
 * environment variables.  NULL when there is no memory; else the caller frees
 * it by event_base_free.
 */
struct event_base *loop_new(void);

#endif
