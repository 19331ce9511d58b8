#include <event2/event.h>
#include <stdlib.h>

#include "ctl/control.h"
#include "ctl/control_call.h"
#include "ctl/control_command.h"
#include "ctl/control_commands.h"
#include "ctl/control_filter.h"
#include "ctl/control_line.h"
#include "ctl/live.h"
#include "ctl/mode.h"
#include "ctl/serving.h"
#include "ctl/standing.h"
#include "ctl/tap.h"
#include "ctl/top_tally.h"
#include "io/boot.h"
#include "io/clock.h"

enum {
	INTERVAL_MS = 1000, /* unless it is given */
	INTERVAL_LEAST = 100,
	INTERVAL_MOST = 3600 * 1000,
	SECOND_MS = 1000,
	MS_US = 1000,
};

/* Somebody who watches what queries come to. */
struct top {
	struct control_call *call;
	struct tap *tap;
	struct tap_reader reader;
	struct tail_filter filter;
	struct control_line line;
	struct event timer;
	uint64_t dropped; /* live_dropped, when it was looked at */
	struct top_tally tally;
};

static void
top_end(struct control_call *call)
{
	struct top *top = call->state;

	tap_remove(top->tap, &top->reader);
	event_del(&top->timer);
	control_line_fini(&top->line);
	top_tally_fini(&top->tally);
	free(top);
	control_call_end(call);
}

/* A tap_fn. */
static void
top_read(void *context, const struct qlog_record *record, const uint8_t *reply)
{
	struct top *top = context;
	struct live_entry entry;

	if (live_entry_read(&entry, record, reply) &&
	    tail_filter_passes(&top->filter, &entry))
		top_tally_add(&top->tally, &entry);
}

static void
write_mode(const struct standing *standing, struct json_writer *writer)
{
	const struct standing_order *order = &standing->order;
	char mode[MODE_TEXT];
	char until[LIVE_ENTRY_TIME];

	json_writer_text(writer, "mode",
	    mode_text(standing_mode(standing), mode));
	if (!order->given || order->until == 0)
		return;
	json_writer_text(writer, "mode_until",
	    live_entry_time((uint64_t)order->until * CLOCK_SECOND, until));
}

/* One report. */
static void
top_due(evutil_socket_t fd, short what, void *arg)
{
	struct top *top = arg;
	const uint64_t now = (uint64_t)clock_date();
	const uint64_t dropped = live_dropped(top->tap);
	struct json_writer *writer;

	(void)fd;
	(void)what;
	/* Who has not taken the last one yet gets a later one. */
	if (control_line_unread(top->call) > 0)
		return;
	top_tally_drop(&top->tally, dropped - top->dropped);
	top->dropped = dropped;
	writer = control_line_begin(&top->line);
	json_writer_bool(writer, "ok", true);
	write_mode(control_context_of(top->call)->standing, writer);
	top_tally_write(&top->tally, now, writer);
	control_line_send(&top->line, top->call);
	top_tally_turn(&top->tally, now);
}

static void
top_begin(struct top *top, uint64_t interval)
{
	const struct timeval wait = {
	    .tv_sec = (time_t)(interval / SECOND_MS),
	    .tv_usec = (suseconds_t)(interval % SECOND_MS) * MS_US,
	};

	top->reader = (struct tap_reader){.read = top_read, .context = top};
	top->call->state = top;
	top->dropped = live_dropped(top->tap);
	event_assign(&top->timer, top->call->control->base, -1, EV_PERSIST,
	    top_due, top);
	event_add(&top->timer, &wait);
	tap_add(top->tap, &top->reader);
	control_call_stream(top->call, top_end);
}

static struct top *
top_new(struct control_call *call)
{
	const struct control_context *context = control_context_of(call);
	struct top *top = calloc(1, sizeof(*top));

	if (top == NULL)
		return NULL;
	if (!control_line_init(&top->line)) {
		free(top);
		return NULL;
	}
	if (!top_tally_init(&top->tally, &context->serving->boot->key,
		(uint64_t)clock_date())) {
		control_line_fini(&top->line);
		free(top);
		return NULL;
	}
	top->call = call;
	top->tap = context->tap;
	return top;
}

void
control_top_run(struct control_call *call)
{
	uint64_t interval = INTERVAL_MS;
	struct tail_filter filter;
	struct top *top;

	control_call_number(call, "interval_ms", &interval);
	if (interval < INTERVAL_LEAST || interval > INTERVAL_MOST) {
		control_call_fail(call,
		    "the interval must be from 100 ms to 1 h");
		return;
	}
	if (!control_filter_read(call, &filter))
		return;
	top = top_new(call);
	if (top == NULL) {
		control_call_fail(call, "out of memory");
		return;
	}
	top->filter = filter;
	top_begin(top, interval);
}
