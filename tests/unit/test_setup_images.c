#include <fcntl.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "ctl/setup_apply.h"
#include "ctl/setup_plan.h"
#include "ctl/setup_run.h"
#include "ctl/setup_survey.h"
#include "fake_root.h"

/*
 * Google's images for Compute Engine, as far as it concerns setup: what lies
 * where after a start with two network interfaces.
 */

enum { TEXT = 16384, BLOCK = 8192 };

static struct fake_root fake;
static struct arena arena;
static struct own_addresses own;
static struct setup_wish wish;
static struct setup_survey survey;
static struct setup_plan plan;
static char fault[SETUP_FAULT];

static int
set_up(void **state)
{
	(void)state;
	arena_init_heap(&arena, BLOCK);
	wish = (struct setup_wish){.domain_count = 0};
	own.count = 1;
	if (!addr_parse("127.0.0.1", 53, &own.addrs[0]))
		return -1;
	wish.address = own.addrs[0];
	if (fake_root_make(&fake) != 0)
		return -1;
	fake_root_way(&fake, "var/lib/");
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	arena_fini(&arena);
	return fake_root_remove(&fake);
}

static void
put(const char *path, const char *text)
{
	fake_root_put(&fake, path, text);
}

/* The whole tree but for what setup keeps, as a text. */
static void
describe(char text[TEXT])
{
	char command[PATH_MAX];
	FILE *pipe;

	snprintf(command, sizeof(command),
	    "cd %s && find . -path ./var -prune -o -printf '%%p %%y %%m %%l\\n'"
	    " | sort && find . -path ./var -prune -o -type f -print | sort |"
	    " xargs cat",
	    fake.path);
	pipe = popen(command, "r"); /* NOLINT(cert-env33-c): ours alone */
	assert_non_null(pipe);
	text[fread(text, 1, TEXT - 1, pipe)] = '\0';
	assert_int_equal(pclose(pipe), 0);
}

static void
print_plan(FILE *out)
{
	char command[SETUP_RUN_COMMAND];

	fprintf(out, "made by %s, by way of %s\n",
	    resolv_owner_text(survey.owner),
	    setup_survey_manager_text(survey.manager));
	setup_network_print(&survey.network, out);
	setup_plan_print(&plan, out);
	if (plan.action != NULL) {
		fprintf(out, "then: %s\n",
		    setup_run_command(plan.action, command));
	}
	for (size_t i = 0; i < plan.note_count; i++)
		fprintf(out, "note: %s\n", plan.notes[i]);
}

/* Compares with tests/setup/NAME.txt, or with GOLDEN=write makes it. */
static void
assert_plan(const char *name)
{
	char expected[TEXT] = "";
	char path[PATH_MAX];
	char text[TEXT];
	FILE *file = fmemopen(text, sizeof(text), "w");

	assert_non_null(file);
	assert_null(plan.refusal);
	print_plan(file);
	fclose(file);
	snprintf(path, sizeof(path), "tests/setup/%s.txt", name);
	if (getenv("GOLDEN") != NULL) {
		file = fopen(path, "we");
		assert_non_null(file);
		fputs(text, file);
		fclose(file);
	}
	file = fopen(path, "re");
	assert_non_null(file);
	expected[fread(expected, 1, sizeof(expected) - 1, file)] = '\0';
	fclose(file);
	assert_string_equal(text, expected);
}

/* The plan is as it should be, can be carried out, and be undone. */
static void
assert_image(const char *name)
{
	struct setup_undone undone;
	char before[TEXT];
	char after[TEXT];

	describe(before);
	assert_true(setup_survey_take(fake.fd, false, &own, &arena, &survey));
	assert_true(setup_plan_make(&survey, &wish, NULL, &arena, &plan));
	assert_plan(name);
	assert_true(setup_apply(fake.fd, &plan, "asked", fault));
	describe(after);
	assert_string_not_equal(after, before);
	assert_true(setup_apply_undo(fake.fd, SETUP_UNDO_ALL, &undone, fault));
	assert_true(setup_apply_forget(fake.fd, fault));
	describe(after);
	assert_string_equal(after, before);
}

