#ifndef CONFIG_UPSTREAM_SCHEMA_H
#define CONFIG_UPSTREAM_SCHEMA_H

#include <stdbool.h>

#include "base/arena.h"
#include "config/schema.h"
#include "core/upstream.h"

/* The words for what an upstream server is given by. */
#define UPSTREAM_SCHEMA_EXAMPLES                              \
	"a server such as 10.0.0.2, \"[2001:db8::1]:53\" or " \
	"tls://8.8.8.8#dns.google"

/* struct model_server: upstreams. */
extern const struct schema_type schema_server;

/*
 * Reads "auto", "10.0.0.2", "10.0.0.2:5353", "udp://10.0.0.2",
 * "tcp://10.0.0.2", "tls://8.8.8.8:853#dns.google" and their likes in IPv6;
 * auto has no address.  The name goes to the arena.  NULL; or what is wrong
 * with the text, for a note, and *out is left alone.
 */
const char *upstream_schema_parse(const char *text, struct arena *arena,
    struct upstream_server *out);

#endif
