#include "config/records.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/record_set.h"
#include "config/text_file.h"
#include "config/yaml.h"
#include "dns/zonefile.h"

enum {
	FILE_LIMIT = 64 * 1024 * 1024,
	FIRST_BAG = 64,
};

/* One set as found, and the how many-th it was. */
struct bag_item {
	struct model_record_set set;
	size_t seq;
};

/* A reading of one zone's file. */
struct bag {
	struct decoder decoder;
	struct bag_item *items; /* from the heap */
	size_t count;
	size_t cap;
	bool good;
};

static bool
bag_grow(struct bag *bag)
{
	const size_t cap = bag->cap == 0 ? FIRST_BAG : 2 * bag->cap;
	struct bag_item *items = reallocarray(bag->items, cap, sizeof(*items));

	if (items == NULL) {
		/* The arena's flag is what the loader looks at. */
		bag->decoder.arena->full = true;
		bag->good = false;
		return false;
	}
	bag->items = items;
	bag->cap = cap;
	return true;
}

/* A place for one more set, cleared; NULL without memory. */
static struct model_record_set *
bag_next(struct bag *bag)
{
	if (bag->count == bag->cap && !bag_grow(bag))
		return NULL;
	bag->items[bag->count] = (struct bag_item){.seq = bag->count};
	return &bag->items[bag->count++].set;
}

/* YAML. */

static void
take_node(struct bag *bag, const struct node *node)
{
	struct model_record_set *set = bag_next(bag);

	if (set == NULL)
		return;
	if (!record_set_type.read(&bag->decoder, NULL, node, set)) {
		bag->count--;
		bag->good = false;
	}
}

/* A document is one record set, or, as JSON has it, the list of them. */
static void
take_document(void *arg, const struct node *document)
{
	struct bag *bag = arg;

	if (document->kind != NODE_LIST) {
		take_node(bag, document);
		return;
	}
	for (const struct node *child = document->first; child != NULL;
	     child = child->next)
		take_node(bag, child);
}

/* Master file. */

static bool
take_record(void *arg, const struct zonefile_record *record)
{
	struct bag *bag = arg;
	struct model_record_set *set = bag_next(bag);
	struct rdata *rdata =
	    arena_calloc(bag->decoder.arena, 1, sizeof(*rdata));

	if (set == NULL || rdata == NULL)
		return false;
	rdata->bytes =
	    arena_copy(bag->decoder.arena, record->rdata, record->len);
	rdata->len = record->len;
	*set = (struct model_record_set){
	    .mark = record->mark,
	    .name = record->owner,
	    .type = record->type,
	    .ttl = record->ttl,
	    .rdata = rdata,
	    .rdata_count = 1,
	};
	return rdata->bytes != NULL;
}

static int
compare_seq(const void *a, const void *b)
{
	const struct bag_item *left = a;
	const struct bag_item *right = b;

	return left->seq < right->seq ? -1 : left->seq > right->seq;
}

static int
compare_sets(const void *a, const void *b)
{
	const struct bag_item *left = a;
	const struct bag_item *right = b;
	const int order = name_compare(&left->set.name, &right->set.name);

	if (order != 0)
		return order;
	if (left->set.type != right->set.type)
		return left->set.type < right->set.type ? -1 : 1;
	return compare_seq(a, b);
}

static bool
same_set(const struct bag_item *a, const struct bag_item *b)
{
	return a->set.type == b->set.type &&
	    name_equal(a->set.name.wire, b->set.name.wire);
}

/* Makes one set of n records that stand side by side. */
static struct bag_item
bag_merge(struct bag *bag, const struct bag_item *items, size_t n)
{
	struct bag_item merged = items[0];
	struct rdata *rdata =
	    arena_calloc(bag->decoder.arena, n, sizeof(*rdata));

	if (n == 1 || rdata == NULL)
		return merged;
	for (size_t i = 0; i < n; i++) {
		rdata[i] = items[i].set.rdata[0];
		if (items[i].set.ttl < merged.set.ttl)
			merged.set.ttl = items[i].set.ttl;
	}
	merged.set.rdata = rdata;
	merged.set.rdata_count = n;
	return merged;
}

/* Puts the records of one name and type together, in the file's order. */
static void
bag_group(struct bag *bag)
{
	size_t groups = 0;
	size_t n;

	if (bag->count == 0)
		return;
	qsort(bag->items, bag->count, sizeof(*bag->items), compare_sets);
	for (size_t i = 0; i < bag->count; i += n) {
		n = 1;
		while (i + n < bag->count &&
		    same_set(&bag->items[i], &bag->items[i + n]))
			n++;
		bag->items[groups++] = bag_merge(bag, &bag->items[i], n);
	}
	bag->count = groups;
	qsort(bag->items, bag->count, sizeof(*bag->items), compare_seq);
}

/* The file. */

static size_t
line_length(const char *text, size_t len)
{
	const char *end = memchr(text, '\n', len);

	return end == NULL ? len : (size_t)(end - text);
}

/* Whether a line is what YAML begins with. */
static bool
line_is_yaml(const char *line, size_t len)
{
	size_t word = 0;

	if (line[0] == '[' || line[0] == '{')
		return true;
	while (word < len && strchr(" \t\r", line[word]) == NULL)
		word++;
	return line[word - 1] == ':' || (word == 1 && line[0] == '-') ||
	    (word == 3 && strncmp(line, "---", 3) == 0);
}

