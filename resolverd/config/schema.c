#include "config/schema.h"

#include <assert.h>
#include <string.h>

#include "base/text.h"
#include "config/schema_describe.h"
#include "config/schema_value.h"
#include "model/model.h"

enum {
	SCHEMA_KEYS = 64,
	KEY_TEXT = 80, /* a longer key is none of ours */
};

static size_t
field_count(const struct schema *schema)
{
	size_t count = 0;

	while (schema->fields[count].key != NULL)
		count++;
	assert(count <= SCHEMA_KEYS);
	return count;
}

/*
 * A key as the schemas have it: dnsName, as Cloud DNS's API writes it, is
 * dns_name, and networkIP is network_ip.  Returns buf.
 */
static const char *
key_fold(const struct schema *schema, const char *key, char buf[KEY_TEXT])
{
	size_t at = 0;

	for (size_t i = 0; key[i] != '\0' && at + 2 < KEY_TEXT; i++) {
		const bool upper = key[i] >= 'A' && key[i] <= 'Z';

		if (!schema->resource || !upper) {
			buf[at++] = key[i];
			continue;
		}
		if (i > 0 && (key[i - 1] < 'A' || key[i - 1] > 'Z'))
			buf[at++] = '_';
		buf[at++] = (char)(key[i] - 'A' + 'a');
	}
	buf[at] = '\0';
	return buf;
}

static bool
field_has_key(const struct schema_field *field, const char *key)
{
	return strcmp(field->key, key) == 0 ||
	    (field->also != NULL && strcmp(field->also, key) == 0);
}

/* The field of a key in either spelling, or NULL. */
static const struct schema_field *
field_find(const struct schema *schema, const char *key)
{
	char folded[KEY_TEXT];

	key_fold(schema, key, folded);
	for (const struct schema_field *field = schema->fields;
	     field->key != NULL; field++) {
		if (field_has_key(field, folded))
			return field;
	}
	return NULL;
}

static bool
key_is_ignored(const struct schema *schema, const char *key)
{
	char folded[KEY_TEXT];

	if (schema->ignored == NULL)
		return false;
	key_fold(schema, key, folded);
	for (size_t i = 0; schema->ignored[i] != NULL; i++) {
		if (strcmp(schema->ignored[i], folded) == 0)
			return true;
	}
	return false;
}

/* The key that an unknown one was most likely meant to be, or NULL. */
static const char *
key_nearest(const struct schema *schema, const char *key)
{
	const size_t count = field_count(schema);
	const char *keys[SCHEMA_KEYS];
	char folded[KEY_TEXT];

	for (size_t i = 0; i < count; i++)
		keys[i] = schema->fields[i].key;
	return text_nearest(key_fold(schema, key, folded), keys, count);
}

/* Complains about a key that no field has; true when that is no error. */
static bool
unknown_key(struct decoder *decoder, const struct schema *schema,
    const struct node *key)
{
	const char *nearest = key_nearest(schema, key->text);

	if (key_is_ignored(schema, key->text))
		return true;
	if (decoder->lenient) {
		diag_warning(decoder->diag, key->mark,
		    "\"%s\" in %s is not known here and is left out", key->text,
		    schema->what);
		return true;
	}
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
	    "%s must be a list, even of one entry: [%.80s]",
	    schema_value_key(field, node), node->text);
}

/* Whether a list's length is within the field's bounds. */
static bool
list_length(struct decoder *decoder, const struct schema_field *field,
    const struct node *node)
{
	if (node->count < field->at_least) {
		return diag_error(decoder->diag, node->mark,
		    "%s must not be an empty list%s",
		    schema_value_key(field, node),
		    field->required ? ""
				    : "; leave the key out for the default");
	}
	if (field->at_most > 0 && node->count > field->at_most) {
		return diag_error(decoder->diag, node->mark,
		    "%s takes at most %zu entries, not %zu",
		    schema_value_key(field, node), field->at_most, node->count);
	}
	return true;
}

