#include "script.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SCRIPT_WORDS = 256 };

/* The actions of a file while it is read. */
struct reading {
	struct arena *arena;
	const char *file;
	unsigned line;
	struct action *first;
	struct action *last;
};

static const char *const sections[] = {"answer", "authority", "additional"};

bool
script_fail(const struct action *action, const char *format, ...)
{
	va_list args;

	fprintf(stderr, "%s:%u: ", action->file, action->line);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	return false;
}

/* Cuts a comment off: a '#' at a word's beginning, outside of quotes. */
static void
strip_comment(char *text)
{
	bool quoted = false;

	for (char *p = text; *p != '\0'; p++) {
		if (*p == '"')
			quoted = !quoted;
		if (*p != '#' || quoted)
			continue;
		if (p == text || isspace((unsigned char)p[-1])) {
			*p = '\0';
			return;
		}
	}
}

/* Copies one word without its quotes and actions over it. */
static char *
take_word(const char **at, struct arena *arena)
{
	const char *p = *at;
	char *word = arena_alloc(arena, strlen(p) + 1);
	char *out = word;
	bool quoted = false;

	for (; *p != '\0' && (quoted || !isspace((unsigned char)*p)); p++) {
		if (*p == '"') {
			quoted = !quoted;
		} else {
			*out++ = *p;
		}
	}
	*out = '\0';
	*at = p;
	return word;
}

/* Splits a line; an action without words when it is empty. */
static struct action *
action_new(struct reading *reading, const char *text)
{
	struct action *action =
	    arena_calloc(reading->arena, 1, sizeof(struct action));
	char *line = arena_strdup(reading->arena, text);
	const char *p = line;

	strip_comment(line);
	action->file = reading->file;
	action->line = reading->line;
	action->words =
	    arena_calloc(reading->arena, SCRIPT_WORDS, sizeof(char *));
	action->at = arena_calloc(reading->arena, SCRIPT_WORDS, sizeof(char *));
	for (;;) {
		while (isspace((unsigned char)*p))
			p++;
		if (*p == '\0' || action->count == SCRIPT_WORDS - 1)
			return action;
		action->at[action->count] = p;
		action->words[action->count++] = take_word(&p, reading->arena);
	}
}

static void
add_block_line(struct reading *reading, const char *text)
{
	struct action *action = reading->last;
	const char *before = action->block == NULL ? "" : action->block;

	action->block = arena_printf(reading->arena, "%s%s\n", before, text);
}

static void
add_section_line(struct reading *reading, struct action *line)
{
	struct action **end = &reading->last->lines;

	while (*end != NULL)
		end = &(*end)->next;
	*end = line;
}

static bool
is_section(const char *word)
{
	for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++) {
		if (strcmp(word, sections[i]) == 0)
			return true;
	}
	return false;
}

static void
add_line(struct reading *reading, const char *text)
{
	const char *start = text + strspn(text, " \t");
	struct action *action;

	if (*start == '|' && reading->last != NULL) {
		add_block_line(reading, start + 1);
		return;
	}
	action = action_new(reading, text);
	if (action->count == 0)
		return;
	if (reading->last == NULL) {
		reading->first = reading->last = action;
	} else if (is_section(action->words[0])) {
		add_section_line(reading, action);
	} else {
		reading->last->next = action;
		reading->last = action;
	}
}

struct action *
script_read(const char *path, struct arena *arena)
{
	struct reading reading = {.arena = arena, .file = path};
	FILE *file = fopen(path, "re");
	char *line = NULL;
	size_t cap = 0;

	if (file == NULL) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		return NULL;
	}
	while (getline(&line, &cap, file) > 0) {
		line[strcspn(line, "\n")] = '\0';
		reading.line++;
		add_line(&reading, line);
	}
	free(line);
	fclose(file);
	if (reading.first == NULL)
		fprintf(stderr, "%s: holds no action\n", path);
	return reading.first;
}

/* Whether a word is this option, its value left aside. */
static bool
is_option(const char *word, const char *option)
{
	const size_t len = strlen(option);

	if (option[len - 1] == '=')
		return strncmp(word, option, len) == 0;
	return strcmp(word, option) == 0;
}

size_t
script_options(const struct action *action, size_t first,
    const char *const *options)
{
	for (size_t i = first; i < action->count; i++) {
		const char *const *option = options;

		while (*option != NULL && !is_option(action->words[i], *option))
			option++;
		if (*option == NULL)
			return i;
	}
	return action->count;
}

bool
script_only(const struct action *action, size_t first,
    const char *const *options)
{
	const size_t end = script_options(action, first, options);

	if (end >= action->count)
		return true;
	return script_fail(action, "'%s' is not an option of '%s'",
	    action->words[end], action->words[0]);
}

bool
script_has(const struct action *action, const char *option)
{
	for (size_t i = 1; i < action->count; i++) {
		if (strcmp(action->words[i], option) == 0)
			return true;
	}
	return false;
}

const char *
script_value(const struct action *action, const char *name)
{
	for (size_t i = 1; i < action->count; i++) {
		if (strncmp(action->words[i], name, strlen(name)) == 0)
			return action->words[i] + strlen(name);
	}
	return NULL;
}

unsigned
script_number(const struct action *action, const char *name, unsigned fallback)
{
	const char *value = script_value(action, name);

	return value == NULL ? fallback : (unsigned)strtoul(value, NULL, 0);
}
