#include "ctl/tail_line.h"

#include <string.h>

#include "config/node.h"
#include "ctl/canvas.h"
#include "ctl/clock_text.h"
#include "ctl/figures.h"
#include "ctl/printable.h"
#include "ctl/remote.h"
#include "ctl/source_style.h"

/* TEXT: room for any text of an entry as printable_text makes it. */
enum {
	TEXT = 2048,
	CLIENT_COLS = 15,
	NAME_COLS = 30,
	TYPE_COLS = 5,
	RCODE_COLS = 8,
	SOURCE_COLS = 18,
	TTL_COLS = 6,
	TIME_COLS = 7,
};

/* Which member says who exactly it was, for a source. */
static const struct {
	const char *source;
	const char *member;
} details[] = {
    {"rule", "rule"},
    {"zone", "target"},
    {"upstream", "server"},
    {"error", "server"},
};

static const char *
text_of(const struct node *entry, const char *key)
{
	const char *text = remote_text(entry, key);

	return text == NULL ? "-" : text;
}

/* At least so many columns, then a space. */
static void
print_column(const char *text, int cols, FILE *out)
{
	char safe[TEXT];

	fprintf(out, "%-*s ", cols, printable_text(text, safe, sizeof(safe)));
}

static const char *
detail_of(const struct node *entry, const char *source)
{
	for (size_t i = 0; i < sizeof(details) / sizeof(details[0]); i++) {
		if (strcmp(details[i].source, source) == 0)
			return remote_text(entry, details[i].member);
	}
	return NULL;
}

/* "rule:run-all", "upstream:192.0.2.53", "cache" */
static void
write_source(const struct node *entry, char text[TEXT])
{
	static const char port[] = ":53"; /* which goes without saying */
	const char *source = text_of(entry, "source");
	const char *detail = detail_of(entry, source);
	size_t len;

	len = (size_t)snprintf(text, TEXT, "%s%s%.512s", source,
	    detail == NULL ? "" : ":", detail == NULL ? "" : detail);
	if (len >= sizeof(port) &&
	    strcmp(text + len + 1 - sizeof(port), port) == 0)
		text[len + 1 - sizeof(port)] = '\0';
}

static void
print_styled(const char *text, int cols, const char *code, FILE *out)
{
	if (code == NULL) {
		print_column(text, cols, out);
		return;
	}
	fprintf(out, "\033[%sm", code);
	print_column(text, cols, out);
	fputs("\033[0m", out);
}

static const char *
rcode_code(const char *rcode)
{
	if (strcmp(rcode, "NOERROR") == 0)
		return NULL;
	return canvas_code(
	    strcmp(rcode, "NXDOMAIN") == 0 ? CANVAS_YELLOW : CANVAS_RED);
}

static void
print_answer(const struct node *entry, enum tail_line_style style, FILE *out)
{
	const char *rcode = text_of(entry, "rcode");
	char source[TEXT];

	write_source(entry, source);
	print_styled(rcode, RCODE_COLS,
	    style == TAIL_LINE_COLOUR ? rcode_code(rcode) : NULL, out);
	print_styled(source, SOURCE_COLS,
	    style == TAIL_LINE_COLOUR
		? canvas_code(source_style(text_of(entry, "source")))
		: NULL,
	    out);
}

static void
print_figures(const struct node *entry, FILE *out)
{
	char ttl[FIGURES_TEXT] = "-";
	char time[FIGURES_TEXT];

	if (node_get(entry, "ttl") != NULL) {
		snprintf(ttl, sizeof(ttl), "%llus",
		    remote_number(entry, "ttl"));
	}
	fprintf(out, "%*s %*s", TTL_COLS, ttl, TIME_COLS,
	    figures_time(remote_number(entry, "latency_us"), time));
}

static void
print_why(const struct node *entry, FILE *out)
{
	const struct node *error = node_get(entry, "extended_error");
	char safe[TEXT];

	if (error == NULL)
		return;
	fprintf(out, "  %s",
	    printable_text(text_of(error, "text"), safe, sizeof(safe)));
}

void
tail_line_print(const struct node *entry, enum tail_line_style style, FILE *out)
{
	char time[CLOCK_TEXT];

	fprintf(out, "%s ", clock_text(text_of(entry, "time"), time));
	print_column(text_of(entry, "client"), CLIENT_COLS, out);
	print_column(text_of(entry, "name"), NAME_COLS, out);
	print_column(text_of(entry, "type"), TYPE_COLS, out);
	print_answer(entry, style, out);
	print_figures(entry, out);
	print_why(entry, out);
	putc('\n', out);
}
