#ifndef CTL_QUERY_LOG_JOURNAL_H
#define CTL_QUERY_LOG_JOURNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/line.h"
#include "ctl/query_log_entry.h"
#include "ctl/query_log_trouble.h"

/*
 * Entries for the journal, by its native protocol: a line for people, and
 * fields that journalctl selects by, such as RESOLVERD_QNAME=.
 */
struct query_log_journal {
	const char *path; /* of journald's socket */
	int fd;		  /* -1: not connected */
	struct query_log_trouble trouble;
	char text[QUERY_LOG_LINE + QUERY_LOG_LINE / 4];
};

extern const char query_log_journal_path[];

/* Connects at once, and again whenever that is gone; path stays. */
void query_log_journal_open(struct query_log_journal *journal, const char *path,
    uint64_t now);
void query_log_journal_close(struct query_log_journal *journal);

/* message: the line for people.  False when the entry is lost. */
bool query_log_journal_send(struct query_log_journal *journal,
    const struct query_log_entry *entry, const struct line *message,
    uint64_t now);

#endif
