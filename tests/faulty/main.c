/*
 * faulty: a DNS server on loopback that does what the names tell it to, to
 * see what resolverd makes of it.  -r keeps a line for each question: the
 * milliseconds, how it came, to which address, from which port, its id, name
 * as it came, type, flags and EDNS.
 */
#include <arpa/inet.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "behaviour.h"
#include "server.h"

enum { PORT = 53, SPOKEN_MAX = 8 };

static FILE *record;
static struct server_options server = {.port = PORT, .seed = 1};
static struct behaviour_options behaviour;

static void
print_type(uint16_t type)
{
	static const struct {
		uint16_t type;
		const char *name;
	} names[] = {
	    {TYPE_A, "A"},
	    {TYPE_AAAA, "AAAA"},
	    {TYPE_HINFO, "HINFO"},
	    {TYPE_TXT, "TXT"},
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (names[i].type == type) {
			fprintf(record, " %s", names[i].name);
			return;
		}
	}
	fprintf(record, " TYPE%u", type);
}

static void
print_edns(const struct question *question)
{
	if (question->recursion)
		fputs(" rd", record);
	if (question->checking_disabled)
		fputs(" cd", record);
	if (!question->edns)
		return;
	fprintf(record, " edns=%u", question->edns_size);
	if (question->dnssec_ok)
		fputs(" do", record);
	if (question->cookie_len > 0)
		fprintf(record, " cookie=%zu", question->cookie_len);
	if (question->padding > 0)
		fprintf(record, " padding=%zu", question->padding);
	if (question->others > 0)
		fprintf(record, " others=%zu", question->others);
}

static void
print_question(const struct way *way, const struct question *question,
    bool lost)
{
	char name[16] = "?";

	inet_ntop(AF_INET,
	    &(struct in_addr){inet_addr(server.addresses[way->address])}, name,
	    sizeof(name));
	fprintf(record, "%ju %s %s %u %u %s", (uintmax_t)server_now(),
	    way->carrier == CARRIER_UDP ? "udp" : "tcp", name,
	    ntohs(way->peer.sin_port), question->id, question->name);
	print_type(question->type);
	print_edns(question);
	if (way->carrier == CARRIER_TCP)
		fprintf(record, " link=%zu.%u", way->link, way->serial);
	fprintf(record, " octets=%zu%s\n", question->len, lost ? " lost" : "");
}

static void
take(const struct way *way, const uint8_t *wire, size_t len, bool lost)
{
	struct question question;

	if (!question_read(&question, wire, len)) {
		fprintf(stderr, "faulty: %zu octets are no question\n", len);
		return;
	}
	if (record != NULL)
		print_question(way, &question, lost);
	if (!lost)
		behaviour_act(way, &question);
}

static void
idle(void)
{
	if (record != NULL)
		fflush(record);
}

static int
usage(void)
{
	puts(
	    "usage: faulty [-cu] [-b WORD] [-l PERCENT] [-L PERCENT] [-p PORT] "
	    "[-r FILE]\n"
	    "              [-s SEED] ADDRESS ...\n"
	    "  -b WORD     do this whatever the name says\n"
	    "  -c          know DNS cookies\n"
	    "  -l PERCENT  lose datagrams that come; -L: that go as well\n"
	    "  -r FILE     keep the questions\n"
	    "  -u          no TCP\n"
	    "The first label of a name is a word, or a word, - and N:");
	behaviour_print();
	return 2;
}

static unsigned
number(const char *text)
{
	return (unsigned)strtoul(text, NULL, 10);
}

/* False for an option that there is not. */
static bool
take_option(int option)
{
	switch (option) {
	case 'b':
		behaviour.always = optarg;
		return true;
	case 'c':
		behaviour.cookies = true;
		return true;
	case 'L':
		server.loss_out = number(optarg);
		server.loss_in = server.loss_out;
		return true;
	case 'l':
		server.loss_in = number(optarg);
		return true;
	case 'p':
		server.port = (uint16_t)number(optarg);
		return true;
	case 'r':
		record = fopen(optarg, "we");
		return record != NULL;
	case 's':
		server.seed = number(optarg);
		return true;
	case 'u':
		server.without_tcp = true;
		return true;
	default:
		return false;
	}
}

int
main(int argc, char **argv)
{
	int option;

	while ((option = getopt(argc, argv, "b:cL:l:p:r:s:u")) != -1) {
		if (!take_option(option))
			return usage();
	}
	if (optind == argc)
		return usage();
	server.addresses = argv + optind;
	server.address_count = (size_t)(argc - optind);
	server.take = take;
	server.idle = idle;
	behaviour_set(&behaviour);
	if (!server_open(&server))
		return 1;
	puts("faulty: ready");
	fflush(stdout);
	server_run();
	if (record != NULL)
		fclose(record);
	return 0;
}
