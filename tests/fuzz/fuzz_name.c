#include <stdlib.h>
#include <string.h>

#include "dns/name.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { TEXT_MAX = 2000 };

static void
must(bool holds)
{
	if (!holds)
		abort();
}

/* A name that was read is whole, and comes back from its text. */
static void
check_name(const struct name *name)
{
	struct name folded = *name;
	struct name again;
	char text[NAME_TEXT];

	must(name->len >= 1 && name->labels <= NAME_LABELS);
	must(name_size(name->wire) == name->len);
	must(name_labels(name->wire) == name->labels);
	must(*name_strip(name->wire, name->labels) == 0);
	must(name_from_text(&again, name_to_text(name->wire, text)) == NAME_OK);
	must(again.len == name->len);
	must(memcmp(again.wire, name->wire, name->len) == 0);
	name_fold(&folded);
	must(name_equal(folded.wire, name->wire));
	must(name_under(name->wire, folded.wire));
}

static void
check_text(const uint8_t *data, size_t size)
{
	char text[TEXT_MAX + 1] = {0};
	struct name name;

	if (size > TEXT_MAX)
		return;
	memcpy(text, data, size);
	if (name_from_text(&name, text) == NAME_OK)
		check_name(&name);
}

/* The first octet says where in the rest a name begins. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct reader reader;
	struct name name;

	if (size < 1)
		return 0;
	reader = reader_over(data + 1, size - 1);
	reader.at = data[0] < size ? data[0] : 0;
	if (name_read(&name, &reader))
		check_name(&name);
	check_text(data + 1, size - 1);
	return 0;
}
