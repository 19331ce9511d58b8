/*
 * The fact sheet's claims on query logging, 124 to 135, one test each, and
 * what is beside them: the shape of the whole line, and that nobody can forge
 * one.
 */
#include "ctl/query_log_entry.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/diag.h"
#include "config/load.h"
#include "oracle.h"

enum { MS = 1000000, RECORD_TEXT = 512 };

static struct qlog_record record;
static struct query_answer answer;
static struct query_log_labels labels;
static char text[QUERY_LOG_LINE];
static uint8_t wire[ORACLE_MAX];

/* Networks and VMs; id 2838092002611613780 is the sheet's. */
static const char configuration[] =
    "networks:\n"
    "  - {name: prod, project: my-project, region: europe-west2,\n"
    "     clients: [10.0.0.0/8]}\n"
    "  - {name: shared, project: host-project, region: us-east1,\n"
    "     clients: [192.168.0.0/16]}\n"
    "instances:\n"
    "  - {name: web, zone: europe-west2-a, network: prod,\n"
    "     id: 2838092002611613780, network_ip: 10.154.0.3}\n"
    "  - {name: db, zone: europe-west2-b, network: prod,\n"
    "     network_ip: 10.154.0.4}\n"
    "query_log: {project_number: 694119234537}\n";

static int
make_labels(void **state)
{
	char path[] = "/tmp/test_query_log_entry.XXXXXX";
	const int fd = mkstemp(path);
	const struct load_overrides none = {0};
	struct model model;
	struct diag diag;
	bool good;

	(void)state;
	if (fd < 0 ||
	    write(fd, configuration, strlen(configuration)) !=
		(ssize_t)strlen(configuration))
		return -1;
	close(fd);
	diag_init(&diag);
	good = load_model(path, &none, &model, &diag) &&
	    query_log_labels_make(&labels, &model);
	diag_print(&diag, stderr);
	diag_fini(&diag);
	model_fini(&model);
	unlink(path);
	return good ? 0 : -1;
}

static int
free_labels(void **state)
{
	(void)state;
	query_log_labels_free(&labels);
	return 0;
}

/* As if 10.154.0.3, which is the VM web of the network prod, had asked. */
static int
setup(void **state)
{
	(void)state;
	record = (struct qlog_record){
	    .at = UINT64_C(1642929365341873447),
	    .latency = UINT64_C(14) * MS,
	    .transport = TRANSPORT_UDP,
	    .origin = ORIGIN_ZONE,
	    .target = TARGET_PRIVATE_ZONE,
	    .target_name = "run-app",
	    .network = "prod",
	};
	assert_true(addr_parse("10.154.0.3:40000", 0, &record.client));
	return 0;
}

static const char *
cloud(const struct oracle_message *message, unsigned side)
{
	const size_t len = oracle_write(message, wire);
	const struct query_log_entry entry = {
	    .record = &record,
	    .answer = &answer,
	    .labels = &labels,
	    .id = 1,
	};
	struct line line = line_in(text, sizeof(text) - 1);

	query_answer_read(&answer, wire, len, QUERY_ANSWER_WHOLE);
	query_log_entry_cloud(&line, &entry, side);
	assert_false(line.full);
	assert_null(memchr(line.text, '\n', line.len));
	text[line.len] = '\0';
	return text;
}

static const char *
plain(const struct oracle_message *message)
{
	const size_t len = oracle_write(message, wire);
	const struct query_log_entry entry = {
	    .record = &record,
	    .answer = &answer,
	    .labels = &labels,
	};
	struct line line = line_in(text, sizeof(text) - 1);

	query_answer_read(&answer, wire, len, QUERY_ANSWER_OUTLINE);
	query_log_entry_text(&line, &entry);
	assert_false(line.full);
	text[line.len] = '\0';
	return text;
}

static void
holds(const char *entry, const char *part)
{
	if (strstr(entry, part) == NULL)
		fail_msg("no %s in %s", part, entry);
}

