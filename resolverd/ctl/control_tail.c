#include <event2/event.h>
#include <stdlib.h>

#include "ctl/control.h"
#include "ctl/control_call.h"
#include "ctl/control_command.h"
#include "ctl/control_commands.h"
#include "ctl/control_filter.h"
#include "ctl/control_line.h"
#include "ctl/live.h"
#include "ctl/live_entry.h"
#include "ctl/tap.h"

enum {
	/* With more than this unread, queries are left out: far from where who
	 * does not read is cut off, so that a terminal may be stopped. */
	UNREAD_MAX = CONTROL_UNREAD_MAX / 2,
	TELL_SECONDS = 1, /* what was left out is told of, without queries */
};

/* Somebody who watches queries. */
struct tail {
	struct control_call *call;
	struct tap *tap;
	struct tap_reader reader;
	struct tail_filter filter;
	struct control_line line;
	struct event timer;
	uint64_t left_out; /* since it was told */
	uint64_t dropped;  /* live_dropped, when it was looked at */
};

static void
tail_end(struct control_call *call)
{
	struct tail *tail = call->state;

	tap_remove(tail->tap, &tail->reader);
	event_del(&tail->timer);
	control_line_fini(&tail->line);
	free(tail);
	control_call_end(call);
}

/* A tap_fn. */
static void
tail_read(void *context, const struct qlog_record *record, const uint8_t *reply)
{
	struct tail *tail = context;
	struct live_entry entry;

	if (!live_entry_read(&entry, record, reply) ||
	    !tail_filter_passes(&tail->filter, &entry))
		return;
	if (control_line_unread(tail->call) > UNREAD_MAX) {
		tail->left_out++;
		return;
	}
	live_entry_write(&entry, control_line_begin(&tail->line));
	control_line_send(&tail->line, tail->call);
}

/* What nobody got, whether or not it would have passed the filter. */
static void
tail_tell(void *context)
{
	struct tail *tail = context;
	const uint64_t dropped = live_dropped(tail->tap);

	tail->left_out += dropped - tail->dropped;
	tail->dropped = dropped;
	if (tail->left_out == 0 || control_line_unread(tail->call) > UNREAD_MAX)
		return;
	json_writer_number(control_line_begin(&tail->line), "dropped",
	    tail->left_out);
	control_line_send(&tail->line, tail->call);
	tail->left_out = 0;
}

static void
tail_due(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	tail_tell(arg);
}

static void
tail_begin(struct tail *tail)
{
	static const struct timeval wait = {.tv_sec = TELL_SECONDS};

	tail->reader = (struct tap_reader){
	    .read = tail_read,
	    .rest = tail_tell,
	    .context = tail,
	};
	tail->call->state = tail;
	tail->dropped = live_dropped(tail->tap);
	event_assign(&tail->timer, tail->call->control->base, -1, EV_PERSIST,
	    tail_due, tail);
	event_add(&tail->timer, &wait);
	tap_add(tail->tap, &tail->reader);
	control_call_stream(tail->call, tail_end);
	json_writer_bool(control_line_begin(&tail->line), "ok", true);
	control_line_send(&tail->line, tail->call);
}

void
control_tail_run(struct control_call *call)
{
	struct tail *tail;
	struct tail_filter filter;

	if (!control_filter_read(call, &filter))
		return;
	tail = calloc(1, sizeof(*tail));
	if (tail == NULL || !control_line_init(&tail->line)) {
		free(tail);
		control_call_fail(call, "out of memory");
		return;
	}
	tail->call = call;
	tail->tap = control_context_of(call)->tap;
	tail->filter = filter;
	tail_begin(tail);
}
