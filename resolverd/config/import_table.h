#ifndef CONFIG_IMPORT_TABLE_H
#define CONFIG_IMPORT_TABLE_H

#include "config/import_rewrite.h"

/*
 * What import_rewrite and import_routing share: tables of fields, each with
 * the way in which it is taken over.
 */

struct import_field;
struct import_table;

/* Puts what a value comes to into out, or nothing. */
typedef void (*import_table_fn)(const struct import_rewrite *rewrite,
    const struct import_field *field, const struct node *value,
    struct node *out);

struct import_field {
	const char *from; /* in snake_case */
	const char *to;	  /* NULL: told of at most, never taken over */
	import_table_fn rewrite;
	const struct import_table *inner; /* of a block */
};

struct import_table {
	const char *what;		   /* "a zone", for messages */
	const struct import_field *fields; /* ended by a NULL from */
};

/* The field of a key, in either spelling, or NULL. */
const struct import_field *
import_table_find(const struct import_table *table, const char *key);

/* Rewrites a mapping by a table; NULL without memory. */
const struct node *import_table_rewrite(const struct import_rewrite *rewrite,
    const struct import_table *table, const struct node *from);

/* The value as it is, unless it says nothing. */
void import_table_keep(const struct import_rewrite *rewrite,
    const struct import_field *field, const struct node *value,
    struct node *out);

/* A number, which may stand in quotes. */
void import_table_number(const struct import_rewrite *rewrite,
    const struct import_field *field, const struct node *value,
    struct node *out);

/* A mapping, which may be the only entry of a list. */
void import_table_block(const struct import_rewrite *rewrite,
    const struct import_field *field, const struct node *value,
    struct node *out);

/* A list of mappings, even when it is empty. */
void import_table_blocks(const struct import_rewrite *rewrite,
    const struct import_field *field, const struct node *value,
    struct node *out);

/* Nothing: what describes the resource and is no setting. */
void import_table_drop(const struct import_rewrite *rewrite,
    const struct import_field *field, const struct node *value,
    struct node *out);

/* Nothing, but told of when it says something. */
void import_table_no_effect(const struct import_rewrite *rewrite,
    const struct import_field *field, const struct node *value,
    struct node *out);

/* A field that means nothing here, and the end of a table's fields. */
#define IMPORT_META(key)                          \
	{                                         \
		key, key, import_table_drop, NULL \
	}
#define IMPORT_END                     \
	{                              \
		NULL, NULL, NULL, NULL \
	}

#endif
