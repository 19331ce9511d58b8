#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/diag.h"
#include "core/cache.h"
#include "dns/message.h"
#include "io/boot.h"
#include "io/clock.h"
#include "io/socket.h"
#include "io/worker.h"
#include "model/compile.h"
#include "model/model.h"

/*
 * One real worker on loopback, with servers that this test plays.  Whatever
 * is waited for comes within PATIENCE seconds or the test fails.
 */
enum { PATIENCE = 5, MESSAGE = 8192, SERVERS = 2, HEADER = 12, TEXT = 32 };

struct rig {
	struct boot boot;
	struct addr listen;
	struct port port;
	int udp[SERVERS]; /* the servers' sockets */
	int tcp;	  /* the first server's */
	struct addr servers[SERVERS];
	struct model model;
	struct mailbox outbox;
	struct worker *worker;
};

/* Octets as they are sent or come. */
struct octets {
	size_t len;
	uint8_t wire[MESSAGE];
};

static void
set_patience(int fd)
{
	const struct timeval wait = {.tv_sec = PATIENCE};

	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait,
			     sizeof(wait)),
	    0);
}

/*
 * A socket on a port of the kernel's choice, whose address goes to *addr, or
 * on the port that it has; -1 when somebody has that already.
 */
static int
open_at(const char *host, int type, struct addr *addr)
{
	const int fd = socket(AF_INET, type, 0);

	if (addr->len == 0) {
		assert_true(addr_parse(host, 53, addr));
		addr_set_port(addr, 0);
	}
	if (bind(fd, &addr->u.any, addr->len) != 0) {
		close(fd);
		return -1;
	}
	assert_int_equal(getsockname(fd, &addr->u.any, &addr->len), 0);
	set_patience(fd);
	return fd;
}

/* A port that is free for UDP may be taken for TCP: then another one. */
enum { PORT_TRIES = 50 };

static void
open_server(struct rig *rig)
{
	for (unsigned i = 0; i < PORT_TRIES; i++) {
		rig->servers[0].len = 0;
		rig->udp[0] =
		    open_at("127.0.0.1", SOCK_DGRAM, &rig->servers[0]);
		rig->tcp = open_at("127.0.0.1", SOCK_STREAM, &rig->servers[0]);
		if (rig->tcp >= 0)
			break;
		close(rig->udp[0]);
	}
	assert_true(rig->udp[0] >= 0 && rig->tcp >= 0);
	assert_int_equal(listen(rig->tcp, SERVERS), 0);
}

static struct snapshot *
compile(struct rig *rig)
{
	struct snapshot *snapshot;
	struct diag diag;

	diag_init(&diag);
	snapshot = compile_snapshot(&rig->model, &rig->boot.key, &diag);
	assert_non_null(snapshot);
	diag_fini(&diag);
	return snapshot;
}

static void
configure(struct rig *rig)
{
	struct model_server *items;

	model_init(&rig->model);
	rig->model.upstreams_listed = true;
	items = arena_calloc(&rig->model.arena, SERVERS, sizeof(*items));
	for (unsigned i = 0; i < SERVERS; i++)
		items[i].server.addr = rig->servers[i];
	rig->model.upstreams.items = items;
	rig->model.upstreams.count = SERVERS;
}

static void
open_port(struct rig *rig, const char *host)
{
	rig->port.addr = &rig->listen;
	for (unsigned i = 0; i < PORT_TRIES; i++) {
		rig->listen.len = 0;
		close(open_at(host, SOCK_DGRAM, &rig->listen));
		rig->port.udp = socket_udp_listen(&rig->listen);
		rig->port.tcp = socket_tcp_listen(&rig->listen);
		if (rig->port.udp >= 0 && rig->port.tcp >= 0)
			break;
		close(rig->port.udp);
		close(rig->port.tcp);
	}
	assert_true(rig->port.udp >= 0 && rig->port.tcp >= 0);
	rig->boot.listen = &rig->listen;
	rig->boot.listen_count = 1;
	rig->boot.ports = &rig->port;
}

static void
run_worker(struct rig *rig)
{
	struct snapshot *snapshot = compile(rig);

	assert_true(mailbox_open(&rig->outbox));
	rig->worker = worker_start(&rig->boot, 0, snapshot, &rig->outbox);
	assert_non_null(rig->worker);
	snapshot_drop(snapshot);
}

/* A rig with a worker's limits as in *limits, listening on a host address. */
static struct rig *
rig_new(const char *host, const struct boot *limits)
{
	struct rig *rig = calloc(1, sizeof(*rig));

	assert_non_null(rig);
	rig->boot = *limits;
	rig->boot.workers = 1;
	open_server(rig);
	for (unsigned i = 1; i < SERVERS; i++) {
		rig->udp[i] =
		    open_at("127.0.0.1", SOCK_DGRAM, &rig->servers[i]);
	}
	configure(rig);
	open_port(rig, host);
	run_worker(rig);
	return rig;
}

/* Limits under which nothing is scarce. */
static const struct boot plenty = {
    .cache_size = CACHE_SIZE_MIN,
    .queries = 64,
    .tcp_clients = 8,
    .tcp_idle = PATIENCE * CLOCK_SECOND,
};

