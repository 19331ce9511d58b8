#include "ctl/metrics.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/loop.h"
#include "core/server.h"
#include "core/snapshot.h"
#include "ctl/arguments.h"
#include "ctl/drift.h"
#include "ctl/http.h"
#include "ctl/http_call.h"
#include "ctl/mode.h"
#include "ctl/prometheus.h"
#include "ctl/query_log.h"
#include "ctl/server_figures.h"
#include "ctl/serving.h"
#include "ctl/standing.h"
#include "io/boot.h"
#include "io/clock.h"
#include "io/latency.h"
#include "io/traffic.h"

enum { METRIC_NAME = 96, SECONDS_TEXT = 32 };

/* What is written, once all workers have told. */
struct metrics {
	struct http_call *call;
	struct prometheus prometheus;
	const struct serving *serving;
	struct cache_report cache;
	struct server_figures_source servers;
};

static void
write_build(struct metrics *metrics)
{
	/* Whoever is far away need not know which faults we may have. */
	const bool near = metrics->call->is_near;
	const struct prometheus_label labels[] = {
	    {near ? "version" : NULL, arguments_version()},
	    {NULL, NULL},
	};

	prometheus_begin(&metrics->prometheus, "resolverd_build_info", "gauge",
	    "Which resolverd it is.");
	prometheus_number(&metrics->prometheus, "", labels, 1);
}

static void
write_start(struct metrics *metrics)
{
	const struct standing *standing = metrics->call->http->context.standing;

	prometheus_begin(&metrics->prometheus, "process_start_time_seconds",
	    "gauge", "When the daemon started, seconds since 1970.");
	prometheus_number(&metrics->prometheus, "", NULL,
	    (uint64_t)standing->started_at);
}

static void
write_workers(struct metrics *metrics)
{
	prometheus_begin(&metrics->prometheus, "resolverd_workers", "gauge",
	    "Threads that answer.");
	prometheus_number(&metrics->prometheus, "", NULL,
	    metrics->serving->fleet.count);
}

/* What clients ask and get. */

static void
write_requests_by(struct metrics *metrics, size_t transport, size_t family)
{
	for (size_t type = 0; type < TRAFFIC_TYPES; type++) {
		const struct prometheus_label labels[] = {
		    {"proto", traffic_transports[transport]},
		    {"family", traffic_families[family]},
		    {"type", traffic_types[type]},
		    {NULL, NULL},
		};
		const uint64_t count = fleet_traffic(&metrics->serving->fleet,
		    transport, family, type);

		prometheus_number(&metrics->prometheus, "", labels, count);
	}
}

static void
write_requests(struct metrics *metrics)
{
	prometheus_begin(&metrics->prometheus, "resolverd_dns_requests_total",
	    "counter",
	    "Queries answered, by how they came and what they asked for.");
	for (size_t i = 0; i < TRAFFIC_TRANSPORTS; i++) {
		for (size_t j = 0; j < TRAFFIC_FAMILIES; j++)
			write_requests_by(metrics, i, j);
	}
}

static void
write_rcodes(struct metrics *metrics, enum origin origin)
{
	const struct latency_figures figures =
	    fleet_latency(&metrics->serving->fleet, origin);

	for (unsigned i = 0; i < LATENCY_RCODES; i++) {
		const struct prometheus_label labels[] = {
		    {"rcode", latency_rcodes[i]},
		    {"source", origin_text(origin)},
		    {NULL, NULL},
		};

		prometheus_number(&metrics->prometheus, "", labels,
		    figures.rcodes[i]);
	}
}

static void
write_responses(struct metrics *metrics)
{
	prometheus_begin(&metrics->prometheus, "resolverd_dns_responses_total",
	    "counter", "Answers, by rcode and by who answered.");
	for (unsigned i = 0; i < ORIGINS; i++)
		write_rcodes(metrics, (enum origin)i);
}

static const char *
seconds_text(uint64_t time, char text[SECONDS_TEXT])
{
	snprintf(text, SECONDS_TEXT, "%g",
	    (double)time / (double)PROMETHEUS_SECOND);
	return text;
}

static void
write_histogram(struct metrics *metrics, enum origin origin)
{
	const struct latency_figures figures =
	    fleet_latency(&metrics->serving->fleet, origin);
	struct prometheus_label labels[] = {
	    {"source", origin_text(origin)},
	    {NULL, NULL},
	    {NULL, NULL},
	};
	char text[SECONDS_TEXT];
	uint64_t sum = 0;

	for (unsigned i = 0; i < LATENCY_BUCKETS; i++) {
		sum += figures.counts[i];
		labels[1].name = "le";
		labels[1].value = i < LATENCY_BOUNDS
		    ? seconds_text(latency_bounds[i], text)
		    : "+Inf";
		prometheus_number(&metrics->prometheus, "_bucket", labels, sum);
	}
	labels[1].name = NULL;
	prometheus_time(&metrics->prometheus, "_sum", labels, figures.sum);
	prometheus_number(&metrics->prometheus, "_count", labels, sum);
}

