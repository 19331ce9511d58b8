#ifndef CTL_TAP_H
#define CTL_TAP_H

#include <event2/event_struct.h>
#include <stdbool.h>
#include <stdint.h>

#include "io/qlog.h"

struct event_base;
struct fleet;

/*
 * Reads along: the control thread takes what the workers tell of their answers
 * and hands it to all readers, while there are any.  It looks every 10 ms when
 * there was something the last time, and every 100 ms when nobody asks.
 */

/* One answered query; record and reply are borrowed for the call. */
typedef void (*tap_fn)(void *context, const struct qlog_record *record,
    const uint8_t *reply);

/* Its owner keeps it until tap_remove. */
struct tap_reader {
	tap_fn read;
	void (*rest)(void *context); /* no more for now; or NULL */
	void (*idle)(void *context); /* there was nothing; or NULL */
	void *context;
	struct tap_reader *next;
};

struct tap {
	struct fleet *fleet;
	struct event timer;
	struct tap_reader *readers;
	struct tap_reader *upcoming; /* the next one to be called */
	unsigned wait;		     /* milliseconds */
	bool started;
};

/* The fleet runs; nobody reads yet. */
void tap_start(struct tap *tap, struct fleet *fleet, struct event_base *base);

/* Nothing when not started; readers may still be removed. */
void tap_stop(struct tap *tap);

/* A reader may remove itself, or others, while it is called. */
void tap_add(struct tap *tap, struct tap_reader *reader);
void tap_remove(struct tap *tap, struct tap_reader *reader);

/* Hands over all there is, however much: the workers have ended. */
void tap_drain(struct tap *tap);

#endif
