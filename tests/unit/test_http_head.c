#include "ctl/http_head.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/addr.h"
#include "ctl/http_access.h"
#include "model/model.h"

static struct http_head head;
static char text[HTTP_HEAD_MAX + 1];
static char value[16];

/* What a request's head is refused for, however far it gets. */
static enum http_fault
judge(const char *request)
{
	const size_t len = strlen(request);
	enum http_fault fault;
	const size_t size = http_head_find(request, len, &fault);

	if (fault != HTTP_FAULT_NONE)
		return fault;
	assert_int_equal(size, len);
	memcpy(text, request, size + 1);
	return http_head_read(&head, text);
}

/* The same of one header line beside Host. */
static enum http_fault
judge_field(const char *line)
{
	char request[512];

	snprintf(request, sizeof(request),
	    "GET / HTTP/1.1\r\nHost: localhost\r\n%s\r\n\r\n", line);
	return judge(request);
}

static enum http_fault
judge_access_to(const char *path, const char *host, const char *line)
{
	static const char *const names[] = {"dns.example", "192.0.2.9",
	    "2001:db8::9"};
	struct model_name ours[3] = {{.mark = {.file = NULL}}};
	const struct model_list hosts = {.items = ours, .count = 3};
	struct addr local;
	char request[512];

	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(name_from_text(&ours[i].name, names[i]),
		    NAME_OK);
	}
	assert_true(addr_parse("127.0.0.1", 9153, &local));
	snprintf(request, sizeof(request),
	    "GET %s HTTP/1.1\r\nHost: %s\r\n%s\r\n", path, host, line);
	assert_int_equal(judge(request), HTTP_FAULT_NONE);
	return http_access_judge(&head, &local, &hosts);
}

static enum http_fault
judge_access(const char *host, const char *line)
{
	return judge_access_to("/", host, line);
}

static void
what_a_browser_sends_is_read(void **state)
{
	(void)state;
	assert_int_equal(judge("GET /api/explain?name=a&type=A HTTP/1.1\r\n"
			       "Host: localhost:9153\r\n"
			       "User-Agent: Mozilla/5.0 (X11) \xc3\xa9\r\n"
			       "Accept:*/*\r\n"
			       "sec-fetch-site: \tsame-origin \r\n\r\n"),
	    HTTP_FAULT_NONE);

	assert_true(head.body_wanted);
	assert_string_equal(head.path, "/api/explain");
	assert_string_equal(head.query, "name=a&type=A");
	assert_string_equal(head.host, "localhost:9153");
	assert_string_equal(head.fetch_site, "same-origin");
	assert_null(head.origin);
}

static void
head_wants_no_body(void **state)
{
	(void)state;
	assert_int_equal(judge("HEAD / HTTP/1.0\r\nHost: x\r\n\r\n"),
	    HTTP_FAULT_NONE);
	assert_false(head.body_wanted);
	assert_string_equal(head.query, "");
}

static void
a_head_is_found_once_it_is_whole(void **state)
{
	static const char request[] = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
	enum http_fault fault;

	(void)state;
	for (size_t len = 0; len < sizeof(request) - 1; len++) {
		assert_int_equal(http_head_find(request, len, &fault), 0);
		assert_int_equal(fault, HTTP_FAULT_NONE);
	}
	assert_int_equal(http_head_find(request, sizeof(request), &fault),
	    sizeof(request) - 1);
}

static void
a_bare_line_feed_is_no_end_of_a_line(void **state)
{
	(void)state;
	assert_int_equal(judge("GET / HTTP/1.1\nHost: x\n\n"), HTTP_FAULT_LINE);
	assert_int_equal(judge("GET / HTTP/1.1\r\nHost: x\n\r\n"),
	    HTTP_FAULT_LINE);
}

static void
a_bare_carriage_return_is_none_either(void **state)
{
	(void)state;
	assert_int_equal(judge("GET / HTTP/1.1\rHost: x\r\n\r\n"),
	    HTTP_FAULT_LINE);
	assert_int_equal(judge_field("A: b\rHost: evil"), HTTP_FAULT_LINE);
}

static void
control_characters_are_refused_as_they_come(void **state)
{
	enum http_fault fault;

	(void)state;
	assert_int_equal(http_head_find("\x16\x03\x01", 3, &fault), 0);
	assert_int_equal(fault, HTTP_FAULT_LINE);
	assert_int_equal(http_head_find("GET /\001\n", 7, &fault), 0);
	assert_int_equal(fault, HTTP_FAULT_LINE);
	assert_int_equal(http_head_find("GET /\0 HTTP/1.1", 15, &fault), 0);
	assert_int_equal(fault, HTTP_FAULT_LINE);
}

