#ifndef CTL_LIVE_ENTRY_H
#define CTL_LIVE_ENTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "dns/message.h"
#include "dns/name.h"
#include "io/qlog.h"

struct json_writer;

/* An answered query, as far as a person who looks on wants to know of it. */
struct live_entry {
	uint64_t at;	  /* ns since 1970: when the query came */
	uint64_t latency; /* ns until its answer */
	struct addr client;
	struct addr server; /* that was asked; len 0: nobody */
	enum transport transport;
	enum origin origin;
	bool has_question;
	struct name name; /* letter case as it came */
	uint16_t type;
	unsigned rcode;
	bool has_ttl;
	uint32_t ttl; /* the least of the answer's, or its SOA's */
	unsigned answers;
	char network[QLOG_NAME];
	char target_name[QLOG_NAME];
	char rule[QLOG_NAME];
	uint16_t ede; /* if there is a why */
	char why[QLOG_WHY];
};

/*
 * Makes one of what a worker told, and of the reply that follows it.  False:
 * it was the daemon itself who asked, for a target's name.
 */
bool live_entry_read(struct live_entry *entry, const struct qlog_record *record,
    const uint8_t *reply);

/* The members of an object that is open; resolverctl(8) lists them. */
void
live_entry_write(const struct live_entry *entry, struct json_writer *writer);

/* "2026-11-25T02:10:01.123456Z" */
enum { LIVE_ENTRY_TIME = 32 };
const char *live_entry_time(uint64_t at, char buf[LIVE_ENTRY_TIME]);

#endif
