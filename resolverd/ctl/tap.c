#include "ctl/tap.h"

#include <event2/event.h>
#include <stddef.h>

#include "ctl/fleet.h"
#include "io/clock.h"
#include "io/worker.h"

enum {
	TAP_BUSY = 10,	/* milliseconds between two looks */
	TAP_IDLE = 100, /* when there was nothing */
	TAP_TURN = 256, /* records of a worker before others get their turn */
};

/* From the workers' clock to the date, as it is now. */
static uint64_t
tap_offset(void)
{
	return (uint64_t)clock_date() - clock_now();
}

static void
tap_hand_out(struct tap *tap, const struct qlog_record *record,
    const uint8_t *reply)
{
	struct tap_reader *reader = tap->readers;

	while (reader != NULL) {
		tap->upcoming = reader->next;
		reader->read(reader->context, record, reply);
		reader = tap->upcoming;
	}
}

/* A turn is over, in which there were records, or none. */
static void
tap_rest(struct tap *tap, bool idle)
{
	struct tap_reader *reader = tap->readers;

	while (reader != NULL) {
		void (*over)(void *context) =
		    idle ? reader->idle : reader->rest;

		tap->upcoming = reader->next;
		if (over != NULL)
			over(reader->context);
		reader = tap->upcoming;
	}
}

/* Takes at most TAP_TURN records of a worker; returns how many. */
static unsigned
tap_take(struct tap *tap, struct qlog *qlog, uint64_t offset)
{
	struct qlog_record record;
	const uint8_t *reply;
	unsigned taken = 0;

	while (taken < TAP_TURN && qlog_take(qlog, &record, &reply)) {
		record.at += offset;
		tap_hand_out(tap, &record, reply);
		qlog_done(qlog);
		taken++;
	}
	return taken;
}

/* One turn; returns the most records that a worker had. */
static unsigned
tap_turn(struct tap *tap)
{
	const uint64_t offset = tap_offset();
	unsigned most = 0;

	for (unsigned i = 0; i < tap->fleet->count; i++) {
		const unsigned taken =
		    tap_take(tap, &tap->fleet->workers[i]->qlog, offset);

		if (taken > most)
			most = taken;
	}
	tap_rest(tap, most == 0);
	return most;
}

static void
tap_wait(struct tap *tap)
{
	const struct timeval wait = {.tv_usec = (suseconds_t)tap->wait * 1000};

	event_add(&tap->timer, &wait);
}

static void
tap_due(evutil_socket_t fd, short what, void *arg)
{
	struct tap *tap = arg;
	const unsigned most = tap_turn(tap);

	(void)fd;
	(void)what;
	if (tap->readers == NULL)
		return;
	if (most == TAP_TURN) {
		tap->wait = 0; /* there is more; others come first */
	} else if (most > 0) {
		tap->wait = TAP_BUSY;
	} else if (tap->wait < TAP_IDLE) {
		tap->wait += TAP_BUSY;
	}
	tap_wait(tap);
}

void
tap_start(struct tap *tap, struct fleet *fleet, struct event_base *base)
{
	*tap = (struct tap){.fleet = fleet, .started = true};
	event_assign(&tap->timer, base, -1, 0, tap_due, tap);
}

void
tap_stop(struct tap *tap)
{
	if (tap->started)
		event_del(&tap->timer);
	tap->started = false;
}

void
tap_add(struct tap *tap, struct tap_reader *reader)
{
	if (tap->readers == NULL) {
		for (unsigned i = 0; i < tap->fleet->count; i++)
			qlog_open(&tap->fleet->workers[i]->qlog);
		tap->wait = TAP_BUSY;
		tap_wait(tap);
	}
	reader->next = tap->readers;
	tap->readers = reader;
}

void
tap_remove(struct tap *tap, struct tap_reader *reader)
{
	struct tap_reader **at = &tap->readers;

	while (*at != NULL && *at != reader)
		at = &(*at)->next;
	if (*at == NULL)
		return;
	*at = reader->next;
	if (tap->upcoming == reader)
		tap->upcoming = reader->next;
	if (tap->readers != NULL)
		return;
	for (unsigned i = 0; i < tap->fleet->count; i++)
		qlog_close(&tap->fleet->workers[i]->qlog);
}

void
tap_drain(struct tap *tap)
{
	while (tap->readers != NULL && tap_turn(tap) > 0)
		continue;
}
