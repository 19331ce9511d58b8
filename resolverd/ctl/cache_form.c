#include "ctl/cache_form.h"

#include <stdlib.h>
#include <string.h>

#include "core/snapshot.h"
#include "dns/request.h"
#include "dns/wire.h"

enum {
	MAGIC_SIZE = 16,
	VERSION = 1,
	HEAD_SIZE = MAGIC_SIZE + 16,
	BLOCK_MAX = MESSAGE_MAX + 64,
	LABEL_MAX = 4096,
	SCRATCH = 512 * 1024, /* as much as an engine has for one answer */
	POINTER_TO_QUESTION = 0xc000 | HEADER_SIZE,
};

enum { FLAG_OF_DO = 0x01, FLAG_OF_CD = 0x02 };

static const char magic[MAGIC_SIZE + 1] = "resolverd cache\n";

/* Writing. */

struct form {
	FILE *file;
	const struct cache_saving *saving;
	struct hash_key sum; /* of the blocks so far */
	uint64_t written;
	size_t entries;
	struct arena arena;
	uint8_t block[BLOCK_MAX];
	uint8_t scratch[SCRATCH];
};

/* Each block's hash is the key of the next one's. */
static void
sum_add(struct hash_key *sum, const uint8_t *block, size_t len)
{
	sum->k0 = hash_bytes(sum, block, len);
	sum->k1++;
}

static void
put_u64(struct writer *writer, uint64_t value)
{
	writer_u32(writer, (uint32_t)(value >> 32));
	writer_u32(writer, (uint32_t)value);
}

static void
form_put(struct form *form, const uint8_t *octets, size_t len)
{
	form->written += fwrite(octets, 1, len, form->file);
}

/* Writes the block that was put together, unless it did not fit. */
static bool
form_block(struct form *form, const struct writer *block)
{
	uint8_t octets[4];
	struct writer length = writer_over(octets, sizeof(octets));

	if (block->bad)
		return false;
	writer_u32(&length, (uint32_t)block->at);
	form_put(form, octets, sizeof(octets));
	form_put(form, block->wire, block->at);
	sum_add(&form->sum, block->wire, block->at);
	return true;
}

static void
form_head(struct form *form)
{
	struct writer head = writer_over(form->block, sizeof(form->block));

	writer_bytes(&head, magic, MAGIC_SIZE);
	writer_u32(&head, VERSION);
	put_u64(&head, form->saving->date);
	writer_u32(&head, 0); /* for later versions */
	form_put(form, head.wire, head.at);
	sum_add(&form->sum, head.wire, head.at);
}

static void
form_groups(struct form *form)
{
	const struct upstream_group *group = form->saving->snapshot->groups;

	for (; group != NULL; group = group->next) {
		struct writer block =
		    writer_over(form->block, sizeof(form->block));

		writer_u8(&block, 'G');
		if (group->label != NULL) {
			writer_bytes(&block, group->label,
			    strnlen(group->label, LABEL_MAX));
		}
		form_block(form, &block);
	}
}

/* The number of a group's block; false when the group is gone. */
static bool
form_group(const struct form *form, uint64_t id, uint16_t *number)
{
	const struct upstream_group *group = form->saving->snapshot->groups;

	for (uint16_t n = 0; group != NULL; n++, group = group->next) {
		if (group->id == id) {
			*number = n;
			return group->label != NULL;
		}
	}
	return false;
}

static unsigned
count_records(const struct reply *reply, enum section section)
{
	unsigned count = 0;

	for (size_t i = 0; i < reply->count; i++) {
		if (reply->items[i].section == section)
			count += reply->items[i].rrset->count;
	}
	return count;
}

static void
put_head(struct writer *writer, const struct cache_key *key,
    const struct reply *reply)
{
	writer_u16(writer, 0);
	writer_u16(writer,
	    (uint16_t)(FLAG_QR | FLAG_RD | FLAG_RA |
		(reply->authentic ? FLAG_AD : 0) |
		(reply->rcode & FLAG_RCODE)));
	writer_u16(writer, 1);
	writer_u16(writer, (uint16_t)count_records(reply, SECTION_ANSWER));
	writer_u16(writer, (uint16_t)count_records(reply, SECTION_AUTHORITY));
	writer_u16(writer, 0);
	writer_bytes(writer, key->name, name_size(key->name));
	writer_u16(writer, key->type);
	writer_u16(writer, CLASS_IN);
}

