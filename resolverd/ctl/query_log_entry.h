#ifndef CTL_QUERY_LOG_ENTRY_H
#define CTL_QUERY_LOG_ENTRY_H

#include <stdint.h>

#include "base/line.h"
#include "ctl/query_answer.h"
#include "ctl/query_log_labels.h"
#include "io/qlog.h"

/*
 * One line for one query, without its newline.  Nothing a client, a server or a
 * configuration sends can make it two, or be taken for another part of it.
 */

/*
 * Room for any entry: the longest owner for each record, all values, and what
 * is beside them.  In JSON \DDD takes one octet more, and nothing else of them
 * more than two.
 */
enum {
	QUERY_LOG_LINE =
	    ANSWER_RECORDS * NAME_TEXT / 4 * 5 + 2 * ANSWER_ROOM + 16384,
};

/* A query, with all that its lines are made of. */
struct query_log_entry {
	const struct qlog_record *record;
	const struct query_answer *answer; /* whole, for Cloud Logging */
	const struct query_log_labels *labels;
	uint64_t id; /* another one for each entry */
};

/*
 * Cloud Logging's JSON, as the client's network has it (side 0), or a producer
 * network behind a peering zone (1 and on).
 */
void query_log_entry_cloud(struct line *line,
    const struct query_log_entry *entry, unsigned side);

/*
 * The same as text: client, network, transport, name, type, rcode, number of
 * records, who answered, lowest TTL, microseconds, reason.
 */
void
query_log_entry_text(struct line *line, const struct query_log_entry *entry);

/* Who answered: "zone:corp,upstream:10.0.0.2". */
void
query_log_entry_source(struct line *line, const struct qlog_record *record);

/* How grave Cloud Logging takes it: "INFO", "NOTICE", "ERROR". */
const char *query_log_entry_severity(const struct qlog_record *record);

#endif
