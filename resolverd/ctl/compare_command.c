#include "ctl/compare_command.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "config/load.h"
#include "ctl/arguments.h"
#include "ctl/command.h"
#include "ctl/compare_names.h"
#include "ctl/compare_report.h"
#include "ctl/names.h"
#include "ctl/option.h"
#include "ctl/subject.h"
#include "ctl/whom.h"
#include "dns/rdata.h"
#include "model/reference.h"

enum {
	RATE = 200, /* questions a second */
	RATE_MAX = 100000,
	INTERVAL_MS = 1100, /* a second of a TTL, and some */
	WORD = 32,
};

struct compare_options {
	const char *against;
	const char *with;
	const char *config;
	const char *network;
	const char *types;
	const char *ignore;
	const char *rate;
	bool json;
	bool junit;
};

static const struct option_row rows[] = {
    {"against", 'a', "ADDR", "compare with this server; required",
	offsetof(struct compare_options, against)},
    {"with", '\0', "ADDR", "ask this server in place of the daemon",
	offsetof(struct compare_options, with)},
    {"config", 'c', "FILE", "take the names of this configuration",
	offsetof(struct compare_options, config)},
    {"network", 'n', "NAME", "take those that this network has",
	offsetof(struct compare_options, network)},
    {"types", '\0', "TYPE,...", "ask for these; A,AAAA,HTTPS unless given",
	offsetof(struct compare_options, types)},
    {"ignore", '\0', "KIND,...", "differences that do not count",
	offsetof(struct compare_options, ignore)},
    {"rate", '\0', "NUMBER", "questions a second at most; 200 unless given",
	offsetof(struct compare_options, rate)},
    {"json", 'j', NULL, "print JSON", offsetof(struct compare_options, json)},
    {"junit", '\0', NULL, "print JUnit's XML, for CI",
	offsetof(struct compare_options, junit)},
};

static const struct option_table table = {
    .command = "compare",
    .arguments = "-a ADDR [OPTION ...] [NAME|FILE ...]",
    .operands = OPTION_ANY,
    .help =
	"Asks two servers the same, and shows every difference that a client\n"
	"would notice: rcode, flags, records, the chain of aliases, TTLs, the\n"
	"SOA of negative answers, EDNS, truncation. Without names it asks for\n"
	"those of the configuration, and for some that are not there. A file,\n"
	"or standard input for -, has a name a line, with a type if any.",
    .rows = rows,
    .count = sizeof(rows) / sizeof(rows[0]),
};

/* One run of the command. */
struct run {
	struct compare_options options;
	struct addr servers[COMPARE_SIDES];
	struct compare_plan plan;
	uint16_t types[COMPARE_TYPES];
	size_t type_count;
	struct compare_names names;
	const char *path; /* of the list that is being read */
	bool faulty;	  /* a name could not be read */
};

/* The command line. */

/* Cuts the next of words between commas off; false: there is none, or long. */
static bool
next_word(const char **text, char word[WORD])
{
	const size_t len = strcspn(*text, ",");

	if (len == 0 || len >= WORD)
		return false;
	memcpy(word, *text, len);
	word[len] = '\0';
	*text += len;
	if (**text == ',')
		(*text)++;
	return true;
}

static bool
read_types(struct run *run)
{
	const char *text =
	    run->options.types == NULL ? "A,AAAA,HTTPS" : run->options.types;
	char word[WORD];

	do {
		uint16_t type;

		if (!next_word(&text, word) ||
		    !rdata_type_from_text(word, &type)) {
			option_complain(table.command,
			    "--types: '%s' is no list of record types such as "
			    "A,AAAA",
			    run->options.types);
			return false;
		}
		if (run->type_count == COMPARE_TYPES) {
			option_complain(table.command,
			    "--types: %d types are enough", COMPARE_TYPES);
			return false;
		}
		run->types[run->type_count++] = type;
	} while (*text != '\0');
	return true;
}

