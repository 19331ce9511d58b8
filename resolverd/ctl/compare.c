#include "ctl/compare.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "dns/message.h"

static const char none[] = "none";

/* One comparing. */
struct comparing {
	const struct response *left;
	const struct response *right;
	const struct compare_pair *before;
	struct arena *arena;
	struct comparison *out;
};

const char *
compare_kind_text(enum compare_kind kind)
{
	static const char *const texts[COMPARE_KINDS] = {
	    [COMPARE_RCODE] = "rcode",
	    [COMPARE_FLAGS] = "flags",
	    [COMPARE_RECORDS] = "records",
	    [COMPARE_CHAIN] = "chain",
	    [COMPARE_TTL] = "ttl",
	    [COMPARE_AUTHORITY] = "authority",
	    [COMPARE_EDNS] = "edns",
	    [COMPARE_TRUNCATION] = "truncation",
	};

	return texts[kind];
}

/* Notes a difference; what is NULL when memory is short. */
static void
note(const struct comparing *comparing,
    const struct compare_difference *difference)
{
	if (comparing->out->count < COMPARE_DIFFERENCES &&
	    !comparing->arena->full)
		comparing->out->items[comparing->out->count++] = *difference;
}

/* Notes one when the texts are not the same. */
static void
compare_texts(const struct comparing *comparing, enum compare_kind kind,
    const char *left, const char *right)
{
	if (left == NULL || right == NULL || strcmp(left, right) == 0)
		return;
	note(comparing,
	    &(struct compare_difference){
		.kind = kind,
		.what = "",
		.left = left,
		.right = right,
	    });
}

/* The message as a whole. */

static const char *
rcode_text(const struct response *response, struct arena *arena)
{
	char text[RESPONSE_RCODE_TEXT];

	return arena_strdup(arena, response_rcode(response->rcode, text));
}

static const char *
flags_text(const struct response *response, struct arena *arena)
{
	const char *const text = arena_printf(arena, "%s%s%s",
	    (response->flags & FLAG_AA) != 0 ? " aa" : "",
	    (response->flags & FLAG_RA) != 0 ? " ra" : "",
	    (response->flags & FLAG_AD) != 0 ? " ad" : "");

	if (text == NULL)
		return NULL;
	return text[0] == '\0' ? none : text + 1;
}

static const char *
edns_text(const struct response *response, struct arena *arena)
{
	if (!response->edns)
		return none;
	return arena_printf(arena, "%u octets", response->udp_size);
}

/* The stub came back over TCP when the answer was truncated. */
static const char *
transport_text(const struct stub_reply *reply)
{
	return reply->transport == TRANSPORT_UDP ? "whole over UDP"
						 : "truncated over UDP";
}

static void
compare_messages(const struct comparing *comparing,
    const struct compare_pair *pair)
{
	struct arena *const arena = comparing->arena;

	compare_texts(comparing, COMPARE_RCODE,
	    rcode_text(comparing->left, arena),
	    rcode_text(comparing->right, arena));
	compare_texts(comparing, COMPARE_FLAGS,
	    flags_text(comparing->left, arena),
	    flags_text(comparing->right, arena));
	compare_texts(comparing, COMPARE_EDNS,
	    edns_text(comparing->left, arena),
	    edns_text(comparing->right, arena));
	compare_texts(comparing, COMPARE_TRUNCATION,
	    transport_text(&pair->left), transport_text(&pair->right));
}

/* Sets of records. */

static bool
same_set(const struct response_record *a, const struct response_record *b)
{
	return a->section == b->section && strcmp(a->type, b->type) == 0 &&
	    strcasecmp(a->owner, b->owner) == 0;
}

/* The first record of the set that a record is of, or NULL. */
static const struct response_record *
set_in(const struct response *response, const struct response_record *record)
{
	for (size_t i = 0; i < response->count; i++) {
		if (same_set(&response->records[i], record))
			return &response->records[i];
	}
	return NULL;
}

static bool
begins_set(const struct response *response,
    const struct response_record *record)
{
	return set_in(response, record) == record;
}

static bool
has_record(const struct response *response,
    const struct response_record *record)
{
	for (size_t i = 0; i < response->count; i++) {
		const struct response_record *const other =
		    &response->records[i];

		if (same_set(other, record) &&
		    strcmp(other->data, record->data) == 0)
			return true;
	}
	return false;
}

/* Whether each record of the set in a is in b too. */
static bool
set_within(const struct response *a, const struct response *b,
    const struct response_record *set)
{
	for (size_t i = 0; i < a->count; i++) {
		if (same_set(&a->records[i], set) &&
		    !has_record(b, &a->records[i]))
			return false;
	}
	return true;
}

/* "10.0.0.1, 10.0.0.2" */
static const char *
set_text(const struct comparing *comparing, const struct response *response,
    const struct response_record *set)
{
	const char *text = NULL;

	for (size_t i = 0; i < response->count; i++) {
		const struct response_record *const record =
		    &response->records[i];

		if (!same_set(record, set))
			continue;
		text = text == NULL ? record->data
				    : arena_printf(comparing->arena, "%s, %s",
					  text, record->data);
		if (text == NULL)
			return none;
	}
	return text == NULL ? none : text;
}

