#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "io/mailbox.h"

enum { POSTERS = 4, POSTS = 1000 };

static bool
is_readable(const struct mailbox *mailbox)
{
	struct pollfd wait = {.fd = mailbox->fd, .events = POLLIN};

	return poll(&wait, 1, 0) == 1;
}

static void
messages_come_out_in_the_order_they_went_in(void **state)
{
	struct message first = {.kind = MESSAGE_ADOPT};
	struct message second = {.kind = MESSAGE_STOP};
	struct mailbox mailbox;

	(void)state;
	assert_true(mailbox_open(&mailbox));
	mailbox_post(&mailbox, &first);
	mailbox_post(&mailbox, &second);
	assert_ptr_equal(mailbox_take(&mailbox), &first);
	assert_ptr_equal(first.next, &second);
	assert_null(second.next);
	mailbox_close(&mailbox);
}

static void
an_empty_mailbox_gives_nothing(void **state)
{
	struct mailbox mailbox;

	(void)state;
	assert_true(mailbox_open(&mailbox));
	assert_null(mailbox_take(&mailbox));
	mailbox_close(&mailbox);
}

static void
the_descriptor_is_readable_while_there_is_mail(void **state)
{
	struct message message = {.kind = MESSAGE_STOP};
	struct mailbox mailbox;

	(void)state;
	assert_true(mailbox_open(&mailbox));
	assert_false(is_readable(&mailbox));
	mailbox_post(&mailbox, &message);
	assert_true(is_readable(&mailbox));
	mailbox_take(&mailbox);
	assert_false(is_readable(&mailbox));
	mailbox_close(&mailbox);
}

static struct mailbox shared;
static struct message messages[POSTERS][POSTS];

static void *
post_many(void *arg)
{
	struct message *mine = arg;

	for (unsigned i = 0; i < POSTS; i++)
		mailbox_post(&shared, &mine[i]);
	return NULL;
}

static unsigned
poster_of(const struct message *message)
{
	return (unsigned)((message - messages[0]) / POSTS);
}

/* Takes until all have come; returns how many were out of their order. */
static unsigned
take_all(void)
{
	const struct message *last[POSTERS] = {NULL};
	unsigned disordered = 0;
	unsigned taken = 0;

	while (taken < POSTERS * POSTS) {
		struct pollfd wait = {.fd = shared.fd, .events = POLLIN};

		poll(&wait, 1, -1);
		for (const struct message *message = mailbox_take(&shared);
		     message != NULL; message = message->next) {
			disordered += message <= last[poster_of(message)];
			last[poster_of(message)] = message;
			taken++;
		}
	}
	return disordered;
}

static void
threads_that_post_at_once_lose_nothing_and_keep_order(void **state)
{
	pthread_t threads[POSTERS];

	(void)state;
	assert_true(mailbox_open(&shared));
	for (unsigned i = 0; i < POSTERS; i++)
		pthread_create(&threads[i], NULL, post_many, messages[i]);
	assert_int_equal(take_all(), 0);
	for (unsigned i = 0; i < POSTERS; i++)
		pthread_join(threads[i], NULL);
	assert_null(mailbox_take(&shared));
	mailbox_close(&shared);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(messages_come_out_in_the_order_they_went_in),
	    cmocka_unit_test(an_empty_mailbox_gives_nothing),
	    cmocka_unit_test(the_descriptor_is_readable_while_there_is_mail),
	    cmocka_unit_test(
		threads_that_post_at_once_lose_nothing_and_keep_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
