#ifndef CTL_SETUP_OPTIONS_H
#define CTL_SETUP_OPTIONS_H

#include <stdbool.h>

#include "ctl/option.h"

/* What the command line of setup says. */
struct setup_options {
	bool undo;
	bool dry_run;
	bool docker;
	bool fallback;
	bool force;
	bool json;
	struct option_list domains;
	struct option_list checks;
	const char *address;
	const char *owner;
	const char *root;
};

/* False: everything is said, and *status is the exit status. */
bool setup_options_read(struct setup_options *options, int argc, char **argv,
    int *status);

#endif
