#include "config/routing_schema.h"

#include "config/health_schema.h"
#include "config/rdata_text.h"
#include "config/schema_describe.h"
#include "config/schema_write.h"

enum {
	ITEMS_MAX = 100,
	RRDATAS_MAX = 100, /* the fact sheet's section 9 */
	WHOLE = 10000,	   /* a weight or share of 1 */
	WEIGHT_MAX = 1000 * WHOLE,
};

static const char *const ignored[] = {"kind", NULL};
static const char *const item_ignored[] = {"kind", "signature_rrdatas", NULL};

/* Items. */

struct item_source {
	struct mark mark;
	uint32_t weight;
	struct model_text location;
	struct model_list rrdatas; /* struct model_text */
	struct model_list checked; /* struct model_health_target */
};

/* Both kinds of items have these. */
#define ITEM_DATA                                                        \
	{                                                                \
	    .key = "rrdatas",                                            \
	    .help = "data that stands whatever is healthy",              \
	    .type = &schema_text,                                        \
	    SCHEMA_AT(item_source, rrdatas),                             \
	    .list = true,                                                \
	    .at_most = RRDATAS_MAX,                                      \
	},                                                               \
	{                                                                \
		.key = "health_checked_targets",                         \
		.help = "addresses that stand while healthy",            \
		.type = &schema_struct, SCHEMA_AT(item_source, checked), \
		.schema = &health_schema,                                \
	}

static const struct schema_field weighted_fields[] = {
    {
	.key = "weight",
	.help = "its share is this in the sum of all weights",
	.type = &schema_fraction,
	SCHEMA_AT(item_source, weight),
	.required = true,
	.max = WEIGHT_MAX,
    },
    ITEM_DATA,
    {.key = NULL},
};

static const struct schema_field located_fields[] = {
    {
	.key = "location",
	.help = "the region whose clients get it",
	.type = &schema_text,
	SCHEMA_AT(item_source, location),
	.required = true,
    },
    ITEM_DATA,
    {.key = NULL},
};

static bool
item_finish(struct decoder *decoder, const struct node *node, void *out)
{
	struct item_source *item = out;

	item->mark = node->mark;
	if (item->rrdatas.count > 0 || item->checked.count > 0)
		return true;
	return diag_error(decoder->diag, node->mark,
	    "an item of a routing policy needs rrdatas or "
	    "health_checked_targets");
}

static const struct schema weighted_schema = {
    .what = "an item of wrr",
    .fields = weighted_fields,
    .size = sizeof(struct item_source),
    .resource = true,
    .ignored = item_ignored,
    .finish = item_finish,
};

static const struct schema located_schema = {
    .what = "an item of geo",
    .fields = located_fields,
    .size = sizeof(struct item_source),
    .resource = true,
    .ignored = item_ignored,
    .finish = item_finish,
};

/* The three kinds of policies. */

/* wrr, geo and backup_geo_targets. */
struct group_source {
	struct mark mark; /* file NULL: not given */
	bool fencing;
	struct model_list items; /* struct item_source */
};

struct backup_source {
	struct mark mark;
	struct model_list primary; /* struct model_health_target */
	struct group_source backup;
	uint32_t trickle;
};

struct routing_source {
	struct mark mark;
	struct group_source wrr;
	struct group_source geo;
	struct backup_source primary_backup;
};

static bool
group_finish(struct decoder *decoder, const struct node *node, void *out)
{
	struct group_source *group = out;

	(void)decoder;
	group->mark = node->mark;
	return true;
}

static const struct schema_field wrr_fields[] = {
    {
	.key = "items",
	.help = "one of them is drawn for each query",
	.type = &schema_struct,
	SCHEMA_AT(group_source, items),
	.list = true,
	.required = true,
	.at_least = 1,
	.at_most = ITEMS_MAX,
	.schema = &weighted_schema,
    },
    {.key = NULL},
};

static const struct schema wrr_schema = {
    .what = "wrr",
    .fields = wrr_fields,
    .size = sizeof(struct group_source),
    .resource = true,
    .ignored = ignored,
    .finish = group_finish,
};

