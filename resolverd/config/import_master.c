#include "config/import_master.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "config/text_index.h"
#include "dns/rdata.h"
#include "dns/zonefile.h"

enum {
	TYPE_WORDS = 4, /* owner, TTL, class and type, in which order ever */
	WORD_TEXT = 16,
	KEY_TEXT = NAME_TEXT + 16,
};

/* A record of a set. */
struct link {
	struct link *next;
	struct rdata rdata;
};

/* Records of one name and type. */
struct group {
	struct group *next;
	struct model_record_set set;
	struct link *first;
	struct link **last;
};

struct master {
	struct import *import;
	struct text_index index;
	struct group *first;
	struct group **last;
};

static struct group *
group_new(struct master *master, const struct zonefile_record *record,
    const char *key)
{
	struct arena *scratch = &master->import->scratch;
	struct group *group = arena_calloc(scratch, 1, sizeof(*group));
	const char *copy = arena_strdup(scratch, key);

	if (group == NULL || copy == NULL)
		return NULL;
	group->set = (struct model_record_set){
	    .mark = record->mark,
	    .name = record->owner,
	    .type = record->type,
	    .ttl = record->ttl,
	};
	group->last = &group->first;
	*master->last = group;
	master->last = &group->next;
	text_index_add(&master->index, copy, group);
	return group;
}

static struct group *
group_of(struct master *master, const struct zonefile_record *record)
{
	struct name folded = record->owner;
	char name[NAME_TEXT];
	char key[KEY_TEXT];
	struct group *group;

	name_fold(&folded);
	snprintf(key, sizeof(key), "%s %u", name_to_text(folded.wire, name),
	    record->type);
	group = text_index_get(&master->index, key);
	return group != NULL ? group : group_new(master, record, key);
}

static bool
take_record(void *arg, const struct zonefile_record *record)
{
	struct master *master = arg;
	struct group *group = group_of(master, record);
	struct link *link =
	    arena_calloc(&master->import->scratch, 1, sizeof(*link));

	if (group == NULL || link == NULL)
		return false;
	link->rdata.bytes =
	    arena_copy(master->import->arena, record->rdata, record->len);
	link->rdata.len = record->len;
	*group->last = link;
	group->last = &link->next;
	group->set.rdata_count++;
	if (record->ttl < group->set.ttl)
		group->set.ttl = record->ttl;
	return link->rdata.bytes != NULL;
}

static bool
group_stage(struct master *master, struct group *group)
{
	struct rdata *list = arena_calloc(master->import->arena,
	    group->set.rdata_count, sizeof(*list));
	size_t count = 0;

	if (list == NULL)
		return false;
	for (const struct link *link = group->first; link != NULL;
	     link = link->next)
		list[count++] = link->rdata;
	group->set.rdata = list;
	import_stage_record_set(master->import, &group->set);
	return true;
}

bool
import_master_read(struct import *import, const char *path, char *text,
    size_t len)
{
	/* Names without a final dot lie below the root; gcloud writes none. */
	static const struct name root = {.len = 1};
	struct master master = {.import = import};
	const struct zonefile_sink sink = {
	    .take = take_record,
	    .arg = &master,
	};
	FILE *file = fmemopen(text, len, "r");
	bool good;

	if (file == NULL)
		return false;
	master.last = &master.first;
	text_index_init(&master.index, &import->scratch);
	good = zonefile_read(file, path, &root, &sink, import->diag);
	fclose(file);
	for (struct group *group = master.first; group != NULL;
	     group = group->next)
		good = group_stage(&master, group) && good;
	import_stage_forget(import);
	return good;
}

/* The next word of a line; 0 octets at its end. */
static size_t
word_next(const char **at, const char *end)
{
	size_t len = 0;

	while (*at < end && strchr(" \t\r", **at) != NULL)
		(*at)++;
	while (*at + len < end && strchr(" \t\r", (*at)[len]) == NULL)
		len++;
	return len;
}

static bool
word_is_type(const char *word, size_t len)
{
	char text[WORD_TEXT];
	uint16_t type;

	if (len >= sizeof(text))
		return false;
	memcpy(text, word, len);
	text[len] = '\0';
	return rdata_type_from_text(text, &type);
}

bool
import_master_begins(const char *line, size_t len)
{
	const char *end = line + len;
	const char *at = line;
	size_t word = word_next(&at, end);

	if (line[0] == '$')
		return true;
	for (unsigned i = 0; i < TYPE_WORDS && word > 0; i++) {
		const bool more = at + word < end;

		if (i > 0 && more && word_is_type(at, word))
			return true;
		at += word;
		word = word_next(&at, end);
	}
	return false;
}
