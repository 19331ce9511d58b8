#include "config/upstream_schema.h"

#include <string.h>
#include <strings.h>

#include "config/schema_describe.h"
#include "config/schema_value.h"
#include "config/schema_write.h"
#include "core/server.h"
#include "model/model.h"

/* Octets between two dots. */
enum { HOST_LABEL = 63 };

static const char out_of_memory[] = "there is no memory";

/* A text taken apart; what is missing is NULL. */
struct parts {
	enum carrier carrier;
	char addr[ADDR_TEXT]; /* with the port, if any */
	const char *name;
};

static const struct {
	const char *scheme;
	size_t len;
	enum carrier carrier;
} schemes[] = {
    {"udp://", 6, CARRIER_UDP},
    {"tcp://", 6, CARRIER_TCP},
    {"tls://", 6, CARRIER_TLS},
};

enum { SCHEMES = sizeof(schemes) / sizeof(schemes[0]) };

/* What others write, and what it is here. */
static const struct {
	const char *scheme;
	const char *hint;
} strangers[] = {
    {"https://",
	"DNS over HTTPS is not offered; DNS over TLS is tls://ADDRESS#NAME"},
    {"h3://",
	"DNS over HTTPS is not offered; DNS over TLS is tls://ADDRESS#NAME"},
    {"quic://",
	"DNS over QUIC is not offered; DNS over TLS is tls://ADDRESS#NAME"},
    {"sdns://", "DNS stamps are not read; DNS over TLS is tls://ADDRESS#NAME"},
    {"dot://", "DNS over TLS is written tls://ADDRESS#NAME"},
};

/* Whether one of our schemes lost a part of its end: "tls:/", "tls//". */
static bool
is_scheme_mistyped(const char *text)
{
	for (size_t i = 0; i < SCHEMES; i++) {
		const size_t word = schemes[i].len - strlen("://");

		if (strncasecmp(text, schemes[i].scheme, word) == 0 &&
		    (text[word] == ':' || text[word] == '/'))
			return true;
	}
	return false;
}

/* Why what there is of a scheme is none; NULL when there is nothing of one. */
static const char *
explain_scheme(const char *text)
{
	for (size_t i = 0; i < sizeof(strangers) / sizeof(strangers[0]); i++) {
		const char *scheme = strangers[i].scheme;

		if (strncasecmp(text, scheme, strlen(scheme)) == 0)
			return strangers[i].hint;
	}
	if (strstr(text, "://") != NULL)
		return "what may stand before :// is udp, tcp or tls";
	if (is_scheme_mistyped(text))
		return "between udp, tcp or tls and the address stands ://";
	return NULL;
}

/* Cuts the scheme off, in any letter case; the hint when there is none such. */
static const char *
take_scheme(const char **text, enum carrier *carrier)
{
	*carrier = CARRIER_UDP;
	for (size_t i = 0; i < SCHEMES; i++) {
		const size_t len = schemes[i].len;

		if (strncasecmp(*text, schemes[i].scheme, len) == 0) {
			*carrier = schemes[i].carrier;
			*text += len;
			return NULL;
		}
	}
	return explain_scheme(*text);
}

static const char *
take_parts(const char *text, struct parts *parts)
{
	const char *hint = take_scheme(&text, &parts->carrier);
	const char *hash = strchr(text, '#');
	const size_t len = strcspn(text, "#");

	if (hint != NULL)
		return hint;
	parts->name = hash == NULL ? NULL : hash + 1;
	if (len >= sizeof(parts->addr))
		return "that is too long for an address";
	memcpy(parts->addr, text, len);
	parts->addr[len] = '\0';
	return NULL;
}

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

/* Whether somebody wrote a name where an address belongs. */
static bool
is_like_name(const char *text)
{
	return strchr(text, ':') == strrchr(text, ':') &&
	    strpbrk(text, "[]") == NULL &&
	    strcspn(text, LETTERS) < strcspn(text, ":");
}

