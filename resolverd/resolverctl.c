#include "ctl/check_command.h"
#include "ctl/command.h"
#include "ctl/compare_command.h"
#include "ctl/completion_command.h"
#include "ctl/doctor_command.h"
#include "ctl/explain.h"
#include "ctl/export_command.h"
#include "ctl/impact.h"
#include "ctl/import_command.h"
#include "ctl/query_command.h"
#include "ctl/remote_commands.h"
#include "ctl/schema_command.h"
#include "ctl/setup_command.h"

static const struct command commands[] = {
    {"query", "ask the daemon a question, as any client does",
	query_command_run},
    {"explain", "show step by step how a name is resolved", explain_run},
    {"compare", "show what another server answers otherwise",
	compare_command_run},
    {"impact", "show which names change on 2027-01-05", impact_run},
    {"export", "write the configuration for gcloud, Terraform or BIND",
	export_run},
    {"import", "make a configuration of what other tools wrote",
	import_command_run},
    {"completion", "print what completes commands in a shell",
	completion_command_run},
    {"schema", "print the JSON Schema of the configuration",
	schema_command_run},
    {"doctor", "find out what is wrong on the way to a name",
	doctor_command_run},
    {"check", "check a configuration", check_command_run},
    {"status", "show where the daemon stands", status_command_run},
    {"mode", "serve in another mode, at once", mode_command_run},
    {"zones", "show what is served", zones_command_run},
    {"stats", "show how many answers came from where, and how fast",
	stats_command_run},
    {"tail", "show queries as they are answered", tail_command_run},
    {"top", "show what is asked for most, on the whole screen",
	top_command_run},
    {"upstreams", "show the servers that are asked, and how they do",
	upstreams_command_run},
    {"cache", "show how full the cache is", cache_command_run},
    {"flush", "drop answers from the cache", flush_command_run},
    {"reload", "have the configuration read again", reload_command_run},
    {"log-level", "log more or less from now on", log_level_command_run},
    {"setup", "have this machine use resolverd, or undo that",
	setup_command_run},
};

int
main(int argc, char **argv)
{
	return command_run(commands, sizeof(commands) / sizeof(commands[0]),
	    argc, argv);
}
