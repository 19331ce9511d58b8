#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "ctl/doctor.h"
#include "ctl/doctor_addrs.h"
#include "ctl/doctor_docker.h"
#include "ctl/doctor_files.h"
#include "ctl/doctor_http.h"
#include "ctl/doctor_junit.h"
#include "ctl/doctor_report.h"
#include "ctl/doctor_route.h"
#include "ctl/doctor_search.h"

enum { TEXT = 8192 };

/* A doctor who has nothing to do yet. */
static struct doctor doctor;

static int
setup(void **state)
{
	(void)state;
	memset(&doctor, 0, sizeof(doctor));
	arena_init_heap(&doctor.arena, 4096);
	doctor.check = "dns";
	doctor.subject = "svc.a.run.app.";
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	arena_fini(&doctor.arena);
	return 0;
}

static FILE *
file_of(const char *text)
{
	FILE *file = tmpfile();

	assert_non_null(file);
	fputs(text, file);
	rewind(file);
	return file;
}

static struct addr
addr_of(const char *text)
{
	struct addr addr;

	assert_true(addr_parse(text, 0, &addr));
	return addr;
}

static enum doctor_place
place_of(const char *text)
{
	const struct addr addr = addr_of(text);

	return doctor_addrs_place(&doctor.expected, &addr);
}

/* Places. */

static void
the_vips_are_told_apart(void **state)
{
	(void)state;
	assert_int_equal(place_of("199.36.153.3"), DOCTOR_PUBLIC);
	assert_int_equal(place_of("199.36.153.4"), DOCTOR_RESTRICTED);
	assert_int_equal(place_of("199.36.153.7"), DOCTOR_RESTRICTED);
	assert_int_equal(place_of("199.36.153.8"), DOCTOR_PRIVATE);
	assert_int_equal(place_of("199.36.153.11"), DOCTOR_PRIVATE);
	assert_int_equal(place_of("199.36.153.12"), DOCTOR_PUBLIC);
	assert_int_equal(place_of("2600:2d00:2:1000::"), DOCTOR_RESTRICTED);
	assert_int_equal(place_of("2600:2d00:2:2000::"), DOCTOR_PRIVATE);
	assert_int_equal(place_of("2600:2d00:2:3000::"), DOCTOR_PUBLIC);
}

static void
inside_is_not_public(void **state)
{
	(void)state;
	assert_int_equal(place_of("10.1.2.3"), DOCTOR_INTERNAL);
	assert_int_equal(place_of("172.32.0.1"), DOCTOR_PUBLIC);
	assert_int_equal(place_of("fd00::1"), DOCTOR_INTERNAL);
	assert_int_equal(place_of("127.0.0.1"), DOCTOR_LOOPBACK);
}

static void
an_endpoint_is_known_by_the_configuration(void **state)
{
	const struct addr endpoint = addr_of("10.10.10.10");

	(void)state;
	doctor_addrs_add(&doctor.expected.endpoints, &endpoint);
	assert_int_equal(place_of("10.10.10.10"), DOCTOR_ENDPOINT);
	assert_int_equal(place_of("10.10.10.11"), DOCTOR_INTERNAL);
}

static void
lists_are_equal_in_any_order(void **state)
{
	const struct addr one = addr_of("192.0.2.1");
	const struct addr two = addr_of("192.0.2.2");
	struct doctor_addrs a = {.count = 0};
	struct doctor_addrs b = {.count = 0};

	(void)state;
	doctor_addrs_add(&a, &one);
	doctor_addrs_add(&a, &two);
	doctor_addrs_add(&a, &one);
	doctor_addrs_add(&b, &two);
	assert_int_equal(a.count, 2);
	assert_false(doctor_addrs_equal(&a, &b));
	assert_false(doctor_addrs_equal(&b, &a));
	doctor_addrs_add(&b, &one);
	assert_true(doctor_addrs_equal(&a, &b));
}

/* Files. */

static struct doctor_resolv
resolv_of(const char *text)
{
	struct doctor_resolv resolv;
	FILE *file = file_of(text);

	doctor_files_resolv(file, &resolv);
	fclose(file);
	return resolv;
}

static void
resolv_conf_is_read_as_libc_does(void **state)
{
	const struct doctor_resolv resolv =
	    resolv_of("# nameserver 192.0.2.9\n"
		      "nameserver 127.0.0.1\n"
		      "nameserver 2001:db8::1 # one\n"
		      " nameserver 192.0.2.8\n"
		      "nameservers 192.0.2.7\n"
		      "domain first.example\n"
		      "search a.example. b.example # c\n"
		      "options ndots:5 rotate\n");

	(void)state;
	assert_int_equal(resolv.servers.count, 2);
	assert_int_equal(addr_port(&resolv.servers.addrs[0]), 53);
	/* To glibc, "#" is a comment at the start of a line alone. */
	assert_int_equal(resolv.search_count, 4);
	assert_string_equal(resolv.search[0], "a.example");
	assert_string_equal(resolv.search[1], "b.example");
	assert_string_equal(resolv.search[2], "#");
	assert_int_equal(resolv.ndots, 5);
	assert_true(resolv.rotate);
}