static void
lacks(const char *entry, const char *part)
{
	if (strstr(entry, part) != NULL)
		fail_msg("%s in %s", part, entry);
}

static const struct oracle_message run_app = {
    .name = "x.a.run.app.",
    .type = TYPE_A,
    .answer = "x.a.run.app. 60 IN CNAME run.app.\n"
	      "run.app. 60 IN A 199.36.153.5\n"
	      "run.app. 60 IN A 199.36.153.4",
};

static const struct oracle_message nothing = {
    .name = "nothing.example.",
    .type = TYPE_A,
};

static void
claim_124_name_type_rcode_and_protocol(void **state)
{
	const char *entry = cloud(&run_app, 0);

	(void)state;
	holds(entry, "\"queryName\":\"x.a.run.app.\"");
	holds(entry, "\"queryType\":\"A\"");
	holds(entry, "\"responseCode\":\"NOERROR\"");
	holds(entry, "\"protocol\":\"UDP\"");
	record.transport = TRANSPORT_TCP;
	holds(cloud(&run_app, 0), "\"protocol\":\"TCP\"");
}

static void
claim_125_rdata_in_presentation_form(void **state)
{
	(void)state;
	holds(cloud(&run_app, 0),
	    "\"rdata\":\"x.a.run.app.\\t60\\tIN\\tcname\\trun.app.\\n"
	    "run.app.\\t60\\tIN\\ta\\t199.36.153.4\\n"
	    "run.app.\\t60\\tIN\\ta\\t199.36.153.5\"");
}

static void
claim_126_an_ipv6_address_in_full(void **state)
{
	(void)state;
	holds(cloud(
		  &(struct oracle_message){
		      .name = "a.example.",
		      .type = TYPE_AAAA,
		      .answer = "a.example. 60 IN AAAA ::1",
		  },
		  0),
	    "\\taaaa\\t0:0:0:0:0:0:0:1\"");
}

/* A TXT record that takes n octets in rdata. */
static const char *
record_of_length(size_t n, char buf[RECORD_TEXT])
{
	static const char shown[] = "a.example.\t60\tIN\ttxt\t\"\"";
	char letters[RECORD_TEXT] = {0};

	memset(letters, 'x', n - strlen(shown));
	snprintf(buf, RECORD_TEXT, "a.example. 60 IN TXT \"%.*s\"",
	    RECORD_TEXT / 2, letters);
	return buf;
}

/* The octets of rdata in an entry, escapes undone. */
static size_t
rdata_length(const char *entry)
{
	const char *at = strstr(entry, "\"rdata\":\"") + strlen("\"rdata\":\"");
	size_t len = 0;

	for (; *at != '"'; at++) {
		at += *at == '\\';
		len++;
	}
	return len;
}

static void
claim_127_rdata_is_cut_at_260_octets(void **state)
{
	char room[RECORD_TEXT];
	struct oracle_message message = {
	    .name = "a.example.",
	    .type = TYPE_TXT,
	};

	(void)state;
	message.answer = record_of_length(260, room);
	assert_int_equal(rdata_length(cloud(&message, 0)), 260);
	lacks(cloud(&message, 0), "...\",\"responseCode");
	message.answer = record_of_length(261, room);
	assert_int_equal(rdata_length(cloud(&message, 0)), 260);
	holds(cloud(&message, 0), "xxx...\",\"responseCode");
}

static void
claim_128_nxdomain_is_a_notice_without_rdata(void **state)
{
	(void)state;
	holds(cloud(&run_app, 0), "\"severity\":\"INFO\"");
	record.rcode = RCODE_NXDOMAIN;
	holds(cloud(&nothing, 0), "\"severity\":\"NOTICE\"");
	holds(cloud(&nothing, 0), "\"rdata\":\"\"");
	holds(cloud(&nothing, 0), "\"responseCode\":\"NXDOMAIN\"");
	lacks(cloud(&nothing, 0), "structuredRdata");
}

