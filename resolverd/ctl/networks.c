#include "ctl/networks.h"

#include <ifaddrs.h>
#include <string.h>

enum { MAPPED = 12 }; /* octets before the address in ::ffff:a.b.c.d */

/* The address of an interface entry; false for other families than IP's. */
static bool
networks_addr(const struct sockaddr *from, struct addr *out)
{
	if (from == NULL)
		return false;
	memset(out, 0, sizeof(*out));
	if (from->sa_family == AF_INET) {
		out->len = sizeof(out->u.in4);
	} else if (from->sa_family == AF_INET6) {
		out->len = sizeof(out->u.in6);
	} else {
		return false;
	}
	memcpy(&out->u, from, out->len);
	return true;
}

/* An address in IPv6 form, an IPv4 one mapped behind `fill` octets. */
static void
networks_octets(const struct addr *addr, uint8_t fill, uint8_t out[16])
{
	if (addr->u.any.sa_family == AF_INET6) {
		memcpy(out, &addr->u.in6.sin6_addr, 16);
		return;
	}
	memset(out, fill, MAPPED);
	out[10] = 0xff;
	out[11] = 0xff;
	memcpy(out + MAPPED, &addr->u.in4.sin_addr, 4);
}

void
networks_prefix(const struct addr *addr, const struct addr *mask,
    struct prefix *out)
{
	uint8_t bits[16];

	networks_octets(addr, 0, out->bytes);
	networks_octets(mask, 0xff, bits);
	out->bits = 0;
	for (size_t i = 0; i < sizeof(bits); i++) {
		out->bytes[i] &= bits[i];
		out->bits = (uint8_t)(out->bits + __builtin_popcount(bits[i]));
	}
}

static bool
networks_is_whole(const struct prefix *prefix, const struct addr *addr)
{
	return prefix->bits ==
	    (addr->u.any.sa_family == AF_INET ? MAPPED * 8 : 0);
}

size_t
networks_prefixes(struct prefix *out, size_t cap)
{
	struct ifaddrs *list = NULL;
	size_t count = 0;

	if (getifaddrs(&list) != 0)
		return 0;
	for (const struct ifaddrs *entry = list; entry != NULL && count < cap;
	     entry = entry->ifa_next) {
		struct addr addr;
		struct addr mask;

		if (!networks_addr(entry->ifa_addr, &addr) ||
		    !networks_addr(entry->ifa_netmask, &mask))
			continue;
		networks_prefix(&addr, &mask, &out[count]);
		if (!networks_is_whole(&out[count], &addr))
			count++;
	}
	freeifaddrs(list);
	return count;
}

size_t
networks_addresses(const struct addr *any, struct addr *out, size_t cap)
{
	struct ifaddrs *list = NULL;
	size_t count = 0;

	if (getifaddrs(&list) != 0)
		return 0;
	for (const struct ifaddrs *entry = list; entry != NULL && count < cap;
	     entry = entry->ifa_next) {
		if (!networks_addr(entry->ifa_addr, &out[count]) ||
		    out[count].u.any.sa_family != any->u.any.sa_family)
			continue;
		addr_set_port(&out[count], addr_port(any));
		count++;
	}
	freeifaddrs(list);
	return count;
}
