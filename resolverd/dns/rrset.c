#include "dns/rrset.h"

#include <string.h>

#include "dns/message.h"

struct rrset *
rrset_pack(struct arena *arena, uint16_t type, uint32_t ttl,
    const struct rdata *rdata, size_t count)
{
	size_t size = 0;
	struct rrset *set;
	uint8_t *at;

	for (size_t i = 0; i < count; i++)
		size += sizeof(rdata[i].len) + rdata[i].len;
	set = arena_alloc(arena, sizeof(*set) + size);
	if (set == NULL)
		return NULL;
	set->type = type;
	set->count = (uint16_t)count;
	set->ttl = ttl;
	set->size = (uint32_t)size;
	at = set->data;
	for (size_t i = 0; i < count; i++) {
		memcpy(at, &rdata[i].len, sizeof(rdata[i].len));
		at += sizeof(rdata[i].len);
		if (rdata[i].len > 0)
			memcpy(at, rdata[i].bytes, rdata[i].len);
		at += rdata[i].len;
	}
	return set;
}

static int
compare(const struct rdata *a, const struct rdata *b)
{
	const size_t len = a->len < b->len ? a->len : b->len;
	const int order = len == 0 ? 0 : memcmp(a->bytes, b->bytes, len);

	return order != 0 ? order : a->len - b->len;
}

static void
swap(struct rdata *a, struct rdata *b)
{
	const struct rdata held = *a;

	*a = *b;
	*b = held;
}

/* Lets the record at root sink until none below it is greater. */
static void
sift(struct rdata *heap, size_t root, size_t count)
{
	for (;;) {
		size_t child = 2 * root + 1;

		if (child >= count)
			return;
		if (child + 1 < count &&
		    compare(&heap[child], &heap[child + 1]) < 0)
			child++;
		if (compare(&heap[root], &heap[child]) >= 0)
			return;
		swap(&heap[root], &heap[child]);
		root = child;
	}
}

/* Heapsort: no input makes it slow, and it needs no memory. */
static void
sort(struct rdata *rdata, size_t count)
{
	for (size_t i = count / 2; i > 0; i--)
		sift(rdata, i - 1, count);
	for (size_t i = count; i > 1; i--) {
		swap(&rdata[0], &rdata[i - 1]);
		sift(rdata, 0, i - 1);
	}
}

size_t
rrset_distinct(struct rdata *rdata, size_t count)
{
	size_t kept = 0;

	sort(rdata, count);
	for (size_t i = 0; i < count; i++) {
		if (kept == 0 || compare(&rdata[kept - 1], &rdata[i]) != 0)
			rdata[kept++] = rdata[i];
	}
	return kept;
}

struct rrset *
rrset_copy(struct arena *arena, const struct rrset *set)
{
	return arena_copy(arena, set, sizeof(*set) + set->size);
}

const uint8_t *
rrset_next(const struct rrset *set, const uint8_t *at, uint16_t *len)
{
	const uint8_t *next = set->data;

	if (at != NULL) {
		memcpy(len, at - sizeof(*len), sizeof(*len));
		next = at + *len;
	}
	if (next == set->data + set->size)
		return NULL;
	memcpy(len, next, sizeof(*len));
	return next + sizeof(*len);
}

const uint8_t *
rrset_first(const struct rrset *set, uint16_t *len)
{
	return rrset_next(set, NULL, len);
}

enum { STEPS_MAX = 7 };

/* By type: RFC 1035 section 3.3, RFC 3597 section 4, RFC 4034 section 3.1. */
static const enum rdata_step layouts[][STEPS_MAX] = {
    [TYPE_NS] = {RDATA_NAME, RDATA_END},
    [TYPE_MD] = {RDATA_NAME, RDATA_END},
    [TYPE_MF] = {RDATA_NAME, RDATA_END},
    [TYPE_CNAME] = {RDATA_NAME, RDATA_END},
    [TYPE_SOA] = {RDATA_NAME, RDATA_NAME, RDATA_FIXED_20, RDATA_END},
    [TYPE_MB] = {RDATA_NAME, RDATA_END},
    [TYPE_MG] = {RDATA_NAME, RDATA_END},
    [TYPE_MR] = {RDATA_NAME, RDATA_END},
    [TYPE_PTR] = {RDATA_NAME, RDATA_END},
    [TYPE_MINFO] = {RDATA_NAME, RDATA_NAME, RDATA_END},
    [TYPE_MX] = {RDATA_FIXED_2, RDATA_NAME, RDATA_END},
    [TYPE_RP] = {RDATA_NAME_WHOLE, RDATA_NAME_WHOLE, RDATA_END},
    [TYPE_AFSDB] = {RDATA_FIXED_2, RDATA_NAME_WHOLE, RDATA_END},
    [TYPE_RT] = {RDATA_FIXED_2, RDATA_NAME_WHOLE, RDATA_END},
    [TYPE_SIG] = {RDATA_FIXED_18, RDATA_NAME_WHOLE, RDATA_REST},
    [TYPE_PX] = {RDATA_FIXED_2, RDATA_NAME_WHOLE, RDATA_NAME_WHOLE, RDATA_END},
    [TYPE_NXT] = {RDATA_NAME_WHOLE, RDATA_REST},
    [TYPE_SRV] = {RDATA_FIXED_6, RDATA_NAME_WHOLE, RDATA_END},
    [TYPE_NAPTR] = {RDATA_FIXED_2, RDATA_FIXED_2, RDATA_STRING, RDATA_STRING,
	RDATA_STRING, RDATA_NAME_WHOLE, RDATA_END},
    [TYPE_KX] = {RDATA_FIXED_2, RDATA_NAME_WHOLE, RDATA_END},
    [TYPE_DNAME] = {RDATA_NAME_WHOLE, RDATA_END},
    [TYPE_RRSIG] = {RDATA_FIXED_18, RDATA_NAME_WHOLE, RDATA_REST},
};

const enum rdata_step *
rdata_steps(uint16_t type)
{
	static const enum rdata_step opaque[] = {RDATA_REST};

	if (type >= sizeof(layouts) / sizeof(layouts[0]) ||
	    layouts[type][0] == RDATA_END)
		return opaque;
	return layouts[type];
}

size_t
rdata_step_size(enum rdata_step step)
{
	static const size_t sizes[] = {
	    [RDATA_FIXED_2] = 2,
	    [RDATA_FIXED_6] = 6,
	    [RDATA_FIXED_18] = 18,
	    [RDATA_FIXED_20] = 20,
	    [RDATA_STRING] = 0,
	};

	return sizes[step];
}

size_t
rdata_exact_size(uint16_t type)
{
	if (type == TYPE_A)
		return 4;
	return type == TYPE_AAAA ? 16 : 0;
}
