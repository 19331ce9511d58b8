#include "ctl/query_log_journal.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <syslog.h>
#include <unistd.h>

#include "ctl/response.h"

#define NS_PER_US UINT64_C(1000)

const char query_log_journal_path[] = "/run/systemd/journal/socket";

static void
connect_again(struct query_log_journal *journal, uint64_t now)
{
	struct sockaddr_un addr = {.sun_family = AF_UNIX};

	if (query_log_trouble_waits(&journal->trouble, now))
		return;
	assert(strlen(journal->path) < sizeof(addr.sun_path));
	memcpy(addr.sun_path, journal->path, strlen(journal->path));
	journal->fd =
	    socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (journal->fd >= 0 &&
	    connect(journal->fd, (const struct sockaddr *)&addr,
		sizeof(addr)) == 0)
		return;
	query_log_trouble_note(&journal->trouble, now, strerror(errno));
	query_log_journal_close(journal);
}

void
query_log_journal_open(struct query_log_journal *journal, const char *path,
    uint64_t now)
{
	journal->path = path;
	journal->fd = -1;
	journal->trouble = (struct query_log_trouble){.name = "journal"};
	connect_again(journal, now);
}

void
query_log_journal_close(struct query_log_journal *journal)
{
	if (journal->fd >= 0)
		close(journal->fd);
	journal->fd = -1;
}

static const char *
priority(const struct qlog_record *record)
{
	_Static_assert(LOG_ERR == 3 && LOG_NOTICE == 5 && LOG_INFO == 6,
	    "syslog's numbers");
	switch (record->rcode) {
	case RCODE_NOERROR:
		return "6";
	case RCODE_SERVFAIL:
		return "3";
	default:
		return "5";
	}
}

/* A field whose text is a word: without anything that could end it. */
static void
put_word(struct line *line, const char *key, const char *text)
{
	line_put(line, key);
	line_word(line, text);
	line_octets(line, "\n", 1);
}

static void
put_number(struct line *line, const char *key, uint64_t number)
{
	line_put(line, key);
	line_number(line, number);
	line_octets(line, "\n", 1);
}

static void
put_fields(struct line *line, const struct query_log_entry *entry)
{
	const struct qlog_record *record = entry->record;
	const struct query_answer *answer = entry->answer;
	char rcode[RESPONSE_RCODE_TEXT];
	char client[ADDR_TEXT];

	line_put(line, "SYSLOG_IDENTIFIER=resolverd\n");
	put_word(line, "PRIORITY=", priority(record));
	put_word(line,
	    "RESOLVERD_CLIENT=", addr_format_host(&record->client, client));
	put_word(line, "RESOLVERD_NETWORK=", record->network);
	if (answer->has_question) {
		put_word(line, "RESOLVERD_QNAME=", answer->name);
		put_word(line,
		    "RESOLVERD_QTYPE=", query_answer_type(answer->type));
	}
	put_word(line,
	    "RESOLVERD_RCODE=", response_rcode(record->rcode, rcode));
	put_word(line, "RESOLVERD_ORIGIN=", origin_text(record->origin));
	put_word(line, "RESOLVERD_TARGET_TYPE=", target_text(record->target));
	put_word(line, "RESOLVERD_TARGET_NAME=", record->target_name);
	put_number(line, "RESOLVERD_RECORDS=", answer->count);
	put_number(line,
	    "RESOLVERD_LATENCY_USEC=", record->latency / NS_PER_US);
}

/* What errno says of an entry that was not taken. */
static void
heed_failure(struct query_log_journal *journal, uint64_t now)
{
	if (errno == EAGAIN || errno == ENOBUFS) {
		query_log_trouble_slow(&journal->trouble, now,
		    "it takes entries too slowly");
		return;
	}
	query_log_trouble_note(&journal->trouble, now, strerror(errno));
	query_log_journal_close(journal);
}

bool
query_log_journal_send(struct query_log_journal *journal,
    const struct query_log_entry *entry, const struct line *message,
    uint64_t now)
{
	struct line line = line_in(journal->text, sizeof(journal->text));

	if (journal->fd < 0)
		connect_again(journal, now);
	line_put(&line, "MESSAGE=");
	line_octets(&line, message->text, message->len);
	line_octets(&line, "\n", 1);
	put_fields(&line, entry);
	if (journal->fd >= 0 &&
	    send(journal->fd, line.text, line.len, MSG_NOSIGNAL) >= 0) {
		query_log_trouble_worked(&journal->trouble, now);
		return true;
	}
	if (journal->fd >= 0)
		heed_failure(journal, now);
	journal->trouble.lost++;
	return false;
}