/*
 * Reads every entry.  Those that are wrong are reported and left out, but for
 * mappings, since what is right in them can still be checked.
 */
bool
schema_read_list(struct decoder *decoder, const struct schema_field *field,
    const struct node *node, void *out)
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
		if (read || field->schema != NULL) {
			list.count++;
		} else {
			/* The next one must not find what this one left. */
			memset(item, 0, size);
		}
	}
	*(struct model_list *)out = list;
	return good;
}

static bool
field_read(struct decoder *decoder, const struct schema_field *field,
    const struct node *node, uint8_t *out)
{
	if (!field->list)
		return field->type->read(decoder, field, node, out + field->at);
	if (field->given_at != 0)
		*(bool *)(void *)(out + field->given_at) = true;
	return schema_read_list(decoder, field, node, out + field->at);
}

/* Whether a key that no field has was probably meant to be that of one. */
static bool
key_is_meant(const struct schema *schema, const char *key,
    const struct schema_field *field)
{
	const char *nearest;

	if (field_find(schema, key) != NULL || key_is_ignored(schema, key))
		return false;
	nearest = key_nearest(schema, key);
	return nearest != NULL && strcmp(nearest, field->key) == 0;
}

const struct node *
schema_child(const struct schema *schema, const struct node *node,
    const char *key)
{
	const struct schema_field *const field = field_find(schema, key);

	for (const struct node *child = node->first; child != NULL;
	     child = child->next) {
		char folded[KEY_TEXT];

		key_fold(schema, child->key->text, folded);
		if (field_has_key(field, folded))
			return child;
	}
	for (const struct node *child = node->first; child != NULL;
	     child = child->next) {
		if (key_is_meant(schema, child->key->text, field))
			return child;
	}
	return NULL;
}

static bool
required_given(struct decoder *decoder, const struct schema *schema,
    const struct node *node)
{
	bool good = true;

	for (const struct schema_field *field = schema->fields;
	     field->key != NULL; field++) {
		if (field->required &&
		    schema_child(schema, node, field->key) == NULL) {
			good = diag_error(decoder->diag, node->mark,
			    "%s needs the key \"%s\"", schema->what,
			    field->key);
		}
	}
	return good;
}

/*
 * Complains about a key that was said before in its other spelling: the
 * reader of the file, to whom keys are just text, let it pass.
 */
static bool
said_again(struct decoder *decoder, const struct schema *schema,
    const struct node *map, const struct node *child)
{
	const struct schema_field *field = field_find(schema, child->key->text);
	const struct node *first = map->first;

	while (field_find(schema, first->key->text) != field)
		first = first->next;
	return diag_error(decoder->diag, child->key->mark,
	    "\"%s\" says again what \"%s\" has said", child->key->text,
	    first->key->text);
}

static bool
children_read(struct decoder *decoder, const struct schema *schema,
    const struct node *node, void *out)
{
	uint64_t seen = 0; /* a bit for each field */
	bool good = true;

	for (const struct node *child = node->first; child != NULL;
	     child = child->next) {
		const struct schema_field *field =
		    field_find(schema, child->key->text);
		const uint64_t bit =
		    field == NULL ? 0 : UINT64_C(1) << (field - schema->fields);
		bool read;

		if (field == NULL) {
			read = unknown_key(decoder, schema, child->key);
		} else if ((seen & bit) != 0) {
			read = said_again(decoder, schema, node, child);
		} else {
			read = field_read(decoder, field, child, out);
		}
		seen |= bit;
		good = good && read;
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
	if (!children_read(decoder, schema, node, out))
		good = false;
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

static void
struct_describe(const struct schema_field *field,
    struct schema_describer *describer)
{
	schema_describe_mapping(field->schema, describer);
}

const struct schema_type schema_struct = {
    .name = "mapping",
    .read = struct_read,
    .given = struct_given,
    .write_block = struct_write,
    .describe = struct_describe,
};
