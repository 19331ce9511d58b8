#include "config/schema_describe.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number_pattern.h"

/* Regular expressions of what JSON Schema and ECMA-262 have in common. */
#define OCTET	 "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
#define IN4	 OCTET "(\\." OCTET "){3}"
#define IN6	 "[0-9A-Fa-f]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*"
#define SCOPE	 "(%[^]]+)?"
#define PORT	 "(:[1-9][0-9]{0,4})?"
#define ADDRESS	 IN4 PORT "|" IN6 SCOPE "|\\[" IN6 SCOPE "\\]" PORT
#define LABEL	 "([^.\\\\]|\\\\.){1,63}"
#define WHOLE(x) "^(" x ")$"

/* Mappings. */

/* "a server policy" is server_policy. */
static void
slug(const char *what, char buf[SCHEMA_DESCRIBE_NAME])
{
	const char *space = strchr(what, ' ');
	size_t at = 0;

	if (space != NULL &&
	    (strncmp(what, "a ", 2) == 0 || strncmp(what, "an ", 3) == 0))
		what = space + 1;
	for (; *what != '\0' && at + 1 < SCHEMA_DESCRIBE_NAME; what++) {
		const char letter = (char)tolower((unsigned char)*what);

		buf[at++] =
		    (char)(isalnum((unsigned char)letter) ? letter : '_');
	}
	buf[at] = '\0';
}

const char *
schema_describe_name(const struct schema_describer *describer, size_t index,
    char buf[SCHEMA_DESCRIBE_NAME])
{
	char name[SCHEMA_DESCRIBE_NAME];
	unsigned namesakes = 1;

	for (size_t i = 0; i < index; i++) {
		if (strcmp(describer->found[i]->what,
			describer->found[index]->what) == 0)
			namesakes++;
	}
	slug(describer->found[index]->what, name);
	if (namesakes == 1) {
		snprintf(buf, SCHEMA_DESCRIBE_NAME, "%s", name);
	} else {
		snprintf(buf, SCHEMA_DESCRIBE_NAME, "%.50s_%u", name,
		    namesakes);
	}
	return buf;
}

/* Its place among the mappings that were referred to. */
static size_t
find(const struct schema *schema, struct schema_describer *describer)
{
	size_t i = 0;

	while (i < describer->count && describer->found[i] != schema)
		i++;
	if (i == describer->count) {
		assert(i < SCHEMA_DESCRIBE_MAPPINGS);
		describer->found[i] = schema;
		describer->count++;
	}
	return i;
}

void
schema_describe_mapping(const struct schema *schema,
    struct schema_describer *describer)
{
	char name[SCHEMA_DESCRIBE_NAME];
	char reference[SCHEMA_DESCRIBE_NAME + sizeof("#/definitions/")];

	snprintf(reference, sizeof(reference), "#/definitions/%s",
	    schema_describe_name(describer, find(schema, describer), name));
	/* Beside a $ref of its own nothing else would be looked at. */
	json_writer_array(&describer->json, "allOf");
	json_writer_object(&describer->json, NULL);
	json_writer_text(&describer->json, "$ref", reference);
	json_writer_end(&describer->json);
	json_writer_end(&describer->json);
}

/* What others are made of. */

void
schema_describe_any(struct schema_describer *describer)
{
	json_writer_array(&describer->json, "anyOf");
	json_writer_object(&describer->json, NULL);
}

void
schema_describe_or(struct schema_describer *describer)
{
	json_writer_end(&describer->json);
	json_writer_object(&describer->json, NULL);
}

void
schema_describe_end(struct schema_describer *describer)
{
	json_writer_end(&describer->json);
	json_writer_end(&describer->json);
}

void
schema_describe_simple(const char *type, struct schema_describer *describer)
{
	json_writer_text(&describer->json, "type", type);
}

