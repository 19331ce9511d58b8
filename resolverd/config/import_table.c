#include "config/import_table.h"

#include <string.h>

#include "config/import_node.h"

/* How one field is taken over. */

void
import_table_keep(const struct import_rewrite *rewrite,
    const struct import_field *field, const struct node *value,
    struct node *out)
{
	if (!import_node_is_nothing(value))
		import_node_put(rewrite->arena, out, field->to, value);
}

/* Numbers that the API writes as text, so that JavaScript keeps them whole. */
void
import_table_number(const struct import_rewrite *rewrite,
    const struct import_field *field, const struct node *value,
    struct node *out)
{
	struct node bare = *value;

	bare.quoted = false;
	import_table_keep(rewrite, field, &bare, out);
}

void
import_table_block(const struct import_rewrite *rewrite,
    const struct import_field *field, const struct node *value,
    struct node *out)
{
	const struct node *block = import_node_block(value);

	if (block == NULL) {
		/* What is neither is for the schema to complain about. */
		import_table_keep(rewrite, field, value, out);
		return;
	}
	import_node_put(rewrite->arena, out, field->to,
	    import_table_rewrite(rewrite, field->inner, block));
}

void
import_table_blocks(const struct import_rewrite *rewrite,
    const struct import_field *field, const struct node *value,
    struct node *out)
{
	struct node *list;

	if (value->kind != NODE_LIST) {
		import_table_keep(rewrite, field, value, out);
		return;
	}
	list = import_node_new(rewrite->arena, NODE_LIST, value->mark);
	for (const struct node *child = value->first; child != NULL;
	     child = child->next) {
		import_node_put(rewrite->arena, list, NULL,
		    child->kind == NODE_MAP
			? import_table_rewrite(rewrite, field->inner, child)
			: child);
	}
	import_node_put(rewrite->arena, out, field->to, list);
}

void
import_table_drop(const struct import_rewrite *rewrite,
    const struct import_field *field, const struct node *value,
    struct node *out)
{
	(void)rewrite;
	(void)field;
	(void)value;
	(void)out;
}

static bool
is_false(const struct node *value)
{
	return value->kind == NODE_SCALAR && strcmp(value->text, "false") == 0;
}

void
import_table_no_effect(const struct import_rewrite *rewrite,
    const struct import_field *field, const struct node *value,
    struct node *out)
{
	(void)out;
	if (!rewrite->notes || import_node_is_nothing(value) || is_false(value))
		return;
	diag_note(rewrite->diag, value->key->mark,
	    "%s is not taken over: it has no effect here", field->from);
}

/* The walk over a table. */

const struct import_field *
import_table_find(const struct import_table *table, const char *key)
{
	char snake[IMPORT_NODE_KEY];

	import_node_snake(key, snake);
	for (const struct import_field *field = table->fields;
	     field->from != NULL; field++) {
		if (strcmp(field->from, snake) == 0)
			return field;
	}
	return NULL;
}

const struct node *
import_table_rewrite(const struct import_rewrite *rewrite,
    const struct import_table *table, const struct node *from)
{
	struct node *out =
	    import_node_new(rewrite->arena, NODE_MAP, from->mark);

	for (const struct node *child = from->first; child != NULL;
	     child = child->next) {
		const struct import_field *field =
		    import_table_find(table, child->key->text);

		if (field != NULL) {
			field->rewrite(rewrite, field, child, out);
		} else if (!import_node_is_nothing(child)) {
			diag_warning(rewrite->diag, child->key->mark,
			    "\"%s\" is not taken over: %s has no such key here",
			    child->key->text, table->what);
		}
	}
	return out;
}
