#include <event2/event.h>
#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/rng.h"
#include "dns/message.h"
#include "io/clock.h"
#include "io/entropy.h"
#include "io/link.h"
#include "io/loop.h"

/*
 * Links alone, in this thread, with servers on loopback that the test plays
 * and a clock that it sets.  Whatever is waited for comes within PATIENCE
 * seconds or the test fails.
 */
enum { PATIENCE = 5, MANY = 200, OCTETS = 17 };

/* In place of the real one: the objects under test find this clock. */
static uint64_t clock_at = 1000 * CLOCK_SECOND;

uint64_t
clock_now(void)
{
	return clock_at;
}

/* A question and what became of it. */
struct asked {
	struct link_question
	    question; /* first: the callbacks get its address */
	uint8_t wire[OCTETS];
	unsigned answers;
	unsigned failures;
	unsigned losses;
	const char *why;
	uint8_t got[OCTETS];
	size_t got_len;
};

struct rig {
	struct event_base *base;
	struct rng rng;
	struct links links;
	struct link slots[LINKS];
	struct deadline *heap[LINKS];
	uint8_t frame[MESSAGE_MAX];
	int listener;
	struct addr server;
	struct asked asked[LINKS_SERVER * LINK_IN_WORK + 1];
};

static void
on_answer(struct link_question *question, uint8_t *wire, size_t len,
    uint64_t now)
{
	struct asked *asked = (struct asked *)(void *)question;

	(void)now;
	asked->answers++;
	asked->got_len = len;
	memcpy(asked->got, wire, len < OCTETS ? len : OCTETS);
}

static void
on_failure(struct link_question *question, const char *why, uint64_t now)
{
	struct asked *asked = (struct asked *)(void *)question;

	(void)now;
	asked->failures++;
	asked->why = why;
}

static void
on_loss(struct link_question *question)
{
	((struct asked *)(void *)question)->losses++;
}

static void
set_patience(int fd)
{
	const struct timeval wait = {.tv_sec = PATIENCE};

	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait,
			     sizeof(wait)),
	    0);
}

static struct rig *
rig_new(void)
{
	struct rig *rig = calloc(1, sizeof(*rig));

	assert_non_null(rig);
	rig->base = loop_new();
	rng_init(&rig->rng, entropy_fill);
	rig->listener = socket(AF_INET, SOCK_STREAM, 0);
	assert_true(addr_parse("0.0.0.0", 53, &rig->server));
	addr_set_port(&rig->server, 0);
	assert_int_equal(bind(rig->listener, &rig->server.u.any,
			     rig->server.len),
	    0);
	assert_int_equal(listen(rig->listener, LINKS * 2), 0);
	assert_int_equal(getsockname(rig->listener, &rig->server.u.any,
			     &rig->server.len),
	    0);
	set_patience(rig->listener);
	link_init(&rig->links,
	    &(struct link_parts){
		.base = rig->base,
		.rng = &rig->rng,
		.slots = rig->slots,
		.heap = rig->heap,
		.frame = rig->frame,
		.answered = on_answer,
		.failed = on_failure,
		.lost = on_loss,
	    });
	return rig;
}

static void
rig_free(struct rig *rig)
{
	link_stop(&rig->links);
	event_base_free(rig->base);
	close(rig->listener);
	free(rig);
}

/* What the event loop has to do at present. */
static void
turn(struct rig *rig)
{
	for (unsigned i = 0; i < 20; i++)
		event_base_loop(rig->base, EVLOOP_NONBLOCK);
}

/* Runs the event loop until a counter has a value. */
static void
wait_for(struct rig *rig, const unsigned *counter, unsigned value)
{
	const struct timeval wait = {.tv_sec = PATIENCE};

	event_base_loopexit(rig->base, &wait);
	while (*counter != value && !event_base_got_exit(rig->base))
		event_base_loop(rig->base, EVLOOP_ONCE);
	assert_int_equal(*counter, value);
}

/* Has time pass, and the timer of the links notice. */
static void
pass(struct rig *rig, uint64_t time)
{
	clock_at += time;
	event_active(&rig->links.alarm.timer, EV_TIMEOUT, 1);
	turn(rig);
}

/* Asks question n, with an id, of 127.0.0.host. */
static enum link_result
ask_host(struct rig *rig, unsigned n, uint16_t id, const char *host)
{
	struct asked *asked = &rig->asked[n];
	const char *why;

	*asked = (struct asked){.wire = {(uint8_t)(id >> 8), (uint8_t)id}};
	asked->wire[HEADER_SIZE] = (uint8_t)(n >> 8);
	asked->wire[HEADER_SIZE + 1] = (uint8_t)n;
	asked->question.server.carrier = CARRIER_TCP;
	assert_true(addr_parse(host, addr_port(&rig->server),
	    &asked->question.server.addr));
	asked->question.wire = asked->wire;
	asked->question.len = OCTETS;
	return link_ask(&rig->links, &asked->question, &why, clock_at);
}

static enum link_result
ask(struct rig *rig, unsigned n, uint16_t id)
{
	return ask_host(rig, n, id, "127.0.0.1");
}

static void
ask_many(struct rig *rig, unsigned count)
{
	for (unsigned n = 0; n < count; n++)
		assert_int_equal(ask(rig, n, (uint16_t)n), LINK_ASKED);
}

static void
forget(struct rig *rig, unsigned n)
{
	link_forget(&rig->links, &rig->asked[n].question, clock_at);
}

