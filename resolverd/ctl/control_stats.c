#include "ctl/control_commands.h"

#include "core/account.h"
#include "core/counters.h"
#include "ctl/control_call.h"
#include "ctl/control_command.h"
#include "ctl/fleet.h"
#include "ctl/serving.h"
#include "ctl/standing.h"
#include "io/chore.h"
#include "io/clock.h"
#include "io/latency.h"

enum { MICROSECOND = 1000, PER_CENT = 100 };

static void
write_counters(struct json_writer *writer, const struct fleet *fleet)
{
	json_writer_object(writer, "counters");
	for (size_t i = 0; i < counter_row_count; i++) {
		json_writer_number(writer, counter_rows[i].name,
		    fleet_counter(fleet, &counter_rows[i]));
	}
	json_writer_end(writer);
}

/* The answers that a histogram has. */
static uint64_t
sum(const struct latency_figures *figures)
{
	uint64_t count = 0;

	for (size_t i = 0; i < LATENCY_BUCKETS; i++)
		count += figures->counts[i];
	return count;
}

/* The bound that so many of a hundred answers kept; past all: the last. */
static uint64_t
bound(const struct latency_figures *figures, uint64_t count, unsigned share)
{
	uint64_t below = 0;
	size_t i = 0;

	while (i < LATENCY_BOUNDS - 1) {
		below += figures->counts[i];
		if (below * PER_CENT >= count * share)
			break;
		i++;
	}
	return latency_bounds[i] / MICROSECOND;
}

static void
write_origin(struct json_writer *writer, enum origin origin,
    const struct latency_figures *figures)
{
	const uint64_t count = sum(figures);

	json_writer_object(writer, NULL);
	json_writer_text(writer, "source", origin_text(origin));
	json_writer_number(writer, "answers", count);
	if (count > 0) {
		json_writer_number(writer, "mean_us",
		    figures->sum / count / MICROSECOND);
		json_writer_number(writer, "half_within_us",
		    bound(figures, count, 50));
		json_writer_number(writer, "p90_within_us",
		    bound(figures, count, 90));
		json_writer_number(writer, "p99_within_us",
		    bound(figures, count, 99));
	}
	json_writer_end(writer);
}

static void
write_latency(struct json_writer *writer, const struct fleet *fleet)
{
	json_writer_array(writer, "latency");
	for (unsigned i = 0; i < ORIGINS; i++) {
		const struct latency_figures figures =
		    fleet_latency(fleet, (enum origin)i);

		write_origin(writer, (enum origin)i, &figures);
	}
	json_writer_end(writer);
}

/* All workers have told: a fleet_report_fn. */
static void
counted(void *context, const struct cache_report *report)
{
	struct control_call *call = context;
	const struct control_context *commands = control_context_of(call);
	const struct fleet *fleet = &commands->serving->fleet;
	struct json_writer *writer = control_call_writer(call);

	json_writer_number(writer, "uptime_seconds",
	    (clock_now() - commands->standing->began) / CLOCK_SECOND);
	json_writer_number(writer, "cache_entries", report->entries);
	json_writer_number(writer, "cache_octets", report->octets);
	json_writer_number(writer, "cache_size", report->size);
	write_latency(writer, fleet);
	write_counters(writer, fleet);
	control_call_end(call);
}

void
control_stats_run(struct control_call *call)
{
	if (!fleet_figures(&control_context_of(call)->serving->fleet, counted,
		call))
		control_call_fail(call, "out of memory");
}
