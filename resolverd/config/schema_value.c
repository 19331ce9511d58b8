#include "config/schema_value.h"

#include <assert.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "config/schema_describe.h"
#include "config/schema_write.h"
#include "model/model.h"

enum {
	VALUE_SHOWN = 80, /* octets of a value in a message */
	WANTED_TEXT = 256,
};

#define DIGITS "0123456789"

size_t
schema_value_size(const struct schema_field *field)
{
	return field->schema != NULL && field->type->size == 0
	    ? field->schema->size
	    : field->type->size;
}

const char *
schema_value_key(const struct schema_field *field, const struct node *node)
{
	return node->key == NULL ? field->key : node->key->text;
}

bool
schema_value_mismatch(struct decoder *decoder, const struct schema_field *field,
    const struct node *node, const char *wanted)
{
	const char *subject = node->key == NULL ? "an entry of " : "";
	const bool text = node->kind == NODE_SCALAR &&
	    (node->quoted || node->text[0] != '\0');

	if (!text) {
		return diag_error(decoder->diag, node->mark,
		    "%s%s must be %s, not %s", subject,
		    schema_value_key(field, node), wanted,
		    node_kind_text(node));
	}
	return diag_error(decoder->diag, node->mark,
	    node->quoted ? "%s%s must be %s, not \"%.*s\""
			 : "%s%s must be %s, not '%.*s'",
	    subject, schema_value_key(field, node), wanted, VALUE_SHOWN,
	    node->text);
}

/*
 * A scalar that is text in YAML's eyes too: an unquoted `no` or 0x10 would be
 * something else to the next program that reads the file.
 */
static bool
read_text(struct decoder *decoder, const struct schema_field *field,
    const struct node *node, const char *wanted)
{
	const char *trap = node_trap(node);

	if (node->kind != NODE_SCALAR || node_kind_text(node)[0] == 'n')
		return schema_value_mismatch(decoder, field, node, wanted);
	if (trap == NULL)
		return true;
	return diag_error(decoder->diag, node->mark,
	    "%s%s must be %s, and an unquoted %s is %s in YAML; as text it "
	    "stands in quotes: \"%s\"",
	    node->key == NULL ? "an entry of " : "",
	    schema_value_key(field, node), wanted, node->text, trap,
	    node->text);
}

/* Truth and numbers. */

static bool
bool_read(struct decoder *decoder, const struct schema_field *field,
    const struct node *node, void *out)
{
	bool *flag = out;

	if (node->kind == NODE_SCALAR && !node->quoted &&
	    strcmp(node->text, "true") == 0) {
		*flag = true;
	} else if (node->kind == NODE_SCALAR && !node->quoted &&
	    strcmp(node->text, "false") == 0) {
		*flag = false;
	} else {
		return schema_value_mismatch(decoder, field, node,
		    node->quoted ? "true or false without quotes"
				 : "true or false");
	}
	return true;
}

/* Stores a number into a member of the field's size. */
static void
store_number(const struct schema_field *field, uint64_t value, void *out)
{
	const uint8_t one = (uint8_t)value;
	const uint16_t two = (uint16_t)value;
	const uint32_t four = (uint32_t)value;

	switch (field->size) {
	case sizeof(one):
		memcpy(out, &one, sizeof(one));
		return;
	case sizeof(two):
		memcpy(out, &two, sizeof(two));
		return;
	case sizeof(four):
		memcpy(out, &four, sizeof(four));
		return;
	case sizeof(value):
		memcpy(out, &value, sizeof(value));
		return;
	default:
		assert(field->size == sizeof(value));
	}
}

static bool
number_is_plain(const struct node *node)
{
	/* "010" is eight to YAML 1.1 and ten to YAML 1.2. */
	return node->kind == NODE_SCALAR && !node->quoted &&
	    (node->text[0] != '0' || node->text[1] == '\0');
}

static bool
number_read(struct decoder *decoder, const struct schema_field *field,
    const struct node *node, void *out)
{
	char wanted[WANTED_TEXT];
	uint64_t value;

	if (number_is_plain(node) &&
	    number_parse(node->text, field->min, field->max, &value)) {
		store_number(field, value, out);
		return true;
	}
	snprintf(wanted, sizeof(wanted),
	    "a number from %" PRIu64 " to %" PRIu64 "%s", field->min,
	    field->max, node->quoted ? " without quotes" : "");
	return schema_value_mismatch(decoder, field, node, wanted);
}

