#include "ctl/query_log.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "core/counters.h"
#include "ctl/query_log_entry.h"
#include "ctl/query_log_journal.h"
#include "ctl/query_log_labels.h"
#include "ctl/query_log_writer.h"
#include "ctl/tap.h"
#include "io/clock.h"
#include "io/entropy.h"
#include "model/model.h"

/* Where entries go. */
enum place {
	PLACE_NONE,
	PLACE_LOG, /* the daemon's own */
	PLACE_JOURNAL,
	PLACE_FILE, /* or the standard output */
};

enum { TIME_DIGITS = 6 };

/* How long the control thread waits for a file at the most. */
#define OPEN_PATIENCE  (CLOCK_SECOND / 4)
#define LEAVE_PATIENCE (CLOCK_SECOND / 4)
#define END_PATIENCE   (2 * CLOCK_SECOND)

struct query_log {
	struct tap *tap;
	struct counters *counters;
	struct tap_reader reader;
	bool reads; /* the tap has it */
	enum place place;
	enum query_log_format format;
	bool policy; /* only where enable_logging is set */
	struct query_log_labels labels;
	uint64_t seed; /* entries' ids begin here */
	char *path;    /* of the file; NULL: the standard output */
	struct query_log_limits limits;
	struct query_log_writer *writer; /* where there is a file */
	struct query_log_journal journal;
	bool failing; /* as was told last */
	void (*changed)(void *context);
	void *context;
	struct query_answer answer;
	char text[QUERY_LOG_LINE];
};

static struct query_log_health
health_of(const struct query_log *log)
{
	const struct query_log_trouble *trouble = &log->journal.trouble;

	switch (log->place) {
	case PLACE_NONE:
	case PLACE_LOG:
		break;
	case PLACE_JOURNAL:
		return (struct query_log_health){
		    .failing = trouble->there,
		    .lost = trouble->lost,
		};
	case PLACE_FILE:
		return query_log_writer_look(log->writer);
	}
	return (struct query_log_health){.failing = false};
}

/* Tells who watches whether it fails, if that is new. */
static void
tell(struct query_log *log)
{
	const bool failing = health_of(log).failing;

	if (failing == log->failing)
		return;
	log->failing = failing;
	if (log->changed != NULL)
		log->changed(log->context);
}

/* Entries. */

