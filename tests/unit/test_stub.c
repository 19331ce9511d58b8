#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "ctl/stub.h"

enum { QUICK_MS = 200, PATIENT_MS = 5000, ROOM = 1024, LENGTH = 2 };

/* What the server at the other end sends for a question, in order. */
enum act {
	ACT_END, /* nothing more */
	ACT_ANSWER,
	ACT_OTHER_ID,
	ACT_OTHER_NAME,
	ACT_OTHER_CASE,
	ACT_TRUNCATE,
	ACT_NO_QUESTION,
	ACT_ERROR, /* SERVFAIL, and a text that wants to rule a terminal */
	ACT_GARBAGE,
	ACT_HANG_UP, /* in the middle of a message */
};

enum { ACTS = 4 };

/* A server for one question by UDP, then one by TCP. */
struct server {
	struct addr addr;
	int udp;
	int tcp;
	enum act by_udp[ACTS];
	enum act by_tcp[ACTS];
	uint8_t asked[ROOM]; /* the last question */
	size_t asked_len;
	pthread_t thread;
};

/* Makes of the question an answer with one address; returns its length. */
static size_t
make_answer(const struct server *server, enum act act, uint8_t *wire)
{
	static const uint8_t record[] = {0xc0, 12, 0, 1, 0, 1, 0, 0, 1, 44, 0,
	    4, 199, 36, 153, 4};
	/* An OPT record with an Extended DNS Error (RFC 8914). */
	static const uint8_t error[] = {0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 13, 0,
	    15, 0, 9, 0, 22, 'd', 'e', 'a', 'd', 0x1b, '[', 'm'};
	size_t len = 12;

	memcpy(wire, server->asked, server->asked_len);
	wire[2] = 0x85;
	wire[3] = 0x80;
	memset(wire + 6, 0, 6);
	if (act == ACT_NO_QUESTION) {
		wire[3] = 1;
		wire[5] = 0;
		return len;
	}
	while (wire[len] != 0)
		len += wire[len] + 1U;
	len += 5;
	if (act == ACT_OTHER_ID)
		wire[0] ^= 1;
	if (act == ACT_OTHER_NAME)
		wire[13] ^= 1;
	if (act == ACT_OTHER_CASE)
		wire[13] ^= 0x20;
	if (act == ACT_TRUNCATE) {
		wire[2] |= 2;
		return len;
	}
	if (act == ACT_GARBAGE)
		return len - 3;
	if (act == ACT_ERROR) {
		wire[3] |= 2;
		wire[11] = 1;
		memcpy(wire + len, error, sizeof(error));
		return len + sizeof(error);
	}
	wire[7] = 1;
	memcpy(wire + len, record, sizeof(record));
	return len + sizeof(record);
}

static void
serve_udp(struct server *server)
{
	struct addr client = {.len = sizeof(client.u)};
	uint8_t wire[ROOM];
	const ssize_t len = recvfrom(server->udp, server->asked, ROOM, 0,
	    &client.u.any, &client.len);

	server->asked_len = (size_t)len;
	for (size_t i = 0; server->by_udp[i] != ACT_END; i++) {
		const size_t n = make_answer(server, server->by_udp[i], wire);

		sendto(server->udp, wire, n, 0, &client.u.any, client.len);
	}
}

static void
serve_tcp(struct server *server)
{
	const int client = accept(server->tcp, NULL, NULL);
	uint8_t wire[LENGTH + ROOM];
	const ssize_t len = recv(client, wire, sizeof(wire), 0);

	server->asked_len = (size_t)len - LENGTH;
	memcpy(server->asked, wire + LENGTH, server->asked_len);
	for (size_t i = 0; server->by_tcp[i] != ACT_END; i++) {
		const enum act act = server->by_tcp[i];
		const size_t n = make_answer(server, act, wire + LENGTH);

		wire[0] = 0;
		wire[1] = (uint8_t)n;
		send(client, wire, act == ACT_HANG_UP ? n : n + LENGTH, 0);
	}
	close(client);
}