/* A port, which the API has as text: gcloud prints '80'. */
static bool
port_read(struct decoder *decoder, const struct schema_field *field,
    const struct node *node, void *out)
{
	struct node bare = *node;

	bare.quoted = false;
	return number_read(decoder, field, &bare, out);
}

/*
 * A decimal fraction in ten-thousandths, rounded; what is more than nothing
 * never becomes nothing.  Eleven digits before the point are too many.
 */
static bool
fraction_parse(const char *text, uint64_t *out)
{
	enum { PLACES = 4, WHOLE_MAX = 10 };
	const size_t whole = strspn(text, DIGITS);
	const char *point = text + whole;
	const char *digits = *point == '.' ? point + 1 : point;
	const size_t places = strspn(digits, DIGITS);
	uint64_t value = 0;

	if (whole == 0 || whole > WHOLE_MAX || digits[places] != '\0' ||
	    (*point == '.' && places == 0))
		return false;
	for (size_t i = 0; i < whole; i++)
		value = value * 10 + (uint64_t)(text[i] - '0');
	for (size_t i = 0; i < PLACES; i++) {
		value =
		    value * 10 + (i < places ? (uint64_t)(digits[i] - '0') : 0);
	}
	if (places > PLACES && digits[PLACES] >= '5')
		value++;
	if (value == 0 && strpbrk(text, "123456789") != NULL)
		value = 1;
	*out = value;
	return true;
}

static bool
fraction_read(struct decoder *decoder, const struct schema_field *field,
    const struct node *node, void *out)
{
	char wanted[WANTED_TEXT];
	char high[UNIT_TEXT];
	uint64_t value;

	if (node->kind == NODE_SCALAR && !node->quoted &&
	    fraction_parse(node->text, &value) && value <= field->max) {
		store_number(field, value, out);
		return true;
	}
	snprintf(wanted, sizeof(wanted), "a number from 0 to %s%s",
	    schema_write_share(field->max, high),
	    node->quoted ? " without quotes" : "");
	return schema_value_mismatch(decoder, field, node, wanted);
}

static bool
duration_read(struct decoder *decoder, const struct schema_field *field,
    const struct node *node, void *out)
{
	char wanted[WANTED_TEXT];
	char low[UNIT_TEXT];
	char high[UNIT_TEXT];
	uint64_t value;

	if (node->kind == NODE_SCALAR && duration_parse(node->text, &value) &&
	    value % field->unit == 0 && value / field->unit >= field->min &&
	    value / field->unit <= field->max) {
		store_number(field, value / field->unit, out);
		return true;
	}
	snprintf(wanted, sizeof(wanted),
	    "a time such as 30s, 5m, 2h or 1d, from %s to %s",
	    schema_write_time(field->min * field->unit, low),
	    schema_write_time(field->max * field->unit, high));
	return schema_value_mismatch(decoder, field, node, wanted);
}

static bool
size_read(struct decoder *decoder, const struct schema_field *field,
    const struct node *node, void *out)
{
	char wanted[WANTED_TEXT];
	char low[UNIT_TEXT];
	char high[UNIT_TEXT];
	uint64_t value;

	if (node->kind == NODE_SCALAR && size_parse(node->text, &value) &&
	    value >= field->min && value <= field->max) {
		store_number(field, value, out);
		return true;
	}
	snprintf(wanted, sizeof(wanted),
	    "a size such as 512k, 16M or 1G, from %s to %s",
	    schema_write_octets(field->min, low),
	    schema_write_octets(field->max, high));
	return schema_value_mismatch(decoder, field, node, wanted);
}

/* Words. */

/* "restricted, private, psc or off" */
static void
words_text(const struct schema_word *words, char buf[WANTED_TEXT])
{
	size_t at = 0;

	buf[0] = '\0';
	for (size_t i = 0; words[i].text != NULL && at < WANTED_TEXT; i++) {
		const char *joint = words[i + 1].text == NULL ? " or " : ", ";

		at += (size_t)snprintf(buf + at, WANTED_TEXT - at, "%s%s",
		    i == 0 ? "" : joint, words[i].text);
	}
}