void
schema_describe_list(const struct schema_field *field,
    struct schema_describer *describer)
{
	struct json_writer *const json = &describer->json;

	schema_describe_simple("array", describer);
	if (field->at_least > 0)
		json_writer_number(json, "minItems", field->at_least);
	if (field->at_most > 0)
		json_writer_number(json, "maxItems", field->at_most);
	json_writer_object(json, "items");
	field->type->describe(field, describer);
	json_writer_end(json);
}

/* Truth and numbers. */

static void
write_string(const char *pattern, struct schema_describer *describer)
{
	schema_describe_simple("string", describer);
	json_writer_text(&describer->json, "pattern", pattern);
}

static void
write_bounds(uint64_t low, uint64_t high, struct schema_describer *describer)
{
	json_writer_number(&describer->json, "minimum", low);
	json_writer_number(&describer->json, "maximum", high);
}

void
schema_describe_bool(const struct schema_field *field,
    struct schema_describer *describer)
{
	(void)field;
	schema_describe_simple("boolean", describer);
}

void
schema_describe_number(const struct schema_field *field,
    struct schema_describer *describer)
{
	schema_describe_simple("integer", describer);
	write_bounds(field->min, field->max, describer);
}

void
schema_describe_fraction(const struct schema_field *field,
    struct schema_describer *describer)
{
	enum { WHOLE_SHARE = 10000 };

	schema_describe_simple("number", describer);
	write_bounds(0, field->max / WHOLE_SHARE, describer);
}

/* A unit of numbers that are text, and what they count in the end. */
struct unit {
	const char *suffix; /* a regular expression */
	uint64_t factor;
};

/*
 * Writes what numbers of a unit are within bounds, in steps of `step`; false
 * when there are none.
 */
static bool
write_unit(const struct schema_field *field, uint64_t step,
    const struct unit *unit, const char *joint, FILE *out)
{
	const uint64_t factor = unit->factor < step ? step : unit->factor;
	const uint64_t low = (field->min * step + factor - 1) / factor;
	const uint64_t high = field->max * step / factor;

	if (low > high)
		return false;
	fprintf(out, "%s(", joint);
	number_pattern_write(low, high, out);
	fputc(')', out);
	/* Where the unit is finer than the step, its numbers end in zeros. */
	for (uint64_t fine = unit->factor; fine < step; fine *= 10)
		fputc('0', out);
	fputs(unit->suffix, out);
	return true;
}

/* A number of any unit, or with a bare number's meaning of the first. */
static void
write_units(const struct schema_field *field, uint64_t step,
    const struct unit *units, struct schema_describer *describer)
{
	const char *joint = "^0*(";
	char *pattern = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&pattern, &len);

	if (out == NULL)
		return;
	for (; units->suffix != NULL; units++) {
		if (write_unit(field, step, units, joint, out))
			joint = "|";
	}
	fputs(")$", out);
	if (fclose(out) == 0)
		json_writer_text(&describer->json, "pattern", pattern);
	free(pattern);
}

/* Numbers as they are, and text: each keyword is for one of them. */
static void
write_number_or_text(struct schema_describer *describer)
{
	json_writer_array(&describer->json, "type");
	json_writer_text(&describer->json, NULL, "integer");
	json_writer_text(&describer->json, NULL, "string");
	json_writer_end(&describer->json);
}

void
schema_describe_port(const struct schema_field *field,
    struct schema_describer *describer)
{
	static const struct unit units[] = {{"", 1}, {NULL, 0}};

	write_number_or_text(describer);
	write_bounds(field->min, field->max, describer);
	write_units(field, 1, units, describer);
}

void
schema_describe_duration(const struct schema_field *field,
    struct schema_describer *describer)
{
	static const struct unit units[] = {
	    {"s?", 1000},
	    {"ms", 1},
	    {"m", 60000},
	    {"h", 3600000},
	    {"d", 86400000},
	    {NULL, 0},
	};
	const uint64_t second = units[0].factor;

