#include "base/addr.h"

#include <arpa/inet.h>
#include <endian.h>
#include <inttypes.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

/* Splits "host", "host:port", "[host]:port" or bare IPv6 into its parts. */
static bool
split_host(const char *text, char *host, size_t cap, const char **port)
{
	const bool bracketed = text[0] == '[';
	const char *start = text + (bracketed ? 1 : 0);
	const char *colon = strchr(start, ':');
	size_t len = strlen(start);

	*port = NULL;
	if (bracketed) {
		const char *end = strchr(start, ']');

		if (end == NULL || (end[1] != '\0' && end[1] != ':'))
			return false;
		len = (size_t)(end - start);
		*port = end[1] == ':' ? end + 2 : NULL;
	} else if (colon != NULL && strchr(colon + 1, ':') == NULL) {
		len = (size_t)(colon - start);
		*port = colon + 1;
	}
	if (len == 0 || len >= cap)
		return false;
	memcpy(host, start, len);
	host[len] = '\0';
	return !bracketed || strchr(host, ':') != NULL;
}

/* RFC 4007 section 11.2: a zone is an interface's name or its number. */
static bool
parse_scope(const char *text, uint32_t *out)
{
	uint64_t number = if_nametoindex(text);

	if (number == 0 && !number_parse(text, 1, UINT32_MAX, &number))
		return false;
	*out = (uint32_t)number;
	return true;
}

static bool
parse_in6(char *host, struct addr *addr)
{
	struct sockaddr_in6 *in6 = &addr->u.in6;
	char *scope = strchr(host, '%');

	if (scope != NULL) {
		*scope++ = '\0';
		if (!parse_scope(scope, &in6->sin6_scope_id))
			return false;
	}
	in6->sin6_family = AF_INET6;
	addr->len = sizeof(*in6);
	return inet_pton(AF_INET6, host, &in6->sin6_addr) == 1;
}

static bool
parse_in4(const char *host, struct addr *addr)
{
	addr->u.in4.sin_family = AF_INET;
	addr->len = sizeof(addr->u.in4);
	return inet_pton(AF_INET, host, &addr->u.in4.sin_addr) == 1;
}

/* An address alone; its scope, when it has one, is cut off host. */
static bool
parse_host(char *host, struct addr *addr)
{
	*addr = (struct addr){.len = 0};
	return strchr(host, ':') != NULL ? parse_in6(host, addr)
					 : parse_in4(host, addr);
}

bool
addr_parse(const char *text, uint16_t port, struct addr *out)
{
	char host[ADDR_TEXT];
	struct addr addr;
	const char *port_text;
	uint64_t number = port;

	if (!split_host(text, host, sizeof(host), &port_text))
		return false;
	if (port_text != NULL && !number_parse(port_text, 1, 65535, &number))
		return false;
	if (!parse_host(host, &addr))
		return false;
	addr_set_port(&addr, (uint16_t)number);
	*out = addr;
	return true;
}

/* Appends "%eth0", or "%7" when the interface is gone. */
static void
append_scope(uint32_t scope, char buf[ADDR_TEXT])
{
	const size_t len = strlen(buf);
	char name[IF_NAMESIZE];

	if (if_indextoname(scope, name) == NULL)
		snprintf(name, sizeof(name), "%" PRIu32, scope);
	snprintf(buf + len, ADDR_TEXT - len, "%%%s", name);
}

const char *
addr_format_host(const struct addr *addr, char buf[ADDR_TEXT])
{
	switch (addr->u.any.sa_family) {
	case AF_INET:
		inet_ntop(AF_INET, &addr->u.in4.sin_addr, buf, ADDR_TEXT);
		break;
	case AF_INET6:
		inet_ntop(AF_INET6, &addr->u.in6.sin6_addr, buf, ADDR_TEXT);
		if (addr->u.in6.sin6_scope_id != 0)
			append_scope(addr->u.in6.sin6_scope_id, buf);
		break;
	default:
		snprintf(buf, ADDR_TEXT, "unset");
		break;
	}
	return buf;
}