static const char *
word_nearest(const struct schema_word *words, const char *text)
{
	enum { WORDS = 16 };
	const char *list[WORDS];
	size_t count = 0;

	for (; words[count].text != NULL; count++) {
		assert(count < WORDS);
		list[count] = words[count].text;
	}
	return text_nearest(text, list, count);
}

static bool
word_unknown(struct decoder *decoder, const struct schema_field *field,
    const struct node *node)
{
	char wanted[WANTED_TEXT];
	const char *nearest = NULL;

	words_text(field->words, wanted);
	if (node->kind == NODE_SCALAR)
		nearest = word_nearest(field->words, node->text);
	if (nearest == NULL)
		return schema_value_mismatch(decoder, field, node, wanted);
	return diag_error(decoder->diag, node->mark,
	    "%s must be %s, not '%.*s' (did you mean \"%s\"?)",
	    schema_value_key(field, node), wanted, VALUE_SHOWN, node->text,
	    nearest);
}

/* The word that a node is, or NULL. */
static const struct schema_word *
word_find(const struct schema_field *field, const struct node *node)
{
	if (node->kind != NODE_SCALAR)
		return NULL;
	for (const struct schema_word *word = field->words; word->text != NULL;
	     word++) {
		if (strcmp(word->text, node->text) == 0)
			return word;
	}
	return NULL;
}

static bool
word_read(struct decoder *decoder, const struct schema_field *field,
    const struct node *node, void *out)
{
	const struct schema_word *word = word_find(field, node);

	if (word == NULL)
		return word_unknown(decoder, field, node);
	if (field->size > 0)
		store_number(field, word->value, out);
	return true;
}

static bool
choice_read(struct decoder *decoder, const struct schema_field *field,
    const struct node *node, void *out)
{
	const struct schema_word *word = word_find(field, node);
	struct model_text *text = out;

	if (word == NULL)
		return word_unknown(decoder, field, node);
	text->text = word->text;
	text->mark = node->mark;
	return true;
}

/* Text. */

static bool
text_read(struct decoder *decoder, const struct schema_field *field,
    const struct node *node, void *out)
{
	struct model_text *text = out;
	char wanted[WANTED_TEXT];

	if (!read_text(decoder, field, node, "text"))
		return false;
	if (field->max > 0 && strlen(node->text) > field->max) {
		snprintf(wanted, sizeof(wanted),
		    "of at most %" PRIu64 " octets, and this has %zu",
		    field->max, strlen(node->text));
		return diag_error(decoder->diag, node->mark,
		    "%s must be text %s", schema_value_key(field, node),
		    wanted);
	}
	text->text = arena_strdup(decoder->arena, node->text);
	text->mark = node->mark;
	return text->text != NULL;
}

static bool
name_read_text(struct decoder *decoder, const struct schema_field *field,
    const struct node *node, void *out)
{
	struct model_name *name = out;
	enum name_error error;

	if (!read_text(decoder, field, node, "a domain name"))
		return false;
	error = name_from_text(&name->name, node->text);
	if (error != NAME_OK) {
		return diag_error(decoder->diag, node->mark,
		    "%s '%.*s' is no domain name: it %s",
		    schema_value_key(field, node), VALUE_SHOWN, node->text,
		    name_error_text(error));
	}
	name->mark = node->mark;
	return true;
}

/* Whether a name's text holds what domains do not but URLs do. */
static bool
looks_like_url(const char *text, const struct name *name)
{
	/* RFC 2317 section 4 has names such as 0/25.2.0.192.in-addr.arpa. */
	static const uint8_t reverse[] = "\007in-addr\004arpa";

	return strchr(text, ':') != NULL ||
	    (strchr(text, '/') != NULL && !name_under(name->wire, reverse));
}

