#include "ctl/control_commands.h"

#include "ctl/control_call.h"
#include "ctl/control_command.h"
#include "ctl/serving.h"
#include "model/audience.h"
#include "model/preset.h"
#include "model/reference.h"

enum { PRESETS_BLOCK = 64 * 1024, CLAIM = 1100 };

static const char *const kinds[] = {
    [MODEL_ZONE_PRIVATE] = "private",
    [MODEL_ZONE_FORWARDING] = "forwarding",
    [MODEL_ZONE_PEERING] = "peering",
    [MODEL_ZONE_REVERSE] = "reverse",
};

/* Who claims a name: where that was written. */
static void
write_claim(struct json_writer *writer, const struct mark *mark, bool preset)
{
	char claim[CLAIM];

	json_writer_text(writer, "claimed_by",
	    preset ? "preset" : diag_mark_text(mark, claim, sizeof(claim)));
}

static void
write_zone(struct json_writer *writer, const struct model_zone *zone)
{
	char name[NAME_TEXT];

	json_writer_object(writer, NULL);
	json_writer_text(writer, "name", zone->name.text);
	json_writer_text(writer, "dns_name",
	    name_to_text(zone->dns_name.name.wire, name));
	json_writer_text(writer, "kind", kinds[zone->kind]);
	json_writer_number(writer, "record_sets", zone->record_sets.count);
	write_claim(writer, &zone->mark, zone->from_preset);
	json_writer_end(writer);
}

static void
write_presets(struct json_writer *writer, const struct model *model,
    const struct model_network *network)
{
	struct model_list list;
	struct arena arena;

	arena_init_heap(&arena, PRESETS_BLOCK);
	if (preset_zones(model, network, &arena, &list)) {
		const struct model_zone *zones = list.items;

		for (size_t i = 0; i < list.count; i++)
			write_zone(writer, &zones[i]);
	}
	arena_fini(&arena);
}

static void
write_zones(struct json_writer *writer, const struct model *model,
    const struct audience *audience)
{
	const struct model_zone *zones = model->zones.items;

	json_writer_array(writer, "zones");
	for (size_t i = 0; i < model->zones.count; i++) {
		if (audience_sees(audience, &zones[i].visibility))
			write_zone(writer, &zones[i]);
	}
	if (audience->network != NULL)
		write_presets(writer, model, audience->network);
	json_writer_end(writer);
}

static void
write_policies(struct json_writer *writer, const struct model *model,
    const struct audience *audience)
{
	const struct model_response_policy *policies =
	    model->response_policies.items;

	json_writer_array(writer, "response_policies");
	for (size_t i = 0; i < model->response_policies.count; i++) {
		if (!audience_sees(audience, &policies[i].visibility))
			continue;
		json_writer_object(writer, NULL);
		json_writer_text(writer, "name", policies[i].name.text);
		json_writer_number(writer, "rules", policies[i].rules.count);
		write_claim(writer, &policies[i].mark, false);
		json_writer_end(writer);
	}
	json_writer_end(writer);
}

void
control_zones_run(struct control_call *call)
{
	const struct model *model = control_context_of(call)->serving->model;
	struct json_writer *writer = control_call_writer(call);

	json_writer_array(writer, "scopes");
	for (size_t i = 0; i < audience_count(model); i++) {
		const struct audience audience = audience_at(model, i);

		json_writer_object(writer, NULL);
		json_writer_text(writer, audience.kind, audience.name);
		write_zones(writer, model, &audience);
		write_policies(writer, model, &audience);
		json_writer_end(writer);
	}
	json_writer_end(writer);
	control_call_end(call);
}
