#include "ctl/document.h"

#include <stddef.h>

#include "ctl/document_audience.h"
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
write_claim(const struct mark *mark, bool preset, struct json_writer *writer)
{
	char claim[CLAIM];

	json_writer_text(writer, "claimed_by",
	    preset ? "preset" : diag_mark_text(mark, claim, sizeof(claim)));
}

/* A network's own is seen by nobody else. */
static void
write_owner(const struct model_network *network, struct json_writer *writer)
{
	json_writer_array(writer, "networks");
	json_writer_text(writer, NULL, network->name.text);
	json_writer_end(writer);
	json_writer_array(writer, "clusters");
	json_writer_end(writer);
}

/* network: whose preset it is, or NULL. */
static void
write_zone(const struct model *model, const struct model_zone *zone,
    const struct model_network *network, struct json_writer *writer)
{
	char name[NAME_TEXT];

	json_writer_object(writer, NULL);
	json_writer_text(writer, "name", zone->name.text);
	json_writer_text(writer, "dns_name",
	    name_to_text(zone->dns_name.name.wire, name));
	json_writer_text(writer, "kind", kinds[zone->kind]);
	json_writer_number(writer, "record_sets", zone->record_sets.count);
	json_writer_text(writer, "description", zone->description.text);
	write_claim(&zone->mark, network != NULL, writer);
	if (network == NULL) {
		document_audience_write(model, &zone->visibility, writer);
	} else {
		write_owner(network, writer);
	}
	json_writer_end(writer);
}

static void
write_presets(const struct model *model, const struct model_network *network,
    struct json_writer *writer)
{
	struct model_list list;
	struct arena arena;

	arena_init_heap(&arena, PRESETS_BLOCK);
	if (preset_zones(model, network, &arena, &list)) {
		const struct model_zone *zones = list.items;

		for (size_t i = 0; i < list.count; i++)
			write_zone(model, &zones[i], network, writer);
	}
	arena_fini(&arena);
}

static void
write_zones(const struct model *model, struct json_writer *writer)
{
	const struct model_zone *zones = model->zones.items;

	json_writer_array(writer, "zones");
	for (size_t i = 0; i < model->zones.count; i++)
		write_zone(model, &zones[i], NULL, writer);
	for (size_t i = 0; i < reference_network_count(model); i++)
		write_presets(model, reference_network_at(model, i), writer);
	json_writer_end(writer);
}

static void
write_policies(const struct model *model, struct json_writer *writer)
{
	const struct model_response_policy *policies =
	    model->response_policies.items;

	json_writer_array(writer, "response_policies");
	for (size_t i = 0; i < model->response_policies.count; i++) {
		json_writer_object(writer, NULL);
		json_writer_text(writer, "name", policies[i].name.text);
		json_writer_number(writer, "rules", policies[i].rules.count);
		write_claim(&policies[i].mark, false, writer);
		document_audience_write(model, &policies[i].visibility, writer);
		json_writer_end(writer);
	}
	json_writer_end(writer);
}

void
document_zones_write(const struct model *model, struct json_writer *writer)
{
	document_audience_write(model, NULL, writer);
	write_zones(model, writer);
	write_policies(model, writer);
}
