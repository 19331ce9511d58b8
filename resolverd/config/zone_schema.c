#include "config/zone_schema.h"

#include "config/network_schema.h"
#include "config/record_set.h"
#include "config/schema_describe.h"
#include "config/target_schema.h"
#include "core/upstream.h"
#include "model/model.h"

enum { DESCRIPTION_MAX = 1024 /* the fact sheet's section 9 */ };

static const char *const ignored[] = {"kind", NULL};
static const char *const dnssec_ignored[] = {"kind", "default_key_specs",
    "non_existence", NULL};
static const char *const zone_ignored[] = {"kind", "id", "creation_time",
    "name_servers", "name_server_set", "labels", "cloud_logging_config", NULL};

/* The nested mappings fill the struct of the zone that they stand in. */

static bool
set_kind(struct decoder *decoder, const struct node *node,
    struct model_zone *zone, enum model_zone_kind kind)
{
	if (zone->kind == MODEL_ZONE_PRIVATE) {
		zone->kind = kind;
		return true;
	}
	return diag_error(decoder->diag, node->key->mark,
	    "a zone has only one of forwarding_config, peering_config and "
	    "reverse_lookup_config");
}

/* Where it is seen. */

static bool
visibility_finish(struct decoder *decoder, const struct node *node, void *out)
{
	struct model_visibility *visibility = out;

	(void)decoder;
	(void)node;
	visibility->given = true;
	return true;
}

static bool
visibility_given(const void *in)
{
	const struct model_visibility *visibility = in;

	return visibility->given;
}

static const struct schema_field visibility_fields[] = {
    {
	.key = "networks",
	.help = "the networks that see the zone",
	.type = &network_schema_ref,
	SCHEMA_AT(model_visibility, networks),
	.list = true,
    },
    {
	.key = "gke_clusters",
	.help = "the GKE clusters that see the zone",
	.type = &network_schema_cluster_ref,
	SCHEMA_AT(model_visibility, clusters),
	.list = true,
    },
    {.key = NULL},
};

static const struct schema visibility_schema = {
    .what = "private_visibility_config",
    .fields = visibility_fields,
    .size = sizeof(struct model_visibility),
    .resource = true,
    .ignored = ignored,
    .finish = visibility_finish,
    .given = visibility_given,
};

/* Forwarding. */

static bool
forwarding_finish(struct decoder *decoder, const struct node *node, void *out)
{
	return set_kind(decoder, node, out, MODEL_ZONE_FORWARDING);
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
	.type = &target_schema_type,
	SCHEMA_AT(model_zone, targets),
	.list = true,
	.required = true,
	.at_least = 1,
	.at_most = UPSTREAM_SERVERS,
	.schema = &target_schema,
    },
    {.key = NULL},
};

static const struct schema forwarding_schema = {
    .what = "forwarding_config",
    .fields = forwarding_fields,
    .size = sizeof(struct model_zone),
    .resource = true,
    .ignored = ignored,
    .finish = forwarding_finish,
    .given = forwarding_given,
};

/* Peering. */

static bool
peering_finish(struct decoder *decoder, const struct node *node, void *out)
{
	return set_kind(decoder, node, out, MODEL_ZONE_PEERING);
}

static bool
peering_given(const void *in)
{
	const struct model_zone *zone = in;

	return zone->kind == MODEL_ZONE_PEERING;
}

static const struct schema_field peering_fields[] = {
    {
	.key = "target_network",
	.help = "the network whose order answers",
	.type = &network_schema_ref,
	SCHEMA_AT(model_zone, peer),
	.required = true,
    },
    {.key = NULL},
};

static const struct schema peering_schema = {
    .what = "peering_config",
    .fields = peering_fields,
    .size = sizeof(struct model_zone),
    .resource = true,
    .ignored = ignored,
    .finish = peering_finish,
    .given = peering_given,
};

/* Reverse lookup: an empty mapping, or true. */

static const struct schema_field no_fields[] = {{.key = NULL}};

static const struct schema reverse_schema = {
    .what = "reverse_lookup_config",
    .fields = no_fields,
    .size = sizeof(struct model_zone),
    .resource = true,
    .ignored = ignored,
};

static bool
reverse_read(struct decoder *decoder, const struct schema_field *field,
    const struct node *node, void *out)
{
	bool wanted = true;

	if (node->kind == NODE_MAP) {
		if (!schema_decode(decoder, &reverse_schema, node, out))
			return false;
	} else if (!schema_bool.read(decoder, field, node, &wanted)) {
		return false;
	}
	return !wanted || set_kind(decoder, node, out, MODEL_ZONE_REVERSE);
}

static bool
reverse_given(const struct schema_field *field, const void *in)
{
	const struct model_zone *zone = in;

	(void)field;
	return zone->kind == MODEL_ZONE_REVERSE;
}

static void
reverse_write(const struct schema_field *field, const void *in, FILE *out)
{
	(void)field;
	(void)in;
	fputs("{}", out);
}

static void
reverse_describe(const struct schema_field *field,
    struct schema_describer *describer)
{
	(void)field;
	schema_describe_any(describer);
	schema_describe_simple("boolean", describer);
	schema_describe_or(describer);
	schema_describe_mapping(&reverse_schema, describer);
	schema_describe_end(describer);
}

static const struct schema_type reverse_type = {
    .name = "boolean",
    .size = sizeof(struct model_zone),
    .read = reverse_read,
    .given = reverse_given,
    .write = reverse_write,
    .describe = reverse_describe,
};

/* DNSSEC, which private zones have not. */

static const struct schema_field dnssec_fields[] = {
    {
	.key = "state",
	.help = "must be off: private zones are not signed",
	.type = &schema_literal,
	.literal = "off",
    },
    {.key = NULL},
};

static const struct schema dnssec_schema = {
    .what = "dnssec_config",
    .fields = dnssec_fields,
    .resource = true,
    .ignored = dnssec_ignored,
};

/* The zone. */

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
	.key = "private_visibility_config",
	.help = "which networks and GKE clusters see it",
	.type = &schema_struct,
	SCHEMA_AT(model_zone, visibility),
	.schema = &visibility_schema,
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
    {
	.key = "peering_config",
	.help = "makes this a peering zone",
	.type = &schema_struct,
	.size = sizeof(struct model_zone),
	.schema = &peering_schema,
    },
    {
	.key = "reverse_lookup_config",
	.help = "makes this a managed reverse lookup zone",
	.type = &reverse_type,
	.size = sizeof(struct model_zone),
    },
    {
	.key = "dnssec_config",
	.help = "must be off; no effect",
	.type = &schema_struct,
	.schema = &dnssec_schema,
    },
    {
	.key = "service_directory_config",
	.help = "refused",
	.type = &schema_refused,
	.literal = "list the services as record_sets",
    },
    {.key = NULL},
};

const struct schema zone_schema = {
    .what = "a zone",
    .fields = zone_fields,
    .size = sizeof(struct model_zone),
    .resource = true,
    .ignored = zone_ignored,
    .finish = zone_finish,
};
