#include "ctl/prometheus.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static struct prometheus prometheus;
static char *text;
static size_t len;

static int
setup(void **state)
{
	(void)state;
	prometheus = (struct prometheus){
	    .out = open_memstream(&text, &len),
	    .name = "m",
	};
	return prometheus.out == NULL;
}

static int
teardown(void **state)
{
	(void)state;
	fclose(prometheus.out);
	free(text);
	return 0;
}

static const char *
written(void)
{
	fflush(prometheus.out);
	return text;
}

static void
a_metric_begins_with_its_meaning_and_kind(void **state)
{
	(void)state;
	prometheus_begin(&prometheus, "x_total", "counter", "What it is.");
	prometheus_number(&prometheus, "", NULL, UINT64_MAX);
	assert_string_equal(written(),
	    "# HELP x_total What it is.\n"
	    "# TYPE x_total counter\n"
	    "x_total 18446744073709551615\n");
}

static void
labels_stand_in_braces(void **state)
{
	const struct prometheus_label labels[] = {
	    {"a", "1"},
	    {"b", "2"},
	    {NULL, NULL},
	};

	(void)state;
	prometheus_number(&prometheus, "_count", labels, 3);
	assert_string_equal(written(), "m_count{a=\"1\",b=\"2\"} 3\n");
}

static void
a_list_without_labels_has_no_braces(void **state)
{
	const struct prometheus_label labels[] = {{NULL, NULL}};

	(void)state;
	prometheus_number(&prometheus, "", labels, 3);
	assert_string_equal(written(), "m 3\n");
}

static void
no_value_of_a_label_ends_its_line(void **state)
{
	const struct prometheus_label labels[] = {
	    {"a", "x\"} 1\nevil \\"},
	    {NULL, NULL},
	};

	(void)state;
	prometheus_number(&prometheus, "", labels, 0);
	assert_string_equal(written(), "m{a=\"x\\\"} 1\\nevil \\\\\"} 0\n");
}

static void
times_are_in_seconds(void **state)
{
	(void)state;
	prometheus_time(&prometheus, "_sum", NULL, UINT64_C(12000000345));
	assert_string_equal(written(), "m_sum 12.000000345\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_metric_begins_with_its_meaning_and_kind),
	    TEST(labels_stand_in_braces),
	    TEST(a_list_without_labels_has_no_braces),
	    TEST(no_value_of_a_label_ends_its_line),
	    TEST(times_are_in_seconds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
