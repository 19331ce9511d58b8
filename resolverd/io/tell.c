#include "io/tell.h"

#include <stddef.h>

#include "base/addr.h"
#include "base/log.h"
#include "core/identity.h"
#include "core/query.h"
#include "io/clock.h"
#include "io/trace.h"
#include "io/worker.h"

/*
 * The daemon's question to itself (ctl/watchdog), which is no client's: from
 * the address that it was sent to, so that nobody else asks unheard.
 */
static bool
is_watchdog(const struct query *query, const struct addr *local)
{
	return query->request.has_question &&
	    identity_asked(&query->request.question) &&
	    addr_same_host(&query->client, local);
}

static void
tell_log(struct worker *worker, const struct query *query)
{
	if (log_wants(LOG_LEVEL_DEBUG))
		trace_answer(query);
	if (query->inside)
		trace_inside(&worker->inside_gate, query);
}

void
tell_at_once(struct worker *worker, const struct query *query,
    const struct addr *local)
{
	tell_log(worker, query);
	traffic_add(&worker->traffic, query);
	latency_hold(&worker->latency, account_origin(query),
	    account_rcode(query));
	if (qlog_wants(&worker->qlog) && !is_watchdog(query, local))
		qlog_put(&worker->qlog, query, local, clock_now());
}

void
tell_settle(struct worker *worker, uint64_t began_at)
{
	if (worker->latency.held_all > 0)
		latency_settle(&worker->latency, clock_now() - began_at);
}

void
tell_parked(struct worker *worker, const struct query *query,
    const struct addr *local, uint64_t now)
{
	tell_log(worker, query);
	traffic_add(&worker->traffic, query);
	latency_add(&worker->latency, account_origin(query),
	    account_rcode(query), now - query->came_at);
	if (qlog_wants(&worker->qlog))
		qlog_put(&worker->qlog, query, local, now);
}

void
tell_inquiry(struct worker *worker, const struct query *query, uint64_t now)
{
	tell_log(worker, query);
	/* Who explains or asks on an operator's behalf is no client. */
	if (query->own && qlog_wants(&worker->qlog))
		qlog_put(&worker->qlog, query, NULL, now);
}