const char *
addr_format(const struct addr *addr, char buf[ADDR_TEXT])
{
	char host[ADDR_TEXT];
	const bool six = addr->u.any.sa_family == AF_INET6;

	addr_format_host(addr, host);
	snprintf(buf, ADDR_TEXT, "%s%.64s%s:%u", six ? "[" : "", host,
	    six ? "]" : "", addr_port(addr));
	return buf;
}

uint16_t
addr_port(const struct addr *addr)
{
	/* sin_port and sin6_port stand at the same place. */
	return ntohs(addr->u.in4.sin_port);
}

void
addr_set_port(struct addr *addr, uint16_t port)
{
	addr->u.in4.sin_port = htons(port);
}

bool
addr_same_host(const struct addr *a, const struct addr *b)
{
	if (a->u.any.sa_family != b->u.any.sa_family)
		return false;
	if (a->u.any.sa_family == AF_INET)
		return a->u.in4.sin_addr.s_addr == b->u.in4.sin_addr.s_addr;
	return memcmp(&a->u.in6.sin6_addr, &b->u.in6.sin6_addr,
		   sizeof(a->u.in6.sin6_addr)) == 0 &&
	    a->u.in6.sin6_scope_id == b->u.in6.sin6_scope_id;
}

bool
addr_equal(const struct addr *a, const struct addr *b)
{
	return addr_port(a) == addr_port(b) && addr_same_host(a, b);
}

static int
compare_hosts(const struct addr *a, const struct addr *b)
{
	if (a->u.any.sa_family == AF_INET) {
		return memcmp(&a->u.in4.sin_addr, &b->u.in4.sin_addr,
		    sizeof(a->u.in4.sin_addr));
	}
	return memcmp(&a->u.in6.sin6_addr, &b->u.in6.sin6_addr,
	    sizeof(a->u.in6.sin6_addr));
}

int
addr_compare(const struct addr *a, const struct addr *b)
{
	int order;

	if (a->u.any.sa_family != b->u.any.sa_family)
		return a->u.any.sa_family < b->u.any.sa_family ? -1 : 1;
	order = compare_hosts(a, b);
	if (order != 0)
		return order;
	if (addr_port(a) != addr_port(b))
		return addr_port(a) < addr_port(b) ? -1 : 1;
	if (a->u.any.sa_family == AF_INET ||
	    a->u.in6.sin6_scope_id == b->u.in6.sin6_scope_id)
		return 0;
	return a->u.in6.sin6_scope_id < b->u.in6.sin6_scope_id ? -1 : 1;
}

/* What comes before an IPv4 address in an IPv4-mapped one. */
static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};

static bool
is_mapped(const uint8_t bytes[16])
{
	return memcmp(bytes, mapped, sizeof(mapped)) == 0;
}

/* The sixteen octets of an address, IPv4 in its mapped form. */
static bool
mapped_bytes(const struct addr *addr, uint8_t bytes[16])
{
	if (addr->u.any.sa_family == AF_INET) {
		memcpy(bytes, mapped, sizeof(mapped));
		memcpy(bytes + sizeof(mapped), &addr->u.in4.sin_addr, 4);
		return true;
	}
	memcpy(bytes, &addr->u.in6.sin6_addr, 16);
	return addr->u.any.sa_family == AF_INET6;
}

bool
addr_is_loopback(const struct addr *addr)
{
	uint8_t bytes[16];

	if (addr->u.any.sa_family == AF_INET) {
		return ntohl(addr->u.in4.sin_addr.s_addr) >> 24 ==
		    IN_LOOPBACKNET;
	}
	if (!mapped_bytes(addr, bytes))
		return false;
	if (is_mapped(bytes))
		return bytes[sizeof(mapped)] == IN_LOOPBACKNET;
	return memcmp(bytes, &in6addr_loopback, sizeof(bytes)) == 0;
}

