#include "config/export_names.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/hash.h"

enum { FIRST_ROOM = 64 };

/* The place of name, or the free one where it belongs. */
static size_t
slot_of(const struct export_names *names, const char *name)
{
	static const struct hash_key key = {0, 0};
	size_t at = hash_bytes(&key, name, strlen(name)) % names->room;

	while (names->slots[at] != NULL && strcmp(names->slots[at], name) != 0)
		at = (at + 1) % names->room;
	return at;
}

/* Doubles the room once it is half full. */
static bool
make_room(struct export_names *names)
{
	const struct export_names old = *names;

	if (names->count * 2 < names->room)
		return true;
	names->room = old.room == 0 ? FIRST_ROOM : old.room * 2;
	names->slots =
	    arena_calloc(names->arena, names->room, sizeof(*names->slots));
	if (names->slots == NULL) {
		*names = old;
		return false;
	}
	for (size_t i = 0; i < old.room; i++) {
		const char *const name = old.slots[i];

		if (name != NULL)
			names->slots[slot_of(names, name)] = name;
	}
	return true;
}

/* The name with a number, shortened where both do not fit. */
static const char *
numbered(const struct export_names *names, const char *wanted, unsigned number)
{
	enum { NUMBER_TEXT = 12 };
	size_t len = strlen(wanted);

	if (names->limit > NUMBER_TEXT && len > names->limit - NUMBER_TEXT)
		len = names->limit - NUMBER_TEXT;
	return arena_printf(names->arena, "%.*s%c%u", (int)len, wanted,
	    names->joint, number);
}

const char *
export_names_take(struct export_names *names, const char *wanted)
{
	const char *name = wanted;

	if (!make_room(names))
		return wanted;
	for (unsigned number = 2; name != NULL; number++) {
		const size_t at = slot_of(names, name);

		if (names->slots[at] == NULL) {
			names->slots[at] = name;
			names->count++;
			return name;
		}
		name = numbered(names, wanted, number);
	}
	return wanted;
}
