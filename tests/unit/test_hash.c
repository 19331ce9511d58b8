#include "base/hash.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Octets 0, 1, 2 and so on, as many as the longest vector needs. */
static const uint8_t octets[64] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13,
    14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32,
    33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51,
    52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};

/* What Rust's DefaultHasher, SipHash-1-3 with a key of zeros, says. */
static void
equals_siphash_1_3_of_rust(void **state)
{
	static const struct hash_key key = {0, 0};

	(void)state;
	assert_int_equal(hash_bytes(&key, octets, 0),
	    UINT64_C(0xd1fba762150c532c));
	assert_int_equal(hash_bytes(&key, octets, 1),
	    UINT64_C(0x68a914128e01e473));
	assert_int_equal(hash_bytes(&key, octets, 7),
	    UINT64_C(0x2f098ab0c751325a));
	assert_int_equal(hash_bytes(&key, octets, 8),
	    UINT64_C(0xead411e67ebe2eea));
	assert_int_equal(hash_bytes(&key, octets, 63),
	    UINT64_C(0x385d3e39e5f37359));
}

/*
 * What hash() of CPython 3.11 says of the same octets: SipHash-1-3 with the
 * key that PYTHONHASHSEED=42 makes.
 */
static void
equals_siphash_1_3_of_python(void **state)
{
	static const struct hash_key key = {UINT64_C(0xdc504fd368cd90af),
	    UINT64_C(0xb920bb9ffe99e9c1)};

	(void)state;
	assert_int_equal(hash_bytes(&key, octets, 1),
	    UINT64_C(0xce880c366bcf3489));
	assert_int_equal(hash_bytes(&key, octets, 9),
	    UINT64_C(0x68814005f7469e03));
	assert_int_equal(hash_bytes(&key, octets, 15),
	    UINT64_C(0x94ace24d68c18cf8));
	assert_int_equal(hash_bytes(&key, octets, 16),
	    UINT64_C(0x339176f3ac59ce05));
	assert_int_equal(hash_bytes(&key, octets, 63),
	    UINT64_C(0x06e24d6f0d014c37));
}

static void
octets_at_an_odd_address_hash_the_same(void **state)
{
	static const struct hash_key key = {3, 4};
	static const uint8_t even[16] = {1, 2, 3, 4, 5, 6, 7, 8, 9};
	static const uint8_t odd[17] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};

	(void)state;
	assert_int_equal(hash_bytes(&key, even, 9),
	    hash_bytes(&key, odd + 1, 9));
}

static void
join_depends_on_hash_part_and_order(void **state)
{
	static const struct hash_key key = {UINT64_C(0x0123456789abcdef),
	    UINT64_C(0xfedcba9876543210)};
	const uint64_t joined = hash_join(&key, 1, 2);

	(void)state;
	assert_int_equal(joined, hash_join(&key, 1, 2));
	assert_int_not_equal(joined, hash_join(&key, 3, 2));
	assert_int_not_equal(joined, hash_join(&key, 1, 3));
	assert_int_not_equal(hash_join(&key, hash_join(&key, 0, 1), 2),
	    hash_join(&key, hash_join(&key, 0, 2), 1));
}

static void
join_depends_on_both_halves_of_the_key(void **state)
{
	static const struct hash_key key = {10, 20};
	static const struct hash_key other_k0 = {11, 20};
	static const struct hash_key other_k1 = {10, 22};
	const uint64_t joined = hash_join(&key, 1, 2);

	(void)state;
	assert_int_not_equal(joined, hash_join(&other_k0, 1, 2));
	assert_int_not_equal(joined, hash_join(&other_k1, 1, 2));
}

/* A walk along a name starts from k0: the key must not cancel itself. */
static void
join_from_k0_still_depends_on_k0(void **state)
{
	static const struct hash_key key = {10, 20};
	static const struct hash_key other = {11, 20};

	(void)state;
	assert_int_not_equal(hash_join(&key, key.k0, 2),
	    hash_join(&other, other.k0, 2));
}

/* How many of 256 buckets, chosen by mask, 256 parts a stride apart hit. */
static unsigned
buckets_hit(uint64_t stride)
{
	static const struct hash_key key = {0, 0};
	uint8_t hit[256] = {0};
	unsigned hits = 0;

	for (uint64_t i = 0; i < 256; i++)
		hit[hash_join(&key, 0, i * stride) & 0xff] = 1;
	for (size_t i = 0; i < sizeof(hit); i++)
		hits += hit[i];
	return hits;
}

/* Chance hits 162 of them; parts that differ high must reach the low bits. */
static void
join_spreads_parts_even_under_a_poor_key(void **state)
{
	(void)state;
	assert_in_range(buckets_hit(1), 128, 256);
	assert_in_range(buckets_hit(UINT64_C(1) << 24), 128, 256);
	assert_in_range(buckets_hit(UINT64_C(1) << 56), 128, 256);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(equals_siphash_1_3_of_rust),
	    cmocka_unit_test(equals_siphash_1_3_of_python),
	    cmocka_unit_test(octets_at_an_odd_address_hash_the_same),
	    cmocka_unit_test(join_depends_on_hash_part_and_order),
	    cmocka_unit_test(join_depends_on_both_halves_of_the_key),
	    cmocka_unit_test(join_from_k0_still_depends_on_k0),
	    cmocka_unit_test(join_spreads_parts_even_under_a_poor_key),
	};

	return cmocka_run_group_tests_name("hash", tests, NULL, NULL);
}
