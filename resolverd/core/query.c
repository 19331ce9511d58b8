#include "core/query.h"

#include <assert.h>
#include <stddef.h>

#include "core/order.h"

void
query_reset(struct query *query)
{
	query->out_len = 0;
	query->until = 0;
	query->read = false;
	query->has_path = false;
	query->witness = NULL;
	query->unharmed = false;
	query->fault = NULL;
	query->own = false;
	query->claim = (struct claim){.made = false};
	query->origins = 0;
	query->came_at = 0;
	query->snapshot = NULL;
	query->holds_snapshot = false;
	query->group = NULL;
	query->give_up_at = 0;
	query->patience_until = 0;
	query->attempts = 0;
	query->heard = false;
	query->orphan = false;
	query->evicted = false;
	query->answered = NULL;
	query->synthesise = false;
	query->inside = false;
	query->steered = false;
	query->mould = NULL;
	for (unsigned i = 0; i < TRANSMISSIONS; i++)
		query->sent[i].open = false;
	query->parked = false;
	query->leader = NULL;
	query->waiters = NULL;
	query->waiting = 0;
	query->view = (struct view){.network = NULL};
	arena_init(&query->kept, query->room, sizeof(query->room));
	query_restart(query);
}

void
query_restart(struct query *query)
{
	query->owner = query->request.question.name.wire;
	query->network = query->view.network;
	query->peerings = 0;
	query->stages = STAGE_ALL;
	query->hops = 0;
	query->zone = NULL;
	query->rule = NULL;
	query->source = SOURCE_PUBLIC;
	arena_reset(&query->kept);
	answer_reset(&query->answer);
}

void
query_go_on(struct query *query)
{
	assert(query->parked && query->role == FLIGHT_LEADER);
	query->orphan = true;
	query->witness = NULL;
	query->group = query->asked_group;
	query->type = query->asked.type;
	path_set(&query->path, query->asked.name.wire, &query->snapshot->key);
}