static void
all_zeros_are_this_host(void **state)
{
	const struct doctor_resolv resolv = resolv_of("nameserver 0.0.0.0\n");

	(void)state;
	assert_true(addr_is_loopback(&resolv.servers.addrs[0]));
}

static void
ndots_stays_in_its_bounds(void **state)
{
	(void)state;
	assert_int_equal(resolv_of("").ndots, 1);
	assert_int_equal(resolv_of("options ndots:99\n").ndots, 15);
	assert_int_equal(resolv_of("options ndots:-4\n").ndots, 0);
	assert_int_equal(resolv_of("options ndots:99999999999999\n").ndots, 15);
}

static void
the_environment_overrules_the_file(void **state)
{
	struct doctor_resolv resolv = resolv_of("search a.example\n");

	(void)state;
	doctor_files_adjust(&resolv, "b.example", "ndots:3", "h.c.example");
	assert_int_equal(resolv.search_count, 1);
	assert_string_equal(resolv.search[0], "b.example");
	assert_int_equal(resolv.ndots, 3);
}

static void
without_a_search_line_the_hosts_domain_holds(void **state)
{
	struct doctor_resolv resolv = resolv_of("");
	struct doctor_resolv with = resolv_of("search a.example\n");

	(void)state;
	doctor_files_adjust(&resolv, NULL, NULL, "h.c.example");
	doctor_files_adjust(&with, NULL, NULL, "h.c.example");
	assert_string_equal(resolv.search[0], "c.example");
	assert_string_equal(with.search[0], "a.example");
}

static struct doctor_switch
switch_of(const char *text)
{
	struct doctor_switch hosts;
	FILE *file = file_of(text);

	doctor_files_switch(file, &hosts);
	fclose(file);
	return hosts;
}

static void
the_hosts_line_has_services_and_ends(void **state)
{
	const struct doctor_switch hosts =
	    switch_of("passwd: files\n"
		      "hosts: files [!NOTFOUND=return] mdns4_minimal "
		      "[NOTFOUND=return] resolve "
		      "[!UNAVAIL=return] dns[SUCCESS=return] # all\n");

	(void)state;
	assert_true(hosts.found);
	assert_int_equal(hosts.count, 4);
	assert_int_equal(doctor_files_service(&hosts, "mdns4_minimal"), 1);
	assert_int_equal(doctor_files_service(&hosts, "dns"), 3);
	assert_int_equal(doctor_files_service(&hosts, "nis"), -1);
	assert_false(hosts.ends[0]);
	assert_true(hosts.ends[1]);
	assert_true(hosts.ends[2]);
	assert_false(hosts.ends[3]);
}

static void
a_bracket_that_is_never_closed_ends_with_the_line(void **state)
{
	const struct doctor_switch hosts = switch_of("hosts: files [NOT");

	(void)state;
	assert_int_equal(hosts.count, 1);
	assert_false(switch_of("hosts").found);
}

static void
hosts_is_searched_whatever_the_case_and_dot(void **state)
{
	struct doctor_addrs addrs = {.count = 0};
	FILE *file = file_of("192.0.2.1 other svc.A.run.app\n"
			     "192.0.2.2 svc.a.run.app # 192.0.2.3\n"
			     "#192.0.2.4 svc.a.run.app\n"
			     "nonsense svc.a.run.app\n"
			     "192.0.2.5 xsvc.a.run.app\n"
			     "192.0.2.6 other # svc.a.run.app\n");

	(void)state;
	doctor_files_hosts(file, "svc.a.run.app.", &addrs);
	fclose(file);
	assert_string_equal(doctor_addrs_text(&doctor, &addrs),
	    "192.0.2.1, 192.0.2.2");
}

static void
a_links_servers_are_found(void **state)
{
	struct doctor_addrs addrs = {.count = 0};
	FILE *file =
	    file_of("ADMIN_STATE=configured\nDNS=192.0.2.1 2001:db8::1\n"
		    "XDNS=192.0.2.2\nSERVERS=192.0.2.3:5353\n");

	(void)state;
	doctor_files_link(file, &addrs);
	fclose(file);
	assert_string_equal(doctor_addrs_text(&doctor, &addrs),
	    "192.0.2.1, 2001:db8::1, 192.0.2.3:5353");
}

/* Docker. */

static enum doctor_docker
docker(const char *text, struct doctor_addrs *servers)
{
	return doctor_docker_read(text, strlen(text), &doctor.arena, servers);
}

