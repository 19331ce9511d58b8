#ifndef BASE_ADDR_H
#define BASE_ADDR_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

/* A socket address of either family. */
struct addr {
	union {
		struct sockaddr any;
		struct sockaddr_in in4;
		struct sockaddr_in6 in6;
	} u;
	socklen_t len; /* of the family in use; 0 when unset */
};

/* A network prefix; an IPv4 prefix is kept in IPv4-mapped form. */
struct prefix {
	uint8_t bytes[16];
	uint8_t bits; /* 0 to 128 */
};

/* Room for "[v6%scope]:port" and a terminator. */
enum { ADDR_TEXT = 80 };

/*
 * Parses "192.0.2.1", "192.0.2.1:53", "2001:db8::1", "[2001:db8::1]",
 * "[2001:db8::1]:53" and "fe80::1%eth0" (or "%2"); port is used when the text
 * names none.  Returns false, and leaves *out alone, on anything else, port 0
 * in the text included.
 */
bool addr_parse(const char *text, uint16_t port, struct addr *out);

/* Writes "192.0.2.1:53" or "[2001:db8::1]:53" into buf of ADDR_TEXT octets. */
const char *addr_format(const struct addr *addr, char buf[ADDR_TEXT]);

/* The same without the port and brackets; "unset" without an address. */
const char *addr_format_host(const struct addr *addr, char buf[ADDR_TEXT]);

uint16_t addr_port(const struct addr *addr);
void addr_set_port(struct addr *addr, uint16_t port);
bool addr_equal(const struct addr *a, const struct addr *b);

/* An order of addresses for sorting: family, then octets, then port. */
int addr_compare(const struct addr *a, const struct addr *b);

/* Equal but for the port. */
bool addr_same_host(const struct addr *a, const struct addr *b);
bool addr_is_loopback(const struct addr *addr);

/* 0.0.0.0 or :: */
bool addr_is_any(const struct addr *addr);

/*
 * A number for the network that addr lies in: its first in4 bits (1 to 32),
 * IPv4-mapped or not, or of another its first in6 bits (1 to 64).  No two
 * networks of a kind have the same; without an address it is UINT64_MAX.
 */
uint64_t addr_network(const struct addr *addr, unsigned in4, unsigned in6);

/*
 * Parses "10.0.0.0/8", "2001:db8::/32" or a bare address (a host prefix).
 * Bits behind the prefix are cleared.  Leaves *out alone on anything else.
 */
bool prefix_parse(const char *text, struct prefix *out);

/*
 * Whether addr lies in prefix.  An IPv4-mapped IPv6 address counts as IPv4,
 * and no IPv4 address lies in an IPv6 prefix, ::/0 included.
 */
bool prefix_has(const struct prefix *prefix, const struct addr *addr);

/* Room for a prefix as text. */
enum { PREFIX_TEXT = 56 };
const char *prefix_format(const struct prefix *prefix, char buf[PREFIX_TEXT]);

#endif
