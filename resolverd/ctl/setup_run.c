#include "ctl/setup_run.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "io/clock.h"

enum {
	WORDS = 4,
	NO_PROGRAM = 127,
	PATIENCE_SECONDS = 30,
	MILLISECONDS = 1000
};

static const struct action {
	const char *word;
	const char *argv[WORDS];
	bool has_hooks;
} actions[] = {
    {.word = "restart-resolved",
	.argv = {"systemctl", "restart", "systemd-resolved.service"}},
    {.word = "reload-networkmanager",
	.argv = {"systemctl", "reload", "NetworkManager.service"}},
    {.word = "restart-networkmanager",
	.argv = {"systemctl", "restart", "NetworkManager.service"}},
    {.word = "update-resolvconf",
	.argv = {"resolvconf", "-u"},
	.has_hooks = true},
};

static const struct action *
action_find(const char *word)
{
	for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++) {
		if (strcmp(actions[i].word, word) == 0)
			return &actions[i];
	}
	return NULL;
}

const char *
setup_run_command(const char *action, char buf[SETUP_RUN_COMMAND])
{
	const struct action *found = action_find(action);
	size_t len = 0;

	if (found == NULL)
		return NULL;
	for (size_t i = 0; i < WORDS && found->argv[i] != NULL; i++) {
		len += (size_t)snprintf(buf + len, SETUP_RUN_COMMAND - len,
		    "%s%s", i == 0 ? "" : " ", found->argv[i]);
	}
	return buf;
}

bool
setup_run_has_hooks(const char *action)
{
	const struct action *found = action_find(action);

	return found != NULL && found->has_hooks;
}

/* In the child. */
static void
become(const struct action *action, int out)
{
	char *argv[WORDS + 1] = {NULL};

	for (size_t i = 0; i < WORDS && action->argv[i] != NULL; i++)
		argv[i] = strdup(action->argv[i]);
	dup2(out, STDOUT_FILENO);
	dup2(out, STDERR_FILENO);
	setenv("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", 1);
	setenv("LC_ALL", "C", 1);
	if (argv[0] == NULL)
		_exit(NO_PROGRAM);
	execvp(argv[0], argv);
	dprintf(STDERR_FILENO, "%s: %s\n", argv[0], strerror(errno));
	_exit(NO_PROGRAM);
}

/* What the child says; false: it has taken too long. */
static bool
listen_to(int fd, char output[SETUP_RUN_OUTPUT])
{
	const uint64_t until = clock_now() + PATIENCE_SECONDS * CLOCK_SECOND;
	size_t len = 0;
	ssize_t n = 1;

	while (n != 0) {
		struct pollfd wait = {.fd = fd, .events = POLLIN};
		const uint64_t now = clock_now();
		char rest[SETUP_RUN_OUTPUT];

		if (now >= until ||
		    poll(&wait, 1,
			(int)((until - now) / (CLOCK_SECOND / MILLISECONDS)) +
			    1) == 0)
			return false;
		n = read(fd, rest, sizeof(rest));
		if (n <= 0)
			continue;
		if ((size_t)n > SETUP_RUN_OUTPUT - 1 - len)
			n = (ssize_t)(SETUP_RUN_OUTPUT - 1 - len);
		memcpy(output + len, rest, (size_t)n);
		len += (size_t)n;
		output[len] = '\0';
		n = 1;
	}
	return true;
}

/* Waits for the child's end, which is near: its output has ended. */
static bool
wait_for(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR)
			return false;
	}
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool
setup_run(const char *action, char output[SETUP_RUN_OUTPUT])
{
	const struct action *found = action_find(action);
	int ends[2];
	bool in_time;
	pid_t pid;

	output[0] = '\0';
	if (found == NULL || pipe(ends) != 0)
		return false;
	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		close(ends[0]);
		become(found, ends[1]);
	}
	close(ends[1]);
	in_time = pid > 0 && listen_to(ends[0], output);
	close(ends[0]);
	if (pid > 0 && !in_time) {
		kill(pid, SIGKILL);
		snprintf(output, SETUP_RUN_OUTPUT, "no end after %d s\n",
		    PATIENCE_SECONDS);
	}
	return pid > 0 && wait_for(pid) && in_time;
}
