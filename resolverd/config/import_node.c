#include "config/import_node.h"

#include <string.h>

enum { CASE_BIT = 'a' ^ 'A' };

struct node *
import_node_new(struct arena *arena, enum node_kind kind, struct mark mark)
{
	struct node *node = arena_calloc(arena, 1, sizeof(*node));

	if (node == NULL)
		return NULL;
	node->kind = kind;
	node->mark = mark;
	return node;
}

struct node *
import_node_scalar(struct arena *arena, const char *text, bool quoted,
    struct mark mark)
{
	struct node *node = import_node_new(arena, NODE_SCALAR, mark);

	if (node == NULL || text == NULL)
		return NULL;
	node->text = text;
	node->quoted = quoted;
	return node;
}

void
import_node_put(struct arena *arena, struct node *parent, const char *key,
    const struct node *value)
{
	struct node *copy;

	if (parent == NULL || value == NULL)
		return;
	copy = arena_copy(arena, value, sizeof(*value));
	if (copy == NULL)
		return;
	copy->next = NULL;
	copy->key = NULL;
	if (key != NULL) {
		copy->key = import_node_scalar(arena, key, true,
		    value->key != NULL ? value->key->mark : value->mark);
		if (copy->key == NULL)
			return;
	}
	node_append(parent, copy);
}

bool
import_node_is_nothing(const struct node *node)
{
	if (node == NULL)
		return true;
	if (node->kind != NODE_SCALAR)
		return node->count == 0;
	return node->text[0] == '\0' ||
	    (!node->quoted &&
		(strcmp(node->text, "null") == 0 ||
		    strcmp(node->text, "~") == 0));
}

const char *
import_node_snake(const char *key, char buf[IMPORT_NODE_KEY])
{
	size_t at = 0;

	for (; *key != '\0' && at + 2 < IMPORT_NODE_KEY; key++) {
		if (*key < 'A' || *key > 'Z') {
			buf[at++] = *key;
			continue;
		}
		buf[at++] = '_';
		buf[at++] = (char)(*key | CASE_BIT);
	}
	buf[at] = '\0';
	return buf;
}

const struct node *
import_node_get(const struct node *map, const char *snake_key)
{
	if (map == NULL || map->kind != NODE_MAP)
		return NULL;
	for (const struct node *child = map->first; child != NULL;
	     child = child->next) {
		char buf[IMPORT_NODE_KEY];

		if (strcmp(import_node_snake(child->key->text, buf),
			snake_key) == 0)
			return child;
	}
	return NULL;
}

const char *
import_node_text(const struct node *map, const char *snake_key)
{
	const struct node *node = import_node_get(map, snake_key);

	return import_node_is_nothing(node) || node->kind != NODE_SCALAR
	    ? NULL
	    : node->text;
}

const struct node *
import_node_block(const struct node *node)
{
	if (node != NULL && node->kind == NODE_LIST && node->count == 1)
		node = node->first;
	return node != NULL && node->kind == NODE_MAP ? node : NULL;
}
