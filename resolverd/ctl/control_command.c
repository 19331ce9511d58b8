#include "ctl/control_command.h"

#include "ctl/control.h"
#include "ctl/control_call.h"
#include "ctl/control_commands.h"
#include "ctl/control_filter.h"

static const struct control_argument none[] = {{.name = NULL}};

static const struct control_argument of_flush[] = {
    {"name", CONTROL_TEXT},
    {"tree", CONTROL_FLAG},
    {"negative", CONTROL_FLAG},
    {.name = NULL},
};

static const struct control_argument of_log_level[] = {
    {"level", CONTROL_TEXT},
    {.name = NULL},
};

static const struct control_argument of_mode[] = {
    {"mode", CONTROL_TEXT},
    {"address", CONTROL_TEXT},
    {"seconds", CONTROL_NUMBER},
    {.name = NULL},
};

static const struct control_argument of_tail[] = {
    CONTROL_FILTER_ARGUMENTS,
    {.name = NULL},
};

static const struct control_argument of_top[] = {
    CONTROL_FILTER_ARGUMENTS,
    {"interval_ms", CONTROL_NUMBER},
    {.name = NULL},
};

static const struct control_command rows[] = {
    {"cache", none, control_cache_run},
    {"flush", of_flush, control_flush_run},
    {"log-level", of_log_level, control_log_level_run},
    {"mode", of_mode, control_mode_run},
    {"reload", none, control_reload_run},
    {"stats", none, control_stats_run},
    {"status", none, control_status_run},
    {"tail", of_tail, control_tail_run},
    {"top", of_top, control_top_run},
    {"upstreams", none, control_upstreams_run},
    {"zones", none, control_zones_run},
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
