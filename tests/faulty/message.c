#include "message.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum {
	HEADER = 12,
	LABEL_MAX = 63,
	NAME_WIRE_MAX = 255,
	OPTION_COOKIE = 10,
	OPTION_PADDING = 12
};

static uint16_t
get16(const uint8_t *wire)
{
	return (uint16_t)(wire[0] << 8 | wire[1]);
}

/* An octet of a name as text; the characters that makes. */
static size_t
add_octet(char *text, uint8_t octet)
{
	if (isgraph(octet)) {
		*text = (char)octet;
		return 1;
	}
	return (size_t)snprintf(text, 5, "\\%03u", octet);
}

/* The name at 12 as text; where it ends, or 0. */
static size_t
read_name(struct question *question)
{
	size_t at = HEADER;
	size_t used = 0;

	while (at < question->len && question->wire[at] != 0) {
		const size_t label = question->wire[at];

		if (label > LABEL_MAX || at + 1 + label >= question->len)
			return 0;
		for (size_t i = at + 1; i <= at + label; i++) {
			const uint8_t octet = question->wire[i];

			used += add_octet(question->name + used, octet);
		}
		question->name[used++] = '.';
		at += 1 + label;
		if (at > HEADER + NAME_WIRE_MAX)
			return 0;
	}
	return at < question->len ? at + 1 : 0;
}

static void
read_option(struct question *question, unsigned code, const uint8_t *data,
    size_t len)
{
	if (code == OPTION_COOKIE && len <= COOKIE_MAX) {
		memcpy(question->cookie, data, len);
		question->cookie_len = len;
	} else if (code == OPTION_PADDING) {
		question->padding = 4 + len;
	} else {
		question->others++;
	}
}

/* The OPT record, which resolverd puts right behind the question. */
static void
read_edns(struct question *question)
{
	const uint8_t *opt = question->wire + question->end;
	const size_t left = question->len - question->end;
	size_t at = 11;

	if (left < at || opt[0] != 0 || get16(opt + 1) != TYPE_OPT)
		return;
	question->edns = true;
	question->edns_size = get16(opt + 3);
	question->dnssec_ok = (opt[7] & 0x80) != 0;
	while (at + 4 <= left && at + 4 + get16(opt + at + 2) <= left) {
		const size_t len = get16(opt + at + 2);

		read_option(question, get16(opt + at), opt + at + 4, len);
		at += 4 + len;
	}
}

bool
question_read(struct question *question, const uint8_t *wire, size_t len)
{
	size_t end;

	*question = (struct question){.wire = wire, .len = len};
	if (len < HEADER || (wire[2] & 0x80) != 0 || get16(wire + 4) != 1)
		return false;
	end = read_name(question);
	if (end == 0 || end + 4 > len)
		return false;
	question->id = get16(wire);
	question->type = get16(wire + end);
	question->end = end + 4;
	question->recursion = (wire[2] & 1) != 0;
	question->checking_disabled = (wire[3] & 0x10) != 0;
	read_edns(question);
	return true;
}

static void
put(struct message *message, const void *octets, size_t len)
{
	if (message->len + len > sizeof(message->wire))
		return;
	memcpy(message->wire + message->len, octets, len);
	message->len += len;
}

static void
put16(struct message *message, unsigned value)
{
	const uint8_t octets[2] = {(uint8_t)(value >> 8), (uint8_t)value};

	put(message, octets, sizeof(octets));
}

static void
put32(struct message *message, uint32_t value)
{
	put16(message, value >> 16);
	put16(message, value & 0xffff);
}

/* A name as text into wire form, never compressed. */
static void
put_name(struct message *message, const char *text)
{
	while (*text != '\0') {
		const uint8_t len = (uint8_t)strcspn(text, ".");

		put(message, &len, 1);
		put(message, text, len);
		text += len;
		if (*text == '.')
			text++;
	}
	put(message, "", 1);
}

static void
count_one(struct message *message, enum section section)
{
	uint8_t *count = message->wire + section;
	const unsigned value = get16(count) + 1U;

	count[0] = (uint8_t)(value >> 8);
	count[1] = (uint8_t)value;
}

static void
put_head(struct message *message, const struct record *record)
{
	static const uint8_t question[2] = {0xc0, HEADER};

	if (record->owner == NULL) {
		put(message, question, sizeof(question));
	} else {
		put_name(message, record->owner);
	}
	put16(message, record->type);
	put16(message, record->class);
	put32(message, record->ttl);
}

/* Writes the length of the RDATA that begins two octets behind at. */
static void
close_rdata(struct message *message, size_t at)
{
	const size_t len = message->len - at - 2;

	message->wire[at] = (uint8_t)(len >> 8);
	message->wire[at + 1] = (uint8_t)len;
}

void
message_start(struct message *message, const struct question *question)
{
	static const uint8_t counts[8] = {0, 1};
	const uint8_t flags[2] = {(uint8_t)(0x80 | (question->wire[2] & 1)),
	    0x80};

	message->len = 0;
	put(message, question->wire, 2);
	put(message, flags, sizeof(flags));
	put(message, counts, sizeof(counts));
	put(message, question->wire + HEADER, question->end - HEADER);
}

void
message_record(struct message *message, enum section section,
    const struct record *record)
{
	put_head(message, record);
	put16(message, (unsigned)record->len);
	put(message, record->rdata, record->len);
	count_one(message, section);
}

void
message_alias(struct message *message, const struct record *record,
    const char *target)
{
	size_t at;

	put_head(message, record);
	at = message->len;
	put16(message, 0);
	put_name(message, target);
	close_rdata(message, at);
	count_one(message,
	    record->type == TYPE_NS ? SECTION_AUTHORITY : SECTION_ANSWER);
}

void
message_soa(struct message *message, uint32_t ttl)
{
	const struct record soa = {
	    .owner = "test",
	    .type = TYPE_SOA,
	    .class = CLASS_IN,
	    .ttl = ttl,
	};
	size_t at;

	put_head(message, &soa);
	at = message->len;
	put16(message, 0);
	put_name(message, "ns.test");
	put_name(message, "hostmaster.test");
	for (unsigned i = 0; i < 4; i++)
		put32(message, 1);
	put32(message, ttl);
	close_rdata(message, at);
	count_one(message, SECTION_AUTHORITY);
}

void
message_rcode(struct message *message, unsigned rcode)
{
	message->wire[3] = (uint8_t)((message->wire[3] & 0xf0) | (rcode & 15));
}

void
message_opt(struct message *message, unsigned rcode, const uint8_t *cookie,
    size_t cookie_len)
{
	static const uint8_t root = 0;

	message_rcode(message, rcode);
	put(message, &root, 1);
	put16(message, TYPE_OPT);
	put16(message, 1232);
	put32(message, (uint32_t)(rcode >> 4) << 24);
	put16(message, cookie_len == 0 ? 0 : 4 + (unsigned)cookie_len);
	if (cookie_len > 0) {
		put16(message, OPTION_COOKIE);
		put16(message, (unsigned)cookie_len);
		put(message, cookie, cookie_len);
	}
	count_one(message, SECTION_ADDED);
}
