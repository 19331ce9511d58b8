#include "spoil.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

enum { HEADER = 12 };

static void
spoil_id(struct message *spoilt, const struct question *question)
{
	(void)question;
	spoilt->wire[1] ^= 1;
}

static void
spoil_question(struct message *spoilt, const struct question *question)
{
	(void)question;
	/* The last octet of the first label: another digit or letter. */
	spoilt->wire[HEADER + spoilt->wire[HEADER]] ^= 1;
}

static void
spoil_type(struct message *spoilt, const struct question *question)
{
	spoilt->wire[question->end - 3] ^= 1;
}

static void
spoil_class(struct message *spoilt, const struct question *question)
{
	spoilt->wire[question->end - 1] ^= 2;
}

static void
spoil_case(struct message *spoilt, const struct question *question)
{
	for (size_t i = HEADER; i < question->end - 5; i++) {
		if (isalpha(spoilt->wire[i])) {
			spoilt->wire[i] ^= 0x20;
			return;
		}
	}
}

static void
spoil_qr(struct message *spoilt, const struct question *question)
{
	(void)question;
	spoilt->wire[2] &= 0x7f;
}

static void
spoil_opcode(struct message *spoilt, const struct question *question)
{
	(void)question;
	spoilt->wire[2] |= 5 << 3;
}

/* The question goes, the records after it stay. */
static void
spoil_no_question(struct message *spoilt, const struct question *question)
{
	const size_t rest = spoilt->len - question->end;

	spoilt->wire[5] = 0;
	memmove(spoilt->wire + HEADER, spoilt->wire + question->end, rest);
	spoilt->len = HEADER + rest;
}

static void
spoil_two_questions(struct message *spoilt, const struct question *question)
{
	const size_t size = question->end - HEADER;

	spoilt->wire[5] = 2;
	memmove(spoilt->wire + question->end + size,
	    spoilt->wire + question->end, spoilt->len - question->end);
	memcpy(spoilt->wire + question->end, spoilt->wire + HEADER, size);
	spoilt->len += size;
}

static void
spoil_all(struct message *spoilt, const struct question *question)
{
	(void)question;
	for (size_t i = 2; i < spoilt->len; i++)
		spoilt->wire[i] = (uint8_t)(spoilt->wire[i] ^ (i | 1));
}

static void
spoil_half_header(struct message *spoilt, const struct question *question)
{
	(void)question;
	spoilt->len = HEADER / 2;
}

static void
spoil_end(struct message *spoilt, const struct question *question)
{
	spoilt->len = question->end + 14; /* in the midst of the address */
}

static void
spoil_counts(struct message *spoilt, const struct question *question)
{
	(void)question;
	spoilt->wire[7] = 9;
}

/* The owner of the answer is a pointer to itself. */
static void
spoil_pointer(struct message *spoilt, const struct question *question)
{
	spoilt->wire[question->end + 1] = (uint8_t)question->end;
}

static void
spoil_rdlength(struct message *spoilt, const struct question *question)
{
	spoilt->wire[question->end + 11] = 5;
}

/* The cookie of another client: its answer was made for somebody else. */
static void
spoil_cookie(struct message *spoilt, const struct question *question)
{
	static const uint8_t foreign[COOKIE_CLIENT + COOKIE_SERVER] = "foreign";

	spoilt->len = question->end + 16;
	spoilt->wire[11] = 0;
	message_opt(spoilt, 0, foreign, sizeof(foreign));
}

static const struct spoiling spoilings[] = {
    {"wrongid", "with another id", spoil_id},
    {"wrongquestion", "that answer another name", spoil_question},
    {"wrongtype", "another type", spoil_type},
    {"wrongclass", "another class", spoil_class},
    {"wrongcase", "a letter of other case", spoil_case},
    {"qr0", "that are queries", spoil_qr},
    {"opcode", "of another opcode", spoil_opcode},
    {"noquestion", "without a question", spoil_no_question},
    {"twoquestions", "with two", spoil_two_questions},
    {"garbage", "of which only the id is right", spoil_all},
    {"halfheader", "of six octets", spoil_half_header},
    {"cutoff", "that end within a record", spoil_end},
    {"counts", "with fewer records than they say", spoil_counts},
    {"pointer", "whose owner points to itself", spoil_pointer},
    {"rdlength", "with an A record of five octets", spoil_rdlength},
    {"wrongcookie", "with another client's cookie", spoil_cookie},
};

enum { SPOILINGS = sizeof(spoilings) / sizeof(spoilings[0]) };

const struct spoiling *
spoil_find(const char *word, size_t len)
{
	for (size_t i = 0; i < SPOILINGS; i++) {
		if (strlen(spoilings[i].word) == len &&
		    strncasecmp(spoilings[i].word, word, len) == 0)
			return &spoilings[i];
	}
	return NULL;
}

const struct spoiling *
spoil_row(size_t index)
{
	return index < SPOILINGS ? &spoilings[index] : NULL;
}
