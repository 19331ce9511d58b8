#include "dns/frame.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const uint8_t two[] = {0, 3, 'a', 'b', 'c', 0, 1, 'd'};

static void
a_frame_is_whole_when_its_last_octet_is_there(void **state)
{
	size_t len = 99;

	(void)state;
	assert_int_equal(frame_find(two, 0, 512, &len), FRAME_PART);
	assert_int_equal(frame_find(two, 1, 512, &len), FRAME_PART);
	assert_int_equal(frame_find(two, 2, 512, &len), FRAME_PART);
	assert_int_equal(frame_find(two, 4, 512, &len), FRAME_PART);
	assert_int_equal(len, 99);
	assert_int_equal(frame_find(two, 5, 512, &len), FRAME_WHOLE);
	assert_int_equal(len, 3);
}

static void
what_follows_a_frame_is_the_next_one(void **state)
{
	size_t len;

	(void)state;
	assert_int_equal(frame_find(two, sizeof(two), 512, &len), FRAME_WHOLE);
	assert_int_equal(len, 3);
	assert_int_equal(frame_find(two + 5, 3, 512, &len), FRAME_WHOLE);
	assert_int_equal(len, 1);
}

static void
an_empty_message_is_one(void **state)
{
	static const uint8_t empty[] = {0, 0};
	size_t len = 99;

	(void)state;
	assert_int_equal(frame_find(empty, 2, 512, &len), FRAME_WHOLE);
	assert_int_equal(len, 0);
}

/* Its octets need not come for that. */
static void
a_length_over_the_limit_is_known_at_once(void **state)
{
	static const uint8_t head[] = {0x10, 0x01};
	static const uint8_t most[] = {0x10, 0x00};
	size_t len = 99;

	(void)state;
	assert_int_equal(frame_find(head, 2, 4096, &len), FRAME_LONG);
	assert_int_equal(frame_find(head, 1, 4096, &len), FRAME_PART);
	assert_int_equal(frame_find(most, 2, 4096, &len), FRAME_PART);
	assert_int_equal(len, 99);
}

static void
a_header_is_written_as_it_is_read(void **state)
{
	uint8_t frame[2 + 300] = {0};
	size_t len;

	(void)state;
	frame_put(frame, 300);
	assert_int_equal(frame[0], 1);
	assert_int_equal(frame[1], 44);
	assert_int_equal(frame_find(frame, sizeof(frame), 65535, &len),
	    FRAME_WHOLE);
	assert_int_equal(len, 300);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_frame_is_whole_when_its_last_octet_is_there),
	    cmocka_unit_test(what_follows_a_frame_is_the_next_one),
	    cmocka_unit_test(an_empty_message_is_one),
	    cmocka_unit_test(a_length_over_the_limit_is_known_at_once),
	    cmocka_unit_test(a_header_is_written_as_it_is_read),
	};

	return cmocka_run_group_tests_name("frame", tests, NULL, NULL);
}
