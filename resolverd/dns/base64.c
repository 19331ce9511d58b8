#include "dns/base64.h"

static const char alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* The six bits of a digit; false when c is none. */
static bool
digit_read(char c, uint32_t *out)
{
	const char *const at = c == '\0' ? NULL : strchr(alphabet, c);

	if (at == NULL)
		return false;
	*out = (uint32_t)(at - alphabet);
	return true;
}

/* Four digits, the last one or two of which may be padding at the end. */
static bool
group_read(const char *text, struct writer *writer)
{
	const bool last = text[4] == '\0';
	const size_t pads =
	    last && text[3] == '=' ? (text[2] == '=' ? 2 : 1) : 0;
	uint32_t bits = 0;

	for (size_t i = 0; i < 4; i++) {
		uint32_t digit = 0;

		if (i < 4 - pads && !digit_read(text[i], &digit))
			return false;
		bits = bits << 6 | digit;
	}
	for (size_t i = 0; i < 3 - pads; i++)
		writer_u8(writer, (uint8_t)(bits >> (16 - 8 * i)));
	/* RFC 4648 section 3.5: the bits that padding hides are zero. */
	return (bits & ((1U << 8 * pads) - 1)) == 0;
}

bool
base64_read(const char *text, struct writer *writer)
{
	const size_t len = strlen(text);

	if (len == 0 || len % 4 != 0)
		return false;
	for (size_t at = 0; at < len; at += 4) {
		if (!group_read(text + at, writer))
			return false;
	}
	return true;
}

void
base64_put(const uint8_t *octets, size_t len, struct writer *out)
{
	for (size_t at = 0; at < len && !out->bad; at += 3) {
		const size_t n = len - at < 3 ? len - at : 3;
		uint32_t bits = 0;

		for (size_t i = 0; i < 3; i++)
			bits = bits << 8 | (i < n ? octets[at + i] : 0);
		for (size_t i = 0; i < 4; i++) {
			const uint32_t digit = bits >> (18 - 6 * i) & 63;

			writer_u8(out,
			    (uint8_t)(i <= n ? alphabet[digit] : '='));
		}
	}
}
