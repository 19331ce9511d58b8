#include "config/yaml.h"

#include <assert.h>
#include <string.h>

#include <yaml.h>

#include "config/text_index.h"
#include "config/yaml_fault.h"

enum {
	/* Keys of a mapping, beyond which an index looks for a key twice. */
	YAML_KEYS = 16,
	/* Keys and values of a document: what bounds the memory of a text that
	 * is hardly more than commas.  10,000 zones of 10 records have 1.2
	 * million. */
	YAML_NODES = 2 * 1024 * 1024,
	DOCUMENT_BLOCK = 4096,
};

struct loader {
	yaml_parser_t parser;
	const struct yaml_text *text;
	struct diag *diag;
	struct arena *arena; /* for nodes */
	struct node *stack[YAML_DEPTH];
	struct text_index keys[YAML_DEPTH]; /* of the long mappings open */
	unsigned depth;
	unsigned nodes;		/* of the document at hand */
	const struct node *key; /* waits for its value */
	struct node *root;	/* of the document at hand */
	unsigned documents;	/* begun */
	bool single;		/* a second document is an error */
	yaml_take_fn take;	/* gets each document of a stream */
	void *arg;
};

static struct mark
mark_of(const struct loader *loader, const yaml_mark_t *mark)
{
	return (struct mark){
	    .file = loader->text->path,
	    .line = (unsigned)mark->line + 1,
	    .column = (unsigned)mark->column + 1,
	};
}

static struct node *
node_new(struct loader *loader, enum node_kind kind, const yaml_event_t *event)
{
	const struct mark mark = mark_of(loader, &event->start_mark);
	struct node *node;

	if (loader->nodes++ == YAML_NODES) {
		diag_error(loader->diag, mark, "more than %d keys and values",
		    YAML_NODES);
		return NULL;
	}
	node = arena_calloc(loader->arena, 1, sizeof(*node));
	if (node == NULL) {
		diag_error(loader->diag, (struct mark){.file = NULL},
		    "there is no memory for the configuration");
		return NULL;
	}
	node->kind = kind;
	node->mark = mark;
	return node;
}

/* Whether the innermost open node is a mapping whose next node is a key. */
static bool
key_comes(const struct loader *loader)
{
	return loader->depth > 0 && loader->key == NULL &&
	    loader->stack[loader->depth - 1]->kind == NODE_MAP;
}

/* The value that stands under the same key in the innermost open mapping. */
static const struct node *
key_twin(struct loader *loader, struct node *map, const struct node *key)
{
	struct text_index *index = &loader->keys[loader->depth - 1];

	if (map->count == YAML_KEYS) {
		text_index_init(index, loader->arena);
		for (const struct node *child = map->first; child != NULL;
		     child = child->next)
			text_index_add(index, child->key->text, map);
	}
	if (map->count >= YAML_KEYS && text_index_get(index, key->text) == NULL)
		return NULL;
	return node_get(map, key->text);
}

/* Complains about a key that is there already; true when it is new. */
static bool
key_is_new(struct loader *loader, struct node *map, const struct node *key)
{
	const struct node *twin = key_twin(loader, map, key);

	if (twin == NULL)
		return true;
	diag_error(loader->diag, key->mark, "key \"%s\" is given twice",
	    key->text);
	diag_note(loader->diag, twin->key->mark, "first given here");
	return false;
}

/* Puts a value into the innermost open node; a key's second one is lost. */
static bool
node_place(struct loader *loader, struct node *node)
{
	struct node *parent;

	if (loader->depth == 0) {
		loader->root = node;
		return true;
	}
	parent = loader->stack[loader->depth - 1];
	node->key = loader->key;
	loader->key = NULL;
	if (parent->kind == NODE_MAP && !key_is_new(loader, parent, node->key))
		return true;
	if (parent->kind == NODE_MAP && parent->count >= YAML_KEYS) {
		text_index_add(&loader->keys[loader->depth - 1],
		    node->key->text, parent);
	}
	node_append(parent, node);
	return true;
}

static bool
node_open(struct loader *loader, struct node *node)
{
	if (node == NULL)
		return false;
	if (key_comes(loader)) {
		return diag_error(loader->diag, node->mark,
		    "a key must be text, not %s; an address such as "
		    "\"[2001:db8::1]:53\" stands in quotes",
		    node_kind_text(node));
	}
	if (loader->depth == YAML_DEPTH) {
		return diag_error(loader->diag, node->mark,
		    "more than %d levels of nesting", YAML_DEPTH);
	}
	if (!node_place(loader, node))
		return false;
	loader->stack[loader->depth++] = node;
	return true;
}

/* An anchor or a tag changes nothing, so the reading goes on after it. */
static void
refuse_properties(struct loader *loader, const yaml_event_t *event,
    const yaml_char_t *anchor, const yaml_char_t *tag)
{
	const struct mark mark = mark_of(loader, &event->start_mark);

	if (anchor != NULL) {
		diag_error(loader->diag, mark,
		    "anchors such as \"&%s\" are not supported",
		    (const char *)anchor);
	}
	if (tag != NULL)
		diag_error(loader->diag, mark, "tags are not supported");
}

/* The events. */

static bool
on_nothing(struct loader *loader, const yaml_event_t *event)
{
	(void)loader;
	(void)event;
	return true;
}

static bool
on_document_start(struct loader *loader, const yaml_event_t *event)
{
	loader->root = NULL;
	loader->nodes = 0;
	loader->documents++;
	if (loader->single && loader->documents > 1) {
		return diag_error(loader->diag,
		    mark_of(loader, &event->start_mark),
		    "a second document begins here: a configuration is one");
	}
	return true;
}

