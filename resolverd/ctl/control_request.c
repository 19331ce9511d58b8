#include "ctl/control_request.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/text.h"
#include "config/json.h"
#include "config/node.h"

enum { BLOCK = 4096, WORDS = 64, WORD_TEXT = 64 };

/* By kind: what a value must be. */
static const char *const wanted[] = {
    [CONTROL_TEXT] = "a text",
    [CONTROL_FLAG] = "true or false",
    [CONTROL_NUMBER] = "a whole number",
};

/* Says what is wrong; always false. */
static bool __attribute__((format(printf, 2, 3)))
fail(char error[CONTROL_ERROR], const char *format, ...)
{
	va_list list;

	va_start(list, format);
	vsnprintf(error, CONTROL_ERROR, format, list);
	va_end(list);
	return false;
}

/* An unknown word of the request, with the one that was probably meant. */
static bool
fail_unknown(char error[CONTROL_ERROR], const char *what, const char *given,
    const char *const *words, size_t count)
{
	const char *nearest = text_nearest(given, words, count);
	char word[WORD_TEXT];

	text_escape(given, word, sizeof(word));
	if (nearest == NULL)
		return fail(error, "there is no %s '%s'", what, word);
	return fail(error, "there is no %s '%s' (did you mean '%s'?)", what,
	    word, nearest);
}

static bool
is_word(const struct node *value, const char *word)
{
	return strcmp(value->text, word) == 0;
}

/* JSON has signs, fractions and exponents too. */
static bool
read_number(const struct node *value, uint64_t *number)
{
	return number_parse(value->text, 0, UINT64_MAX, number);
}

static bool
argument_fits(const struct control_argument *argument, const struct node *value)
{
	uint64_t number;

	if (value->kind != NODE_SCALAR ||
	    value->quoted != (argument->kind == CONTROL_TEXT))
		return false;
	switch (argument->kind) {
	case CONTROL_TEXT:
		return true;
	case CONTROL_FLAG:
		return is_word(value, "true") || is_word(value, "false");
	case CONTROL_NUMBER:
		return read_number(value, &number);
	}
	abort();
}

/* One member of the request; only those that the command takes are good. */
static bool
request_check(const struct control_command *command, const struct node *member,
    char error[CONTROL_ERROR])
{
	const char *key = member->key->text;
	const char *words[WORDS];
	size_t count = 0;

	if (strcmp(key, "command") == 0)
		return true;
	for (const struct control_argument *argument = command->arguments;
	     argument->name != NULL; argument++) {
		if (strcmp(argument->name, key) == 0) {
			return argument_fits(argument, member) ||
			    fail(error, "'%s' must be %s", key,
				wanted[argument->kind]);
		}
		if (count < WORDS)
			words[count++] = argument->name;
	}
	return fail_unknown(error, "argument", key, words, count);
}

static bool
request_find(struct control_request *request,
    const struct control_commands *commands, const struct node *name,
    char error[CONTROL_ERROR])
{
	const char *words[WORDS];
	size_t count = 0;

	if (name == NULL || name->kind != NODE_SCALAR || !name->quoted)
		return fail(error, "the request names no command");
	for (size_t i = 0; i < commands->count; i++) {
		const struct control_command *command = &commands->rows[i];

		if (strcmp(command->name, name->text) == 0) {
			request->command = command;
			return true;
		}
		if (count < WORDS)
			words[count++] = command->name;
	}
	return fail_unknown(error, "command", name->text, words, count);
}

/* The request as a map; NULL: it is none. */
static const struct node *
request_parse(struct control_request *request, const char *line, size_t len)
{
	const struct node *root;
	struct diag diag;

	diag_init(&diag);
	root = json_load(
	    &(struct yaml_text){
		.path = "request",
		.text = line,
		.len = len,
	    },
	    NULL, &request->arena, &diag);
	diag_fini(&diag);
	return root != NULL && root->kind == NODE_MAP ? root : NULL;
}

bool
control_request_read(struct control_request *request,
    const struct control_commands *commands, const char *line, size_t len,
    char error[CONTROL_ERROR])
{
	const struct node *root;

	*request = (struct control_request){.command = NULL};
	arena_init_heap(&request->arena, BLOCK);
	root = request_parse(request, line, len);
	if (root == NULL)
		return fail(error, "the request is not a JSON object");
	if (!request_find(request, commands, node_get(root, "command"), error))
		return false;
	for (const struct node *n = root->first; n != NULL; n = n->next) {
		if (!request_check(request->command, n, error))
			return false;
	}
	request->root = root;
	return true;
}

/* What it says of an argument of this kind; NULL: nothing. */
static const struct node *
request_value(const struct control_request *request, const char *name,
    enum control_kind kind)
{
	const struct control_argument *argument = request->command->arguments;

	while (argument->name != NULL && strcmp(argument->name, name) != 0)
		argument++;
	/* The command asks for what is in its own table. */
	assert(argument->name != NULL && argument->kind == kind);
	return node_get(request->root, name);
}

const char *
control_request_text(const struct control_request *request, const char *name)
{
	const struct node *value = request_value(request, name, CONTROL_TEXT);

	return value == NULL ? NULL : value->text;
}

bool
control_request_flag(const struct control_request *request, const char *name)
{
	const struct node *value = request_value(request, name, CONTROL_FLAG);

	return value != NULL && is_word(value, "true");
}

bool
control_request_number(const struct control_request *request, const char *name,
    uint64_t *number)
{
	const struct node *value = request_value(request, name, CONTROL_NUMBER);

	return value != NULL && read_number(value, number);
}

static void
describe_argument(const struct control_argument *argument,
    const struct node *value, FILE *out)
{
	if (value == NULL)
		return;
	switch (argument->kind) {
	case CONTROL_TEXT:
	case CONTROL_NUMBER:
		fprintf(out, ", %s %s", argument->name, value->text);
		return;
	case CONTROL_FLAG:
		if (is_word(value, "true"))
			fprintf(out, ", %s", argument->name);
		return;
	}
}

const char *
control_request_describe(const struct control_request *request, char *buf,
    size_t cap)
{
	FILE *out = fmemopen(buf, cap, "w");

	buf[0] = '\0';
	if (out == NULL)
		return buf;
	fputs(request->command->name, out);
	for (const struct control_argument *argument =
		 request->command->arguments;
	     argument->name != NULL; argument++) {
		describe_argument(argument,
		    node_get(request->root, argument->name), out);
	}
	fclose(out);
	buf[cap - 1] = '\0';
	return buf;
}

void
control_request_fini(struct control_request *request)
{
	arena_fini(&request->arena);
}