/* Snapshots that came home from the worker; frees them. */
static size_t
collect(struct rig *rig)
{
	struct message *message = mailbox_take(&rig->outbox);
	size_t count = 0;

	while (message != NULL) {
		struct message *next = message->next;

		compile_free(message->retired);
		free(message);
		message = next;
		count++;
	}
	return count;
}

/* Waits until the worker has sent something to the control thread. */
static size_t
collect_next(struct rig *rig)
{
	fd_set set;
	struct timeval wait = {.tv_sec = PATIENCE};

	FD_ZERO(&set);
	FD_SET(rig->outbox.fd, &set);
	assert_int_equal(select(rig->outbox.fd + 1, &set, NULL, NULL, &wait),
	    1);
	return collect(rig);
}

static void
send_message(struct rig *rig, enum message_kind kind,
    const struct snapshot *snapshot)
{
	struct message *message = calloc(1, sizeof(*message));

	assert_non_null(message);
	message->kind = kind;
	message->snapshot = snapshot;
	worker_post(rig->worker, message);
}

static void
rig_free(struct rig *rig)
{
	send_message(rig, MESSAGE_STOP, NULL);
	worker_join(rig->worker);
	worker_free(rig->worker);
	collect(rig);
	mailbox_close(&rig->outbox);
	model_fini(&rig->model);
	close(rig->port.udp);
	close(rig->port.tcp);
	close(rig->tcp);
	for (unsigned i = 0; i < SERVERS; i++)
		close(rig->udp[i]);
	free(rig);
}

/* A query for LABEL.DOMAIN, both of one label, type A, recursion desired. */
static struct octets
question(uint8_t id, const char *label, const char *domain)
{
	struct octets query = {.len = HEADER};
	const char *const labels[] = {label, domain};

	query.wire[1] = id;
	query.wire[2] = 0x01;
	query.wire[5] = 1;
	for (unsigned i = 0; i < 2; i++) {
		const size_t len = strlen(labels[i]);

		query.wire[query.len++] = (uint8_t)len;
		memcpy(query.wire + query.len, labels[i], len);
		query.len += len;
	}
	memcpy(query.wire + query.len, "\0\0\1\0\1", 5);
	query.len += 5;
	return query;
}

/* A question with a private answer. */
static struct octets
private_question(uint8_t id)
{
	return question(id, "run", "app");
}

/* What a server says to a query of ours: one address. */
static struct octets
reply_to(const struct octets *query)
{
	static const uint8_t record[] = {0xc0, HEADER, 0, 1, 0, 1, 0, 0, 0, 60,
	    0, 4, 198, 51, 100, 7};
	struct octets reply = *query;

	reply.wire[2] = 0x81;
	reply.wire[3] = 0x80;
	reply.wire[7] = 1;
	memset(reply.wire + 8, 0, 4);
	/* The question stays; our OPT record goes. */
	reply.len = HEADER;
	while (reply.wire[reply.len] != 0)
		reply.len += 1 + (size_t)reply.wire[reply.len];
	reply.len += 5;
	memcpy(reply.wire + reply.len, record, sizeof(record));
	reply.len += sizeof(record);
	return reply;
}

static int
connect_to(const struct rig *rig, const char *host, int type)
{
	const int fd = socket(AF_INET, type, 0);
	struct addr addr;

	assert_true(addr_parse(host, addr_port(&rig->listen), &addr));
	assert_int_equal(connect(fd, &addr.u.any, addr.len), 0);
	set_patience(fd);
	return fd;
}

static void
send_octets(int fd, const struct octets *octets)
{
	assert_int_equal(send(fd, octets->wire, octets->len, 0),
	    (ssize_t)octets->len);
}

/* Adds a message with its length before it. */
static void
add_frame(struct octets *stream, const struct octets *message)
{
	stream->wire[stream->len++] = (uint8_t)(message->len >> 8);
	stream->wire[stream->len++] = (uint8_t)message->len;
	memcpy(stream->wire + stream->len, message->wire, message->len);
	stream->len += message->len;
}

static void
send_frame(int fd, const struct octets *message)
{
	struct octets frame = {0};

	add_frame(&frame, message);
	send_octets(fd, &frame);
}

static struct octets
receive(int fd)
{
	struct octets message;
	const ssize_t len = recv(fd, message.wire, sizeof(message.wire), 0);

	assert_true(len >= HEADER);
	message.len = (size_t)len;
	return message;
}

static void
receive_whole(int fd, uint8_t *buf, size_t len)
{
	assert_int_equal(recv(fd, buf, len, MSG_WAITALL), (ssize_t)len);
}

static struct octets
receive_frame(int fd)
{
	struct octets message;
	uint8_t length[2];

	receive_whole(fd, length, sizeof(length));
	message.len = (size_t)(length[0] << 8 | length[1]);
	assert_true(message.len <= sizeof(message.wire));
	receive_whole(fd, message.wire, message.len);
	return message;
}

/* A question that reached one of the servers, and who asked. */
static struct octets
served(int fd, struct addr *from)
{
	struct octets message;
	ssize_t len;

	from->len = sizeof(from->u);
	len = recvfrom(fd, message.wire, sizeof(message.wire), 0, &from->u.any,
	    &from->len);
	assert_true(len >= HEADER);
	message.len = (size_t)len;
	return message;
}

