#include "config/fault_schema.h"

#include "base/text.h"
#include "config/network_schema.h"
#include "config/schema_describe.h"
#include "config/schema_value.h"
#include "core/fault.h"
#include "dns/rdata.h"
#include "model/check.h"
#include "model/model.h"

enum {
	TYPES_MAX = 64,
	CLIENTS_MAX = 1024,
	NETWORKS_MAX = 64,
	DELAY_MAX = 60 * 1000, /* FAULT_DELAY_MAX in milliseconds */
	PHASE_MAX = 24 * 60 * 60 * 1000,
};

static const struct schema_word kinds[] = {
    {"servfail", FAULT_SERVFAIL},
    {"nxdomain", FAULT_NXDOMAIN},
    {"refuse", FAULT_REFUSE},
    {"drop", FAULT_DROP},
    {"truncate", FAULT_TRUNCATE},
    {"delay", FAULT_DELAY},
    {"flap", FAULT_FLAP},
    {NULL, 0},
};

/* What a flap may be while it is down. */
static const struct schema_word downs[] = {
    {"servfail", FAULT_SERVFAIL},
    {"nxdomain", FAULT_NXDOMAIN},
    {"refuse", FAULT_REFUSE},
    {"drop", FAULT_DROP},
    {NULL, 0},
};

static const struct schema_word transports[] = {
    {"udp", FAULT_UDP},
    {"tcp", FAULT_TCP},
    {NULL, 0},
};

/* Types. */

static bool
type_unknown(struct decoder *decoder, const struct node *node)
{
	const char *nearest =
	    text_nearest(node->text, check_types, check_type_count);

	if (nearest == NULL) {
		return diag_error(decoder->diag, node->mark,
		    "unknown type \"%.80s\"", node->text);
	}
	return diag_error(decoder->diag, node->mark,
	    "unknown type \"%.80s\" (did you mean \"%s\"?)", node->text,
	    nearest);
}

static bool
type_read(struct decoder *decoder, const struct schema_field *field,
    const struct node *node, void *out)
{
	struct model_type *type = out;

	if (node->kind != NODE_SCALAR || node->text[0] == '\0') {
		return schema_value_mismatch(decoder, field, node,
		    "a record type such as A or AAAA");
	}
	type->mark = node->mark;
	return rdata_type_from_text(node->text, &type->type) ||
	    type_unknown(decoder, node);
}

static void
type_write(const struct schema_field *field, const void *in, FILE *out)
{
	const struct model_type *type = in;
	char text[RDATA_TYPE_TEXT];

	(void)field;
	fputs(rdata_type_to_text(type->type, text), out);
}

static void
type_describe(const struct schema_field *field,
    struct schema_describer *describer)
{
	(void)field;
	schema_describe_simple("string", describer);
}

static const struct schema_type fault_type = {
    .name = "record type",
    .size = sizeof(struct model_type),
    .read = type_read,
    .write = type_write,
    .describe = type_describe,
};

/* Faults. */

/* Keys that one kind of fault has, and whether it must. */
static const struct {
	const char *key;
	enum fault_kind kind;
	bool required;
} particulars[] = {
    {"delay", FAULT_DELAY, true},
    {"jitter", FAULT_DELAY, false},
    {"up", FAULT_FLAP, true},
    {"down", FAULT_FLAP, true},
    {"as", FAULT_FLAP, false},
};

static bool
check_particulars(struct decoder *decoder, const struct node *node,
    enum fault_kind kind)
{
	bool good = true;

	for (size_t i = 0; i < sizeof(particulars) / sizeof(particulars[0]);
	     i++) {
		const char *key = particulars[i].key;
		const struct node *child =
		    schema_child(&fault_schema, node, key);

		if (child != NULL && kind != particulars[i].kind) {
			good = diag_error(decoder->diag, child->key->mark,
			    "%s goes with fault: %s alone; several entries for "
			    "a name may stand one after the other",
			    key, fault_key(particulars[i].kind));
		} else if (child == NULL && kind == particulars[i].kind &&
		    particulars[i].required) {
			good = diag_error(decoder->diag, node->mark,
			    "fault: %s needs the key \"%s\"", fault_key(kind),
			    key);
		}
	}
	return good;
}

/* A fault is for one thing, and says for which. */
static bool
check_subject(struct decoder *decoder, const struct node *node)
{
	static const char *const keys[] = {"name", "tree", "zone"};
	unsigned given = 0;

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		given += schema_child(&fault_schema, node, keys[i]) != NULL;
	return given == 1 ||
	    diag_error(decoder->diag, node->mark,
		given == 0
		    ? "a fault needs one of the keys name, tree and zone"
		    : "a fault is for a name, a tree or a zone: it takes one "
		      "of these keys only");
}