static void *
serve(void *arg)
{
	struct server *server = arg;

	if (server->udp >= 0)
		serve_udp(server);
	if (server->by_tcp[0] != ACT_END)
		serve_tcp(server);
	return NULL;
}

/* A socket of the test on a port of the kernel's choice, or on addr's. */
static int
listen_on(int type, struct addr *addr)
{
	const int fd = socket(AF_INET, type, 0);

	assert_true(fd >= 0);
	assert_int_equal(bind(fd, &addr->u.any, addr->len), 0);
	assert_int_equal(getsockname(fd, &addr->u.any, &addr->len), 0);
	if (type == SOCK_STREAM)
		assert_int_equal(listen(fd, 1), 0);
	return fd;
}

static void
start(struct server *server)
{
	assert_true(addr_parse("127.0.0.1:1", 1, &server->addr));
	server->addr.u.in4.sin_port = 0;
	server->tcp = listen_on(SOCK_STREAM, &server->addr);
	server->udp = listen_on(SOCK_DGRAM, &server->addr);
	assert_int_equal(pthread_create(&server->thread, NULL, serve, server),
	    0);
}

static void
finish(struct server *server)
{
	pthread_join(server->thread, NULL);
	close(server->udp);
	close(server->tcp);
}

static struct question
question_of(const char *name)
{
	struct question question = {.type = TYPE_A, .class = CLASS_IN};

	assert_int_equal(name_from_text(&question.name, name), NAME_OK);
	return question;
}

static struct stub
stub_for(const struct server *server, unsigned timeout_ms)
{
	struct stub stub = stub_to(&server->addr);

	stub.timeout_ms = timeout_ms;
	stub.tries = 1;
	return stub;
}

/* Asks the server, once it runs, and waits for its end. */
static struct stub_reply
ask(struct server *server, unsigned timeout_ms, struct arena *arena)
{
	const struct question question = question_of("Svc.a.run.app");
	struct stub_reply reply;
	struct stub stub;

	start(server);
	stub = stub_for(server, timeout_ms);
	stub_ask(&stub, &question, arena, &reply);
	finish(server);
	return reply;
}

static int
setup(void **state)
{
	static struct arena arena;

	arena_init_heap(&arena, 4096);
	*state = &arena;
	return 0;
}

static int
teardown(void **state)
{
	arena_fini(*state);
	return 0;
}

static void
an_answer_comes_with_its_records(void **state)
{
	struct server server = {.by_udp = {ACT_ANSWER}};
	const struct stub_reply reply = ask(&server, PATIENT_MS, *state);

	assert_int_equal(reply.outcome, STUB_ANSWERED);
	assert_int_equal(reply.transport, TRANSPORT_UDP);
	assert_int_equal(reply.response.count, 1);
	assert_string_equal(reply.response.records[0].data, "199.36.153.4");
	assert_int_equal(reply.response.records[0].ttl, 300);
	assert_true(reply.len > 12);
	assert_true(reply.took > 0);
}

static void
a_servers_words_cannot_rule_a_terminal(void **state)
{
	struct server server = {.by_udp = {ACT_ERROR}};
	const struct stub_reply reply = ask(&server, PATIENT_MS, *state);

	assert_int_equal(reply.outcome, STUB_ANSWERED);
	assert_int_equal(reply.response.rcode, RCODE_SERVFAIL);
	assert_int_equal(reply.response.ede, EDE_NO_REACHABLE_AUTHORITY);
	assert_string_equal(reply.response.ede_text, "dead?[m");
}

static void
another_id_is_passed_over(void **state)
{
	struct server server = {.by_udp = {ACT_OTHER_ID, ACT_ANSWER}};

	assert_int_equal(ask(&server, PATIENT_MS, *state).outcome,
	    STUB_ANSWERED);
}

static void
another_id_alone_is_no_answer(void **state)
{
	struct server server = {.by_udp = {ACT_OTHER_ID}};

	assert_int_equal(ask(&server, QUICK_MS, *state).outcome,
	    STUB_TIMED_OUT);
}

