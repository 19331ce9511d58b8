#include "core/counters.h"

const struct counter_row counter_rows[] = {
/* NOLINTNEXTLINE(bugprone-macro-parentheses): a field name takes none */
#define COUNTER_ROW(field, text) \
	{.name = #field,         \
	    .help = (text),      \
	    .offset = offsetof(struct counters, field)},
    COUNTERS(COUNTER_ROW)
#undef COUNTER_ROW
};

const size_t counter_row_count = sizeof(counter_rows) / sizeof(counter_rows[0]);

uint64_t
counter_read(const struct counters *counters, const struct counter_row *row)
{
	const atomic_uint_fast64_t *counter =
	    (const atomic_uint_fast64_t *)(const void *)((const char *)
							     counters +
		row->offset);

	return atomic_load_explicit(counter, memory_order_relaxed);
}
