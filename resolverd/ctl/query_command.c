#include "ctl/query_command.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/json_writer.h"
#include "ctl/command.h"
#include "ctl/explain.h"
#include "ctl/option.h"
#include "ctl/stub.h"
#include "ctl/subject.h"
#include "ctl/whom.h"
#include "dns/edns.h"

enum {
	ARENA_BLOCK = 16384,
	OWNER_COLUMN = 32,
	MICROSECOND = 1000,
	NANOSECONDS = 1000000, /* of a millisecond */
	OPERANDS = 2,
	WHY_ARGUMENTS = 6,
};

struct query_options {
	const char *config;
	const char *server;
	bool tcp;
	bool dnssec;
	bool why;
	bool json;
};

static const struct option_row rows[] = {
    {"config", 'c', "FILE", "ask the daemon of this configuration",
	offsetof(struct query_options, config)},
    {"server", '\0', "ADDR", "ask this server; also written @ADDR",
	offsetof(struct query_options, server)},
    {"tcp", '\0', NULL, "ask over TCP", offsetof(struct query_options, tcp)},
    {"dnssec", '\0', NULL, "ask for DNSSEC records too (DO)",
	offsetof(struct query_options, dnssec)},
    {"why", 'w', NULL, "explain the answer, as the configuration has it",
	offsetof(struct query_options, why)},
    {"json", 'j', NULL, "print JSON", offsetof(struct query_options, json)},
};

static const struct option_table table = {
    .command = "query",
    .arguments = "[OPTION ...] NAME [TYPE]",
    .operands = OPTION_ANY,
    .help =
	"Asks the daemon over DNS, as any client does, and shows the answer,\n"
	"how long it took, and what the server says of it. TYPE is A unless\n"
	"given; an IP address asks for its PTR records.",
    .rows = rows,
    .count = sizeof(rows) / sizeof(rows[0]),
};

/* One run of the command. */
struct run {
	struct query_options options;
	char *operands[OPERANDS];
	size_t count;
	struct question question;
	struct stub stub;
	struct stub_reply reply;
	struct arena arena;
};

/* What hands have learnt from dig. */
static const struct {
	const char *text;
	size_t at;
} plus_options[] = {
    {"+tcp", offsetof(struct query_options, tcp)},
    {"+vc", offsetof(struct query_options, tcp)},
    {"+dnssec", offsetof(struct query_options, dnssec)},
};

static bool
take_plus(struct run *run, const char *text)
{
	for (size_t i = 0; i < sizeof(plus_options) / sizeof(plus_options[0]);
	     i++) {
		if (strcmp(plus_options[i].text, text) != 0)
			continue;
		*(bool *)((char *)&run->options + plus_options[i].at) = true;
		return true;
	}
	option_complain(table.command,
	    "'%s' is not known; there are +tcp and +dnssec", text);
	return false;
}

static bool
take_operand(struct run *run, char *text)
{
	if (text[0] == '+')
		return take_plus(run, text);
	if (text[0] == '@') {
		run->options.server = text;
		return true;
	}
	if (run->count == OPERANDS) {
		option_complain(table.command, "'%s' is one argument too many",
		    text);
		return false;
	}
	run->operands[run->count++] = text;
	return true;
}

static bool
read_question(struct run *run)
{
	const char *const type = run->count > 1 ? run->operands[1] : NULL;
	const char *why = NULL;

	if (run->count == 0) {
		option_complain(table.command, "which name?");
		return false;
	}
	switch (subject_parse(&run->question, run->operands[0], type, TYPE_A,
	    &why)) {
	case SUBJECT_OK:
		return true;
	case SUBJECT_BAD_NAME:
		option_complain(table.command, "the name '%s' %s",
		    run->operands[0], why);
		return false;
	case SUBJECT_BAD_TYPE:
		option_complain(table.command, "'%s' is no record type", type);
		return false;
	}
	return false;
}

static bool
choose_stub(struct run *run)
{
	const struct query_options *const options = &run->options;
	struct addr server;
	const bool good = options->server == NULL
	    ? whom_daemon(options->config, &server)
	    : whom_parse(table.command, options->server, &server);

	if (!good)
		return false;
	run->stub = stub_to(&server);
	run->stub.dnssec_ok = options->dnssec;
	if (options->tcp)
		run->stub.transport = TRANSPORT_TCP;
	return true;
}

/* What came of it. */

static const char *
transport_text(const struct run *run)
{
	return run->reply.transport == TRANSPORT_UDP ? "UDP" : "TCP";
}

static void
print_records(const struct response *response, enum section section)
{
	for (size_t i = 0; i < response->count; i++) {
		const struct response_record *const record =
		    &response->records[i];

		if (record->section != section)
			continue;
		printf("%-*s %6" PRIu32 "  %-5s %s\n", OWNER_COLUMN,
		    record->owner, record->ttl, record->type, record->data);
	}
}

