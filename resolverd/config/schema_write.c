#include "config/schema_write.h"

#include <inttypes.h>
#include <stdint.h>
#include <string.h>

#include "model/model.h"

/* Text. */

/* Whether single quotes will do: printable ASCII without a single quote. */
static bool
is_simple(const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text < ' ' || *text > '~' || *text == '\'')
			return false;
	}
	return true;
}

/* The character at *text, which is UTF-8 by the parser's word. */
static uint32_t
next_character(const char **text)
{
	const unsigned char first = (unsigned char)*(*text)++;
	uint32_t character = first;

	if (first >= 0xf0) {
		character = first & 0x07;
	} else if (first >= 0xe0) {
		character = first & 0x0f;
	} else if (first >= 0xc0) {
		character = first & 0x1f;
	}
	while (((unsigned char)**text & 0xc0) == 0x80)
		character = character << 6 | ((unsigned char)*(*text)++ & 0x3f);
	return character;
}

/* Controls, line breaks of Unicode, and what YAML allows only escaped. */
static bool
needs_escape(uint32_t character)
{
	return character < ' ' || (character >= 0x7f && character < 0xa0) ||
	    character == 0x2028 || character == 0x2029 || character == 0xfeff ||
	    character == 0xfffe || character == 0xffff;
}

static void
write_double_quoted(const char *text, FILE *out)
{
	fputc('"', out);
	while (*text != '\0') {
		const char *start = text;
		const uint32_t character = next_character(&text);

		if (character == '"' || character == '\\') {
			fprintf(out, "\\%c", (int)character);
		} else if (needs_escape(character)) {
			fprintf(out, "\\U%08" PRIx32, character);
		} else {
			fwrite(start, 1, (size_t)(text - start), out);
		}
	}
	fputc('"', out);
}

void
schema_write_quoted(const char *text, FILE *out)
{
	if (is_simple(text) && strpbrk(text, "\"\\") != NULL) {
		fprintf(out, "'%s'", text);
	} else {
		write_double_quoted(text, out);
	}
}

/* Values. */

static uint64_t
load_number(const struct schema_field *field, const void *in)
{
	uint8_t one;
	uint16_t two;
	uint32_t four;
	uint64_t eight = 0;

	switch (field->size) {
	case sizeof(one):
		memcpy(&one, in, sizeof(one));
		return one;
	case sizeof(two):
		memcpy(&two, in, sizeof(two));
		return two;
	case sizeof(four):
		memcpy(&four, in, sizeof(four));
		return four;
	default:
		memcpy(&eight, in, sizeof(eight));
		return eight;
	}
}

void
schema_write_bool(const struct schema_field *field, const void *in, FILE *out)
{
	const bool *flag = in;

	(void)field;
	fputs(*flag ? "true" : "false", out);
}

void
schema_write_number(const struct schema_field *field, const void *in, FILE *out)
{
	fprintf(out, "%" PRIu64, load_number(field, in));
}

const char *
schema_write_share(uint64_t share, char buf[UNIT_TEXT])
{
	enum { WHOLE = 10000, PLACES = 4 };
	size_t len;

	snprintf(buf, UNIT_TEXT, "%" PRIu64 ".%0*" PRIu64, share / WHOLE,
	    PLACES, share % WHOLE);
	len = strlen(buf);
	while (buf[len - 1] == '0')
		len--;
	if (buf[len - 1] == '.')
		len--;
	buf[len] = '\0';
	return buf;
}

void
schema_write_fraction(const struct schema_field *field, const void *in,
    FILE *out)
{
	char text[UNIT_TEXT];

	fputs(schema_write_share(load_number(field, in), text), out);
}

struct unit {
	const char *name;
	uint64_t factor; /* ended by 1 */
};

static const char *
number_text(uint64_t value, const struct unit *units, char buf[UNIT_TEXT])
{
	while (value % units->factor != 0)
		units++;
	snprintf(buf, UNIT_TEXT, "%" PRIu64 "%s", value / units->factor,
	    units->name);
	return buf;
}

const char *
schema_write_time(uint64_t ms, char buf[UNIT_TEXT])
{
	static const struct unit units[] = {
	    {"d", 86400000},
	    {"h", 3600000},
	    {"m", 60000},
	    {"s", 1000},
	    {"ms", 1},
	};

	/* "0s", not "0d". */
	return number_text(ms, ms == 0 ? &units[3] : units, buf);
}

const char *
schema_write_octets(uint64_t size, char buf[UNIT_TEXT])
{
	static const struct unit units[] = {
	    {"G", UINT64_C(1) << 30},
	    {"M", UINT64_C(1) << 20},
	    {"k", UINT64_C(1) << 10},
	    {"", 1},
	};

	return number_text(size, size == 0 ? &units[3] : units, buf);
}

void
schema_write_duration(const struct schema_field *field, const void *in,
    FILE *out)
{
	char text[UNIT_TEXT];

	fputs(schema_write_time(load_number(field, in) * field->unit, text),
	    out);
}

void
schema_write_size(const struct schema_field *field, const void *in, FILE *out)
{
	char text[UNIT_TEXT];

	fputs(schema_write_octets(load_number(field, in), text), out);
}

void
schema_write_word(const struct schema_field *field, const void *in, FILE *out)
{
	const uint64_t value = load_number(field, in);

	for (const struct schema_word *word = field->words; word->text != NULL;
	     word++) {
		if (word->value != value)
			continue;
		fputs(word->text, out);
		/* Several words may mean the same. */
		return;
	}
}

void
schema_write_text(const struct schema_field *field, const void *in, FILE *out)
{
	const struct model_text *text = in;

	(void)field;
	schema_write_quoted(text->text, out);
}

