#include "core/witness.h"

#include "dns/name.h"

void
witness_add(struct witness *witness, const struct sighting *sighting)
{
	struct sighting *kept;

	if (witness == NULL)
		return;
	if (witness->count == WITNESS_SIGHTINGS || witness->arena->full) {
		witness->full = true;
		return;
	}
	kept = &witness->seen[witness->count];
	*kept = *sighting;
	if (sighting->name != NULL) {
		kept->name = arena_copy(witness->arena, sighting->name,
		    name_size(sighting->name));
	}
	if (sighting->text != NULL)
		kept->text = arena_strdup(witness->arena, sighting->text);
	if (!witness->arena->full)
		witness->count++;
}
