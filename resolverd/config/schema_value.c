#include "config/schema_value.h"

#include <assert.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/addr.h"
#include "base/text.h"
#include "config/schema_write.h"
#include "model/model.h"

enum {
	VALUE_SHOWN = 80, /* octets of a value in a message */
	WANTED_TEXT = 256,
	DNS_PORT = 53,
};

size_t
schema_value_size(const struct schema_field *field)
{
	return field->schema != NULL && field->type->size == 0
	    ? field->schema->size
	    : field->type->size;
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
		    "%s%s must be %s, not %s", subject, field->key, wanted,
		    node_kind_text(node));
	}
	return diag_error(decoder->diag, node->mark,
	    node->quoted ? "%s%s must be %s, not \"%.*s\""
			 : "%s%s must be %s, not '%.*s'",
	    subject, field->key, wanted, VALUE_SHOWN, node->text);
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
	    node->key == NULL ? "an entry of " : "", field->key, wanted,
	    node->text, trap, node->text);
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
	const uint16_t two = (uint16_t)value;
	const uint32_t four = (uint32_t)value;

	switch (field->size) {
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
	    "%s must be %s, not '%.*s' (did you mean \"%s\"?)", field->key,
	    wanted, VALUE_SHOWN, node->text, nearest);
}

static bool
word_read(struct decoder *decoder, const struct schema_field *field,
    const struct node *node, void *out)
{
	for (const struct schema_word *word = field->words;
	     node->kind == NODE_SCALAR && word->text != NULL; word++) {
		if (strcmp(word->text, node->text) != 0)
			continue;
		if (field->size > 0)
			store_number(field, word->value, out);
		return true;
	}
	return word_unknown(decoder, field, node);
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
		    "%s must be text %s", field->key, wanted);
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
		    "%s '%.*s' is no domain name: it %s", field->key,
		    VALUE_SHOWN, node->text, name_error_text(error));
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
	    field->key, VALUE_SHOWN, node->text);
	if (len > 0) {
		diag_note(decoder->diag, node->mark, "the name alone is %.*s",
		    (int)len, host);
	}
	return false;
}

/* Addresses. */

static bool
addr_read(struct decoder *decoder, const struct schema_field *field,
    const struct node *node, struct model_addr *out, const char *wanted)
{
	/* Even a wrong one was given: nobody shall say that it is missing. */
	out->mark = node->mark;
	if (node->kind == NODE_SCALAR && addr_parse(node->text, 0, &out->addr))
		return true;
	return schema_value_mismatch(decoder, field, node, wanted);
}

static bool
address_read(struct decoder *decoder, const struct schema_field *field,
    const struct node *node, void *out)
{
	struct model_addr *addr = out;

	if (!addr_read(decoder, field, node, addr,
		"an address such as 10.0.0.2, 10.0.0.2:5353 or "
		"\"[2001:db8::1]:53\""))
		return false;
	if (addr_port(&addr->addr) == 0)
		addr_set_port(&addr->addr, DNS_PORT);
	return true;
}

/* An address without a port, of one family or of either (AF_UNSPEC). */
static bool
host_read_family(struct decoder *decoder, const struct schema_field *field,
    const struct node *node, struct model_addr *out, int family)
{
	const char *wanted = family == AF_INET
	    ? "an IPv4 address such as 10.10.10.10"
	    : family == AF_INET6 ? "an IPv6 address such as \"2001:db8::1\""
				 : "an address such as 10.0.0.2 or "
				   "\"2001:db8::1\", without a port";
	if (!addr_read(decoder, field, node, out, wanted))
		return false;
	if (addr_port(&out->addr) != 0 ||
	    (family != AF_UNSPEC && out->addr.u.any.sa_family != family))
		return schema_value_mismatch(decoder, field, node, wanted);
	addr_set_port(&out->addr, DNS_PORT);
	return true;
}

static bool
host_read(struct decoder *decoder, const struct schema_field *field,
    const struct node *node, void *out)
{
	return host_read_family(decoder, field, node, out, AF_UNSPEC);
}

