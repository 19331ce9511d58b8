#include "config/policy_schema.h"

#include "config/network_schema.h"
#include "config/target_schema.h"
#include "core/upstream.h"
#include "model/model.h"

enum { DESCRIPTION_MAX = 1024 /* the fact sheet's section 9 */ };

static const char *const ignored[] = {"kind", NULL};
static const char *const policy_ignored[] = {"kind", "id", NULL};

/* The nested mappings fill the struct of the policy that they stand in. */

static bool
alternative_given(const void *in)
{
	const struct model_policy *policy = in;

	return policy->targets.count > 0;
}

static const struct schema_field alternative_fields[] = {
    {
	.key = "target_name_servers",
	.help = "the servers that every query is handed to",
	.type = &target_schema_type,
	SCHEMA_AT(model_policy, targets),
	.list = true,
	.at_most = UPSTREAM_SERVERS,
	.schema = &target_schema,
    },
    {.key = NULL},
};

static const struct schema alternative_schema = {
    .what = "alternative_name_server_config",
    .fields = alternative_fields,
    .size = sizeof(struct model_policy),
    .resource = true,
    .ignored = ignored,
    .given = alternative_given,
};

static bool
dns64_given(const void *in)
{
	const struct model_policy *policy = in;

	return policy->dns64;
}

static const struct schema_field scope_fields[] = {
    {
	.key = "all_queries",
	.help = "whether AAAA records are made where there are none",
	.type = &schema_bool,
	SCHEMA_AT(model_policy, dns64),
    },
    {.key = NULL},
};

static const struct schema scope_schema = {
    .what = "scope",
    .fields = scope_fields,
    .size = sizeof(struct model_policy),
    .resource = true,
    .ignored = ignored,
};

static const struct schema_field dns64_fields[] = {
    {
	.key = "scope",
	.help = "which queries it is for",
	.type = &schema_struct,
	.size = sizeof(struct model_policy),
	.schema = &scope_schema,
    },
    {.key = NULL},
};

static const struct schema dns64_schema = {
    .what = "dns64_config",
    .fields = dns64_fields,
    .size = sizeof(struct model_policy),
    .resource = true,
    .ignored = ignored,
    .given = dns64_given,
};

static bool
policy_finish(struct decoder *decoder, const struct node *node, void *out)
{
	struct model_policy *policy = out;

	(void)decoder;
	policy->mark = node->mark;
	return true;
}

static const struct schema_field policy_fields[] = {
    {
	.key = "name",
	.help = "the policy's resource name",
	.type = &schema_text,
	SCHEMA_AT(model_policy, name),
	.required = true,
    },
    {
	.key = "description",
	.help = "for people; no effect",
	.type = &schema_text,
	SCHEMA_AT(model_policy, description),
	.max = DESCRIPTION_MAX,
    },
    {
	.key = "networks",
	.help = "the networks it holds in",
	.type = &network_schema_ref,
	SCHEMA_AT(model_policy, visibility.networks),
	.list = true,
	.given_at = offsetof(struct model_policy, visibility.given),
    },
    {
	.key = "enable_inbound_forwarding",
	.help = "whether the networks have inbound entry points",
	.type = &schema_bool,
	SCHEMA_AT(model_policy, inbound),
    },
    {
	.key = "enable_logging",
	.help = "whether the networks' queries are logged",
	.type = &schema_bool,
	SCHEMA_AT(model_policy, logging),
    },
    {
	.key = "alternative_name_server_config",
	.help = "servers that take every query",
	.type = &schema_struct,
	.size = sizeof(struct model_policy),
	.schema = &alternative_schema,
    },
    {
	.key = "dns64_config",
	.help = "AAAA records made from A records",
	.type = &schema_struct,
	.size = sizeof(struct model_policy),
	.schema = &dns64_schema,
    },
    {.key = NULL},
};

const struct schema policy_schema = {
    .what = "a policy",
    .fields = policy_fields,
    .size = sizeof(struct model_policy),
    .resource = true,
    .ignored = policy_ignored,
    .finish = policy_finish,
};
