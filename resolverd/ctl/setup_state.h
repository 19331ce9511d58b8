#ifndef CTL_SETUP_STATE_H
#define CTL_SETUP_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "ctl/setup_file.h"

/*
 * What setup has replaced is kept in /var/lib/resolverd/setup, which belongs
 * to root alone: whoever could write there could have root write anywhere.  The
 * manifest is there before anything else is changed, and gone after all of it
 * was put back.
 */

#define SETUP_STATE_DIRECTORY "var/lib/resolverd/setup"

enum {
	SETUP_PATH = 128,
	SETUP_ENTRIES = 24,
	SETUP_ASKED = 1024, /* what the command line wanted, as one line */
};

enum setup_entry_kind {
	SETUP_ENTRY_MADE,    /* a directory that was not there */
	SETUP_ENTRY_CHANGED, /* a file */
	SETUP_ENTRY_ACTION,  /* a service was told */
};

struct setup_entry {
	enum setup_entry_kind kind;
	char path[SETUP_PATH];	 /* below the root; or the action's word */
	bool mounted;		 /* it can but be written over */
	struct setup_object was; /* its content is in a file of its own */
	char was_sum[SETUP_SUM];
	char sum[SETUP_SUM]; /* of what was put there */
};

struct setup_manifest {
	char asked[SETUP_ASKED];
	size_t count;
	struct setup_entry entries[SETUP_ENTRIES]; /* as they were done */
};

enum setup_state {
	SETUP_STATE_NONE, /* this machine was not set up */
	SETUP_STATE_GOOD,
	SETUP_STATE_BROKEN, /* the manifest says no more what was */
	SETUP_STATE_UNSAFE, /* another than root may write there */
	SETUP_STATE_FAILED, /* errno tells */
};

/*
 * Opens the directory, a descriptor in *out, when it is there; create makes it.
 * It is NONE, GOOD (there is a manifest), UNSAFE or FAILED.
 */
enum setup_state setup_state_open(int root, int *out);
enum setup_state setup_state_create(int root, int *out);

/* Reads the manifest. */
enum setup_state
setup_state_load(int directory, struct setup_manifest *manifest);

/* Writes it.  False: errno tells. */
bool setup_state_save(int directory, const struct setup_manifest *manifest);

/* Keeps the content of what an entry was, and gets it back. */
bool
setup_state_keep(int directory, size_t entry, const struct setup_object *was);
bool setup_state_recall(int directory, size_t entry, struct arena *arena,
    struct setup_entry *out);

/* Forgets it all. */
bool setup_state_clear(int directory);

#endif
