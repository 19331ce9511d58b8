#include "base/arena.h"

#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { ALIGN = alignof(max_align_t) };

static alignas(max_align_t) uint8_t memory[64];

static void
allocations_are_aligned_for_any_object(void **state)
{
	struct arena arena;
	const uint8_t *first;
	const uint8_t *second;

	(void)state;
	arena_init(&arena, memory, sizeof(memory));

	first = arena_alloc(&arena, 1);
	second = arena_alloc(&arena, 1);

	assert_ptr_equal(first, memory);
	assert_ptr_equal(second, memory + ALIGN);
}

static void
memory_that_starts_askew_is_aligned(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena, memory + 1, sizeof(memory) - 1);

	assert_ptr_equal(arena_alloc(&arena, 1), memory + ALIGN);
}

static void
fixed_arena_gives_its_last_octet_and_no_more(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena, memory, sizeof(memory));

	assert_non_null(arena_alloc(&arena, sizeof(memory)));
	assert_false(arena.full);
	assert_null(arena_alloc(&arena, 1));
	assert_true(arena.full);
}

static void
padding_counts_against_what_is_left(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena, memory, ALIGN + 1);

	assert_non_null(arena_alloc(&arena, 1));
	assert_null(arena_alloc(&arena, 2));
}

static void
end_inside_the_padding_is_full(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena, memory, 2);

	assert_non_null(arena_alloc(&arena, 1));
	assert_null(arena_alloc(&arena, 1));
	assert_true(arena.full);
}

static void
full_is_sticky_for_what_would_fit(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena, memory, sizeof(memory));

	assert_null(arena_alloc(&arena, sizeof(memory) + 1));
	assert_null(arena_alloc(&arena, 1));
	assert_null(arena_copy(&arena, "a", 1));
	assert_null(arena_strdup(&arena, ""));
	assert_null(arena_printf(&arena, "%d", 1));
}

static void
largest_size_is_full_and_does_not_wrap(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena, memory, sizeof(memory));
	arena_alloc(&arena, 1);

	assert_null(arena_alloc(&arena, SIZE_MAX));
	assert_true(arena.full);
}

static void
reset_starts_over(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena, memory, sizeof(memory));
	arena_alloc(&arena, 1);
	arena_alloc(&arena, sizeof(memory));

	arena_reset(&arena);

	assert_false(arena.full);
	assert_ptr_equal(arena_alloc(&arena, sizeof(memory)), memory);
}

static void
nothing_is_a_valid_pointer(void **state)
{
	struct arena fixed;
	struct arena growing;

	(void)state;
	arena_init(&fixed, memory, sizeof(memory));
	arena_init_heap(&growing, 16);

	assert_non_null(arena_alloc(&fixed, 0));
	assert_non_null(arena_alloc(&growing, 0));
	assert_non_null(arena_copy(&growing, NULL, 0));
	arena_fini(&growing);
}

static void
calloc_clears(void **state)
{
	static const uint8_t zeros[sizeof(memory)];
	struct arena arena;
	const void *cleared;

	(void)state;
	memset(memory, 0xff, sizeof(memory));
	arena_init(&arena, memory, sizeof(memory));

	cleared = arena_calloc(&arena, sizeof(memory) / 4, 4);

	assert_memory_equal(cleared, zeros, sizeof(zeros));
}

static void
calloc_that_overflows_is_full(void **state)
{
	struct arena arena;

	(void)state;
	arena_init_heap(&arena, 16);

	assert_null(arena_calloc(&arena, SIZE_MAX / 2 + 2, 2));
	assert_true(arena.full);
	arena_fini(&arena);
}

static void
copies_are_equal_and_apart(void **state)
{
	static const uint8_t from[] = {1, 0, 2};
	struct arena arena;
	const void *copy;
	const char *text;

	(void)state;
	arena_init(&arena, memory, sizeof(memory));

	copy = arena_copy(&arena, from, sizeof(from));
	text = arena_strdup(&arena, "run.app");

	assert_ptr_equal(copy, memory);
	assert_memory_equal(copy, from, sizeof(from));
	assert_string_equal(text, "run.app");
}

