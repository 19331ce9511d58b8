#include "ctl/document.h"

#include <stddef.h>

#include "core/account.h"
#include "core/counters.h"
#include "ctl/fleet.h"
#include "ctl/serving.h"
#include "ctl/standing.h"
#include "io/chore.h"
#include "io/clock.h"
#include "io/latency.h"

enum { MICROSECOND = 1000, PER_CENT = 100 };

static void
write_counters(const struct fleet *fleet, struct json_writer *writer)
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
write_quantiles(const struct latency_figures *figures, uint64_t count,
    struct json_writer *writer)
{
	json_writer_number(writer, "mean_us",
	    figures->sum / count / MICROSECOND);
	json_writer_number(writer, "half_within_us", bound(figures, count, 50));
	json_writer_number(writer, "p90_within_us", bound(figures, count, 90));
	json_writer_number(writer, "p99_within_us", bound(figures, count, 99));
}

static void
write_rcodes(const struct latency_figures *figures, struct json_writer *writer)
{
	json_writer_object(writer, "rcodes");
	for (unsigned i = 0; i < LATENCY_RCODES; i++) {
		json_writer_number(writer, latency_rcodes[i],
		    figures->rcodes[i]);
	}
	json_writer_end(writer);
}

static void
write_origin(enum origin origin, const struct latency_figures *figures,
    struct json_writer *writer)
{
	const uint64_t count = sum(figures);

	json_writer_object(writer, NULL);
	json_writer_text(writer, "source", origin_text(origin));
	json_writer_number(writer, "answers", count);
	if (count > 0)
		write_quantiles(figures, count, writer);
	json_writer_number(writer, "sum_us", figures->sum / MICROSECOND);
	json_writer_array(writer, "counts");
	for (unsigned i = 0; i < LATENCY_BUCKETS; i++)
		json_writer_number(writer, NULL, figures->counts[i]);
	json_writer_end(writer);
	write_rcodes(figures, writer);
	json_writer_end(writer);
}

static void
write_latency(const struct fleet *fleet, struct json_writer *writer)
{
	json_writer_array(writer, "bounds_us");
	for (unsigned i = 0; i < LATENCY_BOUNDS; i++) {
		json_writer_number(writer, NULL,
		    latency_bounds[i] / MICROSECOND);
	}
	json_writer_end(writer);
	json_writer_array(writer, "latency");
	for (unsigned i = 0; i < ORIGINS; i++) {
		const struct latency_figures figures =
		    fleet_latency(fleet, (enum origin)i);

		write_origin((enum origin)i, &figures, writer);
	}
	json_writer_end(writer);
}

void
document_stats_write(const struct standing *standing,
    const struct cache_report *report, struct json_writer *writer)
{
	const struct fleet *fleet = &standing->serving->fleet;

	json_writer_number(writer, "uptime_seconds",
	    (clock_now() - standing->began) / CLOCK_SECOND);
	json_writer_number(writer, "cache_entries", report->entries);
	json_writer_number(writer, "cache_octets", report->octets);
	json_writer_number(writer, "cache_size", report->size);
	write_latency(fleet, writer);
	write_counters(fleet, writer);
}
