#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cmocka.h>

#include "ctl/port_owner.h"

static const char udp_table[] =
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when "
    "retrnsmt   uid  timeout inode ref pointer drops\n"
    "  101: 3500007F:0035 00000000:0000 07 00000000:00000000 00:00000000 "
    "00000000   101        0 21034 2 0000000000000000 0\n"
    "  102: 00000000:14E9 00000000:0000 07 00000000:00000000 00:00000000 "
    "00000000     0        0 21035 2 0000000000000000 0\n";

static const char udp6_table[] =
    "  sl  local_address rem_address st tx_queue rx_queue tr tm->when "
    "retrnsmt   uid  timeout inode ref pointer drops\n"
    "  7: 00000000000000000000000001000000:0035 "
    "00000000000000000000000000000000:0000 07 00000000:00000000 "
    "00:00000000 00000000     0        0 900 2 0000000000000000 0\n"
    "  8: 00000000000000000000000000000000:0043 "
    "00000000000000000000000000000000:0000 07 00000000:00000000 "
    "00:00000000 00000000     0        0 901 2 0000000000000000 0\n";

/* The inode that keeps addr from being used; 0 when none does. */
static uint64_t
inode_in(const char *table, const char *text)
{
	char copy[4096];
	FILE *file = fmemopen(copy, strlen(table) + 1, "w+");
	uint64_t inode = 0;
	struct addr addr;
	bool found;

	assert_non_null(file);
	assert_true(addr_parse(text, 53, &addr));
	fputs(table, file);
	rewind(file);
	found = port_owner_inode(file, &addr, &inode);
	fclose(file);
	return found ? inode : 0;
}

static void
an_equal_address_is_found(void **state)
{
	(void)state;
	assert_int_equal(inode_in(udp_table, "127.0.0.53:53"), 21034);
	assert_int_equal(inode_in(udp6_table, "[::1]:53"), 900);
}

static void
another_port_or_address_is_not(void **state)
{
	(void)state;
	assert_int_equal(inode_in(udp_table, "127.0.0.53:54"), 0);
	assert_int_equal(inode_in(udp_table, "127.0.0.1:53"), 0);
	assert_int_equal(inode_in(udp6_table, "[::2]:53"), 0);
}

static void
a_socket_on_every_address_takes_each(void **state)
{
	(void)state;
	assert_int_equal(inode_in(udp_table, "127.0.0.1:5353"), 21035);
}

static void
every_address_needs_each_one_free(void **state)
{
	(void)state;
	assert_int_equal(inode_in(udp_table, "0.0.0.0:53"), 21034);
}

static void
an_ipv6_socket_on_every_address_takes_ipv4_too(void **state)
{
	(void)state;
	assert_int_equal(inode_in(udp6_table, "127.0.0.1:67"), 901);
}

static void
a_broken_table_holds_nothing(void **state)
{
	(void)state;
	assert_int_equal(inode_in("", "127.0.0.1:53"), 0);
	assert_int_equal(inode_in("1: 7F:0035 x\n2: zz\n", "127.0.0.1:53"), 0);
}

/* The kernel hands a message to who asked for its very address. */
static void
an_equal_address_goes_before_every_address(void **state)
{
	static const char table[] =
	    "  1: 00000000:0035 00000000:0000 07 00000000:00000000 00:00000000 "
	    "00000000   101        0 7 2 0000000000000000 0\n"
	    "  2: 0100007F:0035 00000000:0000 07 00000000:00000000 00:00000000 "
	    "00000000   101        0 8 2 0000000000000000 0\n";

	(void)state;
	assert_int_equal(inode_in(table, "127.0.0.1:53"), 8);
	assert_int_equal(inode_in(table, "127.0.0.2:53"), 7);
}

static void
a_part_of_a_service_is_not_stopped_alone(void **state)
{
	const struct port_owner part = {.name = "dnsmasq",
	    .unit = "NetworkManager"};
	const struct port_owner service = {.name = "dnsmasq",
	    .unit = "dnsmasq"};
	const struct port_owner process = {.name = "dnsmasq"};

	(void)state;
	assert_false(port_owner_stands_alone(&part));
	assert_true(port_owner_stands_alone(&service));
	assert_true(port_owner_stands_alone(&process));
}

