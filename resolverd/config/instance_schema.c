#include "config/instance_schema.h"

#include "config/network_schema.h"
#include "model/model.h"

/* VMs. */

static bool
instance_finish(struct decoder *decoder, const struct node *node, void *out)
{
	struct model_instance *instance = out;

	(void)decoder;
	instance->mark = node->mark;
	return true;
}

static const struct schema_field instance_fields[] = {
    {
	.key = "name",
	.help = "the VM's name",
	.type = &schema_text,
	SCHEMA_AT(model_instance, name),
	.required = true,
    },
    {
	.key = "zone",
	.help = "where it runs, such as us-central1-a",
	.type = &schema_text,
	SCHEMA_AT(model_instance, zone),
	.required = true,
    },
    {
	.key = "project",
	.help = "the project it belongs to; else its network's",
	.type = &schema_text,
	SCHEMA_AT(model_instance, project),
    },
    {
	.key = "id",
	.help = "its number, for the query log",
	.type = &schema_number,
	SCHEMA_AT(model_instance, id),
	.max = UINT64_MAX,
	.sparse = true,
    },
    {
	.key = "network",
	.help = "the network it is in",
	.type = &network_schema_ref,
	SCHEMA_AT(model_instance, network),
    },
    {
	.key = "network_ip",
	.help = "its internal IPv4 address",
	.type = &schema_ipv4,
	SCHEMA_AT(model_instance, network_ip),
    },
    {
	.key = "ipv6_address",
	.help = "its IPv6 address",
	.type = &schema_ipv6,
	SCHEMA_AT(model_instance, ipv6_address),
    },
    {.key = NULL},
};

const struct schema instance_schema = {
    .what = "an instance",
    .fields = instance_fields,
    .size = sizeof(struct model_instance),
    .resource = true,
    .finish = instance_finish,
};

/* Private Service Connect. */

static bool
psc_endpoint_finish(struct decoder *decoder, const struct node *node, void *out)
{
	struct model_psc_endpoint *endpoint = out;

	(void)decoder;
	endpoint->mark = node->mark;
	return true;
}

static const struct schema_field psc_endpoint_fields[] = {
    {
	.key = "name",
	.help = "the endpoint's name, which its DNS names end with",
	.type = &schema_text,
	SCHEMA_AT(model_psc_endpoint, name),
	.required = true,
    },
    {
	.key = "address",
	.help = "its IPv4 address",
	.type = &schema_ipv4,
	SCHEMA_AT(model_psc_endpoint, address),
	.required = true,
    },
    {
	.key = "network",
	.help = "the network it is in",
	.type = &network_schema_ref,
	SCHEMA_AT(model_psc_endpoint, network),
    },
    {
	.key = "services",
	.help = "services that have a name beside the usual ones",
	.type = &schema_text,
	SCHEMA_AT(model_psc_endpoint, services),
	.list = true,
    },
    {.key = NULL},
};

const struct schema psc_endpoint_schema = {
    .what = "a PSC endpoint",
    .fields = psc_endpoint_fields,
    .size = sizeof(struct model_psc_endpoint),
    .resource = true,
    .finish = psc_endpoint_finish,
};
