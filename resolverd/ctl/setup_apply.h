#ifndef CTL_SETUP_APPLY_H
#define CTL_SETUP_APPLY_H

#include <stdbool.h>

#include "ctl/setup_plan.h"
#include "ctl/setup_state.h"

/* Why it ended where it did; a sentence for a person. */
enum { SETUP_FAULT = 512 };

/*
 * Keeps what there is, then puts a plan's files in their places.  What was done
 * until a failure, or a crash, is taken back by setup_apply_undo.  False with
 * the reason in fault.  asked is kept for setup_apply_stands.
 */
bool setup_apply(int root, const struct setup_plan *plan, const char *asked,
    char fault[SETUP_FAULT]);

/* Whom undo spares: those who changed what setup had put there. */
enum setup_undo {
	SETUP_UNDO_ALL,	  /* refuse when somebody did */
	SETUP_UNDO_FORCE, /* write over what they did */
	SETUP_UNDO_OURS,  /* leave what they did, take the rest back */
};

struct setup_undone {
	size_t count;		  /* files that were put back */
	bool docker;		  /* one of them is Docker's */
	char action[SETUP_PATH];  /* to be run now; "": none */
	char changed[SETUP_PATH]; /* that somebody changed; "": none */
};

/*
 * Puts everything back, the last first; setup_apply_forget is due when the
 * service knows of it.  False with the reason in fault; nothing was changed
 * then when it was that somebody else has changed a file.
 */
bool setup_apply_undo(int root, enum setup_undo how,
    struct setup_undone *undone, char fault[SETUP_FAULT]);

bool setup_apply_forget(int root, char fault[SETUP_FAULT]);

/* Whether a machine was set up; changed tells if it is not so any more. */
enum setup_standing {
	SETUP_STANDING_NOT,
	SETUP_STANDING_SO,	/* all files are as they were asked for */
	SETUP_STANDING_OTHER,	/* for another wish, half, or changed since */
	SETUP_STANDING_UNKNOWN, /* fault tells */
};
enum setup_standing setup_apply_stands(int root, const char *asked,
    char changed[SETUP_PATH], char fault[SETUP_FAULT]);

#endif