/* The server's end of the next connection. */
static int
accept_next(struct rig *rig)
{
	int fd;

	turn(rig);
	fd = accept(rig->listener, NULL, NULL);
	assert_true(fd >= 0);
	set_patience(fd);
	turn(rig);
	return fd;
}

static void
nobody_connects(struct rig *rig)
{
	struct pollfd listener = {.fd = rig->listener, .events = POLLIN};

	turn(rig);
	assert_int_equal(poll(&listener, 1, 0), 0);
}

struct octets {
	size_t len;
	uint8_t wire[OCTETS];
};

/* A question at the server. */
static struct octets
receive(int fd)
{
	struct octets octets;
	uint8_t length[2];

	assert_int_equal(recv(fd, length, 2, MSG_WAITALL), 2);
	octets.len = (size_t)(length[0] << 8 | length[1]);
	assert_int_equal(octets.len, OCTETS);
	assert_int_equal(recv(fd, octets.wire, octets.len, MSG_WAITALL),
	    OCTETS);
	return octets;
}

static void
answer(int fd, const struct octets *octets)
{
	uint8_t frame[2 + OCTETS] = {0, OCTETS};

	memcpy(frame + 2, octets->wire, OCTETS);
	assert_int_equal(send(fd, frame, sizeof(frame), MSG_NOSIGNAL),
	    sizeof(frame));
}

static unsigned
number_of(const struct octets *octets)
{
	return (unsigned)(octets->wire[HEADER_SIZE] << 8 |
	    octets->wire[HEADER_SIZE + 1]);
}

/* Answers the next question that comes, whichever it is. */
static unsigned
answer_next(struct rig *rig, int fd)
{
	struct octets octets;

	turn(rig);
	octets = receive(fd);
	answer(fd, &octets);
	wait_for(rig, &rig->asked[number_of(&octets)].answers, 1);
	forget(rig, number_of(&octets));
	return number_of(&octets);
}

/* A connection that has brought the answer to question 0. */
static int
proven(struct rig *rig)
{
	int fd;

	assert_int_equal(ask(rig, 0, 1), LINK_ASKED);
	fd = accept_next(rig);
	answer_next(rig, fd);
	return fd;
}

static void
many_questions_go_by_one_connection_and_come_in_any_order(void **state)
{
	struct rig *rig = rig_new();
	struct octets asked[MANY];
	int fd;

	(void)state;
	ask_many(rig, MANY);
	fd = accept_next(rig);
	for (unsigned i = 0; i < MANY; i++)
		asked[i] = receive(fd);
	nobody_connects(rig);
	for (unsigned i = MANY; i > 0; i--)
		answer(fd, &asked[i - 1]);
	wait_for(rig, &rig->asked[0].answers, 1);
	for (unsigned i = 0; i < MANY; i++) {
		assert_int_equal(rig->asked[i].answers, 1);
		assert_memory_equal(rig->asked[i].got, rig->asked[i].wire,
		    OCTETS);
		forget(rig, i);
	}
	close(fd);
	rig_free(rig);
}

static void
equal_ids_on_one_connection_are_told_apart(void **state)
{
	struct rig *rig = rig_new();
	struct octets first;
	struct octets second;
	int fd;

	(void)state;
	assert_int_equal(ask(rig, 0, 7), LINK_ASKED);
	assert_int_equal(ask(rig, 1, 7), LINK_ASKED);
	fd = accept_next(rig);
	first = receive(fd);
	second = receive(fd);
	assert_memory_equal(first.wire, rig->asked[0].wire, OCTETS);
	assert_memory_not_equal(second.wire, first.wire, 2);
	answer(fd, &second);
	wait_for(rig, &rig->asked[1].answers, 1);
	assert_memory_equal(rig->asked[1].got, rig->asked[1].wire, OCTETS);
	assert_int_equal(rig->asked[0].answers, 0);
	close(fd);
	rig_free(rig);
}

static void
a_full_connection_is_joined_by_others_up_to_a_limit(void **state)
{
	struct rig *rig = rig_new();
	const unsigned most = LINKS_SERVER * LINK_IN_WORK;
	int fds[LINKS_SERVER];

	(void)state;
	ask_many(rig, most);
	assert_int_equal(ask(rig, most, 0), LINK_SHORTAGE);
	for (unsigned i = 0; i < LINKS_SERVER; i++)
		fds[i] = accept_next(rig);
	nobody_connects(rig);
	answer_next(rig, fds[2]);
	assert_int_equal(ask(rig, most, 0), LINK_ASKED);
	for (unsigned i = 0; i < LINKS_SERVER; i++)
		close(fds[i]);
	rig_free(rig);
}

static void
a_question_on_a_kept_connection_that_dies_is_sent_again(void **state)
{
	struct rig *rig = rig_new();
	const int kept = proven(rig);
	struct octets again;
	int fresh;

	(void)state;
	assert_int_equal(ask(rig, 1, 2), LINK_ASKED);
	close(kept);
	fresh = accept_next(rig);
	again = receive(fresh);
	assert_memory_equal(again.wire, rig->asked[1].wire, OCTETS);
	answer(fresh, &again);
	wait_for(rig, &rig->asked[1].answers, 1);
	assert_int_equal(rig->asked[1].failures, 0);
	close(fresh);
	rig_free(rig);
}

static void
it_is_sent_again_once_where_the_fresh_one_dies_too(void **state)
{
	struct rig *rig = rig_new();
	const int kept = proven(rig);

	(void)state;
	assert_int_equal(ask(rig, 1, 2), LINK_ASKED);
	close(kept);
	close(accept_next(rig));
	wait_for(rig, &rig->asked[1].failures, 1);
	assert_null(rig->asked[1].question.in);
	nobody_connects(rig);
	rig_free(rig);
}

