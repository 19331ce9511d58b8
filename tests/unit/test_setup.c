#include <fcntl.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "ctl/setup_apply.h"
#include "ctl/setup_docker.h"
#include "ctl/setup_plan.h"
#include "ctl/setup_run.h"
#include "ctl/setup_survey.h"
#include "ctl/setup_text.h"

enum { TEXT = 8192 };

static char directory[] = "/tmp/test_setup.XXXXXX";
static int root;
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
	snprintf(directory, sizeof(directory), "/tmp/test_setup.XXXXXX");
	if (mkdtemp(directory) == NULL)
		return -1;
	root = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
	arena_init_heap(&arena, TEXT);
	wish = (struct setup_wish){.domain_count = 0};
	own.count = 1;
	if (!addr_parse("127.0.0.1", 53, &own.addrs[0]))
		return -1;
	wish.address = own.addrs[0];
	return 0;
}

static int
tear_down(void **state)
{
	char command[PATH_MAX];

	(void)state;
	arena_fini(&arena);
	close(root);
	snprintf(command, sizeof(command), "chmod -R u+rwX %s; rm -r %s",
	    directory, directory);
	return system(command); /* NOLINT(cert-env33-c): ours alone */
}

static void
make_way(const char *path)
{
	char way[PATH_MAX];

	for (const char *at = path; (at = strchr(at, '/')) != NULL; at++) {
		snprintf(way, sizeof(way), "%.*s", (int)(at - path), path);
		mkdirat(root, way, 0755);
	}
}

