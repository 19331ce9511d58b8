#include "config/text_file.h"

#include <errno.h>
#include <stdlib.h>

enum { FIRST_BLOCK = 16 * 1024 };

static bool
text_file_grow(struct text_file *file, size_t *cap, size_t limit)
{
	size_t more = *cap == 0 ? FIRST_BLOCK : 2 * *cap;
	char *text;

	/* One octet past the limit tells a file that is too long. */
	if (more > limit + 1)
		more = limit + 1;
	text = realloc(file->text, more);
	if (text == NULL)
		return false;
	file->text = text;
	*cap = more;
	return true;
}

enum text_file_result
text_file_read(FILE *file, size_t limit, struct text_file *out)
{
	size_t cap = 0;

	*out = (struct text_file){.len = 0};
	while (out->len <= limit) {
		size_t got;

		if (out->len == cap && !text_file_grow(out, &cap, limit))
			return TEXT_FILE_FAILED;
		got = fread(out->text + out->len, 1, cap - out->len, file);
		out->len += got;
		if (got == 0)
			return ferror(file) ? TEXT_FILE_FAILED : TEXT_FILE_OK;
	}
	return TEXT_FILE_LONG;
}

void
text_file_free(struct text_file *file)
{
	free(file->text);
	*file = (struct text_file){.len = 0};
}