static void
serve(int fd, const struct octets *reply, const struct addr *to)
{
	assert_int_equal(sendto(fd, reply->wire, reply->len, 0, &to->u.any,
			     to->len),
	    (ssize_t)reply->len);
}

/* Answers the question that comes next as it should be. */
static void
serve_next(int fd)
{
	struct addr from;
	const struct octets query = served(fd, &from);
	const struct octets reply = reply_to(&query);

	serve(fd, &reply, &from);
}

static unsigned
id_of(const struct octets *message)
{
	return (unsigned)(message->wire[0] << 8 | message->wire[1]);
}

static unsigned
rcode_of(const struct octets *message)
{
	return message->wire[3] & 0x0fu;
}

static unsigned
answers_of(const struct octets *message)
{
	return (unsigned)(message->wire[6] << 8 | message->wire[7]);
}

static void
a_private_name_is_answered_over_udp(void **state)
{
	struct rig *rig = rig_new("127.0.0.1", &plenty);
	const int client = connect_to(rig, "127.0.0.1", SOCK_DGRAM);
	const struct octets query = private_question(7);
	struct octets reply;

	(void)state;
	send_octets(client, &query);
	reply = receive(client);
	assert_int_equal(id_of(&reply), 7);
	assert_int_equal(answers_of(&reply), 4);
	close(client);
	rig_free(rig);
}

enum { BURST = 24, LABEL = 7, ALIAS = 14, ADDRESSES = 4 * 16 };

/* A question for longer.run.app, an alias of run.app. */
static struct octets
longer_question(uint8_t id)
{
	struct octets query = private_question(id);

	memmove(query.wire + HEADER + LABEL, query.wire + HEADER,
	    query.len - HEADER);
	memcpy(query.wire + HEADER, "\6longer", LABEL);
	query.len += LABEL;
	return query;
}

/* Asks at once for names of one length, and now and then for a shorter one. */
static void
send_burst(int client)
{
	for (unsigned id = 1; id <= BURST; id++) {
		const struct octets query = id % 5 == 0
		    ? private_question((uint8_t)id)
		    : longer_question((uint8_t)id);

		send_octets(client, &query);
	}
}

/* Each answer is a datagram of its own, and whole. */
static void
receive_burst(int client)
{
	bool came[BURST + 1] = {false};

	for (unsigned i = 0; i < BURST; i++) {
		const struct octets reply = receive(client);
		const unsigned id = id_of(&reply);

		assert_in_range(id, 1, BURST);
		assert_false(came[id]);
		came[id] = true;
		assert_int_equal(answers_of(&reply), id % 5 == 0 ? 4 : 5);
		assert_int_equal(reply.len,
		    private_question((uint8_t)id).len + ADDRESSES +
			(id % 5 == 0 ? 0 : LABEL + ALIAS));
	}
}

static void
answers_to_one_client_come_one_by_one(void **state)
{
	struct rig *rig = rig_new("127.0.0.1", &plenty);
	const int client = connect_to(rig, "127.0.0.1", SOCK_DGRAM);

	(void)state;
	for (unsigned i = 0; i < BURST; i++) {
		send_burst(client);
		receive_burst(client);
	}
	close(client);
	rig_free(rig);
}

/* The kernel cuts up no datagram without a checksum. */
static void
answers_arrive_where_the_kernel_cuts_none_up(void **state)
{
	struct rig *rig = rig_new("0.0.0.0", &plenty);
	const int client = connect_to(rig, "127.0.0.2", SOCK_DGRAM);
	const int on = 1;

	(void)state;
	assert_int_equal(setsockopt(rig->port.udp, SOL_SOCKET, SO_NO_CHECK, &on,
			     sizeof(on)),
	    0);
	for (unsigned i = 0; i < BURST; i++) {
		send_burst(client);
		receive_burst(client);
	}
	close(client);
	rig_free(rig);
}

static void
the_answer_leaves_from_the_address_that_was_asked(void **state)
{
	struct rig *rig = rig_new("0.0.0.0", &plenty);
	/* A connected socket takes nothing from another address. */
	const int client = connect_to(rig, "127.0.0.2", SOCK_DGRAM);
	const struct octets query = private_question(8);
	struct octets reply;

	(void)state;
	send_octets(client, &query);
	reply = receive(client);
	assert_int_equal(id_of(&reply), 8);
	close(client);
	rig_free(rig);
}

static void
a_late_answer_leaves_from_the_address_that_was_asked(void **state)
{
	struct rig *rig = rig_new("0.0.0.0", &plenty);
	const int client = connect_to(rig, "127.0.0.3", SOCK_DGRAM);
	const struct octets query = question(9, "www", "example");
	struct octets reply;

	(void)state;
	send_octets(client, &query);
	serve_next(rig->udp[0]);
	reply = receive(client);
	assert_int_equal(id_of(&reply), 9);
	assert_int_equal(answers_of(&reply), 1);
	close(client);
	rig_free(rig);
}

