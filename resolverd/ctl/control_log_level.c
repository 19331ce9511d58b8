#include "ctl/control_log_level.h"

#include <string.h>

#include "base/log.h"
#include "base/text.h"
#include "ctl/control_call.h"
#include "ctl/control_commands.h"

enum { LEVELS = LOG_LEVEL_DEBUG + 1, GIVEN = 64 };

static const char *const words[LEVELS] = {
    [LOG_LEVEL_ERROR] = "error",
    [LOG_LEVEL_WARN] = "warn",
    [LOG_LEVEL_INFO] = "info",
    [LOG_LEVEL_DEBUG] = "debug",
};

const char *
control_log_level_word(void)
{
	return words[log_get_level()];
}

static void
answer(struct control_call *call)
{
	json_writer_text(control_call_writer(call), "log_level",
	    control_log_level_word());
	control_call_end(call);
}

void
control_log_level_run(struct control_call *call)
{
	const char *word = control_call_text(call, "level");
	char given[GIVEN];
	unsigned level = 0;

	if (word == NULL) {
		answer(call);
		return;
	}
	while (level < LEVELS && strcmp(words[level], word) != 0)
		level++;
	if (level == LEVELS) {
		control_call_fail(call,
		    "the level must be error, warn, info or debug, not '%s'",
		    text_escape(word, given, sizeof(given)));
		return;
	}
	/* At the louder of the two levels, so that it is seen. */
	if (level < LOG_LEVEL_INFO)
		control_call_log(call);
	log_set_level((enum log_level)level);
	if (level >= LOG_LEVEL_INFO)
		control_call_log(call);
	answer(call);
}
