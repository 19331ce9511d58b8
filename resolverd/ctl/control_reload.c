#include "ctl/control_commands.h"

#include "ctl/control_call.h"
#include "ctl/control_command.h"
#include "ctl/reload.h"

void
control_reload_run(struct control_call *call)
{
	struct json_writer *writer = control_call_writer(call);

	control_call_log(call);
	json_writer_bool(writer, "loaded",
	    reload_run(control_context_of(call)->standing, writer));
	control_call_end(call);
}