/* Whether there is what was asked for, be it behind aliases. */
static bool
has_answer(const struct response *response)
{
	for (size_t i = 0; i < response->count; i++) {
		const struct response_record *const record =
		    &response->records[i];

		if (record->section == SECTION_ANSWER &&
		    (strcmp(record->type, response->type) == 0 ||
			strcmp(response->type, "ANY") == 0))
			return true;
	}
	return false;
}

/* What an answer without records rests on is its SOA. */
static void
print_answer(const struct response *response)
{
	print_records(response, SECTION_ANSWER);
	if (has_answer(response))
		return;
	printf("(no %s records)\n", response->type);
	print_records(response, SECTION_AUTHORITY);
}

static void
print_error(const struct response *response)
{
	const char *name;

	if (response->ede == EDE_NONE)
		return;
	name = edns_error_name((uint16_t)response->ede);
	printf(";; EDE %d (%s)%s%s\n", response->ede,
	    name == NULL ? "unknown" : name,
	    response->ede_text[0] == '\0' ? "" : ": ", response->ede_text);
}

static void
print_reply(const struct run *run)
{
	const struct stub_reply *const reply = &run->reply;
	const struct response *const response = &reply->response;
	char rcode[RESPONSE_RCODE_TEXT];
	char server[ADDR_TEXT];

	print_answer(response);
	printf(";; %s, flags:", response_rcode(response->rcode, rcode));
	response_print_flags(response, stdout);
	putchar('\n');
	print_error(response);
	printf(";; %s over %s, %.2f ms, %zu octets\n",
	    addr_format(&run->stub.server, server), transport_text(run),
	    (double)reply->took / NANOSECONDS, reply->len);
}

static void
write_reply(const struct run *run)
{
	const struct stub_reply *const reply = &run->reply;
	struct json_writer writer;
	char server[ADDR_TEXT];

	json_writer_init(&writer, stdout);
	json_writer_object(&writer, NULL);
	json_writer_text(&writer, "name", reply->response.name);
	json_writer_text(&writer, "type", reply->response.type);
	json_writer_text(&writer, "server",
	    addr_format(&run->stub.server, server));
	json_writer_text(&writer, "transport", transport_text(run));
	json_writer_number(&writer, "took_us", reply->took / MICROSECOND);
	json_writer_number(&writer, "octets", reply->len);
	response_write(&reply->response, "response", &writer);
	json_writer_end(&writer);
}

static void
complain(const struct run *run)
{
	char server[ADDR_TEXT];
	char text[STUB_TEXT];

	fprintf(stderr, "resolverctl query: %s %s\n",
	    addr_format(&run->stub.server, server),
	    stub_outcome_text(&run->stub, &run->reply, text));
}

/* The same question to the same configuration, as explain answers it. */
static void
explain(struct run *run)
{
	char name[] = "explain";
	char option[] = "-c";
	char *argv[WHY_ARGUMENTS] = {name};
	int argc = 1;

	if (run->options.config != NULL) {
		argv[argc++] = option;
		argv[argc++] = arena_strdup(&run->arena, run->options.config);
	}
	for (size_t i = 0; i < run->count; i++)
		argv[argc++] = run->operands[i];
	putchar('\n');
	fflush(stdout);
	if (!run->arena.full)
		explain_run(argc, argv);
}

static int
show(struct run *run)
{
	const unsigned rcode = run->reply.response.rcode;

	if (run->reply.outcome != STUB_ANSWERED) {
		complain(run);
	} else if (run->options.json) {
		write_reply(run);
	} else {
		print_reply(run);
	}
	if (run->options.why)
		explain(run);
	if (run->reply.outcome != STUB_ANSWERED)
		return COMMAND_ERROR;
	return rcode == RCODE_NOERROR || rcode == RCODE_NXDOMAIN
	    ? COMMAND_OK
	    : COMMAND_FOUND;
}

static bool
take_operands(struct run *run, int count, char **operands)
{
	for (int i = 0; i < count; i++) {
		if (!take_operand(run, operands[i]))
			return false;
	}
	if (run->options.json && run->options.why) {
		option_complain(table.command,
		    "--json is the answer alone; see 'resolverctl explain "
		    "--json' for why");
		return false;
	}
	return read_question(run) && choose_stub(run);
}

int
query_command_run(int argc, char **argv)
{
	struct run run = {.count = 0};
	int first;
	int status;

	if (!option_read(&table, &run.options, argc, argv, &first))
		return first;
	if (!take_operands(&run, argc - first, argv + first))
		return COMMAND_ERROR;
	arena_init_heap(&run.arena, ARENA_BLOCK);
	stub_ask(&run.stub, &run.question, &run.arena, &run.reply);
	status = show(&run);
	arena_fini(&run.arena);
	return status;
}
