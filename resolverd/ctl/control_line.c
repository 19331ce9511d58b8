#include "ctl/control_line.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <stdlib.h>

#include "ctl/control.h"
#include "ctl/control_call.h"

bool
control_line_init(struct control_line *line)
{
	*line = (struct control_line){.text = NULL};
	line->out = open_memstream(&line->text, &line->len);
	return line->out != NULL;
}

void
control_line_fini(struct control_line *line)
{
	fclose(line->out);
	free(line->text);
}

struct json_writer *
control_line_begin(struct control_line *line)
{
	rewind(line->out);
	json_writer_init_line(&line->writer, line->out);
	json_writer_object(&line->writer, NULL);
	return &line->writer;
}

void
control_line_send(struct control_line *line, struct control_call *call)
{
	json_writer_end(&line->writer);
	if (fflush(line->out) == 0)
		control_call_more(call, line->text, line->len);
}

size_t
control_line_unread(const struct control_call *call)
{
	return call->connection == NULL
	    ? 0
	    : evbuffer_get_length(
		  bufferevent_get_output(call->connection->stream));
}
