#ifndef CONFIG_NODE_H
#define CONFIG_NODE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/diag.h"

enum node_kind { NODE_SCALAR, NODE_LIST, NODE_MAP };

/*
 * What was written, as a tree in which every node knows its place.  Made by
 * a reader such as config/yaml in an arena of its caller; never changed then.
 */
struct node {
	enum node_kind kind;
	struct mark mark;
	bool quoted;		 /* scalar: within quotes, or a block of text */
	const char *text;	 /* scalar: without a zero octet */
	const struct node *key;	 /* in a map: the scalar it stands under */
	const struct node *next; /* the next child of the same parent */
	struct node *first;	 /* list, map: its children */
	struct node *last;
	size_t count; /* of children */
};

/* Appends a child; to a map only one that has a key. */
void node_append(struct node *parent, struct node *child);

/* The child under key, or NULL; NULL too when map is no map or NULL itself. */
const struct node *node_get(const struct node *map, const char *key);

/* What a node is, for a message: "a list", "a mapping", "text". */
const char *node_kind_text(const struct node *node);

/*
 * What YAML 1.1 makes of an unquoted scalar that is not text: "a boolean",
 * "a number", "nothing"; NULL when it is text.  The schema goes by its own
 * types and never by these, but text that looks like one of them is a trap
 * that the next reader of the file falls into.
 */
const char *node_trap(const struct node *node);

#endif
