#include "config/network_schema.h"

#include "config/schema_describe.h"
#include "config/schema_value.h"
#include "config/schema_write.h"
#include "model/model.h"
#include "model/reference.h"

enum {
	CLIENTS_MAX = 1024,
	ADDRESSES_MAX = 64,
	PRESETS_MAX = 64,
};

static const char *const ignored[] = {"kind", "deactivate_time", NULL};

/* References. */

/* The mapping that the API makes of a URL. */
struct reference_source {
	struct model_text url;
};

static const struct schema_field network_url_fields[] = {
    {
	.key = "network_url",
	.help = "the network, by name or as the API has it",
	.type = &schema_text,
	SCHEMA_AT(reference_source, url),
	.required = true,
    },
    {.key = NULL},
};

static const struct schema network_url_schema = {
    .what = "a network",
    .fields = network_url_fields,
    .size = sizeof(struct reference_source),
    .resource = true,
    .ignored = ignored,
};

static const struct schema_field cluster_name_fields[] = {
    {
	.key = "gke_cluster_name",
	.help = "the cluster, by name or as the API has it",
	.type = &schema_text,
	SCHEMA_AT(reference_source, url),
	.required = true,
    },
    {.key = NULL},
};

static const struct schema cluster_name_schema = {
    .what = "a cluster",
    .fields = cluster_name_fields,
    .size = sizeof(struct reference_source),
    .resource = true,
    .ignored = ignored,
};

/* The scalar of a reference, as it stands or in the API's mapping. */
static bool
reference_text(struct decoder *decoder, const struct schema_field *field,
    const struct node *node, const struct schema *schema,
    struct model_text *out)
{
	struct reference_source source = {.url = {.text = NULL}};

	if (node->kind != NODE_MAP)
		return schema_text.read(decoder, field, node, out);
	if (!schema_decode(decoder, schema, node, &source))
		return false;
	*out = source.url;
	return true;
}

static bool
network_ref_read(struct decoder *decoder, const struct schema_field *field,
    const struct node *node, void *out)
{
	struct model_network_ref *ref = out;
	struct model_text text;

	/* Even a wrong one was given. */
	ref->mark = node->mark;
	if (!reference_text(decoder, field, node, &network_url_schema, &text))
		return false;
	ref->mark = text.mark;
	if (reference_parse_network(text.text, decoder->arena, ref))
		return true;
	return diag_error(decoder->diag, text.mark,
	    "'%.80s' is no network: write its name, "
	    "projects/PROJECT/global/networks/NAME, or a URL that ends so",
	    text.text);
}

static bool
network_ref_given(const struct schema_field *field, const void *in)
{
	const struct model_network_ref *ref = in;

	(void)field;
	return ref->text != NULL;
}

static void
network_ref_write(const struct schema_field *field, const void *in, FILE *out)
{
	const struct model_network_ref *ref = in;

	(void)field;
	schema_write_quoted(ref->text, out);
}

/* A text, or the API's mapping of one. */
static void
reference_describe(const struct schema *schema,
    struct schema_describer *describer)
{
	schema_describe_any(describer);
	schema_describe_simple("string", describer);
	schema_describe_or(describer);
	schema_describe_mapping(schema, describer);
	schema_describe_end(describer);
}

static void
network_ref_describe(const struct schema_field *field,
    struct schema_describer *describer)
{
	(void)field;
	reference_describe(&network_url_schema, describer);
}

const struct schema_type network_schema_ref = {
    .name = "network",
    .size = sizeof(struct model_network_ref),
    .read = network_ref_read,
    .given = network_ref_given,
    .write = network_ref_write,
    .describe = network_ref_describe,
};

static bool
cluster_ref_read(struct decoder *decoder, const struct schema_field *field,
    const struct node *node, void *out)
{
	struct model_cluster_ref *ref = out;
	struct model_text text;

	if (!reference_text(decoder, field, node, &cluster_name_schema, &text))
		return false;
	ref->mark = text.mark;
	if (reference_parse_cluster(text.text, decoder->arena, ref))
		return true;
	return diag_error(decoder->diag, text.mark,
	    "'%.80s' is no cluster: write its name or "
	    "projects/PROJECT/locations/LOCATION/clusters/NAME",
	    text.text);
}

