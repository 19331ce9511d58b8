#ifndef MODEL_TREE_H
#define MODEL_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

/*
 * Names in the order of the DNS tree, for the checks: whatever lies below a
 * name stands right behind it, so that both the longest suffix of a name and
 * whether anything lies below it are found by bisection.  Room is made for a
 * known number of names, which are added and then sorted once.
 */

struct tree_node {
	const uint8_t *key; /* folded labels, from the root's side down */
	uint8_t size;	    /* octets of key */
	uint32_t order;	    /* among all that were added */
	const void *value;
	/* The longest other name above this one, or its twin before it. */
	const struct tree_node *parent;
};

struct tree {
	struct tree_node *nodes;
	size_t count;
};

/* False when the arena is full; so are the two below. */
bool tree_init(struct tree *tree, size_t room, struct arena *arena);

/* Adds a name, whole wire that is copied; a name may stand there twice. */
bool tree_add(struct tree *tree, const uint8_t *name, const void *value,
    struct arena *arena);

/* Nothing is found before this; twins stand in the order they came in. */
void tree_sort(struct tree *tree);

/* The first node of a name, or NULL; behind it may stand its twins. */
const struct tree_node *tree_find(const struct tree *tree, const uint8_t *name);

/* The first node of the longest suffix of name, itself included, or NULL. */
const struct tree_node *
tree_find_above(const struct tree *tree, const uint8_t *name);

/* The first node of a name or of one below it, or NULL. */
const struct tree_node *
tree_find_below(const struct tree *tree, const uint8_t *name);

/* The node behind one of the three above if it has the same name, or NULL. */
const struct tree_node *
tree_twin(const struct tree *tree, const struct tree_node *node);

/* Whether a node's name is name or lies below it. */
bool tree_under(const struct tree_node *node, const uint8_t *name);

#endif
