/*
 * Requests of the control socket.  One that is taken names a command of the
 * table and, as text, fits a log line; one that is not says why.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/control_command.h"
#include "ctl/control_request.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whatever the command asks of a request that was taken. */
static void
ask_all(const struct control_request *request)
{
	uint64_t number;

	for (const struct control_argument *argument =
		 request->command->arguments;
	     argument->name != NULL; argument++) {
		switch (argument->kind) {
		case CONTROL_TEXT:
			control_request_text(request, argument->name);
			break;
		case CONTROL_FLAG:
			control_request_flag(request, argument->name);
			break;
		case CONTROL_NUMBER:
			control_request_number(request, argument->name,
			    &number);
			break;
		}
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct control_request request;
	char error[CONTROL_ERROR] = "";
	char text[64];

	if (size >= CONTROL_REQUEST_MAX)
		return 0;
	if (control_request_read(&request, &control_command_table,
		(const char *)data, size, error)) {
		control_request_describe(&request, text, sizeof(text));
		ask_all(&request);
		if (request.command == NULL || text[0] == '\0' ||
		    error[0] != '\0')
			abort();
	} else if (error[0] == '\0') {
		abort();
	}
	control_request_fini(&request);
	return 0;
}