static void
put(const char *path, const char *text)
{
	int fd;

	make_way(path);
	fd = openat(root, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

static void
put_link(const char *path, const char *target)
{
	make_way(path);
	assert_int_equal(symlinkat(target, root, path), 0);
}

/* A file's octets; "" when there is none. */
static const char *
get(const char *path)
{
	struct setup_object object;

	assert_true(setup_file_read(root, path, &arena, &object));
	return object.content;
}

static void
take_survey(void)
{
	assert_true(setup_survey_take(root, false, &own, &arena, &survey));
}

static void
make_plan(const char *docker)
{
	take_survey();
	assert_true(setup_plan_make(&survey, &wish, docker, &arena, &plan));
}

/* Compares a text with a file of the tree, or with GOLDEN=write makes it. */
static void
assert_same_as(const char *path, const char *text)
{
	char expected[TEXT] = "";
	FILE *file;

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

/* What a person is shown of the plan. */
static void
assert_plan(const char *name)
{
	char path[PATH_MAX];
	char text[TEXT];
	char command[SETUP_RUN_COMMAND];
	FILE *out = fmemopen(text, sizeof(text), "w");

	assert_non_null(out);
	fprintf(out, "made by %s, by way of %s\n",
	    resolv_owner_text(survey.owner),
	    setup_survey_manager_text(survey.manager));
	if (plan.refusal != NULL)
		fprintf(out, "refused: %s\n", plan.refusal);
	setup_plan_print(&plan, out);
	if (plan.action != NULL) {
		fprintf(out, "then: %s\n",
		    setup_run_command(plan.action, command));
	}
	for (size_t i = 0; i < plan.note_count; i++)
		fprintf(out, "note: %s\n", plan.notes[i]);
	fclose(out);
	snprintf(path, sizeof(path), "tests/setup/%s.txt", name);
	assert_same_as(path, text);
}

/* A machine whose resolv.conf is systemd-resolved's stub. */
static void
have_resolved(void)
{
	put_link("etc/resolv.conf", "../run/systemd/resolve/stub-resolv.conf");
	put("run/systemd/resolve/stub-resolv.conf", "nameserver 127.0.0.53\n");
	put("etc/systemd/resolved.conf.d/gce-resolved.conf",
	    "[Resolve]\nDNS=169.254.169.254\n");
}

static void
plan_for_resolved(void **state)
{
	(void)state;
	have_resolved();
	make_plan(NULL);
	assert_plan("resolved");
}

static void
plan_for_resolved_and_chosen_domains(void **state)
{
	(void)state;
	have_resolved();
	put("etc/systemd/resolved.conf.d/zzz.conf",
	    "[Resolve]\nDNS=10.0.0.9\n");
	wish.domains[wish.domain_count++] = "run.app";
	wish.domains[wish.domain_count++] = "gcr.io";
	make_plan(NULL);
	assert_plan("resolved-domains");
}

static void
plan_for_resolved_that_delegates(void **state)
{
	(void)state;
	have_resolved();
	put("usr/lib/systemd/systemd-resolved", "ELF dns-dns-delegate.d");
	wish.domains[wish.domain_count++] = "run.app";
	assert_true(addr_parse("127.0.0.1:5300", 53, &wish.address));
	make_plan(NULL);
	assert_plan("resolved-delegate");
}

static void
plan_for_network_manager(void **state)
{
	(void)state;
	put_link("etc/resolv.conf", "/run/NetworkManager/resolv.conf");
	put("run/NetworkManager/resolv.conf",
	    "# Generated by NetworkManager\nsearch corp.example\n"
	    "nameserver 10.0.0.2\n");
	make_plan(NULL);
	assert_plan("networkmanager");
}

static void
plan_for_dnsmasq_of_network_manager(void **state)
{
	(void)state;
	put("etc/resolv.conf",
	    "# Generated by NetworkManager\nnameserver 127.0.0.1\n");
	put("etc/NetworkManager/NetworkManager.conf", "[main]\n");
	put("etc/NetworkManager/conf.d/dns.conf", "[main]\ndns=dnsmasq\n");
	wish.domains[wish.domain_count++] = "run.app";
	make_plan(NULL);
	assert_non_null(strstr(plan.refusal, "by --address"));
	assert_true(addr_parse("127.0.0.2:5300", 53, &wish.address));
	make_plan(NULL);
	assert_plan("networkmanager-dnsmasq");
}

static void
plan_for_resolvconf(void **state)
{
	(void)state;
	put_link("etc/resolv.conf", "../run/resolvconf/resolv.conf");
	put("run/resolvconf/resolv.conf", "nameserver 10.0.0.2\n");
	wish.fallback[wish.fallback_count++] = "10.0.0.2";
	make_plan(NULL);
	assert_plan("resolvconf");
}

static void
plan_for_openresolv(void **state)
{
	(void)state;
	put("etc/resolv.conf",
	    "# Generated by resolvconf\n"
	    "nameserver 10.0.0.2\n");
	put("etc/resolvconf.conf", "resolv_conf=/etc/resolv.conf");
	make_plan(NULL);
	assert_plan("openresolv");
}

static void
plan_for_dhclient(void **state)
{
	(void)state;
	put("etc/resolv.conf",
	    "search c.proj.internal\nnameserver 169.254.169.254\n");
	put("etc/dhcp/dhclient.conf", "request subnet-mask;\n");
	put("var/lib/dhcp/dhclient.ens4.leases", "");
	wish.fallback[wish.fallback_count++] = "169.254.169.254";
	make_plan("172.17.0.1");
	assert_plan("dhclient");
}

static void
plan_for_dhcpcd(void **state)
{
	(void)state;
	put("etc/resolv.conf",
	    "# Generated by dhcpcd from eth0.dhcp\nnameserver 10.0.0.2\n");
	/* What follows such a line is for the interface alone. */
	put("etc/dhcpcd.conf", "hostname\ninterface eth0\nmetric 100\n");
	make_plan(NULL);
	assert_plan("dhcpcd");
	assert_string_equal(plan.steps[1].path, "etc/dhcpcd.conf");
	assert_ptr_equal(strstr(plan.steps[1].becomes.content,
			     RESOLV_OWNER_SIGNATURE),
	    plan.steps[1].becomes.content);
}

static void
plan_for_a_plain_file(void **state)
{
	(void)state;
	put("etc/resolv.conf",
	    "# Created by cloud-init on instance boot automatically\n"
	    "nameserver 10.0.0.2\nnameserver 127.0.0.1\nsearch a b\n"
	    "options edns0\n");
	make_plan(NULL);
	assert_plan("plain");
}

static void
plan_without_a_file(void **state)
{
	(void)state;
	put("etc/hosts", "");
	make_plan(NULL);
	assert_plan("none");
}

static void
an_owner_whose_ways_are_not_known_is_refused(void **state)
{
	(void)state;
	put("etc/resolv.conf",
	    "# resolv.conf(5) file generated by tailscale\n");
	make_plan(NULL);
	assert_plan("unknown");
}

static void
what_cannot_be_done_is_refused(void **state)
{
	(void)state;
	put("etc/resolv.conf", "nameserver 10.0.0.2\n");
	wish.domains[wish.domain_count++] = "run.app";
	make_plan(NULL);
	assert_non_null(strstr(plan.refusal, "chosen domains"));
	wish.domain_count = 0;
	addr_set_port(&wish.address, 5300);
	make_plan(NULL);
	assert_non_null(strstr(plan.refusal, "another port"));
	addr_set_port(&wish.address, 53);
	survey.immutable = true;
	assert_true(setup_plan_make(&survey, &wish, NULL, &arena, &plan));
	assert_non_null(strstr(plan.refusal, "chattr -i"));
}

static void
a_directory_in_the_place_of_a_file_is_refused(void **state)
{
	(void)state;
	make_way("etc/resolv.conf/");
	make_plan(NULL);
	assert_non_null(strstr(plan.refusal, "no text file"));
}

static void
what_would_rule_the_terminal_is_escaped(void **state)
{
	char text[TEXT];
	FILE *out = fmemopen(text, sizeof(text), "w");

	(void)state;
	assert_non_null(out);
	put("etc/resolv.conf", "nameserver 10.0.0.2 \033[2J\n");
	make_plan(NULL);
	setup_plan_print(&plan, out);
	fclose(out);
	assert_null(strchr(text, '\033'));
	assert_non_null(strstr(text, "\\x1b[2J"));
}

static void
texts_for_a_person_are_those_that_setup_writes(void **state)
{
	(void)state;
	assert_same_as("systemd/resolved.conf.d/zz-resolverd.conf",
	    setup_text_resolved(&wish, &arena));
	assert_same_as("systemd/NetworkManager/zz-resolverd.conf",
	    setup_text_network_manager(&wish, &arena));
	assert_same_as("systemd/resolvconf/resolverd-resolvconf.conf",
	    setup_text_tmpfiles(&wish, &arena));
	assert_same_as("systemd/resolvconf/openresolv.conf",
	    setup_text_openresolv(&wish, &arena));
	assert_same_as("systemd/dhclient/dhclient.conf",
	    setup_text_dhclient(&wish, &arena));
	wish.domains[wish.domain_count++] = "run.app";
	assert_same_as("systemd/dns-delegate.d/resolverd.dns-delegate",
	    setup_text_delegate(&wish, &arena));
}

/* What becomes of a daemon.json. */
static const char *
merged(const char *old)
{
	const char *why;
	const char *text = setup_docker_merge(old, "172.17.0.1", &arena, &why);

	assert_true((text == NULL) == (why != NULL));
	return text == NULL ? why : text;
}

static void
daemon_json_keeps_all_but_its_servers(void **state)
{
	(void)state;
	assert_string_equal(merged(""), "{\n  \"dns\": [\"172.17.0.1\"]\n}\n");
	assert_string_equal(merged("{}"), "{\n  \"dns\": [\"172.17.0.1\"]}");
	assert_string_equal(merged(" {\"a\":{\"dns\":[1]},\"b\":\"}\"}\n"),
	    " {\n  \"dns\": [\"172.17.0.1\"],\"a\":{\"dns\":[1]},"
	    "\"b\":\"}\"}\n");
	assert_string_equal(
	    merged("{\"a\\\"\": \"\\\\\", \"dns\" : [\"1.1.1.1\"] , \"z\":1}"),
	    "{\"a\\\"\": \"\\\\\", \"dns\" : [\"172.17.0.1\"] , \"z\":1}");
	assert_string_equal(merged("{\"dns-opts\": [\"a\"], \"dns\":null}"),
	    "{\"dns-opts\": [\"a\"], \"dns\":[\"172.17.0.1\"]}");
}

static void
what_is_no_daemon_json_is_left_alone(void **state)
{
	(void)state;
	assert_string_equal(merged("[1]"), "is no JSON object");
	assert_string_equal(merged("{\"dns\": "), "is no JSON object");
	assert_string_equal(merged("{\"a\": 1,}"), "is no JSON object");
	assert_string_equal(merged("# comment"), "is no JSON object");
}

/* A machine with a link, a file that is appended to, and a new file. */
static void
have_dhclient(void)
{
	put("etc/real.conf", "nameserver 10.0.0.2\n");
	put_link("etc/resolv.conf", "real.conf");
	put("etc/dhcp/dhclient.conf", "request subnet-mask;\n");
	assert_int_equal(fchmodat(root, "etc/dhcp/dhclient.conf", 0604, 0), 0);
	put("var/lib/dhcp/dhclient.ens4.leases", "");
}

static void
apply(void)
{
	make_plan("172.17.0.1");
	assert_true(setup_apply(root, &plan, "wish", fault));
}

static enum setup_standing
standing(const char *asked)
{
	char changed[SETUP_PATH];

	return setup_apply_stands(root, asked, changed, fault);
}

static void
undo_restores_content_mode_and_links(void **state)
{
	struct setup_undone undone;
	struct setup_object object;

	(void)state;
	have_dhclient();
	apply();
	assert_non_null(
	    strstr(get("etc/dhcp/dhclient.conf"), "supersede domain-name"));
	assert_non_null(strstr(get("etc/resolv.conf"), "nameserver 127.0.0.1"));
	assert_int_equal(standing("wish"), SETUP_STANDING_SO);
	assert_int_equal(standing("another"), SETUP_STANDING_OTHER);
	assert_true(setup_apply_undo(root, SETUP_UNDO_ALL, &undone, fault));
	assert_true(setup_apply_forget(root, fault));
	assert_int_equal(undone.count, 4);
	assert_int_equal(standing("wish"), SETUP_STANDING_NOT);
	assert_true(setup_file_read(root, "etc/resolv.conf", &arena, &object));
	assert_int_equal(object.kind, SETUP_LINK);
	assert_string_equal(object.content, "real.conf");
	assert_true(
	    setup_file_read(root, "etc/dhcp/dhclient.conf", &arena, &object));
	assert_int_equal(object.mode, 0604);
	assert_string_equal(object.content, "request subnet-mask;\n");
	assert_int_equal(faccessat(root, "etc/docker", F_OK, 0), -1);
}

static void
what_somebody_changed_is_not_written_over(void **state)
{
	struct setup_undone undone;

	(void)state;
	have_dhclient();
	apply();
	put("etc/dhcp/dhclient.conf", "mine\n");
	assert_int_equal(standing("wish"), SETUP_STANDING_OTHER);
	assert_false(setup_apply_undo(root, SETUP_UNDO_ALL, &undone, fault));
	assert_non_null(strstr(fault, "/etc/dhcp/dhclient.conf was changed"));
	assert_non_null(strstr(get("etc/resolv.conf"), "127.0.0.1"));
	assert_true(setup_apply_undo(root, SETUP_UNDO_OURS, &undone, fault));
	assert_string_equal(get("etc/dhcp/dhclient.conf"), "mine\n");
	assert_string_equal(get("etc/resolv.conf"), "real.conf");
	assert_true(setup_apply_undo(root, SETUP_UNDO_FORCE, &undone, fault));
	assert_string_equal(get("etc/dhcp/dhclient.conf"),
	    "request subnet-mask;\n");
}

/* As dhclient's script writes it, with the servers that setup has told it. */
static void
what_dhclient_wrote_again_is_no_change(void **state)
{
	struct setup_undone undone;

	(void)state;
	have_dhclient();
	make_plan(NULL);
	assert_true(setup_apply(root, &plan, "127.0.0.1:53 owner=", fault));
	put("etc/resolv.conf",
	    "domain a.example\nnameserver 127.0.0.1\nnameserver 10.0.0.9\n");
	assert_int_equal(standing("127.0.0.1:53 owner="), SETUP_STANDING_OTHER);
	assert_false(setup_apply_undo(root, SETUP_UNDO_ALL, &undone, fault));
	put("etc/resolv.conf", "domain a.example\nnameserver 127.0.0.1\n");
	assert_int_equal(standing("127.0.0.1:53 owner="), SETUP_STANDING_SO);
	assert_true(setup_apply_undo(root, SETUP_UNDO_ALL, &undone, fault));
	assert_string_equal(get("etc/resolv.conf"), "real.conf");
}

/* The lines of setup in a changed file would outlive it, and the daemon. */
static void
set_up_again_over_a_changed_file_is_undone_all_the_same(void **state)
{
	struct setup_undone undone;
	char changed[TEXT];

	(void)state;
	have_dhclient();
	wish.fallback[0] = "10.0.0.2";
	wish.fallback_count = 1;
	apply();
	snprintf(changed, sizeof(changed), "%stimeout 9;\n",
	    get("etc/dhcp/dhclient.conf"));
	put("etc/dhcp/dhclient.conf", changed);
	assert_true(setup_apply_undo(root, SETUP_UNDO_OURS, &undone, fault));
	assert_true(setup_apply_forget(root, fault));
	wish.fallback_count = 0;
	apply();
	assert_string_equal(get("etc/dhcp/dhclient.conf"),
	    "request subnet-mask;\ntimeout 9;\n" RESOLV_OWNER_SIGNATURE
	    "; 'resolverctl setup --undo' takes it back.\n"
	    "supersede domain-name-servers 127.0.0.1;\n");
	assert_true(setup_apply_undo(root, SETUP_UNDO_ALL, &undone, fault));
	assert_string_equal(get("etc/dhcp/dhclient.conf"),
	    "request subnet-mask;\ntimeout 9;\n");
}

static void
a_second_set_up_keeps_what_the_first_found(void **state)
{
	(void)state;
	have_dhclient();
	apply();
	assert_false(setup_apply(root, &plan, "wish", fault));
	assert_non_null(strstr(fault, "already"));
}

static void
a_file_that_cannot_be_written_ends_it(void **state)
{
	struct setup_undone undone;

	(void)state;
	have_dhclient();
	make_plan("172.17.0.1");
	/* Somebody was quicker: no file goes where a directory is. */
	make_way("etc/docker/daemon.json/x/");
	assert_false(setup_apply(root, &plan, "wish", fault));
	assert_non_null(strstr(fault, "/etc/docker/daemon.json: "));
	assert_false(setup_apply_undo(root, SETUP_UNDO_FORCE, &undone, fault));
	assert_non_null(strstr(fault, "/etc/docker/daemon.json: "));
}

/* A manifest with an octet of it changed, or its end lost. */
static void
spoil_manifest(size_t at, size_t len)
{
	const char *path = SETUP_STATE_DIRECTORY "/manifest";
	const char *old = get(path);
	char *text = arena_strdup(&arena, old);

	assert_true(strlen(text) > at && strlen(text) > len);
	text[at] ^= 1;
	if (len > 0)
		text[len] = '\0';
	put(path, text);
}

static void
a_manifest_that_was_spoilt_is_not_believed(void **state)
{
	const char *path = SETUP_STATE_DIRECTORY "/manifest";
	struct setup_undone undone;
	const char *good;
	size_t len;

	(void)state;
	have_dhclient();
	apply();
	good = get(path);
	len = strlen(good);
	for (size_t at = 0; at + 1 < len; at++) {
		spoil_manifest(at, 0);
		assert_false(
		    setup_apply_undo(root, SETUP_UNDO_FORCE, &undone, fault));
		assert_non_null(strstr(fault, "manifest is damaged"));
		put(path, good);
	}
	for (size_t cut = 1; cut < len; cut++) {
		spoil_manifest(0, cut);
		assert_int_equal(standing("wish"), SETUP_STANDING_UNKNOWN);
		put(path, good);
	}
	put(path, "");
	assert_int_equal(standing("wish"), SETUP_STANDING_UNKNOWN);
	put(path, good);
	assert_true(setup_apply_undo(root, SETUP_UNDO_ALL, &undone, fault));
}

static void
what_was_kept_and_spoilt_is_not_put_back(void **state)
{
	struct setup_undone undone;

	(void)state;
	have_dhclient();
	apply();
	for (size_t i = 0; i < SETUP_ENTRIES; i++) {
		char path[PATH_MAX];

		snprintf(path, sizeof(path), SETUP_STATE_DIRECTORY "/kept-%zu",
		    i);
		if (get(path)[0] != '\0')
			put(path, "exec evil;");
	}
	assert_false(setup_apply_undo(root, SETUP_UNDO_ALL, &undone, fault));
	assert_non_null(strstr(fault, "what was kept of it is damaged"));
	assert_null(strstr(get("etc/dhcp/dhclient.conf"), "evil"));
}

static void
a_state_that_others_can_change_is_not_used(void **state)
{
	(void)state;
	have_dhclient();
	make_way(SETUP_STATE_DIRECTORY "/");
	assert_int_equal(fchmodat(root, "var/lib/resolverd", 0777, 0), 0);
	make_plan(NULL);
	assert_false(setup_apply(root, &plan, "wish", fault));
	assert_non_null(strstr(fault, "must belong to root"));
	assert_string_equal(get("etc/resolv.conf"), "real.conf");
}

static void
commands_say_what_they_are(void **state)
{
	char buf[SETUP_RUN_COMMAND];
	char output[SETUP_RUN_OUTPUT];

	(void)state;
	assert_string_equal(setup_run_command("restart-resolved", buf),
	    "systemctl restart systemd-resolved.service");
	assert_null(setup_run_command("reboot", buf));
	assert_false(setup_run("reboot", output));
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(plan_for_resolved),
	    TEST(plan_for_resolved_and_chosen_domains),
	    TEST(plan_for_resolved_that_delegates),
	    TEST(plan_for_network_manager),
	    TEST(plan_for_dnsmasq_of_network_manager),
	    TEST(plan_for_resolvconf),
	    TEST(plan_for_openresolv),
	    TEST(plan_for_dhclient),
	    TEST(plan_for_dhcpcd),
	    TEST(plan_for_a_plain_file),
	    TEST(plan_without_a_file),
	    TEST(an_owner_whose_ways_are_not_known_is_refused),
	    TEST(what_cannot_be_done_is_refused),
	    TEST(a_directory_in_the_place_of_a_file_is_refused),
	    TEST(what_would_rule_the_terminal_is_escaped),
	    TEST(texts_for_a_person_are_those_that_setup_writes),
	    TEST(daemon_json_keeps_all_but_its_servers),
	    TEST(what_is_no_daemon_json_is_left_alone),
	    TEST(undo_restores_content_mode_and_links),
	    TEST(what_somebody_changed_is_not_written_over),
	    TEST(what_dhclient_wrote_again_is_no_change),
	    TEST(set_up_again_over_a_changed_file_is_undone_all_the_same),
	    TEST(a_second_set_up_keeps_what_the_first_found),
	    TEST(a_file_that_cannot_be_written_ends_it),
	    TEST(a_manifest_that_was_spoilt_is_not_believed),
	    TEST(what_was_kept_and_spoilt_is_not_put_back),
	    TEST(a_state_that_others_can_change_is_not_used),
	    TEST(commands_say_what_they_are),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
