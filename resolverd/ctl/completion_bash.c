#include "ctl/completion.h"

#include "ctl/arguments.h"

static const char head[] =
    "# bash completion for resolverctl(8) and resolverd(8), printed by\n"
    "# resolverctl completion bash\n"
    "\n"
    "# _resolverctl_is WORDS [files] [names]: what may stand here.\n"
    "_resolverctl_is() {\n"
    "\tlocal words=$1 kind\n"
    "\tshift\n"
    "\tfor kind; do\n"
    "\t\tcase $kind in\n"
    "\t\tfiles) mapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n"
    "\t\t\tcompopt -o filenames 2>/dev/null ;;\n"
    "\t\tnames) [[ $cur == -* ]] ||\n"
    "\t\t\twords+=\" $(resolverctl completion names 2>/dev/null)\" ;;\n"
    "\t\tesac\n"
    "\tdone\n"
    "\tmapfile -O \"${#COMPREPLY[@]}\" -t COMPREPLY \\\n"
    "\t\t< <(compgen -W \"$words\" -- \"$cur\")\n"
    "}\n"
    "\n"
    "# What is before an equals sign is the option.\n"
    "_resolverctl_words() {\n"
    "\tCOMPREPLY=()\n"
    "\tcur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}\n"
    "\tif [[ $cur == = ]]; then\n"
    "\t\tcur=\n"
    "\telif [[ $prev == = && $COMP_CWORD -gt 1 ]]; then\n"
    "\t\tprev=${COMP_WORDS[COMP_CWORD - 2]}\n"
    "\tfi\n"
    "}\n"
    "\n"
    "_resolverctl() {\n"
    "\tlocal cur prev command= i\n"
    "\t_resolverctl_words\n"
    "\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
    "\t\tcase ${COMP_WORDS[i]} in\n"
    "\t\t-c | -s | --config | --socket) ((i++)) ;;\n"
    "\t\t-*) ;;\n"
    "\t\t*) command=${COMP_WORDS[i]}; break ;;\n"
    "\t\tesac\n"
    "\tdone\n"
    "\tcase $command,$prev in\n"
    "\t,-c | ,-s | ,--config | ,--socket)\n"
    "\t\t_resolverctl_is '' files; return ;;\n";

static const char middle[] = "\tesac\n"
			     "\tcase $command in\n";

static const char tail[] = "\tesac\n"
			   "}\n"
			   "complete -F _resolverctl resolverctl\n";

static void
write_values(const char *words, const struct completion_values *values,
    FILE *out)
{
	fprintf(out, "_resolverctl_is '%s%s%s'%s%s", words,
	    words[0] == '\0' || values->words[0] == '\0' ? "" : " ",
	    values->words, values->files ? " files" : "",
	    values->names ? " names" : "");
}

/* What follows each option that has a value. */
static void
write_option_values(const char *name, const struct option_table *table,
    FILE *out)
{
	for (size_t i = 0; i < table->count; i++) {
		const struct option_row *const row = &table->rows[i];
		struct completion_values values;

		if (row->value == NULL)
			continue;
		fprintf(out, "\t%s,--%s", name, row->name);
		if (row->letter != '\0')
			fprintf(out, " | %s,-%c", name, row->letter);
		completion_of_value(&values, row->value);
		fputs(") ", out);
		write_values("", &values, out);
		fputs("; return ;;\n", out);
	}
}

/* The command's options, and what its operands may be. */
static void
write_words(const char *name, const struct option_table *table, FILE *out)
{
	struct completion_values values;

	completion_of_operands(&values, table);
	fprintf(out, "\t%s) [[ $cur == -* ]] && _resolverctl_is '--help", name);
	for (size_t i = 0; i < table->count; i++)
		fprintf(out, " --%s", table->rows[i].name);
	fputs("' ||\n\t\t", out);
	write_values("", &values, out);
	fputs(" ;;\n", out);
}

static void
write_daemon(FILE *out)
{
	struct option_row row;

	fputs("\n_resolverd() {\n"
	      "\tlocal cur prev\n"
	      "\t_resolverctl_words\n"
	      "\tcase $prev in\n",
	    out);
	for (size_t i = 0; arguments_option(i, &row); i++) {
		struct completion_values values;

		if (row.value == NULL)
			continue;
		completion_of_value(&values, row.value);
		fprintf(out, "\t-%c) ", row.letter);
		write_values("", &values, out);
		fputs("; return ;;\n", out);
	}
	fputs("\tesac\n\t_resolverctl_is '", out);
	for (size_t i = 0; arguments_option(i, &row); i++)
		fprintf(out, "%s-%c", i == 0 ? "" : " ", row.letter);
	fputs("'\n}\ncomplete -F _resolverd resolverd\n", out);
}

void
completion_bash(FILE *out)
{
	size_t count;
	const struct command *const commands = command_all(&count);

	fputs(head, out);
	for (size_t i = 0; i < count; i++) {
		const struct option_table *const table =
		    completion_table(&commands[i]);

		if (table != NULL)
			write_option_values(commands[i].name, table, out);
	}
	fputs(middle, out);
	fputs("\t'') _resolverctl_is '-c -s -j -h -V", out);
	for (size_t i = 0; i < count; i++)
		fprintf(out, " %s", commands[i].name);
	fputs("' ;;\n", out);
	for (size_t i = 0; i < count; i++) {
		const struct option_table *const table =
		    completion_table(&commands[i]);

		if (table != NULL)
			write_words(commands[i].name, table, out);
	}
	fputs(tail, out);
	write_daemon(out);
}
