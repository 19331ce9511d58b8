#include "config/json_schema.h"

#include <assert.h>
#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "config/schema_describe.h"
#include "config/server_schema.h"
#include "model/model.h"

enum {
	KEY_TEXT = 80,
	SPELLINGS = 8,
};

/* The keys that one field may stand under. */
struct spellings {
	char keys[SPELLINGS][KEY_TEXT];
	size_t count;
};

/* Keys. */

static void
add_key(struct spellings *spellings, const char *key)
{
	for (size_t i = 0; i < spellings->count; i++) {
		if (strcmp(spellings->keys[i], key) == 0)
			return;
	}
	assert(spellings->count < SPELLINGS && strlen(key) < KEY_TEXT);
	snprintf(spellings->keys[spellings->count], KEY_TEXT, "%s", key);
	spellings->count++;
}

static char
upper(char letter)
{
	return (char)toupper((unsigned char)letter);
}

/* As Cloud DNS's API has it: dns_name is dnsName. */
static void
add_camel(struct spellings *spellings, const char *key)
{
	char camel[KEY_TEXT];
	size_t at = 0;

	for (; *key != '\0'; key++) {
		assert(at + 1 < KEY_TEXT);
		if (key[0] == '_' && key[1] != '\0') {
			key++;
			camel[at++] = upper(*key);
		} else {
			camel[at++] = *key;
		}
	}
	camel[at] = '\0';
	add_key(spellings, camel);
	/* An abbreviation at the end is of capitals: networkIP. */
	if (at < 2 || camel[at - 2] < 'A' || camel[at - 2] > 'Z')
		return;
	camel[at - 1] = upper(camel[at - 1]);
	add_key(spellings, camel);
}

static void
add_spellings(struct spellings *spellings, const struct schema *schema,
    const char *key)
{
	add_key(spellings, key);
	if (schema->resource)
		add_camel(spellings, key);
}

static void
spell(struct spellings *out, const struct schema *schema,
    const struct schema_field *field)
{
	out->count = 0;
	add_spellings(out, schema, field->key);
	if (field->also != NULL)
		add_spellings(out, schema, field->also);
}

/* Defaults. */

/* A value as JSON, of what it is in YAML. */
static void
write_default_text(const char *key, char *text, struct json_writer *json)
{
	const size_t len = strlen(text);
	uint64_t number;

	if (number_parse(text, 0, UINT64_MAX, &number)) {
		json_writer_number(json, key, number);
	} else if (strcmp(text, "true") == 0 || strcmp(text, "false") == 0) {
		json_writer_bool(json, key, text[0] == 't');
	} else if (text[0] == '"' && text[len - 1] == '"') {
		text[len - 1] = '\0';
		json_writer_text(json, key, text + 1);
	} else {
		json_writer_text(json, key, text);
	}
}

static void
write_default_value(const struct schema_field *field, const char *key,
    const void *in, struct json_writer *json)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	if (out == NULL)
		return;
	field->type->write(field, in, out);
	if (fclose(out) == 0 && len > 0)
		write_default_text(key, text, json);
	free(text);
}

static void
write_default_list(const struct schema_field *field,
    const struct model_list *list, struct json_writer *json)
{
	const uint8_t *item = list->items;

	if (list->count == 0)
		return;
	json_writer_array(json, "default");
	for (size_t i = 0; i < list->count; i++) {
		write_default_value(field, NULL, item, json);
		item += field->type->size;
	}
	json_writer_end(json);
}

static bool
is_zero(const uint8_t *octets, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		if (octets[i] != 0)
			return false;
	}
	return true;
}

/* What the field is without a value; defaults is the struct before any. */
static void
write_default(const struct schema_field *field, const uint8_t *defaults,
    struct json_writer *json)
{
	const bool is_scalar =
	    field->type->write != NULL && field->type->given == NULL;

	if (field->size == 0 || field->required || defaults == NULL)
		return;
	if (field->list) {
		write_default_list(field, (const void *)(defaults + field->at),
		    json);
	} else if (is_scalar &&
	    !(field->sparse && is_zero(defaults + field->at, field->size))) {
		write_default_value(field, "default", defaults + field->at,
		    json);
	}
}

/* Mappings. */

static void
write_field(const struct schema_field *field, const uint8_t *defaults,
    struct schema_describer *describer)
{
	json_writer_object(&describer->json, field->key);
	json_writer_text(&describer->json, "description", field->help);
	if (field->list) {
		schema_describe_list(field, describer);
	} else {
		field->type->describe(field, describer);
	}
	write_default(field, defaults, &describer->json);
	json_writer_end(&describer->json);
}

/* The other keys of a field stand for its own. */
static void
write_aliases(const struct spellings *spellings, const char *definition,
    struct json_writer *json)
{
	char reference[sizeof("#/definitions//properties/") +
	    SCHEMA_DESCRIBE_NAME + KEY_TEXT];

