#include "config/import_tree.h"

#include <errno.h>
#include <fts.h>
#include <string.h>

#include "config/import_file.h"

enum { DEPTH_MAX = 16 };

static int
by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

/* Sources of programs, and what is about them. */
static bool
is_source(const char *name)
{
	static const char *const extensions[] = {".tf", ".tfvars", ".hcl",
	    ".md", ".sh", ".py"};
	const char *dot = strrchr(name, '.');

	for (size_t i = 0;
	     dot != NULL && i < sizeof(extensions) / sizeof(extensions[0]);
	     i++) {
		if (strcmp(extensions[i], dot) == 0)
			return true;
	}
	return false;
}

static void
tell(struct import *import, const FTSENT *entry, enum import_weight weight,
    const char *text)
{
	const char *path = arena_strdup(import->arena, entry->fts_path);

	import_stage_tell(import, weight, (struct mark){.file = path}, "%s",
	    text);
	import_stage_flush(import);
}

static void
read_file(struct import *import, const FTSENT *entry)
{
	const bool named = entry->fts_level == FTS_ROOTLEVEL;
	const char *path = arena_strdup(import->arena, entry->fts_path);

	if (!named && is_source(entry->fts_name)) {
		tell(import, entry, IMPORT_NOTE,
		    "not read: it is neither JSON, nor YAML, nor a zone file");
	} else if (path != NULL) {
		import_file_read(import,
		    &(struct import_file){
			.path = path,
			.use = named ? IMPORT_FILE_ANY : IMPORT_FILE_FOUND,
		    });
	}
}

static bool
is_hidden(const FTSENT *entry)
{
	return entry->fts_level > FTS_ROOTLEVEL && entry->fts_name[0] == '.';
}

static void
take_entry(struct import *import, FTS *tree, FTSENT *entry)
{
	switch (entry->fts_info) {
	case FTS_F:
		read_file(import, entry);
		return;
	case FTS_D:
		if (entry->fts_level <= DEPTH_MAX)
			return;
		tell(import, entry, IMPORT_GAP,
		    "not read: the directories are too deep");
		fts_set(tree, entry, FTS_SKIP);
		return;
	case FTS_DC:
		tell(import, entry, IMPORT_GAP,
		    "not read: it leads back to a directory that it is in");
		return;
	case FTS_DNR:
	case FTS_ERR:
	case FTS_NS:
		tell(import, entry, IMPORT_FAULT, strerror(entry->fts_errno));
		return;
	case FTS_SLNONE:
		tell(import, entry, IMPORT_GAP,
		    "not read: the link leads nowhere");
		return;
	case FTS_DEFAULT:
		tell(import, entry, IMPORT_GAP,
		    "not read: it is neither a file nor a directory");
		return;
	default: /* the end of a directory */
		return;
	}
}

void
import_tree_read(struct import *import, const char *path)
{
	char *copy = arena_strdup(import->arena, path);
	char *roots[] = {copy, NULL};
	FTS *tree = copy == NULL
	    ? NULL
	    : fts_open(roots, FTS_LOGICAL | FTS_NOCHDIR, by_name);
	FTSENT *entry;

	if (tree == NULL) {
		import_stage_tell(import, IMPORT_FAULT,
		    (struct mark){.file = copy}, "cannot be read: %s",
		    strerror(errno));
		import_stage_flush(import);
		return;
	}
	while ((entry = fts_read(tree)) != NULL) {
		if (is_hidden(entry)) {
			fts_set(tree, entry, FTS_SKIP);
		} else {
			take_entry(import, tree, entry);
		}
	}
	fts_close(tree);
}