static void
a_fresh_connection_that_dies_fails_its_questions(void **state)
{
	struct rig *rig = rig_new();

	(void)state;
	ask_many(rig, 3);
	close(accept_next(rig));
	wait_for(rig, &rig->asked[2].failures, 1);
	assert_int_equal(rig->asked[0].failures, 1);
	assert_null(rig->asked[0].why);
	nobody_connects(rig);
	rig_free(rig);
}

static void
a_server_that_closes_after_each_answer_answers_all(void **state)
{
	enum { QUESTIONS = 10 };
	struct rig *rig = rig_new();

	(void)state;
	ask_many(rig, QUESTIONS);
	for (unsigned i = 0; i < QUESTIONS; i++) {
		const int fd = accept_next(rig);

		answer_next(rig, fd);
		close(fd);
	}
	for (unsigned i = 0; i < QUESTIONS; i++) {
		assert_int_equal(rig->asked[i].answers, 1);
		assert_int_equal(rig->asked[i].failures, 0);
	}
	rig_free(rig);
}

static void
a_connection_that_let_a_question_wait_gets_no_new_ones(void **state)
{
	struct rig *rig = rig_new();
	const int mute = proven(rig);
	int other;

	(void)state;
	assert_int_equal(ask(rig, 1, 2), LINK_ASKED);
	assert_int_equal(ask(rig, 2, 3), LINK_ASKED);
	turn(rig);
	clock_at += CLOCK_SECOND / 10;
	forget(rig, 1);
	assert_int_equal(ask(rig, 3, 4), LINK_ASKED);
	other = accept_next(rig);
	assert_int_equal(answer_next(rig, other), 3);
	close(mute);
	close(other);
	rig_free(rig);
}

static void
one_that_was_given_up_sooner_says_nothing_of_its_connection(void **state)
{
	struct rig *rig = rig_new();
	const int fd = proven(rig);

	(void)state;
	assert_int_equal(ask(rig, 1, 2), LINK_ASKED);
	clock_at += CLOCK_SECOND / 10 - 1;
	forget(rig, 1);
	assert_int_equal(ask(rig, 2, 3), LINK_ASKED);
	nobody_connects(rig);
	close(fd);
	rig_free(rig);
}

static void
a_connection_that_speaks_again_is_used_again(void **state)
{
	struct rig *rig = rig_new();
	const int slow = proven(rig);
	struct octets late;

	(void)state;
	assert_int_equal(ask(rig, 1, 2), LINK_ASKED);
	assert_int_equal(ask(rig, 2, 3), LINK_ASKED);
	turn(rig);
	late = receive(slow);
	clock_at += CLOCK_SECOND;
	forget(rig, 1);
	answer(slow, &late);
	assert_int_equal(answer_next(rig, slow), 2);
	assert_int_equal(ask(rig, 3, 4), LINK_ASKED);
	nobody_connects(rig);
	assert_int_equal(answer_next(rig, slow), 3);
	assert_int_equal(rig->asked[1].answers, 0);
	close(slow);
	rig_free(rig);
}

/* The server's end has been closed by the other. */
static void
is_closed(struct rig *rig, int fd)
{
	uint8_t octet;

	turn(rig);
	assert_true(recv(fd, &octet, 1, 0) <= 0);
}

static void
one_that_brought_nothing_is_closed_when_nobody_waits(void **state)
{
	struct rig *rig = rig_new();
	const int mute = proven(rig);

	(void)state;
	assert_int_equal(ask(rig, 1, 2), LINK_ASKED);
	turn(rig);
	receive(mute);
	clock_at += CLOCK_SECOND;
	forget(rig, 1);
	is_closed(rig, mute);
	close(mute);
	rig_free(rig);
}

static void
an_idle_connection_is_closed_after_ten_seconds(void **state)
{
	struct rig *rig = rig_new();
	const int fd = proven(rig);
	uint8_t octet;

	(void)state;
	pass(rig, 10 * CLOCK_SECOND - CLOCK_SECOND / 2);
	assert_int_equal(recv(fd, &octet, 1, MSG_DONTWAIT), -1);
	pass(rig, CLOCK_SECOND / 2);
	is_closed(rig, fd);
	close(fd);
	rig_free(rig);
}

static void
a_question_keeps_its_connection_from_idling(void **state)
{
	struct rig *rig = rig_new();
	const int fd = proven(rig);

	(void)state;
	assert_int_equal(ask(rig, 1, 2), LINK_ASKED);
	pass(rig, 60 * CLOCK_SECOND);
	assert_int_equal(answer_next(rig, fd), 1);
	close(fd);
	rig_free(rig);
}

static void
a_kept_connection_that_the_server_closes_is_replaced(void **state)
{
	struct rig *rig = rig_new();
	int fd;

	(void)state;
	close(proven(rig));
	turn(rig);
	assert_int_equal(ask(rig, 1, 2), LINK_ASKED);
	fd = accept_next(rig);
	assert_int_equal(answer_next(rig, fd), 1);
	close(fd);
	rig_free(rig);
}