/* The records of an RRset, none of them for longer than the answer. */
static void
put_item(struct writer *writer, const struct cache_key *key,
    const struct reply_item *item, uint32_t left)
{
	const struct rrset *rrset = item->rrset;
	const bool asked = name_equal(item->owner, key->name);
	const uint8_t *rdata = NULL;
	uint16_t len;

	while ((rdata = rrset_next(rrset, rdata, &len)) != NULL) {
		if (asked) {
			writer_u16(writer, POINTER_TO_QUESTION);
		} else {
			writer_bytes(writer, item->owner,
			    name_size(item->owner));
		}
		writer_u16(writer, rrset->type);
		writer_u16(writer, CLASS_IN);
		writer_u32(writer, rrset->ttl < left ? rrset->ttl : left);
		writer_u16(writer, len);
		writer_bytes(writer, rdata, len);
	}
}

static void
form_entry(struct form *form, uint16_t group, const struct cache_key *key,
    const struct cache_hit *hit)
{
	const struct reply *reply = &hit->reply;
	struct writer block = writer_over(form->block, sizeof(form->block));

	writer_u8(&block, 'E');
	writer_u16(&block, group);
	writer_u8(&block,
	    (uint8_t)((key->dnssec_ok ? FLAG_OF_DO : 0) |
		(key->checking_disabled ? FLAG_OF_CD : 0)));
	writer_u32(&block, hit->left);
	put_head(&block, key, reply);
	for (size_t i = 0; i < reply->count; i++)
		put_item(&block, key, &reply->items[i], hit->left);
	if (form_block(form, &block))
		form->entries++;
}

/* Looks an entry up in cache n; the seconds that it has left, or 0. */
static uint32_t
form_look(struct form *form, size_t n, const struct cache_key *key,
    struct cache_hit *hit)
{
	const struct cache_look look = {
	    .now = form->saving->now,
	    .arena = &form->arena,
	};

	arena_reset(&form->arena);
	if (cache_peek(form->saving->caches[n], key, &look, hit) != CACHE_FRESH)
		return 0;
	return hit->left;
}

/* Whether another worker has a fresher answer, or as fresh a one earlier. */
static bool
form_elsewhere(struct form *form, size_t n, const struct cache_key *key,
    uint32_t left)
{
	struct cache_hit other;

	for (size_t i = 0; i < form->saving->count; i++) {
		const uint32_t others =
		    i == n ? 0 : form_look(form, i, key, &other);

		if (others > left || (others == left && i < n))
			return true;
	}
	return false;
}

/* One entry of worker n's, if it is worth it. */
static void
form_consider(struct form *form, size_t n, const struct cache_key *key)
{
	struct cache_hit hit;
	uint16_t group;
	uint32_t left;

	if (key->failure || form->written >= form->saving->limit ||
	    !form_group(form, key->group, &group))
		return;
	left = form_look(form, n, key, &hit);
	if (left == 0 || form_elsewhere(form, n, key, left))
		return;
	/* That look has taken the place of this one. */
	form_look(form, n, key, &hit);
	form_entry(form, group, key, &hit);
}

/*
 * One entry of each worker in turn: what was used last comes last, and is what
 * stays where there is not enough room for all.
 */
static bool
form_entries(struct form *form)
{
	const struct cache_saving *saving = form->saving;
	struct cache_cursor *cursors = calloc(saving->count, sizeof(*cursors));
	bool more = cursors != NULL;

	while (more) {
		more = false;
		for (size_t i = 0; i < saving->count; i++) {
			struct cache_key key;

			if (!cache_walk(saving->caches[i], &cursors[i], &key))
				continue;
			form_consider(form, i, &key);
			more = true;
		}
	}
	free(cursors);
	return cursors != NULL;
}

static void
form_end(struct form *form)
{
	struct writer end = writer_over(form->block, sizeof(form->block));

	writer_u32(&end, 0);
	put_u64(&end, form->sum.k0);
	form_put(form, end.wire, end.at);
}

