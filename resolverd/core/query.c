#include "core/query.h"

#include <stddef.h>

#include "core/order.h"

void
query_reset(struct query *query)
{
	query->out_len = 0;
	query->until = 0;
	query->inbound = false;
	query->snapshot = NULL;
	query->holds_snapshot = false;
	query->owner = query->request.question.name.wire;
	query->stages = STAGE_ALL;
	query->hops = 0;
	query->zone = NULL;
	query->source = SOURCE_PUBLIC;
	query->group = NULL;
	query->attempts = 0;
	query->tried = 0;
	query->failed = 0;
	query->heard = false;
	query->by_tcp = false;
	query->plain = false;
	for (unsigned i = 0; i < TRANSMISSIONS; i++)
		query->sent[i].open = false;
	query->parked = false;
	query->leader = NULL;
	query->waiters = NULL;
	query->waiting = 0;
	answer_reset(&query->answer);
}
