#ifndef CTL_SETUP_REPORT_H
#define CTL_SETUP_REPORT_H

#include <stdbool.h>

#include "ctl/setup_plan.h"
#include "ctl/setup_survey.h"

/* How it ended; resolverctl(8) lists the words. */
enum setup_result {
	SETUP_PLANNED, /* nothing was done: --dry-run */
	SETUP_DONE,
	SETUP_ALREADY,	  /* there was nothing to do */
	SETUP_TAKEN_BACK, /* names did not resolve: all is as it was */
	SETUP_UNDONE,
	SETUP_FAILED, /* nothing was done, or the fault says what */
};

/* What setup did, for a person as it goes, or for a machine at the end. */
struct setup_report {
	bool json;
	const struct setup_wish *wish;
	const struct setup_survey *survey; /* NULL: it did not come to that */
	const struct setup_plan *plan;	   /* likewise */
	const char *docker;  /* the address; NULL: not asked for */
	const char *changed; /* a file that somebody had changed, or NULL */
	enum setup_result result;
	const char *fault; /* why, or what else to know; NULL: nothing */
};

/* What was found, and what will be done; nothing for a machine yet. */
void setup_report_plan(const struct setup_report *report);

/* How it ended; returns the exit status of the command. */
int setup_report_end(const struct setup_report *report);

#endif