static bool
ignore_kind(struct run *run, const char *word)
{
	const char *kinds[COMPARE_KINDS];
	const char *nearest;

	for (unsigned i = 0; i < COMPARE_KINDS; i++) {
		kinds[i] = compare_kind_text((enum compare_kind)i);
		if (strcmp(kinds[i], word) != 0)
			continue;
		run->plan.ignored |= 1U << i;
		return true;
	}
	nearest = text_nearest(word, kinds, COMPARE_KINDS);
	option_complain(table.command,
	    "--ignore: '%s' is no kind of difference%s%s%s", word,
	    nearest == NULL ? "; rcode, flags, records, chain, ttl, authority, "
			      "edns and truncation are"
			    : " (did you mean '",
	    nearest == NULL ? "" : nearest, nearest == NULL ? "" : "'?)");
	return false;
}

static bool
read_ignored(struct run *run)
{
	const char *text = run->options.ignore;
	char word[WORD];

	while (text != NULL && *text != '\0') {
		if (!next_word(&text, word)) {
			option_complain(table.command,
			    "--ignore: '%s' is no list", run->options.ignore);
			return false;
		}
		if (!ignore_kind(run, word))
			return false;
	}
	return true;
}

static bool
read_rate(struct run *run)
{
	uint64_t rate = RATE;

	if (run->options.rate != NULL &&
	    !number_parse(run->options.rate, 1, RATE_MAX, &rate)) {
		option_complain(table.command,
		    "--rate must be a number from 1 to %d, not '%s'", RATE_MAX,
		    run->options.rate);
		return false;
	}
	run->plan.rate = (unsigned)rate;
	return true;
}

static bool
choose_servers(struct run *run)
{
	const struct compare_options *const options = &run->options;

	if (options->against == NULL) {
		option_complain(table.command,
		    "--against which server? On a VM it is 169.254.169.254");
		return false;
	}
	if (!whom_parse(table.command, options->against,
		&run->servers[COMPARE_RIGHT]))
		return false;
	return options->with == NULL
	    ? whom_daemon(options->config, &run->servers[COMPARE_LEFT])
	    : whom_parse(table.command, options->with,
		  &run->servers[COMPARE_LEFT]);
}

static bool
read_options(struct run *run)
{
	if (run->options.json && run->options.junit) {
		option_complain(table.command,
		    "--json and --junit are two documents");
		return false;
	}
	if (!read_types(run) || !read_ignored(run) || !read_rate(run) ||
	    !choose_servers(run))
		return false;
	for (size_t i = 0; i < COMPARE_SIDES; i++)
		run->plan.sides[i] = stub_to(&run->servers[i]);
	run->plan.interval_ms = INTERVAL_MS;
	return true;
}

/* Names. */

static void
complain(void *context, unsigned line, const char *why)
{
	struct run *run = context;

	run->faulty = true;
	fprintf(stderr, "resolverctl compare: %s:%u: %s\n", run->path, line,
	    why);
}

static void
take_item(void *context, const struct names_item *item)
{
	struct run *run = context;
	const char *const type = item->type[0] == '\0' ? NULL : item->type;
	struct question question;
	const char *why;

	switch (subject_parse(&question, item->name, type, 0, &why)) {
	case SUBJECT_OK:
		break;
	case SUBJECT_BAD_NAME:
		complain(run, item->line, "this is no domain name");
		return;
	case SUBJECT_BAD_TYPE:
		complain(run, item->line, "this is no record type");
		return;
	}
	if (question.type == 0) {
		compare_names_add_name(&run->names, &question.name);
	} else {
		compare_names_add(&run->names, &question.name, question.type);
	}
}

static void
read_names(struct run *run, FILE *file, const char *path)
{
	const struct names_taker taker = {take_item, complain, run};

	run->path = path;
	names_read(file, &taker);
}

static bool
read_file(struct run *run, const char *path)
{
	FILE *const file = fopen(path, "re");

	if (file == NULL) {
		fprintf(stderr, "resolverctl compare: %s: %s\n", path,
		    strerror(errno));
		return false;
	}
	read_names(run, file, path);
	fclose(file);
	return true;
}