static void
pipelined_queries_are_all_answered(void **state)
{
	enum { QUERIES = 50 };
	struct rig *rig = rig_new("127.0.0.1", &plenty);
	const int client = connect_to(rig, "127.0.0.1", SOCK_STREAM);
	struct octets stream = {0};

	(void)state;
	for (unsigned id = 0; id < QUERIES; id++) {
		const struct octets query = private_question((uint8_t)id);

		add_frame(&stream, &query);
	}
	send_octets(client, &stream);
	for (unsigned id = 0; id < QUERIES; id++) {
		const struct octets reply = receive_frame(client);

		assert_int_equal(id_of(&reply), id);
		assert_int_equal(answers_of(&reply), 4);
	}
	close(client);
	rig_free(rig);
}

static void
more_forwarded_queries_than_may_be_in_work_are_all_answered(void **state)
{
	enum { QUERIES = TCP_PIPELINE + 8 };
	struct rig *rig = rig_new("127.0.0.1", &plenty);
	const int client = connect_to(rig, "127.0.0.1", SOCK_STREAM);
	struct octets stream = {0};
	unsigned answered = 0;

	(void)state;
	for (unsigned id = 0; id < QUERIES; id++) {
		const char label[] = {'n', (char)('0' + id), '\0'};
		const struct octets query =
		    question((uint8_t)id, label, "example");

		add_frame(&stream, &query);
	}
	send_octets(client, &stream);
	for (unsigned i = 0; i < QUERIES; i++)
		serve_next(rig->udp[0]);
	for (unsigned i = 0; i < QUERIES; i++) {
		const struct octets reply = receive_frame(client);

		answered += answers_of(&reply);
	}
	assert_int_equal(answered, QUERIES);
	close(client);
	rig_free(rig);
}

/* Questions to forward, whose labels are the octets from 1 to n. */
static void
forward_many(int stream, unsigned n)
{
	struct octets queries = {0};

	for (unsigned i = 1; i <= n; i++) {
		/* No letter, whose case might change on the way. */
		const char label[] = {(char)i, '\0'};
		const struct octets query =
		    question((uint8_t)i, label, "example");

		add_frame(&queries, &query);
	}
	send_octets(stream, &queries);
}

static void
a_connection_has_thirty_two_queries_in_work_at_most(void **state)
{
	enum { IN_WORK = 32 };
	struct rig *rig = rig_new("127.0.0.1", &plenty);
	const int stream = connect_to(rig, "127.0.0.1", SOCK_STREAM);
	const int client = connect_to(rig, "127.0.0.1", SOCK_DGRAM);
	const struct octets other = private_question(1);
	struct octets asked;
	struct octets reply;
	struct addr from;

	(void)state;
	forward_many(stream, IN_WORK + 1);
	for (unsigned i = 0; i < IN_WORK; i++)
		asked = served(rig->udp[0], &from);
	/* A private answer shows that the worker has had its turn. */
	send_octets(client, &other);
	receive(client);
	assert_int_equal(recv(rig->udp[0], reply.wire, sizeof(reply.wire),
			     MSG_DONTWAIT),
	    -1);
	reply = reply_to(&asked);
	serve(rig->udp[0], &reply, &from);
	asked = served(rig->udp[0], &from);
	assert_int_equal(asked.wire[HEADER + 1], IN_WORK + 1);
	close(client);
	close(stream);
	rig_free(rig);
}

static void
a_query_in_pieces_is_answered(void **state)
{
	struct rig *rig = rig_new("127.0.0.1", &plenty);
	const int client = connect_to(rig, "127.0.0.1", SOCK_STREAM);
	const struct octets query = private_question(3);
	struct octets stream = {0};
	struct octets reply;

	(void)state;
	add_frame(&stream, &query);
	for (size_t i = 0; i < stream.len; i++)
		assert_int_equal(send(client, stream.wire + i, 1, 0), 1);
	reply = receive_frame(client);
	assert_int_equal(id_of(&reply), 3);
	close(client);
	rig_free(rig);
}

static void
answers_over_tcp_go_as_they_come(void **state)
{
	struct rig *rig = rig_new("127.0.0.1", &plenty);
	const int client = connect_to(rig, "127.0.0.1", SOCK_STREAM);
	const struct octets slow = question(1, "slow", "example");
	const struct octets fast = question(2, "fast", "example");
	struct octets asked;
	struct octets reply;
	struct addr from;

	(void)state;
	send_frame(client, &slow);
	asked = served(rig->udp[0], &from);
	send_frame(client, &fast);
	serve_next(rig->udp[0]);
	reply = receive_frame(client);
	assert_int_equal(id_of(&reply), 2);
	reply = reply_to(&asked);
	serve(rig->udp[0], &reply, &from);
	reply = receive_frame(client);
	assert_int_equal(id_of(&reply), 1);
	close(client);
	rig_free(rig);
}

static void
a_client_that_sends_no_more_still_gets_its_answer(void **state)
{
	struct rig *rig = rig_new("127.0.0.1", &plenty);
	const int client = connect_to(rig, "127.0.0.1", SOCK_STREAM);
	const struct octets query = question(4, "www", "example");
	struct octets reply;
	uint8_t end;

	(void)state;
	send_frame(client, &query);
	assert_int_equal(shutdown(client, SHUT_WR), 0);
	serve_next(rig->udp[0]);
	reply = receive_frame(client);
	assert_int_equal(id_of(&reply), 4);
	assert_int_equal(recv(client, &end, 1, 0), 0);
	close(client);
	rig_free(rig);
}