static void
cluster_ref_write(const struct schema_field *field, const void *in, FILE *out)
{
	const struct model_cluster_ref *ref = in;

	(void)field;
	schema_write_quoted(ref->text, out);
}

static void
cluster_ref_describe(const struct schema_field *field,
    struct schema_describer *describer)
{
	(void)field;
	reference_describe(&cluster_name_schema, describer);
}

const struct schema_type network_schema_cluster_ref = {
    .name = "cluster",
    .size = sizeof(struct model_cluster_ref),
    .read = cluster_ref_read,
    .write = cluster_ref_write,
    .describe = cluster_ref_describe,
};

/* Networks. */

static bool
network_finish(struct decoder *decoder, const struct node *node, void *out)
{
	struct model_network *network = out;

	(void)decoder;
	network->mark = node->mark;
	return true;
}

static const struct schema_field network_fields[] = {
    {
	.key = "name",
	.help = "what resources call it; default is the default network",
	.type = &schema_text,
	SCHEMA_AT(model_network, name),
	.required = true,
    },
    {
	.key = "project",
	.help = "the project it belongs to",
	.type = &schema_text,
	SCHEMA_AT(model_network, project),
    },
    {
	.key = "region",
	.help = "where its clients stand, for geographic policies",
	.type = &schema_text,
	SCHEMA_AT(model_network, region),
    },
    {
	.key = "clients",
	.help = "where its clients' queries come from",
	.type = &schema_prefix,
	SCHEMA_AT(model_network, clients),
	.list = true,
	.at_most = CLIENTS_MAX,
    },
    {
	.key = "listen",
	.help = "own addresses that its clients ask",
	.type = &schema_own,
	SCHEMA_AT(model_network, listen),
	.list = true,
	.at_most = ADDRESSES_MAX,
    },
    {
	.key = "inbound_entry_points",
	.help = "own addresses that stand for its inbound forwarding",
	.type = &schema_own,
	SCHEMA_AT(model_network, inbound_entry_points),
	.list = true,
	.at_most = ADDRESSES_MAX,
    },
    {
	.key = "presets",
	.help = "which domains follow the mode, in place of the usual ones",
	.type = &schema_text,
	SCHEMA_AT(model_network, presets),
	.list = true,
	.given_at = offsetof(struct model_network, presets_given),
	.at_most = PRESETS_MAX,
    },
    {.key = NULL},
};

const struct schema network_schema = {
    .what = "a network",
    .fields = network_fields,
    .size = sizeof(struct model_network),
    .finish = network_finish,
};

/* Clusters. */

static bool
cluster_finish(struct decoder *decoder, const struct node *node, void *out)
{
	struct model_cluster *cluster = out;

	(void)decoder;
	cluster->mark = node->mark;
	return true;
}

static const struct schema_field cluster_fields[] = {
    {
	.key = "name",
	.help = "what resources call it",
	.type = &schema_text,
	SCHEMA_AT(model_cluster, name),
	.required = true,
    },
    {
	.key = "network",
	.help = "the network that its nodes are in",
	.type = &network_schema_ref,
	SCHEMA_AT(model_cluster, network),
    },
    {
	.key = "clients",
	.help = "where its queries come from",
	.type = &schema_prefix,
	SCHEMA_AT(model_cluster, clients),
	.list = true,
	.at_most = CLIENTS_MAX,
    },
    {
	.key = "listen",
	.help = "own addresses that its pods ask",
	.type = &schema_own,
	SCHEMA_AT(model_cluster, listen),
	.list = true,
	.at_most = ADDRESSES_MAX,
    },
    {.key = NULL},
};

const struct schema cluster_schema = {
    .what = "a GKE cluster",
    .fields = cluster_fields,
    .size = sizeof(struct model_cluster),
    .finish = cluster_finish,
};
