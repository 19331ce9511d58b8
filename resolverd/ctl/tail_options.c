#include "ctl/tail_options.h"

void
tail_options_say(const struct tail_options *options,
    const struct remote_argument *number,
    struct remote_argument arguments[TAIL_ARGUMENTS])
{
	const struct tail_filter_terms *terms = &options->terms;
	const struct remote_argument all[TAIL_ARGUMENTS] = {
	    {.name = "name", .text = terms->name},
	    {.name = "client", .text = terms->client},
	    {.name = "type", .text = terms->type},
	    {.name = "rcode", .text = terms->rcode},
	    {.name = "source", .text = terms->source},
	    {.name = "slower", .text = terms->slower},
	    *number,
	};

	for (size_t i = 0; i < TAIL_ARGUMENTS; i++)
		arguments[i] = all[i];
}