bool
cache_form_write(FILE *out, const struct cache_saving *saving, size_t *entries)
{
	struct form *form = calloc(1, sizeof(*form));
	bool written;

	if (form == NULL)
		return false;
	form->file = out;
	form->saving = saving;
	arena_init(&form->arena, form->scratch, sizeof(form->scratch));
	form_head(form);
	form_groups(form);
	written = form_entries(form);
	form_end(form);
	written = written && fflush(out) == 0 && ferror(out) == 0;
	*entries = form->entries;
	free(form);
	return written;
}

/* Reading. */

enum { GROUPS_MAX = 4096 };

struct source {
	FILE *file;
	struct hash_key sum; /* of the blocks so far */
	uint64_t date;	     /* when it was written */
	size_t len;	     /* of the block at hand */
	uint8_t block[BLOCK_MAX];
};

enum block { BLOCK_READ, BLOCK_END, BLOCK_BROKEN };

static uint64_t
get_u64(struct reader *reader)
{
	const uint64_t high = reader_u32(reader);

	return high << 32 | reader_u32(reader);
}

/* Reads what stands before the blocks; NULL, or what is wrong with it. */
static const char *
source_head(struct source *source)
{
	struct reader reader = reader_over(source->block, HEAD_SIZE);

	rewind(source->file);
	if (fread(source->block, 1, HEAD_SIZE, source->file) != HEAD_SIZE ||
	    memcmp(source->block, magic, MAGIC_SIZE) != 0)
		return "is no cache of resolverd's";
	sum_add(&source->sum, source->block, HEAD_SIZE);
	reader_bytes(&reader, MAGIC_SIZE);
	if (reader_u32(&reader) != VERSION)
		return "was written by another version";
	source->date = get_u64(&reader);
	return NULL;
}

static enum block
source_next(struct source *source)
{
	uint8_t octets[4];
	struct reader length = reader_over(octets, sizeof(octets));

	if (fread(octets, 1, sizeof(octets), source->file) != sizeof(octets))
		return BLOCK_BROKEN;
	source->len = reader_u32(&length);
	if (source->len == 0)
		return BLOCK_END;
	if (source->len > BLOCK_MAX ||
	    fread(source->block, 1, source->len, source->file) != source->len)
		return BLOCK_BROKEN;
	return BLOCK_READ;
}

/* Whether the file ends as it must behind the last block. */
static bool
source_is_whole(struct source *source)
{
	uint8_t octets[8];
	struct reader reader = reader_over(octets, sizeof(octets));

	return fread(octets, 1, sizeof(octets), source->file) ==
	    sizeof(octets) &&
	    get_u64(&reader) == source->sum.k0 && fgetc(source->file) == EOF &&
	    ferror(source->file) == 0;
}

static const char *
source_verify(struct source *source, uint64_t date)
{
	const char *fault = source_head(source);
	enum block block = BLOCK_READ;

	if (fault != NULL)
		return fault;
	if (source->date > date)
		return "was written in the future";
	while ((block = source_next(source)) == BLOCK_READ)
		sum_add(&source->sum, source->block, source->len);
	return block == BLOCK_END && source_is_whole(source) ? NULL
							     : "is damaged";
}

const char *
cache_form_verify(FILE *in, uint64_t date)
{
	struct source *source = calloc(1, sizeof(*source));
	const char *fault;

	if (source == NULL)
		return "cannot be read: out of memory";
	source->file = in;
	fault = source_verify(source, date);
	free(source);
	return fault;
}

struct loader {
	struct source source;
	struct cache *cache;
	const struct cache_loading *loading;
	uint32_t elapsed; /* seconds since it was written */
	size_t entries;
	size_t group_count;
	struct arena arena;
	const struct upstream_group *groups[GROUPS_MAX]; /* NULL: gone */
	uint8_t scratch[SCRATCH];
};

static void
load_group(struct loader *loader)
{
	const struct source *source = &loader->source;
	const char *label = (const char *)source->block + 1;
	const struct upstream_group *group = loader->loading->snapshot->groups;

	if (loader->group_count == GROUPS_MAX)
		return;
	while (group != NULL &&
	    (group->label == NULL || source->len == 1 ||
		strlen(group->label) != source->len - 1 ||
		memcmp(group->label, label, source->len - 1) != 0))
		group = group->next;
	loader->groups[loader->group_count++] = group;
}

