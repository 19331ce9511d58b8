#include "model/compiler.h"

#include <stddef.h>

const uint8_t *
compiler_name(struct compiler *compiler, const struct name *name)
{
	struct name copy = *name;

	name_fold(&copy);
	return arena_copy(compiler->arena, copy.wire, copy.len);
}

const char *
compiler_text(struct compiler *compiler, const struct model_text *text)
{
	return arena_strdup(compiler->arena,
	    text->text == NULL ? "" : text->text);
}

void
compiler_claim(struct compiler *compiler, uint64_t what)
{
	struct snapshot *snapshot = compiler->snapshot;

	snapshot->claims =
	    hash_join(&snapshot->key, snapshot->claims, what + 1);
}

struct mark
compiler_mark(struct compiler *compiler, struct mark mark)
{
	/* Most marks of a model are of one file, by one pointer. */
	if (mark.file != compiler->file) {
		compiler->file = mark.file;
		compiler->file_copy = mark.file == NULL
		    ? NULL
		    : arena_strdup(compiler->arena, mark.file);
	}
	mark.file = compiler->file_copy;
	return mark;
}
