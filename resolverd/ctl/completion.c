#include "ctl/completion.h"

#include <ctype.h>
#include <string.h>

#include "config/server_schema.h"
#include "ctl/compare.h"
#include "model/check.h"

enum { TOKEN = 32 };

static void
add_word(struct completion_values *values, const char *word)
{
	const size_t len = strlen(values->words);

	snprintf(values->words + len, sizeof(values->words) - len, "%s%s",
	    len == 0 ? "" : " ", word);
}

/* Kinds of values, by what the help calls them. */

static void
add_files(struct completion_values *values)
{
	values->files = true;
}

static void
add_modes(struct completion_values *values)
{
	for (const struct schema_word *mode = server_schema_modes;
	     mode->text != NULL; mode++)
		add_word(values, mode->text);
}

static void
add_types(struct completion_values *values)
{
	for (size_t i = 0; i < check_type_count; i++)
		add_word(values, check_types[i]);
}

static void
add_differences(struct completion_values *values)
{
	for (unsigned i = 0; i < COMPARE_KINDS; i++)
		add_word(values, compare_kind_text((enum compare_kind)i));
}

static void
add_formats(struct completion_values *values)
{
	add_word(values, "gcloud terraform bind");
}

static const struct {
	const char *name;
	void (*add)(struct completion_values *values);
} kinds[] = {
    {"FILE", add_files},
    {"PATH", add_files},
    {"DIRECTORY", add_files},
    {"FOLDER", add_files},
    {"MODE", add_modes},
    {"TYPE", add_types},
    {"KIND", add_differences},
    {"FORMAT", add_formats},
};

/* A word in small letters stands for itself, another for a kind of values. */
static void
add_token(struct completion_values *values, const char *token)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strcmp(kinds[i].name, token) == 0)
			kinds[i].add(values);
	}
	if (islower((unsigned char)token[0]))
		add_word(values, token);
}

/* Calls add for each token between brackets, bars, commas and spaces. */
static void
add_tokens(struct completion_values *values, const char *text)
{
	static const char between[] = " []|,.()\n";

	while (*text != '\0') {
		const size_t len = strcspn(text, between);
		char token[TOKEN];

		snprintf(token, sizeof(token), "%.*s", (int)len, text);
		if (len > 0 && len < sizeof(token))
			add_token(values, token);
		text += len;
		text += strspn(text, between);
	}
}

void
completion_of_value(struct completion_values *values, const char *value)
{
	*values = (struct completion_values){.files = false};
	add_tokens(values, value);
}

void
completion_of_operands(struct completion_values *values,
    const struct option_table *table)
{
	*values = (struct completion_values){.files = false};
	add_tokens(values, table->arguments);
	values->names = strstr(table->arguments, "NAME") != NULL;
}

static void
keep_table(void *context, const struct option_table *table)
{
	const struct option_table **const kept = context;

	*kept = table;
}

const struct option_table *
completion_table(const struct command *command)
{
	const struct option_table *table = NULL;
	char name[TOKEN];
	char *argv[] = {name, NULL};

	snprintf(name, sizeof(name), "%s", command->name);
	option_show(keep_table, &table);
	command->run(1, argv);
	option_show(NULL, NULL);
	return table;
}

void
completion_quoted(const char *text, const char *quote, FILE *out)
{
	putc('\'', out);
	for (; *text != '\0'; text++) {
		if (*text == '\'') {
			fputs(quote, out);
		} else {
			putc(*text, out);
		}
	}
	putc('\'', out);
}
