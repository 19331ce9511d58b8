#include "expect.h"

#include <ldns/ldns.h>
#include <stdlib.h>
#include <string.h>

#include "dns/message.h"
#include "message.h"

const char *const expect_options[] = {"aa", "tc", "ad", "do", "noquestion",
    "noopt", "size=", "udp=", "ede=", "text=", "to=", "times=", "orders=",
    "firsts=", NULL};

static const char *const sent_options[] = {"tcp", "tls", "do", "cd", "ad",
    "noedns", "cookie", "nocookie", "asis", "mixed", NULL};

static ldns_pkt *
decode(const struct action *action, const struct event *event)
{
	ldns_pkt *packet = NULL;
	const ldns_status status =
	    ldns_wire2pkt(&packet, event->wire, event->len);

	if (status == LDNS_STATUS_OK)
		return packet;
	script_fail(action, "ldns cannot read the message: %s",
	    ldns_get_errorstr_by_id(status));
	return NULL;
}

/* Compares two numbers and says what they are. */
static bool
same(const struct action *action, const char *what, unsigned expected,
    unsigned came)
{
	return expected == came ||
	    script_fail(action, "%s: expected %u (0x%04x), came %u (0x%04x)",
		what, expected, expected, came, came);
}

/*
 * The options of our OPT record: over TLS padding, else a cookie, with the
 * server's part (RFC 7873) if the action says so, or none.
 */
static bool
expect_sent_options(const struct action *action, const ldns_pkt *packet)
{
	const ldns_rdf *options = ldns_pkt_edns_data(packet);
	const size_t size = options == NULL ? 0 : ldns_rdf_size(options);
	struct reader reader =
	    reader_over(size == 0 ? NULL : ldns_rdf_data(options), size);
	const bool tls = script_has(action, "tls");

	if (script_has(action, "nocookie")) {
		return same(action, "octets of EDNS options", 0,
		    (unsigned)size);
	}
	if (!same(action, "EDNS option", tls ? OPTION_PADDING : OPTION_COOKIE,
		reader_u16(&reader)) ||
	    !same(action, "EDNS options' length", (unsigned)size - 4,
		reader_u16(&reader)))
		return false;
	return tls ||
	    same(action, "server's cookie", script_has(action, "cookie"),
		size > 4 + COOKIE_CLIENT);
}

/* Our OPT record: version 0, DO as the client has it. */
static bool
expect_sent_opt(const struct action *action, const ldns_pkt *packet)
{
	return same(action, "EDNS", true, ldns_pkt_edns(packet)) &&
	    same(action, "EDNS size", UDP_SIZE_SAFE,
		ldns_pkt_edns_udp_size(packet)) &&
	    same(action, "DO", script_has(action, "do"),
		ldns_pkt_edns_do(packet)) &&
	    same(action, "EDNS version", 0, ldns_pkt_edns_version(packet)) &&
	    expect_sent_options(action, packet);
}

/* Our question to a server: RD, an OPT record, nothing of the client's. */
static bool
expect_sent_packet(const struct action *action, const ldns_pkt *packet,
    const struct header *header)
{
	const unsigned flags = FLAG_RD |
	    (script_has(action, "cd") ? FLAG_CD : 0U) |
	    (script_has(action, "ad") ? FLAG_AD : 0U);
	const bool plain = script_has(action, "noedns");

	return same(action, "flags", flags, header->flags) &&
	    same(action, "questions", 1, header->counts[0]) &&
	    same(action, "other records", plain ? 0 : 1,
		(unsigned)header->counts[1] + header->counts[2] +
		    header->counts[3]) &&
	    (plain || expect_sent_opt(action, packet));
}

/* The loop check's question: 32 hexadecimal digits under "resolverd.". */
static bool
is_probe(const struct name *name)
{
	struct name tail;

	return name_from_text(&tail, "resolverd.") == NAME_OK &&
	    name->wire[0] == 32 && name->labels == 2 &&
	    name_equal(name_strip(name->wire, 1), tail.wire);
}

