/*
 * The server that is forwarded to: it knows A, AAAA and HTTPS of every name,
 * and run.app as a wildcard.
 *
 *   upstream [-d] [-x FAULT] ADDRESS:PORT
 *
 * With -d it answers after 5 to 20 ms, by the name.  A fault makes each answer
 * wrong in one respect, so as to show that load sees it.
 */
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "message.h"
#include "net.h"

enum {
	TTL = 3600,
	FIXED = 12, /* octets of a record before its data, owner a pointer */
	MILLISECONDS = 32,
	HELD = 16384,
	LONGEST = 512,
};

enum fault {
	FAULT_NONE,
	FAULT_DATA,
	FAULT_COUNT,
	FAULT_RCODE,
	FAULT_QUESTION,
	FAULT_FLAG,
	FAULT_ID,
};

static const struct {
	const char *name;
	enum fault fault;
} faults[] = {
    {"data", FAULT_DATA},
    {"count", FAULT_COUNT},
    {"rcode", FAULT_RCODE},
    {"question", FAULT_QUESTION},
    {"flag", FAULT_FLAG},
    {"id", FAULT_ID},
};

static enum fault fault = FAULT_NONE;
static struct batch batch;

/* Adds a record; the octets it takes. */
static size_t
put_record(uint8_t *at, const uint8_t *owner, unsigned type,
    const uint8_t *data, size_t len)
{
	memcpy(at, owner, 2);
	put_u16(at + 2, type);
	put_u16(at + 4, 1);
	put_u16(at + 6, 0);
	put_u16(at + 8, TTL);
	put_u16(at + 10, (unsigned)len);
	memcpy(at + FIXED, data, len);
	return FIXED + len;
}

static const uint8_t itself[] = {0xc0, MESSAGE_HEADER};

/* A CNAME to run.app, which the name ends in, and its four addresses. */
static size_t
put_local(uint8_t *at, size_t name)
{
	const uint8_t apex[] = {0xc0,
	    (uint8_t)(MESSAGE_HEADER + name - sizeof("\003run\003app"))};
	size_t len = put_record(at, itself, TYPE_CNAME, apex, sizeof(apex));

	for (unsigned i = 0; i < 4; i++) {
		const uint8_t address[] = {199, 36, 153, (uint8_t)(4 + i)};

		len += put_record(at + len, apex, TYPE_A, address,
		    sizeof(address));
	}
	return len;
}

static bool
is_local(const uint8_t *name, size_t size)
{
	static const uint8_t apex[] = "\003run\003app";

	return size > sizeof(apex) &&
	    memcmp(name + size - sizeof(apex), apex, sizeof(apex)) == 0;
}

/* Makes it wrong. */
static void
spoil(uint8_t *wire, size_t records)
{
	switch (fault) {
	case FAULT_DATA:
		wire[records - 1] ^= 0x40;
		break;
	case FAULT_COUNT:
		put_u16(wire + 6, get_u16(wire + 6) - 1);
		break;
	case FAULT_RCODE:
		wire[3] |= 2;
		break;
	case FAULT_QUESTION:
		wire[MESSAGE_HEADER + 1] ^= 0x20;
		break;
	case FAULT_FLAG:
		wire[2] &= 0x7f;
		break;
	case FAULT_ID:
		wire[0] ^= 0x80;
		break;
	case FAULT_NONE:
		break;
	}
}

/* Makes an answer of a query; its length, or 0. */
static size_t
answer(uint8_t *wire, size_t len)
{
	static const uint8_t opt[MESSAGE_OPT] = {0, 0, 41, 1232 >> 8,
	    1232 & 0xff, 0, 0, 0, 0, 0, 0};
	const size_t question = question_size(wire, len, MESSAGE_HEADER);
	const bool edns = len > MESSAGE_HEADER && get_u16(wire + 10) > 0;
	uint8_t data[RDATA_SIZE];
	size_t at = MESSAGE_HEADER + question;
	unsigned type;
	size_t size;

	if (question == 0)
		return 0;
	type = get_u16(wire + at - 4);
	size = forwarded_data(wire + MESSAGE_HEADER, type, data);
	put_u16(wire + 2, 0x8580);
	put_u16(wire + 6, size > 0);
	put_u16(wire + 8, 0);
	put_u16(wire + 10, edns);
	if (is_local(wire + MESSAGE_HEADER, question - 4)) {
		put_u16(wire + 6, 5);
		at += put_local(wire + at, question - 4);
	} else if (size > 0) {
		at += put_record(wire + at, itself, type, data, size);
	}
	spoil(wire, at);
	if (edns)
		memcpy(wire + at, opt, sizeof(opt));
	return edns ? at + sizeof(opt) : at;
}