/* The name of a zone, which people tend to copy out of a browser. */
static bool
domain_read(struct decoder *decoder, const struct schema_field *field,
    const struct node *node, void *out)
{
	struct model_name domain;
	const char *host;
	size_t len;

	if (!name_read_text(decoder, field, node, &domain))
		return false;
	if (!looks_like_url(node->text, &domain.name)) {
		*(struct model_name *)out = domain;
		return true;
	}
	host = strstr(node->text, "://");
	host = host == NULL ? node->text : host + strlen("://");
	len = strcspn(host, "/:");
	diag_error(decoder->diag, node->mark,
	    "%s '%.*s' is a URL or a part of one, not a domain name",
	    schema_value_key(field, node), VALUE_SHOWN, node->text);
	if (len > 0) {
		diag_note(decoder->diag, node->mark, "the name alone is %.*s",
		    (int)len, host);
	}
	return false;
}

/* What is checked and not stored. */

static bool
literal_read(struct decoder *decoder, const struct schema_field *field,
    const struct node *node, void *out)
{
	(void)out;
	/* The API takes PRIVATE as well. */
	if (node->kind == NODE_SCALAR &&
	    strcasecmp(node->text, field->literal) == 0)
		return true;
	return schema_value_mismatch(decoder, field, node, field->literal);
}

static bool
empty_read(struct decoder *decoder, const struct schema_field *field,
    const struct node *node, void *out)
{
	(void)out;
	if (node->kind == NODE_LIST && node->count == 0)
		return true;
	return diag_error(decoder->diag, node->mark,
	    "%s must be an empty list: %s", schema_value_key(field, node),
	    field->literal);
}

static bool
refused_read(struct decoder *decoder, const struct schema_field *field,
    const struct node *node, void *out)
{
	(void)out;
	return diag_error(decoder->diag, node->key->mark,
	    "%s is not supported: %s", schema_value_key(field, node),
	    field->literal);
}

const struct schema_type schema_bool = {
    .name = "boolean",
    .size = sizeof(bool),
    .read = bool_read,
    .write = schema_write_bool,
    .describe = schema_describe_bool,
};
const struct schema_type schema_number = {
    .name = "number",
    .read = number_read,
    .write = schema_write_number,
    .describe = schema_describe_number,
};
const struct schema_type schema_port = {
    .name = "port",
    .read = port_read,
    .write = schema_write_number,
    .describe = schema_describe_port,
};
const struct schema_type schema_fraction = {
    .name = "fraction",
    .size = sizeof(uint32_t),
    .read = fraction_read,
    .write = schema_write_fraction,
    .describe = schema_describe_fraction,
};
const struct schema_type schema_duration = {
    .name = "time",
    .read = duration_read,
    .write = schema_write_duration,
    .describe = schema_describe_duration,
};
const struct schema_type schema_size = {
    .name = "size",
    .read = size_read,
    .write = schema_write_size,
    .describe = schema_describe_size,
};
const struct schema_type schema_word = {
    .name = "word",
    .size = sizeof(unsigned),
    .read = word_read,
    .write = schema_write_word,
    .describe = schema_describe_word,
};
const struct schema_type schema_text = {
    .name = "text",
    .size = sizeof(struct model_text),
    .read = text_read,
    .given = schema_write_has_text,
    .write = schema_write_text,
    .describe = schema_describe_text,
};
const struct schema_type schema_choice = {
    .name = "word",
    .size = sizeof(struct model_text),
    .read = choice_read,
    .given = schema_write_has_text,
    .write = schema_write_text,
    .describe = schema_describe_word,
};
const struct schema_type schema_name = {
    .name = "domain name",
    .size = sizeof(struct model_name),
    .read = name_read_text,
    .given = schema_write_has_name,
    .write = schema_write_name,
    .describe = schema_describe_domain,
};
const struct schema_type schema_domain = {
    .name = "domain name",
    .size = sizeof(struct model_name),
    .read = domain_read,
    .given = schema_write_has_name,
    .write = schema_write_name,
    .describe = schema_describe_domain,
};
const struct schema_type schema_literal = {
    .name = "word",
    .read = literal_read,
    .describe = schema_describe_literal,
};
const struct schema_type schema_empty = {
    .name = "empty list",
    .read = empty_read,
    .describe = schema_describe_empty,
};
const struct schema_type schema_refused = {
    .name = "nothing",
    .read = refused_read,
    .describe = schema_describe_refused,
};
