#include "dns/wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const uint8_t octets[] = {0x01, 0x02, 0x83, 0x84, 0x85, 0x86, 0x87};

static void
numbers_are_read_big_endian(void **state)
{
	struct reader reader = reader_over(octets, sizeof(octets));

	(void)state;
	assert_int_equal(reader_u8(&reader), 0x01);
	assert_int_equal(reader_u16(&reader), 0x0283);
	assert_int_equal(reader_u32(&reader), 0x84858687);
	assert_int_equal(reader_left(&reader), 0);
	assert_false(reader.bad);
}

static void
short_read_sticks(void **state)
{
	struct reader reader = reader_over(octets, 3);

	(void)state;
	assert_int_equal(reader_u32(&reader), 0);
	assert_true(reader.bad);
	assert_int_equal(reader_u8(&reader), 0);
	assert_int_equal(reader_left(&reader), 0);
	assert_null(reader_bytes(&reader, 1));
	assert_null(reader_bytes(&reader, 0));
}

static void
a_huge_step_is_bad_and_does_not_wrap(void **state)
{
	struct reader reader = reader_over(octets, sizeof(octets));

	(void)state;
	reader_u16(&reader);
	assert_null(reader_bytes(&reader, SIZE_MAX));
	assert_true(reader.bad);
}

static void
a_step_of_nothing_at_the_end_is_good(void **state)
{
	struct reader reader = reader_over(octets, 0);

	(void)state;
	assert_ptr_equal(reader_bytes(&reader, 0), octets);
	assert_false(reader.bad);
}

static void
numbers_are_written_big_endian(void **state)
{
	uint8_t wire[7];
	struct writer writer = writer_over(wire, sizeof(wire));

	(void)state;
	writer_u8(&writer, 0x01);
	writer_u16(&writer, 0x0283);
	writer_u32(&writer, 0x84858687);
	assert_false(writer.bad);
	assert_int_equal(writer.at, 7);
	assert_memory_equal(wire, octets, 7);
}

static void
what_does_not_fit_writes_nothing_and_sticks(void **state)
{
	uint8_t wire[4] = {9, 9, 9, 9};
	struct writer writer = writer_over(wire, 3);

	(void)state;
	writer_u16(&writer, 0);
	writer_bytes(&writer, octets, 2);
	writer_u8(&writer, 1);
	assert_true(writer.bad);
	assert_int_equal(writer.at, 2);
	assert_int_equal(wire[2], 9);
	assert_null(writer_room(&writer, SIZE_MAX));
}

static void
a_patch_stays_within_what_was_written(void **state)
{
	uint8_t wire[4] = {0};
	struct writer writer = writer_over(wire, sizeof(wire));

	(void)state;
	writer_u16(&writer, 0);
	writer_patch_u16(&writer, 0, 0x0102);
	writer_patch_u16(&writer, 1, 0x0304);
	writer_patch_u16(&writer, 5, 0x0304);
	assert_memory_equal(wire, "\1\2\0\0", 4);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(numbers_are_read_big_endian),
	    cmocka_unit_test(short_read_sticks),
	    cmocka_unit_test(a_huge_step_is_bad_and_does_not_wrap),
	    cmocka_unit_test(a_step_of_nothing_at_the_end_is_good),
	    cmocka_unit_test(numbers_are_written_big_endian),
	    cmocka_unit_test(what_does_not_fit_writes_nothing_and_sticks),
	    cmocka_unit_test(a_patch_stays_within_what_was_written),
	};

	return cmocka_run_group_tests_name("wire", tests, NULL, NULL);
}
