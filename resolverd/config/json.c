#include "config/json.h"

#include <string.h>

#include "config/json_cursor.h"
#include "config/json_string.h"
#include "config/text_index.h"

enum {
	/* From so many keys on, a mapping has an index of them. */
	INDEXED_KEYS = 16,
	SHOWN = 20, /* characters of what is wrong, in a message */
	ENTRY_BLOCK = 4096,
};

/* What may come next. */
enum state {
	STATE_VALUE,	 /* a value */
	STATE_FIRST,	 /* a value, or the end of an empty list */
	STATE_FIRST_KEY, /* a key, or the end of an empty object */
	STATE_KEY,	 /* a key */
	STATE_COLON,
	STATE_NEXT, /* a comma, or the end of the list or object */
	STATE_END,  /* nothing */
};

/* A list or an object that is open. */
struct level {
	enum node_kind kind;
	struct node *node; /* NULL: what it holds is skipped */
	struct text_index *keys;
	bool cut; /* a list whose entries are handed on */
};

struct json {
	struct json_cursor cursor;
	const char *path;
	const struct json_filter *filter;
	struct arena *arena; /* for what begins now: tree's or entry's */
	struct arena *tree;
	struct arena entry; /* one of a list that is cut */
	struct diag *diag;
	enum state state;
	struct level stack[JSON_DEPTH];
	unsigned depth;
	struct node *key; /* waits for its value; NULL when that is skipped */
	struct node *root;
	struct node *cut; /* the entry at hand of a list that is cut */
};

static struct mark
mark_here(const struct json *json)
{
	return (struct mark){
	    .file = json->path,
	    .line = json->cursor.line,
	    .column = json_cursor_column(&json->cursor),
	};
}

static bool
out_of_memory(const struct json *json)
{
	return diag_error(json->diag, (struct mark){.file = json->path},
	    "there is no memory for the document");
}

/* Whether a value that begins here is wanted. */
static bool
is_kept(const struct json *json)
{
	const struct level *level;

	if (json->depth == 0)
		return true;
	level = &json->stack[json->depth - 1];
	return level->node != NULL &&
	    (level->kind == NODE_LIST || json->key != NULL);
}

/* Puts a value in its place; NULL without memory. */
static struct node *
node_place(struct json *json, enum node_kind kind)
{
	struct node *node = arena_calloc(json->arena, 1, sizeof(*node));

	if (node == NULL) {
		out_of_memory(json);
		return NULL;
	}
	node->kind = kind;
	node->mark = mark_here(json);
	if (json->depth == 0) {
		json->root = node;
		return node;
	}
	node->key = json->key;
	json->key = NULL;
	if (json->stack[json->depth - 1].cut) {
		json->cut = node;
	} else {
		node_append(json->stack[json->depth - 1].node, node);
	}
	return node;
}

/* Hands an entry on, and forgets it. */
static void
entry_ended(struct json *json)
{
	if (json->entry.full) {
		json->tree->full = true; /* what the caller looks at */
	} else {
		json->filter->take(json->filter->arg, json->cut);
	}
	arena_fini(&json->entry);
	json->cut = NULL;
}

static void
value_ended(struct json *json)
{
	if (json->depth > 0 && json->stack[json->depth - 1].cut)
		entry_ended(json);
	json->state = json->depth == 0 ? STATE_END : STATE_NEXT;
}

/* Complaints. */

/* Says what stands here, cut, and what was wanted. */
static bool
unexpected(const struct json *json, const char *wanted)
{
	const struct json_cursor *cursor = &json->cursor;
	const size_t left = (size_t)(cursor->end - cursor->at);
	size_t len = 0;

	if (left == 0) {
		return diag_error(json->diag, mark_here(json),
		    "the text ends where %s should stand: was it cut?", wanted);
	}
	while (len < left && len < SHOWN &&
	    strchr(" \t\r\n,]}", cursor->at[len]) == NULL)
		len++;
	return diag_error(json->diag, mark_here(json),
	    "%s should stand here, not '%.*s'", wanted,
	    (int)(len == 0 ? 1 : len), cursor->at);
}

/* Scalars. */

static size_t
digits_length(const char *at, const char *end)
{
	size_t len = 0;

	while (at + len < end && at[len] >= '0' && at[len] <= '9')
		len++;
	return len;
}

/* The end of what begins with a letter and digits, or NULL when none follow. */
static const char *
number_part(const char *at, const char *end, const char *letters,
    const char *signs)
{
	size_t len;

	if (at == end || strchr(letters, *at) == NULL || *at == '\0')
		return at;
	at++;
	if (at < end && *at != '\0' && strchr(signs, *at) != NULL)
		at++;
	len = digits_length(at, end);
	return len == 0 ? NULL : at + len;
}