static void
printf_takes_what_it_writes(void **state)
{
	struct arena arena;
	const char *text;

	(void)state;
	arena_init(&arena, memory, sizeof(memory));

	text = arena_printf(&arena, "%s:%d", "conf", 41);

	assert_string_equal(text, "conf:41");
	assert_ptr_equal(arena.at, text + sizeof("conf:41"));
}

static void
growing_arena_takes_a_block_at_a_time(void **state)
{
	struct arena arena;
	uint8_t *first;
	uint8_t *second;
	size_t taken;

	(void)state;
	arena_init_heap(&arena, 64);
	first = arena_alloc(&arena, 32);
	taken = arena.taken;

	second = arena_alloc(&arena, 32);
	assert_ptr_equal(second, first + 32);
	assert_int_equal(arena.taken, taken);

	assert_non_null(arena_alloc(&arena, 1));
	assert_int_equal(arena.taken, 2 * taken);
	arena_fini(&arena);
}

static void
growing_arena_keeps_what_earlier_blocks_hold(void **state)
{
	struct arena arena;
	const char *first;

	(void)state;
	arena_init_heap(&arena, 16);
	first = arena_strdup(&arena, "first");

	arena_alloc(&arena, 16);
	arena_alloc(&arena, 16);

	assert_string_equal(first, "first");
	arena_fini(&arena);
}

static void
growing_arena_holds_more_than_a_block(void **state)
{
	struct arena arena;
	uint8_t *large;

	(void)state;
	arena_init_heap(&arena, 16);

	large = arena_alloc(&arena, 100000);

	assert_non_null(large);
	assert_int_equal((uintptr_t)large % ALIGN, 0);
	memset(large, 0xff, 100000);
	arena_fini(&arena);
}

static void
growing_arena_is_full_without_memory(void **state)
{
	struct arena arena;

	(void)state;
	arena_init_heap(&arena, 16);

	assert_null(arena_alloc(&arena, SIZE_MAX));
	assert_true(arena.full);
	arena_fini(&arena);
}

static void
fini_gives_back_and_allows_a_new_start(void **state)
{
	struct arena arena;

	(void)state;
	arena_init_heap(&arena, 16);
	arena_alloc(&arena, 100);

	arena_fini(&arena);

	assert_int_equal(arena.taken, 0);
	assert_non_null(arena_alloc(&arena, 100));
	arena_fini(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(allocations_are_aligned_for_any_object),
	    cmocka_unit_test(memory_that_starts_askew_is_aligned),
	    cmocka_unit_test(fixed_arena_gives_its_last_octet_and_no_more),
	    cmocka_unit_test(padding_counts_against_what_is_left),
	    cmocka_unit_test(end_inside_the_padding_is_full),
	    cmocka_unit_test(full_is_sticky_for_what_would_fit),
	    cmocka_unit_test(largest_size_is_full_and_does_not_wrap),
	    cmocka_unit_test(reset_starts_over),
	    cmocka_unit_test(nothing_is_a_valid_pointer),
	    cmocka_unit_test(calloc_clears),
	    cmocka_unit_test(calloc_that_overflows_is_full),
	    cmocka_unit_test(copies_are_equal_and_apart),
	    cmocka_unit_test(printf_takes_what_it_writes),
	    cmocka_unit_test(growing_arena_takes_a_block_at_a_time),
	    cmocka_unit_test(growing_arena_keeps_what_earlier_blocks_hold),
	    cmocka_unit_test(growing_arena_holds_more_than_a_block),
	    cmocka_unit_test(growing_arena_is_full_without_memory),
	    cmocka_unit_test(fini_gives_back_and_allows_a_new_start),
	};

	return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
