#include "base/ring.h"

#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { SIZE = 256, MESSAGES = 20000, LONGEST = 90 };

static alignas(max_align_t) uint8_t octets[SIZE];
static struct ring ring;

static int
setup(void **state)
{
	(void)state;
	ring_init(&ring, octets, sizeof(octets));
	return 0;
}

static void
put(const char *text)
{
	char *room = ring_reserve(&ring, strlen(text) + 1);

	assert_non_null(room);
	memcpy(room, text, strlen(text) + 1);
	ring_commit(&ring);
}

static void
expect(const char *text)
{
	size_t len;
	const char *found = ring_peek(&ring, &len);

	assert_non_null(found);
	assert_string_equal(found, text);
	assert_int_equal(len, strlen(text) + 1);
	ring_release(&ring);
}

static void
messages_come_out_in_the_order_they_went_in(void **state)
{
	(void)state;
	put("first");
	put("");
	put("third, and longer than a unit of the ring");
	expect("first");
	expect("");
	expect("third, and longer than a unit of the ring");
}

static void
an_empty_ring_gives_nothing(void **state)
{
	size_t len;

	(void)state;
	assert_null(ring_peek(&ring, &len));
	put("one");
	expect("one");
	assert_null(ring_peek(&ring, &len));
}

static void
what_is_not_committed_is_not_there(void **state)
{
	size_t len;

	(void)state;
	assert_non_null(ring_reserve(&ring, 8));
	assert_null(ring_peek(&ring, &len));
	put("instead");
	expect("instead");
	assert_null(ring_peek(&ring, &len));
}

static void
a_message_stays_until_it_is_released(void **state)
{
	size_t len;

	(void)state;
	put("one");
	put("two");
	assert_string_equal(ring_peek(&ring, &len), "one");
	assert_string_equal(ring_peek(&ring, &len), "one");
	ring_release(&ring);
	assert_string_equal(ring_peek(&ring, &len), "two");
}

static void
a_full_ring_takes_nothing_until_something_is_released(void **state)
{
	(void)state;
	assert_non_null(ring_reserve(&ring, SIZE / 2));
	ring_commit(&ring);
	assert_null(ring_reserve(&ring, SIZE / 2));
	put("small");
	assert_null(ring_reserve(&ring, SIZE / 2));
	assert_non_null(ring_peek(&ring, &(size_t){0}));
	ring_release(&ring);
	expect("small");
}

static void
what_is_longer_than_the_ring_is_never_taken(void **state)
{
	(void)state;
	assert_null(ring_reserve(&ring, SIZE));
	assert_null(ring_reserve(&ring, SIZE_MAX));
	assert_null(ring_reserve(&ring, SIZE_MAX - 64));
	put("still works");
	expect("still works");
}

static void
each_message_lies_in_one_piece(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 100; i++) {
		const uint8_t *room = ring_reserve(&ring, LONGEST);

		assert_non_null(room);
		assert_true(room >= octets);
		assert_true(room + LONGEST <= octets + SIZE);
		assert_int_equal((uintptr_t)room % alignof(max_align_t), 0);
		ring_commit(&ring);
		assert_ptr_equal(ring_peek(&ring, &(size_t){0}), room);
		ring_release(&ring);
	}
}

/* Message n is that many octets, all of one value; when full it is lost. */
static size_t
length_of(unsigned n)
{
	return sizeof(n) + n % LONGEST;
}

static void *
write_many(void *arg)
{
	unsigned *lost = arg;

	for (unsigned n = 0; n < MESSAGES; n++) {
		uint8_t *room = ring_reserve(&ring, length_of(n));

		if (room == NULL) {
			++*lost;
			sched_yield();
			continue;
		}
		memcpy(room, &n, sizeof(n));
		memset(room + sizeof(n), (int)(n & 0xff), n % LONGEST);
		ring_commit(&ring);
	}
	return NULL;
}

/* The number of the oldest message, or `none` when it is broken. */
static unsigned
read_number(const uint8_t *message, size_t len, unsigned none)
{
	unsigned n;

	memcpy(&n, message, sizeof(n));
	if (n >= MESSAGES || len != length_of(n))
		return none;
	for (size_t i = sizeof(n); i < len; i++) {
		if (message[i] != (n & 0xff))
			return none;
	}
	return n;
}

static void
two_threads_see_whole_messages_in_order(void **state)
{
	unsigned lost = 0;
	unsigned seen = 0;
	unsigned last = 0;
	pthread_t writer;
	const void *message;
	size_t len;

	(void)state;
	assert_int_equal(pthread_create(&writer, NULL, write_many, &lost), 0);
	while (last != MESSAGES - 1) {
		unsigned n;

		message = ring_peek(&ring, &len);
		if (message == NULL) {
			if (pthread_tryjoin_np(writer, NULL) == 0)
				break;
			sched_yield();
			continue;
		}
		n = read_number(message, len, MESSAGES);
		assert_true(n < MESSAGES);
		assert_true(seen == 0 || n > last);
		last = n;
		seen++;
		ring_release(&ring);
	}
	if (last == MESSAGES - 1)
		assert_int_equal(pthread_join(writer, NULL), 0);
	while (ring_peek(&ring, &len) != NULL) {
		seen++;
		ring_release(&ring);
	}
	assert_int_equal(seen + lost, MESSAGES);
	assert_true(seen > 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(messages_come_out_in_the_order_they_went_in,
		setup),
	    cmocka_unit_test_setup(an_empty_ring_gives_nothing, setup),
	    cmocka_unit_test_setup(what_is_not_committed_is_not_there, setup),
	    cmocka_unit_test_setup(a_message_stays_until_it_is_released, setup),
	    cmocka_unit_test_setup(
		a_full_ring_takes_nothing_until_something_is_released, setup),
	    cmocka_unit_test_setup(what_is_longer_than_the_ring_is_never_taken,
		setup),
	    cmocka_unit_test_setup(each_message_lies_in_one_piece, setup),
	    cmocka_unit_test_setup(two_threads_see_whole_messages_in_order,
		setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