/* Different for each number, and looks like it (splitmix64). */
static uint64_t
next_id(struct query_log *log)
{
	uint64_t id = log->seed += UINT64_C(0x9e3779b97f4a7c15);

	id = (id ^ id >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	id = (id ^ id >> 27) * UINT64_C(0x94d049bb133111eb);
	return id ^ id >> 31;
}

static void
count_written(struct query_log *log, uint64_t entries)
{
	counter_raise(&log->counters->query_log_written, entries);
}

static void
count_failed(struct query_log *log, uint64_t entries)
{
	counter_raise(&log->counters->query_log_failed, entries);
}

static void
send_to_journal(struct query_log *log, const struct query_log_entry *entry,
    const struct line *line)
{
	if (query_log_journal_send(&log->journal, entry, line, clock_now())) {
		count_written(log, 1);
	} else {
		count_failed(log, 1);
	}
}

/* Hands a line over, which ends with a newline unless it is for people. */
static void
send_line(struct query_log *log, const struct query_log_entry *entry,
    struct line *line)
{
	switch (log->place) {
	case PLACE_NONE:
		return;
	case PLACE_LOG:
		line_octets(line, "", 1);
		log_info("query %s", line->text);
		count_written(log, 1);
		return;
	case PLACE_JOURNAL:
		send_to_journal(log, entry, line);
		return;
	case PLACE_FILE:
		line_octets(line, "\n", 1);
		query_log_writer_put(log->writer, line->text, line->len);
		return;
	}
}

/* Whether the client's network (0), or a producer's, wants an entry. */
static bool
is_wanted(const struct query_log *log, const struct qlog_record *record,
    unsigned side)
{
	if (!log->policy)
		return true;
	return side == 0 ? record->policy_logs
			 : record->producers[side - 1].policy_logs;
}

static bool
is_wanted_at_all(const struct query_log *log, const struct qlog_record *record)
{
	for (unsigned side = 0; side <= record->producer_count; side++) {
		if (is_wanted(log, record, side))
			return true;
	}
	return false;
}

static void
log_cloud(struct query_log *log, struct query_log_entry *entry)
{
	const struct qlog_record *record = entry->record;

	for (unsigned side = 0; side <= record->producer_count; side++) {
		struct line line = line_in(log->text, sizeof(log->text));

		if (!is_wanted(log, record, side))
			continue;
		entry->id = next_id(log);
		query_log_entry_cloud(&line, entry, side);
		send_line(log, entry, &line);
	}
}

/* However many networks see it: people count queries. */
static void
log_text(struct query_log *log, struct query_log_entry *entry)
{
	struct line line = line_in(log->text, sizeof(log->text));

	if (log->place == PLACE_FILE) {
		line_time(&line, entry->record->at, TIME_DIGITS);
		line_octets(&line, " ", 1);
	}
	query_log_entry_text(&line, entry);
	send_line(log, entry, &line);
}

/* A tap_fn. */
static void
query_log_read(void *context, const struct qlog_record *record,
    const uint8_t *reply)
{
	struct query_log *log = context;
	struct query_log_entry entry = {
	    .record = record,
	    .answer = &log->answer,
	    .labels = &log->labels,
	};

	if (!is_wanted_at_all(log, record))
		return;
	switch (log->format) {
	case QUERY_LOG_CLOUD:
		query_answer_read(&log->answer, reply, record->len,
		    QUERY_ANSWER_WHOLE);
		log_cloud(log, &entry);
		return;
	case QUERY_LOG_TEXT:
		query_answer_read(&log->answer, reply, record->len,
		    QUERY_ANSWER_OUTLINE);
		log_text(log, &entry);
		return;
	}
}

/* No more for now: what a turn brought is written at once. */
static void
query_log_rest(void *context)
{
	struct query_log *log = context;

	if (log->place == PLACE_FILE)
		query_log_writer_turn(log->writer);
	tell(log);
}

/* Configuration. */

static bool
has_logging(const struct model *model)
{
	const struct model_policy *policies = model->policies.items;

	for (size_t i = 0; i < model->policies.count; i++) {
		if (policies[i].logging)
			return true;
	}
	return false;
}

static enum place
place_of(const struct model *model)
{
	const struct model_query_log *wanted = &model->query_log;

	if (wanted->mark.file == NULL)
		return has_logging(model) ? PLACE_LOG : PLACE_NONE;
	if (wanted->to.text != NULL && strcmp(wanted->to.text, "journal") == 0)
		return PLACE_JOURNAL;
	return PLACE_FILE;
}

/* The path of a file that entries go to, or NULL. */
static const char *
path_of(const struct model *model)
{
	const char *to = model->query_log.to.text;

	return to != NULL && to[0] == '/' ? to : NULL;
}

static bool
same_path(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static void
leave_place(struct query_log *log, uint64_t patience)
{
	switch (log->place) {
	case PLACE_NONE:
	case PLACE_LOG:
		break;
	case PLACE_JOURNAL:
		query_log_journal_close(&log->journal);
		break;
	case PLACE_FILE:
		query_log_writer_stop(log->writer, patience);
		break;
	}
	log->place = PLACE_NONE;
	free(log->path);
	log->path = NULL;
}

/* There is none when it cannot be had. */
static void
enter_file(struct query_log *log, const char *path)
{
	log->writer = query_log_writer_start(path, &log->limits, log->counters);
	if (log->writer == NULL)
		return;
	log->place = PLACE_FILE;
	/* What is wrong with the path is told at once, if the disk answers. */
	query_log_writer_settle(log->writer, OPEN_PATIENCE);
}

static void
enter_place(struct query_log *log, enum place place, const char *path)
{
	if (path != NULL) {
		log->path = strdup(path);
		if (log->path == NULL) {
			log_error("query log: out of memory; there is none");
			return;
		}
	}
	if (place == PLACE_FILE) {
		enter_file(log, path);
		return;
	}
	log->place = place;
	if (place == PLACE_JOURNAL) {
		query_log_journal_open(&log->journal, query_log_journal_path,
		    clock_now());
	}
}

/* Takes over all but where entries go. */
static bool
take_settings(struct query_log *log, const struct model *model)
{
	const struct model_query_log *wanted = &model->query_log;
	struct query_log_labels labels;

	if (!query_log_labels_make(&labels, model)) {
		log_error("query log: out of memory; the old one goes on");
		return false;
	}
	query_log_labels_free(&log->labels);
	log->labels = labels;
	log->format = wanted->format;
	log->policy = wanted->policy;
	log->limits = (struct query_log_limits){
	    .max_size = wanted->max_size,
	    .keep = wanted->keep,
	};
	if (log->place == PLACE_FILE)
		query_log_writer_limit(log->writer, &log->limits);
	if (wanted->mark.file == NULL) {
		log->format = QUERY_LOG_TEXT;
		log->policy = true;
	}
	return true;
}

void
query_log_follow(struct query_log *log, const struct model *model)
{
	const enum place place = place_of(model);
	const char *path = place == PLACE_FILE ? path_of(model) : NULL;

	if (!take_settings(log, model))
		return;
	if (place != log->place || !same_path(path, log->path)) {
		leave_place(log, LEAVE_PATIENCE);
		enter_place(log, place, path);
	}
	if (!log->reads && log->place != PLACE_NONE) {
		tap_add(log->tap, &log->reader);
	} else if (log->reads && log->place == PLACE_NONE) {
		tap_remove(log->tap, &log->reader);
	}
	log->reads = log->place != PLACE_NONE;
	tell(log);
}

void
query_log_reopen(struct query_log *log)
{
	if (log->place == PLACE_FILE)
		query_log_writer_reopen(log->writer);
}

static const char *
place_text(const struct query_log *log)
{
	switch (log->place) {
	case PLACE_NONE:
		return NULL;
	case PLACE_LOG:
		return "log";
	case PLACE_JOURNAL:
		return "journal";
	case PLACE_FILE:
		return log->path == NULL ? "stdout" : log->path;
	}
	return NULL;
}

struct query_log_state
query_log_look(const struct query_log *log)
{
	static const char *const formats[] = {
	    [QUERY_LOG_CLOUD] = "cloud_logging",
	    [QUERY_LOG_TEXT] = "text",
	};
	const struct query_log_health health = health_of(log);

	if (log->place == PLACE_NONE)
		return (struct query_log_state){.to = NULL};
	return (struct query_log_state){
	    .to = place_text(log),
	    .format = formats[log->format],
	    .queries = log->policy ? "policy" : "all",
	    .failing = health.failing,
	    .hangs = health.hangs,
	    .lost = health.failing ? health.lost : 0,
	};
}

void
query_log_watch(struct query_log *log, void (*changed)(void *context),
    void *context)
{
	log->changed = changed;
	log->context = context;
}

struct query_log *
query_log_new(struct tap *tap, struct counters *counters)
{
	struct query_log *log = calloc(1, sizeof(*log));

	if (log == NULL)
		return NULL;
	log->tap = tap;
	log->counters = counters;
	log->reader = (struct tap_reader){
	    .read = query_log_read,
	    .rest = query_log_rest,
	    .idle = query_log_rest,
	    .context = log,
	};
	entropy_fill(&log->seed, sizeof(log->seed));
	return log;
}

void
query_log_free(struct query_log *log)
{
	if (log == NULL)
		return;
	tap_remove(log->tap, &log->reader);
	leave_place(log, END_PATIENCE);
	query_log_labels_free(&log->labels);
	free(log);
}