static void
a_head_over_8_kib_is_too_large(void **state)
{
	enum http_fault fault;

	(void)state;
	memset(text, 'a', HTTP_HEAD_MAX);
	assert_int_equal(http_head_find(text, HTTP_HEAD_MAX - 1, &fault), 0);
	assert_int_equal(fault, HTTP_FAULT_NONE);
	assert_int_equal(http_head_find(text, HTTP_HEAD_MAX, &fault), 0);
	assert_int_equal(fault, HTTP_FAULT_LARGE);
}

static void
a_folded_line_is_refused(void **state)
{
	(void)state;
	assert_int_equal(judge_field("X: a\r\n b"), HTTP_FAULT_FIELD);
	assert_int_equal(judge_field("X: a\r\n\tHost: b"), HTTP_FAULT_FIELD);
}

static void
a_field_is_a_name_and_a_colon(void **state)
{
	(void)state;
	assert_int_equal(judge_field("Host : evil"), HTTP_FAULT_FIELD);
	assert_int_equal(judge_field("no colon"), HTTP_FAULT_FIELD);
	assert_int_equal(judge_field(": empty"), HTTP_FAULT_FIELD);
}

static void
there_are_at_most_64_fields(void **state)
{
	static const char field[] = "X: y\r\n";
	char request[1024] = "GET / HTTP/1.1\r\nHost: x\r\n";
	char *end = request + strlen(request);

	(void)state;
	for (unsigned i = 0; i < 63; i++) {
		memcpy(end, field, sizeof(field));
		end += strlen(field);
	}
	memcpy(end, "\r\n", sizeof("\r\n"));
	assert_int_equal(judge(request), HTTP_FAULT_NONE);
	memcpy(end, "X: y\r\n\r\n", sizeof("X: y\r\n\r\n"));
	assert_int_equal(judge(request), HTTP_FAULT_FIELD);
}

static void
a_request_has_one_host(void **state)
{
	(void)state;
	assert_int_equal(judge("GET / HTTP/1.1\r\n\r\n"), HTTP_FAULT_HOST);
	assert_int_equal(judge("GET / HTTP/1.0\r\n\r\n"), HTTP_FAULT_HOST);
	assert_int_equal(judge("GET / HTTP/1.1\r\nHost: \r\n\r\n"),
	    HTTP_FAULT_HOST);
	assert_int_equal(judge_field("hOST: localhost"), HTTP_FAULT_HOST);
}

static void
a_request_has_no_body(void **state)
{
	(void)state;
	assert_int_equal(judge_field("Content-Length: 5"), HTTP_FAULT_BODY);
	assert_int_equal(judge_field("Content-Length: +5"), HTTP_FAULT_BODY);
	assert_int_equal(judge_field("Transfer-Encoding: chunked\r\n"
				     "Content-Length: 5"),
	    HTTP_FAULT_BODY);
	assert_int_equal(judge_field("Transfer-Encoding: chunked"),
	    HTTP_FAULT_BODY);
	assert_int_equal(judge_field("Expect: 100-continue"),
	    HTTP_FAULT_EXPECT);
}

static void
only_get_and_head_are_methods(void **state)
{
	(void)state;
	assert_int_equal(judge("POST / HTTP/1.1\r\nHost: x\r\n\r\n"),
	    HTTP_FAULT_METHOD);
	assert_int_equal(judge("get / HTTP/1.1\r\nHost: x\r\n\r\n"),
	    HTTP_FAULT_METHOD);
	assert_int_equal(judge("G<T / HTTP/1.1\r\nHost: x\r\n\r\n"),
	    HTTP_FAULT_REQUEST);
}

static void
the_first_line_has_three_words(void **state)
{
	(void)state;
	assert_int_equal(judge("\r\n"), HTTP_FAULT_REQUEST);
	assert_int_equal(judge("GET /\r\n\r\n"), HTTP_FAULT_REQUEST);
	assert_int_equal(judge("GET / x HTTP/1.1\r\n\r\n"), HTTP_FAULT_REQUEST);
	assert_int_equal(judge("GET  / HTTP/1.1\r\n\r\n"), HTTP_FAULT_REQUEST);
	assert_int_equal(judge("GET / HTTPS/1.1\r\n\r\n"), HTTP_FAULT_REQUEST);
}

