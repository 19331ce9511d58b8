#include "config/zone_schema.h"

#include <assert.h>

#include "config/record_set.h"
#include "core/upstream.h"
#include "model/model.h"

enum {
	DESCRIPTION_MAX = 1024, /* the fact sheet's section 9 */
	DNS_PORT = 53,
	PORT_MAX = 65535,
};

/* A target name server as written. */
struct target_source {
	struct model_addr ipv4;
	struct model_addr ipv6;
	uint16_t port;
};

static void
target_begin(void *out)
{
	struct target_source *source = out;

	source->port = DNS_PORT;
}

static bool
target_finish(struct decoder *decoder, const struct node *node, void *out)
{
	const struct target_source *source = out;
	const bool four = source->ipv4.mark.file != NULL;
	const bool six = source->ipv6.mark.file != NULL;

	if (four != six)
		return true;
	return diag_error(decoder->diag, node->mark,
	    "a target name server needs %s ipv4_address or ipv6_address",
	    four ? "only one of" : "either");
}

static const struct schema_word forwarding_paths[] = {
    {"default", 0},
    {"private", 0},
    {NULL, 0},
};

static const struct schema_field target_fields[] = {
    {
	.key = "ipv4_address",
	.help = "the server's IPv4 address",
	.type = &schema_ipv4,
	SCHEMA_AT(target_source, ipv4),
    },
    {
	.key = "ipv6_address",
	.help = "the server's IPv6 address",
	.type = &schema_ipv6,
	SCHEMA_AT(target_source, ipv6),
    },
    {
	.key = "port",
	.help = "the server's port",
	.type = &schema_number,
	SCHEMA_AT(target_source, port),
	.min = 1,
	.max = PORT_MAX,
    },
    {
	.key = "forwarding_path",
	.help = "default or private; no effect: the host's routes decide",
	.type = &schema_word,
	.words = forwarding_paths,
    },
    {.key = NULL},
};

static const struct schema target_schema = {
    .what = "a target name server",
    .fields = target_fields,
    .size = sizeof(struct target_source),
    .begin = target_begin,
    .finish = target_finish,
};

static bool
target_read(struct decoder *decoder, const struct schema_field *field,
    const struct node *node, void *out)
{
	struct model_target *target = out;
	struct target_source source = {.port = 0};
	const struct model_addr *given;

	if (!schema_decode(decoder, field->schema, node, &source))
		return false;
	given = source.ipv4.mark.file != NULL ? &source.ipv4 : &source.ipv6;
	target->mark = given->mark;
	target->addr = given->addr;
	target->port = source.port;
	addr_set_port(&target->addr, source.port);
	return true;
}

static void
target_write(const struct schema_field *field, const void *in, FILE *out)
{
	const struct model_target *target = in;
	char text[ADDR_TEXT];

	(void)field;
	fprintf(out, "{%s: \"%s\", port: %u}",
	    target->addr.u.any.sa_family == AF_INET ? "ipv4_address"
						    : "ipv6_address",
	    addr_format_host(&target->addr, text), addr_port(&target->addr));
}

static const struct schema_type target_type = {
    .name = "target name server",
    .size = sizeof(struct model_target),
    .read = target_read,
    .write = target_write,
};

static bool
forwarding_finish(struct decoder *decoder, const struct node *node, void *out)
{
	struct model_zone *zone = out;

	(void)decoder;
	(void)node;
	zone->kind = MODEL_ZONE_FORWARDING;
	return true;
}

static bool
forwarding_given(const void *in)
{
	const struct model_zone *zone = in;

	return zone->kind == MODEL_ZONE_FORWARDING;
}

static const struct schema_field forwarding_fields[] = {
    {
	.key = "target_name_servers",
	.help = "the servers that are asked, in their order",
	.type = &target_type,
	SCHEMA_AT(model_zone, targets),
	.list = true,
	.required = true,
	.at_least = 1,
	.at_most = UPSTREAM_SERVERS,
	.schema = &target_schema,
    },
    {.key = NULL},
};

/* Fills the same struct as the zone that it stands in. */
static const struct schema forwarding_schema = {
    .what = "forwarding_config",
    .fields = forwarding_fields,
    .size = sizeof(struct model_zone),
    .finish = forwarding_finish,
    .given = forwarding_given,
};

static bool
zone_finish(struct decoder *decoder, const struct node *node, void *out)
{
	struct model_zone *zone = out;

	(void)decoder;
	zone->mark = node->mark;
	return true;
}

static const struct schema_field zone_fields[] = {
    {
	.key = "name",
	.help = "the zone's resource name",
	.type = &schema_text,
	SCHEMA_AT(model_zone, name),
	.required = true,
    },
    {
	.key = "dns_name",
	.help = "the domain, a final dot may be missing",
	.type = &schema_domain,
	SCHEMA_AT(model_zone, dns_name),
	.required = true,
    },
    {
	.key = "description",
	.help = "for people; no effect",
	.type = &schema_text,
	SCHEMA_AT(model_zone, description),
	.max = DESCRIPTION_MAX,
    },
    {
	.key = "visibility",
	.help = "must be private, which is the default",
	.type = &schema_literal,
	.literal = "private",
    },
    {
	.key = "record_sets",
	.help = "the zone's records",
	.type = &record_set_type,
	SCHEMA_AT(model_zone, record_sets),
	.list = true,
    },
    {
	.key = "records_file",
	.help = "a file that gcloud dns record-sets export wrote",
	.type = &schema_text,
	SCHEMA_AT(model_zone, records_file),
	.unwritten = true,
    },
    {
	.key = "forwarding_config",
	.help = "makes this a forwarding zone",
	.type = &schema_struct,
	.size = sizeof(struct model_zone),
	.schema = &forwarding_schema,
    },
    {.key = NULL},
};

const struct schema zone_schema = {
    .what = "a zone",
    .fields = zone_fields,
    .size = sizeof(struct model_zone),
    .finish = zone_finish,
};