static bool
text_is_yaml(const char *text, size_t len)
{
	while (len > 0) {
		const size_t line = line_length(text, len);
		size_t at = 0;

		while (at < line && strchr(" \t\r", text[at]) != NULL)
			at++;
		if (at < line && text[at] != '#' && text[at] != ';')
			return line_is_yaml(text + at, line - at);
		text += line;
		len -= line;
		if (len > 0) {
			text++;
			len--;
		}
	}
	return true;
}

/* Octets of the byte order mark that some editors put before UTF-8. */
static size_t
mark_length(const struct text_file *content)
{
	static const char mark[] = {'\xef', '\xbb', '\xbf'};

	return content->len >= sizeof(mark) &&
		memcmp(content->text, mark, sizeof(mark)) == 0
	    ? sizeof(mark)
	    : 0;
}

/* Reads a master file from where the stream stands. */
static bool
bag_read_master(struct bag *bag, FILE *file, const char *path,
    const struct name *origin)
{
	const struct zonefile_sink sink = {.take = take_record, .arg = bag};
	const bool good =
	    zonefile_read(file, path, origin, &sink, bag->decoder.diag);

	bag_group(bag);
	return good;
}

/* What the file holds is content; a master file is read from file again. */
static bool
bag_read_content(struct bag *bag, FILE *file, const struct text_file *content,
    const char *path, const struct name *origin)
{
	const size_t start = mark_length(content);
	const struct yaml_text text = {
	    .path = path,
	    .text = content->text + start,
	    .len = content->len - start,
	};

	if (text_is_yaml(text.text, text.len)) {
		return yaml_stream(&text, take_document, bag,
		    bag->decoder.diag);
	}
	if (fseek(file, (long)start, SEEK_SET) != 0) {
		return diag_error(bag->decoder.diag,
		    (struct mark){.file = path}, "cannot be read: %s",
		    strerror(errno));
	}
	return bag_read_master(bag, file, path, origin);
}

static bool
bag_read(struct bag *bag, FILE *file, const char *path,
    const struct name *origin)
{
	struct diag *diag = bag->decoder.diag;
	const struct mark mark = {.file = path};
	struct text_file content;
	bool good = false;

	switch (text_file_read(file, FILE_LIMIT, &content)) {
	case TEXT_FILE_OK:
		good = bag_read_content(bag, file, &content, path, origin);
		break;
	case TEXT_FILE_LONG:
		diag_error(diag, mark, "the file is longer than %d MiB",
		    FILE_LIMIT >> 20);
		break;
	case TEXT_FILE_FAILED:
		diag_error(diag, mark, "cannot be read: %s", strerror(errno));
		break;
	}
	text_file_free(&content);
	return good && bag->good;
}

/* Adds the sets found to those the zone has. */
static bool
zone_add(struct model *model, struct model_zone *zone, const struct bag *bag)
{
	const size_t own = zone->record_sets.count;
	struct model_record_set *sets =
	    arena_calloc(&model->arena, own + bag->count, sizeof(*sets));

	if (sets == NULL)
		return false;
	if (own > 0)
		memcpy(sets, zone->record_sets.items, own * sizeof(*sets));
	for (size_t i = 0; i < bag->count; i++)
		sets[own + i] = bag->items[i].set;
	zone->record_sets.items = sets;
	zone->record_sets.count = own + bag->count;
	return true;
}

static const char *
path_beside(struct arena *arena, const char *config_path, const char *path)
{
	const char *slash = strrchr(config_path, '/');

	if (path[0] == '/' || slash == NULL)
		return arena_strdup(arena, path);
	return arena_printf(arena, "%.*s/%s", (int)(slash - config_path),
	    config_path, path);
}

/* A FIFO or a device would make the daemon wait or never end. */
static FILE *
open_regular(const char *path, struct mark mark, struct diag *diag)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat status;
	FILE *file;

	if (fd == -1) {
		diag_error(diag, mark, "%s cannot be opened: %s", path,
		    strerror(errno));
		return NULL;
	}
	if (fstat(fd, &status) == -1 || !S_ISREG(status.st_mode)) {
		diag_error(diag, mark, "%s is not a regular file", path);
		close(fd);
		return NULL;
	}
	file = fdopen(fd, "r");
	if (file == NULL) {
		diag_error(diag, mark, "%s cannot be opened: %s", path,
		    strerror(errno));
		close(fd);
	}
	return file;
}

static bool
zone_load(struct model *model, struct model_zone *zone, const char *config_path,
    struct diag *diag)
{
	struct bag bag = {
	    .decoder = {.arena = &model->arena, .diag = diag},
	    .good = true,
	};
	const char *path =
	    path_beside(&model->arena, config_path, zone->records_file.text);
	bool good;
	FILE *file;

	if (path == NULL)
		return false;
	file = open_regular(path, zone->records_file.mark, diag);
	if (file == NULL)
		return false;
	good = bag_read(&bag, file, path, &zone->dns_name.name);
	if (good && bag.count == 0) {
		diag_warning(diag, zone->records_file.mark,
		    "%s holds no record", path);
	}
	good = zone_add(model, zone, &bag) && good;
	free(bag.items);
	fclose(file);
	return good;
}

bool
records_load(struct model *model, const char *config_path, struct diag *diag)
{
	struct model_zone *zones = model->zones.items;
	bool good = true;

	for (size_t i = 0; i < model->zones.count; i++) {
		/* What makes no sense with records is the check's business. */
		const bool readable = zones[i].records_file.text != NULL &&
		    zones[i].dns_name.mark.file != NULL &&
		    zones[i].kind == MODEL_ZONE_PRIVATE;

		if (readable && !zone_load(model, &zones[i], config_path, diag))
			good = false;
	}
	return good;
}