/*
 * A name that was sent: "asis" with the letter case of the action, "mixed" with
 * another one; "probe" stands for the loop check's.
 */
static bool
expect_name(const struct action *action, const ldns_rdf *owner,
    const struct question *question)
{
	struct name came;
	bool as_is;

	name_set(&came, ldns_rdf_data(owner));
	if (strcmp(action->words[2], "probe") == 0) {
		return is_probe(&came) ||
		    script_fail(action, "the question is no probe");
	}
	if (!name_equal(came.wire, question->name.wire))
		return script_fail(action, "the question is for another name");
	as_is = memcmp(came.wire, question->name.wire, came.len) == 0;
	return (!script_has(action, as_is ? "mixed" : "asis")) ||
	    script_fail(action, "the letter case is %s",
		as_is ? "the same" : "another one");
}

/* Name and type of a message's question. */
static bool
expect_question(const struct action *action, const ldns_pkt *packet,
    const struct question *question)
{
	const ldns_rr *rr = ldns_rr_list_rr(ldns_pkt_question(packet), 0);
	const ldns_rdf *owner = rr == NULL ? NULL : ldns_rr_owner(rr);

	if (owner == NULL)
		return script_fail(action, "the message has no question");
	return expect_name(action, owner, question) &&
	    same(action, "question's type", question->type,
		ldns_rr_get_type(rr)) &&
	    same(action, "question's class", question->class,
		(unsigned)ldns_rr_get_class(rr));
}

static bool
expect_server(const struct action *action, const struct event *event)
{
	char came[ADDR_TEXT];
	struct addr server;

	if (!addr_parse(action->words[1], 53, &server)) {
		return script_fail(action, "'%s' is not an address",
		    action->words[1]);
	}
	addr_format(&event->transmission.server->addr, came);
	if (!addr_equal(&server, &event->transmission.server->addr)) {
		return script_fail(action, "expected %s to be asked, not %s",
		    action->words[1], came);
	}
	return same(action, "over TCP", script_has(action, "tcp"),
		   event->transmission.carrier == CARRIER_TCP) &&
	    same(action, "over TLS", script_has(action, "tls"),
		event->transmission.carrier == CARRIER_TLS);
}

bool
expect_sent(const struct action *action, const struct event *event)
{
	const struct header header = message_header(event->wire, event->len);
	struct question question;
	ldns_pkt *packet;
	bool ok;

	if (action->count < 4)
		return script_fail(action, "sends SERVER NAME TYPE option...");
	if (!script_only(action, 4, sent_options) ||
	    !message_question(action, 2, &question) ||
	    !expect_server(action, event) ||
	    !same(action, "id", event->transmission.id, header.id))
		return false;
	packet = decode(action, event);
	if (packet == NULL)
		return false;
	ok = expect_question(action, packet, &question) &&
	    expect_sent_packet(action, packet, &header);
	ldns_pkt_free(packet);
	return ok;
}

/* Appends the record of a line, as ldns reads it. */
static bool
push_record(const struct action *action, size_t first, ldns_rr_list *list)
{
	static uint8_t wire[WORLD_MESSAGE];
	struct writer writer = writer_over(wire, sizeof(wire));
	ldns_rr *rr = NULL;
	size_t at = 0;

	if (!message_record(action, first, &writer))
		return false;
	if (ldns_wire2rr(&rr, wire, writer.at, &at, LDNS_SECTION_ANSWER) !=
	    LDNS_STATUS_OK)
		return script_fail(action, "ldns cannot read this record");
	return ldns_rr_list_push_rr(list, rr);
}

/* What an action expects in a section; NULL when it cannot be read. */
static ldns_rr_list *
expected_section(const struct action *action, const char *section)
{
	const size_t inline_record = script_options(action, 2, expect_options);
	ldns_rr_list *list = ldns_rr_list_new();
	bool ok = true;

	if (inline_record < action->count && strcmp(section, "answer") == 0)
		ok = push_record(action, inline_record, list);
	for (const struct action *line = action->lines; line != NULL && ok;
	     line = line->next) {
		if (strcmp(line->words[0], section) == 0)
			ok = push_record(line, 1, list);
	}
	if (ok)
		return list;
	ldns_rr_list_deep_free(list);
	return NULL;
}