/* A name that stands on the command line itself. */
static bool
take_name(struct run *run, const char *text)
{
	struct question question;
	const char *why;

	if (subject_parse(&question, text, NULL, 0, &why) != SUBJECT_OK) {
		option_complain(table.command, "the name '%s' %s", text, why);
		return false;
	}
	if (question.type == 0) {
		compare_names_add_name(&run->names, &question.name);
	} else {
		compare_names_add(&run->names, &question.name, question.type);
	}
	return true;
}

static bool
take_operand(struct run *run, const char *text)
{
	if (strcmp(text, "-") == 0) {
		read_names(run, stdin, "standard input");
		return true;
	}
	if (strchr(text, '/') != NULL || access(text, F_OK) == 0)
		return read_file(run, text);
	return take_name(run, text);
}

static bool
take_model(struct run *run, const struct model *model)
{
	const char *const name = run->options.network;
	const struct model_network *const network = name == NULL
	    ? reference_default(model)
	    : reference_network_named(model, name);

	if (network == NULL) {
		option_complain(table.command, "there is no network '%s'",
		    name);
		return false;
	}
	return compare_names_of_model(&run->names, model, network);
}

static bool
take_configuration(struct run *run)
{
	const char *const config = run->options.config == NULL
	    ? arguments_default_config()
	    : run->options.config;
	const struct load_overrides none = {.mode = NULL};
	struct model model;
	struct diag diag;
	bool good;

	diag_init(&diag);
	good = load_model(config, &none, &model, &diag);
	if (!good)
		diag_print(&diag, stderr);
	good = good && take_model(run, &model);
	model_fini(&model);
	diag_fini(&diag);
	return good;
}

static bool
take_names(struct run *run, int count, char **operands)
{
	if (count == 0 && !take_configuration(run))
		return false;
	for (int i = 0; i < count; i++) {
		if (!take_operand(run, operands[i]))
			return false;
	}
	if (run->names.full) {
		fputs("resolverctl compare: too many questions\n", stderr);
		return false;
	}
	if (run->faulty)
		return false;
	if (run->names.count > 0)
		return true;
	fputs("resolverctl compare: there is nothing to ask for\n", stderr);
	return false;
}

/* The work. */

static void
report(const struct run *run, const struct compare_report *report)
{
	if (run->options.json) {
		compare_report_json(report, stdout);
	} else if (run->options.junit) {
		compare_report_junit(report, stdout);
	} else {
		compare_report_text(report, stdout);
	}
}

static int
status(const struct compare_report *report)
{
	if (compare_report_count(report, COMPARE_DIFFERENT) > 0)
		return COMMAND_FOUND;
	return compare_report_count(report, COMPARE_SAME) == report->count
	    ? COMMAND_OK
	    : COMMAND_ERROR;
}

static int
compare(const struct run *run)
{
	const size_t count = run->names.count;
	struct compare_job *const jobs = calloc(count, sizeof(*jobs));
	char servers[COMPARE_SIDES][ADDR_TEXT];
	struct compare_report made = {.jobs = jobs, .count = count};
	int result;

	for (size_t i = 0; i < COMPARE_SIDES; i++)
		made.servers[i] = addr_format(&run->servers[i], servers[i]);
	for (size_t i = 0; jobs != NULL && i < count; i++)
		jobs[i].question = run->names.items[i];
	if (jobs == NULL || !compare_ask(&run->plan, jobs, count)) {
		fputs("resolverctl compare: out of memory\n", stderr);
		free(jobs);
		return COMMAND_ERROR;
	}
	report(run, &made);
	result = status(&made);
	compare_ask_free(jobs, count);
	free(jobs);
	return result;
}

int
compare_command_run(int argc, char **argv)
{
	struct run run = {.type_count = 0};
	int result = COMMAND_ERROR;
	int first;

	if (!option_read(&table, &run.options, argc, argv, &first))
		return first;
	if (!read_options(&run))
		return COMMAND_ERROR;
	compare_names_init(&run.names, run.types, run.type_count);
	if (take_names(&run, argc - first, argv + first))
		result = compare(&run);
	compare_names_fini(&run.names);
	return result;
}