static void
other_versions_are_not_spoken(void **state)
{
	(void)state;
	assert_int_equal(judge("GET / HTTP/2.0\r\nHost: x\r\n\r\n"),
	    HTTP_FAULT_VERSION);
	assert_int_equal(judge("GET / HTTP/1.9\r\nHost: x\r\n\r\n"),
	    HTTP_FAULT_VERSION);
}

static void
a_target_is_a_path_of_ours(void **state)
{
	(void)state;
	assert_int_equal(judge("GET ftp://x/ HTTP/1.1\r\nHost: x\r\n\r\n"),
	    HTTP_FAULT_REQUEST);
	assert_int_equal(judge("GET http://x//y HTTP/1.1\r\nHost: x\r\n\r\n"),
	    HTTP_FAULT_REQUEST);
	assert_int_equal(judge("GET //x/ HTTP/1.1\r\nHost: x\r\n\r\n"),
	    HTTP_FAULT_REQUEST);
	assert_int_equal(judge("GET /<b> HTTP/1.1\r\nHost: x\r\n\r\n"),
	    HTTP_FAULT_REQUEST);
	assert_int_equal(judge("GET /\xff HTTP/1.1\r\nHost: x\r\n\r\n"),
	    HTTP_FAULT_REQUEST);
}

static void
a_whole_url_has_the_host_in_it(void **state)
{
	static const struct {
		const char *target;
		const char *path;
		const char *query;
	} rows[] = {
	    {"http://x:80/metrics?a=b", "/metrics", "a=b"},
	    {"HTTP://x:80", "/", ""},
	    {"http://x:80?a=b", "/", "a=b"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char request[128];

		snprintf(request, sizeof(request),
		    "GET %s HTTP/1.1\r\nHost: y\r\n\r\n", rows[i].target);
		assert_int_equal(judge(request), HTTP_FAULT_NONE);
		assert_string_equal(head.host, "x:80");
		assert_string_equal(head.path, rows[i].path);
		assert_string_equal(head.query, rows[i].query);
	}
	assert_int_equal(judge("GET http://x/ HTTP/1.1\r\n\r\n"),
	    HTTP_FAULT_HOST);
}

static void
every_fault_has_a_status_and_words(void **state)
{
	(void)state;
	for (unsigned i = 1; i <= HTTP_FAULT_CROWD; i++) {
		assert_in_range(http_fault_status(i), 400, 505);
		assert_true(strlen(http_fault_text(i)) > 10);
	}
}

static void
a_parameter_is_read_without_its_escapes(void **state)
{
	(void)state;
	assert_true(http_head_parameter("na=1&name=a%2eb+c&x=", "name", value,
	    sizeof(value)));
	assert_string_equal(value, "a.b c");
	assert_true(http_head_parameter("x=&y=1", "x", value, sizeof(value)));
	assert_string_equal(value, "");
}

static void
a_parameter_may_be_missing(void **state)
{
	(void)state;
	assert_false(http_head_parameter("", "name", value, sizeof(value)));
	assert_false(
	    http_head_parameter("names=1&name", "name", value, sizeof(value)));
}

static void
a_parameter_that_is_no_text_is_empty(void **state)
{
	(void)state;
	assert_true(http_head_parameter("a=x%00y", "a", value, sizeof(value)));
	assert_string_equal(value, "");
	assert_true(http_head_parameter("a=x%4", "a", value, sizeof(value)));
	assert_string_equal(value, "");
	assert_true(http_head_parameter("a=x%&b=4", "a", value, sizeof(value)));
	assert_string_equal(value, "");
}

static void
a_parameter_that_does_not_fit_is_empty(void **state)
{
	(void)state;
	assert_true(http_head_parameter("a=123456789012345", "a", value,
	    sizeof(value)));
	assert_string_equal(value, "123456789012345");
	assert_true(http_head_parameter("a=1234567890123456", "a", value,
	    sizeof(value)));
	assert_string_equal(value, "");
}

static void
our_addresses_and_names_are_us(void **state)
{
	(void)state;
	assert_int_equal(judge_access("127.0.0.1:9153", ""), HTTP_FAULT_NONE);
	assert_int_equal(judge_access("127.0.0.1", ""), HTTP_FAULT_NONE);
	assert_int_equal(judge_access("LocalHost:8080", ""), HTTP_FAULT_NONE);
	assert_int_equal(judge_access("localhost.", ""), HTTP_FAULT_NONE);
	assert_int_equal(judge_access("DNS.example:80", ""), HTTP_FAULT_NONE);
	assert_int_equal(judge_access("dns.example.", ""), HTTP_FAULT_NONE);
	assert_int_equal(judge_access("192.0.2.9:80", ""), HTTP_FAULT_NONE);
	assert_int_equal(judge_access("[2001:db8::9]:80", ""), HTTP_FAULT_NONE);
}

static void
other_hosts_are_not_us(void **state)
{
	(void)state;
	assert_int_equal(judge_access("rebound.evil.example:9153", ""),
	    HTTP_FAULT_MISPLACED);
	assert_int_equal(judge_access("127.0.0.2:9153", ""),
	    HTTP_FAULT_MISPLACED);
	assert_int_equal(judge_access("x.dns.example", ""),
	    HTTP_FAULT_MISPLACED);
	assert_int_equal(judge_access("localhost:x", ""), HTTP_FAULT_MISPLACED);
	assert_int_equal(judge_access("localhost:80:80", ""),
	    HTTP_FAULT_MISPLACED);
}

static void
other_sites_scripts_are_refused(void **state)
{
	(void)state;
	assert_int_equal(judge_access("localhost",
			     "Origin: http://localhost\r\n"),
	    HTTP_FAULT_FOREIGN);
	assert_int_equal(judge_access("localhost", "Origin: null\r\n"),
	    HTTP_FAULT_FOREIGN);
	assert_int_equal(judge_access("localhost", "Origin:\r\n"),
	    HTTP_FAULT_FOREIGN);
	assert_int_equal(judge_access("localhost",
			     "Sec-Fetch-Site: cross-site\r\n"),
	    HTTP_FAULT_FOREIGN);
	assert_int_equal(judge_access("localhost",
			     "Sec-Fetch-Site: same-origin\r\n"),
	    HTTP_FAULT_NONE);
}

static void
a_link_leads_to_the_page_and_nowhere_else(void **state)
{
	static const char visit[] = "Sec-Fetch-Site: cross-site\r\n"
				    "Sec-Fetch-Mode: navigate\r\n"
				    "Sec-Fetch-Dest: document\r\n";
	static const char frame[] = "Sec-Fetch-Site: cross-site\r\n"
				    "Sec-Fetch-Mode: navigate\r\n"
				    "Sec-Fetch-Dest: iframe\r\n";

	(void)state;
	assert_int_equal(judge_access("localhost", visit), HTTP_FAULT_NONE);
	assert_int_equal(judge_access("localhost", frame), HTTP_FAULT_FOREIGN);
	assert_int_equal(judge_access_to("/api/zones", "localhost", visit),
	    HTTP_FAULT_FOREIGN);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_a_browser_sends_is_read),
	    cmocka_unit_test(head_wants_no_body),
	    cmocka_unit_test(a_head_is_found_once_it_is_whole),
	    cmocka_unit_test(a_bare_line_feed_is_no_end_of_a_line),
	    cmocka_unit_test(a_bare_carriage_return_is_none_either),
	    cmocka_unit_test(control_characters_are_refused_as_they_come),
	    cmocka_unit_test(a_head_over_8_kib_is_too_large),
	    cmocka_unit_test(a_folded_line_is_refused),
	    cmocka_unit_test(a_field_is_a_name_and_a_colon),
	    cmocka_unit_test(there_are_at_most_64_fields),
	    cmocka_unit_test(a_request_has_one_host),
	    cmocka_unit_test(a_request_has_no_body),
	    cmocka_unit_test(only_get_and_head_are_methods),
	    cmocka_unit_test(the_first_line_has_three_words),
	    cmocka_unit_test(other_versions_are_not_spoken),
	    cmocka_unit_test(a_target_is_a_path_of_ours),
	    cmocka_unit_test(a_whole_url_has_the_host_in_it),
	    cmocka_unit_test(every_fault_has_a_status_and_words),
	    cmocka_unit_test(a_parameter_is_read_without_its_escapes),
	    cmocka_unit_test(a_parameter_may_be_missing),
	    cmocka_unit_test(a_parameter_that_is_no_text_is_empty),
	    cmocka_unit_test(a_parameter_that_does_not_fit_is_empty),
	    cmocka_unit_test(our_addresses_and_names_are_us),
	    cmocka_unit_test(other_hosts_are_not_us),
	    cmocka_unit_test(other_sites_scripts_are_refused),
	    cmocka_unit_test(a_link_leads_to_the_page_and_nowhere_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
