/* The types of config/schema.h that are addresses. */
#include "config/schema.h"

#include "base/addr.h"
#include "config/schema_describe.h"
#include "config/schema_value.h"
#include "config/schema_write.h"
#include "model/model.h"

enum { DNS_PORT = 53, HTTP_PORT = 9153 };

static bool
addr_read(struct decoder *decoder, const struct schema_field *field,
    const struct node *node, struct model_addr *out, const char *wanted)
{
	/* Even a wrong one was given: nobody shall say that it is missing. */
	out->mark = node->mark;
	if (node->kind == NODE_SCALAR && addr_parse(node->text, 0, &out->addr))
		return true;
	return schema_value_mismatch(decoder, field, node, wanted);
}

/* An own address; it may leave the port open. */
static bool
own_read(struct decoder *decoder, const struct schema_field *field,
    const struct node *node, void *out)
{
	return addr_read(decoder, field, node, out,
	    "an address such as 127.0.0.2, 127.0.0.2:5353 or "
	    "\"[2001:db8::1]:53\"");
}

static bool
address_read(struct decoder *decoder, const struct schema_field *field,
    const struct node *node, void *out)
{
	struct model_addr *addr = out;

	if (!addr_read(decoder, field, node, addr,
		"an address such as 10.0.0.2, 10.0.0.2:5353 or "
		"\"[2001:db8::1]:53\""))
		return false;
	if (addr_port(&addr->addr) == 0)
		addr_set_port(&addr->addr, DNS_PORT);
	return true;
}

static bool
http_read(struct decoder *decoder, const struct schema_field *field,
    const struct node *node, void *out)
{
	struct model_addr *addr = out;

	if (!addr_read(decoder, field, node, addr,
		"an address such as 127.0.0.1, 127.0.0.1:9153 or "
		"\"[::1]:9153\""))
		return false;
	if (addr_port(&addr->addr) == 0)
		addr_set_port(&addr->addr, HTTP_PORT);
	return true;
}

/* An address without a port, of one family or of either (AF_UNSPEC). */
static bool
host_read_family(struct decoder *decoder, const struct schema_field *field,
    const struct node *node, struct model_addr *out, int family)
{
	const char *wanted = family == AF_INET
	    ? "an IPv4 address such as 10.10.10.10"
	    : family == AF_INET6 ? "an IPv6 address such as \"2001:db8::1\""
				 : "an address such as 10.0.0.2 or "
				   "\"2001:db8::1\", without a port";
	if (!addr_read(decoder, field, node, out, wanted))
		return false;
	if (addr_port(&out->addr) != 0 ||
	    (family != AF_UNSPEC && out->addr.u.any.sa_family != family))
		return schema_value_mismatch(decoder, field, node, wanted);
	addr_set_port(&out->addr, DNS_PORT);
	return true;
}

static bool
host_read(struct decoder *decoder, const struct schema_field *field,
    const struct node *node, void *out)
{
	return host_read_family(decoder, field, node, out, AF_UNSPEC);
}

static bool
ipv4_read(struct decoder *decoder, const struct schema_field *field,
    const struct node *node, void *out)
{
	return host_read_family(decoder, field, node, out, AF_INET);
}

static bool
ipv6_read(struct decoder *decoder, const struct schema_field *field,
    const struct node *node, void *out)
{
	return host_read_family(decoder, field, node, out, AF_INET6);
}

static bool
prefix_read(struct decoder *decoder, const struct schema_field *field,
    const struct node *node, void *out)
{
	struct model_prefix *prefix = out;

	if (node->kind != NODE_SCALAR ||
	    !prefix_parse(node->text, &prefix->prefix)) {
		return schema_value_mismatch(decoder, field, node,
		    "a network such as 10.0.0.0/8 or \"2001:db8::/32\"");
	}
	prefix->mark = node->mark;
	return true;
}

const struct schema_type schema_address = {
    .name = "address and port",
    .size = sizeof(struct model_addr),
    .read = address_read,
    .given = schema_write_has_addr,
    .write = schema_write_address,
    .describe = schema_describe_address,
};
const struct schema_type schema_http_address = {
    .name = "address and port",
    .size = sizeof(struct model_addr),
    .read = http_read,
    .given = schema_write_has_addr,
    .write = schema_write_address,
    .describe = schema_describe_address,
};
const struct schema_type schema_own = {
    .name = "address",
    .size = sizeof(struct model_addr),
    .read = own_read,
    .given = schema_write_has_addr,
    .write = schema_write_own,
    .describe = schema_describe_address,
};
const struct schema_type schema_host = {
    .name = "address",
    .size = sizeof(struct model_addr),
    .read = host_read,
    .given = schema_write_has_addr,
    .write = schema_write_host,
    .describe = schema_describe_host,
};
const struct schema_type schema_ipv4 = {
    .name = "IPv4 address",
    .size = sizeof(struct model_addr),
    .read = ipv4_read,
    .given = schema_write_has_addr,
    .write = schema_write_host,
    .describe = schema_describe_ipv4,
};
const struct schema_type schema_ipv6 = {
    .name = "IPv6 address",
    .size = sizeof(struct model_addr),
    .read = ipv6_read,
    .given = schema_write_has_addr,
    .write = schema_write_host,
    .describe = schema_describe_ipv6,
};
const struct schema_type schema_prefix = {
    .name = "network",
    .size = sizeof(struct model_prefix),
    .read = prefix_read,
    .write = schema_write_prefix,
    .describe = schema_describe_prefix,
};