static void
a_query_over_the_limit_closes_the_connection(void **state)
{
	struct rig *rig = rig_new("127.0.0.1", &plenty);
	const int client = connect_to(rig, "127.0.0.1", SOCK_STREAM);
	const struct octets length = {.len = 2, .wire = {0x10, 0x01}};
	uint8_t end;

	(void)state;
	send_octets(client, &length);
	assert_int_equal(recv(client, &end, 1, 0), 0);
	close(client);
	rig_free(rig);
}

static void
an_idle_connection_is_closed(void **state)
{
	struct boot limits = plenty;
	struct rig *rig;
	int client;
	uint8_t end;

	(void)state;
	limits.tcp_idle = CLOCK_SECOND / 100;
	rig = rig_new("127.0.0.1", &limits);
	client = connect_to(rig, "127.0.0.1", SOCK_STREAM);
	assert_int_equal(recv(client, &end, 1, 0), 0);
	close(client);
	rig_free(rig);
}

static void
the_longest_idle_connection_makes_room(void **state)
{
	const struct octets query = private_question(5);
	struct boot limits = plenty;
	struct octets reply;
	struct rig *rig;
	int clients[3];
	uint8_t end;

	(void)state;
	limits.tcp_clients = 2;
	rig = rig_new("127.0.0.1", &limits);
	for (unsigned i = 0; i < 2; i++) {
		clients[i] = connect_to(rig, "127.0.0.1", SOCK_STREAM);
		send_frame(clients[i], &query);
		receive_frame(clients[i]);
	}
	send_frame(clients[0], &query);
	receive_frame(clients[0]);
	clients[2] = connect_to(rig, "127.0.0.1", SOCK_STREAM);
	assert_int_equal(recv(clients[1], &end, 1, 0), 0);
	send_frame(clients[0], &query);
	reply = receive_frame(clients[0]);
	assert_int_equal(id_of(&reply), 5);
	for (unsigned i = 0; i < 3; i++)
		close(clients[i]);
	rig_free(rig);
}

/* A connection from another address of this host, used once. */
static int
connect_from(const struct rig *rig, const char *host)
{
	const struct octets query = private_question(7);
	const int fd = socket(AF_INET, SOCK_STREAM, 0);
	struct addr addr;

	assert_true(addr_parse(host, 53, &addr));
	addr_set_port(&addr, 0);
	assert_int_equal(bind(fd, &addr.u.any, addr.len), 0);
	assert_int_equal(connect(fd, &rig->listen.u.any, rig->listen.len), 0);
	set_patience(fd);
	send_frame(fd, &query);
	receive_frame(fd);
	return fd;
}

static void
a_host_with_many_connections_loses_its_own(void **state)
{
	const struct octets query = private_question(5);
	struct boot limits = plenty;
	struct rig *rig;
	int clients[4];
	uint8_t end;

	(void)state;
	limits.client_tcp = 2;
	rig = rig_new("127.0.0.1", &limits);
	clients[0] = connect_from(rig, "127.0.0.9");
	clients[1] = connect_from(rig, "127.0.0.1");
	clients[2] = connect_from(rig, "127.0.0.1");
	/* Not the first that came, but the one idle for longest. */
	send_frame(clients[1], &query);
	receive_frame(clients[1]);
	clients[3] = connect_from(rig, "127.0.0.1");
	assert_int_equal(recv(clients[2], &end, 1, 0), 0);
	for (unsigned i = 0; i < 4; i += i == 1 ? 2 : 1) {
		send_frame(clients[i], &query);
		receive_frame(clients[i]);
	}
	assert_int_equal(atomic_load(&rig->worker->counters.tcp_closed_client),
	    1);
	for (unsigned i = 0; i < 4; i++)
		close(clients[i]);
	rig_free(rig);
}

static void
each_host_has_connections_of_its_own(void **state)
{
	enum { HOSTS = 2 * TCP_HOSTS };
	struct boot limits = plenty;
	struct rig *rig;
	int clients[HOSTS];

	(void)state;
	limits.client_tcp = 1;
	limits.tcp_clients = (size_t)2 * HOSTS;
	rig = rig_new("127.0.0.1", &limits);
	for (unsigned i = 0; i < HOSTS; i++) {
		char host[TEXT];

		snprintf(host, sizeof(host), "127.0.1.%u", i + 1);
		clients[i] = connect_from(rig, host);
	}
	assert_int_equal(atomic_load(&rig->worker->counters.tcp_closed_client),
	    0);
	for (unsigned i = 0; i < HOSTS; i++)
		close(clients[i]);
	rig_free(rig);
}

/* Waits for the first of two connections to be closed; which it was. */
static unsigned
closed_first(const int clients[2])
{
	struct pollfd polls[2] = {{.fd = clients[0], .events = POLLIN},
	    {.fd = clients[1], .events = POLLIN}};
	uint8_t end;

	assert_int_equal(poll(polls, 2, PATIENCE * 1000), 1);
	assert_int_equal(recv(polls[polls[0].revents == 0].fd, &end, 1, 0), 0);
	return polls[0].revents == 0;
}

