#include "config/import_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/import_fabric.h"
#include "config/import_master.h"
#include "config/import_shape.h"
#include "config/import_terraform.h"
#include "config/json.h"
#include "config/text_file.h"
#include "config/yaml.h"

enum { FILE_LIMIT = 512 * 1024 * 1024, NODES_BLOCK = 256 * 1024 };

/* What the text of a file is written in. */
enum notation {
	NOTATION_JSON,
	NOTATION_YAML,
	NOTATION_MASTER,
	NOTATION_NONE,
};

/* A file under way. */
struct reading {
	struct import *import;
	const struct import_file *file;
	struct text_file content;
	struct yaml_text text; /* the content behind a byte order mark */
};

static struct mark
file_mark(const struct import_file *file)
{
	return file->mark.file != NULL ? file->mark
				       : (struct mark){.file = file->path};
}

/* Documents. */

static void
not_known(const struct reading *reading, struct mark mark)
{
	const bool found = reading->file->use == IMPORT_FILE_FOUND;

	import_stage_tell(reading->import, found ? IMPORT_LESS : IMPORT_FAULT,
	    mark,
	    "this is no document that is known here: neither of gcloud dns, "
	    "nor of terraform show -json, nor of Cloud Foundation Fabric");
	import_stage_flush(reading->import);
}

static void
take_rules(struct reading *reading, const struct node *document)
{
	if (import_fabric_rules(reading->import, document,
		reading->file->policy))
		return;
	import_stage_tell(reading->import, IMPORT_FAULT, document->mark,
	    "rules must be a mapping of names to rules, not %s",
	    node_kind_text(document));
	if (document->kind == NODE_LIST) {
		diag_note(reading->import->diag, document->mark,
		    "a list of rules, as gcloud prints it, is for "
		    "resource_files");
	}
	import_stage_flush(reading->import);
}

static void
take_document(void *arg, const struct node *document)
{
	struct reading *reading = arg;

	if (reading->file->use == IMPORT_FILE_RULES) {
		take_rules(reading, document);
	} else if (!import_shape_take(reading->import, document)) {
		not_known(reading, document->mark);
	}
	import_stage_forget(reading->import);
}

/* An entry of the list that a document is. */
static void
take_entry(void *arg, const struct node *entry)
{
	struct reading *reading = arg;

	import_shape_entry(reading->import, entry);
	import_stage_forget(reading->import);
}

static const struct node *
read_tree(struct reading *reading, struct arena *nodes)
{
	const struct json_filter entries = {.take = take_entry, .arg = reading};
	const bool whole = reading->file->use == IMPORT_FILE_RULES;

	return json_load(&reading->text, whole ? NULL : &entries, nodes,
	    reading->import->diag);
}

static void
read_json(struct reading *reading)
{
	struct arena nodes;
	const struct node *root;

	if (reading->file->use != IMPORT_FILE_RULES &&
	    import_terraform_begins(&reading->text)) {
		import_terraform_read(reading->import, &reading->text);
		return;
	}
	arena_init_heap(&nodes, NODES_BLOCK);
	root = read_tree(reading, &nodes);
	if (root == NULL) {
		reading->import->source->broken = true;
	} else if (root->kind != NODE_LIST ||
	    reading->file->use == IMPORT_FILE_RULES) {
		take_document(reading, root);
	}
	if (nodes.full)
		reading->import->arena->full = true;
	arena_fini(&nodes);
}

static void
read_yaml(struct reading *reading)
{
	if (!yaml_stream(&reading->text, take_document, reading,
		reading->import->diag))
		reading->import->source->broken = true;
}

static void
read_master(struct reading *reading)
{
	char *text =
	    reading->content.text + (reading->content.len - reading->text.len);

	if (!import_master_read(reading->import, reading->file->path, text,
		reading->text.len))
		reading->import->source->broken = true;
}

static void
read_none(struct reading *reading)
{
	const struct mark mark = file_mark(reading->file);

	if (reading->file->use != IMPORT_FILE_FOUND) {
		not_known(reading, mark);
		return;
	}
	import_stage_tell(reading->import, IMPORT_NOTE, mark,
	    "not read: it is neither JSON, nor YAML, nor a zone file");
}

typedef void (*read_fn)(struct reading *reading);

static const read_fn readers[] = {
    [NOTATION_JSON] = read_json,
    [NOTATION_YAML] = read_yaml,
    [NOTATION_MASTER] = read_master,
    [NOTATION_NONE] = read_none,
};

/* Which notation it is. */

static const struct {
	const char *extension;
	enum notation notation;
} extensions[] = {
    {".json", NOTATION_JSON},
    {".tfstate", NOTATION_JSON},
    {".yaml", NOTATION_YAML},
    {".yml", NOTATION_YAML},
};

/* JSON begins with a bracket, and what comes then is in quotes or empty. */
static bool
looks_like_json(const struct yaml_text *text)
{
	size_t at = 0;

	while (at < text->len && strchr(" \t\r\n[{", text->text[at]) != NULL &&
	    text->text[at] != '\0')
		at++;
	return at > 0 && at < text->len &&
	    memchr(text->text, text->text[0] == '[' ? '[' : '{', at) != NULL &&
	    strchr("\"]}", text->text[at]) != NULL && text->text[at] != '\0';
}

/* Whether a line is a key with a colon, a document's or an entry's begin. */
static bool
line_is_yaml(const char *line, size_t len)
{
	size_t word = 0;

	while (word < len && strchr(" \t\r", line[word]) == NULL)
		word++;
	return word > 0 &&
	    (line[word - 1] == ':' || (word == 1 && line[0] == '-') ||
		(word == 3 && strncmp(line, "---", 3) == 0));
}

