#include "ctl/control_command.h"

#include "ctl/control.h"
#include "ctl/control_call.h"
#include "ctl/control_commands.h"

static const struct control_argument none[] = {{.name = NULL}};

static const struct control_argument of_flush[] = {
    {"name", CONTROL_TEXT},
    {"tree", CONTROL_FLAG},
    {"negative", CONTROL_FLAG},
    {.name = NULL},
};

static const struct control_command rows[] = {
    {"cache", none, control_cache_run},
    {"flush", of_flush, control_flush_run},
    {"reload", none, control_reload_run},
    {"upstreams", none, control_upstreams_run},
};

const struct control_commands control_command_table = {
    .rows = rows,
    .count = sizeof(rows) / sizeof(rows[0]),
};

const struct control_context *
control_context_of(const struct control_call *call)
{
	return call->control->context;
}
