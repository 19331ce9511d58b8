#ifndef IO_ALARM_H
#define IO_ALARM_H

#include <event2/event_struct.h>
#include <stdbool.h>
#include <stdint.h>

#include "io/deadline.h"

struct event_base;

/* A deadline has come; it is no longer set. */
typedef void (
    *alarm_due_fn)(void *arg, struct deadline *deadline, uint64_t now);

/* Deadlines of one kind under one timer of the event loop. */
struct alarm {
	struct deadlines deadlines;
	struct event timer;
	uint64_t armed_until; /* when the timer fires; UINT64_MAX: never */
	alarm_due_fn due;
	void *arg;
};

/* deadlines must be initialised; due is called with arg. */
void alarm_open(struct alarm *alarm, struct event_base *base, alarm_due_fn due,
    void *arg);
void alarm_close(struct alarm *alarm);

/* Sets or moves a deadline. */
void alarm_set(struct alarm *alarm, struct deadline *deadline, uint64_t until,
    uint64_t now);
void alarm_clear(struct alarm *alarm, struct deadline *deadline);

#endif
