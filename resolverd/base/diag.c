#include "base/diag.h"

#include <stdarg.h>
#include <string.h>

#include "base/text.h"

enum kind { KIND_ERROR, KIND_WARNING, KIND_NOTE };

struct diag_message {
	struct diag_message *next;
	struct mark mark;
	enum kind kind;
	const char *text; /* escaped, in the arena of the diag */
};

enum { DIAG_TEXT = 1024 };

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
static void diag_add(struct diag *diag, struct mark mark, enum kind kind,
    const char *format, va_list args) __attribute__((format(printf, 4, 0)));

static void
diag_add(struct diag *diag, struct mark mark, enum kind kind,
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
	    .mark = mark,
	    .kind = kind,
	    .text = arena_strdup(&diag->arena,
		text_escape(text, line, sizeof(line))),
	};
	if (message->text == NULL)
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
	diag_add(diag, mark, KIND_ERROR, format, args);
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
	diag_add(diag, mark, KIND_WARNING, format, args);
	va_end(args);
}

void
diag_note(struct diag *diag, struct mark mark, const char *format, ...)
{
	va_list args;

	if (diag->muted)
		return;
	va_start(args, format);
	diag_add(diag, mark, KIND_NOTE, format, args);
	va_end(args);
}

static void
print_mark(const struct mark *mark, FILE *out)
{
	char file[DIAG_TEXT];

	if (mark->file == NULL)
		return;
	fprintf(out, "%s:", text_escape(mark->file, file, sizeof(file)));
	if (mark->line != 0)
		fprintf(out, "%u:", mark->line);
	if (mark->line != 0 && mark->column != 0)
		fprintf(out, "%u:", mark->column);
	fputc(' ', out);
}

static void
print_rest(size_t found, size_t shown, const char *what, FILE *out)
{
	if (found > shown)
		fprintf(out, "%zu more %s not shown\n", found - shown, what);
}

void
diag_print(const struct diag *diag, FILE *out)
{
	static const char *const kinds[] = {
	    [KIND_ERROR] = "error",
	    [KIND_WARNING] = "warning",
	    [KIND_NOTE] = "note",
	};
	const struct diag_message *message = diag->first;
	size_t shown[] =
	    {[KIND_ERROR] = 0, [KIND_WARNING] = 0, [KIND_NOTE] = 0};

	for (; message != NULL; message = message->next) {
		print_mark(&message->mark, out);
		fprintf(out, "%s: %s\n", kinds[message->kind], message->text);
		shown[message->kind]++;
	}
	print_rest(diag->errors, shown[KIND_ERROR], "errors", out);
	print_rest(diag->warnings, shown[KIND_WARNING], "warnings", out);
}
