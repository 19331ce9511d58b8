#include "ctl/control_commands.h"

#include <string.h>

#include "base/diag.h"
#include "ctl/control_call.h"
#include "ctl/control_command.h"
#include "ctl/report.h"
#include "ctl/standing.h"

enum { WRONG = 256, SECONDS_MAX = 366 * 24 * 3600 };

/* What a wish comes to; NULL, or what is wrong with it. */
static const char *
read_wish(const struct control_call *call, const struct standing *standing,
    struct standing_wish *wish, char buf[WRONG])
{
	const char *address = control_call_text(call, "address");
	const char *wrong =
	    mode_read(&wish->choice, control_call_text(call, "mode"), address,
		&standing->configured, buf);

	if (wrong != NULL)
		return wrong;
	if (control_call_number(call, "seconds", &wish->seconds) &&
	    (wish->seconds == 0 || wish->seconds > SECONDS_MAX))
		return "an order holds from 1 s to 366 days";
	return NULL;
}

static void
answer(struct control_call *call, bool done, const struct diag *diag)
{
	struct json_writer *writer = control_call_writer(call);

	json_writer_bool(writer, "done", done);
	standing_write_mode(control_context_of(call)->standing, writer);
	if (!done)
		report_write(diag, writer);
	control_call_end(call);
}

static void
order(struct control_call *call, const struct standing_wish *wish)
{
	struct standing *standing = control_context_of(call)->standing;
	struct diag diag;
	bool done;

	diag_init(&diag);
	if (wish == NULL) {
		char by[CONTROL_ASKER];

		done = standing_take_back(standing,
		    control_call_asker(call, by), &diag);
	} else {
		done = standing_give_order(standing, wish, &diag);
	}
	answer(call, done, &diag);
	diag_fini(&diag);
}

void
control_mode_run(struct control_call *call)
{
	struct standing *standing = control_context_of(call)->standing;
	const char *mode = control_call_text(call, "mode");
	struct standing_wish wish = {.seconds = 0};
	char by[CONTROL_ASKER];
	char buf[WRONG];
	const char *wrong;

	if (mode == NULL) {
		answer(call, true, NULL);
		return;
	}
	if (strcmp(mode, "default") == 0) {
		order(call, NULL);
		return;
	}
	wrong = read_wish(call, standing, &wish, buf);
	if (wrong != NULL) {
		control_call_fail(call, "%s", wrong);
		return;
	}
	wish.by = control_call_asker(call, by);
	order(call, &wish);
}
