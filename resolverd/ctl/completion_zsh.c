#include "ctl/completion.h"

#include "ctl/arguments.h"

static const char head[] =
    "#compdef resolverctl resolverd\n"
    "# zsh completion for resolverctl(8) and resolverd(8), printed by\n"
    "# resolverctl completion zsh\n"
    "\n"
    "# _resolverctl_is [--files] [--names] WORD...: what may stand here.\n"
    "_resolverctl_is() {\n"
    "\tif [[ $1 == --files ]]; then\n"
    "\t\tshift\n"
    "\t\t_files\n"
    "\tfi\n"
    "\tif [[ $1 == --names ]]; then\n"
    "\t\tshift\n"
    "\t\tcompadd -- ${(f)\"$(resolverctl completion names 2>/dev/null)\"}\n"
    "\tfi\n"
    "\tcompadd -- \"$@\"\n"
    "}\n"
    "\n"
    "_resolverctl_tool() {\n"
    "\tlocal curcontext=$curcontext state line\n"
    "\tlocal -a commands\n"
    "\tcommands=(\n";

static const char middle[] =
    "\t)\n"
    "\t_arguments -C \\\n"
    "\t\t'-c[work with this configuration]:file:_files' \\\n"
    "\t\t'-s[ask the daemon that listens there]:path:_files' \\\n"
    "\t\t'-j[print JSON]' \\\n"
    "\t\t'-h[print a summary]' '-V[print the versions]' \\\n"
    "\t\t'1:command:->command' '*::argument:->argument'\n"
    "\tcase $state in\n"
    "\tcommand) _describe command commands; return ;;\n"
    "\targument) ;;\n"
    "\t*) return ;;\n"
    "\tesac\n"
    "\tcase $words[1] in\n";

static const char tail[] = "\tesac\n"
			   "}\n"
			   "\n"
			   "_resolverctl_daemon() {\n"
			   "\t_arguments -s";

static const char foot[] = "\n"
			   "}\n"
			   "\n"
			   "case $service in\n"
			   "resolverd) _resolverctl_daemon \"$@\" ;;\n"
			   "*) _resolverctl_tool \"$@\" ;;\n"
			   "esac\n";

/* Text within a specification, which stands in single quotes. */
static void
write_text(const char *text, FILE *out)
{
	for (; *text != '\0'; text++) {
		switch (*text) {
		case '\'':
			fputs("'\\''", out);
			break;
		case '[':
		case ']':
		case ':':
		case '\\':
			fprintf(out, "\\%c", *text);
			break;
		default:
			putc(*text == '\n' ? ' ' : *text, out);
			break;
		}
	}
}

/* The space at its start keeps zsh from adding to it. */
static void
write_values(const struct completion_values *values, FILE *out)
{
	fprintf(out, ": _resolverctl_is%s%s%s%s",
	    values->files ? " --files" : "", values->names ? " --names" : "",
	    values->words[0] == '\0' ? "" : " ", values->words);
}

/* '-x[help]:VALUE: _resolverctl_is ...' */
static void
write_option(const char *dashes, const char *name, const struct option_row *row,
    FILE *out)
{
	struct completion_values values;

	fprintf(out, " \\\n\t\t\t'%s%s[", dashes, name);
	write_text(row->help, out);
	putc(']', out);
	if (row->value != NULL) {
		completion_of_value(&values, row->value);
		putc(':', out);
		write_text(row->value, out);
		write_values(&values, out);
	}
	putc('\'', out);
}

static void
write_row(const struct option_row *row, FILE *out)
{
	const char letter[] = {row->letter, '\0'};

	if (row->letter != '\0')
		write_option("-", letter, row, out);
	if (row->name != NULL)
		write_option("--", row->name, row, out);
}

static void
write_command(const struct command *command, FILE *out)
{
	const struct option_table *const table = completion_table(command);
	struct completion_values values;

	if (table == NULL)
		return;
	fprintf(out, "\t%s) _arguments", command->name);
	for (size_t i = 0; i < table->count; i++)
		write_row(&table->rows[i], out);
	completion_of_operands(&values, table);
	fputs(" \\\n\t\t\t'--help[print the options]' '*:argument", out);
	write_values(&values, out);
	fputs("' ;;\n", out);
}

void
completion_zsh(FILE *out)
{
	size_t count;
	const struct command *const commands = command_all(&count);
	struct option_row row;

	fputs(head, out);
	for (size_t i = 0; i < count; i++) {
		fprintf(out, "\t\t'%s:", commands[i].name);
		write_text(commands[i].help, out);
		fputs("'\n", out);
	}
	fputs(middle, out);
	for (size_t i = 0; i < count; i++)
		write_command(&commands[i], out);
	fputs(tail, out);
	for (size_t i = 0; arguments_option(i, &row); i++)
		write_row(&row, out);
	fputs(foot, out);
}
