#ifndef FAULTY_MESSAGE_H
#define FAULTY_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Questions read and answers written, apart from anything that resolverd has:
 * a mistake of its own would hide behind the same mistake here.
 */

enum { QUESTION_MAX = 1024, MESSAGE_MAX = 65535, NAME_MAX_TEXT = 1300 };

enum {
	TYPE_A = 1,
	TYPE_NS = 2,
	TYPE_CNAME = 5,
	TYPE_SOA = 6,
	TYPE_HINFO = 13,
	TYPE_TXT = 16,
	TYPE_AAAA = 28,
	TYPE_OPT = 41,
	CLASS_IN = 1,
	CLASS_CH = 3,
};

enum {
	RCODE_FORMERR = 1,
	RCODE_SERVFAIL = 2,
	RCODE_NXDOMAIN = 3,
	RCODE_NOTIMP = 4,
	RCODE_REFUSED = 5,
	RCODE_BADCOOKIE = 23,
};

enum { COOKIE_CLIENT = 8, COOKIE_SERVER = 16, COOKIE_MAX = 40 };

/* A question as it came; wire is borrowed. */
struct question {
	const uint8_t *wire;
	size_t len;
	size_t end; /* where its question section ends */
	char name[NAME_MAX_TEXT];
	uint16_t id;
	uint16_t type;
	bool recursion;
	bool checking_disabled;
	bool edns;
	bool dnssec_ok;
	uint16_t edns_size;
	uint8_t cookie[COOKIE_MAX];
	size_t cookie_len;
	size_t padding; /* octets of the padding option, header included */
	size_t others;	/* EDNS options of other codes */
};

/* False for what is no query with one question. */
bool question_read(struct question *question, const uint8_t *wire, size_t len);

/* An answer being written; what does not fit is left out. */
struct message {
	size_t len;
	uint8_t wire[MESSAGE_MAX];
};

enum section { SECTION_ANSWER = 6, SECTION_AUTHORITY = 8, SECTION_ADDED = 10 };

struct record {
	const char *owner; /* NULL: the name asked */
	uint16_t type;
	uint16_t class;
	uint32_t ttl;
	const uint8_t *rdata;
	size_t len;
};

/* A header and the question, octet by octet as it came. */
void message_start(struct message *message, const struct question *question);

void message_record(struct message *message, enum section section,
    const struct record *record);

/* A record whose RDATA is one name, as text. */
void message_alias(struct message *message, const struct record *record,
    const char *target);

/* The SOA that makes a negative answer. */
void message_soa(struct message *message, uint32_t ttl);

void message_rcode(struct message *message, unsigned rcode);

/* An OPT record; cookie may be of length 0. */
void message_opt(struct message *message, unsigned rcode, const uint8_t *cookie,
    size_t cookie_len);

#endif
