#include "config/record_set.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "config/schema_write.h"
#include "dns/message.h"
#include "dns/rdata.h"
#include "dns/wire.h"
#include "model/check.h"
#include "model/model.h"

enum {
	DEFAULT_TTL = 300,
	RRDATAS_MAX = 100, /* the fact sheet's section 9 */
	RDATA_MAX = 65535,
	RDATA_SHOWN = 80,	    /* octets of data in a message */
	RDATA_TEXT = 5 * RDATA_MAX, /* every octet as \DDD, and some more */
};

/* As written, before the data is turned into wire form. */
struct record_source {
	struct model_name name;
	struct model_text type;
	uint32_t ttl;
	struct model_list rrdatas; /* struct model_text */
};

static void
source_begin(void *out)
{
	struct record_source *source = out;

	source->ttl = DEFAULT_TTL;
}

#define ROUTING_HELP "give the addresses of one place as rrdatas"

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
	.required = true,
	.at_least = 1,
	.at_most = RRDATAS_MAX,
    },
    {
	.key = "kind",
	.help = "what gcloud calls the resource; no effect",
	.type = &schema_literal,
	.literal = "dns#resourceRecordSet",
    },
    {
	.key = "signatureRrdatas",
	.help = "must be empty; no effect",
	.type = &schema_empty,
	.literal = "private zones are not signed",
    },
    {
	.key = "signature_rrdatas",
	.help = "must be empty; no effect",
	.type = &schema_empty,
	.literal = "private zones are not signed",
    },
    {
	.key = "routingPolicy",
	.help = "refused",
	.type = &schema_refused,
	.literal = ROUTING_HELP,
    },
    {
	.key = "routing_policy",
	.help = "refused",
	.type = &schema_refused,
	.literal = ROUTING_HELP,
    },
    {.key = NULL},
};

const struct schema record_set_schema = {
    .what = "a record set",
    .fields = fields,
    .size = sizeof(struct record_source),
    .begin = source_begin,
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

/* The character strings in data of type TXT. */
static size_t
strings_count(const struct rdata *rdata)
{
	size_t count = 0;

	for (size_t at = 0; at < rdata->len; at += 1U + rdata->bytes[at])
		count++;
	return count;
}

/* Blanks that nothing encloses part strings, and few people mean that. */
static void
warn_of_strings(const struct decoder *decoder, uint16_t type,
    const struct model_text *text, const struct rdata *rdata)
{
	const bool bare = (type == TYPE_TXT || type == TYPE_SPF) &&
	    strchr(text->text, '"') == NULL;
	const size_t count = bare ? strings_count(rdata) : 0;
	char name[RDATA_TYPE_TEXT];

	if (count < 2)
		return;
	diag_warning(decoder->diag, text->mark,
	    "%s without inner quotes is %zu strings, joined without spaces by "
	    "those who read it; one string is '\"%.*s%s\"'",
	    rdata_type_to_text(type, name), count, RDATA_SHOWN, text->text,
	    strlen(text->text) > RDATA_SHOWN ? "..." : "");
}

static bool
rdata_read(struct decoder *decoder, uint16_t type,
    const struct model_text *text, struct rdata *out)
{
	uint8_t wire[RDATA_MAX];
	struct writer writer = writer_over(wire, sizeof(wire));
	const char *fault = rdata_from_text(type, text->text, &writer);
	char name[RDATA_TYPE_TEXT];

	if (fault != NULL) {
		return diag_error(decoder->diag, text->mark, "%s '%.*s' %s",
		    rdata_type_to_text(type, name), RDATA_SHOWN, text->text,
		    fault);
	}
	out->bytes = arena_copy(decoder->arena, wire, writer.at);
	out->len = (uint16_t)writer.at;
	if (out->bytes == NULL)
		return false;
	warn_of_strings(decoder, type, text, out);
	return true;
}

static bool
rdatas_read(struct decoder *decoder, const struct record_source *source,
    struct model_record_set *out)
{
	const struct model_text *texts = source->rrdatas.items;
	const size_t count = source->rrdatas.count;
	struct rdata *list = arena_calloc(decoder->arena, count, sizeof(*list));
	bool good = list != NULL;

	for (size_t i = 0; list != NULL && i < count; i++) {
		if (!rdata_read(decoder, out->type, &texts[i], &list[i]))
			good = false;
	}
	out->rdata = list;
	out->rdata_count = count;
	return good;
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
	    !rdatas_read(decoder, &source, set) || !decoded)
		return false;
	set->mark = node->mark;
	set->name = source.name.name;
	set->ttl = source.ttl;
	return true;
}

static void
rdatas_write(const struct model_record_set *set, FILE *out)
{
	for (size_t i = 0; i < set->rdata_count; i++) {
		char text[RDATA_TEXT];

		rdata_to_text(set->type, set->rdata[i].bytes, set->rdata[i].len,
		    text, sizeof(text));
		if (i > 0)
			fputs(", ", out);
		schema_write_quoted(text, out);
	}
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
	fprintf(out, ", type: %s, ttl: %" PRIu32 ", rrdatas: [",
	    rdata_type_to_text(set->type, type), set->ttl);
	rdatas_write(set, out);
	fputs("]}", out);
}

const struct schema_type record_set_type = {
    .name = "record set",
    .size = sizeof(struct model_record_set),
    .read = record_set_read,
    .write = record_set_write,
};