static bool
same_record(const ldns_rr *a, const ldns_rr *b)
{
	return ldns_rr_compare(a, b) == 0 && ldns_rr_ttl(a) == ldns_rr_ttl(b);
}

static bool
same_set(const ldns_rr *a, const ldns_rr *b)
{
	return ldns_rr_get_type(a) == ldns_rr_get_type(b) &&
	    ldns_dname_compare(ldns_rr_owner(a), ldns_rr_owner(b)) == 0;
}

/* How often a record stands in list from `from` up to `to`. */
static unsigned
occurrences(const ldns_rr_list *list, size_t from, size_t to,
    const ldns_rr *record)
{
	unsigned n = 0;

	for (size_t i = from; i < to; i++)
		n += same_record(ldns_rr_list_rr(list, i), record);
	return n;
}

/* Equal lists but for the order inside of each RRset. */
static bool
same_records(const ldns_rr_list *expected, const ldns_rr_list *came)
{
	const size_t count = ldns_rr_list_rr_count(expected);
	size_t from = 0;

	if (ldns_rr_list_rr_count(came) != count)
		return false;
	for (size_t i = 0; i < count; i++) {
		const ldns_rr *record = ldns_rr_list_rr(expected, i);
		size_t to = i + 1;

		if (!same_set(record, ldns_rr_list_rr(expected, from)))
			from = i;
		while (to < count &&
		    same_set(record, ldns_rr_list_rr(expected, to)))
			to++;
		if (occurrences(expected, from, to, record) !=
		    occurrences(came, from, to, record))
			return false;
	}
	return true;
}

static bool
expect_section(const struct action *action, const char *section,
    const ldns_rr_list *came)
{
	ldns_rr_list *expected = expected_section(action, section);
	char *expected_text;
	char *came_text;
	bool ok;

	if (expected == NULL)
		return false;
	ok = same_records(expected, came);
	if (!ok) {
		expected_text = ldns_rr_list2str(expected);
		came_text = ldns_rr_list2str(came);
		script_fail(action, "%s section: expected\n%scame\n%s", section,
		    expected_text, came_text);
		free(expected_text);
		free(came_text);
	}
	ldns_rr_list_deep_free(expected);
	return ok;
}

/* The one option that replies may hold, an Extended DNS Error (RFC 8914). */
static bool
expect_ede(const struct action *action, const ldns_pkt *packet)
{
	const ldns_rdf *options = ldns_pkt_edns_data(packet);
	const size_t size = options == NULL ? 0 : ldns_rdf_size(options);
	struct reader reader =
	    reader_over(size == 0 ? NULL : ldns_rdf_data(options), size);
	const char *text = script_value(action, "text=");
	char came[256] = "";
	uint16_t len;

	if (script_value(action, "ede=") == NULL) {
		return same(action, "octets of EDNS options", 0,
		    (unsigned)size);
	}
	if (!same(action, "EDNS option", OPTION_EDE, reader_u16(&reader)))
		return false;
	len = reader_u16(&reader);
	if (!same(action, "EDNS options' length", len,
		(unsigned)reader_left(&reader)) ||
	    !same(action, "Extended DNS Error",
		script_number(action, "ede=", 0), reader_u16(&reader)))
		return false;
	len = (uint16_t)reader_left(&reader);
	if (len > 0 && len < sizeof(came))
		memcpy(came, reader_bytes(&reader, len), len);
	return text == NULL || strstr(came, text) != NULL ||
	    script_fail(action, "error text: expected '%s', came '%s'", text,
		came);
}

