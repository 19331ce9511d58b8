#include "behaviour.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "spoil.h"

enum {
	TTL = 60,
	AFTER = 20, /* ms from the wrong answer to the right one */
	COUNTS = 1 << 16,
	COUNTS_FULL = COUNTS / 4 * 3,
	WORD_MAX = 64,
	PLAIN_UDP = 512, /* RFC 1035 section 4.2.1 */
	HEADER = 12,
};

static const uint8_t forged_address[4] = {203, 0, 113, 66};

struct act;

struct behaviour {
	const char *word;
	const char *help;
	void (*act)(const struct act *act);
	unsigned argument; /* when the label has none */
	bool counted;
};

/* One question, and what is to be done with it. */
struct act {
	const struct spoiling *spoiling; /* of a forged answer, or NULL */
	const struct way *way;
	const struct question *question;
	unsigned argument;
	unsigned nth; /* of the same name and type, from 1 */
};

struct count {
	uint32_t hash;
	unsigned seen;
};

static struct behaviour_options options;
static struct count counts[COUNTS];
static size_t counts_used;
static struct message message; /* one is written at a time */

void
behaviour_set(const struct behaviour_options *wanted)
{
	options = *wanted;
}

static void
send_message(const struct act *act, const struct sending *sending)
{
	server_send(act->way, message.wire, message.len, sending);
}

static void
add_address(uint32_t ttl, const uint8_t address[4])
{
	const struct record record = {
	    .type = TYPE_A,
	    .class = CLASS_IN,
	    .ttl = ttl,
	    .rdata = address,
	    .len = 4,
	};

	message_record(&message, SECTION_ANSWER, &record);
}

/* What the second label of the name says, the first without. */
static uint32_t
number_of(const struct question *question)
{
	const char *dot = strchr(question->name, '.');

	return dot == NULL ? 0 : (uint32_t)strtoul(dot + 1, NULL, 10);
}

static void
right_address(const struct question *question, uint8_t address[4])
{
	const uint32_t value = (198U << 24 | 18U << 16) + number_of(question);

	for (unsigned i = 0; i < 4; i++)
		address[i] = (uint8_t)(value >> (24 - 8 * i));
}

static void
add_right(const struct question *question, uint32_t ttl)
{
	struct record record = {
	    .type = question->type,
	    .class = CLASS_IN,
	    .ttl = ttl,
	};
	static const uint8_t text[] = {5, 'r', 'i', 'g', 'h', 't'};
	uint8_t rdata[16] = {0x20, 0x01, 0x0d, 0xb8};

	switch (question->type) {
	case TYPE_A:
		right_address(question, rdata);
		record.len = 4;
		break;
	case TYPE_AAAA:
		right_address(question, rdata + 12);
		record.len = 16;
		break;
	case TYPE_TXT:
		memcpy(rdata, text, sizeof(text));
		record.len = sizeof(text);
		break;
	default:
		message_soa(&message, TTL);
		return;
	}
	record.rdata = rdata;
	message_record(&message, SECTION_ANSWER, &record);
}

/* The OPT that a sound server sends: only to those who sent one. */
static void
add_opt(const struct question *question, unsigned rcode)
{
	uint8_t cookie[COOKIE_CLIENT + COOKIE_SERVER];
	const bool with =
	    options.cookies && question->cookie_len >= COOKIE_CLIENT;

	message_rcode(&message, rcode);
	if (!question->edns)
		return;
	memcpy(cookie, question->cookie, COOKIE_CLIENT);
	memset(cookie + COOKIE_CLIENT, 's', COOKIE_SERVER);
	message_opt(&message, rcode, cookie, with ? sizeof(cookie) : 0);
}

static void
build_right(const struct act *act, uint32_t ttl)
{
	message_start(&message, act->question);
	add_right(act->question, ttl);
	add_opt(act->question, 0);
}

static void
send_right_after(const struct act *act, unsigned delay)
{
	build_right(act, TTL);
	send_message(act, &(struct sending){.delay = delay});
}

static void
act_right(const struct act *act)
{
	send_right_after(act, 0);
}

