#include "config/target_schema.h"

#include "config/schema_describe.h"
#include "config/schema_write.h"
#include "model/model.h"

enum { DNS_PORT = 53, PORT_MAX = 65535 };

/* As written. */
struct target_source {
	struct model_addr ipv4;
	struct model_addr ipv6;
	struct model_name domain_name;
	uint16_t port;
	bool private_path;
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
	const unsigned given = (source->ipv4.mark.file != NULL ? 1U : 0U) +
	    (source->ipv6.mark.file != NULL ? 1U : 0U) +
	    (source->domain_name.mark.file != NULL ? 1U : 0U);

	if (given == 1)
		return true;
	/* A name that could not be read has complained already. */
	if (given == 0 &&
	    schema_child(&target_schema, node, "domain_name") != NULL)
		return false;
	return diag_error(decoder->diag, node->mark,
	    "a target name server needs %s ipv4_address, ipv6_address or "
	    "domain_name",
	    given == 0 ? "one of" : "only one of");
}

static const struct schema_word forwarding_paths[] = {
    {"default", false},
    {"private", true},
    {NULL, 0},
};

static const char *const ignored[] = {"kind", NULL};

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
	.key = "domain_name",
	.help = "the server's name, which is looked up",
	.type = &schema_domain,
	SCHEMA_AT(target_source, domain_name),
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
	SCHEMA_AT(target_source, private_path),
	.words = forwarding_paths,
    },
    {.key = NULL},
};

const struct schema target_schema = {
    .what = "a target name server",
    .fields = target_fields,
    .size = sizeof(struct target_source),
    .resource = true,
    .ignored = ignored,
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

	(void)field;
	target->mark = node->mark;
	if (!schema_decode(decoder, &target_schema, node, &source))
		return false;
	*target = (struct model_target){
	    .mark = node->mark,
	    .domain_name = source.domain_name,
	    .port = source.port,
	    .private_path = source.private_path,
	};
	if (source.domain_name.mark.file != NULL) {
		target->mark = source.domain_name.mark;
		return true;
	}
	given = source.ipv4.mark.file != NULL ? &source.ipv4 : &source.ipv6;
	target->mark = given->mark;
	target->addr = given->addr;
	addr_set_port(&target->addr, source.port);
	return true;
}

static void
target_write(const struct schema_field *field, const void *in, FILE *out)
{
	const struct model_target *target = in;
	char name[NAME_TEXT];
	char host[ADDR_TEXT];

	(void)field;
	if (target->addr.len == 0) {
		fputs("{domain_name: ", out);
		schema_write_quoted(name_to_text(target->domain_name.name.wire,
					name),
		    out);
	} else {
		fprintf(out, "{%s: \"%s\"",
		    target->addr.u.any.sa_family == AF_INET ? "ipv4_address"
							    : "ipv6_address",
		    addr_format_host(&target->addr, host));
	}
	fprintf(out, ", port: %u%s}", target->port,
	    target->private_path ? ", forwarding_path: private" : "");
}

static void
target_describe(const struct schema_field *field,
    struct schema_describer *describer)
{
	(void)field;
	schema_describe_mapping(&target_schema, describer);
}

const struct schema_type target_schema_type = {
    .name = "target name server",
    .size = sizeof(struct model_target),
    .read = target_read,
    .write = target_write,
    .describe = target_describe,
};