/* How long an answer may stay that had `left` seconds when it was written. */
static uint32_t
load_ttl(const struct loader *loader, const struct upstream_group *group,
    const struct reply *reply, uint32_t left)
{
	const struct options *options = &loader->loading->snapshot->options;
	uint32_t ttl = left > loader->elapsed ? left - loader->elapsed : 0;

	if (ttl > group->max_ttl)
		ttl = group->max_ttl;
	if (!reply->answered && ttl > options->cache_max_negative_ttl)
		ttl = options->cache_max_negative_ttl;
	return ttl;
}

/* The same reply with the TTLs that are left of it; false: no room. */
static bool
load_age(struct loader *loader, struct reply *reply)
{
	struct reply_item *items = arena_copy(&loader->arena, reply->items,
	    reply->count * sizeof(*items));

	for (size_t i = 0; items != NULL && i < reply->count; i++) {
		struct rrset *rrset =
		    rrset_copy(&loader->arena, items[i].rrset);

		if (rrset == NULL)
			return false;
		rrset->ttl = rrset->ttl > loader->elapsed
		    ? rrset->ttl - loader->elapsed
		    : 0;
		items[i].rrset = rrset;
	}
	reply->items = items;
	return items != NULL;
}

/* Takes a message apart as if it had come from a server. */
static bool
load_message(struct loader *loader, struct reader *reader, bool dnssec_ok,
    struct question *question, struct reply *reply)
{
	const struct asking asking = {.dnssec_ok = dnssec_ok};
	const size_t len = reader_left(reader);
	const uint8_t *wire = reader_bytes(reader, len);
	struct reader message = reader_over(wire, len);

	reader_bytes(&message, HEADER_SIZE);
	return request_question(question, &message) &&
	    question->class == CLASS_IN &&
	    reply_parse(reply, wire, len, &asking, &loader->arena) ==
	    PARSE_OK &&
	    reply->count > 0 &&
	    (reply->rcode == RCODE_NOERROR || reply->rcode == RCODE_NXDOMAIN);
}

static void
load_entry(struct loader *loader)
{
	const struct source *source = &loader->source;
	struct reader reader = reader_over(source->block, source->len);
	const uint8_t kind = reader_u8(&reader);
	const uint16_t number = reader_u16(&reader);
	const uint8_t flags = reader_u8(&reader);
	const uint32_t left = reader_u32(&reader);
	const struct upstream_group *group =
	    number < loader->group_count ? loader->groups[number] : NULL;
	struct cache_key key = {
	    .dnssec_ok = (flags & FLAG_OF_DO) != 0,
	    .checking_disabled = (flags & FLAG_OF_CD) != 0,
	};
	struct question question;
	struct reply reply;

	(void)kind;
	arena_reset(&loader->arena);
	if (reader.bad || group == NULL || left <= loader->elapsed ||
	    !load_message(loader, &reader, key.dnssec_ok, &question, &reply) ||
	    !load_age(loader, &reply))
		return;
	name_fold(&question.name);
	key.name = question.name.wire;
	key.type = question.type;
	key.group = group->id;
	cache_put(loader->cache, &key, load_ttl(loader, group, &reply, left),
	    &reply, loader->loading->now);
	loader->entries++;
}

static void
load_blocks(struct loader *loader)
{
	struct source *source = &loader->source;
	const uint64_t date = loader->loading->date;

	if (source_head(source) != NULL || source->date > date ||
	    date - source->date > UINT32_MAX)
		return;
	loader->elapsed = (uint32_t)(date - source->date);
	while (source_next(source) == BLOCK_READ) {
		if (source->block[0] == 'G') {
			load_group(loader);
		} else if (source->block[0] == 'E') {
			load_entry(loader);
		}
	}
}

size_t
cache_form_load(FILE *in, struct cache *cache,
    const struct cache_loading *loading)
{
	struct loader *loader = calloc(1, sizeof(*loader));
	size_t entries;

	if (loader == NULL)
		return 0;
	loader->source.file = in;
	loader->cache = cache;
	loader->loading = loading;
	arena_init(&loader->arena, loader->scratch, sizeof(loader->scratch));
	load_blocks(loader);
	entries = loader->entries;
	free(loader);
	return entries;
}