/* Why that is no address and port. */
static const char *
explain_addr(const char *text, enum carrier carrier)
{
	if (text[0] == '\0')
		return "the address is missing";
	if (strchr(text, '@') != NULL)
		return "a port stands behind a colon, not an @";
	if (strchr(text, '/') != NULL)
		return "nothing follows the address but :PORT and #NAME";
	if (is_like_name(text)) {
		return carrier == CARRIER_TLS
		    ? "a server is given by its address; its name stands "
		      "behind it: tls://ADDRESS#NAME"
		    : "a server is given by its address: nobody could look up "
		      "its name";
	}
	return "an IPv6 address with a port stands in brackets, and a port is "
	       "a number from 1 to 65535";
}

/* Letters, digits and inner hyphens (RFC 1123 section 2.1). */
static bool
is_host_label(const char *label, size_t len)
{
	return len > 0 && len <= HOST_LABEL && label[0] != '-' &&
	    label[len - 1] != '-' &&
	    strspn(label, LETTERS "0123456789-_") >= len;
}

/* Whether text is the name of a host; *len is less the dot at its end. */
static bool
is_host_name(const char *text, size_t *len)
{
	size_t at = 0;

	*len = strlen(text);
	if (*len > 0 && text[*len - 1] == '.')
		(*len)--;
	if (*len == 0 || *len >= SERVER_NAME - 2)
		return false;
	while (at < *len) {
		const size_t label = strcspn(text + at, ".");

		if (!is_host_label(text + at, label))
			return false;
		at += label + 1;
	}
	return true;
}

static const char *
take_name(const struct parts *parts, struct arena *arena,
    struct upstream_server *server)
{
	struct addr addr;
	size_t len;

	if (parts->name == NULL)
		return NULL;
	if (parts->carrier != CARRIER_TLS) {
		return "a #NAME is whom a certificate must name: that takes "
		       "tls:// before the address";
	}
	if (addr_parse(parts->name, 0, &addr)) {
		return "without a #NAME the certificate must be for the "
		       "address, so it is not repeated there";
	}
	if (!is_host_name(parts->name, &len)) {
		return "what follows # must be the name of a host, such as "
		       "dns.google";
	}
	server->tls_name = arena_printf(arena, "%.*s", (int)len, parts->name);
	return server->tls_name == NULL ? out_of_memory : NULL;
}

const char *
upstream_schema_parse(const char *text, struct arena *arena,
    struct upstream_server *out)
{
	struct upstream_server server = {.carrier = CARRIER_UDP};
	struct parts parts;
	const char *hint;

	if (strcmp(text, "auto") == 0) {
		*out = server;
		return NULL;
	}
	hint = take_parts(text, &parts);
	if (hint != NULL)
		return hint;
	server.carrier = parts.carrier;
	if (!addr_parse(parts.addr, server_port(parts.carrier), &server.addr))
		return explain_addr(parts.addr, parts.carrier);
	hint = take_name(&parts, arena, &server);
	if (hint == NULL)
		*out = server;
	return hint;
}

static bool
server_read(struct decoder *decoder, const struct schema_field *field,
    const struct node *node, void *out)
{
	struct model_server *server = out;
	const char *hint;

	/* Even a wrong one was given: nobody shall say that it is missing. */
	server->mark = node->mark;
	if (node->kind != NODE_SCALAR) {
		return schema_value_mismatch(decoder, field, node,
		    UPSTREAM_SCHEMA_EXAMPLES);
	}
	hint =
	    upstream_schema_parse(node->text, decoder->arena, &server->server);
	if (hint == NULL)
		return true;
	schema_value_mismatch(decoder, field, node, UPSTREAM_SCHEMA_EXAMPLES);
	diag_note(decoder->diag, node->mark, "%s", hint);
	return false;
}

static void
server_write(const struct schema_field *field, const void *in, FILE *out)
{
	const struct model_server *server = in;
	char text[SERVER_TEXT];

	(void)field;
	schema_write_quoted(server->server.addr.len == 0
		? "auto"
		: server_format(&server->server, text),
	    out);
}

const struct schema_type schema_server = {
    .name = "server",
    .size = sizeof(struct model_server),
    .read = server_read,
    .write = server_write,
    .describe = schema_describe_server,
};
