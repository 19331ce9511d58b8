#ifndef CTL_SETUP_PLAN_H
#define CTL_SETUP_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/arena.h"
#include "ctl/setup_file.h"
#include "ctl/setup_survey.h"
#include "ctl/setup_text.h"

#define SETUP_RESOLV_CONF   "etc/resolv.conf"
#define SETUP_DHCLIENT_FILE "etc/dhcp/dhclient.conf"

enum { SETUP_STEPS = 6, SETUP_NOTES = 16 };

/* A file that gets new content. */
struct setup_step {
	const char *path; /* below the root */
	bool mounted;	  /* it can but be written over */
	struct setup_object was;
	struct setup_object becomes;
};

/* What is to be done, in order: files, then services. */
struct setup_plan {
	struct setup_step steps[SETUP_STEPS];
	size_t count;
	const char *action;		/* a word of setup_run's; NULL: none */
	const char *notes[SETUP_NOTES]; /* what a person should know */
	size_t note_count;
	const char *refusal; /* why it cannot be done; NULL: it can */
};

/*
 * Plans how a machine is made to fulfil a wish.  docker: an address for
 * containers, to be told to Docker, or NULL.  Everything is in arena; false
 * when there is no memory, or errno tells which file cannot be read.
 */
bool setup_plan_make(const struct setup_survey *survey,
    const struct setup_wish *wish, const char *docker, struct arena *arena,
    struct setup_plan *plan);

/* Prints what will be done: files with what changes in them, services. */
void setup_plan_print(const struct setup_plan *plan, FILE *out);

#endif
