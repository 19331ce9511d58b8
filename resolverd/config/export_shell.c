#include "config/export_shell.h"

#include <stdbool.h>
#include <string.h>

#include "config/export_text.h"

static bool
is_plain(const char *text)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789_.,:/@%+=-";

	return text[0] != '\0' && text[strspn(text, plain)] == '\0';
}

/* Writes text that stands in single quotes: a quote in it closes them. */
static void
put_in_quotes(const char *text, FILE *out)
{
	for (; *text != '\0'; text++) {
		if (*text == '\'') {
			fputs("'\\''", out);
		} else {
			fputc(*text, out);
		}
	}
}

void
export_shell_word(const char *text, FILE *out)
{
	if (is_plain(text)) {
		fputs(text, out);
		return;
	}
	fputc('\'', out);
	put_in_quotes(text, out);
	fputc('\'', out);
}

void
export_shell_flag(const char *argument, FILE *out)
{
	fprintf(out, " \\\n    %s", argument);
}

void
export_shell_flag_text(const char *name, const char *text, FILE *out)
{
	export_shell_flag(name, out);
	fputc('=', out);
	export_shell_word(text, out);
}

static bool
any_has(const struct export_shell_list *list, const char *part)
{
	for (size_t i = 0; i < list->count; i++) {
		if (strstr(list->texts[i], part) != NULL)
			return true;
	}
	return false;
}

/* "{0}" and its like overlap with no other of their kind. */
static const char *
delimiter_of(const struct export_shell_list *list)
{
	const char *delimiter = ",";

	for (unsigned i = 0; delimiter != NULL && any_has(list, delimiter); i++)
		delimiter = arena_printf(list->arena, "{%u}", i);
	return delimiter == NULL ? "," : delimiter;
}

static bool
all_plain(const struct export_shell_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		if (!is_plain(list->texts[i]))
			return false;
	}
	return true;
}

const char *
export_shell_flag_list(const char *name, const struct export_shell_list *list,
    FILE *out)
{
	const char *const delimiter = delimiter_of(list);
	/* What begins with ^ would name a delimiter of its own. */
	const bool usual = strcmp(delimiter, ",") == 0 &&
	    (list->count == 0 || list->texts[0][0] != '^');
	const bool plain = usual && all_plain(list);

	export_shell_flag(name, out);
	fputs(plain ? "=" : "='", out);
	if (!usual)
		fprintf(out, "^%s^", delimiter);
	for (size_t i = 0; i < list->count; i++) {
		fputs(i == 0 ? "" : delimiter, out);
		put_in_quotes(list->texts[i], out);
	}
	fputs(plain ? "" : "'", out);
	return delimiter;
}

const char *
export_shell_join(const struct export_shell_list *list, char separator)
{
	size_t room = 1;
	char *all;

	for (size_t i = 0; i < list->count; i++)
		room += strlen(list->texts[i]) * 4 + 1;
	all = arena_alloc(list->arena, room);
	if (all == NULL)
		return "";
	all[0] = '\0';
	for (size_t i = 0, at = 0; i < list->count; i++) {
		const char *const text =
		    export_text_without(list->arena, list->texts[i], separator);

		at += (size_t)snprintf(all + at, room - at, "%s%s",
		    i == 0 ? "" : (const char[]){separator, '\0'}, text);
	}
	return all;
}
