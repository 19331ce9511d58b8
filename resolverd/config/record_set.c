#include "config/record_set.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "config/rdata_text.h"
#include "config/routing_schema.h"
#include "config/schema_describe.h"
#include "config/schema_write.h"
#include "dns/rdata.h"
#include "model/check.h"
#include "model/model.h"

enum {
	DEFAULT_TTL = 300,
	RRDATAS_MAX = 100, /* the fact sheet's section 9 */
};

/* As written, before the data is turned into wire form. */
struct record_source {
	struct model_name name;
	struct model_text type;
	uint32_t ttl;
	struct model_list rrdatas; /* struct model_text */
	const struct routing_source *routing;
};

static void
source_begin(void *out)
{
	struct record_source *source = out;

	source->ttl = DEFAULT_TTL;
}

static const struct schema_field fields[] = {
    {
	.key = "name",
	.help = "the full domain name, a final dot may be missing",
	.type = &schema_name,
	SCHEMA_AT(record_source, name),
	.required = true,
    },
    {
	.key = "type",
	.help = "the record type",
	.type = &schema_text,
	SCHEMA_AT(record_source, type),
	.required = true,
    },
    {
	.key = "ttl",
	.help = "seconds for which clients may keep the records",
	.type = &schema_number,
	SCHEMA_AT(record_source, ttl),
	.max = INT32_MAX,
    },
    {
	.key = "rrdatas",
	.help = "the data of each record, host names with a final dot",
	.type = &schema_text,
	SCHEMA_AT(record_source, rrdatas),
	.list = true,
	.at_most = RRDATAS_MAX,
    },
    {
	.key = "routing_policy",
	.help = "data by weight, place or health, in place of rrdatas",
	.type = &routing_schema_type,
	.at = offsetof(struct record_source, routing),
	.size = sizeof(void *),
    },
    {
	.key = "kind",
	.help = "what gcloud calls the resource; no effect",
	.type = &schema_literal,
	.literal = "dns#resourceRecordSet",
    },
    {
	.key = "signature_rrdatas",
	.help = "must be empty; no effect",
	.type = &schema_empty,
	.literal = "private zones are not signed",
    },
    {.key = NULL},
};

/* The set has data, and from one place only. */
static bool
source_finish(struct decoder *decoder, const struct node *node, void *out)
{
	const struct record_source *source = out;
	const struct node *data =
	    schema_child(&record_set_schema, node, "rrdatas");

	if (schema_child(&record_set_schema, node, "routing_policy") != NULL) {
		if (source->routing == NULL || source->rrdatas.count == 0)
			return true;
		return diag_error(decoder->diag,
		    routing_schema_mark(source->routing),
		    "a record set has rrdatas or routing_policy, not both");
	}
	if (data == NULL) {
		return diag_error(decoder->diag, node->mark,
		    "a record set needs rrdatas or routing_policy");
	}
	if (data->kind == NODE_LIST && data->count == 0) {
		return diag_error(decoder->diag, data->mark,
		    "rrdatas must not be an empty list");
	}
	return true;
}

const struct schema record_set_schema = {
    .what = "a record set",
    .fields = fields,
    .size = sizeof(struct record_source),
    .resource = true,
    .begin = source_begin,
    .finish = source_finish,
};

static bool
type_read(struct decoder *decoder, const struct model_text *text, uint16_t *out)
{
	const char *nearest;

	if (text->text == NULL)
		return false;
	if (rdata_type_from_text(text->text, out))
		return check_type(*out, text->mark, decoder->diag);
	if (strcasecmp(text->text, "ALIAS") == 0) {
		return diag_error(decoder->diag, text->mark,
		    "type ALIAS is for public zones only; at the apex of a "
		    "private zone write the addresses as A and AAAA");
	}
	nearest = text_nearest(text->text, check_types, check_type_count);
	if (nearest != NULL) {
		return diag_error(decoder->diag, text->mark,
		    "unknown type \"%s\" (did you mean \"%s\"?)", text->text,
		    nearest);
	}
	diag_error(decoder->diag, text->mark, "unknown type \"%s\"",
	    text->text);
	check_note_types(text->mark, decoder->diag);
	return false;
}

/* What the set answers: its own data, or a routing policy's. */
static bool
answer_read(struct decoder *decoder, const struct record_source *source,
    struct model_record_set *out)
{
	const struct rdata_text data = {
	    .type = out->type,
	    .texts = &source->rrdatas,
	};

	if (source->routing != NULL) {
		out->routing =
		    routing_schema_make(decoder, source->routing, out->type);
		return out->routing != NULL;
	}
	out->rdata = rdata_text_read(decoder, &data);
	out->rdata_count = source->rrdatas.count;
	return out->rdata != NULL;
}

static bool
record_set_read(struct decoder *decoder, const struct schema_field *field,
    const struct node *node, void *out)
{
	struct model_record_set *set = out;
	struct record_source source = {.ttl = 0};
	const bool decoded =
	    schema_decode(decoder, &record_set_schema, node, &source);

	(void)field;
	/* The data makes no sense without its type. */
	if (!type_read(decoder, &source.type, &set->type) ||
	    !answer_read(decoder, &source, set) || !decoded)
		return false;
	set->mark = node->mark;
	set->name = source.name.name;
	set->ttl = source.ttl;
	return true;
}

static void
record_set_write(const struct schema_field *field, const void *in, FILE *out)
{
	const struct model_record_set *set = in;
	char name[NAME_TEXT];
	char type[RDATA_TYPE_TEXT];

	(void)field;
	fputs("{name: ", out);
	schema_write_quoted(name_to_text(set->name.wire, name), out);
	fprintf(out, ", type: %s, ttl: %" PRIu32 ", ",
	    rdata_type_to_text(set->type, type), set->ttl);
	if (set->routing != NULL) {
		fputs("routing_policy: ", out);
		routing_schema_write(set->routing, set->type, out);
	} else {
		fputs("rrdatas: ", out);
		rdata_text_write(set->type, set->rdata, set->rdata_count, out);
	}
	fputc('}', out);
}

static void
record_set_describe(const struct schema_field *field,
    struct schema_describer *describer)
{
	(void)field;
	schema_describe_mapping(&record_set_schema, describer);
}

const struct schema_type record_set_type = {
    .name = "record set",
    .size = sizeof(struct model_record_set),
    .read = record_set_read,
    .write = record_set_write,
    .describe = record_set_describe,
};
