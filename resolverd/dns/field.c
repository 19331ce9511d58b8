#include "dns/field.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>

#include "base/text.h"
#include "dns/rdata.h"
#include "dns/token.h"

enum { FIELD_MAX = 65535 };

const char *
field_u8_fault(const char *text)
{
	uint64_t v;

	return number_parse(text, 0, UINT8_MAX, &v)
	    ? NULL
	    : "has a field that is not a number from 0 to 255";
}

const char *
field_u16_fault(const char *text)
{
	uint64_t v;

	return number_parse(text, 0, UINT16_MAX, &v)
	    ? NULL
	    : "has a field that is not a number from 0 to 65535";
}

const char *
field_u32_fault(const char *text)
{
	uint64_t v;

	return number_parse(text, 0, UINT32_MAX, &v)
	    ? NULL
	    : "has a field that is not a number from 0 to 4294967295";
}

const char *
field_period_fault(const char *text)
{
	uint32_t v;

	return token_period(text, &v)
	    ? NULL
	    : "has a time that is not a number of seconds or such as '1h30m'";
}

/* A mnemonic is ldns's to know, but it must not begin like a number. */
const char *
field_mnemonic_fault(const char *text)
{
	return isalpha((unsigned char)*text) ? NULL : field_u8_fault(text);
}

const char *
field_type_fault(const char *text)
{
	uint16_t v;

	return rdata_type_from_text(text, &v)
	    ? NULL
	    : "has a field that is not a record type";
}

/* RFC 4034 section 3.2: 14 digits are a date, fewer a number. */
const char *
field_time_fault(const char *text)
{
	uint64_t v;
	const uint64_t max =
	    strlen(text) == 14 ? UINT64_C(99999999999999) : UINT32_MAX;

	return number_parse(text, 0, max, &v)
	    ? NULL
	    : "has a time that is not written as YYYYMMDDHHMMSS";
}

const char *
field_a_fault(const char *text)
{
	struct in_addr addr;

	return inet_pton(AF_INET, text, &addr) == 1 ? NULL
						    : "is not an IPv4 address";
}

const char *
field_aaaa_fault(const char *text)
{
	struct in6_addr addr;

	return inet_pton(AF_INET6, text, &addr) == 1 ? NULL
						     : "is not an IPv6 address";
}

const char *
field_long_string_fault(const char *text)
{
	size_t len;

	if (!token_unescape(text, NULL, &len))
		return "has a \\ without a character, or \\DDD over 255";
	return len > FIELD_MAX ? "is longer than 65535 octets" : NULL;
}

const char *
field_string_fault(const char *text)
{
	const char *const fault = field_long_string_fault(text);
	size_t len;

	if (fault != NULL)
		return fault;
	return token_unescape(text, NULL, &len) && len > UINT8_MAX
	    ? "has a character-string longer than 255 octets"
	    : NULL;
}

/* RFC 8659 section 4.1. */
const char *
field_tag_fault(const char *text)
{
	size_t len = 0;

	while (isalnum((unsigned char)text[len]))
		len++;
	return len > 0 && len <= UINT8_MAX && text[len] == '\0'
	    ? NULL
	    : "has a tag that is not made of letters and digits";
}

const char *
field_hex_fault(const char *text)
{
	const size_t len = strlen(text);

	return len > 0 && len % 2 == 0 &&
		strspn(text, "0123456789abcdefABCDEF") == len
	    ? NULL
	    : "has a field that is not pairs of hexadecimal digits";
}

const char *
field_base64_fault(const char *text)
{
	const size_t len = strlen(text);
	size_t digits = 0;

	while (isalnum((unsigned char)text[digits]) || text[digits] == '+' ||
	    text[digits] == '/')
		digits++;
	return len > 0 && len % 4 == 0 && len - digits <= 2 &&
		strspn(text + digits, "=") == len - digits
	    ? NULL
	    : "has a field that is not base64";
}

/* RFC 4025 section 2.3: no gateway is written as a dot, and takes no octet. */
const char *
field_nothing_fault(const char *text)
{
	return strcmp(text, ".") == 0
	    ? NULL
	    : "has a gateway, but a gateway type of 0 that says it has none";
}
