#include "config/rdata_text.h"

#include <string.h>

#include "config/schema_write.h"
#include "dns/message.h"
#include "dns/rdata.h"
#include "dns/wire.h"

enum {
	RDATA_MAX = 65535,
	RDATA_SHOWN = 80,	    /* octets of data in a message */
	RDATA_TEXT = 5 * RDATA_MAX, /* every octet as \DDD, and some more */
};

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

const struct rdata *
rdata_text_read(struct decoder *decoder, const struct rdata_text *source)
{
	const struct model_text *texts = source->texts->items;
	const size_t count = source->texts->count;
	struct rdata *list = arena_calloc(decoder->arena, count, sizeof(*list));
	bool good = list != NULL;

	for (size_t i = 0; list != NULL && i < count; i++) {
		if (!rdata_read(decoder, source->type, &texts[i], &list[i]))
			good = false;
	}
	return good ? list : NULL;
}

void
rdata_text_write(uint16_t type, const struct rdata *rdata, size_t count,
    FILE *out)
{
	fputc('[', out);
	for (size_t i = 0; i < count; i++) {
		char text[RDATA_TEXT];

		rdata_to_text(type, rdata[i].bytes, rdata[i].len, text,
		    sizeof(text));
		if (i > 0)
			fputs(", ", out);
		schema_write_quoted(text, out);
	}
	fputc(']', out);
}