/* Octets of the number that begins here, 0 when it is none (section 6). */
static size_t
number_length(const char *start, const char *end)
{
	const char *at = start;
	size_t whole;

	if (at < end && *at == '-')
		at++;
	whole = digits_length(at, end);
	if (whole == 0 || (whole > 1 && *at == '0'))
		return 0;
	at = number_part(at + whole, end, ".", "");
	if (at != NULL)
		at = number_part(at, end, "eE", "+-");
	return at == NULL ? 0 : (size_t)(at - start);
}

static size_t
word_length(const char *at, const char *end)
{
	static const char *const words[] = {"true", "false", "null"};
	const size_t left = (size_t)(end - at);

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		const size_t len = strlen(words[i]);

		if (len <= left && memcmp(at, words[i], len) == 0)
			return len;
	}
	return 0;
}

/* Whether a bare word ends where what is known of it does. */
static bool
is_delimited(const char *at, const char *end)
{
	return at == end || (*at != '\0' && strchr(" \t\r\n,]}", *at) != NULL);
}

static bool
on_bare(struct json *json)
{
	struct json_cursor *cursor = &json->cursor;
	size_t len = word_length(cursor->at, cursor->end);

	if (len == 0)
		len = number_length(cursor->at, cursor->end);
	if (len == 0 || !is_delimited(cursor->at + len, cursor->end))
		return unexpected(json, "a value");
	if (is_kept(json)) {
		struct node *node = node_place(json, NODE_SCALAR);
		char *text = arena_alloc(json->arena, len + 1);

		if (node == NULL || text == NULL)
			return out_of_memory(json);
		memcpy(text, cursor->at, len);
		text[len] = '\0';
		node->text = text;
	}
	cursor->at += len;
	value_ended(json);
	return true;
}

/* Reads the string that begins here; its text is NULL when it is not kept. */
static bool
string_read(struct json *json, bool keep, const char **text)
{
	const char *fault =
	    json_string_read(&json->cursor, keep ? json->arena : NULL, text);

	if (fault == NULL)
		return true;
	return diag_error(json->diag, mark_here(json), "%s", fault);
}

static bool
on_string(struct json *json)
{
	const bool kept = is_kept(json);
	struct node *node = kept ? node_place(json, NODE_SCALAR) : NULL;
	const char *text = NULL;

	if (kept && node == NULL)
		return false;
	if (!string_read(json, kept, &text))
		return false;
	if (node != NULL) {
		node->text = text;
		node->quoted = true;
	}
	value_ended(json);
	return true;
}

/* Lists and objects. */

/* Whether the entries of a list that begins here are handed on. */
static bool
is_cut(const struct json *json, enum node_kind kind)
{
	const struct json_filter *filter = json->filter;

	if (filter == NULL || filter->take == NULL || kind != NODE_LIST ||
	    json->cut != NULL)
		return false;
	if (filter->cut == NULL)
		return json->depth == 0;
	return json->key != NULL && strcmp(json->key->text, filter->cut) == 0;
}

static bool
on_open(struct json *json, enum node_kind kind)
{
	const bool kept = is_kept(json);
	const bool cut = kept && is_cut(json, kind);
	struct node *node;

	if (json->depth == JSON_DEPTH) {
		return diag_error(json->diag, mark_here(json),
		    "more than %d levels of nesting", JSON_DEPTH);
	}
	node = kept ? node_place(json, kind) : NULL;
	if (kept && node == NULL)
		return false;
	json->stack[json->depth++] = (struct level){
	    .kind = kind,
	    .node = node,
	    .cut = cut,
	};
	if (cut)
		json->arena = &json->entry;
	json->state = kind == NODE_LIST ? STATE_FIRST : STATE_FIRST_KEY;
	json->cursor.at++;
	return true;
}

static bool
on_close(struct json *json)
{
	json->cursor.at++;
	json->depth--;
	if (json->stack[json->depth].cut)
		json->arena = json->tree;
	value_ended(json);
	return true;
}

static bool
on_value(struct json *json)
{
	switch (json_cursor_peek(&json->cursor)) {
	case '{':
		return on_open(json, NODE_MAP);
	case '[':
		return on_open(json, NODE_LIST);
	case '"':
		return on_string(json);
	default:
		return on_bare(json);
	}
}

static bool
on_first(struct json *json)
{
	return json_cursor_peek(&json->cursor) == ']' ? on_close(json)
						      : on_value(json);
}

/* Keys. */