/* With three of four taken all is as ever; the fourth has a quarter. */
static void
the_last_quarter_of_the_connections_idles_a_quarter_as_long(void **state)
{
	const uint64_t idle = CLOCK_SECOND;
	struct boot limits = plenty;
	struct rig *rig;
	uint64_t began;
	int clients[4];

	(void)state;
	limits.tcp_clients = 4;
	limits.tcp_idle = idle;
	rig = rig_new("127.0.0.1", &limits);
	began = clock_now();
	for (unsigned i = 0; i < 4; i++)
		clients[i] = connect_from(rig, "127.0.0.1");
	assert_int_equal(closed_first(clients + 2), 1);
	assert_true(clock_now() - began >= idle / 4);
	assert_int_equal(closed_first((int[]){clients[2], -1}), 0);
	assert_true(clock_now() - began >= idle);
	for (unsigned i = 0; i < 4; i++)
		close(clients[i]);
	rig_free(rig);
}

/* Makes the worker answer TXT for big.example with all but 64 KiB. */
static void
adopt_big_zone(struct rig *rig)
{
	enum { SIZE = 60000 }; /* that many empty strings */
	struct arena *arena = &rig->model.arena;
	struct model_zone *zone = arena_calloc(arena, 1, sizeof(*zone));
	struct model_record_set *set = arena_calloc(arena, 1, sizeof(*set));
	struct rdata *rdata = arena_calloc(arena, 1, sizeof(*rdata));

	rdata->bytes = arena_calloc(arena, 1, SIZE);
	rdata->len = SIZE;
	assert_int_equal(name_from_text(&set->name, "big.example."), NAME_OK);
	set->type = TYPE_TXT;
	set->rdata = rdata;
	set->rdata_count = 1;
	zone->dns_name.name = set->name;
	zone->record_sets.items = set;
	zone->record_sets.count = 1;
	rig->model.zones.items = zone;
	rig->model.zones.count = 1;
	send_message(rig, MESSAGE_ADOPT, compile(rig));
	assert_int_equal(collect_next(rig), 1);
}

/* Sends more questions than the worker reads ahead, and reads no answer. */
static void
ask_without_reading(int stream)
{
	enum { FRAMES = 200, ROUNDS = 12 };
	struct octets query = question(1, "big", "example");
	struct octets frames = {0};

	query.wire[query.len - 3] = TYPE_TXT;
	for (unsigned i = 0; i < FRAMES; i++)
		add_frame(&frames, &query);
	for (unsigned i = 0; i < ROUNDS; i++)
		send_octets(stream, &frames);
}

/*
 * Where one connection is all there is room for, five seconds of patience are
 * a quarter of that.  No other limit of the connection is near.
 */
static void
a_client_that_reads_nothing_is_closed(void **state)
{
	const uint64_t patience = 5 * CLOCK_SECOND / 4;
	struct boot limits = plenty;
	struct pollfd client = {.events = 0};
	uint64_t began;
	struct rig *rig;

	(void)state;
	limits.tcp_clients = 1;
	limits.tcp_idle = 1000 * CLOCK_SECOND;
	rig = rig_new("127.0.0.1", &limits);
	adopt_big_zone(rig);
	client.fd = connect_to(rig, "127.0.0.1", SOCK_STREAM);
	began = clock_now();
	ask_without_reading(client.fd);
	assert_int_equal(poll(&client, 1, 4000), 1);
	assert_true(client.revents & POLLHUP);
	assert_true(clock_now() - began >= patience);
	assert_int_equal(atomic_load(&rig->worker->counters.tcp_closed_idle),
	    1);
	close(client.fd);
	rig_free(rig);
}

static void
each_question_leaves_from_a_port_of_its_own(void **state)
{
	struct rig *rig = rig_new("127.0.0.1", &plenty);
	const int client = connect_to(rig, "127.0.0.1", SOCK_DGRAM);
	const struct octets first = question(1, "one", "example");
	const struct octets second = question(2, "two", "example");
	struct addr from[2];

	(void)state;
	send_octets(client, &first);
	served(rig->udp[0], &from[0]);
	send_octets(client, &second);
	served(rig->udp[0], &from[1]);
	assert_true(addr_port(&from[0]) >= 1024);
	assert_int_not_equal(addr_port(&from[0]), addr_port(&from[1]));
	close(client);
	rig_free(rig);
}

static void
a_reply_that_does_not_match_does_not_end_the_wait(void **state)
{
	struct rig *rig = rig_new("127.0.0.1", &plenty);
	const int client = connect_to(rig, "127.0.0.1", SOCK_DGRAM);
	const struct octets query = question(6, "www", "example");
	struct octets asked;
	struct octets reply;
	struct addr from;

	(void)state;
	send_octets(client, &query);
	asked = served(rig->udp[0], &from);
	reply = reply_to(&asked);
	reply.wire[1] ^= 1;
	serve(rig->udp[0], &reply, &from);
	reply.wire[1] ^= 1;
	serve(rig->udp[0], &reply, &from);
	reply = receive(client);
	assert_int_equal(rcode_of(&reply), 0);
	assert_int_equal(answers_of(&reply), 1);
	close(client);
	rig_free(rig);
}