static void
a_message_in_pieces_is_put_together(void **state)
{
	struct rig *rig = rig_new();
	uint8_t *frame = calloc(1, 2 + MESSAGE_MAX);
	int fd;

	(void)state;
	assert_non_null(frame);
	assert_int_equal(ask(rig, 0, 0x1234), LINK_ASKED);
	fd = accept_next(rig);
	frame[0] = 0xff;
	frame[1] = 0xff;
	frame[2] = 0x12;
	frame[3] = 0x34;
	for (size_t i = 0; i < 20; i++) {
		assert_int_equal(send(fd, frame + i, 1, 0), 1);
		turn(rig);
	}
	for (size_t at = 20; at < 2 + MESSAGE_MAX;) {
		const ssize_t len = send(fd, frame + at, 2 + MESSAGE_MAX - at,
		    MSG_DONTWAIT | MSG_NOSIGNAL);

		at += len > 0 ? (size_t)len : 0;
		turn(rig);
	}
	wait_for(rig, &rig->asked[0].answers, 1);
	assert_int_equal(rig->asked[0].got_len, MESSAGE_MAX);
	free(frame);
	close(fd);
	rig_free(rig);
}

static void
half_a_message_and_no_more_is_a_failure(void **state)
{
	struct rig *rig = rig_new();
	int fd;

	(void)state;
	assert_int_equal(ask(rig, 0, 1), LINK_ASKED);
	fd = accept_next(rig);
	assert_int_equal(send(fd, "\0\40\0\1", 4, 0), 4);
	close(fd);
	wait_for(rig, &rig->asked[0].failures, 1);
	assert_int_equal(rig->asked[0].answers, 0);
	rig_free(rig);
}

static void
a_message_too_short_to_be_one_ends_the_connection(void **state)
{
	struct rig *rig = rig_new();
	int fd;

	(void)state;
	assert_int_equal(ask(rig, 0, 1), LINK_ASKED);
	fd = accept_next(rig);
	receive(fd);
	assert_int_equal(send(fd, "\0\2\0\1", 4, 0), 4);
	wait_for(rig, &rig->asked[0].failures, 1);
	is_closed(rig, fd);
	close(fd);
	rig_free(rig);
}

static void
answers_that_nobody_asked_for_end_the_connection(void **state)
{
	enum { TOLERATED = 8 };
	struct rig *rig = rig_new();
	const struct octets stray = {.len = OCTETS, .wire = {0xff, 0xff}};
	int fd;

	(void)state;
	assert_int_equal(ask(rig, 0, 1), LINK_ASKED);
	fd = accept_next(rig);
	for (unsigned i = 0; i < TOLERATED; i++)
		answer(fd, &stray);
	turn(rig);
	assert_int_equal(rig->asked[0].failures, 0);
	answer(fd, &stray);
	wait_for(rig, &rig->asked[0].failures, 1);
	close(fd);
	rig_free(rig);
}

static void
late_answers_are_no_nonsense(void **state)
{
	struct rig *rig = rig_new();
	struct octets asked[MANY];
	int fd;

	(void)state;
	ask_many(rig, MANY);
	fd = accept_next(rig);
	for (unsigned i = 0; i < MANY; i++)
		asked[i] = receive(fd);
	for (unsigned i = 1; i < MANY; i++)
		forget(rig, i);
	for (unsigned i = MANY; i > 0; i--)
		answer(fd, &asked[i - 1]);
	wait_for(rig, &rig->asked[0].answers, 1);
	assert_int_equal(rig->asked[1].answers, 0);
	close(fd);
	rig_free(rig);
}

static void
a_second_answer_with_the_same_id_reaches_nobody(void **state)
{
	struct rig *rig = rig_new();
	struct octets asked;
	int fd;

	(void)state;
	assert_int_equal(ask(rig, 0, 1), LINK_ASKED);
	fd = accept_next(rig);
	asked = receive(fd);
	answer(fd, &asked);
	answer(fd, &asked);
	wait_for(rig, &rig->asked[0].answers, 1);
	turn(rig);
	assert_int_equal(rig->asked[0].answers, 1);
	close(fd);
	rig_free(rig);
}

static void
what_is_forgotten_before_the_connection_stands_is_never_sent(void **state)
{
	struct rig *rig = rig_new();
	int fd;

	(void)state;
	ask_many(rig, 2);
	forget(rig, 0);
	fd = accept_next(rig);
	assert_int_equal(answer_next(rig, fd), 1);
	close(fd);
	rig_free(rig);
}

static void
nobody_listens_there(void **state)
{
	struct rig *rig = rig_new();

	(void)state;
	close(rig->listener);
	assert_int_equal(ask(rig, 0, 1), LINK_ASKED);
	wait_for(rig, &rig->asked[0].failures, 1);
	rig_free(rig);
}

static void
an_address_without_a_route_is_known_at_once(void **state)
{
	struct rig *rig = rig_new();

	(void)state;
	assert_int_equal(ask_host(rig, 0, 1, "255.255.255.255"),
	    LINK_UNREACHABLE);
	assert_null(rig->asked[0].question.in);
	rig_free(rig);
}

static void
a_want_of_descriptors_is_nobodys_fault(void **state)
{
	struct rig *rig = rig_new();
	struct rlimit limit;
	struct rlimit none;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	none = limit;
	none.rlim_cur = 0;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	assert_int_equal(ask(rig, 0, 1), LINK_SHORTAGE);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	assert_int_equal(ask(rig, 0, 1), LINK_ASKED);
	rig_free(rig);
}

