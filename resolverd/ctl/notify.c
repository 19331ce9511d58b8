#include "ctl/notify.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"

enum { NOTIFY_TEXT = 1024 };

#define MICROSECOND UINT64_C(1000)

static void
notify_send(const char *text)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un addr = {.sun_family = AF_UNIX};
	size_t len;
	int fd;

	if (path == NULL || (path[0] != '/' && path[0] != '@'))
		return;
	len = strlen(path);
	if (len >= sizeof(addr.sun_path))
		return;
	memcpy(addr.sun_path, path, len);
	if (path[0] == '@')
		addr.sun_path[0] = '\0'; /* the abstract name space */
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	sendto(fd, text, strlen(text), MSG_NOSIGNAL,
	    (const struct sockaddr *)&addr,
	    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len));
	close(fd);
}

bool
notify_is_wanted(void)
{
	return getenv("NOTIFY_SOCKET") != NULL;
}

void
notify_ready(const char *status)
{
	char text[NOTIFY_TEXT];

	snprintf(text, sizeof(text), "READY=1\nSTATUS=%s", status);
	notify_send(text);
}

void
notify_status(const char *status)
{
	char text[NOTIFY_TEXT];

	snprintf(text, sizeof(text), "STATUS=%s", status);
	notify_send(text);
}

void
notify_reloading(void)
{
	struct timespec now;
	char text[NOTIFY_TEXT];

	/* The service manager compares by this very clock. */
	clock_gettime(CLOCK_MONOTONIC, &now);
	snprintf(text, sizeof(text), "RELOADING=1\nMONOTONIC_USEC=%" PRIu64,
	    (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000);
	notify_send(text);
}

void
notify_stopping(void)
{
	notify_send("STOPPING=1");
}

void
notify_watchdog(void)
{
	notify_send("WATCHDOG=1");
}

uint64_t
notify_watchdog_interval(void)
{
	const char *text = getenv("WATCHDOG_USEC");
	const char *whom = getenv("WATCHDOG_PID");
	uint64_t interval;
	uint64_t pid;

	if (text == NULL ||
	    !number_parse(text, 1, UINT64_MAX / MICROSECOND, &interval))
		return 0;
	if (whom != NULL &&
	    (!number_parse(whom, 1, INT32_MAX, &pid) ||
		pid != (uint64_t)getpid()))
		return 0;
	return interval * MICROSECOND;
}
