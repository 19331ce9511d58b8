#include "ctl/terminal.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <termios.h>
#include <unistd.h>

enum { ROWS = 24, COLS = 80, CHUNK = 4096 };

/* The other screen, no cursor, no wrapping; and all that undone. */
static const char enter_text[] = "\033[?1049h\033[?25l\033[?7l";
static const char leave_text[] = "\033[0m\033[?7h\033[?25h\033[?1049l";

/* What is to be given back. */
static struct {
	volatile sig_atomic_t taken;
	struct termios before;
	int said;  /* what was written to standard error */
	int error; /* where it went before */
} terminal = {.said = -1, .error = -1};

static const int faults[] = {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL};
enum { FAULTS = sizeof(faults) / sizeof(faults[0]) };

bool
terminal_present(void)
{
	const char *term = getenv("TERM");

	return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) && term != NULL &&
	    strcmp(term, "") != 0 && strcmp(term, "dumb") != 0;
}

bool
terminal_utf8(void)
{
	/* The first that is set counts (POSIX, environment variables). */
	static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *value = getenv(names[i]);

		if (value == NULL || *value == '\0')
			continue;
		return strcasestr(value, "utf-8") != NULL ||
		    strcasestr(value, "utf8") != NULL;
	}
	return false;
}

/* Async-signal-safe. */
static void
give_back(void)
{
	const ssize_t written =
	    write(STDOUT_FILENO, leave_text, sizeof(leave_text) - 1);

	(void)written;
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &terminal.before);
}

/* The process is about to die of it: SA_RESETHAND. */
static void
on_fault(int signal)
{
	if (terminal.taken != 0)
		give_back();
	raise(signal);
}

static void
handle_faults(void (*handler)(int signal))
{
	struct sigaction action = {.sa_flags = (int)SA_RESETHAND};

	action.sa_handler = handler;
	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < FAULTS; i++)
		sigaction(faults[i], &action, NULL);
}

static void
keep_errors(void)
{
	terminal.said = memfd_create("errors", MFD_CLOEXEC);
	terminal.error = dup(STDERR_FILENO);
	if (terminal.said >= 0 && terminal.error >= 0)
		dup2(terminal.said, STDERR_FILENO);
}

/* Says now what was kept. */
static void
tell_errors(void)
{
	char text[CHUNK];
	ssize_t len = 0;

	if (terminal.said >= 0 && terminal.error >= 0) {
		dup2(terminal.error, STDERR_FILENO);
		len = pread(terminal.said, text, sizeof(text), 0);
	}
	if (len > 0)
		fwrite(text, 1, (size_t)len, stderr);
	if (terminal.said >= 0)
		close(terminal.said);
	if (terminal.error >= 0)
		close(terminal.error);
}

bool
terminal_enter(void)
{
	struct termios keys;

	if (tcgetattr(STDIN_FILENO, &terminal.before) != 0)
		return false;
	keys = terminal.before;
	keys.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
	keys.c_iflag &= ~(tcflag_t)(IXON | ICRNL);
	keys.c_cc[VMIN] = 1;
	keys.c_cc[VTIME] = 0;
	if (tcsetattr(STDIN_FILENO, TCSAFLUSH, &keys) != 0)
		return false;
	terminal.taken = 1;
	handle_faults(on_fault);
	keep_errors();
	terminal_show(enter_text, sizeof(enter_text) - 1);
	return true;
}

void
terminal_leave(void)
{
	if (terminal.taken == 0)
		return;
	give_back();
	terminal.taken = 0;
	handle_faults(SIG_DFL);
	tell_errors();
}

void
terminal_size(size_t *rows, size_t *cols)
{
	struct winsize size = {.ws_row = 0};

	ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
	*rows = size.ws_row == 0 ? ROWS : size.ws_row;
	*cols = size.ws_col == 0 ? COLS : size.ws_col;
}

bool
terminal_show(const char *text, size_t len)
{
	while (len > 0) {
		const ssize_t written = write(STDOUT_FILENO, text, len);

		if (written < 0 && errno != EINTR)
			return false;
		if (written > 0) {
			text += written;
			len -= (size_t)written;
		}
	}
	return true;
}

size_t
terminal_read(char *octets, size_t cap)
{
	const ssize_t got = read(STDIN_FILENO, octets, cap);

	return got < 0 ? 0 : (size_t)got;
}
