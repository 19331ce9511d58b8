#ifndef CONFIG_IMPORT_NODE_H
#define CONFIG_IMPORT_NODE_H

#include <stdbool.h>

#include "base/arena.h"
#include "config/node.h"

/*
 * Nodes made or taken over for what is decoded later.  A full arena yields
 * NULL, which every function here takes for a parent and passes over.
 */

struct node *
import_node_new(struct arena *arena, enum node_kind kind, struct mark mark);

/* A scalar; text is borrowed. */
struct node *import_node_scalar(struct arena *arena, const char *text,
    bool quoted, struct mark mark);

/*
 * Puts a node just made, or a copy of one that shares its children, into a
 * mapping under a key, or at the end of a list (key NULL).
 */
void import_node_put(struct arena *arena, struct node *parent, const char *key,
    const struct node *value);

/* Whether a value says nothing: absent, null, "", [] or {}. */
bool import_node_is_nothing(const struct node *node);

/* Room for a key in snake_case. */
enum { IMPORT_NODE_KEY = 64 };

/* Writes camelCase as snake_case, cut; returns buf. */
const char *import_node_snake(const char *key, char buf[IMPORT_NODE_KEY]);

/* The child under a key of snake_case, which may be written in camelCase. */
const struct node *
import_node_get(const struct node *map, const char *snake_key);

/* The text under such a key, or NULL when it is none or empty. */
const char *import_node_text(const struct node *map, const char *snake_key);

/* A mapping as such, or as the only entry of a list; else NULL. */
const struct node *import_node_block(const struct node *node);

#endif