static void
a_question_that_cannot_be_sent_again_for_want_of_one_is_lost(void **state)
{
	struct rig *rig = rig_new();
	const int kept = proven(rig);
	struct rlimit limit;
	struct rlimit none;

	(void)state;
	assert_int_equal(ask(rig, 1, 2), LINK_ASKED);
	turn(rig);
	receive(kept);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	none = limit;
	none.rlim_cur = 0;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	close(kept);
	turn(rig);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	assert_int_equal(rig->asked[1].losses, 1);
	assert_int_equal(rig->asked[1].failures, 0);
	rig_free(rig);
}

/* The heap, but for more than what is read at a time. */
static void *
small_malloc(size_t size)
{
	return size > 5000 ? NULL : malloc(size);
}

static void *
small_realloc(void *at, size_t size)
{
	return size > 5000 ? NULL : realloc(at, size);
}

static void
a_message_in_pieces_takes_no_memory_of_its_size(void **state)
{
	struct rig *rig = rig_new();
	uint8_t frame[2 + 20000] = {20000 >> 8, 20000 & 0xff};
	struct octets octets;
	int fd;

	(void)state;
	event_set_mem_functions(small_malloc, small_realloc, free);
	assert_int_equal(ask(rig, 0, 1), LINK_ASKED);
	fd = accept_next(rig);
	octets = receive(fd);
	memcpy(frame + 2, octets.wire, OCTETS);
	for (size_t at = 0; at < sizeof(frame); at += 2000) {
		const size_t left = sizeof(frame) - at;

		send(fd, frame + at, left < 2000 ? left : 2000, MSG_NOSIGNAL);
		turn(rig);
	}
	wait_for(rig, &rig->asked[0].answers, 1);
	assert_int_equal(rig->asked[0].got_len, 20000);
	forget(rig, 0);
	close(fd);
	rig_free(rig);
	event_set_mem_functions(malloc, realloc, free);
}

static void
the_longest_idle_connection_makes_room_for_another_server(void **state)
{
	struct rig *rig = rig_new();
	int fds[LINKS + 1];

	(void)state;
	for (unsigned i = 0; i <= LINKS; i++) {
		char host[sizeof("127.0.0.100")];

		clock_at += CLOCK_SECOND / 100;
		snprintf(host, sizeof(host), "127.0.0.%u", i + 1);
		assert_int_equal(ask_host(rig, i, 1, host), LINK_ASKED);
		fds[i] = accept_next(rig);
		answer_next(rig, fds[i]);
	}
	is_closed(rig, fds[0]);
	assert_int_equal(ask_host(rig, 0, 1, "127.0.0.2"), LINK_ASKED);
	nobody_connects(rig);
	for (unsigned i = 0; i <= LINKS; i++)
		close(fds[i]);
	rig_free(rig);
}

static void
no_room_is_made_of_connections_with_questions(void **state)
{
	struct rig *rig = rig_new();

	(void)state;
	for (unsigned i = 0; i < LINKS; i++) {
		char host[sizeof("127.0.0.100")];

		snprintf(host, sizeof(host), "127.0.0.%u", i + 1);
		assert_int_equal(ask_host(rig, i, 1, host), LINK_ASKED);
	}
	turn(rig);
	assert_int_equal(ask_host(rig, LINKS, 1, "127.0.0.100"), LINK_SHORTAGE);
	rig_free(rig);
}

static void
stopping_closes_what_is_open_and_forgets_what_is_out(void **state)
{
	struct rig *rig = rig_new();
	int fd;

	(void)state;
	ask_many(rig, 3);
	fd = accept_next(rig);
	link_stop(&rig->links);
	assert_null(rig->asked[2].question.in);
	event_base_loop(rig->base, EVLOOP_NONBLOCK);
	for (unsigned i = 0; i < 3; i++)
		receive(fd);
	is_closed(rig, fd);
	close(fd);
	rig_free(rig);
}

/* TLS: a server in this thread, with a certificate of its own making. */

struct peer {
	SSL_CTX *context;
	SSL *ssl;
	int fd;
	char path[32]; /* of the certificate, which is its own authority */
};

static void
add_names(X509 *cert, const char *names)
{
	X509_EXTENSION *extension =
	    X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, names);

	assert_non_null(extension);
	X509_add_ext(cert, extension, -1);
	X509_EXTENSION_free(extension);
}

/* A certificate that is valid for an hour from `start` seconds on. */
static X509 *
certificate_new(EVP_PKEY *key, const char *names, long start)
{
	enum { HOUR = 3600 };
	X509 *cert = X509_new();

	X509_set_version(cert, X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(cert), 1);
	X509_gmtime_adj(X509_getm_notBefore(cert), start);
	X509_gmtime_adj(X509_getm_notAfter(cert), start + HOUR);
	X509_set_pubkey(cert, key);
	add_names(cert, names);
	assert_true(X509_sign(cert, key, EVP_sha256()) > 0);
	return cert;
}

static void
write_certificate(struct peer *peer, X509 *cert)
{
	FILE *file;
	int fd;

	snprintf(peer->path, sizeof(peer->path), "/tmp/test_link.XXXXXX");
	fd = mkstemp(peer->path);
	file = fdopen(fd, "w");
	assert_non_null(file);
	assert_int_equal(PEM_write_X509(file, cert), 1);
	fclose(file);
}

static struct peer
peer_new(const char *names, long start)
{
	struct peer peer = {.fd = -1};
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *cert = certificate_new(key, names, start);

	peer.context = SSL_CTX_new(TLS_server_method());
	assert_int_equal(SSL_CTX_use_certificate(peer.context, cert), 1);
	assert_int_equal(SSL_CTX_use_PrivateKey(peer.context, key), 1);
	write_certificate(&peer, cert);
	X509_free(cert);
	EVP_PKEY_free(key);
	return peer;
}

