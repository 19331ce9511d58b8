#include "base/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>

#include "base/text.h"

enum {
	LOG_TEXT = 1024,
	LOG_STREAM = 48 /* "device:inode", two numbers of 20 digits */
};

static struct {
	enum log_sink sink;
	atomic_uint level;
} logger = {.sink = LOG_SINK_STDERR, .level = LOG_LEVEL_INFO};

/* By level: syslog's number, which the journal reads too; a word for people. */
static const struct {
	int priority;
	const char *word;
} levels[] = {
    [LOG_LEVEL_ERROR] = {LOG_ERR, "error: "},
    [LOG_LEVEL_WARN] = {LOG_WARNING, "warning: "},
    [LOG_LEVEL_INFO] = {LOG_INFO, ""},
    [LOG_LEVEL_DEBUG] = {LOG_DEBUG, ""},
};

void
log_open(enum log_sink sink, enum log_level level)
{
	logger.sink = sink;
	log_set_level(level);
	if (sink == LOG_SINK_SYSLOG)
		openlog("resolverd", LOG_PID, LOG_DAEMON);
}

void
log_set_level(enum log_level level)
{
	atomic_store_explicit(&logger.level, level, memory_order_relaxed);
}

enum log_level
log_get_level(void)
{
	return (enum log_level)atomic_load_explicit(&logger.level,
	    memory_order_relaxed);
}

bool
log_wants(enum log_level level)
{
	return level <= log_get_level();
}

enum log_sink
log_detect(void)
{
	const char *journal = getenv("JOURNAL_STREAM");
	char ours[LOG_STREAM];
	struct stat status;

	if (journal == NULL || fstat(STDERR_FILENO, &status) != 0)
		return LOG_SINK_STDERR;
	/* A child whose stderr goes elsewhere inherits the variable too. */
	snprintf(ours, sizeof(ours), "%ju:%ju", (uintmax_t)status.st_dev,
	    (uintmax_t)status.st_ino);
	return strcmp(journal, ours) == 0 ? LOG_SINK_JOURNAL : LOG_SINK_STDERR;
}

/* One call writes the whole line: stderr is unbuffered and locked. */
static void log_write(enum log_level level, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

static void
log_write(enum log_level level, const char *format, va_list args)
{
	const int saved = errno;
	char text[LOG_TEXT + 1]; /* one more, so that a cut shows */
	char line[LOG_TEXT];

	if (!log_wants(level))
		return;
	vsnprintf(text, sizeof(text), format, args);
	text_escape(text, line, sizeof(line));
	switch (logger.sink) {
	case LOG_SINK_STDERR:
		fprintf(stderr, "resolverd: %s%s\n", levels[level].word, line);
		break;
	case LOG_SINK_JOURNAL:
		fprintf(stderr, "<%d>%s\n", levels[level].priority, line);
		break;
	case LOG_SINK_SYSLOG:
		syslog(levels[level].priority, "%s", line);
		break;
	}
	errno = saved;
}

void
log_error(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	log_write(LOG_LEVEL_ERROR, format, args);
	va_end(args);
}

void
log_warn(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	log_write(LOG_LEVEL_WARN, format, args);
	va_end(args);
}

void
log_info(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	log_write(LOG_LEVEL_INFO, format, args);
	va_end(args);
}

void
log_debug(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	log_write(LOG_LEVEL_DEBUG, format, args);
	va_end(args);
}

bool
log_gate_open(struct log_gate *gate, uint64_t now, unsigned *suppressed)
{
	static const uint64_t second = UINT64_C(1000000000);

	if (now < gate->open_at) {
		gate->suppressed++;
		return false;
	}
	*suppressed = gate->suppressed;
	*gate = (struct log_gate){.open_at = now + second};
	return true;
}