static void
act_drop(const struct act *act)
{
	if (act->nth > act->argument)
		act_right(act);
}

static void
act_only_tcp(const struct act *act)
{
	if (act->way->carrier == CARRIER_TCP)
		act_right(act);
}

static void
act_delay(const struct act *act)
{
	send_right_after(act, act->argument);
}

static void
act_late(const struct act *act)
{
	send_right_after(act, act->nth == 1 ? act->argument : 0);
}

static void
act_duplicate(const struct act *act)
{
	for (unsigned i = 0; i <= act->argument; i++)
		act_right(act);
}

/* The answer that must not be taken. */
static void
build_forged(const struct act *act)
{
	message_start(&message, act->question);
	add_address(TTL, forged_address);
	add_opt(act->question, 0);
}

/* Wrong ones, then the right one; over TCP nothing is wrong. */
static void
act_forge(const struct act *act)
{
	if (act->way->carrier == CARRIER_TCP) {
		act_right(act);
		return;
	}
	for (unsigned i = 0; i < act->argument; i++) {
		build_forged(act);
		act->spoiling->spoil(&message, act->question);
		send_message(act, &(struct sending){.delay = 0});
	}
	send_right_after(act, AFTER);
}

static void
act_from_elsewhere(const struct act *act, enum leave leave)
{
	if (act->way->carrier == CARRIER_UDP) {
		build_forged(act);
		for (unsigned i = 0; i < act->argument; i++)
			send_message(act, &(struct sending){.leave = leave});
	}
	send_right_after(act, AFTER);
}

static void
act_wrong_port(const struct act *act)
{
	act_from_elsewhere(act, LEAVE_OTHER_PORT);
}

static void
act_wrong_address(const struct act *act)
{
	act_from_elsewhere(act, LEAVE_OTHER_ADDRESS);
}

/* All ids but the right one, in turn; and with it from where nobody asked. */
static void
act_flood(const struct act *act)
{
	const unsigned count =
	    act->way->carrier == CARRIER_UDP ? act->argument : 0;

	for (unsigned i = 1; i <= count; i++) {
		const unsigned id = act->question->id + i * 257U;

		build_forged(act);
		send_message(act, &(struct sending){.leave = LEAVE_OTHER_PORT});
		message.wire[0] = (uint8_t)(id >> 8);
		message.wire[1] = (uint8_t)id;
		send_message(act, &(struct sending){.delay = 0});
	}
	send_right_after(act, AFTER);
}

static void
act_lowercase(const struct act *act)
{
	build_right(act, TTL);
	if (act->way->carrier == CARRIER_UDP || act->argument > 0) {
		for (size_t i = HEADER; i < act->question->end - 5; i++)
			message.wire[i] = (uint8_t)tolower(message.wire[i]);
	}
	send_message(act, &(struct sending){.delay = 0});
}

static void
send_rcode(const struct act *act, unsigned rcode)
{
	message_start(&message, act->question);
	add_opt(act->question, rcode);
	send_message(act, &(struct sending){.delay = 0});
}

/* The argument is the RCODE. */
static void
act_rcode(const struct act *act)
{
	send_rcode(act, act->argument);
}

static void
act_servfail(const struct act *act)
{
	if (act->nth <= act->argument) {
		send_rcode(act, RCODE_SERVFAIL);
	} else {
		act_right(act);
	}
}

static void
act_refused(const struct act *act)
{
	send_rcode(act, RCODE_REFUSED);
}

/* RFC 6891 section 7: a server that knows no EDNS says so without an OPT. */
static void
act_formerr_edns(const struct act *act)
{
	if (!act->question->edns) {
		act_right(act);
		return;
	}
	message_start(&message, act->question);
	message_rcode(&message, RCODE_FORMERR);
	send_message(act, &(struct sending){.delay = 0});
}

static void
act_drop_edns(const struct act *act)
{
	if (!act->question->edns || act->way->carrier == CARRIER_TCP)
		act_right(act);
}

static void
send_negative(const struct act *act, unsigned rcode)
{
	message_start(&message, act->question);
	message_soa(&message, act->argument);
	add_opt(act->question, rcode);
	send_message(act, &(struct sending){.delay = 0});
}