static void
peer_hang_up(struct peer *peer)
{
	SSL_free(peer->ssl);
	peer->ssl = NULL;
	if (peer->fd >= 0)
		close(peer->fd);
	peer->fd = -1;
}

static void
peer_free(struct peer *peer)
{
	peer_hang_up(peer);
	SSL_CTX_free(peer->context);
	unlink(peer->path);
}

/* Takes the next connection and shakes hands; false when that fails. */
static bool
peer_accept(struct rig *rig, struct peer *peer)
{
	peer->fd = accept_next(rig);
	assert_int_equal(fcntl(peer->fd, F_SETFL, O_NONBLOCK), 0);
	peer->ssl = SSL_new(peer->context);
	SSL_set_fd(peer->ssl, peer->fd);
	for (unsigned i = 0; i < MANY; i++) {
		const int done = SSL_accept(peer->ssl);

		turn(rig);
		if (done == 1)
			return true;
		if (SSL_get_error(peer->ssl, done) != SSL_ERROR_WANT_READ)
			return false;
	}
	return false;
}

/* Answers the question that comes next. */
static void
peer_answer(struct rig *rig, struct peer *peer, unsigned n)
{
	uint8_t frame[2 + OCTETS];

	turn(rig);
	assert_int_equal(SSL_read(peer->ssl, frame, sizeof(frame)),
	    sizeof(frame));
	assert_int_equal(SSL_write(peer->ssl, frame, sizeof(frame)),
	    sizeof(frame));
	wait_for(rig, &rig->asked[n].answers, 1);
	assert_memory_equal(rig->asked[n].got, rig->asked[n].wire, OCTETS);
	forget(rig, n);
}

static struct tls *
trust(const struct peer *peer)
{
	char why[TLS_WHY];
	struct tls *tls = tls_new(peer->path, why);

	assert_non_null(tls);
	return tls;
}

/* Asks question n over TLS; name NULL: the certificate is for the address. */
static enum link_result
ask_tls(struct rig *rig, unsigned n, struct tls *tls, const char *name)
{
	struct asked *asked = &rig->asked[n];

	*asked = (struct asked){.wire = {0x12, (uint8_t)n}};
	asked->question.server.carrier = CARRIER_TLS;
	asked->question.server.tls_name = name;
	assert_true(addr_parse("127.0.0.1", addr_port(&rig->server),
	    &asked->question.server.addr));
	asked->question.tls = tls;
	asked->question.wire = asked->wire;
	asked->question.len = OCTETS;
	return link_ask(&rig->links, &asked->question, &asked->why, clock_at);
}

/* The hands of a server with a certificate are shaken. */
static void
assert_believed(const char *names, const char *name)
{
	struct rig *rig = rig_new();
	struct peer peer = peer_new(names, 0);
	struct tls *tls = trust(&peer);

	assert_int_equal(ask_tls(rig, 0, tls, name), LINK_ASKED);
	assert_true(peer_accept(rig, &peer));
	peer_answer(rig, &peer, 0);
	rig_free(rig);
	tls_drop(tls);
	peer_free(&peer);
}

static void
assert_refused(struct peer peer, const char *name, const char *why)
{
	struct rig *rig = rig_new();
	struct tls *tls = trust(&peer);

	assert_int_equal(ask_tls(rig, 0, tls, name), LINK_ASKED);
	peer_accept(rig, &peer);
	wait_for(rig, &rig->asked[0].failures, 1);
	assert_string_equal(rig->asked[0].why, why);
	rig_free(rig);
	tls_drop(tls);
	peer_free(&peer);
}

static void
a_certificate_for_the_name_or_the_address_is_believed(void **state)
{
	(void)state;
	assert_believed("DNS:dns.example", "dns.example");
	assert_believed("DNS:other.example,DNS:*.dns.example", "a.dns.example");
	assert_believed("IP:127.0.0.1", NULL);
}

static void
any_other_certificate_is_refused_with_a_reason(void **state)
{
	(void)state;
	assert_refused(peer_new("DNS:dns.example", 0), "other.example",
	    "certificate is for another name");
	assert_refused(peer_new("DNS:dns.example", 0), NULL,
	    "certificate is for another address");
	assert_refused(peer_new("IP:127.0.0.2", 0), NULL,
	    "certificate is for another address");
	assert_refused(peer_new("DNS:dns.example", -7200), "dns.example",
	    "certificate has expired");
	assert_refused(peer_new("DNS:dns.example", 7200), "dns.example",
	    "certificate is not yet valid");
}

static void
whom_nobody_vouches_for_is_refused(void **state)
{
	struct rig *rig = rig_new();
	struct peer known = peer_new("DNS:dns.example", 0);
	struct peer peer = peer_new("DNS:dns.example", 0);
	struct tls *tls = trust(&known);

	(void)state;
	assert_int_equal(ask_tls(rig, 0, tls, "dns.example"), LINK_ASKED);
	peer_accept(rig, &peer);
	wait_for(rig, &rig->asked[0].failures, 1);
	assert_string_equal(rig->asked[0].why, "self-signed certificate");
	rig_free(rig);
	tls_drop(tls);
	peer_free(&known);
	peer_free(&peer);
}