static void
a_truncated_reply_is_asked_for_over_tcp(void **state)
{
	struct rig *rig = rig_new("127.0.0.1", &plenty);
	const int client = connect_to(rig, "127.0.0.1", SOCK_DGRAM);
	const struct octets query = question(6, "www", "example");
	struct octets asked;
	struct octets reply;
	struct addr from;
	int stream;

	(void)state;
	send_octets(client, &query);
	asked = served(rig->udp[0], &from);
	reply = reply_to(&asked);
	reply.wire[2] |= 0x02;
	serve(rig->udp[0], &reply, &from);
	stream = accept(rig->tcp, NULL, NULL);
	assert_true(stream >= 0);
	set_patience(stream);
	asked = receive_frame(stream);
	reply = reply_to(&asked);
	send_frame(stream, &reply);
	reply = receive(client);
	assert_int_equal(answers_of(&reply), 1);
	close(stream);
	close(client);
	rig_free(rig);
}

/*
 * The TCP socket takes the place that the late answer's socket had in the
 * query, under another number: the lowest that is free.
 */
static void
a_late_truncated_reply_is_asked_for_over_tcp(void **state)
{
	struct rig *rig = rig_new("127.0.0.1", &plenty);
	const int client = connect_to(rig, "127.0.0.1", SOCK_DGRAM);
	const struct octets query = question(6, "www", "example");
	struct octets asked;
	struct octets reply;
	struct addr from;
	struct addr second;
	/* One number for accept, which takes its own before it waits. */
	const int low[] = {dup(client), dup(client)};
	int stream;

	(void)state;
	send_octets(client, &query);
	asked = served(rig->udp[0], &from);
	served(rig->udp[1], &second);
	close(low[0]);
	close(low[1]);
	reply = reply_to(&asked);
	reply.wire[2] |= 0x02;
	serve(rig->udp[0], &reply, &from);
	stream = accept(rig->tcp, NULL, NULL);
	assert_true(stream >= 0);
	set_patience(stream);
	asked = receive_frame(stream);
	reply = reply_to(&asked);
	send_frame(stream, &reply);
	reply = receive(client);
	assert_int_equal(answers_of(&reply), 1);
	close(stream);
	close(client);
	rig_free(rig);
}

static void
a_server_that_is_not_there_is_passed_over_at_once(void **state)
{
	struct rig *rig = rig_new("127.0.0.1", &plenty);
	const int client = connect_to(rig, "127.0.0.1", SOCK_DGRAM);
	const struct octets query = question(6, "www", "example");
	struct octets reply;

	(void)state;
	close(rig->udp[0]);
	rig->udp[0] = dup(rig->udp[1]);
	send_octets(client, &query);
	serve_next(rig->udp[1]);
	reply = receive(client);
	assert_int_equal(answers_of(&reply), 1);
	assert_int_equal(atomic_load(
			     &rig->worker->counters.upstream_unreachable),
	    1);
	assert_int_equal(atomic_load(&rig->worker->counters.upstream_silent),
	    0);
	close(client);
	rig_free(rig);
}

/* Lets this process open nothing more; returns the limit as it was. */
static struct rlimit
take_descriptors(void)
{
	const int lowest = dup(STDIN_FILENO);
	struct rlimit before;
	struct rlimit none;

	assert_true(lowest >= 0);
	close(lowest);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = before;
	none.rlim_cur = (rlim_t)lowest;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	return before;
}

static void
a_shortage_of_descriptors_is_no_fault_of_a_server(void **state)
{
	struct rig *rig = rig_new("127.0.0.1", &plenty);
	const struct counters *counters = &rig->worker->counters;
	const int client = connect_to(rig, "127.0.0.1", SOCK_DGRAM);
	const struct octets lost = question(1, "one", "example");
	const struct octets other = private_question(2);
	const struct octets next = question(3, "two", "example");
	const struct rlimit before = take_descriptors();
	struct octets reply;

	(void)state;
	send_octets(client, &lost);
	/* A private answer shows that the worker has tried the other. */
	send_octets(client, &other);
	receive(client);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	assert_int_equal(atomic_load(&counters->upstream_lost), 1);
	serve_next(rig->udp[1]);
	reply = receive(client);
	assert_int_equal(id_of(&reply), 1);
	assert_int_equal(answers_of(&reply), 1);
	assert_int_equal(atomic_load(&counters->upstream_silent), 0);
	assert_int_equal(atomic_load(&counters->upstream_unreachable), 0);
	/* The server whose turn it was is still the first to be asked. */
	send_octets(client, &next);
	serve_next(rig->udp[0]);
	reply = receive(client);
	assert_int_equal(id_of(&reply), 3);
	close(client);
	rig_free(rig);
}

static void
equal_questions_share_one_exchange(void **state)
{
	struct rig *rig = rig_new("127.0.0.1", &plenty);
	const int client = connect_to(rig, "127.0.0.1", SOCK_DGRAM);
	const struct octets first = question(1, "www", "example");
	const struct octets second = question(2, "WWW", "example");
	struct octets asked;
	struct octets reply;
	struct addr from;
	unsigned ids = 0;

	(void)state;
	send_octets(client, &first);
	asked = served(rig->udp[0], &from);
	send_octets(client, &second);
	/* A private answer shows that the second has been taken up. */
	reply = private_question(3);
	send_octets(client, &reply);
	receive(client);
	reply = reply_to(&asked);
	serve(rig->udp[0], &reply, &from);
	for (unsigned i = 0; i < 2; i++) {
		reply = receive(client);
		ids += id_of(&reply);
	}
	assert_int_equal(ids, 1 + 2);
	assert_int_equal(atomic_load(&rig->worker->counters.sent_udp), 1);
	close(client);
	rig_free(rig);
}