static void
act_nxdomain(const struct act *act)
{
	send_negative(act, RCODE_NXDOMAIN);
}

static void
act_nodata(const struct act *act)
{
	send_negative(act, 0);
}

static void
act_bad_cookie(const struct act *act)
{
	if (act->way->carrier == CARRIER_TCP || act->nth > act->argument) {
		act_right(act);
	} else {
		send_rcode(act, RCODE_BADCOOKIE);
	}
}

/* What one sends who does not see the question: the cookie is missing. */
static void
act_no_cookie(const struct act *act)
{
	if (act->way->carrier == CARRIER_TCP) {
		act_right(act);
		return;
	}
	message_start(&message, act->question);
	add_address(TTL, forged_address);
	send_message(act, &(struct sending){.delay = 0});
}

static void
build_truncated(const struct act *act)
{
	message_start(&message, act->question);
	add_opt(act->question, 0);
	message.wire[2] |= 2;
}

/* Over UDP only that there is more; true when the question came by TCP. */
static bool
truncates(const struct act *act)
{
	if (act->way->carrier == CARRIER_TCP)
		return true;
	build_truncated(act);
	send_message(act, &(struct sending){.delay = 0});
	return false;
}

static void
act_truncated(const struct act *act)
{
	if (truncates(act))
		act_right(act);
}

static void
act_slow_tcp(const struct act *act)
{
	if (!truncates(act))
		return;
	build_right(act, TTL);
	send_message(act, &(struct sending){.step = 1, .pause = act->argument});
}

/* The first connections end without an answer, later ones with it. */
static void
act_close_tcp(const struct act *act)
{
	if (!truncates(act))
		return;
	if (act->nth > act->argument + 1) {
		act_right(act);
	} else {
		server_send(act->way, message.wire, 0,
		    &(struct sending){.last = true});
	}
}

/* The same in the midst of the answer: its length, and half of it. */
static void
act_half_tcp(const struct act *act)
{
	uint8_t half[2 + HEADER];

	if (!truncates(act))
		return;
	build_right(act, TTL);
	half[0] = (uint8_t)(message.len >> 8);
	half[1] = (uint8_t)message.len;
	memcpy(half + 2, message.wire, HEADER);
	/* The frame says HEADER + 2, so what is announced never comes. */
	server_send(act->way, half, sizeof(half),
	    &(struct sending){.last = true});
}

static void
act_ttl(const struct act *act)
{
	build_right(act, act->argument);
	send_message(act, &(struct sending){.delay = 0});
}

static void
add_stranger(enum section section, const char *owner, uint16_t class)
{
	const struct record record = {
	    .owner = owner,
	    .type = TYPE_A,
	    .class = class,
	    .ttl = TTL,
	    .rdata = forged_address,
	    .len = sizeof(forged_address),
	};

	message_record(&message, section, &record);
}

/* Beside the right record all that an answer may not bring in. */
static void
act_extra(const struct act *act)
{
	const char *rest = strchr(act->question->name, '.') + 1;
	const struct record authority = {
	    .owner = rest,
	    .type = TYPE_NS,
	    .class = CLASS_IN,
	    .ttl = TTL,
	};

	message_start(&message, act->question);
	add_right(act->question, TTL);
	add_stranger(SECTION_ANSWER, rest, CLASS_IN);
	add_stranger(SECTION_ANSWER, NULL, CLASS_CH);
	message_alias(&message, &authority, "ns.evil.test");
	add_stranger(SECTION_ADDED, "ns.evil.test", CLASS_IN);
	add_stranger(SECTION_ADDED, rest, CLASS_IN);
	add_opt(act->question, 0);
	send_message(act, &(struct sending){.delay = 0});
}

static void
add_alias(const char *owner, const char *target)
{
	const struct record record = {
	    .owner = owner,
	    .type = TYPE_CNAME,
	    .class = CLASS_IN,
	    .ttl = TTL,
	};

	message_alias(&message, &record, target);
}

