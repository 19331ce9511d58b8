#include "dns/edns.h"

#include <string.h>

#include "base/utf8.h"
#include "dns/message.h"

enum { OPTION_HEADER = 4 };

/* RFC 7873 section 4: a client's cookie alone, or with a server's. */
static bool
cookie_read(struct edns_options *found, struct reader *data)
{
	const size_t len = reader_left(data);
	struct cookie *cookie = &found->cookie;

	if (found->has_cookie)
		return true;
	if (len != COOKIE_CLIENT &&
	    (len < COOKIE_CLIENT + COOKIE_SERVER_MIN ||
		len > COOKIE_CLIENT + COOKIE_SERVER_MAX))
		return false;
	found->has_cookie = true;
	cookie->server_len = (uint8_t)(len - COOKIE_CLIENT);
	memcpy(cookie->client, reader_bytes(data, COOKIE_CLIENT),
	    COOKIE_CLIENT);
	memcpy(cookie->server, reader_bytes(data, cookie->server_len),
	    cookie->server_len);
	return true;
}

static bool
error_read(struct edns_options *found, struct reader *data)
{
	const uint16_t code = reader_u16(data);

	if (data->bad || found->has_error)
		return !data->bad;
	found->has_error = true;
	found->error_code = code;
	found->error_len = reader_left(data);
	found->error_text = reader_bytes(data, found->error_len);
	return true;
}

static bool
option_read(struct edns_options *found, uint16_t code, struct reader *data)
{
	switch (code) {
	case OPTION_COOKIE:
		return cookie_read(found, data);
	case OPTION_EDE:
		return error_read(found, data);
	}
	return true;
}

bool
edns_read(struct edns_options *found, const uint8_t *options, size_t len)
{
	struct reader reader = reader_over(options, len);

	found->has_cookie = false;
	found->has_error = false;
	for (unsigned n = 0; reader_left(&reader) > 0; n++) {
		const uint16_t code = reader_u16(&reader);
		const uint16_t size = reader_u16(&reader);
		const uint8_t *bytes = reader_bytes(&reader, size);
		struct reader data = reader_over(bytes, size);

		if (n == EDNS_OPTIONS || bytes == NULL ||
		    !option_read(found, code, &data))
			return false;
	}
	return !reader.bad;
}

/*
 * Characters that do things to whoever shows them: C0 and C1, the separators
 * of lines, and what turns the direction of writing (Unicode's annex 9).
 */
static bool
is_harmful(uint32_t point)
{
	static const struct {
		uint32_t first;
		uint32_t last;
	} ranges[] = {
	    {0x00, 0x1f},
	    {0x7f, 0x9f},
	    {0x061c, 0x061c},
	    {0x200e, 0x200f},
	    {0x2028, 0x202e},
	    {0x2066, 0x2069},
	    {0xfeff, 0xfeff},
	};

	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
		if (point >= ranges[i].first && point <= ranges[i].last)
			return true;
	}
	return false;
}

/* Copies one character, or a '?' in its place; returns its size in text. */
static size_t
character_copy(struct writer *out, const uint8_t *text, size_t left)
{
	const size_t size = utf8_size(text, left);

	if (size == 0 || is_harmful(utf8_point(text, size))) {
		writer_u8(out, '?');
		return size == 0 ? 1 : size;
	}
	writer_bytes(out, text, size);
	return size;
}

/* Makes a string of the text, in which a terminator may stand already. */
static const char *
text_keep(const uint8_t *text, size_t len, struct arena *arena)
{
	uint8_t kept[EDNS_TEXT + 1];
	struct writer out = writer_over(kept, EDNS_TEXT);

	/* RFC 8914 section 2: the text may be null-terminated, or not. */
	while (len > 0 && text[len - 1] == '\0')
		len--;
	for (size_t at = 0; at < len && !out.bad;)
		at += character_copy(&out, text + at, len - at);
	kept[out.at] = '\0';
	return arena_copy(arena, kept, out.at + 1);
}

const struct edns_error *
edns_error_keep(const struct edns_options *found, struct arena *arena)
{
	const struct edns_error error = {
	    .code = found->error_code,
	    .text = text_keep(found->error_text, found->error_len, arena),
	};

	return error.text == NULL ? NULL
				  : arena_copy(arena, &error, sizeof(error));
}

const char *
edns_error_name(uint16_t code)
{
	static const char *const names[] = {
	    "Other",
	    "Unsupported DNSKEY Algorithm",
	    "Unsupported DS Digest Type",
	    "Stale Answer",
	    "Forged Answer",
	    "DNSSEC Indeterminate",
	    "DNSSEC Bogus",
	    "Signature Expired",
	    "Signature Not Yet Valid",
	    "DNSKEY Missing",
	    "RRSIGs Missing",
	    "No Zone Key Bit Set",
	    "NSEC Missing",
	    "Cached Error",
	    "Not Ready",
	    "Blocked",
	    "Censored",
	    "Filtered",
	    "Prohibited",
	    "Stale NXDOMAIN Answer",
	    "Not Authoritative",
	    "Not Supported",
	    "No Reachable Authority",
	    "Network Error",
	    "Invalid Data",
	    "Signature Expired before Valid",
	    "Too Early",
	    "Unsupported NSEC3 Iterations Value",
	    "Unable to conform to policy",
	    "Synthesized",
	    "Invalid Query Type",
	};

	return code < sizeof(names) / sizeof(names[0]) ? names[code] : NULL;
}

void
edns_cookie_put(struct writer *out, const struct cookie *cookie)
{
	writer_u16(out, OPTION_COOKIE);
	writer_u16(out, (uint16_t)(COOKIE_CLIENT + cookie->server_len));
	writer_bytes(out, cookie->client, COOKIE_CLIENT);
	writer_bytes(out, cookie->server, cookie->server_len);
}

void
edns_padding_put(struct writer *out, size_t block)
{
	const size_t over = (out->at + OPTION_HEADER) % block;
	const size_t len = over == 0 ? 0 : block - over;
	uint8_t *padding;

	writer_u16(out, OPTION_PADDING);
	writer_u16(out, (uint16_t)len);
	padding = writer_room(out, len);
	if (padding != NULL)
		memset(padding, 0, len);
}
