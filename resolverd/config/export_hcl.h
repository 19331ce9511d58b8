#ifndef CONFIG_EXPORT_HCL_H
#define CONFIG_EXPORT_HCL_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/arena.h"
#include "dns/name.h"
#include "dns/rrset.h"

/* Terraform's language, laid out as terraform fmt lays it out. */
struct export_hcl {
	FILE *out;
	struct arena *arena; /* holds the expressions */
};

/*
 * Expressions; "" when the arena is full.  A text is a string in which
 * Terraform sees no template of its own; NULL stays NULL.
 */
const char *export_hcl_text(const struct export_hcl *hcl, const char *text);
const char *
export_hcl_name(const struct export_hcl *hcl, const struct name *name);
const char *export_hcl_type(const struct export_hcl *hcl, uint16_t type);
const char *export_hcl_number(const struct export_hcl *hcl, uint32_t number);

/* The data of records as a list of strings; NULL when count is 0. */
const char *export_hcl_data(const struct export_hcl *hcl, uint16_t type,
    const struct rdata *rdata, size_t count);

/* What an attribute of a resource of this file refers to. */
struct export_hcl_attribute {
	const char *type;
	const char *address;
	const char *name;
};

const char *export_hcl_reference(const struct export_hcl *hcl,
    const struct export_hcl_attribute *attribute);

/* An argument; value is an expression, NULL: it is left out. */
struct export_hcl_argument {
	const char *name;
	const char *value;
};

/*
 * Writes arguments at a depth, 0 being the outermost, a line each, with their
 * equals signs in one column.
 */
void export_hcl_arguments(const struct export_hcl *hcl, unsigned depth,
    const struct export_hcl_argument *arguments, size_t count);

/* Begins and ends a block. */
void
export_hcl_open(const struct export_hcl *hcl, unsigned depth, const char *head);
void export_hcl_close(const struct export_hcl *hcl, unsigned depth);

/* Begins a line that is none of these, such as a comment. */
void export_hcl_indent(const struct export_hcl *hcl, unsigned depth);

/* A block of one argument. */
void export_hcl_block(const struct export_hcl *hcl, unsigned depth,
    const char *head, const struct export_hcl_argument *only);

/* Begins a resource, which is a block at depth 0. */
void export_hcl_resource(const struct export_hcl *hcl, const char *type,
    const char *address);

#endif