/* An alias of the name's rest, which gets a forged address along. */
static void
act_cname(const struct act *act)
{
	const char *rest = strchr(act->question->name, '.') + 1;

	message_start(&message, act->question);
	add_alias(NULL, rest);
	if (act->argument > 0 && act->question->type == TYPE_A)
		add_stranger(SECTION_ANSWER, rest, CLASS_IN);
	add_opt(act->question, 0);
	send_message(act, &(struct sending){.delay = 0});
}

/* An alias of a name that a machine in a VPC finds in a private zone. */
static void
act_capture(const struct act *act)
{
	static const char served[] = "hello.a.run.app";

	message_start(&message, act->question);
	add_alias(NULL, served);
	add_stranger(SECTION_ANSWER, served, CLASS_IN);
	add_stranger(SECTION_ANSWER, "run.app", CLASS_IN);
	add_opt(act->question, 0);
	send_message(act, &(struct sending){.delay = 0});
}

/* As if somebody had validated it. */
static void
act_authentic(const struct act *act)
{
	build_right(act, TTL);
	message.wire[3] |= 0x20;
	send_message(act, &(struct sending){.delay = 0});
}

static void
act_loop(const struct act *act)
{
	message_start(&message, act->question);
	add_alias(NULL, act->question->name);
	add_opt(act->question, 0);
	send_message(act, &(struct sending){.delay = 0});
}

static void
act_chain(const struct act *act)
{
	struct record last = {
	    .type = TYPE_A,
	    .class = CLASS_IN,
	    .ttl = TTL,
	    .len = 4,
	};
	char owner[WORD_MAX];
	char target[WORD_MAX] = "";
	uint8_t address[4];

	message_start(&message, act->question);
	for (unsigned i = 1; i <= act->argument; i++) {
		memcpy(owner, target, sizeof(owner));
		snprintf(target, sizeof(target), "link-%u.chain.test", i);
		add_alias(i == 1 ? NULL : owner, target);
	}
	right_address(act->question, address);
	last.owner = target;
	last.rdata = address;
	message_record(&message, SECTION_ANSWER, &last);
	add_opt(act->question, 0);
	send_message(act, &(struct sending){.delay = 0});
}

static void
act_big(const struct act *act)
{
	const size_t limit =
	    act->question->edns ? act->question->edns_size : PLAIN_UDP;

	message_start(&message, act->question);
	for (unsigned i = 0; i < act->argument; i++) {
		const uint8_t address[4] = {198, 19, (uint8_t)(i >> 8),
		    (uint8_t)i};

		add_address(TTL, address);
	}
	add_opt(act->question, 0);
	if (act->way->carrier == CARRIER_UDP && message.len > limit)
		build_truncated(act);
	send_message(act, &(struct sending){.delay = 0});
}

#define NEVER 1000000U