static void
an_opportunistic_question_takes_any_certificate(void **state)
{
	struct rig *rig = rig_new();
	struct peer peer = peer_new("DNS:other.example", -7200);
	struct tls *tls = trust(&peer);
	struct asked *asked = &rig->asked[0];

	(void)state;
	assert_int_equal(ask_tls(rig, 0, tls, "dns.example"), LINK_ASKED);
	forget(rig, 0);
	asked->question.server.opportunistic = true;
	assert_int_equal(link_ask(&rig->links, &asked->question, &asked->why,
			     clock_at),
	    LINK_ASKED);
	close(accept_next(rig)); /* the strict one */
	assert_true(peer_accept(rig, &peer));
	peer_answer(rig, &peer, 0);
	rig_free(rig);
	tls_drop(tls);
	peer_free(&peer);
}

static void
a_wrong_certificate_is_not_looked_at_again_for_a_second(void **state)
{
	struct rig *rig = rig_new();
	struct peer peer = peer_new("DNS:dns.example", 0);
	struct tls *tls = trust(&peer);

	(void)state;
	assert_int_equal(ask_tls(rig, 0, tls, "other.example"), LINK_ASKED);
	peer_accept(rig, &peer);
	wait_for(rig, &rig->asked[0].failures, 1);
	clock_at += CLOCK_SECOND - 1;
	assert_int_equal(ask_tls(rig, 1, tls, "other.example"),
	    LINK_UNREACHABLE);
	assert_string_equal(rig->asked[1].why,
	    "certificate is for another name");
	assert_int_equal(ask_tls(rig, 2, tls, "dns.example"), LINK_ASKED);
	forget(rig, 2);
	clock_at += 1;
	assert_int_equal(ask_tls(rig, 1, tls, "other.example"), LINK_ASKED);
	rig_free(rig);
	tls_drop(tls);
	peer_free(&peer);
}

static void
the_next_connection_takes_the_session_up(void **state)
{
	struct rig *rig = rig_new();
	struct peer peer = peer_new("DNS:dns.example", 0);
	struct tls *tls = trust(&peer);

	(void)state;
	assert_int_equal(ask_tls(rig, 0, tls, "dns.example"), LINK_ASKED);
	assert_true(peer_accept(rig, &peer));
	peer_answer(rig, &peer, 0);
	assert_int_equal(SSL_session_reused(peer.ssl), 0);
	peer_hang_up(&peer);
	turn(rig);
	assert_int_equal(ask_tls(rig, 1, tls, "dns.example"), LINK_ASKED);
	assert_true(peer_accept(rig, &peer));
	peer_answer(rig, &peer, 1);
	assert_int_equal(SSL_session_reused(peer.ssl), 1);
	rig_free(rig);
	tls_drop(tls);
	peer_free(&peer);
}

static void
other_authorities_share_neither_connection_nor_session(void **state)
{
	struct rig *rig = rig_new();
	struct peer peer = peer_new("DNS:dns.example", 0);
	struct tls *before = trust(&peer);
	struct tls *after = trust(&peer);

	(void)state;
	assert_int_equal(ask_tls(rig, 0, before, "dns.example"), LINK_ASKED);
	assert_true(peer_accept(rig, &peer));
	peer_answer(rig, &peer, 0);
	peer_hang_up(&peer);
	turn(rig);
	tls_drop(before);
	assert_int_equal(ask_tls(rig, 1, after, "dns.example"), LINK_ASKED);
	assert_true(peer_accept(rig, &peer));
	assert_int_equal(SSL_session_reused(peer.ssl), 0);
	peer_answer(rig, &peer, 1);
	assert_int_equal(ask_tls(rig, 2, after, "dns.example"), LINK_ASKED);
	nobody_connects(rig);
	rig_free(rig);
	tls_drop(after);
	peer_free(&peer);
}

static void
what_is_no_handshake_is_a_reason_too(void **state)
{
	struct rig *rig = rig_new();
	struct peer peer = peer_new("DNS:dns.example", 0);
	struct tls *tls = trust(&peer);
	int fd;

	(void)state;
	assert_int_equal(ask_tls(rig, 0, tls, "dns.example"), LINK_ASKED);
	fd = accept_next(rig);
	assert_int_equal(send(fd, "HTTP/1.1 400 Bad Request\r\n\r\n", 28, 0),
	    28);
	wait_for(rig, &rig->asked[0].failures, 1);
	assert_string_equal(rig->asked[0].why, "wrong version number");
	close(fd);
	rig_free(rig);
	tls_drop(tls);
	peer_free(&peer);
}

static void
a_server_that_never_shakes_hands_has_three_seconds(void **state)
{
	struct rig *rig = rig_new();
	struct peer peer = peer_new("DNS:dns.example", 0);
	struct tls *tls = trust(&peer);
	int fd;

	(void)state;
	assert_int_equal(ask_tls(rig, 0, tls, "dns.example"), LINK_ASKED);
	fd = accept_next(rig);
	pass(rig, 3 * CLOCK_SECOND - CLOCK_SECOND / 2);
	assert_int_equal(rig->asked[0].failures, 0);
	pass(rig, CLOCK_SECOND / 2);
	assert_int_equal(rig->asked[0].failures, 1);
	assert_string_equal(rig->asked[0].why, "no connection within 3 s");
	close(fd);
	rig_free(rig);
	tls_drop(tls);
	peer_free(&peer);
}

