#include "message.h"

#include <stdlib.h>
#include <string.h>

#include "dns/edns.h"
#include "dns/message.h"
#include "dns/name.h"
#include "dns/rdata.h"

static const struct {
	const char *text;
	unsigned rcode;
} rcodes[] = {
    {"NOERROR", RCODE_NOERROR},
    {"FORMERR", RCODE_FORMERR},
    {"SERVFAIL", RCODE_SERVFAIL},
    {"NXDOMAIN", RCODE_NXDOMAIN},
    {"NOTIMP", RCODE_NOTIMP},
    {"REFUSED", RCODE_REFUSED},
    {"YXDOMAIN", 6},
    {"BADVERS", RCODE_BADVERS},
    {"BADCOOKIE", RCODE_BADCOOKIE},
};

static const struct {
	const char *word;
	uint16_t flag;
} flag_words[] = {
    {"aa", FLAG_AA},
    {"tc", FLAG_TC},
    {"ad", FLAG_AD},
};

static const char *const query_options[] = {"tcp", "noedns", "edns=", "do",
    "cd", "ad", "nord", "z", "tc", "qr",
    "id=", "local=", "port=", "class=", "opcode=", "cookie",
    "option=", "badoption", "version=", "ednsflags=", "optowner", "opts=",
    "qdcount=", "questions=", "ancount=", "nscount=", "arcount=", "tsig",
    "extra=", "cut=", "as=", NULL};

static const char *const reply_options[] = {"aa", "tc", "ad", "noedns",
    "wrongid", "wrongname", "wrongtype", "noquestion", "query", "upper",
    "opcode=", "trailing",
    "ancount=", "opts=", "cut=", "slot=", "of=", "cookie=", "wrongcookie",
    "ede=", "text=", NULL};

struct header
message_header(const uint8_t *wire, size_t len)
{
	struct reader reader = reader_over(wire, len);
	struct header header = {.id = reader_u16(&reader)};

	header.flags = reader_u16(&reader);
	for (unsigned i = 0; i < 4; i++)
		header.counts[i] = reader_u16(&reader);
	return header;
}

static void
header_write(const struct header *header, struct writer *writer)
{
	writer_u16(writer, header->id);
	writer_u16(writer, header->flags);
	for (unsigned i = 0; i < 4; i++)
		writer_u16(writer, header->counts[i]);
}

bool
message_rcode(const struct action *action, const char *text, unsigned *out)
{
	for (size_t i = 0; i < sizeof(rcodes) / sizeof(rcodes[0]); i++) {
		if (strcmp(text, rcodes[i].text) != 0)
			continue;
		*out = rcodes[i].rcode;
		return true;
	}
	return script_fail(action, "'%s' is not an rcode", text);
}

const char *
message_rcode_text(unsigned rcode)
{
	for (size_t i = 0; i < sizeof(rcodes) / sizeof(rcodes[0]); i++) {
		if (rcodes[i].rcode == rcode)
			return rcodes[i].text;
	}
	return "another rcode";
}

uint16_t
message_flags(const struct action *action)
{
	unsigned flags = 0;

	for (size_t i = 0; i < sizeof(flag_words) / sizeof(flag_words[0]);
	     i++) {
		if (script_has(action, flag_words[i].word))
			flags |= flag_words[i].flag;
	}
	return (uint16_t)flags;
}

bool
message_question(const struct action *action, size_t first,
    struct question *question)
{
	question->class = CLASS_IN;
	if (first + 2 > action->count)
		return script_fail(action, "a name and a type are missing");
	if (name_from_text(&question->name, action->words[first]) != NAME_OK) {
		return script_fail(action, "'%s' is not a name",
		    action->words[first]);
	}
	if (!rdata_type_from_text(action->words[first + 1], &question->type)) {
		return script_fail(action, "'%s' is not a type",
		    action->words[first + 1]);
	}
	return true;
}

