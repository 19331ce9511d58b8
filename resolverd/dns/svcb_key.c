#include "dns/svcb_key.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <strings.h>

#include "base/text.h"
#include "dns/base64.h"
#include "dns/token.h"

/* The keys of RFC 9460 section 14.3.2. */
enum { KEY_PORT = 3, KEY_IPV4HINT = 4, KEY_ECH = 5, KEY_IPV6HINT = 6 };

/* Puts a comma between the items of a list but not before the first. */
static void
list_comma(const struct reader *value, struct writer *out)
{
	if (value->at > 0)
		token_put(out, ",");
}

/* Cuts the first item off a list whose items hold no commas themselves. */
static char *
list_item(char **list)
{
	char *const item = *list;
	char *const comma = strchr(item, ',');

	*list = comma == NULL ? NULL : comma + 1;
	if (comma != NULL)
		*comma = '\0';
	return item;
}

/* mandatory, RFC 9460 section 8: keys in ascending order on the wire. */

static void
key_insert(struct writer *writer, size_t start, uint16_t number)
{
	size_t at = writer->at;

	writer_u16(writer, number);
	if (writer->bad)
		return;
	for (; at > start; at -= 2) {
		const uint8_t *const before = writer->wire + at - 2;
		const uint16_t other = (uint16_t)(before[0] << 8 | before[1]);

		if (other < number)
			break;
		writer_patch_u16(writer, at, other);
	}
	writer_patch_u16(writer, at, number);
}

static const char *
mandatory_parse(char *value, struct writer *writer)
{
	const size_t start = writer->at;

	while (value != NULL) {
		const char *const item = list_item(&value);
		uint16_t number;

		if (svcb_key_from_text(item, &number) == NULL)
			return "has an unknown key under mandatory";
		key_insert(writer, start, number);
	}
	return NULL;
}

static bool
mandatory_fits(struct reader value)
{
	uint16_t last = KEY_MANDATORY;

	if (reader_left(&value) == 0)
		return false;
	while (reader_left(&value) > 0) {
		const uint16_t number = reader_u16(&value);

		if (number <= last)
			return false;
		last = number;
	}
	return !value.bad;
}

static void
mandatory_put(struct reader value, struct writer *out)
{
	while (reader_left(&value) > 0) {
		char buf[SVCB_KEY_TEXT];

		list_comma(&value, out);
		token_put(out, svcb_key_to_text(reader_u16(&value), buf));
	}
}

/* alpn, RFC 9460 section 7.1.1 and appendix A.1. */

/* Copies an item, its \\ and \, replaced, and steps over the comma. */
static const char *
alpn_item(const char *at, const char *end, struct writer *writer)
{
	for (; at < end && *at != ','; at++) {
		if (*at == '\\' && at + 1 < end)
			at++;
		writer_u8(writer, (uint8_t)*at);
	}
	return at < end ? at + 1 : NULL;
}

static const char *
alpn_parse(char *value, struct writer *writer)
{
	const char *at = value;
	size_t len;

	if (!token_unescape(value, value, &len))
		return "has a bad escape in alpn";
	while (at != NULL) {
		const size_t start = writer->at;
		size_t size;

		writer_u8(writer, 0);
		at = alpn_item(at, value + len, writer);
		if (writer->bad)
			break;
		size = writer->at - start - 1;
		if (size == 0 || size > UINT8_MAX) {
			return "has a protocol in alpn that is not 1 to 255 "
			       "octets long";
		}
		writer->wire[start] = (uint8_t)size;
	}
	return NULL;
}

static bool
alpn_fits(struct reader value)
{
	if (reader_left(&value) == 0)
		return false;
	while (reader_left(&value) > 0) {
		const uint8_t size = reader_u8(&value);

		reader_bytes(&value, size);
		if (size == 0)
			return false;
	}
	return !value.bad;
}

static void
alpn_put(struct reader value, struct writer *out)
{
	while (reader_left(&value) > 0) {
		size_t left;

		list_comma(&value, out);
		for (left = reader_u8(&value); left > 0; left--) {
			const uint8_t octet = reader_u8(&value);

			if (octet == ',' || octet == '\\')
				token_put(out, "\\\\");
			token_put_octets(out, &octet, 1);
		}
	}
}

/* no-default-alpn: the key is all there is. */

static const char *
nothing_parse(char *value, struct writer *writer)
{
	(void)writer;
	return value == NULL ? NULL : "has a value for no-default-alpn";
}

static bool
nothing_fits(struct reader value)
{
	return reader_left(&value) == 0;
}

static void
nothing_put(struct reader value, struct writer *out)
{
	(void)value;
	(void)out;
}

/* port, RFC 9460 section 7.2. */

static const char *
port_parse(char *value, struct writer *writer)
{
	uint64_t port;

	if (!number_parse(value, 0, UINT16_MAX, &port))
		return "has a port that is not a number from 0 to 65535";
	writer_u16(writer, (uint16_t)port);
	return NULL;
}

static bool
port_fits(struct reader value)
{
	return reader_left(&value) == 2;
}

static void
port_put(struct reader value, struct writer *out)
{
	char buf[sizeof("65535")];

	snprintf(buf, sizeof(buf), "%u", reader_u16(&value));
	token_put(out, buf);
}

