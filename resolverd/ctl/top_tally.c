#include "ctl/top_tally.h"

#include <stdio.h>
#include <string.h>

#include "base/json_writer.h"
#include "ctl/response.h"
#include "dns/rdata.h"

enum {
	NS_PER_US = 1000,
	NS_PER_MS = 1000000,
	KEY_TEXT = 1024, /* any key as text; a name's is the longest */
	MEDIAN = 50,
	NEARLY_ALL = 99,
};

_Static_assert((int)KEY_TEXT >= (int)NAME_TEXT, "a name fits");
_Static_assert((int)HEAVY_KEY >= (int)NAME_SIZE, "a name is a key");

/* Keys: what of an entry is counted, in octets, and as a person reads it. */

static size_t
name_key(const struct live_entry *entry, uint8_t key[HEAVY_KEY])
{
	struct name name;

	if (!entry->has_question)
		return 0;
	name = entry->name;
	name_fold(&name);
	memcpy(key, name.wire, name.len);
	return name.len;
}

static void
name_show(const struct heavy_item *item, char text[KEY_TEXT])
{
	name_to_text(item->key, text);
}

static size_t
client_key(const struct live_entry *entry, uint8_t key[HEAVY_KEY])
{
	char text[ADDR_TEXT];
	const size_t len = strlen(addr_format_host(&entry->client, text));

	memcpy(key, text, len);
	return len;
}

static void
client_show(const struct heavy_item *item, char text[KEY_TEXT])
{
	memcpy(text, item->key, item->len);
	text[item->len] = '\0';
}

static size_t
number_key(uint16_t number, uint8_t key[HEAVY_KEY])
{
	memcpy(key, &number, sizeof(number));
	return sizeof(number);
}

static uint16_t
number_of(const struct heavy_item *item)
{
	uint16_t number;

	memcpy(&number, item->key, sizeof(number));
	return number;
}

static size_t
type_key(const struct live_entry *entry, uint8_t key[HEAVY_KEY])
{
	return entry->has_question ? number_key(entry->type, key) : 0;
}

static void
type_show(const struct heavy_item *item, char text[KEY_TEXT])
{
	rdata_type_to_text(number_of(item), text);
}

static size_t
rcode_key(const struct live_entry *entry, uint8_t key[HEAVY_KEY])
{
	return number_key((uint16_t)entry->rcode, key);
}

static void
rcode_show(const struct heavy_item *item, char text[KEY_TEXT])
{
	char word[RESPONSE_RCODE_TEXT];

	snprintf(text, KEY_TEXT, "%s", response_rcode(number_of(item), word));
}

static const struct {
	const char *key; /* in JSON */
	size_t counters;
	size_t (*read)(const struct live_entry *entry, uint8_t key[HEAVY_KEY]);
	void (*show)(const struct heavy_item *item, char text[KEY_TEXT]);
} kinds[TOP_TALLY_KINDS] = {
    [TOP_TALLY_NAMES] = {"names", 2048, name_key, name_show},
    [TOP_TALLY_CLIENTS] = {"clients", 1024, client_key, client_show},
    [TOP_TALLY_TYPES] = {"types", 64, type_key, type_show},
    [TOP_TALLY_RCODES] = {"rcodes", 32, rcode_key, rcode_show},
};

bool
top_tally_init(struct top_tally *tally, const struct hash_key *key,
    uint64_t now)
{
	memset(tally, 0, sizeof(*tally));
	tally->since = now;
	tally->turned = now;
	for (size_t i = 0; i < TOP_TALLY_KINDS; i++) {
		if (!heavy_init(&tally->heavy[i], kinds[i].counters, key)) {
			top_tally_fini(tally);
			return false;
		}
	}
	return true;
}

void
top_tally_fini(struct top_tally *tally)
{
	for (size_t i = 0; i < TOP_TALLY_KINDS; i++)
		heavy_fini(&tally->heavy[i]);
}

/* Counting. */

static void
count_more(struct top_tally_count *what, uint64_t more)
{
	what->count += more;
	what->recent += more;
}

static bool
same_question(const struct live_entry *a, const struct live_entry *b)
{
	return a->has_question == b->has_question && a->type == b->type &&
	    (!a->has_question || name_equal(a->name.wire, b->name.wire));
}

/*
 * Where in the list the entry's question is already, or else the place of the
 * least slow: a name that is slow whenever it is asked for is told of once.
 */
static size_t
slow_place(const struct top_tally *tally, const struct live_entry *entry)
{
	size_t at = 0;

	while (at < tally->slow_count &&
	    !same_question(&tally->slowest[at], entry))
		at++;
	return at < TOP_TALLY_SLOWEST ? at : TOP_TALLY_SLOWEST - 1;
}