bool
message_record(const struct action *action, size_t first, struct writer *writer)
{
	struct name owner;
	uint16_t type = 0;
	const char *why;
	size_t start;

	if (first + 4 > action->count) {
		return script_fail(action,
		    "a record is OWNER TTL TYPE RDATA, or '%s' is no option",
		    action->words[first < action->count ? first : 0]);
	}
	if (name_from_text(&owner, action->words[first]) != NAME_OK) {
		return script_fail(action, "'%s' is not a name",
		    action->words[first]);
	}
	if (!rdata_type_from_text(action->words[first + 2], &type)) {
		return script_fail(action, "'%s' is not a type",
		    action->words[first + 2]);
	}
	writer_bytes(writer, owner.wire, owner.len);
	writer_u16(writer, type);
	writer_u16(writer, CLASS_IN);
	writer_u32(writer,
	    (uint32_t)strtoul(action->words[first + 1], NULL, 10));
	start = writer->at;
	writer_u16(writer, 0);
	why = rdata_from_text(type, action->at[first + 3], writer);
	if (why != NULL) {
		return script_fail(action, "'%s' %s", action->at[first + 3],
		    why);
	}
	writer_patch_u16(writer, start, (uint16_t)(writer->at - start - 2));
	return !writer->bad || script_fail(action, "message too long");
}

/* Writes octets given in hex; complains about anything else. */
static bool
hex_write(const struct action *action, const char *hex, struct writer *writer)
{
	static const char digits[] = "0123456789abcdef";

	for (; hex[0] != '\0'; hex += 2) {
		const char *high = strchr(digits, hex[0]);
		const char *low =
		    hex[1] == '\0' ? NULL : strchr(digits, hex[1]);

		if (high == NULL || low == NULL)
			return script_fail(action, "'%s' is not hex", hex);
		writer_u8(writer,
		    (uint8_t)((high - digits) << 4 | (low - digits)));
	}
	return true;
}

/* A client's flag word. */
static uint16_t
query_flags(const struct action *action)
{
	unsigned flags = message_flags(action);

	if (!script_has(action, "nord"))
		flags |= FLAG_RD;
	if (script_has(action, "cd"))
		flags |= FLAG_CD;
	if (script_has(action, "z"))
		flags |= FLAG_Z;
	if (script_has(action, "qr"))
		flags |= FLAG_QR;
	return (uint16_t)(flags | script_number(action, "opcode=", 0) << 11);
}

/* The options of a client's OPT record. */
static bool
query_edns_options(const struct action *action, struct writer *writer)
{
	const char *option = script_value(action, "option=");

	if (script_has(action, "cookie")) {
		writer_u16(writer, 10);
		writer_u16(writer, 8);
		writer_bytes(writer, "\1\2\3\4\5\6\7\10", 8);
	}
	/* One that claims to be longer than its record. */
	if (script_has(action, "badoption")) {
		writer_u16(writer, 10);
		writer_u16(writer, 8);
		writer_u8(writer, 0);
	}
	return option == NULL || hex_write(action, option, writer);
}

static bool
query_opt(const struct action *action, struct writer *writer)
{
	const unsigned flags = script_number(action, "ednsflags=", 0) |
	    (script_has(action, "do") ? EDNS_DO : 0U);
	size_t start;

	/* RFC 6891 section 6.1.2: the owner is the root, 'a' is wrong. */
	if (script_has(action, "optowner"))
		writer_bytes(writer, "\1a", 2);
	writer_u8(writer, 0);
	writer_u16(writer, TYPE_OPT);
	writer_u16(writer,
	    (uint16_t)script_number(action, "edns=", UDP_SIZE_SAFE));
	writer_u8(writer, 0);
	writer_u8(writer, (uint8_t)script_number(action, "version=", 0));
	writer_u16(writer, (uint16_t)flags);
	start = writer->at;
	writer_u16(writer, 0);
	if (!query_edns_options(action, writer))
		return false;
	writer_patch_u16(writer, start, (uint16_t)(writer->at - start - 2));
	return true;
}

/* A TSIG record with nothing right in it but its place and form. */
static void
query_tsig(struct writer *writer)
{
	static const uint8_t record[] = {3, 'k', 'e', 'y', 0, 0, 250, 0, 255, 0,
	    0, 0, 0, 0, 17, 0, 0, 0, 0, 0, 0, 0, 1, 44, 0, 0, 0, 0, 0, 0, 0, 0};

	writer_bytes(writer, record, sizeof(record));
}

/* Cuts octets off the end, or adds some, as the action says. */
static bool
message_distort(const struct action *action, struct writer *writer)
{
	const unsigned cut = script_number(action, "cut=", 0);
	const char *extra = script_value(action, "extra=");

	if (cut > writer->at)
		return script_fail(action, "there are not %u octets", cut);
	writer->at -= cut;
	return extra == NULL || hex_write(action, extra, writer);
}