void
schema_write_name(const struct schema_field *field, const void *in, FILE *out)
{
	const struct model_name *name = in;
	char text[NAME_TEXT];

	(void)field;
	schema_write_quoted(name_to_text(name->name.wire, text), out);
}

void
schema_write_address(const struct schema_field *field, const void *in,
    FILE *out)
{
	const struct model_addr *addr = in;
	char text[ADDR_TEXT];

	(void)field;
	schema_write_quoted(addr_format(&addr->addr, text), out);
}

void
schema_write_own(const struct schema_field *field, const void *in, FILE *out)
{
	const struct model_addr *addr = in;

	if (addr_port(&addr->addr) == 0) {
		schema_write_host(field, in, out);
	} else {
		schema_write_address(field, in, out);
	}
}

void
schema_write_host(const struct schema_field *field, const void *in, FILE *out)
{
	const struct model_addr *addr = in;
	char text[ADDR_TEXT];

	(void)field;
	schema_write_quoted(addr_format_host(&addr->addr, text), out);
}

void
schema_write_prefix(const struct schema_field *field, const void *in, FILE *out)
{
	const struct model_prefix *prefix = in;
	char text[PREFIX_TEXT];

	(void)field;
	schema_write_quoted(prefix_format(&prefix->prefix, text), out);
}

bool
schema_write_has_text(const struct schema_field *field, const void *in)
{
	const struct model_text *text = in;

	(void)field;
	return text->text != NULL;
}

bool
schema_write_has_name(const struct schema_field *field, const void *in)
{
	const struct model_name *name = in;

	(void)field;
	return name->mark.file != NULL;
}

bool
schema_write_has_addr(const struct schema_field *field, const void *in)
{
	const struct model_addr *addr = in;

	(void)field;
	return addr->addr.len != 0;
}

/* Lines. */

static void
begin_line(struct schema_writer *writer, const char *key)
{
	const int indent = (int)writer->indent;

	if (writer->dash) {
		fprintf(writer->out, "%*s- %s:", indent - 2, "", key);
	} else {
		fprintf(writer->out, "%*s%s:", indent, "", key);
	}
	writer->dash = false;
}

static void
write_inline_list(const struct schema_field *field,
    const struct model_list *list, struct schema_writer *writer)
{
	const uint8_t *item = list->items;

	begin_line(writer, field->key);
	fputs(" [", writer->out);
	for (size_t i = 0; i < list->count; i++) {
		if (i > 0)
			fputs(", ", writer->out);
		field->type->write(field, item, writer->out);
		item += field->type->size;
	}
	fputs("]\n", writer->out);
}

/* An entry a line, for what is too much for one line together. */
static void
write_long_list(const struct schema_field *field, const struct model_list *list,
    struct schema_writer *writer)
{
	const uint8_t *item = list->items;

	begin_line(writer, field->key);
	fputc('\n', writer->out);
	for (size_t i = 0; i < list->count; i++) {
		fprintf(writer->out, "%*s- ", (int)writer->indent + 2, "");
		field->type->write(field, item, writer->out);
		fputc('\n', writer->out);
		item += field->type->size;
	}
}

static void
write_block_list(const struct schema_field *field,
    const struct model_list *list, struct schema_writer *writer)
{
	const uint8_t *item = list->items;

	begin_line(writer, field->key);
	fputc('\n', writer->out);
	for (size_t i = 0; i < list->count; i++) {
		struct schema_writer inner = {
		    .out = writer->out,
		    .indent = writer->indent + 4,
		    .dash = true,
		};

		field->type->write_block(field, item, &inner);
		item += field->schema->size;
	}
}

static void
write_list(const struct schema_field *field, const struct model_list *list,
    struct schema_writer *writer)
{
	const bool is_long = field->type->size > sizeof(struct model_name) ||
	    field->schema != NULL;

	if (list->count > 0 && field->type->write_block != NULL) {
		write_block_list(field, list, writer);
	} else if (list->count > 0 && is_long) {
		write_long_list(field, list, writer);
	} else {
		write_inline_list(field, list, writer);
	}
}

static void
write_block(const struct schema_field *field, const void *in,
    struct schema_writer *writer)
{
	struct schema_writer inner = {
	    .out = writer->out,
	    .indent = writer->indent + 2,
	};

	begin_line(writer, field->key);
	fputc('\n', writer->out);
	field->type->write_block(field, in, &inner);
}

static bool
field_given(const struct schema_field *field, const void *in)
{
	const struct model_list *list = in;

	if (field->list)
		return list->count >= field->at_least;
	if (field->sparse && load_number(field, in) == 0)
		return false;
	return field->type->given == NULL || field->type->given(field, in);
}

static void
write_field(const struct schema_field *field, const void *in,
    struct schema_writer *writer)
{
	if (field->list) {
		write_list(field, in, writer);
	} else if (field->type->write_block != NULL) {
		write_block(field, in, writer);
	} else {
		begin_line(writer, field->key);
		fputc(' ', writer->out);
		field->type->write(field, in, writer->out);
		fputc('\n', writer->out);
	}
}

void
schema_write(const struct schema *schema, const void *in,
    struct schema_writer *writer)
{
	const uint8_t *base = in;

	for (const struct schema_field *field = schema->fields;
	     field->key != NULL; field++) {
		const void *value = base + field->at;
		const bool *given = (const void *)(base + field->given_at);

		/* A field without a place stores nothing. */
		if (field->size == 0 || field->unwritten ||
		    (field->given_at != 0 && !*given))
			continue;
		if (field_given(field, value)) {
			write_field(field, value, writer);
		} else if (writer->indent == 0) {
			fprintf(writer->out, "# %s: not given\n", field->key);
		}
	}
}
