#include "ctl/control_commands.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/control_call.h"
#include "ctl/control_command.h"
#include "ctl/reload.h"

static void
write_lines(struct json_writer *writer, char *text)
{
	char *line;

	json_writer_array(writer, "messages");
	while ((line = strsep(&text, "\n")) != NULL) {
		if (line[0] != '\0')
			json_writer_text(writer, NULL, line);
	}
	json_writer_end(writer);
}

void
control_reload_run(struct control_call *call)
{
	const struct control_context *context = control_context_of(call);
	struct json_writer *writer;
	char *text = NULL;
	size_t len = 0;
	FILE *report = open_memstream(&text, &len);
	bool loaded;

	if (report == NULL) {
		control_call_fail(call, "out of memory");
		return;
	}
	control_call_log(call);
	loaded = reload_run(context->serving, context->arguments,
	    context->started, report);
	fclose(report);
	writer = control_call_writer(call);
	json_writer_bool(writer, "loaded", loaded);
	write_lines(writer, text);
	control_call_end(call);
	free(text);
}
