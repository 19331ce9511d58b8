#ifndef CTL_STANDING_H
#define CTL_STANDING_H

#include <event2/event_struct.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/json_writer.h"
#include "ctl/mode.h"

struct arguments;
struct control_socket;
struct drift;
struct query_log;
struct serving;

enum { STANDING_TEXT = 1024, STANDING_BY = 96 };

/* What became of the last reload. */
struct standing_reload {
	int64_t at; /* seconds since 1970; 0: there was none */
	bool good;  /* else the configuration before it is served */
	size_t errors;
	uint64_t count;	 /* of all there were */
	uint64_t failed; /* of those, in vain */
};

/*
 * A mode that somebody ordered at run time, over the configuration's: it stays
 * over reloads until it is taken back, its time is over, or the daemon ends.
 */
struct standing_order {
	bool given;
	struct mode_choice choice;
	int64_t at;	      /* seconds since 1970 */
	int64_t until;	      /* likewise; 0: without an end */
	char by[STANDING_BY]; /* "root (uid 0, pid 4711)" */
	struct event timer;
	bool assigned;
};

/*
 * Where the daemon stands, for whoever shows it.  In the control thread; all
 * pointers are borrowed.
 */
struct standing {
	struct serving *serving;
	const struct arguments *arguments; /* config: its path, or NULL */
	const struct model *started;	   /* as at start */
	const struct control_socket *socket;
	const struct drift *drift;
	const struct query_log *query_log; /* NULL: not yet */
	int64_t started_at;		   /* seconds since 1970 */
	uint64_t began;			   /* on the engine's clock */
	struct mode_choice configured;
	struct standing_order order;
	struct standing_reload reload;
};

/* Everything serves as it was configured; the pointers are set. */
void standing_start(struct standing *standing);

/* No order is taken back any more. */
void standing_stop(struct standing *standing);

/* The mode that holds. */
const struct mode_choice *standing_mode(const struct standing *standing);

/* The line for the service manager, and sends it there. */
const char *
standing_line(const struct standing *standing, char buf[STANDING_TEXT]);
void standing_tell(const struct standing *standing);

/* What a new model is to be before it is served. */
void standing_instruct(const struct standing *standing, struct model *model);

/* Who orders a mode, and for how many seconds; 0: until further notice. */
struct standing_wish {
	struct mode_choice choice;
	const char *by;
	uint64_t seconds;
};

/*
 * Serves in another mode at once, and all else as before.  False when that
 * cannot be, with an error in diag: then nothing changed.
 */
bool standing_give_order(struct standing *standing,
    const struct standing_wish *wish, struct diag *diag);

/* Takes the order back, likewise; nothing when there is none. */
bool standing_take_back(struct standing *standing, const char *by,
    struct diag *diag);

/* The mode, "reload", "resolv_conf" and "query_log" for an answer. */
void standing_write_mode(const struct standing *standing,
    struct json_writer *writer);
void standing_write_reload(const struct standing *standing,
    struct json_writer *writer);
void standing_write_drift(const struct standing *standing,
    struct json_writer *writer);
void standing_write_query_log(const struct standing *standing,
    struct json_writer *writer);

#endif
