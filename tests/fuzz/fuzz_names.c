/*
 * A list or log of names, as resolverctl impact reads it: whatever it holds,
 * every outcome has its text, lines only grow, and the reading ends.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/names.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_item(const struct names_item *item)
{
	if (memchr(item->name, '\0', sizeof(item->name)) == NULL ||
	    memchr(item->type, '\0', sizeof(item->type)) == NULL)
		abort();
}

static void
read_all(FILE *file, size_t size)
{
	struct names names;
	struct names_item item = {.line = 0};
	const char *why = NULL;
	enum names_outcome outcome;
	unsigned line = 1;
	size_t rounds = 0;

	names_init(&names, file);
	do {
		outcome = names_next(&names, &item, &why);
		if (outcome == NAMES_ITEM)
			check_item(&item);
		if ((outcome == NAMES_FAULT || outcome == NAMES_BROKEN) &&
		    (why == NULL || why[0] == '\0'))
			abort();
		if (!names.is_log && item.line != 0 && item.line < line)
			abort();
		if (!names.is_log && item.line != 0)
			line = item.line;
		if (rounds++ > size + 1)
			abort();
	} while (outcome == NAMES_ITEM || outcome == NAMES_FAULT);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	FILE *file;
	char *text;

	if (size == 0)
		return 0;
	text = malloc(size);
	if (text == NULL)
		abort();
	memcpy(text, data, size);
	file = fmemopen(text, size, "r");
	if (file == NULL)
		abort();
	read_all(file, size);
	fclose(file);
	free(text);
	return 0;
}
