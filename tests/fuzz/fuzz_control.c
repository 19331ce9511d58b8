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
		control_request_text(&request, text, sizeof(text));
		if (request.command == NULL || text[0] == '\0' ||
		    error[0] != '\0')
			abort();
	} else if (error[0] == '\0') {
		abort();
	}
	control_request_fini(&request);
	return 0;
}