static uint16_t
query_class(const struct action *action)
{
	const char *class = script_value(action, "class=");

	if (class == NULL)
		return CLASS_IN;
	return strcmp(class, "CH") == 0
	    ? CLASS_CH
	    : (uint16_t)script_number(action, "class=", CLASS_IN);
}

static void
question_write(const struct question *question, struct writer *writer)
{
	writer_bytes(writer, question->name.wire, question->name.len);
	writer_u16(writer, question->type);
	writer_u16(writer, question->class);
}

static bool
query_write(const struct action *action, struct writer *writer)
{
	const unsigned opts = script_number(action,
	    "opts=", script_has(action, "noedns") ? 0 : 1);
	const bool tsig = script_has(action, "tsig");
	const struct header header = {
	    .id = (uint16_t)script_number(action, "id=", 0x1234),
	    .flags = query_flags(action),
	    .counts = {(uint16_t)script_number(action, "qdcount=", 1),
		(uint16_t)script_number(action, "ancount=", 0),
		(uint16_t)script_number(action, "nscount=", 0),
		(uint16_t)script_number(action, "arcount=", opts + tsig)},
	};
	struct question question;

	if (!message_question(action, 2, &question) ||
	    !script_only(action, 4, query_options))
		return false;
	header_write(&header, writer);
	question.class = query_class(action);
	for (unsigned n = script_number(action, "questions=", 1); n > 0; n--)
		question_write(&question, writer);
	for (unsigned i = 0; i < opts; i++) {
		if (!query_opt(action, writer))
			return false;
	}
	if (tsig)
		query_tsig(writer);
	return message_distort(action, writer);
}

bool
message_query(const struct action *action, struct writer *writer)
{
	if (action->count < 4)
		return script_fail(action, "ask CLIENT NAME TYPE option...");
	if (strcmp(action->words[2], "raw") != 0)
		return query_write(action, writer);
	return script_only(action, 4, query_options) &&
	    hex_write(action, action->words[3], writer);
}

/* The question as the server saw it, or a wrong one. */
static void
reply_question(const struct action *action, const struct seen_question *seen,
    struct writer *writer)
{
	const size_t start = writer->at;
	struct reader reader = reader_over(seen->wire, seen->len);
	struct name name;

	reader.at = HEADER_SIZE;
	if (script_has(action, "noquestion") || !name_read(&name, &reader))
		return;
	writer_bytes(writer, name.wire, name.len);
	writer_u16(writer, reader_u16(&reader));
	writer_u16(writer, reader_u16(&reader));
	if (writer->bad)
		return;
	/* Another letter in the first label; another type. */
	if (script_has(action, "wrongname"))
		writer->wire[start + 1] ^= 1;
	if (script_has(action, "wrongtype"))
		writer->wire[writer->at - 3] ^= 1;
	for (size_t i = 0; script_has(action, "upper") && i < name.len; i++) {
		if (writer->wire[start + i] >= 'a' &&
		    writer->wire[start + i] <= 'z')
			writer->wire[start + i] ^= 0x20;
	}
}

/* Writes all records of a section and counts them. */
static bool
reply_section(const struct action *action, const char *section, uint16_t *count,
    struct writer *writer)
{
	for (const struct action *line = action->lines; line != NULL;
	     line = line->next) {
		if (strcmp(line->words[0], section) != 0)
			continue;
		if (!message_record(line, 1, writer))
			return false;
		++*count;
	}
	return true;
}

static bool
reply_records(const struct action *action, struct header *header,
    struct writer *writer)
{
	const size_t inline_record = script_options(action, 2, reply_options);

	if (inline_record < action->count) {
		if (!message_record(action, inline_record, writer))
			return false;
		header->counts[1]++;
	}
	return reply_section(action, "answer", &header->counts[1], writer) &&
	    reply_section(action, "authority", &header->counts[2], writer) &&
	    reply_section(action, "additional", &header->counts[3], writer);
}

/* The cookie that the server saw, perhaps spoilt, and its own. */
static bool
reply_cookie(const struct action *action, const struct seen_question *seen,
    struct writer *writer)
{
	const char *server = script_value(action, "cookie=");
	const uint8_t option[] = {0, OPTION_COOKIE};
	const uint8_t *came = memmem(seen->wire + HEADER_SIZE,
	    seen->len - HEADER_SIZE, option, sizeof(option));
	size_t start;

