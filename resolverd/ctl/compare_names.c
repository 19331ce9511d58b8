#include "ctl/compare_names.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "dns/message.h"
#include "model/preset.h"
#include "model/reference.h"

enum {
	FIRST_ROOM = 256,
	QUESTIONS_MAX = 1 << 20,
	LABEL_MAX = 63,
	ARENA_BLOCK = 65536,
};

/* Names that nobody has. */
static const char one_label[] = "made-up-by-resolverctl";
static const char other_label[] = "below";

void
compare_names_init(struct compare_names *names, const uint16_t *types,
    size_t type_count)
{
	struct hash_key key = {0};

	/* Only the questions' own author could aim at its table. */
	if (getrandom(&key, sizeof(key), 0) < 0)
		key = (struct hash_key){0};
	*names = (struct compare_names){
	    .types = types,
	    .type_count = type_count,
	};
	seen_init(&names->seen, &key);
}

void
compare_names_fini(struct compare_names *names)
{
	seen_fini(&names->seen);
	free(names->items);
}

static bool
has_room(struct compare_names *names)
{
	const size_t room = names->room == 0 ? FIRST_ROOM : 2 * names->room;
	struct question *items;

	if (names->count < names->room)
		return true;
	items = room > QUESTIONS_MAX
	    ? NULL
	    : realloc(names->items, room * sizeof(*items));
	if (items == NULL) {
		names->full = true;
		return false;
	}
	names->items = items;
	names->room = room;
	return true;
}

void
compare_names_add(struct compare_names *names, const struct name *name,
    uint16_t type)
{
	const struct question question = {
	    .name = *name,
	    .type = type,
	    .class = CLASS_IN,
	};

	if (has_room(names) && seen_add(&names->seen, &question))
		names->items[names->count++] = question;
}

void
compare_names_add_name(struct compare_names *names, const struct name *name)
{
	for (size_t i = 0; i < names->type_count; i++)
		compare_names_add(names, name, names->types[i]);
}

/* Puts a label before a name; false when it gets too long. */
static bool
prepend(struct name *name, const char *label)
{
	const size_t len = strlen(label);

	if (len > LABEL_MAX || name->len + len + 1 > NAME_SIZE)
		return false;
	memmove(name->wire + 1 + len, name->wire, name->len);
	name->wire[0] = (uint8_t)len;
	memcpy(name->wire + 1, label, len);
	name->len = (uint8_t)(name->len + len + 1);
	name->labels++;
	return true;
}

/* A name that is not there but for a wildcard, and one that is below it. */
static void
add_made_up(struct compare_names *names, const struct name *above)
{
	struct name name = *above;

	if (!prepend(&name, one_label))
		return;
	compare_names_add_name(names, &name);
	if (prepend(&name, other_label))
		compare_names_add_name(names, &name);
}

/* What a name with data, or a wildcard, is asked as. */
static void
add_owner(struct compare_names *names, const struct name *owner)
{
	struct name above;

	if (!name_is_wildcard(owner->wire)) {
		compare_names_add_name(names, owner);
		return;
	}
	name_set(&above, name_strip(owner->wire, 1));
	add_made_up(names, &above);
}

/* A set's own type, which may be none of those asked for anyway. */
static void
add_sets(struct compare_names *names, const struct model_list *list)
{
	const struct model_record_set *const sets = list->items;

	for (size_t i = 0; i < list->count; i++) {
		struct name name = sets[i].name;

		add_owner(names, &name);
		if (name_is_wildcard(name.wire)) {
			name_set(&name, name_strip(sets[i].name.wire, 1));
			if (!prepend(&name, one_label))
				continue;
		}
		compare_names_add(names, &name, sets[i].type);
	}
}

static void
add_zone(struct compare_names *names, const struct model_zone *zone)
{
	const struct name *const apex = &zone->dns_name.name;

	compare_names_add_name(names, apex);
	compare_names_add(names, apex, TYPE_SOA);
	compare_names_add(names, apex, TYPE_NS);
	add_made_up(names, apex);
	add_sets(names, &zone->record_sets);
}

static void
add_rules(struct compare_names *names,
    const struct model_response_policy *policy)
{
	const struct model_rule *const rules = policy->rules.items;

	for (size_t i = 0; i < policy->rules.count; i++) {
		add_owner(names, &rules[i].dns_name.name);
		add_sets(names, &rules[i].local_datas);
	}
}

bool
compare_names_of_model(struct compare_names *names, const struct model *model,
    const struct model_network *network)
{
	const struct model_zone *const zones = model->zones.items;
	const struct model_response_policy *const policies =
	    model->response_policies.items;
	struct model_list presets = {.count = 0};
	struct arena arena;
	bool good;

	arena_init_heap(&arena, ARENA_BLOCK);
	good = preset_zones(model, network, &arena, &presets);
	for (size_t i = 0; i < model->zones.count; i++) {
		if (reference_holds_in_network(&zones[i].visibility, network))
			add_zone(names, &zones[i]);
	}
	for (size_t i = 0; i < presets.count; i++)
		add_zone(names, &((const struct model_zone *)presets.items)[i]);
	for (size_t i = 0; i < model->response_policies.count; i++) {
		if (reference_holds_in_network(&policies[i].visibility,
			network))
			add_rules(names, &policies[i]);
	}
	arena_fini(&arena);
	return good && !names->full;
}
