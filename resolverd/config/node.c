#include "config/node.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

void
node_append(struct node *parent, struct node *child)
{
	assert(parent->kind != NODE_SCALAR);
	assert(parent->kind != NODE_MAP || child->key != NULL);
	if (parent->last == NULL) {
		parent->first = child;
	} else {
		parent->last->next = child;
	}
	parent->last = child;
	parent->count++;
}

const struct node *
node_get(const struct node *map, const char *key)
{
	if (map == NULL || map->kind != NODE_MAP)
		return NULL;
	for (const struct node *child = map->first; child != NULL;
	     child = child->next) {
		if (strcmp(child->key->text, key) == 0)
			return child;
	}
	return NULL;
}

const char *
node_kind_text(const struct node *node)
{
	static const char *const texts[] = {
	    [NODE_SCALAR] = "text",
	    [NODE_LIST] = "a list",
	    [NODE_MAP] = "a mapping",
	};

	if (node->kind == NODE_SCALAR && !node->quoted && node->text[0] == '\0')
		return "nothing";
	return texts[node->kind];
}

struct trap {
	const char *word;
	const char *meaning;
};

static const struct trap traps[] = {
    {"", "nothing"},
    {"~", "nothing"},
    {"null", "nothing"},
    {"true", "a boolean"},
    {"false", "a boolean"},
    {"yes", "a boolean"},
    {"no", "a boolean"},
    {"on", "a boolean"},
    {"off", "a boolean"},
};

/* Digits with an optional sign: decimal, octal, 0x, 0b, 0o and 1_000. */
static bool
looks_like_number(const char *text)
{
	const char *digits = "0123456789_";

	if (*text == '+' || *text == '-')
		text++;
	if (*text < '0' || *text > '9')
		return false;
	if (strncasecmp(text, "0x", 2) == 0)
		digits = "0123456789abcdefABCDEF_";
	if (text[0] == '0' && text[1] != '\0' &&
	    strchr("xXoObB", text[1]) != NULL)
		text += 2;
	return text[strspn(text, digits)] == '\0';
}

const char *
node_trap(const struct node *node)
{
	if (node->kind != NODE_SCALAR || node->quoted)
		return NULL;
	for (size_t i = 0; i < sizeof(traps) / sizeof(traps[0]); i++) {
		if (strcasecmp(traps[i].word, node->text) == 0)
			return traps[i].meaning;
	}
	return looks_like_number(node->text) ? "a number" : NULL;
}