static void
write_durations(struct metrics *metrics)
{
	prometheus_begin(&metrics->prometheus,
	    "resolverd_dns_request_duration_seconds", "histogram",
	    "How long clients waited for their answers, by who answered.");
	for (unsigned i = 0; i < ORIGINS; i++)
		write_histogram(metrics, (enum origin)i);
}

/* The cache. */

static const struct figure {
	const char *name;
	const char *kind;
	const char *help;
	size_t at; /* of a uint64_t in struct cache_report */
} cache_figures[] = {
    {"resolverd_cache_entries", "gauge", "Answers in the cache.",
	offsetof(struct cache_report, entries)},
    {"resolverd_cache_negative_entries", "gauge",
	"Of those, answers that there is nothing.",
	offsetof(struct cache_report, negative)},
    {"resolverd_cache_bytes", "gauge", "Octets that they take.",
	offsetof(struct cache_report, octets)},
    {"resolverd_cache_size_bytes", "gauge", "Octets that they may take.",
	offsetof(struct cache_report, size)},
    {"resolverd_cache_hits_total", "counter",
	"Questions that the cache answered.",
	offsetof(struct cache_report, hits)},
    {"resolverd_cache_misses_total", "counter",
	"Questions that it had no answer for.",
	offsetof(struct cache_report, misses)},
    {"resolverd_cache_evictions_total", "counter",
	"Answers that gave way to new ones before their time.",
	offsetof(struct cache_report, evictions)},
};

static void
write_cache(struct metrics *metrics)
{
	for (size_t i = 0; i < sizeof(cache_figures) / sizeof(cache_figures[0]);
	     i++) {
		const struct figure *figure = &cache_figures[i];
		uint64_t number;

		memcpy(&number, (const char *)&metrics->cache + figure->at,
		    sizeof(number));
		prometheus_begin(&metrics->prometheus, figure->name,
		    figure->kind, figure->help);
		prometheus_number(&metrics->prometheus, "", NULL, number);
	}
}

/* The servers. */

typedef void (*write_server_fn)(struct metrics *metrics,
    const struct prometheus_label *labels,
    const struct server_figures *figures);

/* One of the metrics of servers, being written. */
struct server_writing {
	struct metrics *metrics;
	write_server_fn write;
};

static void
write_server(void *context, const struct upstream_group *group,
    const struct upstream_server *server)
{
	const struct server_writing *writing = context;
	const struct server_figures figures =
	    server_figures_of(&writing->metrics->servers, server);
	char text[SERVER_TEXT];
	const struct prometheus_label labels[] = {
	    {"upstream", server_format(server, text)},
	    {NULL, NULL},
	};

	(void)group;
	writing->write(writing->metrics, labels, &figures);
}

static void
write_asked(struct metrics *metrics, const struct prometheus_label *labels,
    const struct server_figures *figures)
{
	prometheus_number(&metrics->prometheus, "", labels, figures->questions);
}

static void
write_failed(struct metrics *metrics, const struct prometheus_label *labels,
    const struct server_figures *figures)
{
	prometheus_number(&metrics->prometheus, "", labels, figures->failures);
}

static void
write_waited(struct metrics *metrics, const struct prometheus_label *labels,
    const struct server_figures *figures)
{
	prometheus_time(&metrics->prometheus, "_sum", labels, figures->waited);
	prometheus_number(&metrics->prometheus, "_count", labels,
	    figures->answers);
}

static void
write_up(struct metrics *metrics, const struct prometheus_label *labels,
    const struct server_figures *figures)
{
	prometheus_number(&metrics->prometheus, "", labels, !figures->down);
}

static const struct {
	const char *name;
	const char *kind;
	const char *help;
	write_server_fn write;
} of_servers[] = {
    {"resolverd_upstream_requests_total", "counter",
	"Questions sent to a server.", write_asked},
    {"resolverd_upstream_failures_total", "counter",
	"Questions that a server did not answer, or with an error.",
	write_failed},
    {"resolverd_upstream_duration_seconds", "summary",
	"How long a server took to answer.", write_waited},
    {"resolverd_upstream_up", "gauge",
	"0 while a server does not answer at all.", write_up},
};

static void
write_upstreams(struct metrics *metrics)
{
	for (size_t i = 0; i < sizeof(of_servers) / sizeof(of_servers[0]);
	     i++) {
		prometheus_begin(&metrics->prometheus, of_servers[i].name,
		    of_servers[i].kind, of_servers[i].help);
		server_figures_each(metrics->serving->current, write_server,
		    &(struct server_writing){
			.metrics = metrics,
			.write = of_servers[i].write,
		    });
	}
}

/* The configuration. */

static void
write_mode(struct metrics *metrics)
{
	const enum mode mode = metrics->serving->model->mode;

	prometheus_begin(&metrics->prometheus, "resolverd_mode_info", "gauge",
	    "1 for the mode in force.");
	for (unsigned i = MODE_RESTRICTED; i <= MODE_OFF; i++) {
		const struct prometheus_label labels[] = {
		    {"mode", mode_word((enum mode)i)},
		    {NULL, NULL},
		};

		prometheus_number(&metrics->prometheus, "", labels,
		    i == (unsigned)mode);
	}
}

