#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/text.h"
#include "ctl/attention.h"
#include "ctl/colour.h"
#include "ctl/command.h"
#include "ctl/remote_commands.h"
#include "ctl/tail_options.h"
#include "ctl/terminal.h"
#include "ctl/top_display.h"
#include "ctl/top_plain.h"

enum { SCREEN_MS = 1000, PLAIN_MS = 5000, KEYS = 256 };

struct options {
	struct tail_options tail;
	const char *interval;
	bool once;
};

static const struct option_row rows[] = {
    TAIL_OPTION_ROWS,
    {"interval", 'i', "TIME", "how long to count for a report, such as 2s",
	offsetof(struct options, interval)},
    {"once", '1', NULL, "one report, as text", offsetof(struct options, once)},
};

static const struct option_table table = {
    .command = "top",
    .arguments = "[OPTION ...]",
    .help = "Shows what is asked for most, by whom, what comes of it, who\n"
	    "answers, and what takes longest, as it changes; '?' tells the\n"
	    "keys. Where there is no terminal: one report, as text.",
    .rows = rows,
    .count = sizeof(rows) / sizeof(rows[0]),
};

/* How it is shown. */
enum manner { ON_SCREEN, AS_TEXT, AS_JSON };

/* Somebody who watches. */
struct top {
	const struct options *options;
	uint64_t interval_ms;
	enum manner manner;
	struct attention attention;
	struct top_display display;
	bool ended; /* by this end */
	bool again; /* and is to begin anew */
};

static bool
end(struct top *top)
{
	top->ended = true;
	return false;
}

/* Signals. */

static bool
suspend(struct top *top)
{
	terminal_leave();
	raise(SIGSTOP);
	/* Somebody has brought it back. */
	top_display_forget(&top->display);
	return terminal_enter() || end(top);
}

static bool
see_to_signal(struct top *top, int signal)
{
	switch (signal) {
	case SIGTSTP:
		return suspend(top);
	case SIGWINCH:
	case SIGCONT:
		top_display_forget(&top->display);
		return true;
	default:
		return end(top);
	}
}

static bool
see_to_signals(struct top *top)
{
	int signal;

	while ((signal = attention_signal(&top->attention)) != 0) {
		if (!see_to_signal(top, signal))
			return false;
	}
	return true;
}

/* Keys. */

static bool
see_to_keys(struct top *top)
{
	char octets[KEYS];
	size_t len;

	if (top->manner != ON_SCREEN || !attention_readable(STDIN_FILENO))
		return true;
	len = terminal_read(octets, sizeof(octets));
	if (len == 0)
		return end(top);
	switch (top_display_press(&top->display, octets, len)) {
	case TOP_QUIT:
		return end(top);
	case TOP_RESTART:
		top->again = true;
		return end(top);
	case TOP_NOTHING:
	case TOP_SHOW:
	case TOP_REDRAW:
		break;
	}
	return true;
}

/* A remote_listener's. */
static bool
pass(void *context)
{
	struct top *top = context;

	if (!see_to_signals(top) || !see_to_keys(top))
		return false;
	if (top->manner != ON_SCREEN)
		return !attention_hung_up(STDOUT_FILENO) || end(top);
	return top_display_show(&top->display) || end(top);
}

/* Reports. */

static void
print_text(const struct node *answer)
{
	struct top_report report;

	top_report_init(&report);
	top_report_read(&report, answer);
	top_plain_print(&report, stdout);
	top_report_fini(&report);
}

/* Likewise. */
static bool
take_line(void *context, const char *text, const struct node *answer)
{
	struct top *top = context;

	switch (top->manner) {
	case ON_SCREEN:
		top_display_take(&top->display, answer);
		return true;
	case AS_TEXT:
		print_text(answer);
		return end(top);
	case AS_JSON:
		puts(text);
		fflush(stdout);
		return !top->options->once || end(top);
	}
	return end(top);
}

/* Following. */

static bool
follow(struct top *top)
{
	struct remote remote = {
	    .command = table.command,
	    .socket = top->options->tail.remote.socket,
	};
	const struct remote_listener listener = {
	    .line = take_line,
	    .pass = pass,
	    .fd = top->attention.fd,
	    .wait_ms = -1,
	    .context = top,
	};
	const struct remote_argument interval = {
	    .name = "interval_ms",
	    .number = &top->interval_ms,
	};
	struct remote_argument arguments[TAIL_ARGUMENTS];
	bool good;

	tail_options_say(&top->options->tail, &interval, arguments);
	top->ended = false;
	top->again = false;
	good = remote_follow(&remote, arguments, TAIL_ARGUMENTS, &listener);
	remote_close(&remote);
	if (good && !top->ended)
		fputs("resolverctl top: resolverd has gone\n", stderr);
	return good && top->ended;
}

static bool
follow_on_screen(struct top *top)
{
	bool good;

	top_display_init(&top->display, colour_wanted());
	attention_add(&top->attention, STDIN_FILENO, EPOLLIN);
	if (!terminal_enter()) {
		fprintf(stderr, "resolverctl top: %s\n", strerror(errno));
		return false;
	}
	do {
		good = follow(top);
	} while (good && top->again);
	terminal_leave();
	top_display_fini(&top->display);
	return good;
}

static int
run(struct top *top)
{
	static const int on_screen[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT,
	    SIGPIPE, SIGTSTP, SIGCONT, SIGWINCH, 0};
	static const int otherwise[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE, 0};
	bool good;

	if (!attention_init(&top->attention,
		top->manner == ON_SCREEN ? on_screen : otherwise)) {
		fprintf(stderr, "resolverctl top: %s\n", strerror(errno));
		return COMMAND_ERROR;
	}
	if (top->manner == ON_SCREEN) {
		good = follow_on_screen(top);
	} else {
		attention_add(&top->attention, STDOUT_FILENO, 0);
		good = follow(top);
	}
	fflush(stdout);
	attention_fini(&top->attention);
	return good ? COMMAND_OK : COMMAND_ERROR;
}

static enum manner
choose_manner(const struct options *options)
{
	if (options->tail.remote.json)
		return AS_JSON;
	return options->once || !terminal_present() ? AS_TEXT : ON_SCREEN;
}

int
top_command_run(int argc, char **argv)
{
	struct options options = {.once = false};
	static struct top top; /* it has whole reports in it */
	int number;

	if (!option_read(&table, &options, argc, argv, &number))
		return number;
	top.options = &options;
	top.manner = choose_manner(&options);
	top.interval_ms = top.manner == AS_TEXT ? PLAIN_MS : SCREEN_MS;
	if (options.interval != NULL &&
	    !duration_parse(options.interval, &top.interval_ms)) {
		option_complain(table.command,
		    "interval must be a time such as 2s or 500ms, not '%s'",
		    options.interval);
		return COMMAND_ERROR;
	}
	return run(&top);
}
