#include "core/witness.h"

#include "dns/name.h"

void
witness_add(struct witness *witness, const struct event *event)
{
	struct event *kept;

	if (witness == NULL)
		return;
	if (witness->count == WITNESS_EVENTS || witness->arena->full) {
		witness->full = true;
		return;
	}
	kept = &witness->events[witness->count];
	*kept = *event;
	if (event->name != NULL) {
		kept->name = arena_copy(witness->arena, event->name,
		    name_size(event->name));
		if (kept->name == NULL)
			return;
	}
	witness->count++;
}
