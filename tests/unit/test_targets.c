#include <event2/event.h>
#include <event2/event_struct.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/diag.h"
#include "config/load.h"
#include "core/cache.h"
#include "ctl/fleet.h"
#include "ctl/targets.h"
#include "dns/message.h"
#include "io/boot.h"
#include "io/loop.h"
#include "model/compile.h"

/*
 * A worker that listens nowhere, and whose upstream server this test plays.
 * Whatever is waited for comes within PATIENCE milliseconds or the test fails.
 */
enum { PATIENCE = 5000, MESSAGE = 4096, TEXT = 2048, MODELS = 2 };

struct rig {
	struct boot boot;
	struct event_base *base;
	struct event mail;
	struct model models[MODELS]; /* of a daemon that is reloaded */
	unsigned count;
	int server;
	unsigned port;
	struct fleet fleet;
	struct targets targets;
	unsigned changes;
};

static void
collect(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	fleet_collect(arg);
}

static void
count_change(void *context)
{
	struct rig *rig = context;

	rig->changes++;
}

static void
open_server(struct rig *rig)
{
	struct addr addr;

	rig->server = socket(AF_INET, SOCK_DGRAM, 0);
	assert_true(addr_parse("127.0.0.1", 53, &addr));
	addr_set_port(&addr, 0);
	assert_int_equal(bind(rig->server, &addr.u.any, addr.len), 0);
	assert_int_equal(getsockname(rig->server, &addr.u.any, &addr.len), 0);
	rig->port = addr_port(&addr);
}

/* Reads a configuration that forwards to this test. */
static const struct model *
configured(struct rig *rig, const char *rest)
{
	const struct load_overrides overrides = {0};
	struct model *model = &rig->models[rig->count++];
	struct diag diag;
	char text[TEXT];
	FILE *file;

	snprintf(text, sizeof(text), "upstreams: [\"127.0.0.1:%u\"]\n%s",
	    rig->port, rest);
	file = fmemopen(text, strlen(text), "r");
	assert_non_null(file);
	diag_init(&diag);
	if (!load_model_file(file, "test.yaml", &overrides, model, &diag)) {
		diag_print(&diag, stderr);
		fail();
	}
	diag_fini(&diag);
	fclose(file);
	return model;
}

static struct snapshot *
compiled(struct rig *rig, const struct model *model)
{
	struct diag diag;
	struct snapshot *snapshot;

	diag_init(&diag);
	snapshot = compile_snapshot(model, &rig->boot.key, &diag);
	diag_fini(&diag);
	assert_non_null(snapshot);
	return snapshot;
}

static struct rig *
rig_new(const char *config)
{
	struct rig *rig = calloc(1, sizeof(*rig));
	const struct model *model;

	assert_non_null(rig);
	rig->boot = (struct boot){.workers = 1,
	    .cache_size = CACHE_SIZE_MIN,
	    .queries = 16,
	    .tcp_clients = 1};
	open_server(rig);
	rig->base = loop_new();
	assert_non_null(rig->base);
	model = configured(rig, config);
	assert_true(fleet_start(&rig->fleet, &rig->boot, compiled(rig, model)));
	event_assign(&rig->mail, rig->base, rig->fleet.inbox.fd,
	    EV_READ | EV_PERSIST, collect, &rig->fleet);
	event_add(&rig->mail, NULL);
	targets_init(&rig->targets, &rig->fleet, rig->base, count_change, rig);
	targets_follow(&rig->targets, model);
	return rig;
}

static void
rig_reload(struct rig *rig, const char *config)
{
	const struct model *model = configured(rig, config);

	assert_true(fleet_publish(&rig->fleet, compiled(rig, model)));
	targets_follow(&rig->targets, model);
}

static void
rig_free(struct rig *rig)
{
	targets_stop(&rig->targets);
	fleet_stop(&rig->fleet);
	event_del(&rig->mail);
	event_base_free(rig->base);
	for (unsigned i = 0; i < rig->count; i++)
		model_fini(&rig->models[i]);
	close(rig->server);
	free(rig);
}

/* A question to the upstream server, and who sent it. */
struct exchange_seen {
	uint8_t wire[MESSAGE];
	struct addr from;
};

static struct exchange_seen
served(const struct rig *rig)
{
	struct exchange_seen seen = {.from = {.len = sizeof(seen.from.u)}};
	struct pollfd socket = {.fd = rig->server, .events = POLLIN};

	assert_int_equal(poll(&socket, 1, PATIENCE), 1);
	assert_true(recvfrom(rig->server, seen.wire, sizeof(seen.wire), 0,
			&seen.from.u.any, &seen.from.len) >= HEADER_SIZE);
	return seen;
}

/* Answers it NXDOMAIN, without its OPT record. */
static void
serve_nxdomain(const struct rig *rig, struct exchange_seen *seen)
{
	size_t len = HEADER_SIZE;

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
give_up(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	(void)arg;
	fail_msg("waited in vain");
}

/* Runs the loop until some target has other addresses. */
static void
wait_for_change(struct rig *rig)
{
	const struct timeval patience = {.tv_sec = 1};
	struct event timer;

	evtimer_assign(&timer, rig->base, give_up, NULL);
	evtimer_add(&timer, &patience);
	while (rig->changes == 0)
		event_base_loop(rig->base, EVLOOP_ONCE);
	evtimer_del(&timer);
}

/* The network that sees ns.test by the upstream server, and the other one. */
static const char in_public[] =
    "networks: [{name: public}, {name: private}]\n"
    "zones:\n"
    "  - {name: z, dns_name: test., private_visibility_config:\n"
    "      {networks: [private]}, record_sets: [{name: ns.test., type: A,\n"
    "      ttl: 60, rrdatas: [192.0.2.7]}]}\n"
    "  - {name: f, dns_name: corp., private_visibility_config:\n"
    "      {networks: [public]}, forwarding_config:\n"
    "      {target_name_servers: [{domain_name: ns.test.}]}}\n";
static const char in_private[] =
    "networks: [{name: public}, {name: private}]\n"
    "zones:\n"
    "  - {name: z, dns_name: test., private_visibility_config:\n"
    "      {networks: [private]}, record_sets: [{name: ns.test., type: A,\n"
    "      ttl: 60, rrdatas: [192.0.2.7]}]}\n"
    "  - {name: f, dns_name: corp., private_visibility_config:\n"
    "      {networks: [private]}, forwarding_config:\n"
    "      {target_name_servers: [{domain_name: ns.test.}]}}\n";

static void
a_reload_while_asking_asks_in_the_new_network(void **state)
{
	struct rig *rig = rig_new(in_public);
	struct exchange_seen first = served(rig);
	struct exchange_seen second = served(rig);

	(void)state;
	rig_reload(rig, in_private);
	serve_nxdomain(rig, &first);
	serve_nxdomain(rig, &second);
	wait_for_change(rig);
	targets_tell(&rig->targets, &rig->models[1]);
	assert_int_equal(rig->models[1].resolved.count, 1);
	assert_int_equal(targets_unknown(&rig->targets), 0);
	rig_free(rig);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_reload_while_asking_asks_in_the_new_network),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