static void
the_oldest_query_gives_way_when_slots_run_out(void **state)
{
	struct boot limits = plenty;
	const struct octets first = question(1, "one", "example");
	const struct octets second = question(2, "two", "example");
	struct octets reply;
	struct addr from;
	struct rig *rig;
	int client;

	(void)state;
	limits.queries = 1;
	rig = rig_new("127.0.0.1", &limits);
	client = connect_to(rig, "127.0.0.1", SOCK_DGRAM);
	send_octets(client, &first);
	served(rig->udp[0], &from);
	send_octets(client, &second);
	reply = receive(client);
	assert_int_equal(id_of(&reply), 1);
	assert_int_equal(rcode_of(&reply), 2);
	serve_next(rig->udp[0]);
	reply = receive(client);
	assert_int_equal(id_of(&reply), 2);
	assert_int_equal(rcode_of(&reply), 0);
	close(client);
	rig_free(rig);
}

static void
a_new_snapshot_sends_the_old_one_home(void **state)
{
	struct rig *rig = rig_new("127.0.0.1", &plenty);
	const int client = connect_to(rig, "127.0.0.1", SOCK_DGRAM);
	const struct octets query = private_question(1);
	struct octets reply;

	(void)state;
	rig->model.mode = MODE_PRIVATE;
	send_message(rig, MESSAGE_ADOPT, compile(rig));
	assert_int_equal(collect_next(rig), 1);
	send_octets(client, &query);
	reply = receive(client);
	/* 199.36.153.8/30 is private.googleapis.com. */
	assert_int_equal(reply.wire[reply.len - 1] & 0xfc, 8);
	close(client);
	rig_free(rig);
}

static void
a_parked_query_keeps_its_snapshot(void **state)
{
	struct rig *rig = rig_new("127.0.0.1", &plenty);
	const int client = connect_to(rig, "127.0.0.1", SOCK_DGRAM);
	const struct octets forwarded = question(1, "www", "example");
	const struct octets local = private_question(2);
	struct octets asked;
	struct octets reply;
	struct addr from;

	(void)state;
	send_octets(client, &forwarded);
	asked = served(rig->udp[0], &from);
	send_message(rig, MESSAGE_ADOPT, compile(rig));
	/* An answer after the message: it was adopted before. */
	do {
		send_octets(client, &local);
		reply = receive(client);
	} while (id_of(&reply) != 2);
	assert_int_equal(collect(rig), 0);
	reply = reply_to(&asked);
	serve(rig->udp[0], &reply, &from);
	reply = receive(client);
	assert_int_equal(id_of(&reply), 1);
	assert_int_equal(collect_next(rig), 1);
	close(client);
	rig_free(rig);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_private_name_is_answered_over_udp),
	    cmocka_unit_test(answers_to_one_client_come_one_by_one),
	    cmocka_unit_test(answers_arrive_where_the_kernel_cuts_none_up),
	    cmocka_unit_test(the_answer_leaves_from_the_address_that_was_asked),
	    cmocka_unit_test(
		a_late_answer_leaves_from_the_address_that_was_asked),
	    cmocka_unit_test(pipelined_queries_are_all_answered),
	    cmocka_unit_test(
		more_forwarded_queries_than_may_be_in_work_are_all_answered),
	    cmocka_unit_test(
		a_connection_has_thirty_two_queries_in_work_at_most),
	    cmocka_unit_test(a_query_in_pieces_is_answered),
	    cmocka_unit_test(answers_over_tcp_go_as_they_come),
	    cmocka_unit_test(a_client_that_sends_no_more_still_gets_its_answer),
	    cmocka_unit_test(a_query_over_the_limit_closes_the_connection),
	    cmocka_unit_test(an_idle_connection_is_closed),
	    cmocka_unit_test(the_longest_idle_connection_makes_room),
	    cmocka_unit_test(a_host_with_many_connections_loses_its_own),
	    cmocka_unit_test(each_host_has_connections_of_its_own),
	    cmocka_unit_test(
		the_last_quarter_of_the_connections_idles_a_quarter_as_long),
	    cmocka_unit_test(a_client_that_reads_nothing_is_closed),
	    cmocka_unit_test(each_question_leaves_from_a_port_of_its_own),
	    cmocka_unit_test(a_reply_that_does_not_match_does_not_end_the_wait),
	    cmocka_unit_test(a_truncated_reply_is_asked_for_over_tcp),
	    cmocka_unit_test(a_late_truncated_reply_is_asked_for_over_tcp),
	    cmocka_unit_test(a_server_that_is_not_there_is_passed_over_at_once),
	    cmocka_unit_test(a_shortage_of_descriptors_is_no_fault_of_a_server),
	    cmocka_unit_test(equal_questions_share_one_exchange),
	    cmocka_unit_test(the_oldest_query_gives_way_when_slots_run_out),
	    cmocka_unit_test(a_new_snapshot_sends_the_old_one_home),
	    cmocka_unit_test(a_parked_query_keeps_its_snapshot),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
