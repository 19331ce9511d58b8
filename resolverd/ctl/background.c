#include "ctl/background.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/types.h>
#include <unistd.h>

bool
background_is_supervised(void)
{
	return getenv("NOTIFY_SOCKET") != NULL ||
	    getenv("INVOCATION_ID") != NULL;
}

/* The parent's rest: waits for the verdict; silence is a crash. */
static _Noreturn void
background_wait(int fd)
{
	uint8_t code = EXIT_CODE_OTHER;

	while (read(fd, &code, 1) < 0 && errno == EINTR)
		continue;
	_exit(code);
}

int
background_start(void)
{
	int ends[2];
	pid_t child;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return -1;
	child = fork();
	if (child > 0) {
		close(ends[1]);
		background_wait(ends[0]);
	}
	close(ends[0]);
	if (child < 0) {
		close(ends[1]);
		return -1;
	}
	setsid();
	return ends[1];
}

static void
background_leave_terminal(void)
{
	const int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null < 0)
		return;
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		dup2(null, fd);
	if (null > STDERR_FILENO)
		close(null);
}

void
background_report(int fd, enum exit_code code)
{
	const uint8_t octet = (uint8_t)code;

	if (fd < 0)
		return;
	if (code == EXIT_CODE_OK)
		background_leave_terminal();
	while (write(fd, &octet, 1) < 0 && errno == EINTR)
		continue;
	close(fd);
}