/* ipv4hint and ipv6hint, RFC 9460 section 7.3. */

static bool
hint_parse(int family, size_t size, char *value, struct writer *writer)
{
	while (value != NULL) {
		struct in6_addr addr; /* holds either family's */

		if (inet_pton(family, list_item(&value), &addr) != 1)
			return false;
		writer_bytes(writer, &addr, size);
	}
	return true;
}

static bool
hint_fits(size_t size, size_t len)
{
	return len > 0 && len % size == 0;
}

static void
hint_put(int family, size_t size, struct reader value, struct writer *out)
{
	while (reader_left(&value) > 0) {
		char buf[INET6_ADDRSTRLEN];

		list_comma(&value, out);
		inet_ntop(family, reader_bytes(&value, size), buf, sizeof(buf));
		token_put(out, buf);
	}
}

static const char *
hint4_parse(char *value, struct writer *writer)
{
	if (!hint_parse(AF_INET, sizeof(struct in_addr), value, writer))
		return "has an ipv4hint that is not an IPv4 address";
	return NULL;
}

static bool
hint4_fits(struct reader value)
{
	return hint_fits(sizeof(struct in_addr), value.len);
}

static void
hint4_put(struct reader value, struct writer *out)
{
	hint_put(AF_INET, sizeof(struct in_addr), value, out);
}

static const char *
hint6_parse(char *value, struct writer *writer)
{
	if (!hint_parse(AF_INET6, sizeof(struct in6_addr), value, writer))
		return "has an ipv6hint that is not an IPv6 address";
	return NULL;
}

static bool
hint6_fits(struct reader value)
{
	return hint_fits(sizeof(struct in6_addr), value.len);
}

static void
hint6_put(struct reader value, struct writer *out)
{
	hint_put(AF_INET6, sizeof(struct in6_addr), value, out);
}

/* ech, a base64 blob (RFC 9848 section 3). */

static const char *
ech_parse(char *value, struct writer *writer)
{
	return base64_read(value, writer) ? NULL : "has an ech not in base64";
}

static bool
ech_fits(struct reader value)
{
	return reader_left(&value) > 0;
}

static void
ech_put(struct reader value, struct writer *out)
{
	base64_put(value.wire, value.len, out);
}

/* Any other key: octets as they are, RFC 9460 section 2.1. */

static const char *
octets_parse(char *value, struct writer *writer)
{
	size_t len = 0;

	if (value != NULL && !token_unescape(value, value, &len))
		return "has a bad escape in a value";
	writer_bytes(writer, value, len);
	return NULL;
}

static bool
octets_fit(struct reader value)
{
	return !value.bad;
}

static void
octets_put(struct reader value, struct writer *out)
{
	token_put_octets(out, value.wire, value.len);
}

/* The row of a number is its index. */
static const struct svcb_key keys[] = {
    [KEY_MANDATORY] = {"mandatory", KEY_NEEDS_VALUE, mandatory_parse,
	mandatory_fits, mandatory_put},
    [KEY_ALPN] = {"alpn", KEY_NEEDS_VALUE, alpn_parse, alpn_fits, alpn_put},
    [KEY_NO_DEFAULT_ALPN] = {"no-default-alpn", KEY_MAY_BE_BARE, nothing_parse,
	nothing_fits, nothing_put},
    [KEY_PORT] = {"port", KEY_NEEDS_VALUE, port_parse, port_fits, port_put},
    [KEY_IPV4HINT] = {"ipv4hint", KEY_NEEDS_VALUE, hint4_parse, hint4_fits,
	hint4_put},
    [KEY_ECH] = {"ech", KEY_NEEDS_VALUE, ech_parse, ech_fits, ech_put},
    [KEY_IPV6HINT] = {"ipv6hint", KEY_NEEDS_VALUE, hint6_parse, hint6_fits,
	hint6_put},
};
static const size_t key_count = sizeof(keys) / sizeof(keys[0]);

/* keyNNNNN, and every key that has no name here. */
static const struct svcb_key opaque = {NULL, KEY_MAY_BE_BARE, octets_parse,
    octets_fit, octets_put};

const struct svcb_key *
svcb_key_of(uint16_t number)
{
	return number < key_count ? &keys[number] : &opaque;
}

const struct svcb_key *
svcb_key_from_text(const char *text, uint16_t *out)
{
	uint64_t number;

	for (uint16_t i = 0; i < key_count; i++) {
		if (strcasecmp(keys[i].name, text) == 0) {
			*out = i;
			return &keys[i];
		}
	}
	/* Leading zeros are not allowed, and 65535 is no key. */
	if (strncasecmp(text, "key", 3) != 0 ||
	    (text[3] == '0' && text[4] != '\0') ||
	    !number_parse(text + 3, 0, KEY_INVALID - 1, &number))
		return NULL;
	*out = (uint16_t)number;
	return &opaque;
}

const char *
svcb_key_to_text(uint16_t number, char buf[SVCB_KEY_TEXT])
{
	const struct svcb_key *const key = svcb_key_of(number);

	if (key->name != NULL)
		return key->name;
	snprintf(buf, SVCB_KEY_TEXT, "key%u", number);
	return buf;
}
