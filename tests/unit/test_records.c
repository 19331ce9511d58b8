#include "config/load.h"

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

#include "dns/message.h"

/* A directory of its own with a configuration that names records/file. */
enum { PATH_SIZE = 128 };

static char directory[PATH_SIZE];
static char config[PATH_SIZE];
static char records[PATH_SIZE];
static struct model model;
static struct diag diag;

static void
write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "we");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static int
set_up(void **state)
{
	(void)state;
	strcpy(directory, "/tmp/test-records-XXXXXX");
	assert_non_null(mkdtemp(directory));
	snprintf(config, sizeof(config), "%.100s/c.yaml", directory);
	snprintf(records, sizeof(records), "%.100s/file", directory);
	write_file(config,
	    "mode: off\nzones:\n  - name: corp\n"
	    "    dns_name: corp.test.\n    records_file: file\n");
	diag_init(&diag);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	unlink(config);
	unlink(records);
	rmdir(directory);
	model_fini(&model);
	diag_fini(&diag);
	return 0;
}

static bool
load(void)
{
	const struct load_overrides none = {.mode = NULL};

	return load_model(config, &none, &model, &diag);
}

static const struct model_list *
loaded_sets(void)
{
	const struct model_zone *zone = model.zones.items;

	return &zone->record_sets;
}

static void
assert_one_a_record(void)
{
	const struct model_record_set *set = loaded_sets()->items;

	assert_int_equal(loaded_sets()->count, 1);
	assert_int_equal(set->type, TYPE_A);
	assert_int_equal(set->ttl, 300);
	assert_int_equal(set->rdata_count, 1);
}

static void
a_document_marker_tells_yaml(void **state)
{
	(void)state;
	write_file(records,
	    "# comment\n\n---\nname: a.corp.test.\ntype: A\n"
	    "rrdatas:\n- 10.0.0.1\n");
	assert_true(load());
	assert_one_a_record();
}

static void
a_key_tells_yaml(void **state)
{
	(void)state;
	write_file(records,
	    "name: a.corp.test.\ntype: A\n"
	    "rrdatas: [10.0.0.1]\n");
	assert_true(load());
	assert_one_a_record();
}

static void
a_bracket_tells_json(void **state)
{
	(void)state;
	write_file(records,
	    "[{\"name\": \"a.corp.test.\", \"type\": \"A\", "
	    "\"rrdatas\": [\"10.0.0.1\"]}]");
	assert_true(load());
	assert_one_a_record();
}

static void
anything_else_is_a_master_file(void **state)
{
	(void)state;
	write_file(records, "; comment\n\n$TTL 300\na A 10.0.0.1\n");
	assert_true(load());
	assert_one_a_record();
}

static void
records_apart_become_one_set_with_the_least_ttl(void **state)
{
	const struct model_record_set *sets;

	(void)state;
	write_file(records,
	    "a 300 A 10.0.0.1\nb 60 A 10.0.0.2\n"
	    "A.corp.test. 200 A 10.0.0.3\na 400 TXT x\n");
	assert_true(load());
	sets = loaded_sets()->items;
	assert_int_equal(loaded_sets()->count, 3);
	assert_int_equal(sets[0].rdata_count, 2);
	assert_int_equal(sets[0].ttl, 200);
	assert_int_equal(sets[0].rdata[1].bytes[3], 3);
	assert_int_equal(sets[1].ttl, 60);
	assert_int_equal(sets[2].type, TYPE_TXT);
}

/* Opening it for reading must not wait for somebody who writes. */
static void
a_fifo_is_refused_at_once(void **state)
{
	(void)state;
	assert_int_equal(mkfifo(records, 0600), 0);
	assert_false(load());
	assert_int_equal(diag.errors, 1);
}

static void
what_is_right_in_a_broken_file_is_still_checked(void **state)
{
	(void)state;
	write_file(records,
	    "a 300 A 10.0.0\nwww.example.com. 300 A "
	    "10.0.0.1\n");
	assert_false(load());
	assert_int_equal(diag.errors, 2);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_document_marker_tells_yaml),
	    TEST(a_key_tells_yaml),
	    TEST(a_bracket_tells_json),
	    TEST(anything_else_is_a_master_file),
	    TEST(records_apart_become_one_set_with_the_least_ttl),
	    TEST(a_fifo_is_refused_at_once),
	    TEST(what_is_right_in_a_broken_file_is_still_checked),
	};

	return cmocka_run_group_tests_name("records", tests, NULL, NULL);
}