static bool
is_nothing(const struct node *node)
{
	return node->kind == NODE_SCALAR && !node->quoted &&
	    node->text[0] == '\0';
}

static bool
on_document_end(struct loader *loader, const yaml_event_t *event)
{
	(void)event;
	assert(loader->depth == 0);
	if (loader->root != NULL && is_nothing(loader->root))
		loader->root = NULL;
	if (loader->take == NULL)
		return true;
	if (loader->root != NULL)
		loader->take(loader->arg, loader->root);
	arena_fini(loader->arena);
	return true;
}

/* A scalar where the event stands; NULL without memory. */
static struct node *
scalar_new(struct loader *loader, const yaml_event_t *event,
    const yaml_char_t *value, size_t len)
{
	struct node *node = node_new(loader, NODE_SCALAR, event);

	if (node == NULL)
		return NULL;
	if (memchr(value, '\0', len) != NULL) {
		diag_error(loader->diag, node->mark,
		    "text must not contain a zero octet");
	}
	node->text = arena_copy(loader->arena, value, len + 1);
	return node->text == NULL ? NULL : node;
}

static bool
scalar_place(struct loader *loader, struct node *node)
{
	if (node == NULL)
		return false;
	if (!key_comes(loader))
		return node_place(loader, node);
	loader->key = node;
	return true;
}

static bool
on_scalar(struct loader *loader, const yaml_event_t *event)
{
	struct node *node = scalar_new(loader, event, event->data.scalar.value,
	    event->data.scalar.length);

	refuse_properties(loader, event, event->data.scalar.anchor,
	    event->data.scalar.tag);
	if (node != NULL) {
		node->quoted =
		    event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
	}
	return scalar_place(loader, node);
}

static bool
on_alias(struct loader *loader, const yaml_event_t *event)
{
	return diag_error(loader->diag, mark_of(loader, &event->start_mark),
	    "aliases are not supported; text that begins with * stands in "
	    "quotes: \"*%s\"",
	    (const char *)event->data.alias.anchor);
}

static bool
on_list_start(struct loader *loader, const yaml_event_t *event)
{
	refuse_properties(loader, event, event->data.sequence_start.anchor,
	    event->data.sequence_start.tag);
	return node_open(loader, node_new(loader, NODE_LIST, event));
}

static bool
on_map_start(struct loader *loader, const yaml_event_t *event)
{
	refuse_properties(loader, event, event->data.mapping_start.anchor,
	    event->data.mapping_start.tag);
	return node_open(loader, node_new(loader, NODE_MAP, event));
}

static bool
on_end(struct loader *loader, const yaml_event_t *event)
{
	(void)event;
	assert(loader->depth > 0);
	loader->depth--;
	return true;
}

typedef bool (*event_fn)(struct loader *loader, const yaml_event_t *event);

static const event_fn handlers[] = {
    [YAML_NO_EVENT] = on_nothing,
    [YAML_STREAM_START_EVENT] = on_nothing,
    [YAML_STREAM_END_EVENT] = on_nothing,
    [YAML_DOCUMENT_START_EVENT] = on_document_start,
    [YAML_DOCUMENT_END_EVENT] = on_document_end,
    [YAML_ALIAS_EVENT] = on_alias,
    [YAML_SCALAR_EVENT] = on_scalar,
    [YAML_SEQUENCE_START_EVENT] = on_list_start,
    [YAML_SEQUENCE_END_EVENT] = on_end,
    [YAML_MAPPING_START_EVENT] = on_map_start,
    [YAML_MAPPING_END_EVENT] = on_end,
};

/* Takes one event; false at the end, good or bad. */
static bool
loader_step(struct loader *loader, bool *good)
{
	yaml_event_t event;
	bool more;

	if (!yaml_parser_parse(&loader->parser, &event)) {
		yaml_fault_report(&loader->parser, loader->text, loader->diag);
		return false;
	}
	*good = event.type == YAML_STREAM_END_EVENT;
	more = handlers[event.type](loader, &event) && !*good;
	yaml_event_delete(&event);
	return more;
}

static bool
loader_run(struct loader *loader)
{
	const struct yaml_text *text = loader->text;
	bool good = false;

	if (!yaml_parser_initialize(&loader->parser)) {
		return diag_error(loader->diag, (struct mark){.file = NULL},
		    "there is no memory for the configuration");
	}
	yaml_parser_set_encoding(&loader->parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&loader->parser,
	    (const unsigned char *)text->text, text->len);
	while (loader_step(loader, &good))
		continue;
	yaml_parser_delete(&loader->parser);
	return good;
}

static const struct node *
empty_map(const struct yaml_text *text, struct arena *arena)
{
	struct node *node = arena_calloc(arena, 1, sizeof(*node));

	if (node == NULL)
		return NULL;
	node->kind = NODE_MAP;
	node->mark = (struct mark){.file = text->path, .line = 1, .column = 1};
	return node;
}

const struct node *
yaml_load(const struct yaml_text *text, struct arena *arena, struct diag *diag)
{
	struct loader loader = {
	    .text = text,
	    .diag = diag,
	    .arena = arena,
	    .single = true,
	};

	if (!loader_run(&loader))
		return NULL;
	return loader.root != NULL ? loader.root : empty_map(text, arena);
}

bool
yaml_stream(const struct yaml_text *text, yaml_take_fn take, void *arg,
    struct diag *diag)
{
	struct arena document;
	struct loader loader = {
	    .text = text,
	    .diag = diag,
	    .arena = &document,
	    .take = take,
	    .arg = arg,
	};
	bool good;

	arena_init_heap(&document, DOCUMENT_BLOCK);
	good = loader_run(&loader);
	arena_fini(&document);
	return good;
}

const char *
yaml_library_version(void)
{
	return yaml_get_version_string();
}