static void
count_slow(struct top_tally *tally, const struct live_entry *entry)
{
	struct live_entry *slowest = tally->slowest;
	size_t at;

	if (tally->slow_count == TOP_TALLY_SLOWEST &&
	    slowest[TOP_TALLY_SLOWEST - 1].latency >= entry->latency)
		return;
	at = slow_place(tally, entry);
	if (at == tally->slow_count) {
		tally->slow_count++;
	} else if (slowest[at].latency >= entry->latency) {
		return;
	}
	while (at > 0 && slowest[at - 1].latency < entry->latency) {
		slowest[at] = slowest[at - 1];
		at--;
	}
	slowest[at] = *entry;
}

void
top_tally_add(struct top_tally *tally, const struct live_entry *entry)
{
	uint8_t key[HEAVY_KEY];

	count_more(&tally->queries, 1);
	count_more(&tally->origins[entry->origin], 1);
	quantile_add(&tally->latency, entry->latency / NS_PER_US);
	for (size_t i = 0; i < TOP_TALLY_KINDS; i++) {
		const size_t len = kinds[i].read(entry, key);

		if (len > 0)
			heavy_add(&tally->heavy[i], key, len);
	}
	count_slow(tally, entry);
}

void
top_tally_drop(struct top_tally *tally, uint64_t count)
{
	count_more(&tally->dropped, count);
}

void
top_tally_turn(struct top_tally *tally, uint64_t now)
{
	tally->turned = now;
	tally->queries.recent = 0;
	tally->dropped.recent = 0;
	for (size_t i = 0; i < ORIGINS; i++)
		tally->origins[i].recent = 0;
	for (size_t i = 0; i < TOP_TALLY_KINDS; i++)
		heavy_turn(&tally->heavy[i]);
	memset(&tally->latency, 0, sizeof(tally->latency));
}

/* Telling. */

static void
write_row(struct json_writer *writer, const char *key,
    const struct top_tally_count *counted, uint64_t error)
{
	json_writer_object(writer, NULL);
	json_writer_text(writer, "key", key);
	json_writer_number(writer, "count", counted->count);
	json_writer_number(writer, "recent", counted->recent);
	if (error > 0)
		json_writer_number(writer, "error", error);
	json_writer_end(writer);
}

static void
write_heavy(struct heavy *heavy, size_t kind, struct json_writer *writer)
{
	const struct heavy_item *const *top = heavy_top(heavy);

	json_writer_array(writer, kinds[kind].key);
	for (size_t i = 0; i < heavy->used && i < TOP_TALLY_ROWS; i++) {
		const struct top_tally_count counted = {top[i]->count,
		    top[i]->recent};
		char key[KEY_TEXT];

		kinds[kind].show(top[i], key);
		write_row(writer, key, &counted, top[i]->error);
	}
	json_writer_end(writer);
}

static void
write_origins(const struct top_tally *tally, struct json_writer *writer)
{
	json_writer_array(writer, "sources");
	for (int i = 0; i < ORIGINS; i++) {
		if (tally->origins[i].count == 0)
			continue;
		write_row(writer, origin_text((enum origin)i),
		    &tally->origins[i], 0);
	}
	json_writer_end(writer);
}

static void
write_slowest(const struct top_tally *tally, struct json_writer *writer)
{
	json_writer_array(writer, "slowest");
	for (size_t i = 0; i < tally->slow_count; i++) {
		json_writer_object(writer, NULL);
		live_entry_write(&tally->slowest[i], writer);
		json_writer_end(writer);
	}
	json_writer_end(writer);
}

void
top_tally_write(struct top_tally *tally, uint64_t now,
    struct json_writer *writer)
{
	char time[LIVE_ENTRY_TIME];

	json_writer_text(writer, "time", live_entry_time(now, time));
	json_writer_text(writer, "since", live_entry_time(tally->since, time));
	json_writer_number(writer, "interval_ms",
	    (now - tally->turned) / NS_PER_MS);
	json_writer_number(writer, "queries", tally->queries.count);
	json_writer_number(writer, "recent", tally->queries.recent);
	json_writer_number(writer, "dropped", tally->dropped.count);
	json_writer_number(writer, "dropped_recent", tally->dropped.recent);
	json_writer_number(writer, "p50_us",
	    quantile_read(&tally->latency, MEDIAN));
	json_writer_number(writer, "p99_us",
	    quantile_read(&tally->latency, NEARLY_ALL));
	write_origins(tally, writer);
	for (size_t i = 0; i < TOP_TALLY_KINDS; i++)
		write_heavy(&tally->heavy[i], i, writer);
	write_slowest(tally, writer);
}