/* The first line that is neither empty nor a comment; NULL: there is none. */
static const char *
first_line(const struct yaml_text *text, size_t *len)
{
	const char *end = text->text + text->len;
	const char *at = text->text;

	while (at < end) {
		const char *line_end = memchr(at, '\n', (size_t)(end - at));

		if (line_end == NULL)
			line_end = end;
		while (at < line_end && strchr(" \t\r", *at) != NULL)
			at++;
		if (at < line_end && *at != '#' && *at != ';') {
			*len = (size_t)(line_end - at);
			return at;
		}
		at = line_end == end ? end : line_end + 1;
	}
	return NULL;
}

static enum notation
notation_of(const struct reading *reading)
{
	const char *dot = strrchr(reading->file->path, '.');
	size_t len = 0;
	const char *line = first_line(&reading->text, &len);

	if (looks_like_json(&reading->text))
		return NOTATION_JSON;
	for (size_t i = 0;
	     dot != NULL && i < sizeof(extensions) / sizeof(extensions[0]);
	     i++) {
		if (strcasecmp(extensions[i].extension, dot) == 0)
			return extensions[i].notation;
	}
	if (line != NULL && import_master_begins(line, len))
		return NOTATION_MASTER;
	if (line != NULL && line_is_yaml(line, len) &&
	    (line[0] == '-' || reading->file->use != IMPORT_FILE_FOUND))
		return NOTATION_YAML;
	return NOTATION_NONE;
}

/* The file. */

static void
read_content(struct reading *reading)
{
	static const char mark[] = {'\xef', '\xbb', '\xbf'};
	const struct text_file *content = &reading->content;
	const size_t start = content->len >= sizeof(mark) &&
		memcmp(content->text, mark, sizeof(mark)) == 0
	    ? sizeof(mark)
	    : 0;

	reading->text = (struct yaml_text){
	    .path = reading->file->path,
	    .text = content->text + start,
	    .len = content->len - start,
	};
	readers[notation_of(reading)](reading);
}

static void
cannot(const struct reading *reading, const char *what, int error)
{
	const struct import_file *file = reading->file;

	if (file->mark.file != NULL) {
		import_stage_tell(reading->import, IMPORT_FAULT, file->mark,
		    "%s cannot be %s: %s", file->path, what, strerror(error));
	} else {
		import_stage_tell(reading->import, IMPORT_FAULT,
		    file_mark(file), "cannot be %s: %s", what, strerror(error));
	}
}

/* A FIFO or a device would make the reader wait or never end. */
static FILE *
open_regular(const struct reading *reading)
{
	const int fd =
	    open(reading->file->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat status;
	FILE *stream;

	if (fd == -1) {
		cannot(reading, "opened", errno);
		return NULL;
	}
	if (fstat(fd, &status) == -1 || !S_ISREG(status.st_mode)) {
		import_stage_tell(reading->import, IMPORT_FAULT,
		    file_mark(reading->file), "%s is not a regular file",
		    reading->file->path);
		close(fd);
		return NULL;
	}
	stream = fdopen(fd, "r");
	if (stream == NULL) {
		cannot(reading, "opened", errno);
		close(fd);
	}
	return stream;
}

/*
 * Fabric's zone factory reads a directory, mostly called zones, and names each
 * zone for the path below it: net/app.yaml is the zone net-app.
 */
static const char *
name_by_path(struct arena *arena, const char *path)
{
	static const char factory[] = "zones/";
	const char *found = strstr(path, factory);
	const char *dot = strrchr(path, '.');
	char *name;

	if (found == NULL || dot == NULL)
		return NULL;
	found += sizeof(factory) - 1;
	if (dot < found)
		return NULL;
	name = arena_printf(arena, "%.*s", (int)(dot - found), found);
	for (char *at = name; at != NULL && *at != '\0'; at++) {
		if (*at == '/')
			*at = '-';
	}
	return name;
}

/* The name without extension and directories, and the last of these. */
static struct import_source *
source_new(struct import *import, const char *path)
{
	struct arena *arena = import->arena;
	struct import_source *source = arena_calloc(arena, 1, sizeof(*source));
	const char *slash = strrchr(path, '/');
	const char *base = slash == NULL ? path : slash + 1;
	const char *dot = strrchr(base, '.');
	const char *above = slash;

	if (source == NULL)
		return NULL;
	while (above != NULL && above > path && above[-1] != '/')
		above--;
	source->path = path;
	source->stem = dot == NULL || dot == base
	    ? base
	    : arena_printf(arena, "%.*s", (int)(dot - base), base);
	source->guess = name_by_path(arena, path);
	source->directory = above == NULL
	    ? NULL
	    : arena_printf(arena, "%.*s", (int)(slash - above), above);
	return source;
}

void
import_file_read(struct import *import, const struct import_file *file)
{
	struct reading reading = {.import = import, .file = file};
	FILE *stream;

	import->source = source_new(import, file->path);
	stream = import->source == NULL ? NULL : open_regular(&reading);
	if (stream != NULL) {
		switch (text_file_read(stream, FILE_LIMIT, &reading.content)) {
		case TEXT_FILE_OK:
			read_content(&reading);
			break;
		case TEXT_FILE_LONG:
			import_stage_tell(import, IMPORT_FAULT, file_mark(file),
			    "%s is longer than %d MiB", file->path,
			    FILE_LIMIT >> 20);
			break;
		case TEXT_FILE_FAILED:
			cannot(&reading, "read", errno);
			break;
		}
		text_file_free(&reading.content);
		fclose(stream);
	}
	import_stage_flush(import);
}
