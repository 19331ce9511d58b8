#include "ctl/option.h"

#include <assert.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "ctl/command.h"

enum {
	HELP_LETTER = 'h',
	FIRST_ROW = 256, /* what getopt_long returns for row 0 */
	HELP_COLUMN = 22,
};

/* Who wants tables, not options read by them. */
static struct {
	option_show_fn show;
	void *context;
} shown;

/* A table as getopt_long wants it. */
struct syntax {
	struct option longs[OPTION_ROWS + 2];
	char letters[2 * OPTION_ROWS + 4];
};

static void
syntax_fill(struct syntax *syntax, const struct option_table *table)
{
	char *letter = syntax->letters;

	assert(table->count <= OPTION_ROWS);
	memset(syntax, 0, sizeof(*syntax));
	*letter++ = ':'; /* a value that is missing is told apart */
	*letter++ = HELP_LETTER;
	for (size_t i = 0; i < table->count; i++) {
		const struct option_row *row = &table->rows[i];

		syntax->longs[i] = (struct option){
		    .name = row->name,
		    .has_arg = row->value != NULL,
		    .val = FIRST_ROW + (int)i,
		};
		if (row->letter == '\0')
			continue;
		*letter++ = row->letter;
		if (row->value != NULL)
			*letter++ = ':';
	}
	syntax->longs[table->count] =
	    (struct option){.name = "help", .val = HELP_LETTER};
}

static const struct option_row *
row_find(const struct option_table *table, int found)
{
	for (size_t i = 0; i < table->count; i++) {
		if (found == FIRST_ROW + (int)i ||
		    found == table->rows[i].letter)
			return &table->rows[i];
	}
	return NULL;
}

static bool
row_is_list(const struct option_row *row)
{
	static const char dots[] = "...";
	const size_t len = row->value == NULL ? 0 : strlen(row->value);

	return len >= sizeof(dots) - 1 &&
	    strcmp(row->value + len - (sizeof(dots) - 1), dots) == 0;
}

static void
list_add(struct option_list *list, const char *value)
{
	if (list->count < OPTION_LIST)
		list->items[list->count] = value;
	list->count++;
}

static void
row_store(const struct option_row *row, void *target, const char *value)
{
	void *at = (char *)target + row->at;

	if (row_is_list(row)) {
		list_add(at, value);
	} else if (row->value != NULL) {
		*(const char **)at = value;
	} else {
		*(bool *)at = true;
	}
}

static void
print_help(const struct option_table *table)
{
	printf("usage: resolverctl %s %s\n%s\n\n", table->command,
	    table->arguments, table->help);
	for (size_t i = 0; i < table->count; i++) {
		const struct option_row *row = &table->rows[i];
		char names[64];

		snprintf(names, sizeof(names), "%c%c%s --%s%s%s",
		    row->letter == '\0' ? ' ' : '-',
		    row->letter == '\0' ? ' ' : row->letter,
		    row->letter == '\0' ? " " : ",", row->name,
		    row->value == NULL ? "" : " ",
		    row->value == NULL ? "" : row->value);
		printf("  %-*s %s\n", HELP_COLUMN, names, row->help);
	}
	printf("  %-*s %s\n", HELP_COLUMN, "-h, --help", "print this");
}

enum option_outcome
option_complain(const char *command, const char *format, ...)
{
	va_list list;

	fprintf(stderr, "resolverctl %s: ", command);
	va_start(list, format);
	vfprintf(stderr, format, list);
	va_end(list);
	fprintf(stderr, "\nresolverctl: try 'resolverctl %s --help'\n",
	    command);
	return OPTION_BAD;
}

/* An option that is not there, with the one that was probably meant. */
static enum option_outcome
complain_unknown(const struct option_table *table, const char *given)
{
	const char *names[OPTION_ROWS + 1] = {"help"};
	const char *nearest;

	for (size_t i = 0; i < table->count; i++)
		names[i + 1] = table->rows[i].name;
	nearest = strncmp(given, "--", 2) == 0
	    ? text_nearest(given + 2, names, table->count + 1)
	    : NULL;
	if (nearest == NULL) {
		return option_complain(table->command, "unknown option '%s'",
		    given);
	}
	return option_complain(table->command,
	    "unknown option '%s' (did you mean '--%s'?)", given, nearest);
}

/* What getopt_long makes of a mistake; given is the argument at fault. */
static enum option_outcome
complain(const struct option_table *table, int found, const char *given)
{
	const char short_name[] = {'-', (char)optopt, '\0'};
	const bool is_long = strncmp(given, "--", 2) == 0;

	if (found == ':') {
		return option_complain(table->command, "'%s' needs a value",
		    is_long ? given : short_name);
	}
	if (is_long && optopt >= FIRST_ROW) {
		return option_complain(table->command, "'%s' takes no value",
		    given);
	}
	return complain_unknown(table, is_long ? given : short_name);
}

void
option_show(option_show_fn show, void *context)
{
	shown.show = show;
	shown.context = context;
}

enum option_outcome
option_parse(const struct option_table *table, void *target, int argc,
    char **argv, int *first)
{
	struct syntax syntax;
	int found;

	if (shown.show != NULL) {
		shown.show(shown.context, table);
		return OPTION_DONE;
	}
	syntax_fill(&syntax, table);
	opterr = 0;
	optind = 0; /* glibc: begin anew, also inside an argument */
	while ((found = getopt_long(argc, argv, syntax.letters, syntax.longs,
		    NULL)) != -1) {
		const struct option_row *row = row_find(table, found);

		if (found == HELP_LETTER) {
			print_help(table);
			return OPTION_DONE;
		}
		if (row == NULL)
			return complain(table, found, argv[optind - 1]);
		row_store(row, target, optarg);
	}
	*first = optind;
	return OPTION_GO;
}

bool
option_read(const struct option_table *table, void *target, int argc,
    char **argv, int *number)
{
	const int most = table->operands;
	int first = 0;

	*number = COMMAND_ERROR;
	switch (option_parse(table, target, argc, argv, &first)) {
	case OPTION_GO:
		break;
	case OPTION_DONE:
		*number = COMMAND_OK;
		return false;
	case OPTION_BAD:
		return false;
	}
	if (most != OPTION_ANY && argc - first > most) {
		option_complain(table->command, "'%s' is one argument too many",
		    argv[first + most]);
		return false;
	}
	*number = first;
	return true;
}