static void
have_resolved(const char *link)
{
	fake_root_link(&fake, "etc/resolv.conf", link);
	put("run/systemd/resolve/stub-resolv.conf", "nameserver 127.0.0.53\n");
	put("run/systemd/resolve/resolv.conf",
	    "nameserver 169.254.169.254\nsearch c.proj.internal\n");
}

/* Of the package google-compute-engine since 2024. */
static void
have_pinned_servers(void)
{
	put("etc/systemd/resolved.conf.d/gce-resolved.conf",
	    "[Resolve]\nDomains=~local\nMulticastDNS=false\n"
	    "DNS=169.254.169.254\n");
}

static void
debian_12_is_set_up_and_undone(void **state)
{
	(void)state;
	have_resolved("../run/systemd/resolve/stub-resolv.conf");
	have_pinned_servers();
	put("usr/sbin/netplan", "");
	put("usr/bin/google_guest_agent", "");
	put("etc/default/instance_configs.cfg",
	    "[NetworkInterfaces]\nsetup = true\n");
	put("etc/netplan/90-default.yaml",
	    "network:\n    version: 2\n    ethernets:\n        all-en:\n"
	    "            match:\n                name: en*\n"
	    "            dhcp4: true\n            dhcp4-overrides:\n"
	    "                use-domains: true\n");
	put("run/netplan/20-google-guest-agent-ethernet.yaml",
	    "network:\n    version: 2\n    ethernets:\n        a-ens5:\n"
	    "            match:\n                name: ens5\n"
	    "            mtu: 1460\n            dhcp4: true\n"
	    "            dhcp4-overrides:\n"
	    "                use-domains: false\n");
	put("run/systemd/network/10-netplan-a-ens5.network.d/override.conf",
	    "[Match]\nName = ens5\n[Network]\nDNSDefaultRoute = false\n");
	assert_image("gce-debian-12");
}

/* ifupdown has dhclient for the first interface, the agent for the second. */
static void
debian_11_is_set_up_and_undone(void **state)
{
	(void)state;
	put("etc/resolv.conf",
	    "domain c.proj.internal\n"
	    "search c.proj.internal. google.internal.\n"
	    "nameserver 169.254.169.254\n");
	put("usr/bin/google_guest_agent", "");
	put("usr/bin/networkctl", "");
	put("etc/dhcp/dhclient.conf", "request subnet-mask;\n");
	put("etc/dhcp/dhclient-enter-hooks.d/debug", "");
	fake_root_link(&fake,
	    "etc/dhcp/dhclient-exit-hooks.d/google_set_hostname",
	    "/usr/bin/google_set_hostname");
	put("var/lib/dhcp/dhclient.ens4.leases", "lease {}\n");
	put("run/dhclient.google-guest-agent.ens5.ipv4.lease", "lease {}\n");
	assert_image("gce-debian-11");
}

static void
have_ubuntu(void)
{
	have_resolved("../run/systemd/resolve/stub-resolv.conf");
	have_pinned_servers();
	put("usr/sbin/netplan", "");
	put("etc/default/instance_configs.cfg.distro",
	    "[InstanceSetup]\nset_host_keys = false\n");
	put("etc/netplan/50-cloud-init.yaml",
	    "network:\n    ethernets:\n        ens4:\n"
	    "            dhcp4: true\n            match:\n"
	    "                macaddress: 42:01:0a:80:00:02\n"
	    "            set-name: ens4\n    version: 2\n");
}

static void
ubuntu_22_is_set_up_and_undone(void **state)
{
	(void)state;
	have_ubuntu();
	put("usr/bin/google_guest_agent", "");
	assert_image("gce-ubuntu-22.04");
}

