#include "ctl/names.h"

#include <errno.h>
#include <string.h>

enum { LINE_MAX_LEN = NAMES_TEXT + NAMES_TYPE, REPLACEMENT = '?' };

/* What stands next in a log. */
enum token {
	TOKEN_END,
	TOKEN_OPEN,
	TOKEN_CLOSE,
	TOKEN_STRING,
	TOKEN_COLON,
	TOKEN_COMMA,
	TOKEN_OTHER, /* a number, true, false, null */
	TOKEN_BROKEN,
};

void
names_init(struct names *names, FILE *file)
{
	memset(names, 0, sizeof(*names));
	names->file = file;
	names->line = 1;
}

static int
take(struct names *names)
{
	const int c = getc(names->file);

	if (c == '\n')
		names->line++;
	return c;
}

static void
give_back(struct names *names, int c)
{
	if (c == EOF)
		return;
	ungetc(c, names->file);
	if (c == '\n')
		names->line--;
}

static bool
is_blank(int c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static int
take_after_blanks(struct names *names)
{
	int c = take(names);

	while (is_blank(c))
		c = take(names);
	return c;
}

/* A byte order mark, and what the first character tells. */
static void
begin(struct names *names)
{
	static const char mark[] = "\xef\xbb\xbf";
	size_t matched = 0;
	int c = take(names);

	while (
	    matched < sizeof(mark) - 1 && c == (unsigned char)mark[matched]) {
		matched++;
		c = take(names);
	}
	while (is_blank(c))
		c = take(names);
	give_back(names, c);
	names->begun = true;
	names->is_log = c == '{' || c == '[';
}

/* A line without its comment; false when it is too long or has a NUL. */
static bool
read_line(struct names *names, char line[LINE_MAX_LEN])
{
	bool comment = false;
	bool fits = true;
	size_t len = 0;
	int c = take(names);

	for (; c != EOF && c != '\n'; c = take(names)) {
		if (c == '#')
			comment = true;
		if (comment)
			continue;
		if (c == '\0' || len + 1 == LINE_MAX_LEN) {
			fits = false;
		} else {
			line[len++] = (char)c;
		}
	}
	line[len] = '\0';
	return fits;
}

/* Copies a word and steps past it; false when there is none or no room. */
static bool
take_word(const char **at, char *word, size_t cap)
{
	const char *from = *at + strspn(*at, " \t\r");
	const size_t len = strcspn(from, " \t\r");

	*at = from + len;
	if (len == 0 || len >= cap)
		return false;
	memcpy(word, from, len);
	word[len] = '\0';
	return true;
}

static bool
is_empty(const char *text)
{
	return text[strspn(text, " \t\r")] == '\0';
}

static enum names_outcome
next_line(struct names *names, struct names_item *item, const char **why)
{
	char line[LINE_MAX_LEN];
	const char *at = line;
	bool fits;

	do {
		const int c = take(names);

		if (c == EOF)
			return NAMES_END;
		give_back(names, c);
		item->line = names->line;
		fits = read_line(names, line);
	} while (fits && is_empty(line));
	item->type[0] = '\0';
	if (!fits || !take_word(&at, item->name, sizeof(item->name))) {
		*why = "the line is too long";
		return NAMES_FAULT;
	}
	if (is_empty(at))
		return NAMES_ITEM;
	if (!take_word(&at, item->type, sizeof(item->type)) || !is_empty(at)) {
		*why = "a line is a name and, if you like, a type";
		return NAMES_FAULT;
	}
	return NAMES_ITEM;
}

/* \uXXXX; names have none but ASCII, so nothing else is kept. */
static int
take_code(struct names *names)
{
	unsigned code = 0;

	for (unsigned i = 0; i < 4; i++) {
		static const char digits[] = "0123456789abcdefABCDEF";
		const int c = take(names);
		const char *digit = c <= 0 ? NULL : strchr(digits, c);
		const unsigned value =
		    digit == NULL ? 0 : (unsigned)(digit - digits);

		if (digit == NULL)
			return EOF;
		code = code << 4 | (value < 16 ? value : value - 6);
	}
	return code > 0 && code < 0x80 ? (int)code : REPLACEMENT;
}

/* The character of an escape; EOF: it is none. */
static int
take_escape(struct names *names)
{
	static const char letters[] = "\"\\/bfnrt";
	static const char characters[] = "\"\\/\b\f\n\r\t";
	const int c = take(names);
	const char *letter = c <= 0 ? NULL : strchr(letters, c);

	if (c == 'u')
		return take_code(names);
	return letter == NULL ? EOF : characters[letter - letters];
}

/* The rest of a string, cut to what fits; false when it does not end. */
static bool
take_string(struct names *names, char *text, size_t cap)
{
	size_t len = 0;

	for (;;) {
		int c = take(names);

		if (c == '"')
			break;
		if (c == '\\')
			c = take_escape(names);
		if (c == EOF || c == '\n')
			return false;
		if (len + 1 < cap)
			text[len++] = (char)(c == '\0' ? REPLACEMENT : c);
	}
	text[len] = '\0';
	return true;
}

static bool
close_bracket(struct names *names, int c)
{
	const char opener = c == '}' ? '{' : '[';

	if (names->depth == 0 || names->open[names->depth - 1] != opener)
		return false;
	names->depth--;
	return true;
}

/* Steps over a number or a word. */
static enum token
take_scalar(struct names *names, int c)
{
	static const char allowed[] = "+-.0123456789Eaeflnrstu";

	if (c == '\0' || strchr(allowed, c) == NULL)
		return TOKEN_BROKEN;
	while (c > 0 && strchr(allowed, c) != NULL)
		c = take(names);
	give_back(names, c);
	return TOKEN_OTHER;
}

static enum token
next_token(struct names *names, char *text, size_t cap)
{
	const int c = take_after_blanks(names);

	switch (c) {
	case EOF:
		return TOKEN_END;
	case '{':
	case '[':
		if (names->depth == NAMES_DEPTH)
			return TOKEN_BROKEN;
		names->open[names->depth++] = (char)c;
		return TOKEN_OPEN;
	case '}':
	case ']':
		return close_bracket(names, c) ? TOKEN_CLOSE : TOKEN_BROKEN;
	case '"':
		return take_string(names, text, cap) ? TOKEN_STRING
						     : TOKEN_BROKEN;
	case ':':
		return TOKEN_COLON;
	case ',':
		return TOKEN_COMMA;
	default:
		return take_scalar(names, c);
	}
}

/* A copy, cut to the room there is. */
static void
keep(char *room, size_t cap, const char *text)
{
	const size_t len = strnlen(text, cap - 1);

	memcpy(room, text, len);
	room[len] = '\0';
}

/* The values that matter, by their key. */
static void
take_value(struct names *names, const char *text, unsigned line)
{
	struct names_item *entry = &names->entry;

	if (strcmp(names->key, "queryName") == 0) {
		names->name_depth = names->depth;
		entry->line = line;
		keep(entry->name, sizeof(entry->name), text);
	} else if (strcmp(names->key, "queryType") == 0) {
		names->type_depth = names->depth;
		keep(entry->type, sizeof(entry->type), text);
	}
	names->key[0] = '\0';
}

/* A string is a key when a colon follows it. */
static void
take_text(struct names *names, const char *text)
{
	const unsigned line = names->line;
	const int c = take_after_blanks(names);

	if (c != ':') {
		give_back(names, c);
		take_value(names, text, line);
		return;
	}
	/* A key cut short is none of those that matter. */
	keep(names->key, sizeof(names->key), text);
}

/* An object has ended; whether it was one with a name. */
static bool
end_object(struct names *names, struct names_item *item)
{
	const size_t depth = names->depth + 1;
	const bool named = names->name_depth == depth;

	if (names->open[names->depth] == '{')
		names->has_objects = true;
	if (named) {
		*item = names->entry;
		names->has_names = true;
		names->name_depth = 0;
	}
	if (named || names->type_depth == depth) {
		names->entry.type[0] = '\0';
		names->type_depth = 0;
	}
	return named;
}

static enum names_outcome
next_entry(struct names *names, struct names_item *item, const char **why)
{
	char text[NAMES_TEXT];

	for (;;) {
		switch (next_token(names, text, sizeof(text))) {
		case TOKEN_END:
			item->line = names->line;
			*why = "the file ends in the middle of an entry";
			return names->depth == 0 ? NAMES_END : NAMES_BROKEN;
		case TOKEN_BROKEN:
			item->line = names->line;
			*why = "this is not JSON";
			return NAMES_BROKEN;
		case TOKEN_STRING:
			take_text(names, text);
			break;
		case TOKEN_CLOSE:
			if (end_object(names, item))
				return NAMES_ITEM;
			break;
		case TOKEN_OPEN:
		case TOKEN_OTHER:
			names->key[0] = '\0';
			break;
		case TOKEN_COLON:
		case TOKEN_COMMA:
			break;
		}
	}
}

enum names_outcome
names_next(struct names *names, struct names_item *item, const char **why)
{
	if (!names->begun)
		begin(names);
	return names->is_log ? next_entry(names, item, why)
			     : next_line(names, item, why);
}

bool
names_is_other_log(const struct names *names)
{
	return names->has_objects && !names->has_names;
}

void
names_read(FILE *file, const struct names_taker *taker)
{
	enum names_outcome outcome;
	struct names_item item;
	struct names names;
	const char *why = NULL;

	names_init(&names, file);
	do {
		outcome = names_next(&names, &item, &why);
		switch (outcome) {
		case NAMES_ITEM:
			taker->take(taker->context, &item);
			break;
		case NAMES_FAULT:
		case NAMES_BROKEN:
			taker->fault(taker->context, item.line, why);
			break;
		case NAMES_END:
			break;
		}
	} while (outcome == NAMES_ITEM || outcome == NAMES_FAULT);
	if (ferror(file))
		taker->fault(taker->context, names.line, strerror(errno));
	if (names_is_other_log(&names)) {
		taker->fault(taker->context, 1,
		    "no entry has a queryName: this is no log of DNS queries");
	}
}
