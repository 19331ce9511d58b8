#include "ctl/messages_print.h"

#include <stdio.h>

#include "ctl/remote.h"

/* A complaint's place, as far as it is known. */
static void
print_place(const struct node *message)
{
	const char *file = remote_text(message, "file");
	const unsigned long long line = remote_number(message, "line");
	const unsigned long long column = remote_number(message, "column");

	if (file == NULL)
		return;
	fprintf(stderr, "%s:", file);
	if (line != 0)
		fprintf(stderr, "%llu:", line);
	if (column != 0)
		fprintf(stderr, "%llu:", column);
	putc(' ', stderr);
}

static const char *
known(const char *text)
{
	return text == NULL ? "" : text;
}

static void
print_rest(unsigned long long found, unsigned long long shown, const char *what)
{
	if (found > shown) {
		fprintf(stderr, "%llu more %s not shown\n", found - shown,
		    what);
	}
}

void
messages_print(const struct node *answer)
{
	unsigned long long errors = 0;
	unsigned long long warnings = 0;

	for (const struct node *n = remote_list(answer, "messages"); n != NULL;
	     n = n->next) {
		const char *severity = known(remote_text(n, "severity"));

		print_place(n);
		fprintf(stderr, "%s: %s\n", severity,
		    known(remote_text(n, "text")));
		errors += severity[0] == 'e';
		warnings += severity[0] == 'w';
	}
	print_rest(remote_number(answer, "errors"), errors, "errors");
	print_rest(remote_number(answer, "warnings"), warnings, "warnings");
}