static void
daemon_json_has_servers_or_not(void **state)
{
	struct doctor_addrs servers;

	(void)state;
	assert_int_equal(docker("{\"dns\": [\"10.0.0.1\", 7, [], \"x\"]}",
			     &servers),
	    DOCTOR_DOCKER_OK);
	assert_string_equal(doctor_addrs_text(&doctor, &servers), "10.0.0.1");
	assert_int_equal(docker("{\"dns\": \"10.0.0.1\"}", &servers),
	    DOCTOR_DOCKER_OK);
	assert_int_equal(servers.count, 0);
	assert_int_equal(docker("[]", &servers), DOCTOR_DOCKER_BROKEN);
	assert_int_equal(docker("{\"dns\": ", &servers), DOCTOR_DOCKER_BROKEN);
}

/* Search. */

static struct doctor_names
names_of(const char *file, const char *typed)
{
	const struct doctor_resolv resolv = resolv_of(file);
	struct doctor_names names;

	doctor_search_names(&resolv, typed, &names);
	return names;
}

static void
few_dots_put_search_domains_first(void **state)
{
	const struct doctor_names names =
	    names_of("search a.example b.example\noptions ndots:5\n",
		"svc.a.run.app");

	(void)state;
	assert_int_equal(names.count, 3);
	assert_string_equal(names.names[0], "svc.a.run.app.a.example.");
	assert_string_equal(names.names[1], "svc.a.run.app.b.example.");
	assert_string_equal(names.names[2], "svc.a.run.app.");
	assert_int_equal(names.plain, 2);
}

static void
enough_dots_put_the_name_first(void **state)
{
	const struct doctor_names names =
	    names_of("search a.example\noptions ndots:3\n", "svc.a.run.app");

	(void)state;
	assert_int_equal(names.count, 2);
	assert_int_equal(names.plain, 0);
	assert_string_equal(names.names[0], "svc.a.run.app.");
}

static void
a_final_dot_is_the_name_alone(void **state)
{
	const struct doctor_names names =
	    names_of("search a.example\noptions ndots:5\n", "svc.a.run.app.");

	(void)state;
	assert_int_equal(names.count, 1);
	assert_string_equal(names.names[0], "svc.a.run.app.");
}

/* HTTP. */

static bool
http_of(struct doctor_http *http, const char *text)
{
	return doctor_http_read(http, text, strlen(text));
}

static void
a_head_is_read(void **state)
{
	struct doctor_http http;

	(void)state;
	assert_true(http_of(&http,
	    "HTTP/1.1 302 Found\r\nSERVER:  Google Frontend\r\n"
	    "Location: https://example.com/\r\n\r\nServer: body\r\n"));
	assert_int_equal(http.status, 302);
	assert_string_equal(http.server, "Google Frontend");
	assert_string_equal(http.location, "https://example.com/");
}

static void
what_is_no_head_is_refused(void **state)
{
	struct doctor_http http;

	(void)state;
	assert_false(http_of(&http, ""));
	assert_false(http_of(&http, "SSH-2.0-OpenSSH_9.2\r\n"));
	assert_false(http_of(&http, "HTTP/1.1 20"));
	assert_false(http_of(&http, "HTTP/1.1 2x0 OK\r\n\r\n"));
	assert_false(http_of(&http, "HTTP/1.1 099 Low\r\n\r\n"));
	assert_false(http_of(&http, "HTTP/2.0 200 OK\r\n\r\n"));
}

static void
a_field_cannot_rule_a_terminal(void **state)
{
	struct doctor_http http;

	(void)state;
	assert_true(
	    http_of(&http, "HTTP/1.1 200 OK\r\nServer: a\033[31mb\r\n\r\n"));
	assert_string_equal(http.server, "a\\x1b[31mb");
}

/* Routes. */

static void
the_kernel_says_that_loopback_is_local(void **state)
{
	const struct addr local = addr_of("127.0.0.1");
	struct doctor_route route;

	(void)state;
	doctor_route_find(&local, &route);
	assert_int_equal(route.error, 0);
	assert_true(route.local);
	assert_string_equal(route.device, "lo");
}

/* Findings. */

static void
findings_keep_their_order_and_are_counted(void **state)
{
	(void)state;
	doctor_pass(&doctor, "one");
	doctor_fail(&doctor, "two %d", 2);
	doctor_evidence(&doctor, "seen");
	doctor_fix(&doctor, "mend");
	assert_int_equal(doctor.counts[DOCTOR_PASS], 1);
	assert_int_equal(doctor.counts[DOCTOR_FAIL], 1);
	assert_string_equal(doctor.first->text, "one");
	assert_string_equal(doctor.first->next->text, "two 2");
	assert_string_equal(doctor.first->next->evidence, "seen");
	assert_string_equal(doctor.first->next->fix, "mend");
}

