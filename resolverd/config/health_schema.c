#include "config/health_schema.h"

#include "config/schema_describe.h"
#include "config/schema_write.h"

enum { BALANCERS_MAX = 100, PORT_MAX = 65535 };

static const char *const ignored[] = {"kind", NULL};

struct balancer_source {
	struct model_addr ip_address;
	uint16_t port;
	bool udp;
	struct model_text load_balancer_type;
	struct model_text network_url;
	struct model_text project;
	struct model_text region;
};

static const struct schema_word protocols[] = {
    {"tcp", false},
    {"udp", true},
    {"undefined", false},
    {NULL, 0},
};

static const struct schema_word balancer_types[] = {
    {"none", 0},
    {"globalL7ilb", 0},
    {"regionalL4ilb", 0},
    {"regionalL7ilb", 0},
    {NULL, 0},
};

static const struct schema_field balancer_fields[] = {
    {
	.key = "ip_address",
	.help = "the forwarding rule's address",
	.type = &schema_host,
	SCHEMA_AT(balancer_source, ip_address),
	.required = true,
    },
    {
	.key = "port",
	.help = "the port that is tried",
	.type = &schema_port,
	SCHEMA_AT(balancer_source, port),
	.required = true,
	.min = 1,
	.max = PORT_MAX,
    },
    {
	.key = "ip_protocol",
	.help = "tcp, or udp, which cannot be tried",
	.type = &schema_word,
	SCHEMA_AT(balancer_source, udp),
	.words = protocols,
    },
    {
	.key = "load_balancer_type",
	.help = "for people; no effect",
	.type = &schema_choice,
	SCHEMA_AT(balancer_source, load_balancer_type),
	.words = balancer_types,
    },
    {
	.key = "network_url",
	.help = "for people; no effect",
	.type = &schema_text,
	SCHEMA_AT(balancer_source, network_url),
    },
    {
	.key = "project",
	.help = "for people; no effect",
	.type = &schema_text,
	SCHEMA_AT(balancer_source, project),
    },
    {
	.key = "region",
	.help = "for people; no effect",
	.type = &schema_text,
	SCHEMA_AT(balancer_source, region),
    },
    {.key = NULL},
};

static const struct schema balancer_schema = {
    .what = "a load balancer",
    .fields = balancer_fields,
    .size = sizeof(struct balancer_source),
    .resource = true,
    .ignored = ignored,
};

static bool
balancer_read(struct decoder *decoder, const struct schema_field *field,
    const struct node *node, void *out)
{
	struct model_health_target *target = out;
	struct balancer_source source = {.port = 0};

	(void)field;
	if (!schema_decode(decoder, &balancer_schema, node, &source))
		return false;
	*target = (struct model_health_target){
	    .mark = node->mark,
	    .addr = source.ip_address.addr,
	    .udp = source.udp,
	    .load_balancer_type = source.load_balancer_type,
	    .network_url = source.network_url,
	    .project = source.project,
	    .region = source.region,
	};
	addr_set_port(&target->addr, source.port);
	return true;
}

static void
balancer_describe(const struct schema_field *field,
    struct schema_describer *describer)
{
	(void)field;
	schema_describe_mapping(&balancer_schema, describer);
}

static const struct schema_type balancer_type = {
    .name = "load balancer",
    .size = sizeof(struct model_health_target),
    .read = balancer_read,
    .describe = balancer_describe,
};

static const struct schema_field health_fields[] = {
    {
	.key = "internal_load_balancers",
	.help = "addresses that are answered while they are healthy",
	.type = &balancer_type,
	.size = sizeof(struct model_list),
	.list = true,
	.at_most = BALANCERS_MAX,
	.schema = &balancer_schema,
    },
    {
	.key = "external_endpoints",
	.help = "must be empty",
	.type = &schema_empty,
	.literal = "health checks from the internet are for public zones",
    },
    {.key = NULL},
};

const struct schema health_schema = {
    .what = "health-checked targets",
    .fields = health_fields,
    .size = sizeof(struct model_list),
    .resource = true,
    .ignored = ignored,
};

static void
write_text(const char *key, const struct model_text *text, FILE *out)
{
	if (text->text == NULL)
		return;
	fprintf(out, ", %s: ", key);
	schema_write_quoted(text->text, out);
}

void
health_schema_write(const struct model_list *list, FILE *out)
{
	const struct model_health_target *targets = list->items;

	fputs("{internal_load_balancers: [", out);
	for (size_t i = 0; i < list->count; i++) {
		const struct model_health_target *target = &targets[i];
		char host[ADDR_TEXT];

		fprintf(out, "%s{ip_address: \"%s\", port: %u, ip_protocol: %s",
		    i == 0 ? "" : ", ", addr_format_host(&target->addr, host),
		    addr_port(&target->addr), target->udp ? "udp" : "tcp");
		write_text("load_balancer_type", &target->load_balancer_type,
		    out);
		write_text("network_url", &target->network_url, out);
		write_text("project", &target->project, out);
		write_text("region", &target->region, out);
		fputc('}', out);
	}
	fputs("]}", out);
}
