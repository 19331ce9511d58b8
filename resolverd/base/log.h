#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>
#include <stdint.h>

enum log_level {
	LOG_LEVEL_ERROR,
	LOG_LEVEL_WARN,
	LOG_LEVEL_INFO,
	LOG_LEVEL_DEBUG
};

/* Where lines go; log_open chooses. */
enum log_sink {
	LOG_SINK_STDERR,  /* a person's terminal: "resolverd: text" */
	LOG_SINK_JOURNAL, /* stderr read by journald: "<6>text" */
	LOG_SINK_SYSLOG,  /* a daemon without a terminal */
};

/*
 * Says where lines go and the least severe level shown.  Before the call:
 * stderr and LOG_LEVEL_INFO.  Call it before threads start.
 */
void log_open(enum log_sink sink, enum log_level level);

/* Shows other levels from now on, in all threads; and which they are. */
void log_set_level(enum log_level level);
enum log_level log_get_level(void);

/* Whether lines of a level are shown: costs no more than a look. */
bool log_wants(enum log_level level);

/* LOG_SINK_JOURNAL when stderr is what JOURNAL_STREAM names, else stderr. */
enum log_sink log_detect(void);

/*
 * One line per event that an operator can act on: subject, colon, fact.  No
 * newline.  Control characters are escaped, a text past 1,023 octets ends in
 * "...".  errno is kept.  Any thread may
 * call them; lines do not interleave.
 */
void log_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_warn(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_info(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_debug(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * A gate for one kind of line: at most one a second.  Returns true when the
 * line may be written now, and then in *suppressed how many were held back
 * since the last one.  now is in nanoseconds; the gate belongs to one thread.
 */
struct log_gate {
	uint64_t open_at;
	unsigned suppressed;
};
bool log_gate_open(struct log_gate *gate, uint64_t now, unsigned *suppressed);

#endif