static void
what_is_expected_to_fail_passes(void **state)
{
	(void)state;
	doctor.demote = true;
	doctor_fail(&doctor, "no route");
	doctor_fix(&doctor, "mend");
	doctor_skip(&doctor, "nothing");
	assert_int_equal(doctor.first->result, DOCTOR_PASS);
	assert_null(doctor.first->fix);
	assert_int_equal(doctor.last->result, DOCTOR_SKIP);
}

/* Reports. */

static void
report(void (*print)(const struct doctor *, FILE *), char text[TEXT])
{
	FILE *out = tmpfile();
	size_t len;

	assert_non_null(out);
	print(&doctor, out);
	rewind(out);
	len = fread(text, 1, TEXT - 1, out);
	text[len] = '\0';
	fclose(out);
}

static void
print_plain(const struct doctor *who, FILE *out)
{
	doctor_report_print(who, DOCTOR_PLAIN, out);
}

static void
a_report_is_for_eighty_columns(void **state)
{
	char text[TEXT];

	(void)state;
	doctor_fail(&doctor,
	    "a sentence that is a good deal longer than what fits on one line "
	    "of a terminal");
	doctor_evidence(&doctor, "seen");
	doctor_fix(&doctor,
	    "gcloud compute routes create google-apis --network=NETWORK "
	    "--destination-range=199.36.153.4/30");
	report(print_plain, text);
	assert_string_equal(text,
	    "svc.a.run.app.\n"
	    "dns        fail  a sentence that is a good deal longer than what "
	    "fits on one\n"
	    "                 line of a terminal\n"
	    "                 seen\n"
	    "                 $ gcloud compute routes create google-apis "
	    "--network=NETWORK \\\n"
	    "                   --destination-range=199.36.153.4/30\n"
	    "\n1 failed\n");
}

static void
colours_are_for_terminals(void **state)
{
	char text[TEXT];

	(void)state;
	doctor_pass(&doctor, "good");
	report(print_plain, text);
	assert_null(strchr(text, '\033'));
}

static void
junit_has_no_octet_that_xml_forbids(void **state)
{
	char text[TEXT];

	(void)state;
	doctor_fail(&doctor, "<\"&'>\001\377\xc3\xa9");
	doctor_skip(&doctor, "left");
	report(doctor_junit_print, text);
	assert_non_null(strstr(text,
	    "<failure message=\"&lt;&quot;&amp;&apos;&gt;??\xc3\xa9\">"));
	assert_non_null(strstr(text,
	    "<testsuite name=\"svc.a.run.app.\" tests=\"2\" failures=\"1\" "
	    "errors=\"0\" skipped=\"1\">"));
	assert_non_null(strstr(text, "<skipped message=\"left\"/>"));
}

static void
json_says_whether_it_passed(void **state)
{
	char text[TEXT];

	(void)state;
	doctor_warn(&doctor, "hm");
	report(doctor_report_json, text);
	assert_non_null(strstr(text, "\"passed\": true"));
	assert_non_null(strstr(text, "\"result\": \"warn\""));
	assert_non_null(strstr(text, "\"fix\": null"));
	doctor_fail(&doctor, "bad");
	report(doctor_report_json, text);
	assert_non_null(strstr(text, "\"passed\": false"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(the_vips_are_told_apart),
	    TEST(inside_is_not_public),
	    TEST(an_endpoint_is_known_by_the_configuration),
	    TEST(lists_are_equal_in_any_order),
	    TEST(resolv_conf_is_read_as_libc_does),
	    TEST(all_zeros_are_this_host),
	    TEST(ndots_stays_in_its_bounds),
	    TEST(the_environment_overrules_the_file),
	    TEST(without_a_search_line_the_hosts_domain_holds),
	    TEST(the_hosts_line_has_services_and_ends),
	    TEST(a_bracket_that_is_never_closed_ends_with_the_line),
	    TEST(hosts_is_searched_whatever_the_case_and_dot),
	    TEST(a_links_servers_are_found),
	    TEST(daemon_json_has_servers_or_not),
	    TEST(few_dots_put_search_domains_first),
	    TEST(enough_dots_put_the_name_first),
	    TEST(a_final_dot_is_the_name_alone),
	    TEST(a_head_is_read),
	    TEST(what_is_no_head_is_refused),
	    TEST(a_field_cannot_rule_a_terminal),
	    TEST(the_kernel_says_that_loopback_is_local),
	    TEST(findings_keep_their_order_and_are_counted),
	    TEST(what_is_expected_to_fail_passes),
	    TEST(a_report_is_for_eighty_columns),
	    TEST(colours_are_for_terminals),
	    TEST(junit_has_no_octet_that_xml_forbids),
	    TEST(json_says_whether_it_passed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
