#include "model/tree.h"

#include <stdlib.h>
#include <string.h>

#include "dns/name.h"

/*
 * A name's key: its labels from the root's side down, each with its length
 * before it.  A name lies below another exactly when its key begins with the
 * other's, and all keys that begin alike stand together in any plain order.
 */
struct key {
	uint8_t octets[NAME_SIZE];
	uint8_t size;
};

static void
key_set(struct key *key, const uint8_t *wire)
{
	struct name name;
	size_t at;

	name_set(&name, wire);
	name_fold(&name);
	key->size = (uint8_t)(name.len - 1);
	at = key->size;
	for (const uint8_t *label = name.wire; *label != 0;
	     label += *label + 1) {
		at -= (size_t)*label + 1;
		memcpy(key->octets + at, label, (size_t)*label + 1);
	}
}

static int
compare_octets(const uint8_t *a, size_t a_size, const uint8_t *b, size_t b_size)
{
	const int order = memcmp(a, b, a_size < b_size ? a_size : b_size);

	if (order != 0 || a_size == b_size)
		return order;
	return a_size < b_size ? -1 : 1;
}

static int
compare_nodes(const void *a, const void *b)
{
	const struct tree_node *left = a;
	const struct tree_node *right = b;
	const int order =
	    compare_octets(left->key, left->size, right->key, right->size);

	if (order != 0)
		return order;
	return left->order < right->order ? -1 : 1;
}

/* Whether node's key begins with octets. */
static bool
begins(const struct tree_node *node, const uint8_t *octets, size_t size)
{
	return node->size >= size && memcmp(node->key, octets, size) == 0;
}

bool
tree_init(struct tree *tree, size_t room, struct arena *arena)
{
	tree->nodes = arena_calloc(arena, room, sizeof(*tree->nodes));
	tree->count = 0;
	return tree->nodes != NULL;
}

bool
tree_add(struct tree *tree, const uint8_t *name, const void *value,
    struct arena *arena)
{
	struct key key;
	const uint8_t *octets;

	key_set(&key, name);
	octets = arena_copy(arena, key.octets, key.size);
	if (octets == NULL)
		return false;
	tree->nodes[tree->count] = (struct tree_node){
	    .key = octets,
	    .size = key.size,
	    .order = (uint32_t)tree->count,
	    .value = value,
	};
	tree->count++;
	return true;
}

void
tree_sort(struct tree *tree)
{
	const struct tree_node *above = NULL;

	if (tree->count == 0)
		return;
	qsort(tree->nodes, tree->count, sizeof(*tree->nodes), compare_nodes);
	for (size_t i = 0; i < tree->count; i++) {
		struct tree_node *node = &tree->nodes[i];

		while (above != NULL && !begins(node, above->key, above->size))
			above = above->parent;
		node->parent = above;
		above = node;
	}
}

/* How many nodes stand before a key. */
static size_t
lower_bound(const struct tree *tree, const struct key *key)
{
	size_t low = 0;
	size_t high = tree->count;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;
		const struct tree_node *node = &tree->nodes[middle];

		if (compare_octets(node->key, node->size, key->octets,
			key->size) < 0) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low;
}

const struct tree_node *
tree_find_below(const struct tree *tree, const uint8_t *name)
{
	struct key key;
	size_t at;

	key_set(&key, name);
	at = lower_bound(tree, &key);
	if (at == tree->count ||
	    !begins(&tree->nodes[at], key.octets, key.size))
		return NULL;
	return &tree->nodes[at];
}

const struct tree_node *
tree_find(const struct tree *tree, const uint8_t *name)
{
	const struct tree_node *node = tree_find_below(tree, name);

	return node != NULL && node->size == name_size(name) - 1 ? node : NULL;
}

static bool
is_twin(const struct tree_node *a, const struct tree_node *b)
{
	return a->size == b->size && begins(a, b->key, b->size);
}

const struct tree_node *
tree_find_above(const struct tree *tree, const uint8_t *name)
{
	const struct tree_node *node = tree_find(tree, name);
	struct key key;
	size_t at;

	if (node != NULL)
		return node;
	key_set(&key, name);
	at = lower_bound(tree, &key);
	node = at == 0 ? NULL : &tree->nodes[at - 1];
	while (node != NULL &&
	    (node->size > key.size ||
		memcmp(node->key, key.octets, node->size) != 0))
		node = node->parent;
	while (
	    node != NULL && node->parent != NULL && is_twin(node, node->parent))
		node = node->parent;
	return node;
}

const struct tree_node *
tree_twin(const struct tree *tree, const struct tree_node *node)
{
	const struct tree_node *const next = node + 1;

	return next < tree->nodes + tree->count && is_twin(node, next) ? next
								       : NULL;
}

bool
tree_under(const struct tree_node *node, const uint8_t *name)
{
	struct key key;

	key_set(&key, name);
	return begins(node, key.octets, key.size);
}
