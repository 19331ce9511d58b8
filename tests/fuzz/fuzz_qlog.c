/*
 * A reply as the query log takes it apart, whatever its octets: each format
 * must make one line of it, and Cloud Logging's valid JSON.  The first octets
 * choose texts of the record, which may be anything too.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/utf8.h"
#include "config/json.h"
#include "ctl/query_log_entry.h"
#include "model/model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { CHOSEN = 32, SIDES = 2 };

static struct query_log_labels labels;
static struct query_answer answer;
static struct qlog_record record;
static char text[QUERY_LOG_LINE];

static void
must(bool holds)
{
	if (!holds)
		abort();
}

static void
must_be_one_line(const struct line *line)
{
	const uint8_t *at = (const uint8_t *)line->text;
	const uint8_t *end = at + line->len;

	must(!line->full);
	while (at < end) {
		const size_t len = utf8_size(at, (size_t)(end - at));

		must(len > 0 && *at >= ' ' && *at != 0x7f);
		must(len != 2 || utf8_point(at, len) >= 0xa0);
		at += len;
	}
}

static void
must_be_json(const struct line *line)
{
	const struct yaml_text json = {
	    .text = line->text,
	    .len = line->len,
	    .path = "entry",
	};
	struct arena arena;
	struct diag diag;

	arena_init_heap(&arena, sizeof(text));
	diag_init(&diag);
	must(json_load(&json, NULL, &arena, &diag) != NULL);
	diag_fini(&diag);
	arena_fini(&arena);
}

static void
check_cloud(const struct query_log_entry *entry)
{
	for (unsigned side = 0; side < SIDES; side++) {
		struct line line = line_in(text, sizeof(text));

		query_log_entry_cloud(&line, entry, side);
		must_be_one_line(&line);
		must_be_json(&line);
	}
}

static void
check_text(const struct query_log_entry *entry)
{
	struct line line = line_in(text, sizeof(text));

	query_log_entry_text(&line, entry);
	must_be_one_line(&line);
	for (size_t i = 0; i < line.len; i++)
		must((uint8_t)line.text[i] < 0x7f);
}

static void
copy(char *to, size_t cap, const uint8_t *from)
{
	memset(to, 0, cap);
	memcpy(to, from, cap - 1 < CHOSEN ? cap - 1 : CHOSEN);
}

/* A record that data chooses. */
static void
fill(const uint8_t data[CHOSEN])
{
	record = (struct qlog_record){
	    .at = (uint64_t)data[0] << 56 | data[1],
	    .latency = data[2],
	    .transport = (data[3] & 1) != 0 ? TRANSPORT_TCP : TRANSPORT_UDP,
	    .origin = (enum origin)(data[4] % ORIGINS),
	    .target = (enum target_type)(data[5] % (TARGET_NONE + 1)),
	    .rcode = data[6],
	    .inbound = (data[7] & 1) != 0,
	    .own = (data[7] & 2) != 0,
	    .dns64 = (data[7] & 4) != 0,
	    .producer_count = 1,
	};
	addr_parse("2001:db8::1", 53, &record.client);
	record.server = record.client;
	copy(record.why, sizeof(record.why), data);
	copy(record.target_name, sizeof(record.target_name), data);
	copy(record.network, sizeof(record.network), data);
	copy(record.producers[0].target_name,
	    sizeof(record.producers[0].target_name), data);
}

static void
make_labels(void)
{
	struct model model;

	if (labels.networks != NULL)
		return;
	model_init(&model);
	must(query_log_labels_make(&labels, &model));
	model_fini(&model);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct query_log_entry entry = {
	    .record = &record,
	    .answer = &answer,
	    .labels = &labels,
	    .id = size,
	};

	if (size < CHOSEN)
		return 0;
	make_labels();
	fill(data);
	query_answer_read(&answer, data + CHOSEN, size - CHOSEN,
	    QUERY_ANSWER_OUTLINE);
	check_text(&entry);
	query_answer_read(&answer, data + CHOSEN, size - CHOSEN,
	    QUERY_ANSWER_WHOLE);
	check_cloud(&entry);
	return 0;
}
