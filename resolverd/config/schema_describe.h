#ifndef CONFIG_SCHEMA_DESCRIBE_H
#define CONFIG_SCHEMA_DESCRIBE_H

#include <stddef.h>

#include "base/json_writer.h"
#include "config/schema.h"

/*
 * How values are described in a JSON Schema (draft-07), for the types of
 * config/schema.h: each writes the keywords that hold for one value.
 */

enum {
	SCHEMA_DESCRIBE_MAPPINGS = 64,
	SCHEMA_DESCRIBE_NAME = 64,
};

/* A JSON Schema being written. */
struct schema_describer {
	struct json_writer json;
	/* The mappings that were referred to, each to be defined once. */
	const struct schema *found[SCHEMA_DESCRIBE_MAPPINGS];
	size_t count;
};

/* A reference to a mapping's definition. */
void schema_describe_mapping(const struct schema *schema,
    struct schema_describer *describer);

/* What found[index] is called among the definitions. */
const char *schema_describe_name(const struct schema_describer *describer,
    size_t index, char buf[SCHEMA_DESCRIBE_NAME]);

/* Any value of a type of JSON: "string", "boolean". */
void
schema_describe_simple(const char *type, struct schema_describer *describer);

/* A list field, with what its entries are. */
void schema_describe_list(const struct schema_field *field,
    struct schema_describer *describer);

/* Alternatives: any, the one, or, the other, end. */
void schema_describe_any(struct schema_describer *describer);
void schema_describe_or(struct schema_describer *describer);
void schema_describe_end(struct schema_describer *describer);

void schema_describe_bool(const struct schema_field *field,
    struct schema_describer *describer);
void schema_describe_number(const struct schema_field *field,
    struct schema_describer *describer);
void schema_describe_port(const struct schema_field *field,
    struct schema_describer *describer);
void schema_describe_fraction(const struct schema_field *field,
    struct schema_describer *describer);
void schema_describe_duration(const struct schema_field *field,
    struct schema_describer *describer);
void schema_describe_size(const struct schema_field *field,
    struct schema_describer *describer);
void schema_describe_word(const struct schema_field *field,
    struct schema_describer *describer);
void schema_describe_text(const struct schema_field *field,
    struct schema_describer *describer);
void schema_describe_domain(const struct schema_field *field,
    struct schema_describer *describer);
void schema_describe_address(const struct schema_field *field,
    struct schema_describer *describer);
void schema_describe_host(const struct schema_field *field,
    struct schema_describer *describer);
void schema_describe_ipv4(const struct schema_field *field,
    struct schema_describer *describer);
void schema_describe_ipv6(const struct schema_field *field,
    struct schema_describer *describer);
void schema_describe_prefix(const struct schema_field *field,
    struct schema_describer *describer);
void schema_describe_server(const struct schema_field *field,
    struct schema_describer *describer);
void schema_describe_literal(const struct schema_field *field,
    struct schema_describer *describer);
void schema_describe_empty(const struct schema_field *field,
    struct schema_describer *describer);
void schema_describe_refused(const struct schema_field *field,
    struct schema_describer *describer);

#endif