static void
our_own_socket_is_traced_to_us(void **state)
{
	struct addr addr;
	struct port_owner owner;
	const int fd = socket(AF_INET, SOCK_STREAM, 0);

	(void)state;
	assert_true(addr_parse("127.0.0.1", 53, &addr));
	addr_set_port(&addr, 0);
	assert_int_equal(bind(fd, &addr.u.any, addr.len), 0);
	assert_int_equal(listen(fd, 1), 0);
	assert_int_equal(getsockname(fd, &addr.u.any, &addr.len), 0);
	prctl(PR_SET_NAME, "port-owner-test");
	assert_true(port_owner_find(&addr, SOCK_STREAM, &owner));
	assert_int_equal(owner.pid, getpid());
	assert_string_equal(owner.name, "port-owner-test");
	close(fd);
}

/* The service that a table of control groups names, or "". */
static const char *
unit_in(const char *table)
{
	static char unit[PORT_OWNER_UNIT];
	char copy[4096];
	FILE *file = fmemopen(copy, strlen(table) + 1, "w+");
	bool found;

	assert_non_null(file);
	fputs(table, file);
	rewind(file);
	found = port_owner_unit(file, unit);
	fclose(file);
	return found ? unit : "";
}

static void
a_control_group_names_its_service(void **state)
{
	(void)state;
	assert_string_equal(unit_in("0::/system.slice/dnsmasq.service\n"),
	    "dnsmasq");
	assert_string_equal(unit_in("2:cpu:/\n1:name=systemd:/system.slice/"
				    "system-dns.slice/dns@a.b.service\n"),
	    "dns@a.b");
}

static void
what_a_person_started_is_no_service(void **state)
{
	(void)state;
	assert_string_equal(unit_in("0::/\n"), "");
	assert_string_equal(unit_in(""), "");
	assert_string_equal(unit_in("0::/user.slice/user-1000.slice/"
				    "session-3.scope\n"),
	    "");
	assert_string_equal(unit_in("0::/user.slice/user-1000.slice/"
				    "user@1000.service/app.slice/"
				    "dns.service\n"),
	    "");
	assert_string_equal(unit_in("0::/system.slice/docker.service/x\n"), "");
}

static void
a_command_is_never_made_of_odd_letters(void **state)
{
	(void)state;
	assert_string_equal(unit_in("0::/system.slice/a;b.service\n"), "");
	assert_string_equal(unit_in("0::/system.slice/a b.service\n"), "");
	assert_string_equal(unit_in("0::/system.slice/.service\n"), "");
}

static void
a_service_is_stopped_by_its_manager(void **state)
{
	const struct port_owner service = {.pid = 7,
	    .name = "systemd-resolve",
	    .unit = "systemd-resolved"};
	const struct port_owner process = {.pid = 7, .name = "dnsmasq"};
	char text[PORT_OWNER_COMMAND];

	(void)state;
	assert_string_equal(port_owner_stop_command(&service, text),
	    "systemctl stop systemd-resolved");
	assert_string_equal(port_owner_stop_command(&process, text), "kill 7");
}

static void
a_socket_that_outlives_its_service_is_stopped_too(void **state)
{
	const struct port_owner service = {.pid = 7,
	    .name = "resolverd",
	    .unit = "resolverd",
	    .handed = true};
	const struct port_owner manager = {.pid = 1,
	    .name = "systemd",
	    .handed = true};
	char text[PORT_OWNER_COMMAND];

	(void)state;
	assert_string_equal(port_owner_stop_command(&service, text),
	    "systemctl stop resolverd.socket resolverd.service");
	assert_string_equal(port_owner_stop_command(&manager, text),
	    "systemctl list-sockets shows by which unit");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_equal_address_is_found),
	    cmocka_unit_test(another_port_or_address_is_not),
	    cmocka_unit_test(a_socket_on_every_address_takes_each),
	    cmocka_unit_test(every_address_needs_each_one_free),
	    cmocka_unit_test(an_ipv6_socket_on_every_address_takes_ipv4_too),
	    cmocka_unit_test(a_broken_table_holds_nothing),
	    cmocka_unit_test(an_equal_address_goes_before_every_address),
	    cmocka_unit_test(a_part_of_a_service_is_not_stopped_alone),
	    cmocka_unit_test(our_own_socket_is_traced_to_us),
	    cmocka_unit_test(a_control_group_names_its_service),
	    cmocka_unit_test(what_a_person_started_is_no_service),
	    cmocka_unit_test(a_command_is_never_made_of_odd_letters),
	    cmocka_unit_test(a_service_is_stopped_by_its_manager),
	    cmocka_unit_test(a_socket_that_outlives_its_service_is_stopped_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