static const struct schema_field geo_fields[] = {
    {
	.key = "enable_fencing",
	.help = "whether clients never get another region's data",
	.type = &schema_bool,
	SCHEMA_AT(group_source, fencing),
    },
    {
	.key = "items",
	.help = "the nearest one is the answer",
	.type = &schema_struct,
	SCHEMA_AT(group_source, items),
	.list = true,
	.required = true,
	.at_least = 1,
	.at_most = ITEMS_MAX,
	.schema = &located_schema,
    },
    {.key = NULL},
};

static const struct schema geo_schema = {
    .what = "geo",
    .fields = geo_fields,
    .size = sizeof(struct group_source),
    .resource = true,
    .ignored = ignored,
    .finish = group_finish,
};

static bool
backup_finish(struct decoder *decoder, const struct node *node, void *out)
{
	struct backup_source *source = out;

	source->mark = node->mark;
	if (source->primary.count > 0)
		return true;
	return diag_error(decoder->diag, node->mark,
	    "primary_backup needs internal_load_balancers in its "
	    "primary_targets");
}

static const struct schema_field backup_fields[] = {
    {
	.key = "primary_targets",
	.help = "the answer while one of them is healthy",
	.type = &schema_struct,
	SCHEMA_AT(backup_source, primary),
	.schema = &health_schema,
    },
    {
	.key = "backup_geo_targets",
	.help = "the answer otherwise",
	.type = &schema_struct,
	SCHEMA_AT(backup_source, backup),
	.required = true,
	.schema = &geo_schema,
    },
    {
	.key = "trickle_traffic",
	.help = "the share of queries that get the backup anyway",
	.type = &schema_fraction,
	SCHEMA_AT(backup_source, trickle),
	.max = WHOLE,
    },
    {.key = NULL},
};

static const struct schema backup_schema = {
    .what = "primary_backup",
    .fields = backup_fields,
    .size = sizeof(struct backup_source),
    .resource = true,
    .ignored = ignored,
    .finish = backup_finish,
};

static bool
routing_finish(struct decoder *decoder, const struct node *node, void *out)
{
	struct routing_source *source = out;
	const unsigned given = (source->wrr.mark.file != NULL ? 1U : 0U) +
	    (source->geo.mark.file != NULL ? 1U : 0U) +
	    (source->primary_backup.mark.file != NULL ? 1U : 0U);

	source->mark = node->mark;
	if (given == 1)
		return true;
	return diag_error(decoder->diag, node->mark,
	    "a routing policy has %s wrr, geo and primary_backup",
	    given == 0 ? "one of" : "only one of");
}

static const struct schema_field routing_fields[] = {
    {
	.key = "wrr",
	.help = "weighted round robin",
	.type = &schema_struct,
	SCHEMA_AT(routing_source, wrr),
	.schema = &wrr_schema,
    },
    {
	.key = "geo",
	.help = "by the client's region",
	.type = &schema_struct,
	SCHEMA_AT(routing_source, geo),
	.schema = &geo_schema,
    },
    {
	.key = "primary_backup",
	.help = "failover",
	.type = &schema_struct,
	SCHEMA_AT(routing_source, primary_backup),
	.schema = &backup_schema,
    },
    {
	.key = "health_check",
	.help = "refused",
	.type = &schema_refused,
	.literal = "health checks from the internet are for public zones",
    },
    {.key = NULL},
};

static const struct schema routing_schema = {
    .what = "a routing policy",
    .fields = routing_fields,
    .size = sizeof(struct routing_source),
    .resource = true,
    .ignored = ignored,
    .finish = routing_finish,
};

static bool
routing_read(struct decoder *decoder, const struct schema_field *field,
    const struct node *node, void *out)
{
	struct routing_source *source =
	    arena_calloc(decoder->arena, 1, sizeof(*source));

	(void)field;
	if (source == NULL ||
	    !schema_decode(decoder, &routing_schema, node, source))
		return false;
	*(const struct routing_source **)out = source;
	return true;
}

static void
routing_describe(const struct schema_field *field,
    struct schema_describer *describer)
{
	(void)field;
	schema_describe_mapping(&routing_schema, describer);
}

const struct schema_type routing_schema_type = {
    .name = "routing policy",
    .size = sizeof(const struct routing_source *),
    .read = routing_read,
    .describe = routing_describe,
};

struct mark
routing_schema_mark(const struct routing_source *source)
{
	return source->mark;
}