static void
write_reload(struct metrics *metrics)
{
	const struct standing *standing = metrics->call->http->context.standing;
	const uint64_t age = clock_now() - metrics->serving->model->loaded_at;
	const uint64_t taken = (uint64_t)clock_date() - age;

	prometheus_begin(&metrics->prometheus,
	    "resolverd_config_last_reload_successful", "gauge",
	    "1 when the last reload, or the start, took its configuration.");
	prometheus_number(&metrics->prometheus, "", NULL,
	    standing->reload.at == 0 || standing->reload.good);
	prometheus_begin(&metrics->prometheus,
	    "resolverd_config_last_reload_success_timestamp_seconds", "gauge",
	    "When the configuration in force was taken, seconds since 1970.");
	prometheus_number(&metrics->prometheus, "", NULL,
	    (taken + PROMETHEUS_SECOND / 2) / PROMETHEUS_SECOND);
}

static void
write_drift(struct metrics *metrics)
{
	const struct drift *drift =
	    metrics->call->http->context.standing->drift;

	prometheus_begin(&metrics->prometheus, "resolverd_resolv_conf_drift",
	    "gauge", "1 while this machine's resolv.conf leads elsewhere.");
	prometheus_number(&metrics->prometheus, "", NULL,
	    drift->view.state == DRIFT_OTHER);
}

static void
write_query_log(struct metrics *metrics)
{
	const struct query_log *log =
	    metrics->call->http->context.standing->query_log;

	prometheus_begin(&metrics->prometheus, "resolverd_query_log_failing",
	    "gauge", "1 while the query log cannot be written.");
	prometheus_number(&metrics->prometheus, "", NULL,
	    query_log_look(log).failing);
}

static void
write_zones(struct metrics *metrics)
{
	prometheus_begin(&metrics->prometheus, "resolverd_zones", "gauge",
	    "Managed zones, those of presets included.");
	prometheus_number(&metrics->prometheus, "", NULL,
	    metrics->serving->current->zone_count);
}

static void
write_health(struct metrics *metrics)
{
	const struct snapshot *snapshot = metrics->serving->current;

	prometheus_begin(&metrics->prometheus, "resolverd_health_check_up",
	    "gauge",
	    "0 while an address of a routing policy cannot be "
	    "connected to.");
	for (size_t i = 0; i < snapshot->health_count; i++) {
		const struct health_target *target = &snapshot->health[i];
		char text[ADDR_TEXT];
		const struct prometheus_label labels[] = {
		    {"target", addr_format(&target->addr, text)},
		    {NULL, NULL},
		};

		prometheus_number(&metrics->prometheus, "", labels,
		    !atomic_load_explicit(&target->down, memory_order_relaxed));
	}
}

/* All other counters, by their own names. */
static void
write_counters(struct metrics *metrics)
{
	for (size_t i = 0; i < counter_row_count; i++) {
		const struct counter_row *row = &counter_rows[i];
		char name[METRIC_NAME];

		snprintf(name, sizeof(name), "resolverd_%s_total", row->name);
		prometheus_begin(&metrics->prometheus, name, "counter",
		    row->help);
		prometheus_number(&metrics->prometheus, "", NULL,
		    fleet_counter(&metrics->serving->fleet, row));
	}
}

static void (*const parts[])(struct metrics *metrics) = {
    write_build,
    write_start,
    write_workers,
    write_requests,
    write_responses,
    write_durations,
    write_cache,
    write_upstreams,
    write_reload,
    write_mode,
    write_drift,
    write_query_log,
    write_zones,
    write_health,
    write_counters,
};

/* All workers have told what they know of servers: a fleet_servers_fn. */
static void
told(void *context, struct upstreams *known, unsigned count)
{
	struct metrics *metrics = context;
	struct http_call *call = metrics->call;

	metrics->servers.known = known;
	metrics->servers.now = clock_now();
	metrics->servers.count = count;
	metrics->prometheus.out = call->out;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		parts[i](metrics);
	free(metrics);
	http_call_send(call, PROMETHEUS_CONTENT);
}

static void
fail(struct metrics *metrics)
{
	http_call_fail(metrics->call, HTTP_CALL_UNAVAILABLE, "out of memory");
	free(metrics);
}

/* And of their caches: a fleet_report_fn. */
static void
counted(void *context, const struct cache_report *report)
{
	struct metrics *metrics = context;
	struct fleet *fleet = &metrics->call->http->context.serving->fleet;

	metrics->cache = *report;
	if (fleet->ended || !fleet_servers(fleet, told, metrics))
		fail(metrics);
}

void
metrics_run(struct http_call *call)
{
	struct serving *serving = call->http->context.serving;
	struct metrics *metrics = calloc(1, sizeof(*metrics));

	if (metrics == NULL) {
		http_call_fail(call, HTTP_CALL_UNAVAILABLE, "out of memory");
		return;
	}
	metrics->call = call;
	metrics->serving = serving;
	if (!fleet_figures(&serving->fleet, counted, metrics))
		fail(metrics);
}
