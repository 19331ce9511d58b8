#include "base/diag.h"

#include <stdarg.h>
#include <string.h>

#include "base/text.h"

struct diag_message {
	struct diag_message *next;
	struct diag_entry entry; /* its text in the arena of the diag */
};

enum { DIAG_TEXT = 1024, MARK_NUMBERS = 32 };

void
diag_init(struct diag *diag)
{
	*diag = (struct diag){.first = NULL};
	arena_init_heap(&diag->arena, 4096);
	diag->last = &diag->first;
}

void
diag_fini(struct diag *diag)
{
	arena_fini(&diag->arena);
	diag->first = NULL;
	diag->last = &diag->first;
}

/* Without memory for it a complaint is only counted. */
static void
diag_add(struct diag *diag, struct mark mark, enum diag_severity severity,
    const char *format, va_list args) __attribute__((format(printf, 4, 0)));

static void
diag_add(struct diag *diag, struct mark mark, enum diag_severity severity,
    const char *format, va_list args)
{
	struct diag_message *message =
	    arena_alloc(&diag->arena, sizeof(*message));
	char text[DIAG_TEXT + 1]; /* one more, so that a cut shows */
	char line[DIAG_TEXT];

	if (message == NULL)
		return;
	vsnprintf(text, sizeof(text), format, args);
	*message = (struct diag_message){
	    .entry =
		{
		    .severity = severity,
		    .mark = mark,
		    .text = arena_strdup(&diag->arena,
			text_escape(text, line, sizeof(line))),
		},
	};
	if (message->entry.text == NULL)
		return;
	*diag->last = message;
	diag->last = &message->next;
}

/* Counts a complaint; whether it and its notes are kept. */
static bool
diag_counts(struct diag *diag, size_t *found)
{
	(*found)++;
	diag->muted = *found > DIAG_LIMIT;
	return !diag->muted;
}

bool
diag_error(struct diag *diag, struct mark mark, const char *format, ...)
{
	va_list args;

	if (!diag_counts(diag, &diag->errors))
		return false;
	va_start(args, format);
	diag_add(diag, mark, DIAG_ERROR, format, args);
	va_end(args);
	return false;
}

void
diag_warning(struct diag *diag, struct mark mark, const char *format, ...)
{
	va_list args;

	if (!diag_counts(diag, &diag->warnings))
		return;
	va_start(args, format);
	diag_add(diag, mark, DIAG_WARNING, format, args);
	va_end(args);
}

void
diag_note(struct diag *diag, struct mark mark, const char *format, ...)
{
	va_list args;

	if (diag->muted)
		return;
	va_start(args, format);
	diag_add(diag, mark, DIAG_NOTE, format, args);
	va_end(args);
}

const char *
diag_severity_text(enum diag_severity severity)
{
	static const char *const texts[] = {
	    [DIAG_ERROR] = "error",
	    [DIAG_WARNING] = "warning",
	    [DIAG_NOTE] = "note",
	};

	return texts[severity];
}

const char *
diag_mark_text(const struct mark *mark, char *buf, size_t cap)
{
	char file[DIAG_TEXT];

	buf[0] = '\0';
	if (mark->file == NULL)
		return buf;
	text_escape(mark->file, file, sizeof(file));
	if (mark->line == 0) {
		snprintf(buf, cap, "%s", file);
	} else if (mark->column == 0) {
		snprintf(buf, cap, "%s:%u", file, mark->line);
	} else {
		snprintf(buf, cap, "%s:%u:%u", file, mark->line, mark->column);
	}
	return buf;
}

void
diag_each(const struct diag *diag,
    void (*show)(void *context, const struct diag_entry *entry), void *context)
{
	for (const struct diag_message *message = diag->first; message != NULL;
	     message = message->next)
		show(context, &message->entry);
}

static void
print_rest(size_t found, size_t shown, const char *what, FILE *out)
{
	if (found > shown)
		fprintf(out, "%zu more %s not shown\n", found - shown, what);
}

/* What of each severity was printed, and where to. */
struct printing {
	FILE *out;
	size_t shown[DIAG_NOTE + 1];
};

static void
print_entry(void *context, const struct diag_entry *entry)
{
	struct printing *printing = context;
	char mark[DIAG_TEXT + MARK_NUMBERS];

	diag_mark_text(&entry->mark, mark, sizeof(mark));
	fprintf(printing->out, "%s%s%s: %s\n", mark,
	    mark[0] == '\0' ? "" : ": ", diag_severity_text(entry->severity),
	    entry->text);
	printing->shown[entry->severity]++;
}

void
diag_print(const struct diag *diag, FILE *out)
{
	struct printing printing = {.out = out};

	diag_each(diag, print_entry, &printing);
	print_rest(diag->errors, printing.shown[DIAG_ERROR], "errors", out);
	print_rest(diag->warnings, printing.shown[DIAG_WARNING], "warnings",
	    out);
}