static void
the_longest_message_comes_whole_over_tls(void **state)
{
	struct rig *rig = rig_new();
	struct peer peer = peer_new("DNS:dns.example", 0);
	struct tls *tls = trust(&peer);
	uint8_t *frame = calloc(1, 2 + MESSAGE_MAX);
	int left = 2 + MESSAGE_MAX;

	(void)state;
	assert_non_null(frame);
	frame[0] = 0xff;
	frame[1] = 0xff;
	frame[2] = 0x12; /* the id that ask_tls gives question 0 */
	assert_int_equal(ask_tls(rig, 0, tls, "dns.example"), LINK_ASKED);
	assert_true(peer_accept(rig, &peer));
	SSL_set_mode(peer.ssl, SSL_MODE_ENABLE_PARTIAL_WRITE);
	while (left > 0) {
		const int len =
		    SSL_write(peer.ssl, frame + 2 + MESSAGE_MAX - left, left);

		left -= len > 0 ? len : 0;
		turn(rig);
	}
	wait_for(rig, &rig->asked[0].answers, 1);
	assert_int_equal(rig->asked[0].got_len, MESSAGE_MAX);
	forget(rig, 0);
	/* What it asked is still to be read before the next. */
	assert_int_equal(SSL_read(peer.ssl, frame, 2 + OCTETS), 2 + OCTETS);
	assert_int_equal(ask_tls(rig, 1, tls, "dns.example"), LINK_ASKED);
	peer_answer(rig, &peer, 1);
	free(frame);
	rig_free(rig);
	tls_drop(tls);
	peer_free(&peer);
}

static void
without_authorities_nobody_is_asked_over_tls(void **state)
{
	struct rig *rig = rig_new();

	(void)state;
	assert_int_equal(ask_tls(rig, 0, NULL, "dns.example"),
	    LINK_UNREACHABLE);
	nobody_connects(rig);
	rig_free(rig);
}

static void
a_file_without_authorities_is_explained(void **state)
{
	char why[TLS_WHY];

	(void)state;
	assert_null(tls_new("/nonexistent/ca.pem", why));
	assert_string_equal(why, "No such file or directory");
	assert_null(tls_new("/dev/null", why));
	assert_string_equal(why, "no certificate or crl found");
}

static void
a_server_is_complained_of_once_a_minute(void **state)
{
	struct addr one;
	struct addr other;

	(void)state;
	clock_at += 60 * CLOCK_SECOND; /* others may have the same place */
	assert_true(addr_parse("192.0.2.1", 853, &one));
	assert_true(addr_parse("192.0.2.2", 853, &other));
	assert_true(tls_may_complain(&one, clock_at));
	assert_false(tls_may_complain(&one, clock_at + 59 * CLOCK_SECOND));
	assert_true(tls_may_complain(&other, clock_at));
	assert_true(tls_may_complain(&one, clock_at + 60 * CLOCK_SECOND));
}

#define TEST(name) cmocka_unit_test(name)

static const struct CMUnitTest tests[] = {
    TEST(many_questions_go_by_one_connection_and_come_in_any_order),
    TEST(equal_ids_on_one_connection_are_told_apart),
    TEST(a_full_connection_is_joined_by_others_up_to_a_limit),
    TEST(a_question_on_a_kept_connection_that_dies_is_sent_again),
    TEST(it_is_sent_again_once_where_the_fresh_one_dies_too),
    TEST(a_fresh_connection_that_dies_fails_its_questions),
    TEST(a_server_that_closes_after_each_answer_answers_all),
    TEST(a_connection_that_let_a_question_wait_gets_no_new_ones),
    TEST(one_that_was_given_up_sooner_says_nothing_of_its_connection),
    TEST(a_connection_that_speaks_again_is_used_again),
    TEST(one_that_brought_nothing_is_closed_when_nobody_waits),
    TEST(an_idle_connection_is_closed_after_ten_seconds),
    TEST(a_question_keeps_its_connection_from_idling),
    TEST(a_kept_connection_that_the_server_closes_is_replaced),
    TEST(a_message_in_pieces_is_put_together),
    TEST(half_a_message_and_no_more_is_a_failure),
    TEST(a_message_too_short_to_be_one_ends_the_connection),
    TEST(answers_that_nobody_asked_for_end_the_connection),
    TEST(late_answers_are_no_nonsense),
    TEST(a_second_answer_with_the_same_id_reaches_nobody),
    TEST(what_is_forgotten_before_the_connection_stands_is_never_sent),
    TEST(nobody_listens_there),
    TEST(an_address_without_a_route_is_known_at_once),
    TEST(a_want_of_descriptors_is_nobodys_fault),
    TEST(a_question_that_cannot_be_sent_again_for_want_of_one_is_lost),
    TEST(a_message_in_pieces_takes_no_memory_of_its_size),
    TEST(the_longest_idle_connection_makes_room_for_another_server),
    TEST(no_room_is_made_of_connections_with_questions),
    TEST(stopping_closes_what_is_open_and_forgets_what_is_out),
    TEST(a_certificate_for_the_name_or_the_address_is_believed),
    TEST(any_other_certificate_is_refused_with_a_reason),
    TEST(whom_nobody_vouches_for_is_refused),
    TEST(an_opportunistic_question_takes_any_certificate),
    TEST(a_wrong_certificate_is_not_looked_at_again_for_a_second),
    TEST(the_next_connection_takes_the_session_up),
    TEST(other_authorities_share_neither_connection_nor_session),
    TEST(what_is_no_handshake_is_a_reason_too),
    TEST(a_server_that_never_shakes_hands_has_three_seconds),
    TEST(the_longest_message_comes_whole_over_tls),
    TEST(without_authorities_nobody_is_asked_over_tls),
    TEST(a_file_without_authorities_is_explained),
    TEST(a_server_is_complained_of_once_a_minute),
};

int
main(void)
{
	return cmocka_run_group_tests(tests, NULL, NULL);
}
