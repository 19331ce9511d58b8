#include "ctl/live.h"

#include <event2/event.h>

#include "base/json_writer.h"
#include "ctl/fleet.h"
#include "io/worker.h"

/* A tap_fn. */
static void
live_read(void *context, const struct qlog_record *record, const uint8_t *reply)
{
	struct live *live = context;

	if (live_entry_read(&live->entries[live->count % LIVE_PLACES], record,
		reply))
		live->count++;
}

static void
live_pause(struct live *live)
{
	if (live->reads)
		tap_remove(live->tap, &live->reader);
	live->reads = false;
}

static void
live_unseen(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	live_pause(arg);
}

void
live_start(struct live *live, struct tap *tap, struct event_base *base)
{
	live->tap = tap;
	live->reader = (struct tap_reader){.read = live_read, .context = live};
	live->reads = false;
	live->count = 0;
	evtimer_assign(&live->timer, base, live_unseen, live);
	live->started = true;
}

void
live_stop(struct live *live)
{
	if (!live->started)
		return;
	live_pause(live);
	event_del(&live->timer);
	live->started = false;
}

void
live_watch(struct live *live)
{
	static const struct timeval wait = {.tv_sec = LIVE_SECONDS};

	event_add(&live->timer, &wait);
	if (!live->reads)
		tap_add(live->tap, &live->reader);
	live->reads = true;
}

static uint64_t
oldest(const struct live *live)
{
	return live->count > LIVE_ENTRIES ? live->count - LIVE_ENTRIES : 0;
}

void
live_json(const struct live *live, uint64_t since, struct json_writer *writer)
{
	/* Numbers of another daemon's, which was before this one. */
	const uint64_t after = since > live->count ? 0 : since;
	const uint64_t from = after < oldest(live) ? oldest(live) : after;

	json_writer_number(writer, "last", live->count);
	json_writer_number(writer, "missed", from - after);
	json_writer_number(writer, "dropped", live_dropped(live->tap));
	json_writer_array(writer, "queries");
	for (uint64_t i = from; i < live->count; i++) {
		json_writer_object(writer, NULL);
		live_entry_write(&live->entries[i % LIVE_PLACES], writer);
		json_writer_end(writer);
	}
	json_writer_end(writer);
}

uint64_t
live_dropped(const struct tap *tap)
{
	const struct fleet *fleet = tap->fleet;
	uint64_t sum = 0;

	/* Not those that only the log's file had no room for. */
	for (unsigned i = 0; i < fleet->count; i++) {
		sum += atomic_load_explicit(&fleet->workers[i]
						 ->counters.query_log_dropped,
		    memory_order_relaxed);
	}
	return sum;
}