static bool
check_tree(struct decoder *decoder, const struct model_fault *fault)
{
	if (fault->tree.mark.file == NULL ||
	    !name_is_wildcard(fault->tree.name.wire))
		return true;
	return diag_error(decoder->diag, fault->tree.mark,
	    "a tree is a name with all that is below it, without *; names "
	    "below alone are name: \"*.example.com.\"");
}

static bool
check_values(struct decoder *decoder, const struct node *node,
    const struct model_fault *fault)
{
	bool good = true;

	if (fault->kind == FAULT_DELAY && fault->jitter > fault->delay) {
		good = diag_error(decoder->diag,
		    schema_child(&fault_schema, node, "jitter")->mark,
		    "jitter must not be longer than delay, which it adds to "
		    "or takes from");
	}
	if (fault->kind == FAULT_TRUNCATE && fault->transport == FAULT_TCP) {
		good = diag_error(decoder->diag,
		    schema_child(&fault_schema, node, "transport")->mark,
		    "fault: truncate is for UDP: it has clients come by TCP, "
		    "where they get the right answer");
	}
	return good;
}

static void
fault_begin(void *out)
{
	struct model_fault *fault = out;

	fault->kind = FAULT_KINDS;
	fault->percent = FAULT_ALWAYS;
}

static bool
fault_finish(struct decoder *decoder, const struct node *node, void *out)
{
	struct model_fault *fault = out;
	bool good = check_subject(decoder, node);

	fault->mark = node->mark;
	if (!check_tree(decoder, fault))
		good = false;
	/* That it is wrong was said. */
	if (fault->kind == FAULT_KINDS)
		return false;
	if (!check_particulars(decoder, node, fault->kind))
		good = false;
	return check_values(decoder, node, fault) && good;
}

static const struct schema_field fault_fields[] = {
    {
	.key = "name",
	.help = "the name it is for; *.example.com. is every name below",
	.type = &schema_domain,
	SCHEMA_AT(model_fault, name),
    },
    {
	.key = "tree",
	.help = "the name that it is for with all names below",
	.type = &schema_domain,
	SCHEMA_AT(model_fault, tree),
    },
    {
	.key = "zone",
	.help = "the managed zone whose names it is for",
	.type = &schema_text,
	SCHEMA_AT(model_fault, zone),
    },
    {
	.key = "fault",
	.help = "what happens to queries",
	.type = &schema_word,
	SCHEMA_AT(model_fault, kind),
	.required = true,
	.words = kinds,
    },
    {
	.key = "types",
	.help = "the types asked for; all unless given",
	.type = &fault_type,
	SCHEMA_AT(model_fault, types),
	.list = true,
	.at_least = 1,
	.at_most = TYPES_MAX,
    },
    {
	.key = "transport",
	.help = "how queries come; both ways unless given",
	.type = &schema_word,
	SCHEMA_AT(model_fault, transport),
	.sparse = true,
	.words = transports,
    },
    {
	.key = "clients",
	.help = "where queries come from; everywhere unless given",
	.type = &schema_prefix,
	SCHEMA_AT(model_fault, clients),
	.list = true,
	.at_least = 1,
	.at_most = CLIENTS_MAX,
    },
    {
	.key = "networks",
	.help = "the networks whose clients ask; all unless given",
	.type = &network_schema_ref,
	SCHEMA_AT(model_fault, networks),
	.list = true,
	.at_least = 1,
	.at_most = NETWORKS_MAX,
    },
    {
	.key = "percent",
	.help = "the share of queries that meet it, drawn by lot",
	.type = &schema_fraction,
	SCHEMA_AT(model_fault, percent),
	.max = FAULT_ALWAYS,
    },
    {
	.key = "delay",
	.help = "how long an answer is held back",
	.type = &schema_duration,
	SCHEMA_AT(model_fault, delay),
	.sparse = true,
	.min = 1,
	.max = DELAY_MAX,
	.unit = 1,
    },
    {
	.key = "jitter",
	.help = "how much the delay varies, up and down",
	.type = &schema_duration,
	SCHEMA_AT(model_fault, jitter),
	.sparse = true,
	.max = DELAY_MAX,
	.unit = 1,
    },
    {
	.key = "up",
	.help = "how long a flap leaves queries alone",
	.type = &schema_duration,
	SCHEMA_AT(model_fault, up),
	.sparse = true,
	.min = 1,
	.max = PHASE_MAX,
	.unit = 1,
    },
    {
	.key = "down",
	.help = "how long it does not after that",
	.type = &schema_duration,
	SCHEMA_AT(model_fault, down),
	.sparse = true,
	.min = 1,
	.max = PHASE_MAX,
	.unit = 1,
    },
    {
	.key = "as",
	.help = "what a flap is while it is down",
	.type = &schema_word,
	SCHEMA_AT(model_fault, as),
	.sparse = true,
	.words = downs,
    },
    {.key = NULL},
};

const struct schema fault_schema = {
    .what = "a fault",
    .fields = fault_fields,
    .size = sizeof(struct model_fault),
    .begin = fault_begin,
    .finish = fault_finish,
};
