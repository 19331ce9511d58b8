#include "ctl/completion.h"

#include "ctl/arguments.h"

static const char head[] =
    "# fish completion for resolverctl(8) and resolverd(8), printed by\n"
    "# resolverctl completion fish\n"
    "\n"
    "# Whether the command is this one, or none yet.\n"
    "function __resolverctl_at --argument-names wanted\n"
    "    set -l command ''\n"
    "    set -l is_value no\n"
    "    for word in (commandline -opc)[2..-1]\n"
    "        if test $is_value = yes\n"
    "            set is_value no\n"
    "        else if contains -- $word -c -s --config --socket\n"
    "            set is_value yes\n"
    "        else if not string match -q -- '-*' $word\n"
    "            set command $word\n"
    "            break\n"
    "        end\n"
    "    end\n"
    "    test \"$command\" = \"$wanted\"\n"
    "end\n"
    "\n"
    "complete -c resolverctl -f\n"
    "complete -c resolverctl -n '__resolverctl_at \"\"' -s c -r -F"
    " -d 'work with this configuration'\n"
    "complete -c resolverctl -n '__resolverctl_at \"\"' -s s -r -F"
    " -d 'ask the daemon that listens there'\n"
    "complete -c resolverctl -n '__resolverctl_at \"\"' -s j"
    " -d 'print JSON'\n"
    "complete -c resolverctl -n '__resolverctl_at \"\"' -s h"
    " -d 'print a summary'\n"
    "complete -c resolverctl -n '__resolverctl_at \"\"' -s V"
    " -d 'print the versions'\n";

static const char names[] = "(resolverctl completion names 2>/dev/null)";

static void
write_text(const char *text, FILE *out)
{
	completion_quoted(text, "\\'", out);
}

/* -F for files, -a for words and names. */
static void
write_values(const struct completion_values *values, FILE *out)
{
	if (values->files)
		fputs(" -F", out);
	if (values->words[0] == '\0' && !values->names)
		return;
	fprintf(out, " -a '%s%s%s'", values->words,
	    values->words[0] == '\0' ? "" : " ", values->names ? names : "");
}

/* What follows the part that says where the option is for. */
static void
write_option(const struct option_row *row, FILE *out)
{
	struct completion_values values;

	if (row->letter != '\0')
		fprintf(out, " -s %c", row->letter);
	if (row->name != NULL)
		fprintf(out, " -l %s", row->name);
	if (row->value != NULL) {
		completion_of_value(&values, row->value);
		fputs(values.files ? " -r" : " -x", out);
		write_values(&values, out);
	}
	fputs(" -d ", out);
	write_text(row->help, out);
	putc('\n', out);
}

static void
write_condition(const char *command, FILE *out)
{
	fprintf(out, "complete -c resolverctl -n '__resolverctl_at %s'",
	    command);
}

static void
write_command(const struct command *command, FILE *out)
{
	const struct option_table *const table = completion_table(command);
	struct completion_values values;

	fprintf(out,
	    "complete -c resolverctl -n '__resolverctl_at \"\"' -a %s -d ",
	    command->name);
	write_text(command->help, out);
	putc('\n', out);
	if (table == NULL)
		return;
	for (size_t i = 0; i < table->count; i++) {
		write_condition(command->name, out);
		write_option(&table->rows[i], out);
	}
	completion_of_operands(&values, table);
	if (!values.files && !values.names && values.words[0] == '\0')
		return;
	write_condition(command->name, out);
	write_values(&values, out);
	putc('\n', out);
}

void
completion_fish(FILE *out)
{
	size_t count;
	const struct command *const commands = command_all(&count);
	struct option_row row;

	fputs(head, out);
	for (size_t i = 0; i < count; i++)
		write_command(&commands[i], out);
	fputs("\ncomplete -c resolverd -f\n", out);
	for (size_t i = 0; arguments_option(i, &row); i++) {
		fputs("complete -c resolverd", out);
		write_option(&row, out);
	}
}