static const char *
set_name(const struct comparing *comparing, const struct response_record *set)
{
	const char *const name =
	    arena_printf(comparing->arena, "%s of %s", set->type, set->owner);

	return name == NULL ? "" : name;
}

static void
note_set(const struct comparing *comparing, const struct response_record *set)
{
	note(comparing,
	    &(struct compare_difference){
		.kind = set->section == SECTION_ANSWER ? COMPARE_RECORDS
						       : COMPARE_AUTHORITY,
		.what = set_name(comparing, set),
		.left = set_text(comparing, comparing->left, set),
		.right = set_text(comparing, comparing->right, set),
	    });
}

/* Times. */

/* Whether a set's time is another than it was before: a cache counts. */
static bool
counts_down(const struct response *before, const struct response_record *set)
{
	const struct response_record *const old = set_in(before, set);

	return old != NULL && old->ttl != set->ttl;
}

/* Whether one time is the other's, counted down; both may be counted. */
static bool
is_explained(const struct comparing *comparing,
    const struct response_record *left, const struct response_record *right)
{
	const struct compare_pair *const before = comparing->before;
	bool left_counts;
	bool right_counts;

	if (before == NULL)
		return false;
	left_counts = counts_down(&before->left.response, left);
	right_counts = counts_down(&before->right.response, right);
	return left->ttl < right->ttl ? left_counts : right_counts;
}

static void
compare_times(const struct comparing *comparing,
    const struct response_record *left, const struct response_record *right)
{
	if (left->ttl == right->ttl || is_explained(comparing, left, right))
		return;
	note(comparing,
	    &(struct compare_difference){
		.kind = COMPARE_TTL,
		.what = set_name(comparing, left),
		.left = arena_printf(comparing->arena, "%" PRIu32, left->ttl),
		.right = arena_printf(comparing->arena, "%" PRIu32, right->ttl),
	    });
}

/* Sections. */

static void
compare_set(const struct comparing *comparing,
    const struct response_record *left)
{
	const struct response_record *const right =
	    set_in(comparing->right, left);

	if (right == NULL ||
	    !set_within(comparing->left, comparing->right, left) ||
	    !set_within(comparing->right, comparing->left, left)) {
		note_set(comparing, left);
	} else {
		compare_times(comparing, left, right);
	}
}

typedef bool (*is_compared_fn)(const struct response_record *record);

static bool
is_answer(const struct response_record *record)
{
	return record->section == SECTION_ANSWER;
}

static bool
is_soa(const struct response_record *record)
{
	return record->section == SECTION_AUTHORITY &&
	    strcmp(record->type, "SOA") == 0;
}

static void
compare_sets(const struct comparing *comparing, is_compared_fn is_compared)
{
	const struct response *const left = comparing->left;
	const struct response *const right = comparing->right;

	for (size_t i = 0; i < left->count; i++) {
		const struct response_record *const record = &left->records[i];

		if (is_compared(record) && begins_set(left, record))
			compare_set(comparing, record);
	}
	for (size_t i = 0; i < right->count; i++) {
		const struct response_record *const record = &right->records[i];

		if (is_compared(record) && begins_set(right, record) &&
		    set_in(left, record) == NULL)
			note_set(comparing, record);
	}
}

/* "CNAME of www.example., A of example." */
static const char *
order_text(const struct comparing *comparing, const struct response *response)
{
	const char *text = "";

	for (size_t i = 0; i < response->count && text != NULL; i++) {
		const struct response_record *const record =
		    &response->records[i];

		if (!is_answer(record) || !begins_set(response, record))
			continue;
		text = arena_printf(comparing->arena, "%s%s%s of %s", text,
		    text[0] == '\0' ? "" : ", ", record->type, record->owner);
	}
	return text;
}

/* Clients that follow aliases go through the answer once, from its start. */
static void
compare_order(const struct comparing *comparing)
{
	const char *const left = order_text(comparing, comparing->left);
	const char *const right = order_text(comparing, comparing->right);

	if (left != NULL && right != NULL && strcasecmp(left, right) != 0)
		compare_texts(comparing, COMPARE_CHAIN, left, right);
}

static size_t
count_of(const struct comparison *comparison, enum compare_kind kind)
{
	size_t count = 0;

	for (size_t i = 0; i < comparison->count; i++)
		count += comparison->items[i].kind == kind;
	return count;
}

/* Whether there is no record of what was asked for. */
static bool
is_negative(const struct response *response)
{
	for (size_t i = 0; i < response->count; i++) {
		if (is_answer(&response->records[i]) &&
		    strcmp(response->records[i].type, response->type) == 0)
			return false;
	}
	return true;
}

void
compare_replies(const struct compare_pair *pair,
    const struct compare_pair *before, struct arena *arena,
    struct comparison *out)
{
	const struct comparing comparing = {
	    .left = &pair->left.response,
	    .right = &pair->right.response,
	    .before = before,
	    .arena = arena,
	    .out = out,
	};

	out->count = 0;
	compare_messages(&comparing, pair);
	compare_sets(&comparing, is_answer);
	if (count_of(out, COMPARE_RECORDS) == 0)
		compare_order(&comparing);
	if (is_negative(comparing.left) && is_negative(comparing.right))
		compare_sets(&comparing, is_soa);
}
