#ifndef CTL_CONTROL_COMMAND_H
#define CTL_CONTROL_COMMAND_H

#include "ctl/control_request.h"

struct control_call;
struct serving;
struct standing;
struct tap;

/* What the commands work on; a control's context. */
struct control_context {
	struct serving *serving;
	struct standing *standing;
	struct tap *tap;
};

/* What a call's command works on. */
const struct control_context *
control_context_of(const struct control_call *call);

/* The commands that the daemon takes from its control socket. */
extern const struct control_commands control_command_table;

#endif
