#ifndef CORE_SERVER_H
#define CORE_SERVER_H

#include <stdbool.h>

#include "base/addr.h"
#include "core/upstream.h"

/* Name servers as text, the same in configurations, logs and answers. */

enum {
	SERVER_NAME = 256, /* a host's name, terminator */
	SERVER_TEXT = ADDR_TEXT + SERVER_NAME + 16, /* with "tls://" and '#' */
	SERVER_PORT = 53,
	SERVER_TLS_PORT = 853,
};

/* The port that a server has when its text names none. */
uint16_t server_port(enum carrier carrier);

/*
 * "10.0.0.2", "10.0.0.2:5353", "2001:db8::1", "tcp://10.0.0.2" or
 * "tls://[2001:db8::1]:8853#dns.example": the usual port is left out.
 */
const char *
server_format(const struct upstream_server *server, char buf[SERVER_TEXT]);

/* Whether two are the same, asked the same way. */
bool
server_equal(const struct upstream_server *a, const struct upstream_server *b);

#endif
