#include "config/schema.h"

#include <assert.h>
#include <string.h>

#include "base/text.h"
#include "config/schema_value.h"
#include "model/model.h"

enum { SCHEMA_KEYS = 64 };

static size_t
field_count(const struct schema *schema)
{
	size_t count = 0;

	while (schema->fields[count].key != NULL)
		count++;
	assert(count <= SCHEMA_KEYS);
	return count;
}

static const struct schema_field *
field_find(const struct schema *schema, const char *key)
{
	for (const struct schema_field *field = schema->fields;
	     field->key != NULL; field++) {
		if (strcmp(field->key, key) == 0)
			return field;
	}
	return NULL;
}

/* The key that an unknown one was most likely meant to be, or NULL. */
static const char *
key_nearest(const struct schema *schema, const char *key)
{
	const size_t count = field_count(schema);
	const char *keys[SCHEMA_KEYS];

	for (size_t i = 0; i < count; i++)
		keys[i] = schema->fields[i].key;
	return text_nearest(key, keys, count);
}

static bool
unknown_key(struct decoder *decoder, const struct schema *schema,
    const struct node *key)
{
	const char *nearest = key_nearest(schema, key->text);

	if (nearest == NULL) {
		return diag_error(decoder->diag, key->mark,
		    "unknown key \"%s\" in %s", key->text, schema->what);
	}
	return diag_error(decoder->diag, key->mark,
	    "unknown key \"%s\" in %s (did you mean \"%s\"?)", key->text,
	    schema->what, nearest);
}

static bool
not_a_list(struct decoder *decoder, const struct schema_field *field,
    const struct node *node)
{
	if (node->kind != NODE_SCALAR || node->text[0] == '\0')
		return schema_value_mismatch(decoder, field, node, "a list");
	return diag_error(decoder->diag, node->mark,
	    "%s must be a list, even of one entry: [%.80s]", field->key,
	    node->text);
}

/* Whether a list's length is within the field's bounds. */
static bool
list_length(struct decoder *decoder, const struct schema_field *field,
    const struct node *node)
{
	if (node->count < field->at_least) {
		return diag_error(decoder->diag, node->mark,
		    "%s must not be an empty list%s", field->key,
		    field->required ? ""
				    : "; leave the key out for the default");
	}
	if (field->at_most > 0 && node->count > field->at_most) {
		return diag_error(decoder->diag, node->mark,
		    "%s takes at most %zu entries, not %zu", field->key,
		    field->at_most, node->count);
	}
	return true;
}

/*
 * Reads every entry.  Those that are wrong are reported and left out, but for
 * mappings, since what is right in them can still be checked.
 */
static bool
list_read(struct decoder *decoder, const struct schema_field *field,
    const struct node *node, struct model_list *out)
{
	const size_t size = schema_value_size(field);
	struct model_list list = {.count = 0};
	uint8_t *items;
	bool good;

	if (node->kind != NODE_LIST)
		return not_a_list(decoder, field, node);
	good = list_length(decoder, field, node);
	items = arena_calloc(decoder->arena, node->count, size);
	if (items == NULL)
		return false;
	list.items = items;
	for (const struct node *child = node->first; child != NULL;
	     child = child->next) {
		void *item = items + list.count * size;

		const bool read =
		    field->type->read(decoder, field, child, item);

		good = good && read;
		if (read || field->type == &schema_struct)
			list.count++;
	}
	*out = list;
	return good;
}

static bool
field_read(struct decoder *decoder, const struct schema_field *field,
    const struct node *node, uint8_t *out)
{
	if (field->list) {
		return list_read(decoder, field, node,
		    (void *)(out + field->at));
	}
	return field->type->read(decoder, field, node, out + field->at);
}

/* Whether a field's key is there, if only misspelled. */
static bool
key_attempted(const struct schema *schema, const struct node *node,
    const char *key)
{
	if (node_get(node, key) != NULL)
		return true;
	for (const struct node *child = node->first; child != NULL;
	     child = child->next) {
		const char *text = child->key->text;
		const char *nearest = field_find(schema, text) == NULL
		    ? key_nearest(schema, text)
		    : NULL;

		if (nearest != NULL && strcmp(nearest, key) == 0)
			return true;
	}
	return false;
}

static bool
required_given(struct decoder *decoder, const struct schema *schema,
    const struct node *node)
{
	bool good = true;

	for (const struct schema_field *field = schema->fields;
	     field->key != NULL; field++) {
		if (field->required &&
		    !key_attempted(schema, node, field->key)) {
			good = diag_error(decoder->diag, node->mark,
			    "%s needs the key \"%s\"", schema->what,
			    field->key);
		}
	}
	return good;
}

bool
schema_decode(struct decoder *decoder, const struct schema *schema,
    const struct node *node, void *out)
{
	bool good;

	if (node->kind != NODE_MAP) {
		return diag_error(decoder->diag, node->mark,
		    "%s must be a mapping of keys to values, not %s",
		    schema->what, node_kind_text(node));
	}
	if (schema->begin != NULL)
		schema->begin(out);
	good = required_given(decoder, schema, node);
	for (const struct node *child = node->first; child != NULL;
	     child = child->next) {
		const struct schema_field *field =
		    field_find(schema, child->key->text);

		if (field == NULL) {
			good = unknown_key(decoder, schema, child->key);
		} else if (!field_read(decoder, field, child, out)) {
			good = false;
		}
	}
	if (schema->finish != NULL && !schema->finish(decoder, node, out))
		good = false;
	return good;
}

static bool
struct_read(struct decoder *decoder, const struct schema_field *field,
    const struct node *node, void *out)
{
	return schema_decode(decoder, field->schema, node, out);
}

static bool
struct_given(const struct schema_field *field, const void *in)
{
	return field->schema->given == NULL || field->schema->given(in);
}

static void
struct_write(const struct schema_field *field, const void *in,
    struct schema_writer *writer)
{
	schema_write(field->schema, in, writer);
}

const struct schema_type schema_struct = {
    .name = "mapping",
    .read = struct_read,
    .given = struct_given,
    .write_block = struct_write,
};