static void
claim_129_the_resource_and_its_labels(void **state)
{
	(void)state;
	holds(cloud(&run_app, 0),
	    "\"resource\":{\"labels\":{\"location\":\"europe-west2\","
	    "\"project_id\":\"my-project\",\"source_type\":\"gce-vm\","
	    "\"target_name\":\"run-app\",\"target_type\":\"private-zone\"},"
	    "\"type\":\"dns_query\"}");
}

static void
claim_130_a_private_zone_is_the_target(void **state)
{
	(void)state;
	holds(cloud(&run_app, 0),
	    "\"target_name\":\"run-app\",\"target_type\":\"private-zone\"");
	holds(cloud(&run_app, 0), "\"authAnswer\":true");
}

static void
claim_131_a_public_answer_is_external(void **state)
{
	(void)state;
	record.target = TARGET_EXTERNAL;
	record.target_name[0] = '\0';
	record.origin = ORIGIN_UPSTREAM;
	assert_true(addr_parse("8.8.8.8:53", 0, &record.server));
	holds(cloud(&run_app, 0),
	    "\"target_name\":\"\",\"target_type\":\"external\"");
	holds(cloud(&run_app, 0), "\"authAnswer\":false");
	lacks(cloud(&run_app, 0), "destinationIP");
}

static void
claim_132_a_forwarding_zone_has_a_destination(void **state)
{
	(void)state;
	record.target = TARGET_FORWARDING_ZONE;
	record.origin = ORIGIN_UPSTREAM;
	assert_true(addr_parse("10.9.0.53:53", 0, &record.server));
	holds(cloud(&run_app, 0), "\"target_type\":\"forwarding-zone\"");
	holds(cloud(&run_app, 0), "\"destinationIP\":\"10.9.0.53\"");
	record.target = TARGET_FORWARDING_POLICY;
	holds(cloud(&run_app, 0), "\"target_type\":\"forwarding-policy\"");
	holds(cloud(&run_app, 0), "\"destinationIP\":\"10.9.0.53\"");
}

static void
claim_133_inbound_and_peered_queries_have_their_source_type(void **state)
{
	(void)state;
	holds(cloud(&run_app, 0), "vmInstanceName");
	record.inbound = true;
	holds(cloud(&run_app, 0), "\"source_type\":\"inbound-forwarding\"");
	lacks(cloud(&run_app, 0), "\"vm");
	record.inbound = false;
	record.target = TARGET_PEERING_ZONE;
	strcpy(record.target_name, "to-shared");
	record.producer_count = 1;
	record.producers[0] = (struct qlog_side){
	    .network = "shared",
	    .target = TARGET_PRIVATE_ZONE,
	    .target_name = "corp",
	};
	holds(cloud(&run_app, 0), "\"target_type\":\"peering-zone\"");
	holds(cloud(&run_app, 0), "\"target_name\":\"to-shared\"");
	holds(cloud(&run_app, 1), "\"source_type\":\"peering-zone\"");
	holds(cloud(&run_app, 1), "\"target_type\":\"private-zone\"");
	holds(cloud(&run_app, 1), "\"target_name\":\"corp\"");
	holds(cloud(&run_app, 1), "\"project_id\":\"host-project\"");
	holds(cloud(&run_app, 1), "\"authAnswer\":true");
	lacks(cloud(&run_app, 1), "\"vm");
}

static void
claim_134_a_forward_that_timed_out_says_why(void **state)
{
	(void)state;
	record.target = TARGET_FORWARDING_ZONE;
	record.origin = ORIGIN_ERROR;
	record.rcode = RCODE_SERVFAIL;
	record.latency = UINT64_C(4799) * MS;
	strcpy(record.why, "10.9.0.53 did not answer");
	assert_true(addr_parse("10.9.0.53:53", 0, &record.server));
	holds(cloud(&nothing, 0), "\"responseCode\":\"SERVFAIL\"");
	holds(cloud(&nothing, 0), "\"rdata\":\"\"");
	holds(cloud(&nothing, 0),
	    "\"egressError\":\"10.9.0.53 did not answer\"");
	holds(cloud(&nothing, 0), "\"serverLatency\":4799,");
	holds(cloud(&nothing, 0), "\"severity\":\"ERROR\"");
}

