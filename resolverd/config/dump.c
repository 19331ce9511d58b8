#include "config/dump.h"

#include <inttypes.h>

#include "config/schema.h"
#include "config/server_schema.h"
#include "dns/rdata.h"
#include "model/preset.h"
#include "model/reference.h"

enum { PRESETS_BLOCK = 64 * 1024, RDATA_TEXT = 2048 };

static void
dump_record_set(const struct model_record_set *set, FILE *out)
{
	char name[NAME_TEXT];
	char type[RDATA_TYPE_TEXT];
	char data[RDATA_TEXT];

	name_to_text(set->name.wire, name);
	rdata_type_to_text(set->type, type);
	for (size_t i = 0; i < set->rdata_count; i++) {
		fprintf(out, "#   %s %" PRIu32 " %s %s\n", name, set->ttl, type,
		    rdata_to_text(set->type, set->rdata[i].bytes,
			set->rdata[i].len, data, sizeof(data)));
	}
}

static void
dump_preset_zone(const struct model_zone *zone, FILE *out)
{
	const struct model_record_set *sets = zone->record_sets.items;
	char apex[NAME_TEXT];

	fprintf(out, "# by preset: zone %s, dns_name %s\n", zone->name.text,
	    name_to_text(zone->dns_name.name.wire, apex));
	for (size_t i = 0; i < zone->record_sets.count; i++)
		dump_record_set(&sets[i], out);
}

static void
dump_presets(const struct model *model, const struct model_network *network,
    FILE *out)
{
	struct arena arena;
	struct model_list list;
	const struct model_zone *zones;

	arena_init_heap(&arena, PRESETS_BLOCK);
	if (preset_zones(model, network, &arena, &list)) {
		zones = list.items;
		if (model->networks.count > 0 && list.count > 0)
			fprintf(out, "# network %s\n", network->name.text);
		for (size_t i = 0; i < list.count; i++)
			dump_preset_zone(&zones[i], out);
	}
	arena_fini(&arena);
}

void
dump_model(const struct model *model, FILE *out)
{
	struct schema_writer writer = {.out = out};

	schema_write(&server_schema, model, &writer);
	for (size_t i = 0; i < reference_network_count(model); i++)
		dump_presets(model, reference_network_at(model, i), out);
}