	if (server == NULL)
		return true;
	if (came == NULL)
		return script_fail(action, "the question has no cookie");
	writer_u16(writer, OPTION_COOKIE);
	start = writer->at;
	writer_u16(writer, 0);
	writer_bytes(writer, came + 4, COOKIE_CLIENT);
	if (script_has(action, "wrongcookie"))
		writer->wire[writer->at - 1] ^= 1;
	if (!hex_write(action, server, writer))
		return false;
	writer_patch_u16(writer, start, (uint16_t)(writer->at - start - 2));
	return true;
}

/* Why the server failed (RFC 8914). */
static void
reply_error(const struct action *action, struct writer *writer)
{
	const char *text = script_value(action, "text=");
	const size_t len = text == NULL ? 0 : strlen(text);

	if (script_value(action, "ede=") == NULL)
		return;
	writer_u16(writer, OPTION_EDE);
	writer_u16(writer, (uint16_t)(2 + len));
	writer_u16(writer, (uint16_t)script_number(action, "ede=", 0));
	writer_bytes(writer, text, len);
}

static bool
reply_opt(const struct action *action, const struct seen_question *seen,
    unsigned rcode, struct writer *writer)
{
	size_t start;

	writer_u8(writer, 0);
	writer_u16(writer, TYPE_OPT);
	writer_u16(writer, UDP_SIZE_SAFE);
	writer_u8(writer, (uint8_t)(rcode >> 4));
	writer_u8(writer, 0);
	writer_u16(writer, 0);
	start = writer->at;
	writer_u16(writer, 0);
	if (!reply_cookie(action, seen, writer))
		return false;
	reply_error(action, writer);
	writer_patch_u16(writer, start, (uint16_t)(writer->at - start - 2));
	return true;
}

static struct header
reply_header(const struct action *action, const struct seen_question *seen)
{
	const struct header asked = message_header(seen->wire, seen->len);
	struct header header = {
	    .id = asked.id,
	    .flags = (uint16_t)(FLAG_RD | FLAG_RA | message_flags(action) |
		script_number(action, "opcode=", 0) << 11),
	    .counts = {1, 0, 0, 0},
	};

	if (!script_has(action, "query"))
		header.flags |= FLAG_QR;
	if (script_has(action, "wrongid"))
		header.id ^= 1;
	if (script_has(action, "noquestion"))
		header.counts[0] = 0;
	return header;
}

bool
message_reply(const struct action *action, const struct seen_question *seen,
    struct writer *writer)
{
	const unsigned opts = script_number(action,
	    "opts=", script_has(action, "noedns") ? 0 : 1);
	struct header header = reply_header(action, seen);
	struct writer again = *writer;
	unsigned rcode = RCODE_NOERROR;

	if (action->count < 2 ||
	    !message_rcode(action, action->words[1], &rcode))
		return action->count >= 2 || script_fail(action, "reply RCODE");
	header.flags = (uint16_t)(header.flags | (rcode & FLAG_RCODE));
	header_write(&header, writer);
	reply_question(action, seen, writer);
	if (!reply_records(action, &header, writer))
		return false;
	for (unsigned i = 0; i < opts; i++) {
		if (!reply_opt(action, seen, rcode, writer))
			return false;
	}
	header.counts[3] = (uint16_t)(header.counts[3] + opts);
	header.counts[1] =
	    (uint16_t)script_number(action, "ancount=", header.counts[1]);
	header_write(&header, &again);
	if (script_has(action, "trailing"))
		writer_u8(writer, 0);
	return message_distort(action, writer);
}

bool
message_again(const struct seen_question *seen, struct writer *writer)
{
	struct reader reader = reader_over(seen->wire, seen->len);
	const struct header header = {
	    .id = 0x4321,
	    .flags = FLAG_RD,
	    .counts = {1, 0, 0, 0},
	};
	struct name name;

	reader.at = HEADER_SIZE;
	if (!name_read(&name, &reader))
		return false;
	header_write(&header, writer);
	writer_bytes(writer, seen->wire + HEADER_SIZE,
	    reader.at + 4 - HEADER_SIZE);
	return !writer->bad;
}

bool
message_garbage(const struct action *action, const struct seen_question *seen,
    struct writer *writer)
{
	const bool with_id = script_has(action, "id");

	if (with_id)
		writer_bytes(writer, seen->wire, 2);
	if (action->count < 2)
		return script_fail(action, "garbage [id] HEX");
	return hex_write(action, action->words[action->count - 1], writer);
}