static void
ubuntu_24_is_set_up_and_undone(void **state)
{
	(void)state;
	have_ubuntu();
	put("usr/bin/google_guest_agent_manager", "");
	put("run/netplan/20-google-guest-agent-ethernet.yaml",
	    "network:\n    version: 2\n    ethernets:\n        ens5:\n"
	    "            match:\n                name: ens5\n"
	    "            dhcp4: true\n            dhcp4-overrides:\n"
	    "                use-domains: false\n");
	assert_image("gce-ubuntu-24.04");
}

static void
rocky_9_is_set_up_and_undone(void **state)
{
	(void)state;
	put("etc/resolv.conf",
	    "# Generated by NetworkManager\n"
	    "search c.proj.internal google.internal\n"
	    "nameserver 169.254.169.254\n");
	put("etc/NetworkManager/NetworkManager.conf", "[main]\n");
	put("etc/NetworkManager/dispatcher.d/google_hostname.sh", "");
	put("etc/NetworkManager/system-connections/"
	    "google-guest-agent-eth1.nmconnection",
	    "[guest-agent]\nManagedByGuestAgent = true\n");
	put("run/NetworkManager/resolv.conf", "nameserver 169.254.169.254\n");
	put("usr/bin/google_guest_agent", "");
	assert_image("gce-rocky-9");
}

/* The root is read-only, /etc in memory, /var on the disk. */
static void
have_cos(void)
{
	have_resolved("/run/systemd/resolve/resolv.conf");
	put("usr/lib/os-release", "NAME=\"Container-Optimized OS\"\nID=cos\n");
	fake_root_link(&fake, "etc/os-release", "../usr/lib/os-release");
	put("usr/bin/google_guest_agent", "");
	fake_root_link(&fake,
	    "usr/lib/systemd/system/multi-user.target.wants/"
	    "systemd-networkd.service",
	    "../systemd-networkd.service");
	fake_root_way(&fake, "etc/systemd/");
}

static void
container_optimized_os_is_set_up_and_undone(void **state)
{
	(void)state;
	have_cos();
	assert_image("gce-cos");
}

/* What setup keeps is on the disk still when what it wrote is gone. */
static void
an_etc_that_was_made_anew_can_be_set_up_again(void **state)
{
	char changed[SETUP_PATH];
	struct setup_undone undone;

	(void)state;
	have_cos();
	assert_true(setup_survey_take(fake.fd, false, &own, &arena, &survey));
	assert_true(setup_plan_make(&survey, &wish, NULL, &arena, &plan));
	assert_true(setup_apply(fake.fd, &plan, "asked", fault));
	assert_int_equal(unlinkat(fake.fd,
			     "etc/systemd/resolved.conf.d/zz-resolverd.conf",
			     0),
	    0);
	assert_int_equal(unlinkat(fake.fd, "etc/systemd/resolved.conf.d",
			     AT_REMOVEDIR),
	    0);
	assert_int_equal(setup_apply_stands(fake.fd, "asked", changed, fault),
	    SETUP_STANDING_OTHER);
	assert_string_equal(changed, "");
	assert_true(setup_apply_undo(fake.fd, SETUP_UNDO_OURS, &undone, fault));
	assert_true(setup_apply_forget(fake.fd, fault));
	assert_true(setup_apply(fake.fd, &plan, "asked", fault));
	assert_int_equal(setup_apply_stands(fake.fd, "asked", changed, fault),
	    SETUP_STANDING_SO);
}

#define TEST(function) \
	cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(debian_12_is_set_up_and_undone),
	    TEST(debian_11_is_set_up_and_undone),
	    TEST(ubuntu_22_is_set_up_and_undone),
	    TEST(ubuntu_24_is_set_up_and_undone),
	    TEST(rocky_9_is_set_up_and_undone),
	    TEST(container_optimized_os_is_set_up_and_undone),
	    TEST(an_etc_that_was_made_anew_can_be_set_up_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