static void
serve_at_once(int fd)
{
	for (;;) {
		const size_t count = batch_receive(&batch, fd, MSG_WAITFORONE);

		for (size_t i = 0; i < count; i++) {
			batch.vectors[i].iov_len =
			    answer(batch.octets[i], batch.messages[i].msg_len);
		}
		batch_send(&batch, fd, count);
	}
}

/* An answer that waits for its time, in a list. */
struct held {
	struct held *next;
	struct sockaddr_in peer;
	size_t len;
	uint8_t octets[LONGEST];
};

static struct held all_held[HELD];
static struct held *idle;
static struct held *due[MILLISECONDS]; /* by the millisecond, round and round */

static void
hold(size_t message, uint64_t now)
{
	struct held *held = idle;
	const uint8_t *octets = batch.octets[message];
	const size_t len =
	    answer(batch.octets[message], batch.messages[message].msg_len);
	const uint64_t delay = 5 + name_hash(octets + MESSAGE_HEADER) % 16;
	struct held **list = &due[(now + delay) % MILLISECONDS];

	if (held == NULL || len == 0 || len > LONGEST)
		return;
	idle = held->next;
	held->peer = batch.peers[message];
	held->len = len;
	memcpy(held->octets, octets, len);
	held->next = *list;
	*list = held;
}

static void
release(int fd, struct held **list)
{
	size_t count = 0;

	while (*list != NULL && count < BATCH) {
		struct held *held = *list;

		*list = held->next;
		batch.peers[count] = held->peer;
		batch.vectors[count].iov_len = held->len;
		memcpy(batch.octets[count], held->octets, held->len);
		held->next = idle;
		idle = held;
		count++;
	}
	batch_send(&batch, fd, count);
}

static void
serve_late(int fd)
{
	struct pollfd readable = {.fd = fd, .events = POLLIN};
	uint64_t released = net_now() / 1000000;

	for (size_t i = 0; i < HELD; i++) {
		all_held[i].next = idle;
		idle = &all_held[i];
	}
	for (;;) {
		uint64_t now;
		size_t count = 0;

		poll(&readable, 1, 1);
		now = net_now() / 1000000;
		for (; released < now; released++) {
			struct held **list =
			    &due[(released + 1) % MILLISECONDS];

			while (*list != NULL)
				release(fd, list);
		}
		if (readable.revents != 0)
			count = batch_receive(&batch, fd, MSG_DONTWAIT);
		for (size_t i = 0; i < count; i++)
			hold(i, now);
	}
}

static bool
set_fault(const char *name)
{
	for (size_t i = 0; i < sizeof(faults) / sizeof(*faults); i++) {
		if (strcmp(faults[i].name, name) == 0)
			fault = faults[i].fault;
	}
	return fault != FAULT_NONE;
}

int
main(int argc, char *argv[])
{
	bool late = false;
	bool good = true;
	struct sockaddr_in address;
	int letter;

	while (good && (letter = getopt(argc, argv, "dx:")) != -1) {
		late = late || letter == 'd';
		good = letter == 'd' || (letter == 'x' && set_fault(optarg));
	}
	if (!good || argc - optind != 1) {
		fprintf(stderr,
		    "usage: upstream [-d] [-x fault] address:port\n");
		return 2;
	}
	address = net_address(argv[optind]);
	batch_init(&batch, BATCH_BOUND);
	if (late) {
		serve_late(net_serve(&address, SOCK_DGRAM));
	} else {
		serve_at_once(net_serve(&address, SOCK_DGRAM));
	}
	return 0;
}