	if (spellings->count == 1)
		return;
	/* The configuration itself has each key in one spelling. */
	assert(definition != NULL);
	snprintf(reference, sizeof(reference), "#/definitions/%s/properties/%s",
	    definition, spellings->keys[0]);
	for (size_t i = 1; i < spellings->count; i++) {
		json_writer_object(json, spellings->keys[i]);
		json_writer_text(json, "$ref", reference);
		json_writer_end(json);
	}
}

static void
write_ignored(const struct schema *schema, struct json_writer *json)
{
	struct spellings spellings;

	for (size_t i = 0;
	     schema->ignored != NULL && schema->ignored[i] != NULL; i++) {
		spellings.count = 0;
		add_spellings(&spellings, schema, schema->ignored[i]);
		for (size_t j = 0; j < spellings.count; j++) {
			json_writer_object(json, spellings.keys[j]);
			json_writer_text(json, "description",
			    "what gcloud prints; no effect");
			json_writer_end(json);
		}
	}
}

static void
write_properties(const struct schema *schema, const char *definition,
    const uint8_t *defaults, struct schema_describer *describer)
{
	json_writer_object(&describer->json, "properties");
	for (const struct schema_field *field = schema->fields;
	     field->key != NULL; field++) {
		struct spellings spellings;

		write_field(field, defaults, describer);
		spell(&spellings, schema, field);
		write_aliases(&spellings, definition, &describer->json);
	}
	write_ignored(schema, &describer->json);
	json_writer_end(&describer->json);
}

/* {"required": ["a", "b"]} */
static void
write_required(const char *one, const char *other, struct json_writer *json)
{
	json_writer_object(json, NULL);
	json_writer_array(json, "required");
	json_writer_text(json, NULL, one);
	if (other != NULL)
		json_writer_text(json, NULL, other);
	json_writer_end(json);
	json_writer_end(json);
}

/* One of the keys of a field that is required, not several. */
static void
write_one_of(const struct spellings *spellings, struct json_writer *json)
{
	json_writer_object(json, NULL);
	json_writer_array(json, "oneOf");
	for (size_t i = 0; i < spellings->count; i++)
		write_required(spellings->keys[i], NULL, json);
	json_writer_end(json);
	json_writer_end(json);
}

/* Not two of the keys of a field that may be missing. */
static void
write_not_both(const struct spellings *spellings, struct json_writer *json)
{
	json_writer_object(json, NULL);
	json_writer_object(json, "not");
	json_writer_array(json, "anyOf");
	for (size_t i = 0; i < spellings->count; i++) {
		for (size_t j = i + 1; j < spellings->count; j++) {
			write_required(spellings->keys[i], spellings->keys[j],
			    json);
		}
	}
	json_writer_end(json);
	json_writer_end(json);
	json_writer_end(json);
}

/* Whether the keys of a field depend on each other, or must be there. */
static bool
is_bound(const struct schema_field *field, const struct spellings *spellings)
{
	return field->required || spellings->count > 1;
}

/* Which keys there must be, and which not beside another. */
static void
write_presence(const struct schema *schema, struct json_writer *json)
{
	bool open = false;

	for (const struct schema_field *field = schema->fields;
	     field->key != NULL; field++) {
		struct spellings spellings;

		spell(&spellings, schema, field);
		if (!is_bound(field, &spellings))
			continue;
		if (!open)
			json_writer_array(json, "allOf");
		open = true;
		if (field->required) {
			write_one_of(&spellings, json);
		} else {
			write_not_both(&spellings, json);
		}
	}
	if (open)
		json_writer_end(json);
}

/* definition is what the mapping is called; NULL: it is the whole. */
static void
write_mapping(const struct schema *schema, const char *definition,
    const uint8_t *defaults, struct schema_describer *describer)
{
	schema_describe_simple("object", describer);
	json_writer_bool(&describer->json, "additionalProperties", false);
	write_properties(schema, definition, defaults, describer);
	write_presence(schema, &describer->json);
}

static void
write_definition(const struct schema *schema, const char *name,
    struct schema_describer *describer)
{
	void *defaults = schema->size == 0 ? NULL : calloc(1, schema->size);

	if (defaults != NULL && schema->begin != NULL)
		schema->begin(defaults);
	json_writer_object(&describer->json, name);
	json_writer_text(&describer->json, "title", schema->what);
	write_mapping(schema, name, defaults, describer);
	json_writer_end(&describer->json);
	free(defaults);
}

void
json_schema_write(FILE *out)
{
	struct schema_describer describer = {.count = 0};
	struct json_writer *const json = &describer.json;
	struct model defaults;

	model_init(&defaults);
	json_writer_init(json, out);
	json_writer_object(json, NULL);
	json_writer_text(json, "$schema",
	    "http://json-schema.org/draft-07/schema#");
	json_writer_text(json, "title", "the configuration of resolverd");
	write_mapping(&server_schema, NULL, (const uint8_t *)&defaults,
	    &describer);
	/* More are found on the way. */
	json_writer_object(json, "definitions");
	for (size_t i = 0; i < describer.count; i++) {
		char name[SCHEMA_DESCRIBE_NAME];

		write_definition(describer.found[i],
		    schema_describe_name(&describer, i, name), &describer);
	}
	json_writer_end(json);
	json_writer_end(json);
	model_fini(&defaults);
}
