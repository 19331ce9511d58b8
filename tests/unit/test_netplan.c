#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "ctl/netplan.h"
#include "fake_root.h"

static struct fake_root root;
static struct netplan netplan;

static int
set_up(void **state)
{
	(void)state;
	return fake_root_make(&root);
}

static int
tear_down(void **state)
{
	(void)state;
	return fake_root_remove(&root);
}

static void
put(const char *path, const char *text)
{
	fake_root_put(&root, path, text);
}

static void
without_files_there_is_none(void **state)
{
	(void)state;
	fake_root_way(&root, "etc/netplan/");
	put("etc/netplan/README", "network: {}\n");
	put("etc/netplan/.hidden.yaml", "network: {}\n");
	netplan_find(root.fd, &netplan);
	assert_int_equal(netplan.count, 0);
	assert_false(netplan.networkd);
}

static void
networkd_renders_what_names_nobody(void **state)
{
	(void)state;
	put("etc/netplan/90-default.yaml",
	    "network:\n  version: 2\n  ethernets:\n    all-en:\n"
	    "      match: {name: en*}\n      dhcp4: true\n");
	netplan_find(root.fd, &netplan);
	assert_int_equal(netplan.count, 1);
	assert_string_equal(netplan_renderer_text(&netplan),
	    "systemd-networkd");
	assert_false(netplan.use_domains);
	assert_string_equal(netplan.search, "");
}

static void
renderers_are_those_of_all_and_of_one(void **state)
{
	(void)state;
	put("etc/netplan/01-all.yaml",
	    "network: {version: 2, renderer: NetworkManager}\n");
	netplan_find(root.fd, &netplan);
	assert_string_equal(netplan_renderer_text(&netplan), "NetworkManager");
	put("etc/netplan/02-one.yaml",
	    "network:\n  ethernets:\n    eth1: {renderer: networkd}\n");
	netplan_find(root.fd, &netplan);
	assert_string_equal(netplan_renderer_text(&netplan),
	    "systemd-networkd and NetworkManager");
}

/* netplan(5): by their names, and run hides etc, which hides lib. */
static void
files_are_read_in_netplans_order(void **state)
{
	(void)state;
	put("usr/lib/netplan/00-lib.yaml", "network: {}\n");
	put("usr/lib/netplan/50-same.yaml",
	    "network: {renderer: NetworkManager}\n");
	put("etc/netplan/50-same.yaml", "network: {renderer: networkd}\n");
	put("run/netplan/20-google-guest-agent-ethernet.yaml", "network: {}\n");
	put("etc/netplan/10-etc.yaml", "network: {}\n");
	netplan_find(root.fd, &netplan);
	assert_int_equal(netplan.count, 4);
	assert_string_equal(netplan.files[0], "/usr/lib/netplan/00-lib.yaml");
	assert_string_equal(netplan.files[1], "/etc/netplan/10-etc.yaml");
	assert_string_equal(netplan.files[2],
	    "/run/netplan/20-google-guest-agent-ethernet.yaml");
	assert_string_equal(netplan.files[3], "/etc/netplan/50-same.yaml");
	assert_false(netplan.network_manager);
}

static void
domains_are_gathered_from_all_devices(void **state)
{
	(void)state;
	put("etc/netplan/a.yaml",
	    "network:\n"
	    "  ethernets:\n"
	    "    eth0:\n"
	    "      nameservers:\n"
	    "        search: [corp.example, \"~.\"]\n"
	    "        addresses: [10.0.0.2]\n"
	    "  bonds:\n"
	    "    bond0:\n"
	    "      dhcp6-overrides:\n"
	    "        use-domains: route\n"
	    "      nameservers: {search: [b.example]}\n");
	netplan_find(root.fd, &netplan);
	assert_string_equal(netplan.search, "corp.example ~. b.example");
	assert_true(netplan.use_domains);
	put("etc/netplan/a.yaml",
	    "network:\n  ethernets:\n    eth0:\n      dhcp4-overrides:\n"
	    "        use-domains: false\n");
	netplan_find(root.fd, &netplan);
	assert_false(netplan.use_domains);
}

static void
what_is_no_yaml_is_told_apart(void **state)
{
	(void)state;
	put("etc/netplan/a.yaml", "network: [\n");
	put("etc/netplan/b.yaml", "- 1\n");
	put("etc/netplan/c.yaml", "network: 7\n");
	put("etc/netplan/d.yaml", "network: {ethernets: {eth0: }, wifis: 3}\n");
	netplan_find(root.fd, &netplan);
	assert_int_equal(netplan.count, 4);
	assert_true(netplan.unread);
	assert_string_equal(netplan_renderer_text(&netplan),
	    "a renderer that cannot be seen");
}

static void
more_files_than_fit_are_left_out(void **state)
{
	char path[] = "etc/netplan/00.yaml";

	(void)state;
	for (size_t i = 0; i < NETPLAN_FILES + 3; i++) {
		path[12] = (char)('a' + i);
		put(path, "network: {}\n");
	}
	netplan_find(root.fd, &netplan);
	assert_int_equal(netplan.count, NETPLAN_FILES);
}

#define TEST(function) \
	cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(without_files_there_is_none),
	    TEST(networkd_renders_what_names_nobody),
	    TEST(renderers_are_those_of_all_and_of_one),
	    TEST(files_are_read_in_netplans_order),
	    TEST(domains_are_gathered_from_all_devices),
	    TEST(what_is_no_yaml_is_told_apart),
	    TEST(more_files_than_fit_are_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
