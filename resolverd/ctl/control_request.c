#include "ctl/control_request.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/diag.h"
#include "base/text.h"
#include "config/json.h"

enum { BLOCK = 4096, WORDS = 64, WORD_TEXT = 64 };

/* All arguments that there are. */
static const struct argument {
	const char *name;
	bool flag; /* true or false; else a text */
	size_t at;
} arguments[] = {
    {"name", false, offsetof(struct control_arguments, name)},
    {"tree", true, offsetof(struct control_arguments, tree)},
    {"negative", true, offsetof(struct control_arguments, negative)},
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

static const struct argument *
argument_find(const char *name)
{
	for (size_t i = 0; i < sizeof(arguments) / sizeof(arguments[0]); i++) {
		if (strcmp(arguments[i].name, name) == 0)
			return &arguments[i];
	}
	return NULL;
}

/* The value of an argument into its place. */
static bool
argument_store(const struct argument *argument, const struct node *value,
    struct control_arguments *out, char error[CONTROL_ERROR])
{
	char *at = (char *)out + argument->at;

	if (value->kind != NODE_SCALAR || value->quoted == argument->flag) {
		return fail(error, "'%s' must be %s", argument->name,
		    argument->flag ? "true or false" : "a text");
	}
	if (!argument->flag) {
		*(const char **)(void *)at = value->text;
		return true;
	}
	*(bool *)at = strcmp(value->text, "true") == 0;
	if (!*(bool *)at && strcmp(value->text, "false") != 0) {
		return fail(error, "'%s' must be true or false",
		    argument->name);
	}
	return true;
}

/* One member of the request; only those that the command takes are good. */
static bool
request_take(struct control_request *request, const struct node *member,
    char error[CONTROL_ERROR])
{
	const char *const *names = request->command->arguments;
	const char *key = member->key->text;
	size_t count = 0;

	if (strcmp(key, "command") == 0)
		return true;
	while (names[count] != NULL) {
		if (strcmp(names[count], key) == 0) {
			return argument_store(argument_find(key), member,
			    &request->arguments, error);
		}
		count++;
	}
	return fail_unknown(error, "argument", key, names, count);
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
		if (!request_take(request, n, error))
			return false;
	}
	return true;
}

const char *
control_request_text(const struct control_request *request, char *buf,
    size_t cap)
{
	FILE *out = fmemopen(buf, cap, "w");

	buf[0] = '\0';
	if (out == NULL)
		return buf;
	fputs(request->command->name, out);
	for (size_t i = 0; i < sizeof(arguments) / sizeof(arguments[0]); i++) {
		const void *at =
		    (const char *)&request->arguments + arguments[i].at;

		if (arguments[i].flag && *(const bool *)at) {
			fprintf(out, ", %s", arguments[i].name);
		} else if (!arguments[i].flag &&
		    *(const char *const *)at != NULL) {
			fprintf(out, ", %s %s", arguments[i].name,
			    *(const char *const *)at);
		}
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