static bool
is_skipped(const struct json *json, const char *key)
{
	if (json->depth != 1 || json->filter == NULL ||
	    json->filter->skip == NULL)
		return false;
	for (const char *const *skip = json->filter->skip; *skip != NULL;
	     skip++) {
		if (strcmp(*skip, key) == 0)
			return true;
	}
	return false;
}

/* Makes the index of an object that has got many keys. */
static void
level_index(struct json *json, struct level *level)
{
	level->keys = arena_calloc(json->arena, 1, sizeof(*level->keys));
	if (level->keys == NULL)
		return;
	text_index_init(level->keys, json->arena);
	for (const struct node *child = level->node->first; child != NULL;
	     child = child->next)
		text_index_add(level->keys, child->key->text, level->node);
}

/* What the object has under the same key already, or NULL. */
static const struct node *
key_twin(struct json *json, const struct node *key)
{
	struct level *level = &json->stack[json->depth - 1];

	if (level->keys == NULL && level->node->count == INDEXED_KEYS)
		level_index(json, level);
	if (level->keys != NULL &&
	    text_index_add(level->keys, key->text, level->node) == NULL)
		return NULL;
	return node_get(level->node, key->text);
}

static bool
key_is_new(struct json *json, const struct node *key)
{
	const struct node *twin = key_twin(json, key);

	if (twin == NULL)
		return true;
	diag_error(json->diag, key->mark, "key \"%s\" is given twice",
	    key->text);
	diag_note(json->diag, twin->key->mark, "first given here");
	return false;
}

/* A key of an object that is kept: its value may be skipped all the same. */
static bool
key_read(struct json *json)
{
	struct node *key = arena_calloc(json->arena, 1, sizeof(*key));

	if (key == NULL)
		return out_of_memory(json);
	key->quoted = true;
	key->mark = mark_here(json);
	if (!string_read(json, true, &key->text))
		return false;
	if (key->text == NULL)
		return out_of_memory(json);
	if (is_skipped(json, key->text))
		return true;
	json->key = key;
	return key_is_new(json, key);
}

static bool
on_key(struct json *json)
{
	const char *text = NULL;
	bool good;

	if (json_cursor_peek(&json->cursor) == '}') {
		return diag_error(json->diag, mark_here(json),
		    "a comma must not stand before '}'");
	}
	if (json_cursor_peek(&json->cursor) != '"')
		return unexpected(json, "a key in double quotes");
	json->key = NULL;
	good = json->stack[json->depth - 1].node != NULL
	    ? key_read(json)
	    : string_read(json, false, &text);
	json->state = STATE_COLON;
	return good;
}

static bool
on_first_key(struct json *json)
{
	return json_cursor_peek(&json->cursor) == '}' ? on_close(json)
						      : on_key(json);
}

static bool
on_colon(struct json *json)
{
	if (json_cursor_peek(&json->cursor) != ':')
		return unexpected(json, "a colon");
	json->cursor.at++;
	json->state = STATE_VALUE;
	return true;
}

static bool
on_next(struct json *json)
{
	const bool list = json->stack[json->depth - 1].kind == NODE_LIST;
	const int c = json_cursor_peek(&json->cursor);

	if (c == (list ? ']' : '}'))
		return on_close(json);
	if (c != ',')
		return unexpected(json, list ? "',' or ']'" : "',' or '}'");
	json->cursor.at++;
	json->state = list ? STATE_VALUE : STATE_KEY;
	return true;
}

static bool
on_rest(struct json *json)
{
	return unexpected(json, "the end of the text");
}

typedef bool (*state_fn)(struct json *json);

static const state_fn states[] = {
    [STATE_VALUE] = on_value,
    [STATE_FIRST] = on_first,
    [STATE_FIRST_KEY] = on_first_key,
    [STATE_KEY] = on_key,
    [STATE_COLON] = on_colon,
    [STATE_NEXT] = on_next,
    [STATE_END] = on_rest,
};

static const struct node *
json_run(struct json *json)
{
	for (;;) {
		json_cursor_blanks(&json->cursor);
		if (json->state == STATE_END &&
		    json->cursor.at == json->cursor.end)
			return json->tree->full ? NULL : json->root;
		if (!states[json->state](json))
			return NULL;
	}
}

const struct node *
json_load(const struct yaml_text *text, const struct json_filter *filter,
    struct arena *arena, struct diag *diag)
{
	struct json json = {
	    .path = text->path,
	    .filter = filter,
	    .arena = arena,
	    .tree = arena,
	    .diag = diag,
	};
	const struct node *root;

	arena_init_heap(&json.entry, ENTRY_BLOCK);
	json_cursor_init(&json.cursor, text->text, text->len);
	root = json_run(&json);
	arena_fini(&json.entry);
	return root;
}