bool
addr_is_any(const struct addr *addr)
{
	if (addr->u.any.sa_family == AF_INET)
		return addr->u.in4.sin_addr.s_addr == htonl(INADDR_ANY);
	return addr->u.any.sa_family == AF_INET6 &&
	    memcmp(&addr->u.in6.sin6_addr, &in6addr_any, sizeof(in6addr_any)) ==
	    0;
}

uint64_t
addr_network(const struct addr *addr, unsigned in4, unsigned in6)
{
	struct in6_addr host = addr->u.in6.sin6_addr;
	uint64_t half;

	if (addr->u.any.sa_family == AF_INET)
		return ntohl(addr->u.in4.sin_addr.s_addr) >> (32 - in4);
	if (addr->u.any.sa_family != AF_INET6)
		return UINT64_MAX;
	if (IN6_IS_ADDR_V4MAPPED(&host))
		return ntohl(host.s6_addr32[3]) >> (32 - in4);
	memcpy(&half, &host, sizeof(half));
	return be64toh(half) >> (64 - in6);
}

static void
clear_after(uint8_t bytes[16], size_t bits)
{
	for (size_t i = bits; i < 128; i++)
		bytes[i / 8] = (uint8_t)(bytes[i / 8] & ~(0x80U >> i % 8));
}

bool
prefix_parse(const char *text, struct prefix *out)
{
	const size_t len = strcspn(text, "/");
	char host[PREFIX_TEXT];
	struct addr addr;
	uint64_t most;
	uint64_t bits;

	if (len >= sizeof(host) || memchr(text, '%', len) != NULL)
		return false;
	memcpy(host, text, len);
	host[len] = '\0';
	if (!parse_host(host, &addr))
		return false;
	most = addr.u.any.sa_family == AF_INET ? 32 : 128;
	bits = most;
	if (text[len] == '/' && !number_parse(text + len + 1, 0, most, &bits))
		return false;
	mapped_bytes(&addr, out->bytes);
	out->bits = (uint8_t)(bits + 128 - most);
	clear_after(out->bytes, out->bits);
	return true;
}

/* Whether a prefix is one of IPv4 addresses: ::/0 is not. */
static bool
is_in4(const struct prefix *prefix)
{
	return prefix->bits >= 8 * sizeof(mapped) && is_mapped(prefix->bytes);
}

/* The same for an IPv4 prefix, which most clients' are. */
static bool
has_in4(const struct prefix *prefix, const struct addr *addr)
{
	const unsigned left = 128U - prefix->bits;
	uint32_t base;

	memcpy(&base, prefix->bytes + sizeof(mapped), sizeof(base));
	return left == 32 ||
	    ntohl(base ^ addr->u.in4.sin_addr.s_addr) >> left == 0;
}

bool
prefix_has(const struct prefix *prefix, const struct addr *addr)
{
	const size_t whole = prefix->bits / 8;
	const unsigned rest = prefix->bits % 8;
	uint8_t bytes[16];

	if (addr->u.any.sa_family == AF_INET && is_in4(prefix))
		return has_in4(prefix, addr);
	if (!mapped_bytes(addr, bytes) || is_mapped(bytes) != is_in4(prefix))
		return false;
	if (memcmp(bytes, prefix->bytes, whole) != 0)
		return false;
	if (rest == 0)
		return true;
	return ((bytes[whole] ^ prefix->bytes[whole]) >> (8 - rest)) == 0;
}

const char *
prefix_format(const struct prefix *prefix, char buf[PREFIX_TEXT])
{
	const bool four = is_in4(prefix);
	char host[INET6_ADDRSTRLEN];

	inet_ntop(four ? AF_INET : AF_INET6,
	    prefix->bytes + (four ? sizeof(mapped) : 0), host, sizeof(host));
	snprintf(buf, PREFIX_TEXT, "%s/%d", host,
	    four ? prefix->bits - 96 : prefix->bits);
	return buf;
}