static bool
ipv4_read(struct decoder *decoder, const struct schema_field *field,
    const struct node *node, void *out)
{
	return host_read_family(decoder, field, node, out, AF_INET);
}

static bool
ipv6_read(struct decoder *decoder, const struct schema_field *field,
    const struct node *node, void *out)
{
	return host_read_family(decoder, field, node, out, AF_INET6);
}

static bool
prefix_read(struct decoder *decoder, const struct schema_field *field,
    const struct node *node, void *out)
{
	struct model_prefix *prefix = out;

	if (node->kind != NODE_SCALAR ||
	    !prefix_parse(node->text, &prefix->prefix)) {
		return schema_value_mismatch(decoder, field, node,
		    "a network such as 10.0.0.0/8 or \"2001:db8::/32\"");
	}
	prefix->mark = node->mark;
	return true;
}

/* What is checked and not stored. */

static bool
literal_read(struct decoder *decoder, const struct schema_field *field,
    const struct node *node, void *out)
{
	(void)out;
	if (node->kind == NODE_SCALAR &&
	    strcmp(node->text, field->literal) == 0)
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
	    "%s must be an empty list: %s", field->key, field->literal);
}

static bool
refused_read(struct decoder *decoder, const struct schema_field *field,
    const struct node *node, void *out)
{
	(void)out;
	return diag_error(decoder->diag, node->key->mark,
	    "%s is not supported: %s", field->key, field->literal);
}

const struct schema_type schema_bool = {
    .name = "boolean",
    .size = sizeof(bool),
    .read = bool_read,
    .write = schema_write_bool,
};
const struct schema_type schema_number = {
    .name = "number",
    .read = number_read,
    .write = schema_write_number,
};
const struct schema_type schema_duration = {
    .name = "time",
    .read = duration_read,
    .write = schema_write_duration,
};
const struct schema_type schema_size = {
    .name = "size",
    .read = size_read,
    .write = schema_write_size,
};
const struct schema_type schema_word = {
    .name = "word",
    .size = sizeof(unsigned),
    .read = word_read,
    .write = schema_write_word,
};
const struct schema_type schema_text = {
    .name = "text",
    .size = sizeof(struct model_text),
    .read = text_read,
    .given = schema_write_has_text,
    .write = schema_write_text,
};
const struct schema_type schema_name = {
    .name = "domain name",
    .size = sizeof(struct model_name),
    .read = name_read_text,
    .given = schema_write_has_name,
    .write = schema_write_name,
};
const struct schema_type schema_domain = {
    .name = "domain name",
    .size = sizeof(struct model_name),
    .read = domain_read,
    .given = schema_write_has_name,
    .write = schema_write_name,
};
const struct schema_type schema_address = {
    .name = "address and port",
    .size = sizeof(struct model_addr),
    .read = address_read,
    .given = schema_write_has_addr,
    .write = schema_write_address,
};
const struct schema_type schema_host = {
    .name = "address",
    .size = sizeof(struct model_addr),
    .read = host_read,
    .given = schema_write_has_addr,
    .write = schema_write_host,
};
const struct schema_type schema_ipv4 = {
    .name = "IPv4 address",
    .size = sizeof(struct model_addr),
    .read = ipv4_read,
    .given = schema_write_has_addr,
    .write = schema_write_host,
};
const struct schema_type schema_ipv6 = {
    .name = "IPv6 address",
    .size = sizeof(struct model_addr),
    .read = ipv6_read,
    .given = schema_write_has_addr,
    .write = schema_write_host,
};
const struct schema_type schema_prefix = {
    .name = "network",
    .size = sizeof(struct model_prefix),
    .read = prefix_read,
    .write = schema_write_prefix,
};
const struct schema_type schema_literal = {
    .name = "word",
    .read = literal_read,
};
const struct schema_type schema_empty = {
    .name = "empty list",
    .read = empty_read,
};
const struct schema_type schema_refused = {
    .name = "nothing",
    .read = refused_read,
};