	write_number_or_text(describer);
	write_bounds((field->min * field->unit + second - 1) / second,
	    field->max * field->unit / second, describer);
	write_units(field, field->unit, units, describer);
}

void
schema_describe_size(const struct schema_field *field,
    struct schema_describer *describer)
{
	static const struct unit units[] = {
	    {"", 1},
	    {"[kK]", UINT64_C(1) << 10},
	    {"[mM]", UINT64_C(1) << 20},
	    {"[gG]", UINT64_C(1) << 30},
	    {NULL, 0},
	};

	write_number_or_text(describer);
	write_bounds(field->min, field->max, describer);
	write_units(field, 1, units, describer);
}

/* Words and text. */

void
schema_describe_word(const struct schema_field *field,
    struct schema_describer *describer)
{
	json_writer_array(&describer->json, "enum");
	for (const struct schema_word *word = field->words; word->text != NULL;
	     word++)
		json_writer_text(&describer->json, NULL, word->text);
	json_writer_end(&describer->json);
}

void
schema_describe_text(const struct schema_field *field,
    struct schema_describer *describer)
{
	schema_describe_simple("string", describer);
	if (field->max > 0)
		json_writer_number(&describer->json, "maxLength", field->max);
}

void
schema_describe_domain(const struct schema_field *field,
    struct schema_describer *describer)
{
	(void)field;
	write_string(WHOLE("\\.|" LABEL "(\\." LABEL ")*\\.?"), describer);
}

/* Addresses. */

void
schema_describe_address(const struct schema_field *field,
    struct schema_describer *describer)
{
	(void)field;
	write_string(WHOLE(ADDRESS), describer);
}

void
schema_describe_host(const struct schema_field *field,
    struct schema_describer *describer)
{
	(void)field;
	write_string(WHOLE(IN4 "|" IN6 SCOPE), describer);
}

void
schema_describe_ipv4(const struct schema_field *field,
    struct schema_describer *describer)
{
	(void)field;
	write_string(WHOLE(IN4), describer);
}

void
schema_describe_ipv6(const struct schema_field *field,
    struct schema_describer *describer)
{
	(void)field;
	write_string(WHOLE(IN6 SCOPE), describer);
}

void
schema_describe_prefix(const struct schema_field *field,
    struct schema_describer *describer)
{
	(void)field;
	write_string(WHOLE("(" IN4 "|" IN6 ")(/[0-9]{1,3})?"), describer);
}

void
schema_describe_server(const struct schema_field *field,
    struct schema_describer *describer)
{
	(void)field;
	write_string(WHOLE("auto|([uU][dD][pP]://|[tT][cC][pP]://)?(" ADDRESS
			   ")|[tT][lL][sS]://(" ADDRESS ")(#.+)?"),
	    describer);
}

/* What is checked and not stored. */

void
schema_describe_literal(const struct schema_field *field,
    struct schema_describer *describer)
{
	char upper[SCHEMA_DESCRIBE_NAME];
	size_t len = 0;

	for (; field->literal[len] != '\0' && len + 1 < sizeof(upper); len++)
		upper[len] = (char)toupper((unsigned char)field->literal[len]);
	upper[len] = '\0';
	json_writer_array(&describer->json, "enum");
	json_writer_text(&describer->json, NULL, field->literal);
	/* The API takes PRIVATE as well. */
	json_writer_text(&describer->json, NULL, upper);
	json_writer_end(&describer->json);
}

void
schema_describe_empty(const struct schema_field *field,
    struct schema_describer *describer)
{
	(void)field;
	schema_describe_simple("array", describer);
	json_writer_number(&describer->json, "maxItems", 0);
}

void
schema_describe_refused(const struct schema_field *field,
    struct schema_describer *describer)
{
	(void)field;
	json_writer_object(&describer->json, "not");
	json_writer_end(&describer->json);
}
