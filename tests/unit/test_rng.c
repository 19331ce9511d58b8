#include "base/rng.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum {
	SEED = sizeof(uint64_t), /* what rng_init takes for rng_cheap */
	BATCH = (RNG_POOL - SEED) / sizeof(uint32_t), /* words behind it */
};

static unsigned fills;

/* Every octet of the n-th batch is n. */
static void
fill_with_count(void *buf, size_t len)
{
	fills++;
	memset(buf, (int)fills, len);
}

/* What fill_with_words hands out behind the seed. */
static uint32_t words[BATCH];

static void
fill_with_words(void *buf, size_t len)
{
	memset(buf, 0, len);
	memcpy((uint8_t *)buf + SEED, words, len - SEED);
}

/* Draws n words and returns the last. */
static uint32_t
draw(struct rng *rng, size_t n)
{
	uint32_t word = 0;

	for (size_t i = 0; i < n; i++)
		word = rng_u32(rng);
	return word;
}

/* How many of n cheap numbers are odd. */
static unsigned
odd_cheap_numbers(struct rng *rng, unsigned n)
{
	unsigned odd = 0;

	for (unsigned i = 0; i < n; i++)
		odd += rng_cheap(rng) & 1;
	return odd;
}

static int
setup(void **state)
{
	(void)state;
	fills = 0;
	memset(words, 0, sizeof(words));
	return 0;
}

static void
numbers_are_the_octets_of_the_source(void **state)
{
	struct rng rng;

	(void)state;
	words[0] = UINT32_C(0xdeadbeef);
	words[1] = UINT32_C(0x35353535);
	rng_init(&rng, fill_with_words);

	assert_int_equal(rng_u32(&rng), UINT32_C(0xdeadbeef));
	assert_int_equal(rng_u16(&rng), 0x3535);
}

static void
source_is_asked_once_a_batch(void **state)
{
	struct rng rng;

	(void)state;
	rng_init(&rng, fill_with_count);

	assert_int_equal(draw(&rng, BATCH), UINT32_C(0x01010101));
	assert_int_equal(fills, 1);

	assert_int_equal(rng_u32(&rng), UINT32_C(0x02020202));
	assert_int_equal(fills, 2);
}

static void
number_never_straddles_two_batches(void **state)
{
	struct rng rng;

	(void)state;
	rng_init(&rng, fill_with_count);
	rng_u16(&rng);
	draw(&rng, BATCH - 1);

	assert_int_equal(rng_u32(&rng), UINT32_C(0x02020202));
}

static void
what_was_handed_out_is_wiped(void **state)
{
	static const uint8_t zeros[SEED + 6];
	struct rng rng;

	(void)state;
	rng_init(&rng, fill_with_count);

	rng_u32(&rng);
	rng_u16(&rng);

	assert_memory_equal(rng.pool, zeros, sizeof(zeros));
	assert_int_equal(rng.pool[sizeof(zeros)], 1);
}

static void
below_one_is_always_zero(void **state)
{
	struct rng rng;

	(void)state;
	rng_init(&rng, fill_with_count);

	assert_int_equal(rng_below(&rng, 1), 0);
}

static void
below_reaches_both_ends(void **state)
{
	struct rng rng;

	(void)state;
	words[0] = UINT32_MAX - 1;
	words[1] = UINT32_MAX;
	rng_init(&rng, fill_with_words);

	/* 2^32 - 1 is a multiple of 3 and of 5. */
	assert_int_equal(rng_below(&rng, 3), 2);
	assert_int_equal(rng_below(&rng, 5), 0);
}

/* 2^32 mod 3 * 2^30 is 2^30: below that, a value would count twice. */
static void
below_draws_again_where_it_would_be_uneven(void **state)
{
	const uint32_t n = UINT32_C(3) << 30;
	struct rng rng;

	(void)state;
	words[0] = 0;
	words[1] = (UINT32_C(1) << 30) - 1;
	words[2] = UINT32_C(1) << 30;
	words[3] = UINT32_C(0x77777777);
	rng_init(&rng, fill_with_words);

	assert_int_equal(rng_below(&rng, n), UINT32_C(1) << 30);
	assert_int_equal(rng_u32(&rng), UINT32_C(0x77777777));
}

static void
cheap_numbers_leave_the_pool_alone(void **state)
{
	struct rng rng;
	size_t left;

	(void)state;
	rng_init(&rng, fill_with_count);
	left = rng.left;

	rng_cheap(&rng);

	assert_int_equal(rng.left, left);
}

static void
cheap_numbers_follow_from_the_seed(void **state)
{
	struct rng a;
	struct rng b;
	struct rng other;
	uint32_t first;

	(void)state;
	rng_init(&a, fill_with_words);
	rng_init(&b, fill_with_words);
	rng_init(&other, fill_with_count);

	first = rng_cheap(&a);

	assert_int_equal(rng_cheap(&b), first);
	assert_int_not_equal(rng_cheap(&other), first);
}

/* A seed of zeros would stop a bare xorshift for good. */
static void
cheap_numbers_move_from_a_seed_of_zeros(void **state)
{
	struct rng rng;

	(void)state;
	rng_init(&rng, fill_with_words);

	assert_in_range(odd_cheap_numbers(&rng, 1000), 400, 600);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(numbers_are_the_octets_of_the_source, setup),
	    cmocka_unit_test_setup(source_is_asked_once_a_batch, setup),
	    cmocka_unit_test_setup(number_never_straddles_two_batches, setup),
	    cmocka_unit_test_setup(what_was_handed_out_is_wiped, setup),
	    cmocka_unit_test_setup(below_one_is_always_zero, setup),
	    cmocka_unit_test_setup(below_reaches_both_ends, setup),
	    cmocka_unit_test_setup(below_draws_again_where_it_would_be_uneven,
		setup),
	    cmocka_unit_test_setup(cheap_numbers_leave_the_pool_alone, setup),
	    cmocka_unit_test_setup(cheap_numbers_follow_from_the_seed, setup),
	    cmocka_unit_test_setup(cheap_numbers_move_from_a_seed_of_zeros,
		setup),
	};

	return cmocka_run_group_tests_name("rng", tests, NULL, NULL);
}
