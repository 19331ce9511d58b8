#include "dns/rrset.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "dns/message.h"

static uint8_t memory[65536];
static struct arena arena;

static int
setup(void **state)
{
	(void)state;
	arena_init(&arena, memory, sizeof(memory));
	return 0;
}

static struct rdata
rdata(const char *text)
{
	return (struct rdata){
	    .bytes = (const uint8_t *)text,
	    .len = (uint16_t)strlen(text),
	};
}

static void
records_come_back_in_the_order_they_were_packed(void **state)
{
	const struct rdata records[] = {rdata("bb"), rdata(""), rdata("a")};
	const struct rrset *set = rrset_pack(&arena, TYPE_TXT, 300, records, 3);
	const uint8_t *at;
	uint16_t len = 0;

	(void)state;
	assert_non_null(set);
	assert_int_equal(set->type, TYPE_TXT);
	assert_int_equal(set->count, 3);
	assert_int_equal(set->ttl, 300);
	at = rrset_first(set, &len);
	assert_int_equal(len, 2);
	assert_memory_equal(at, "bb", 2);
	at = rrset_next(set, at, &len);
	assert_non_null(at);
	assert_int_equal(len, 0);
	at = rrset_next(set, at, &len);
	assert_int_equal(len, 1);
	assert_memory_equal(at, "a", 1);
	assert_null(rrset_next(set, at, &len));
}

static void
a_copy_is_equal_and_elsewhere(void **state)
{
	const struct rdata record = rdata("abc");
	const struct rrset *set = rrset_pack(&arena, TYPE_A, 1, &record, 1);
	const struct rrset *copy = rrset_copy(&arena, set);

	(void)state;
	assert_ptr_not_equal(copy, set);
	assert_memory_equal(copy, set, sizeof(*set) + set->size);
}

static void
a_full_arena_packs_and_copies_nothing(void **state)
{
	const struct rdata record = rdata("abc");
	const struct rrset *set = rrset_pack(&arena, TYPE_A, 1, &record, 1);
	struct arena small;
	uint64_t block;

	(void)state;
	arena_init(&small, &block, sizeof(block));
	assert_null(rrset_pack(&small, TYPE_A, 1, &record, 1));
	assert_null(rrset_copy(&small, set));
}

static void
duplicates_are_dropped_and_a_prefix_comes_first(void **state)
{
	struct rdata records[] = {rdata("b"), rdata("ab"), rdata("b"),
	    rdata("a"), rdata("ab"), rdata("b"), rdata("")};

	(void)state;
	assert_int_equal(rrset_distinct(records, 7), 4);
	assert_int_equal(records[0].len, 0);
	assert_memory_equal(records[1].bytes, "a", 2);
	assert_memory_equal(records[2].bytes, "ab", 3);
	assert_memory_equal(records[3].bytes, "b", 2);
	assert_int_equal(rrset_distinct(records, 0), 0);
}

static void
many_records_are_sorted(void **state)
{
	static uint8_t octets[1000];
	struct rdata records[1000];

	(void)state;
	for (size_t i = 0; i < 1000; i++) {
		octets[i] = (uint8_t)(i * 7);
		records[i] = (struct rdata){.bytes = &octets[i], .len = 1};
	}
	assert_int_equal(rrset_distinct(records, 1000), 256);
	for (size_t i = 0; i < 256; i++)
		assert_int_equal(*records[i].bytes, i);
}

static void
only_the_types_of_rfc_1035_may_be_compressed(void **state)
{
	(void)state;
	assert_int_equal(rdata_steps(TYPE_CNAME)[0], RDATA_NAME);
	assert_int_equal(rdata_steps(TYPE_MX)[1], RDATA_NAME);
	assert_int_equal(rdata_steps(TYPE_SOA)[1], RDATA_NAME);
	assert_int_equal(rdata_steps(TYPE_SRV)[1], RDATA_NAME_WHOLE);
	assert_int_equal(rdata_steps(TYPE_DNAME)[0], RDATA_NAME_WHOLE);
	assert_int_equal(rdata_steps(TYPE_RRSIG)[1], RDATA_NAME_WHOLE);
}

static void
a_name_at_the_end_is_the_end(void **state)
{
	(void)state;
	assert_int_equal(rdata_steps(TYPE_NS)[1], RDATA_END);
	assert_int_equal(rdata_steps(TYPE_SOA)[3], RDATA_END);
	assert_int_equal(rdata_steps(TYPE_RRSIG)[2], RDATA_REST);
	assert_int_equal(rdata_steps(TYPE_NAPTR)[6], RDATA_END);
	assert_int_equal(rdata_steps(TYPE_TXT)[0], RDATA_REST);
	assert_int_equal(rdata_steps(65280)[0], RDATA_REST);
}

static void
sizes_are_those_of_the_rfcs(void **state)
{
	(void)state;
	assert_int_equal(rdata_exact_size(TYPE_A), 4);
	assert_int_equal(rdata_exact_size(TYPE_AAAA), 16);
	assert_int_equal(rdata_exact_size(TYPE_TXT), 0);
	assert_int_equal(rdata_step_size(RDATA_FIXED_2), 2);
	assert_int_equal(rdata_step_size(RDATA_FIXED_6), 6);
	assert_int_equal(rdata_step_size(RDATA_FIXED_18), 18);
	assert_int_equal(rdata_step_size(RDATA_FIXED_20), 20);
	assert_int_equal(rdata_step_size(RDATA_NAME), 0);
	assert_int_equal(rdata_step_size(RDATA_STRING), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(
		records_come_back_in_the_order_they_were_packed, setup),
	    cmocka_unit_test_setup(a_copy_is_equal_and_elsewhere, setup),
	    cmocka_unit_test_setup(a_full_arena_packs_and_copies_nothing,
		setup),
	    cmocka_unit_test(duplicates_are_dropped_and_a_prefix_comes_first),
	    cmocka_unit_test(many_records_are_sorted),
	    cmocka_unit_test(only_the_types_of_rfc_1035_may_be_compressed),
	    cmocka_unit_test(a_name_at_the_end_is_the_end),
	    cmocka_unit_test(sizes_are_those_of_the_rfcs),
	};

	return cmocka_run_group_tests_name("rrset", tests, NULL, NULL);
}