/* Into the model. */

static bool
item_make(struct decoder *decoder, const struct item_source *source,
    uint16_t type, struct model_routing_item *out)
{
	const struct rdata_text data = {
	    .type = type,
	    .texts = &source->rrdatas,
	};

	*out = (struct model_routing_item){
	    .mark = source->mark,
	    .weight = source->weight,
	    .location = source->location,
	    .rdata = rdata_text_read(decoder, &data),
	    .rdata_count = source->rrdatas.count,
	    .checked = source->checked,
	};
	return out->rdata != NULL;
}

static bool
items_make(struct decoder *decoder, const struct model_list *sources,
    uint16_t type, struct model_list *out)
{
	const struct item_source *from = sources->items;
	struct model_routing_item *items =
	    arena_calloc(decoder->arena, sources->count, sizeof(*items));
	bool good = items != NULL;

	for (size_t i = 0; items != NULL && i < sources->count; i++) {
		if (!item_make(decoder, &from[i], type, &items[i]))
			good = false;
	}
	*out = (struct model_list){.items = items, .count = sources->count};
	return good;
}

/* The items of the one kind that was given. */
static const struct group_source *
group_given(const struct routing_source *source)
{
	if (source->wrr.mark.file != NULL)
		return &source->wrr;
	return source->geo.mark.file != NULL ? &source->geo
					     : &source->primary_backup.backup;
}

static enum model_routing_kind
kind_given(const struct routing_source *source)
{
	if (source->wrr.mark.file != NULL)
		return ROUTING_WRR;
	return source->geo.mark.file != NULL ? ROUTING_GEO : ROUTING_FAILOVER;
}

const struct model_routing *
routing_schema_make(struct decoder *decoder,
    const struct routing_source *source, uint16_t type)
{
	const struct group_source *group = group_given(source);
	struct model_routing *routing =
	    arena_calloc(decoder->arena, 1, sizeof(*routing));

	if (routing == NULL ||
	    !items_make(decoder, &group->items, type, &routing->items))
		return NULL;
	routing->mark = source->mark;
	routing->kind = kind_given(source);
	routing->fencing = group->fencing;
	routing->trickle = source->primary_backup.trickle;
	routing->primary = source->primary_backup.primary;
	return routing;
}

/* And back. */

static void
write_item(const struct model_routing *routing,
    const struct model_routing_item *item, uint16_t type, FILE *out)
{
	char weight[UNIT_TEXT];

	if (routing->kind == ROUTING_WRR) {
		fprintf(out, "{weight: %s",
		    schema_write_share(item->weight, weight));
	} else {
		fputs("{location: ", out);
		schema_write_quoted(item->location.text, out);
	}
	if (item->rdata_count > 0) {
		fputs(", rrdatas: ", out);
		rdata_text_write(type, item->rdata, item->rdata_count, out);
	}
	if (item->checked.count > 0) {
		fputs(", health_checked_targets: ", out);
		health_schema_write(&item->checked, out);
	}
	fputc('}', out);
}

static void
write_items(const struct model_routing *routing, uint16_t type, FILE *out)
{
	const struct model_routing_item *items = routing->items.items;

	fputs(routing->fencing ? "{enable_fencing: true, items: ["
			       : "{items: [",
	    out);
	for (size_t i = 0; i < routing->items.count; i++) {
		if (i > 0)
			fputs(", ", out);
		write_item(routing, &items[i], type, out);
	}
	fputs("]}", out);
}

void
routing_schema_write(const struct model_routing *routing, uint16_t type,
    FILE *out)
{
	char trickle[UNIT_TEXT];

	switch (routing->kind) {
	case ROUTING_WRR:
		fputs("{wrr: ", out);
		write_items(routing, type, out);
		break;
	case ROUTING_GEO:
		fputs("{geo: ", out);
		write_items(routing, type, out);
		break;
	case ROUTING_FAILOVER:
		fputs("{primary_backup: {primary_targets: ", out);
		health_schema_write(&routing->primary, out);
		fputs(", backup_geo_targets: ", out);
		write_items(routing, type, out);
		fprintf(out, ", trickle_traffic: %s}",
		    schema_write_share(routing->trickle, trickle));
		break;
	}
	fputc('}', out);
}
