#include "ctl/control_upstreams.h"

#include "ctl/control.h"
#include "ctl/serving.h"

void
control_upstreams_run(struct control_call *call, struct serving *serving)
{
	(void)serving;
	control_call_fail(call, "not yet");
}
