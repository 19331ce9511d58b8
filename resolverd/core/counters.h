#ifndef CORE_COUNTERS_H
#define CORE_COUNTERS_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Every counter: its name and what it counts.  The table makes the struct,
 * the statistics line and, by a test, the list in resolverd(8).
 */
#define COUNTERS(X)                                                            \
	X(queries_udp, "queries received over UDP")                            \
	X(queries_tcp, "queries received over TCP")                            \
	X(dropped, "messages that were no query and got no answer")            \
	X(rate_told, "queries past the rate limit answered with TC alone")     \
	X(rate_dropped, "queries past the rate limit not answered")            \
	X(malformed, "queries answered FORMERR, NOTIMP or BADVERS")            \
	X(refused, "queries answered REFUSED")                                 \
	X(answers_zone, "answers from a private zone")                         \
	X(answers_rule, "answers from a response policy")                      \
	X(answers_cache, "answers from the cache")                             \
	X(answers_stale, "answers from the cache past their time")             \
	X(prefetched, "answers fetched anew before their time was over")       \
	X(answers_upstream, "answers from an upstream server")                 \
	X(faults_injected, "queries that met an injected fault")               \
	X(rebindings, "answers from outside with inside addresses")            \
	X(answers_failed, "answers that had to be SERVFAIL")                   \
	X(answers_belated, "answers that came too late to be sent")            \
	X(truncated, "answers cut over UDP with TC set")                       \
	X(joined, "queries that waited for an equal one already out")          \
	X(sent_udp, "questions sent to upstream servers over UDP")             \
	X(sent_tcp, "questions sent to upstream servers over TCP")             \
	X(sent_tls, "questions sent to upstream servers over TLS")             \
	X(upstream_mismatched, "upstream messages that did not match")         \
	X(upstream_doubted, "upstream messages that lacked case or cookie")    \
	X(upstream_malformed, "upstream messages that were broken")            \
	X(upstream_failed, "upstream answers that were errors")                \
	X(upstream_silent, "questions an upstream server did not answer")      \
	X(upstream_unreachable, "questions that could not be delivered")       \
	X(upstream_lost, "questions not sent for want of a socket")            \
	X(loops_found, "times an upstream server led back to this one")        \
	X(slots_exhausted, "queries given up for want of room")                \
	X(client_exhausted, "queries given up for their client's many")        \
	X(group_exhausted, "queries given up for their servers' many")         \
	X(query_log_written, "entries written to the query log")               \
	X(query_log_dropped, "entries left out of it for want of room")        \
	X(query_log_failed, "entries that could not be written to it")         \
	X(send_failed, "answers the kernel would not take")                    \
	X(tcp_accepted, "TCP connections accepted")                            \
	X(tcp_closed_idle, "TCP connections closed for idling")                \
	X(tcp_closed_client, "TCP connections closed for their client's many") \
	X(tcp_closed_full, "TCP connections closed to make room")

/* One worker's counters: it alone writes, others may read at any time. */
struct counters {
#define COUNTER_FIELD(name, help) atomic_uint_fast64_t name;
	COUNTERS(COUNTER_FIELD)
#undef COUNTER_FIELD
};

/* Adds so many; only the worker that owns the counters may. */
static inline void
counter_raise(atomic_uint_fast64_t *counter, uint64_t more)
{
	/* One writer: no locked instruction is needed. */
	const uint_fast64_t value =
	    atomic_load_explicit(counter, memory_order_relaxed);

	atomic_store_explicit(counter, value + more, memory_order_relaxed);
}

/* Adds one, likewise. */
static inline void
counter_add(atomic_uint_fast64_t *counter)
{
	counter_raise(counter, 1);
}

/* A row of the table, for showing. */
struct counter_row {
	const char *name;
	const char *help;
	size_t offset; /* of the field in struct counters */
};

extern const struct counter_row counter_rows[];
extern const size_t counter_row_count;

/* The value of a row. */
uint64_t
counter_read(const struct counters *counters, const struct counter_row *row);

#endif