static void
another_question_is_no_answer(void **state)
{
	struct server server = {.by_udp = {ACT_OTHER_NAME}};

	assert_int_equal(ask(&server, QUICK_MS, *state).outcome,
	    STUB_TIMED_OUT);
}

static void
another_letter_case_is_an_answer(void **state)
{
	struct server server = {.by_udp = {ACT_OTHER_CASE}};

	assert_int_equal(ask(&server, PATIENT_MS, *state).outcome,
	    STUB_ANSWERED);
}

static void
a_truncated_answer_is_asked_for_by_tcp(void **state)
{
	struct server server = {
	    .by_udp = {ACT_TRUNCATE},
	    .by_tcp = {ACT_ANSWER},
	};
	const struct stub_reply reply = ask(&server, PATIENT_MS, *state);

	assert_int_equal(reply.outcome, STUB_ANSWERED);
	assert_int_equal(reply.transport, TRANSPORT_TCP);
	assert_int_equal(reply.response.count, 1);
}

static void
a_truncated_answer_is_kept_if_so_wished(void **state)
{
	const struct question question = question_of("a.run.app");
	struct server server = {.by_udp = {ACT_TRUNCATE}};
	struct stub_reply reply;
	struct stub stub;

	start(&server);
	stub = stub_for(&server, PATIENT_MS);
	stub.keep_truncated = true;
	stub_ask(&stub, &question, *state, &reply);
	finish(&server);
	assert_int_equal(reply.outcome, STUB_ANSWERED);
	assert_int_equal(reply.transport, TRANSPORT_UDP);
	assert_true((reply.response.flags & FLAG_TC) != 0);
}

static void
a_refusal_without_the_question_is_broken(void **state)
{
	struct server server = {.by_udp = {ACT_NO_QUESTION}};

	assert_int_equal(ask(&server, PATIENT_MS, *state).outcome, STUB_BROKEN);
}

static void
a_connection_that_ends_early_is_broken(void **state)
{
	struct server server = {
	    .by_udp = {ACT_TRUNCATE},
	    .by_tcp = {ACT_HANG_UP},
	};

	assert_int_equal(ask(&server, PATIENT_MS, *state).outcome, STUB_BROKEN);
}

static void
octets_that_are_no_message_are_broken(void **state)
{
	struct server server = {
	    .by_udp = {ACT_TRUNCATE},
	    .by_tcp = {ACT_GARBAGE},
	};

	assert_int_equal(ask(&server, PATIENT_MS, *state).outcome, STUB_BROKEN);
}

static void
silence_ends_with_the_time(void **state)
{
	struct server server = {.by_udp = {ACT_END}};
	const struct stub_reply reply = ask(&server, QUICK_MS, *state);
	struct stub stub = stub_for(&server, QUICK_MS);
	char text[STUB_TEXT];

	assert_int_equal(reply.outcome, STUB_TIMED_OUT);
	assert_true(reply.took >= UINT64_C(1000000) * QUICK_MS);
	assert_string_equal(stub_outcome_text(&stub, &reply, text),
	    "did not answer within 0.2 s");
}

static void
a_second_try_is_another_question(void **state)
{
	const struct question question = question_of("a.run.app");
	struct server server = {.by_udp = {ACT_ANSWER}};
	uint8_t first[ROOM];
	struct stub_reply reply;
	struct stub stub;

	assert_true(addr_parse("127.0.0.1:1", 1, &server.addr));
	server.addr.u.in4.sin_port = 0;
	server.udp = listen_on(SOCK_DGRAM, &server.addr);
	stub = stub_for(&server, QUICK_MS);
	stub.tries = 2;
	stub_ask(&stub, &question, *state, &reply);
	assert_int_equal(reply.outcome, STUB_TIMED_OUT);
	assert_true(recv(server.udp, first, ROOM, MSG_DONTWAIT) > 0);
	assert_true(recv(server.udp, server.asked, ROOM, MSG_DONTWAIT) > 0);
	assert_int_equal(recv(server.udp, first, ROOM, MSG_DONTWAIT), -1);
	close(server.udp);
}

