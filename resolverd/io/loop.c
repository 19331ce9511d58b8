#include "io/loop.h"

#include <event2/event.h>
#include <stddef.h>

#include "io/spare.h"

struct event_base *
loop_new(void)
{
	struct event_config *config;
	struct event_base *base = NULL;

	spare_use();
	config = event_config_new();
	if (config == NULL)
		return NULL;
	event_config_set_flag(config,
	    EVENT_BASE_FLAG_NOLOCK | EVENT_BASE_FLAG_IGNORE_ENV);
	base = event_base_new_with_config(config);
	event_config_free(config);
	return base;
}
