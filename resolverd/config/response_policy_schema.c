#include "config/response_policy_schema.h"

#include <string.h>

#include "config/network_schema.h"
#include "config/record_set.h"
#include "config/schema_describe.h"
#include "model/model.h"

enum { DESCRIPTION_MAX = 1024 /* the fact sheet's section 9 */ };

static const char *const ignored[] = {"kind", NULL};
static const char *const policy_ignored[] = {"kind", "id", "labels", NULL};

static const struct schema_word behaviors[] = {
    {"behaviorUnspecified", false},
    {"bypassResponsePolicy", true},
    {NULL, 0},
};

/* Local data: a list of record sets, as it is or in the API's mapping. */

static const struct schema_field local_data_fields[] = {
    {
	.key = "local_datas",
	.help = "the record sets",
	.type = &record_set_type,
	.size = sizeof(struct model_list),
	.list = true,
	.required = true,
	.at_least = 1,
    },
    {.key = NULL},
};

static const struct schema local_data_schema = {
    .what = "local_data",
    .fields = local_data_fields,
    .size = sizeof(struct model_list),
    .resource = true,
    .ignored = ignored,
};

static bool
local_data_read(struct decoder *decoder, const struct schema_field *field,
    const struct node *node, void *out)
{
	struct schema_field list = local_data_fields[0];

	if (node->kind == NODE_MAP)
		return schema_decode(decoder, &local_data_schema, node, out);
	list.key = field->key;
	return schema_read_list(decoder, &list, node, out);
}

static bool
local_data_given(const struct schema_field *field, const void *in)
{
	const struct model_list *list = in;

	(void)field;
	return list->count > 0;
}

static void
local_data_write(const struct schema_field *field, const void *in,
    struct schema_writer *writer)
{
	(void)field;
	schema_write(&local_data_schema, in, writer);
}

static void
local_data_describe(const struct schema_field *field,
    struct schema_describer *describer)
{
	(void)field;
	schema_describe_any(describer);
	schema_describe_list(&local_data_fields[0], describer);
	schema_describe_or(describer);
	schema_describe_mapping(&local_data_schema, describer);
	schema_describe_end(describer);
}

static const struct schema_type local_data_type = {
    .name = "record sets",
    .size = sizeof(struct model_list),
    .read = local_data_read,
    .given = local_data_given,
    .write_block = local_data_write,
    .describe = local_data_describe,
};

/* Rules. */

/* Whether a rule says what it does, be it wrongly. */
static bool
rule_acts(const struct node *node)
{
	const struct node *behavior =
	    schema_child(&rule_schema, node, "behavior");

	return schema_child(&rule_schema, node, "local_data") != NULL ||
	    (behavior != NULL &&
		(behavior->kind != NODE_SCALAR ||
		    strcmp(behavior->text, behaviors[0].text) != 0));
}

static bool
rule_finish(struct decoder *decoder, const struct node *node, void *out)
{
	struct model_rule *rule = out;

	rule->mark = node->mark;
	if (rule_acts(node))
		return true;
	return diag_error(decoder->diag, node->mark,
	    "a rule needs local_data or behavior: bypassResponsePolicy");
}

static const struct schema_field rule_fields[] = {
    {
	.key = "rule_name",
	.also = "name",
	.help = "the rule's name in its policy",
	.type = &schema_text,
	SCHEMA_AT(model_rule, name),
	.required = true,
    },
    {
	.key = "dns_name",
	.help = "the name it is for; *.example.com. is every name below",
	.type = &schema_domain,
	SCHEMA_AT(model_rule, dns_name),
	.required = true,
    },
    {
	.key = "local_data",
	.help = "the answer",
	.type = &local_data_type,
	SCHEMA_AT(model_rule, local_datas),
    },
    {
	.key = "behavior",
	.help = "bypassResponsePolicy: as if there were no policy",
	.type = &schema_word,
	SCHEMA_AT(model_rule, bypass),
	.sparse = true,
	.words = behaviors,
    },
    {.key = NULL},
};

const struct schema rule_schema = {
    .what = "a rule",
    .fields = rule_fields,
    .size = sizeof(struct model_rule),
    .resource = true,
    .ignored = ignored,
    .finish = rule_finish,
};

/* Policies. */

static bool
response_policy_finish(struct decoder *decoder, const struct node *node,
    void *out)
{
	struct model_response_policy *policy = out;

	(void)decoder;
	policy->mark = node->mark;
	return true;
}

static const struct schema_field response_policy_fields[] = {
    {
	.key = "name",
	.also = "response_policy_name",
	.help = "the response policy's resource name",
	.type = &schema_text,
	SCHEMA_AT(model_response_policy, name),
	.required = true,
    },
    {
	.key = "description",
	.help = "for people; no effect",
	.type = &schema_text,
	SCHEMA_AT(model_response_policy, description),
	.max = DESCRIPTION_MAX,
    },
    {
	.key = "networks",
	.help = "the networks it holds in",
	.type = &network_schema_ref,
	SCHEMA_AT(model_response_policy, visibility.networks),
	.list = true,
	.given_at = offsetof(struct model_response_policy, visibility.given),
    },
    {
	.key = "gke_clusters",
	.help = "the GKE clusters it holds in",
	.type = &network_schema_cluster_ref,
	SCHEMA_AT(model_response_policy, visibility.clusters),
	.list = true,
	.given_at = offsetof(struct model_response_policy, visibility.given),
    },
    {
	.key = "rules",
	.help = "what it answers",
	.type = &schema_struct,
	SCHEMA_AT(model_response_policy, rules),
	.list = true,
	.schema = &rule_schema,
    },
    {
	.key = "rules_file",
	.help = "a file of rules as Cloud Foundation Fabric has them",
	.type = &schema_text,
	SCHEMA_AT(model_response_policy, rules_file),
	.unwritten = true,
    },
    {.key = NULL},
};

const struct schema response_policy_schema = {
    .what = "a response policy",
    .fields = response_policy_fields,
    .size = sizeof(struct model_response_policy),
    .resource = true,
    .ignored = policy_ignored,
    .finish = response_policy_finish,
};