static void
a_closed_port_is_unreachable(void **state)
{
	const struct question question = question_of("a.run.app");
	struct server server = {.udp = -1};
	struct stub_reply reply;
	char text[STUB_TEXT];
	struct stub stub;

	assert_true(addr_parse("127.0.0.1:1", 1, &server.addr));
	server.addr.u.in4.sin_port = 0;
	close(listen_on(SOCK_DGRAM, &server.addr));
	stub = stub_for(&server, PATIENT_MS);
	stub_ask(&stub, &question, *state, &reply);
	assert_int_equal(reply.outcome, STUB_UNREACHABLE);
	assert_int_equal(reply.error, ECONNREFUSED);
	assert_string_equal(stub_outcome_text(&stub, &reply, text),
	    "could not be reached: Connection refused");
	stub.transport = TRANSPORT_TCP;
	stub_ask(&stub, &question, *state, &reply);
	assert_int_equal(reply.error, ECONNREFUSED);
}

static void
the_question_has_the_flags_that_were_wished(void **state)
{
	const struct question question = question_of("a.run.app");
	struct server server = {.by_udp = {ACT_ANSWER}};
	struct stub_reply reply;
	struct request request;
	struct stub stub;

	start(&server);
	stub = stub_for(&server, PATIENT_MS);
	stub.dnssec_ok = true;
	stub.checking_disabled = true;
	stub.no_recursion = true;
	stub_ask(&stub, &question, *state, &reply);
	finish(&server);
	assert_int_equal(request_parse(&request, server.asked,
			     server.asked_len),
	    PARSE_OK);
	assert_int_equal(request.flags & (FLAG_RD | FLAG_CD), FLAG_CD);
	assert_true(request.edns.dnssec_ok);
	assert_int_equal(request.edns.udp_size, UDP_SIZE_SAFE);
}

static void
ids_and_ports_are_not_to_be_guessed(void **state)
{
	const struct question question = question_of("a.run.app");
	struct server server = {.udp = -1};
	struct stub_reply reply;
	unsigned same = 0;
	uint8_t last[3] = {0};
	struct stub stub;

	(void)state;
	assert_true(addr_parse("127.0.0.1:1", 1, &server.addr));
	server.addr.u.in4.sin_port = 0;
	server.udp = listen_on(SOCK_DGRAM, &server.addr);
	stub = stub_for(&server, 1);
	for (unsigned i = 0; i < 16; i++) {
		struct addr client = {.len = sizeof(client.u)};

		stub_ask(&stub, &question, *state, &reply);
		assert_true(recvfrom(server.udp, server.asked, ROOM,
				MSG_DONTWAIT, &client.u.any, &client.len) > 0);
		same += memcmp(last, server.asked, 2) == 0 ||
		    last[2] == (uint8_t)addr_port(&client);
		memcpy(last, server.asked, 2);
		last[2] = (uint8_t)addr_port(&client);
	}
	close(server.udp);
	assert_true(same < 8);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_answer_comes_with_its_records),
	    cmocka_unit_test(a_servers_words_cannot_rule_a_terminal),
	    cmocka_unit_test(another_id_is_passed_over),
	    cmocka_unit_test(another_id_alone_is_no_answer),
	    cmocka_unit_test(another_question_is_no_answer),
	    cmocka_unit_test(another_letter_case_is_an_answer),
	    cmocka_unit_test(a_truncated_answer_is_asked_for_by_tcp),
	    cmocka_unit_test(a_truncated_answer_is_kept_if_so_wished),
	    cmocka_unit_test(a_refusal_without_the_question_is_broken),
	    cmocka_unit_test(a_connection_that_ends_early_is_broken),
	    cmocka_unit_test(octets_that_are_no_message_are_broken),
	    cmocka_unit_test(silence_ends_with_the_time),
	    cmocka_unit_test(a_second_try_is_another_question),
	    cmocka_unit_test(a_closed_port_is_unreachable),
	    cmocka_unit_test(the_question_has_the_flags_that_were_wished),
	    cmocka_unit_test(ids_and_ports_are_not_to_be_guessed),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