static void
claim_135_a_vm_is_named_by_project_number_and_id(void **state)
{
	(void)state;
	holds(cloud(&run_app, 0),
	    "\"vmInstanceId\":2838092002611613700,"
	    "\"vmInstanceIdString\":\"2838092002611613780\","
	    "\"vmInstanceName\":\"694119234537.web\","
	    "\"vmProjectId\":\"my-project\","
	    "\"vmZoneName\":\"europe-west2-a\"");
}

static void
a_vm_without_an_id_has_one_all_the_same(void **state)
{
	(void)state;
	assert_true(addr_parse("10.154.0.4:40000", 0, &record.client));
	holds(cloud(&run_app, 0), "\"vmInstanceName\":\"694119234537.db\"");
	lacks(cloud(&run_app, 0), "\"vmInstanceIdString\":\"0\"");
	assert_true(addr_parse("10.154.0.5:40000", 0, &record.client));
	lacks(cloud(&run_app, 0), "\"vm");
}

/* Section 8.3's first example, in its order. */
static void
a_whole_line_is_as_in_the_sheet(void **state)
{
	(void)state;
	record.target = TARGET_EXTERNAL;
	record.target_name[0] = '\0';
	assert_string_equal(cloud(
				&(struct oracle_message){
				    .name = "elastic.co.",
				    .type = TYPE_A,
				    .answer = "elastic.co. 300 IN A 127.0.0.1",
				},
				0),
	    "{\"insertId\":\"100000000000\",\"jsonPayload\":{"
	    "\"authAnswer\":false,\"protocol\":\"UDP\","
	    "\"queryName\":\"elastic.co.\",\"queryType\":\"A\","
	    "\"rdata\":\"elastic.co.\\t300\\tIN\\ta\\t127.0.0.1\","
	    "\"responseCode\":\"NOERROR\",\"serverLatency\":14,"
	    "\"sourceIP\":\"10.154.0.3\",\"sourceNetwork\":\"prod\","
	    "\"structuredRdata\":[{\"class\":\"IN\","
	    "\"domainName\":\"elastic.co.\",\"rvalue\":\"127.0.0.1\","
	    "\"ttl\":\"300\",\"type\":\"A\"}],"
	    "\"vmInstanceId\":2838092002611613700,"
	    "\"vmInstanceIdString\":\"2838092002611613780\","
	    "\"vmInstanceName\":\"694119234537.web\","
	    "\"vmProjectId\":\"my-project\","
	    "\"vmZoneName\":\"europe-west2-a\"},"
	    "\"logName\":\"projects/my-project/logs/"
	    "dns.googleapis.com%2Fdns_queries\","
	    "\"resource\":{\"labels\":{\"location\":\"europe-west2\","
	    "\"project_id\":\"my-project\",\"source_type\":\"gce-vm\","
	    "\"target_name\":\"\",\"target_type\":\"external\"},"
	    "\"type\":\"dns_query\"},\"severity\":\"INFO\","
	    "\"timestamp\":\"2022-01-23T09:16:05.341873447Z\"}");
}

static void
dns64_is_told_where_it_is_on(void **state)
{
	(void)state;
	lacks(cloud(&run_app, 0), "dns64");
	record.dns64 = true;
	holds(cloud(&run_app, 0), "\"dns64Translated\":false");
	record.translated = true;
	holds(cloud(&run_app, 0), "\"dns64Translated\":true");
}

static void
the_daemon_s_own_question_is_a_target_s(void **state)
{
	(void)state;
	record.own = true;
	holds(cloud(&run_app, 0), "\"source_type\":\"fqdn-forwarding-target\"");
	lacks(cloud(&run_app, 0), "sourceIP");
	lacks(cloud(&run_app, 0), "\"vm");
}

