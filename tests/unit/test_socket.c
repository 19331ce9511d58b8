#include <errno.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "io/entropy.h"
#include "io/socket.h"

/* A socket on loopback, whose address goes to *addr. */
static int
open_at(const char *host, struct addr *addr)
{
	const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);

	assert_true(addr_parse(host, 53, addr));
	addr_set_port(addr, 0);
	assert_int_equal(bind(fd, &addr->u.any, addr->len), 0);
	assert_int_equal(getsockname(fd, &addr->u.any, &addr->len), 0);
	return fd;
}

static void
send_to(int fd, const char *text, const struct addr *to)
{
	assert_int_equal(sendto(fd, text, strlen(text), 0, &to->u.any, to->len),
	    strlen(text));
}

static void
what_came_before_a_socket_was_connected_is_refused(void **state)
{
	uint8_t buf[16];
	struct addr ours;
	struct addr server;
	struct addr intruder;
	const int fd = open_at("127.0.0.1", &ours);
	const int right = open_at("127.0.0.1", &server);
	const int wrong = open_at("127.0.0.2", &intruder);

	(void)state;
	send_to(wrong, "forged", &ours);
	assert_int_equal(connect(fd, &server.u.any, server.len), 0);
	send_to(right, "sound", &ours);
	assert_int_equal(socket_udp_receive(fd, &server, buf, sizeof(buf)), -1);
	assert_int_equal(errno, EPROTO);
	assert_int_equal(socket_udp_receive(fd, &server, buf, sizeof(buf)), 5);
	assert_memory_equal(buf, "sound", 5);
	assert_int_equal(socket_udp_receive(fd, &server, buf, sizeof(buf)), -1);
	assert_int_equal(errno, EAGAIN);
	close(fd);
	close(right);
	close(wrong);
}

static void
another_port_of_the_server_is_somebody_else(void **state)
{
	uint8_t buf[16];
	struct addr ours;
	struct addr server;
	struct addr other;
	const int fd = open_at("127.0.0.1", &ours);
	const int right = open_at("127.0.0.1", &server);
	const int wrong = open_at("127.0.0.1", &other);

	(void)state;
	send_to(wrong, "forged", &ours);
	assert_int_equal(socket_udp_receive(fd, &server, buf, sizeof(buf)), -1);
	assert_int_equal(errno, EPROTO);
	close(fd);
	close(right);
	close(wrong);
}

static void
a_question_has_a_connected_socket_of_its_own(void **state)
{
	struct rng rng;
	struct addr server;
	struct addr peer = {.len = sizeof(peer.u)};
	struct addr ours = {.len = sizeof(ours.u)};
	struct addr others = {.len = sizeof(others.u)};
	const int right = open_at("127.0.0.1", &server);
	int fds[2];

	(void)state;
	rng_init(&rng, entropy_fill);
	fds[0] = socket_udp_connect(&server, &rng);
	fds[1] = socket_udp_connect(&server, &rng);
	assert_int_equal(getpeername(fds[0], &peer.u.any, &peer.len), 0);
	assert_true(addr_equal(&peer, &server));
	assert_int_equal(getsockname(fds[0], &ours.u.any, &ours.len), 0);
	assert_int_equal(getsockname(fds[1], &others.u.any, &others.len), 0);
	assert_true(addr_port(&ours) >= 1024);
	assert_int_not_equal(addr_port(&ours), addr_port(&others));
	close(fds[0]);
	close(fds[1]);
	close(right);
}

/* What a socket's option says; -1: it has none such. */
static int
option_of(int fd, int level, int name)
{
	int value = -1;
	socklen_t len = sizeof(value);

	getsockopt(fd, level, name, &value, &len);
	return value;
}

/* RFC 9715 section 3.1 */
static void
a_question_believes_no_path_mtu(void **state)
{
	struct rng rng;
	struct addr ipv4;
	struct addr ipv6;
	int fd;

	(void)state;
	rng_init(&rng, entropy_fill);
	assert_true(addr_parse("127.0.0.1", 53, &ipv4));
	assert_true(addr_parse("::1", 53, &ipv6));
	fd = socket_udp_connect(&ipv4, &rng);
	assert_int_equal(option_of(fd, IPPROTO_IP, IP_MTU_DISCOVER),
	    IP_PMTUDISC_OMIT);
	close(fd);
	fd = socket_udp_connect(&ipv6, &rng);
	if (fd < 0)
		return; /* a machine without IPv6 */
	assert_int_equal(option_of(fd, IPPROTO_IPV6, IPV6_MTU_DISCOVER),
	    IPV6_PMTUDISC_OMIT);
	close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		what_came_before_a_socket_was_connected_is_refused),
	    cmocka_unit_test(another_port_of_the_server_is_somebody_else),
	    cmocka_unit_test(a_question_has_a_connected_socket_of_its_own),
	    cmocka_unit_test(a_question_believes_no_path_mtu),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
