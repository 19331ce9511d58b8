#include "ctl/subject.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "base/addr.h"
#include "dns/name.h"
#include "dns/rdata.h"

enum { IPV6_OCTETS = 16, REVERSE_TEXT = 80 };

static void
reverse_ipv4(const uint8_t bytes[4], char text[REVERSE_TEXT])
{
	snprintf(text, REVERSE_TEXT, "%u.%u.%u.%u.in-addr.arpa.", bytes[3],
	    bytes[2], bytes[1], bytes[0]);
}

static void
reverse_ipv6(const uint8_t bytes[IPV6_OCTETS], char text[REVERSE_TEXT])
{
	static const char digits[] = "0123456789abcdef";
	char *at = text;

	for (unsigned i = IPV6_OCTETS; i-- > 0;) {
		*at++ = digits[bytes[i] & 0x0f];
		*at++ = '.';
		*at++ = digits[bytes[i] >> 4];
		*at++ = '.';
	}
	snprintf(at, REVERSE_TEXT - 4 * IPV6_OCTETS, "ip6.arpa.");
}

/* The reverse name of an IP address; false: it is none. */
static bool
reverse_name(const char *address, char text[REVERSE_TEXT])
{
	uint8_t bytes[IPV6_OCTETS];

	if (inet_pton(AF_INET, address, bytes) == 1) {
		reverse_ipv4(bytes, text);
		return true;
	}
	if (inet_pton(AF_INET6, address, bytes) == 1) {
		reverse_ipv6(bytes, text);
		return true;
	}
	return false;
}

enum subject_fault
subject_parse(struct question *question, const char *name, const char *type,
    uint16_t fallback, const char **why)
{
	char reverse[REVERSE_TEXT];
	enum name_error error;

	question->class = CLASS_IN;
	question->type = fallback;
	if (type != NULL && !rdata_type_from_text(type, &question->type))
		return SUBJECT_BAD_TYPE;
	if (type == NULL && reverse_name(name, reverse)) {
		question->type = TYPE_PTR;
		name = reverse;
	}
	error = name_from_text(&question->name, name);
	*why = name_error_text(error);
	return error == NAME_OK ? SUBJECT_OK : SUBJECT_BAD_NAME;
}