static void
a_network_that_says_nothing_has_defaults(void **state)
{
	(void)state;
	strcpy(record.network, "unheard-of");
	holds(cloud(&run_app, 0),
	    "\"location\":\"global\",\"project_id\":\"resolverd\"");
}

static void
a_text_line_is_for_people(void **state)
{
	(void)state;
	assert_string_equal(plain(&run_app),
	    "10.154.0.3 prod udp x.a.run.app. A NOERROR 3 zone:run-app 60s "
	    "14000us");
	record.target = TARGET_RESPONSE_POLICY;
	record.origin = ORIGIN_RULE;
	strcpy(record.target_name, "run-all");
	holds(plain(&run_app), " rule:run-all 60s ");
	record.origin = ORIGIN_UPSTREAM;
	assert_true(addr_parse("10.0.0.2:5353", 0, &record.server));
	holds(plain(&run_app), " rule:run-all,upstream:10.0.0.2:5353 ");
	record.target = TARGET_EXTERNAL;
	record.target_name[0] = '\0';
	record.origin = ORIGIN_CACHE;
	record.server.len = 0;
	holds(plain(&run_app), " cache 60s ");
}

static void
a_failure_s_text_line_ends_with_its_reason(void **state)
{
	(void)state;
	record.rcode = RCODE_SERVFAIL;
	record.origin = ORIGIN_ERROR;
	record.target = TARGET_EXTERNAL;
	record.target_name[0] = '\0';
	strcpy(record.why, "no\nserver");
	assert_string_equal(plain(&nothing),
	    "10.154.0.3 prod udp nothing.example. A SERVFAIL 0 error - "
	    "14000us: no\\x0aserver");
}

static void
what_had_no_question_has_a_line(void **state)
{
	const struct query_log_entry entry = {
	    .record = &record,
	    .answer = &answer,
	    .labels = &labels,
	};
	struct line line = line_in(text, sizeof(text) - 1);
	const uint8_t reply[HEADER_SIZE] = {0};

	(void)state;
	record.rcode = RCODE_FORMERR;
	query_answer_read(&answer, reply, sizeof(reply), QUERY_ANSWER_WHOLE);
	query_log_entry_cloud(&line, &entry, 0);
	text[line.len] = '\0';
	lacks(text, "queryName");
	holds(text, "\"responseCode\":\"FORMERR\"");
}

/* A question whose name has every octet there is, in n labels of four. */
static size_t
write_odd_name(uint8_t first)
{
	const uint8_t head[] = {0, 0, 0x80, 0, 0, 1, 0, 0, 0, 0, 0, 0, 4};
	const uint8_t tail[] = {0, 0, 1, 0, 1};
	size_t at = sizeof(head);

	memcpy(wire, head, sizeof(head));
	for (unsigned i = 0; i < 4; i++)
		wire[at++] = (uint8_t)(first + i);
	memcpy(wire + at, tail, sizeof(tail));
	return at + sizeof(tail);
}

static bool
is_printable(const struct line *line)
{
	for (size_t i = 0; i < line->len; i++) {
		if (line->text[i] < ' ' || line->text[i] > '~')
			return false;
	}
	return true;
}

static size_t
count_blanks(const struct line *line)
{
	size_t blanks = 0;

	for (size_t i = 0; i < line->len; i++)
		blanks += line->text[i] == ' ';
	return blanks;
}

static void
no_octet_of_a_name_leaves_its_place(void **state)
{
	const struct query_log_entry entry = {
	    .record = &record,
	    .answer = &answer,
	    .labels = &labels,
	};

	(void)state;
	for (unsigned first = 0; first < 256; first += 4) {
		const size_t len = write_odd_name((uint8_t)first);
		struct line line = line_in(text, sizeof(text));

		query_answer_read(&answer, wire, len, QUERY_ANSWER_WHOLE);
		assert_true(answer.has_question);
		query_log_entry_text(&line, &entry);
		assert_true(is_printable(&line));
		assert_int_equal(count_blanks(&line), 9);
		line = line_in(text, sizeof(text));
		query_log_entry_cloud(&line, &entry, 0);
		assert_true(is_printable(&line));
	}
}

