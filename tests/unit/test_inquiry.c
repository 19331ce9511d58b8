#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/diag.h"
#include "core/cache.h"
#include "core/witness.h"
#include "ctl/fleet.h"
#include "dns/request.h"
#include "io/boot.h"
#include "io/inquiry.h"
#include "model/compile.h"
#include "model/model.h"

/*
 * A worker that listens nowhere and whose upstream server this test plays.
 * Whatever is waited for comes within PATIENCE milliseconds or the test fails.
 */
enum { PATIENCE = 5000, HEADER = 12, MESSAGE = 4096, BLOCK = 65536 };

struct rig {
	struct boot boot;
	struct model model;
	struct model_server upstream;
	int server;
	struct snapshot *snapshot; /* a reference of the test's own */
	struct fleet fleet;
};

static void
open_server(struct rig *rig)
{
	struct addr *addr = &rig->upstream.server.addr;

	rig->server = socket(AF_INET, SOCK_DGRAM, 0);
	assert_true(addr_parse("127.0.0.1", 53, addr));
	addr_set_port(addr, 0);
	assert_int_equal(bind(rig->server, &addr->u.any, addr->len), 0);
	assert_int_equal(getsockname(rig->server, &addr->u.any, &addr->len), 0);
}

static struct rig *
rig_new(size_t queries)
{
	struct rig *rig = calloc(1, sizeof(*rig));
	struct diag diag;

	assert_non_null(rig);
	rig->boot = (struct boot){.workers = 1,
	    .cache_size = CACHE_SIZE_MIN,
	    .queries = queries,
	    .tcp_clients = 1};
	open_server(rig);
	model_init(&rig->model);
	rig->model.upstreams =
	    (struct model_list){.items = &rig->upstream, .count = 1};
	diag_init(&diag);
	rig->snapshot = compile_snapshot(&rig->model, &rig->boot.key, &diag);
	diag_fini(&diag);
	assert_non_null(rig->snapshot);
	snapshot_hold(rig->snapshot);
	assert_true(fleet_start(&rig->fleet, &rig->boot, rig->snapshot));
	return rig;
}

static void
rig_free(struct rig *rig)
{
	fleet_stop(&rig->fleet);
	assert_true(snapshot_drop(rig->snapshot));
	compile_free(rig->snapshot);
	model_fini(&rig->model);
	close(rig->server);
	free(rig);
}

/* Context: how often it came back. */
static void
count_answered(struct inquiry *inquiry)
{
	unsigned *count = inquiry->context;

	++*count;
}

static struct inquiry *
inquiry_for(const char *name, unsigned *count)
{
	struct inquiry *inquiry = malloc(sizeof(*inquiry));
	struct question question = {.type = TYPE_A, .class = CLASS_IN};

	assert_non_null(inquiry);
	assert_int_equal(name_from_text(&question.name, name), NAME_OK);
	inquiry_init(inquiry, &question);
	inquiry->answered = count_answered;
	inquiry->context = count;
	return inquiry;
}

/* Until an inquiry is back. */
static void
wait_for(struct rig *rig)
{
	struct pollfd mail = {.fd = rig->fleet.inbox.fd, .events = POLLIN};

	assert_int_equal(poll(&mail, 1, PATIENCE), 1);
	assert_int_equal(fleet_collect(&rig->fleet), 1);
}

static unsigned
rcode_of(const struct inquiry *inquiry)
{
	assert_int_equal(inquiry->outcome, INQUIRY_ANSWERED);
	assert_true(inquiry->answer_len >= HEADER);
	return inquiry->answer[3] & 0x0fu;
}

static unsigned
records_of(const struct inquiry *inquiry)
{
	return inquiry->answer[7];
}

/* A question to the upstream server, and who sent it. */
struct exchange_seen {
	uint8_t wire[MESSAGE];
	size_t len;
	struct addr from;
};

static struct exchange_seen
served(const struct rig *rig)
{
	struct exchange_seen seen = {.from = {.len = sizeof(seen.from.u)}};
	struct pollfd socket = {.fd = rig->server, .events = POLLIN};
	ssize_t len;

	assert_int_equal(poll(&socket, 1, PATIENCE), 1);
	len = recvfrom(rig->server, seen.wire, sizeof(seen.wire), 0,
	    &seen.from.u.any, &seen.from.len);
	assert_true(len >= HEADER);
	seen.len = (size_t)len;
	return seen;
}

/* Answers it NXDOMAIN, without its OPT record. */
static void
serve_nxdomain(const struct rig *rig, struct exchange_seen *seen)
{
	size_t len = HEADER;

	while (seen->wire[len] != 0)
		len += 1 + (size_t)seen->wire[len];
	len += 5;
	seen->wire[2] = 0x81;
	seen->wire[3] = 0x83;
	memset(seen->wire + 8, 0, 4);
	assert_int_equal(sendto(rig->server, seen->wire, len, 0,
			     &seen->from.u.any, seen->from.len),
	    (ssize_t)len);
}

static void
a_private_name_is_answered(void **state)
{
	struct rig *rig = rig_new(16);
	unsigned back = 0;
	struct inquiry *inquiry = inquiry_for("run.app", &back);

	(void)state;
	fleet_ask(&rig->fleet, inquiry);
	wait_for(rig);
	assert_int_equal(back, 1);
	assert_int_equal(rcode_of(inquiry), RCODE_NOERROR);
	assert_int_equal(records_of(inquiry), 4);
	free(inquiry);
	rig_free(rig);
}