static const struct behaviour behaviours[] = {
    {"drop", "the first N are not answered, all without a number",
	.act = act_drop, .argument = NEVER, .counted = true},
    {"onlytcp", "no answer over UDP", .act = act_only_tcp},
    {"delay", "the answer after N ms", .act = act_delay, .argument = 100},
    {"late", "the first answer after N ms, the others at once", .act = act_late,
	.argument = 1000, .counted = true},
    {"duplicate", "the answer and N more", .act = act_duplicate, .argument = 1},
    {"wrongport", "N forged from another port, then the right one",
	.act = act_wrong_port, .argument = 1},
    {"wrongaddress", "the same from another address", .act = act_wrong_address,
	.argument = 1},
    {"flood", "N of both, with wrong ids and from another port",
	.act = act_flood, .argument = 100},
    {"lowercase", "the question in lower case over UDP, with 1 also over TCP",
	.act = act_lowercase},
    {"servfail", "SERVFAIL to the first N", .act = act_servfail,
	.argument = NEVER, .counted = true},
    {"refused", "REFUSED", .act = act_refused},
    {"rcode", "RCODE N", .act = act_rcode, .argument = RCODE_NOTIMP},
    {"formerredns", "FORMERR to EDNS", .act = act_formerr_edns},
    {"dropedns", "no answer to EDNS over UDP", .act = act_drop_edns},
    {"nxdomain", "NXDOMAIN, to be kept for N s", .act = act_nxdomain,
	.argument = TTL},
    {"nodata", "no record of the type, the same", .act = act_nodata,
	.argument = TTL},
    {"badcookie", "BADCOOKIE to the first N over UDP", .act = act_bad_cookie,
	.argument = 1, .counted = true},
    {"nocookie", "forged without a cookie; right over TCP",
	.act = act_no_cookie},
    {"truncated", "TC over UDP", .act = act_truncated},
    {"slowtcp", "that, and over TCP an octet each N ms", .act = act_slow_tcp,
	.argument = 10},
    {"closetcp", "that, and the first N connections closed",
	.act = act_close_tcp, .argument = NEVER, .counted = true},
    {"halftcp", "that, and closed in the midst of the answer",
	.act = act_half_tcp},
    {"ttl", "a TTL of N", .act = act_ttl},
    {"extra", "records nobody asked for", .act = act_extra},
    {"cname", "an alias of the rest; its forged address too, unless 0",
	.act = act_cname, .argument = 1},
    {"capture", "an alias of hello.a.run.app, and forged addresses",
	.act = act_capture},
    {"authentic", "AD set", .act = act_authentic},
    {"loop", "an alias of itself", .act = act_loop},
    {"chain", "N aliases and an address", .act = act_chain, .argument = 16},
    {"big", "N addresses", .act = act_big, .argument = 100},
};

enum { BEHAVIOURS = sizeof(behaviours) / sizeof(behaviours[0]) };

static const struct behaviour plain = {.word = "", .act = act_right};
static const struct behaviour forge = {.act = act_forge, .argument = 1};

/* FNV-1a over the folded name and the type; 0 means an empty place. */
static uint32_t
hash_question(const struct question *question)
{
	uint32_t hash = 2166136261U ^ question->type;

	for (const char *at = question->name; *at != '\0'; at++) {
		hash ^= (uint8_t)tolower((unsigned char)*at);
		hash *= 16777619U;
	}
	return hash == 0 ? 1 : hash;
}

/* How often this has been asked, now included. */
static unsigned
count_question(const struct question *question)
{
	const uint32_t hash = hash_question(question);
	size_t at = hash % COUNTS;

	if (counts_used >= COUNTS_FULL) {
		memset(counts, 0, sizeof(counts));
		counts_used = 0;
	}
	while (counts[at].seen > 0 && counts[at].hash != hash)
		at = (at + 1) % COUNTS;
	if (counts[at].seen == 0)
		counts_used++;
	counts[at].hash = hash;
	return ++counts[at].seen;
}

static const struct behaviour *
find_behaviour(const char *word, size_t len)
{
	for (size_t i = 0; i < BEHAVIOURS; i++) {
		if (strlen(behaviours[i].word) == len &&
		    strncasecmp(behaviours[i].word, word, len) == 0)
			return &behaviours[i];
	}
	return &plain;
}

void
behaviour_act(const struct way *way, const struct question *question)
{
	const char *label =
	    options.always != NULL ? options.always : question->name;
	const size_t len = strcspn(label, "-.");
	const struct spoiling *spoiling = spoil_find(label, len);
	const struct behaviour *behaviour =
	    spoiling != NULL ? &forge : find_behaviour(label, len);
	struct act act = {
	    .spoiling = spoiling,
	    .way = way,
	    .question = question,
	    .argument = behaviour->argument,
	};

	if (label[len] == '-')
		act.argument = (unsigned)strtoul(label + len + 1, NULL, 10);
	if (behaviour->counted)
		act.nth = count_question(question);
	behaviour->act(&act);
}

void
behaviour_print(void)
{
	for (size_t i = 0; i < BEHAVIOURS; i++)
		printf("  %-13s %s\n", behaviours[i].word, behaviours[i].help);
	puts("N forged answers, then the right one; the forged ones come");
	for (size_t i = 0; spoil_row(i) != NULL; i++)
		printf("  %-13s %s\n", spoil_row(i)->word, spoil_row(i)->help);
}
