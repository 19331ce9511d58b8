#include "core/server.h"

#include <string.h>

static const struct {
	const char *scheme;
	uint16_t port;
} carriers[] = {
    [CARRIER_UDP] = {"", SERVER_PORT},
    [CARRIER_TCP] = {"tcp://", SERVER_PORT},
    [CARRIER_TLS] = {"tls://", SERVER_TLS_PORT},
};

uint16_t
server_port(enum carrier carrier)
{
	return carriers[carrier].port;
}

static void
append(char buf[SERVER_TEXT], const char *text)
{
	const size_t at = strlen(buf);
	const size_t len = strlen(text);

	if (at + len < SERVER_TEXT)
		memcpy(buf + at, text, len + 1);
}

const char *
server_format(const struct upstream_server *server, char buf[SERVER_TEXT])
{
	const bool bracketed = server->carrier != CARRIER_UDP &&
	    server->addr.u.any.sa_family == AF_INET6;
	char addr[ADDR_TEXT];

	buf[0] = '\0';
	append(buf, carriers[server->carrier].scheme);
	if (addr_port(&server->addr) != server_port(server->carrier)) {
		append(buf, addr_format(&server->addr, addr));
	} else {
		append(buf, bracketed ? "[" : "");
		append(buf, addr_format_host(&server->addr, addr));
		append(buf, bracketed ? "]" : "");
	}
	if (server->tls_name != NULL) {
		append(buf, "#");
		append(buf, server->tls_name);
	}
	return buf;
}

static bool
same_name(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

bool
server_equal(const struct upstream_server *a, const struct upstream_server *b)
{
	return a->carrier == b->carrier && addr_equal(&a->addr, &b->addr) &&
	    a->opportunistic == b->opportunistic &&
	    same_name(a->tls_name, b->tls_name);
}
