#include "ctl/control_filter.h"

#include "ctl/control_call.h"

bool
control_filter_read(struct control_call *call, struct tail_filter *filter)
{
	const struct tail_filter_terms terms = {
	    .name = control_call_text(call, "name"),
	    .client = control_call_text(call, "client"),
	    .type = control_call_text(call, "type"),
	    .rcode = control_call_text(call, "rcode"),
	    .source = control_call_text(call, "source"),
	    .slower = control_call_text(call, "slower"),
	};
	char error[TAIL_FILTER_ERROR];

	if (tail_filter_parse(filter, &terms, error))
		return true;
	control_call_fail(call, "%s", error);
	return false;
}
