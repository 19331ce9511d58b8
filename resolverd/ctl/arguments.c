#include "ctl/arguments.h"

#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "ctl/libraries.h"
#include "ctl/version.h"

#ifndef RESOLVERD_CONFIG
#define RESOLVERD_CONFIG "/etc/resolverd/resolverd.yaml"
#endif

/* Takes an option's value (NULL when it has none); false: too many. */
typedef bool (*argument_fn)(struct arguments *arguments, const char *value);

static bool
argument_config(struct arguments *arguments, const char *value)
{
	arguments->config = value;
	return true;
}

static bool
argument_check(struct arguments *arguments, const char *value)
{
	(void)value;
	arguments->check = true;
	return true;
}

static bool
argument_foreground(struct arguments *arguments, const char *value)
{
	(void)value;
	arguments->foreground = true;
	return true;
}

static bool
argument_verbose(struct arguments *arguments, const char *value)
{
	(void)value;
	arguments->verbosity++;
	return true;
}

static bool
argument_version(struct arguments *arguments, const char *value)
{
	(void)value;
	arguments->version = true;
	return true;
}

static bool
argument_help(struct arguments *arguments, const char *value)
{
	(void)value;
	arguments->help = true;
	return true;
}

static bool
argument_mode(struct arguments *arguments, const char *value)
{
	arguments->overrides.mode = value;
	return true;
}

static bool
argument_listen(struct arguments *arguments, const char *value)
{
	struct load_overrides *overrides = &arguments->overrides;

	if (overrides->listen_count == ARGUMENTS_LIST)
		return false;
	arguments->listen[overrides->listen_count++] = value;
	return true;
}

static bool
argument_upstream(struct arguments *arguments, const char *value)
{
	struct load_overrides *overrides = &arguments->overrides;

	if (overrides->upstream_count == ARGUMENTS_LIST)
		return false;
	arguments->upstreams[overrides->upstream_count++] = value;
	return true;
}

static const struct argument {
	char letter;
	const char *value; /* its name in the usage, or NULL */
	const char *help;
	argument_fn take;
} table[] = {
    {'c', "FILE", "read this configuration (" RESOLVERD_CONFIG ")",
	argument_config},
    {'l', "ADDR[:PORT]", "listen here; may be repeated", argument_listen},
    {'m', "MODE", "restricted, private, off or psc=ADDR", argument_mode},
    {'u', "SERVER", "forward to this one; may be repeated", argument_upstream},
    {'t', NULL, "check the configuration and exit; -tv prints it too",
	argument_check},
    {'f', NULL, "stay in the foreground, log to stderr", argument_foreground},
    {'d', NULL, "the same as -f", argument_foreground},
    {'v', NULL, "log what it reads and each query", argument_verbose},
    {'V', NULL, "print the versions and exit", argument_version},
    {'h', NULL, "print this and exit", argument_help},
};

enum { TABLE_ROWS = sizeof(table) / sizeof(table[0]) };

static const struct argument *
argument_find(int letter)
{
	for (size_t i = 0; i < TABLE_ROWS; i++) {
		if (table[i].letter == letter)
			return &table[i];
	}
	return NULL;
}

/* Writes the table as getopt wants it. */
static void
argument_letters(char letters[2 * TABLE_ROWS + 1])
{
	for (size_t i = 0; i < TABLE_ROWS; i++) {
		*letters++ = table[i].letter;
		if (table[i].value != NULL)
			*letters++ = ':';
	}
	*letters = '\0';
}

static bool
arguments_hint(void)
{
	fputs("resolverd: try 'resolverd -h'\n", stderr);
	return false;
}

static bool
arguments_take(struct arguments *arguments, int letter)
{
	const struct argument *argument = argument_find(letter);

	if (argument == NULL)
		return arguments_hint(); /* getopt has said what is wrong */
	if (argument->take(arguments, optarg))
		return true;
	fprintf(stderr, "resolverd: -%c may be given %d times at most\n",
	    letter, ARGUMENTS_LIST);
	return false;
}

bool
arguments_parse(struct arguments *arguments, int argc, char **argv)
{
	char letters[2 * TABLE_ROWS + 1];
	int letter;

	*arguments = (struct arguments){0};
	arguments->overrides.listen = arguments->listen;
	arguments->overrides.upstreams = arguments->upstreams;
	argument_letters(letters);
	optind = 1;
	while ((letter = getopt(argc, argv, letters)) != -1) {
		if (!arguments_take(arguments, letter))
			return false;
	}
	if (optind < argc) {
		fprintf(stderr, "resolverd: unexpected argument '%s'\n",
		    argv[optind]);
		return arguments_hint();
	}
	if (arguments->config == NULL)
		arguments->config = arguments_default_config();
	return true;
}

const char *
arguments_default_config(void)
{
	return access(RESOLVERD_CONFIG, F_OK) == 0 ? RESOLVERD_CONFIG : NULL;
}

bool
arguments_option(size_t index, struct option_row *out)
{
	if (index >= TABLE_ROWS)
		return false;
	*out = (struct option_row){
	    .letter = table[index].letter,
	    .value = table[index].value,
	    .help = table[index].help,
	};
	return true;
}

void
arguments_print_usage(FILE *out)
{
	fputs("usage: resolverd [-dfhtVv] [-c FILE] [-l ADDR[:PORT]] "
	      "[-m MODE] [-u SERVER]\n",
	    out);
	for (size_t i = 0; i < TABLE_ROWS; i++) {
		fprintf(out, "  -%c %-12s %s\n", table[i].letter,
		    table[i].value == NULL ? "" : table[i].value,
		    table[i].help);
	}
	fputs("An IPv6 address with a port goes in brackets: [::1]:5353.\n",
	    out);
}

void
arguments_print_version(const char *program, FILE *out)
{
	fprintf(out, "%s %s (", program, RESOLVERD_VERSION);
	libraries_load();
	libraries_print(out);
	fputs(")\n", out);
}

const char *
arguments_version(void)
{
	return RESOLVERD_VERSION;
}