static bool
expect_edns(const struct action *action, const struct event *event,
    const ldns_pkt *packet)
{
	const bool edns = event->asked->edns && !script_has(action, "noopt");

	if (!same(action, "EDNS", edns, ldns_pkt_edns(packet)))
		return false;
	if (!edns)
		return true;
	return same(action, "EDNS size",
		   script_number(action, "udp=", UDP_SIZE_CLASSIC),
		   ldns_pkt_edns_udp_size(packet)) &&
	    same(action, "EDNS version", 0, ldns_pkt_edns_version(packet)) &&
	    same(action, "EDNS flags", script_has(action, "do") ? EDNS_DO : 0,
		(unsigned)ldns_pkt_edns_z(packet) |
		    (ldns_pkt_edns_do(packet) ? EDNS_DO : 0U)) &&
	    expect_ede(action, packet);
}

/* Id and flags: the client's own come back, the rest as the action says. */
static bool
expect_header(const struct action *action, const struct event *event,
    const ldns_pkt *packet)
{
	const struct header came = message_header(event->wire, event->len);
	const struct header asked =
	    message_header(event->asked->wire, event->asked->len);
	const unsigned echoed = asked.flags & (FLAG_OPCODE | FLAG_RD | FLAG_CD);
	const unsigned rcode = ldns_pkt_get_rcode(packet) |
	    (unsigned)ldns_pkt_edns_extended_rcode(packet) << 4;
	unsigned expected;

	if (!message_rcode(action, action->words[1], &expected))
		return false;
	if (expected != rcode) {
		return script_fail(action, "expected %s, came %s",
		    action->words[1], message_rcode_text(rcode));
	}
	return same(action, "id", asked.id, came.id) &&
	    same(action, "flags",
		FLAG_QR | FLAG_RA | echoed | message_flags(action),
		came.flags & ~(unsigned)FLAG_RCODE) &&
	    same(action, "size",
		script_number(action, "size=", (unsigned)event->len),
		(unsigned)event->len);
}

/* The question comes back octet by octet, letter case included. */
static bool
expect_echo(const struct action *action, const struct event *event)
{
	const struct header came = message_header(event->wire, event->len);
	const struct client_query *asked = event->asked;
	struct reader reader = reader_over(asked->wire, asked->len);
	struct name name;
	size_t end;

	if (script_has(action, "noquestion"))
		return same(action, "questions", 0, came.counts[0]);
	reader.at = HEADER_SIZE;
	if (!name_read(&name, &reader))
		return script_fail(action, "what was asked has no question");
	end = reader.at + 4;
	if (!same(action, "questions", 1, came.counts[0]))
		return false;
	return (event->len >= end && asked->len >= end &&
		   memcmp(event->wire + HEADER_SIZE, asked->wire + HEADER_SIZE,
		       end - HEADER_SIZE) == 0) ||
	    script_fail(action, "the question does not come back as asked");
}

bool
expect_reply(const struct action *action, const struct event *event)
{
	ldns_pkt *packet = decode(action, event);
	bool ok;

	if (packet == NULL)
		return false;
	ok = expect_header(action, event, packet) &&
	    expect_echo(action, event) && expect_edns(action, event, packet) &&
	    expect_section(action, "answer", ldns_pkt_answer(packet)) &&
	    expect_section(action, "authority", ldns_pkt_authority(packet)) &&
	    expect_section(action, "additional", ldns_pkt_additional(packet));
	ldns_pkt_free(packet);
	return ok;
}

char *
expect_order(const struct event *event)
{
	ldns_pkt *packet = NULL;
	char *text;

	if (ldns_wire2pkt(&packet, event->wire, event->len) != LDNS_STATUS_OK)
		return NULL;
	text = ldns_rr_list2str(ldns_pkt_answer(packet));
	ldns_pkt_free(packet);
	return text;
}

/* Of a chain, the first record after its CNAMEs. */
char *
expect_first(const struct event *event)
{
	char *text = expect_order(event);
	const char *at = text;
	char *first;

	if (text == NULL)
		return NULL;
	while (strcspn(at, "\n") < strlen(at) &&
	    memmem(at, strcspn(at, "\n"), "\tCNAME\t", 7) != NULL)
		at += strcspn(at, "\n") + 1;
	first = strndup(at, strcspn(at, "\n"));
	free(text);
	return first;
}
