#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ctl/guest_agent.h"
#include "fake_root.h"

static struct fake_root root;
static struct guest_agent agent;

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
	guest_agent_find(root.fd, &agent);
}

static void
it_is_known_by_its_program_or_by_what_it_wrote(void **state)
{
	(void)state;
	put("etc/netplan/50-cloud-init.yaml", "");
	assert_string_equal(agent.sign, "");
	put("run/dhclient.google-guest-agent.eth1.ipv4.pid", "7\n");
	assert_string_equal(agent.sign,
	    "/run/dhclient.google-guest-agent.eth1.ipv4.pid");
	put("etc/systemd/network/20-eth1-google-guest-agent.network", "");
	assert_string_equal(agent.sign,
	    "/etc/systemd/network/20-eth1-google-guest-agent.network");
	put("usr/bin/google_guest_agent_manager", "");
	assert_string_equal(agent.sign, "/usr/bin/google_guest_agent_manager");
}

/* Its README, "Network": by descending priority. */
static void
of_those_who_manage_the_network_it_takes_the_first(void **state)
{
	(void)state;
	put("usr/bin/google_guest_agent", "");
	assert_int_equal(agent.way, GUEST_AGENT_DHCLIENT);
	put("run/systemd/netif/state", "");
	assert_int_equal(agent.way, GUEST_AGENT_NETWORKD);
	fake_root_link(&root,
	    "etc/systemd/system/multi-user.target.wants/NetworkManager.service",
	    "/lib/systemd/system/NetworkManager.service");
	guest_agent_find(root.fd, &agent);
	assert_int_equal(agent.way, GUEST_AGENT_NETWORK_MANAGER);
	put("usr/sbin/wicked", "");
	assert_int_equal(agent.way, GUEST_AGENT_WICKED);
	put("usr/sbin/netplan", "");
	assert_int_equal(agent.way, GUEST_AGENT_NETPLAN);
}

static void
a_persons_settings_go_before_the_distributions(void **state)
{
	(void)state;
	put("etc/default/instance_configs.cfg.distro",
	    "[InstanceSetup]\nsetup = true\n[NetworkInterfaces]\n"
	    "setup = false\nmanage_primary_nic=TRUE\n");
	assert_string_equal(agent.sign, "");
	put("usr/bin/google_guest_agent", "");
	assert_int_equal(agent.way, GUEST_AGENT_NOBODY);
	assert_true(agent.primary);
	put("etc/default/instance_configs.cfg",
	    "[NetworkInterfaces]\nsetup = true\nmanage_primary_nic =\n");
	assert_int_equal(agent.way, GUEST_AGENT_DHCLIENT);
	assert_true(agent.primary);
	put("etc/default/instance_configs.cfg",
	    "[Daemons]\nnetwork_daemon = false\n"
	    "[NetworkInterfaces]\nmanage_primary_nic = false\n");
	assert_int_equal(agent.way, GUEST_AGENT_NOBODY);
	assert_false(agent.primary);
}

static void
settings_of_other_sections_are_not_these(void **state)
{
	(void)state;
	put("usr/bin/google_guest_agent", "");
	put("etc/default/instance_configs.cfg",
	    "setup = false\n[MDS]\nsetup = false\nnetwork_daemon = false\n"
	    "[NetworkInterfaces]\nsetup\nsetup = maybe\n");
	assert_int_equal(agent.way, GUEST_AGENT_DHCLIENT);
}

#define TEST(function) \
	cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(it_is_known_by_its_program_or_by_what_it_wrote),
	    TEST(of_those_who_manage_the_network_it_takes_the_first),
	    TEST(a_persons_settings_go_before_the_distributions),
	    TEST(settings_of_other_sections_are_not_these),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