static void
an_answer_that_takes_a_server_comes_back_later(void **state)
{
	struct rig *rig = rig_new(16);
	unsigned back = 0;
	struct inquiry *inquiry = inquiry_for("no.example", &back);
	struct exchange_seen seen;

	(void)state;
	fleet_ask(&rig->fleet, inquiry);
	seen = served(rig);
	assert_int_equal(fleet_collect(&rig->fleet), 0);
	serve_nxdomain(rig, &seen);
	wait_for(rig);
	assert_int_equal(rcode_of(inquiry), RCODE_NXDOMAIN);
	free(inquiry);
	rig_free(rig);
}

static void
a_network_that_does_not_exist_is_no_view(void **state)
{
	struct rig *rig = rig_new(16);
	unsigned back = 0;
	struct inquiry *inquiry = inquiry_for("run.app", &back);

	(void)state;
	inquiry->network = "nowhere";
	fleet_ask(&rig->fleet, inquiry);
	wait_for(rig);
	assert_int_equal(inquiry->outcome, INQUIRY_NO_VIEW);
	assert_int_equal(inquiry->answer_len, 0);
	free(inquiry);
	rig_free(rig);
}

static void
a_network_is_asked_by_its_name(void **state)
{
	struct rig *rig = rig_new(16);
	unsigned back = 0;
	struct inquiry *inquiry = inquiry_for("run.app", &back);

	(void)state;
	inquiry->network = "default";
	fleet_ask(&rig->fleet, inquiry);
	wait_for(rig);
	assert_int_equal(rcode_of(inquiry), RCODE_NOERROR);
	free(inquiry);
	rig_free(rig);
}

static void
a_client_that_is_not_served_is_refused(void **state)
{
	struct rig *rig = rig_new(16);
	unsigned back = 0;
	struct inquiry *inquiry = inquiry_for("run.app", &back);

	(void)state;
	assert_true(addr_parse("192.0.2.1", 53, &inquiry->client));
	fleet_ask(&rig->fleet, inquiry);
	wait_for(rig);
	assert_int_equal(rcode_of(inquiry), RCODE_REFUSED);
	free(inquiry);
	rig_free(rig);
}

static void
what_is_no_query_is_dropped(void **state)
{
	struct rig *rig = rig_new(16);
	unsigned back = 0;
	struct inquiry *inquiry = inquiry_for("run.app", &back);

	(void)state;
	inquiry->question[2] |= 0x80; /* QR */
	fleet_ask(&rig->fleet, inquiry);
	wait_for(rig);
	assert_int_equal(inquiry->outcome, INQUIRY_DROPPED);
	free(inquiry);
	rig_free(rig);
}

static void
a_witness_keeps_its_snapshot(void **state)
{
	struct rig *rig = rig_new(16);
	unsigned back = 0;
	struct inquiry *inquiry = inquiry_for("run.app", &back);
	struct witness witness = {0};
	struct arena arena;

	(void)state;
	arena_init_heap(&arena, BLOCK);
	witness.arena = &arena;
	witness.seen =
	    arena_calloc(&arena, WITNESS_SIGHTINGS, sizeof(*witness.seen));
	inquiry->witness = &witness;
	fleet_ask(&rig->fleet, inquiry);
	wait_for(rig);
	assert_ptr_equal(inquiry->snapshot, rig->snapshot);
	assert_int_equal(witness.seen[0].kind, WITNESS_HOP);
	assert_string_equal(witness.seen[0].network->name, "default");
	/* rig_free asserts that its reference is then the last. */
	assert_false(snapshot_drop(inquiry->snapshot));
	free(inquiry);
	arena_fini(&arena);
	rig_free(rig);
}

static void
whoever_waits_when_the_worker_stops_gets_servfail(void **state)
{
	struct rig *rig = rig_new(16);
	unsigned back = 0;
	struct inquiry *inquiry = inquiry_for("www.example", &back);

	(void)state;
	fleet_ask(&rig->fleet, inquiry);
	served(rig);
	fleet_stop(&rig->fleet);
	assert_int_equal(back, 1);
	assert_int_equal(rcode_of(inquiry), RCODE_SERVFAIL);
	free(inquiry);
	rig_free(rig);
}

static void
the_oldest_gives_way_when_no_slot_is_left(void **state)
{
	struct rig *rig = rig_new(1);
	unsigned back = 0;
	struct inquiry *oldest = inquiry_for("old.example", &back);
	struct inquiry *newest = inquiry_for("new.example", &back);
	struct exchange_seen seen;

	(void)state;
	fleet_ask(&rig->fleet, oldest);
	served(rig);
	fleet_ask(&rig->fleet, newest);
	wait_for(rig);
	assert_int_equal(rcode_of(oldest), RCODE_SERVFAIL);
	seen = served(rig);
	serve_nxdomain(rig, &seen);
	wait_for(rig);
	assert_int_equal(rcode_of(newest), RCODE_NXDOMAIN);
	free(oldest);
	free(newest);
	rig_free(rig);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_private_name_is_answered),
	    cmocka_unit_test(an_answer_that_takes_a_server_comes_back_later),
	    cmocka_unit_test(a_network_that_does_not_exist_is_no_view),
	    cmocka_unit_test(a_network_is_asked_by_its_name),
	    cmocka_unit_test(a_client_that_is_not_served_is_refused),
	    cmocka_unit_test(what_is_no_query_is_dropped),
	    cmocka_unit_test(a_witness_keeps_its_snapshot),
	    cmocka_unit_test(whoever_waits_when_the_worker_stops_gets_servfail),
	    cmocka_unit_test(the_oldest_gives_way_when_no_slot_is_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