/*
 * A reply whose texts grow most when they are written: each record has the
 * longest name, and quotation marks for data.
 */
static size_t
write_longest_reply(void)
{
	enum { LABEL = 63, LAST_LABEL = 61, MARKS = 118 };
	static const uint8_t labels_of[] = {LABEL, LABEL, LABEL, LAST_LABEL};
	const uint8_t head[] = {0, 0, 0x80, 0, 0, 1, 0, ANSWER_RECORDS, 0, 0, 0,
	    0};
	const uint8_t question[] = {0, 0, TYPE_TXT, 0, CLASS_IN};
	const uint8_t record_head[] = {0xc0, sizeof(head), 0, TYPE_TXT, 0,
	    CLASS_IN, 0xff, 0xff, 0xff, 0xff, 0, MARKS + 1, MARKS};
	size_t at = sizeof(head);

	memcpy(wire, head, sizeof(head));
	for (size_t i = 0; i < sizeof(labels_of); i++) {
		wire[at++] = labels_of[i];
		memset(wire + at, 0xff, labels_of[i]);
		at += labels_of[i];
	}
	memcpy(wire + at, question, sizeof(question));
	at += sizeof(question);
	for (unsigned i = 0; i < ANSWER_RECORDS; i++) {
		memcpy(wire + at, record_head, sizeof(record_head));
		at += sizeof(record_head);
		memset(wire + at, '"', MARKS);
		at += MARKS;
	}
	return at;
}

static void
the_longest_reply_has_a_whole_line(void **state)
{
	const struct query_log_entry entry = {
	    .record = &record,
	    .answer = &answer,
	    .labels = &labels,
	};
	const size_t len = write_longest_reply();
	struct line line = line_in(text, sizeof(text));

	(void)state;
	query_answer_read(&answer, wire, len, QUERY_ANSWER_WHOLE);
	assert_int_equal(answer.records, ANSWER_RECORDS);
	assert_true(sizeof(answer.room) - answer.used < 512);
	query_log_entry_cloud(&line, &entry, 0);
	/* And room for its newline. */
	line_octets(&line, "\n", 1);
	assert_false(line.full);
}

#define CLAIM(test) cmocka_unit_test_setup(test, setup)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CLAIM(claim_124_name_type_rcode_and_protocol),
	    CLAIM(claim_125_rdata_in_presentation_form),
	    CLAIM(claim_126_an_ipv6_address_in_full),
	    CLAIM(claim_127_rdata_is_cut_at_260_octets),
	    CLAIM(claim_128_nxdomain_is_a_notice_without_rdata),
	    CLAIM(claim_129_the_resource_and_its_labels),
	    CLAIM(claim_130_a_private_zone_is_the_target),
	    CLAIM(claim_131_a_public_answer_is_external),
	    CLAIM(claim_132_a_forwarding_zone_has_a_destination),
	    CLAIM(claim_133_inbound_and_peered_queries_have_their_source_type),
	    CLAIM(claim_134_a_forward_that_timed_out_says_why),
	    CLAIM(claim_135_a_vm_is_named_by_project_number_and_id),
	    CLAIM(a_vm_without_an_id_has_one_all_the_same),
	    CLAIM(a_whole_line_is_as_in_the_sheet),
	    CLAIM(dns64_is_told_where_it_is_on),
	    CLAIM(the_daemon_s_own_question_is_a_target_s),
	    CLAIM(a_network_that_says_nothing_has_defaults),
	    CLAIM(a_text_line_is_for_people),
	    CLAIM(a_failure_s_text_line_ends_with_its_reason),
	    CLAIM(what_had_no_question_has_a_line),
	    CLAIM(no_octet_of_a_name_leaves_its_place),
	    CLAIM(the_longest_reply_has_a_whole_line),
	};

	return cmocka_run_group_tests(tests, make_labels, free_labels);
}
