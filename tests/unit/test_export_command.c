#include "ctl/export_command.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* A folder of its own, in which the command is run. */

static char folder[] = "/tmp/export-XXXXXX";
static int start; /* the folder that the test came from */

static void
make_file(const char *path, const char *text)
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
	snprintf(folder, sizeof(folder), "/tmp/export-XXXXXX");
	start = open(".", O_RDONLY | O_CLOEXEC);
	assert_true(start >= 0);
	assert_non_null(mkdtemp(folder));
	assert_int_equal(chdir(folder), 0);
	make_file("c.yaml",
	    "zones:\n"
	    "- name: z\n"
	    "  dns_name: example.com.\n"
	    "  record_sets:\n"
	    "  - {name: example.com., type: A, ttl: 60, "
	    "rrdatas: [192.0.2.1]}\n");
	return 0;
}

static int
tear_down(void **state)
{
	static const char *const files[] = {"c.yaml", "out", "err", "x.sh",
	    "d/named.conf", "d/run-app.zone", "d/z.zone", "d/dns.tf"};

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		unlink(files[i]);
	rmdir("d");
	assert_int_equal(fchdir(start), 0);
	close(start);
	return rmdir(folder);
}

static char *
contents(const char *path)
{
	char *text = NULL;
	size_t room = 0;
	FILE *file = fopen(path, "re");

	assert_non_null(file);
	if (getdelim(&text, &room, '\0', file) < 0)
		text[0] = '\0';
	fclose(file);
	return text;
}

/* Has stream write into a file; returns what it wrote to before. */
static int
divert(FILE *stream, const char *path)
{
	const int before = dup(fileno(stream));
	const int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(before >= 0);
	assert_true(file >= 0);
	fflush(stream);
	assert_true(dup2(file, fileno(stream)) >= 0);
	close(file);
	return before;
}

static void
restore(FILE *stream, int before)
{
	fflush(stream);
	assert_true(dup2(before, fileno(stream)) >= 0);
	close(before);
}

/* Runs the command with words, ended by NULL; files out and err stay. */
static int
run(const char *const *words)
{
	enum { WORDS = 16 };
	char *argv[WORDS] = {NULL};
	const int out = divert(stdout, "out");
	const int err = divert(stderr, "err");
	int argc = 0;
	int status;

	for (; words[argc] != NULL; argc++) {
		argv[argc] = strdup(words[argc]);
	}
	status = export_run(argc, argv);
	while (argc > 0)
		free(argv[--argc]);
	restore(stdout, out);
	restore(stderr, err);
	return status;
}

#define RUN(...) run((const char *const[]){"export", __VA_ARGS__, NULL})

static void
assert_holds(const char *path, const char *part)
{
	char *text = contents(path);

	assert_non_null(strstr(text, part));
	free(text);
}

static void
the_script_goes_to_standard_output(void **state)
{
	(void)state;
	assert_int_equal(RUN("-c", "c.yaml"), 0);
	assert_holds("out", "\ngcloud dns managed-zones create z \\\n");
	assert_holds("out", "\ngcloud dns record-sets create '*.run.app.'");
}

static void
a_file_and_a_project_may_be_given(void **state)
{
	(void)state;
	assert_int_equal(RUN("--config=c.yaml", "-o", "x.sh", "--project",
			     "my-project"),
	    0);
	assert_holds("x.sh", "\nPROJECT=my-project\n");
}

static void
bind_has_a_file_a_zone(void **state)
{
	(void)state;
	assert_int_equal(RUN("-c", "c.yaml", "--format", "bind", "-o", "d"), 0);
	assert_holds("d/z.zone", "\nexample.com. 60 IN A 192.0.2.1\n");
	assert_holds("d/run-app.zone", "\n*.run.app. 60 IN CNAME run.app.\n");
	assert_holds("d/named.conf",
	    "zone \"example.com\" { type primary; file \"z.zone\"; ");
}

static void
one_zone_of_bind_goes_to_standard_output(void **state)
{
	(void)state;
	assert_int_equal(RUN("-c", "c.yaml", "-f", "bind", "-z", "z"), 0);
	assert_holds("out", "\nexample.com. 60 IN A 192.0.2.1\n");
}

static void
zones_of_bind_need_a_folder(void **state)
{
	(void)state;
	assert_int_equal(RUN("-c", "c.yaml", "--format=bind"), 2);
	assert_holds("err", "bind is a file a zone: say -o FOLDER");
}

static void
terraform_in_a_folder_has_a_name(void **state)
{
	(void)state;
	assert_int_equal(RUN("-c", "c.yaml", "--format=bind", "-o", "d"), 0);
	assert_int_equal(RUN("-c", "c.yaml", "-f", "terraform", "-o", "d"), 0);
	assert_holds("d/dns.tf", "resource \"google_dns_managed_zone\" \"z\"");
}

static void
unknown_formats_are_refused(void **state)
{
	(void)state;
	assert_int_equal(RUN("-c", "c.yaml", "--format=teraform"), 2);
	assert_holds("err",
	    "there is no format 'teraform' (did you mean 'terraform'?)\n");
}

static void
unknown_zones_are_refused(void **state)
{
	(void)state;
	assert_int_equal(RUN("-c", "c.yaml", "--zone=y"), 2);
	assert_holds("err", "error: there is no zone 'y'\n");
}

static void
broken_configurations_are_refused(void **state)
{
	(void)state;
	make_file("c.yaml", "zonse: []\n");
	assert_int_equal(RUN("-c", "c.yaml"), 2);
	assert_holds("err", "c.yaml:1:1: error: ");
}

static void
a_full_disk_is_an_error(void **state)
{
	(void)state;
	assert_int_equal(RUN("-c", "c.yaml", "-o", "/dev/full"), 2);
	assert_holds("err", "resolverctl export: /dev/full: ");
}

static void
a_folder_that_is_not_there_is_an_error(void **state)
{
	(void)state;
	assert_int_equal(RUN("-c", "c.yaml", "-o", "no/where"), 2);
	assert_holds("err", "no/where: No such file or directory\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(the_script_goes_to_standard_output,
		set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_file_and_a_project_may_be_given,
		set_up, tear_down),
	    cmocka_unit_test_setup_teardown(bind_has_a_file_a_zone, set_up,
		tear_down),
	    cmocka_unit_test_setup_teardown(
		one_zone_of_bind_goes_to_standard_output, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(zones_of_bind_need_a_folder, set_up,
		tear_down),
	    cmocka_unit_test_setup_teardown(terraform_in_a_folder_has_a_name,
		set_up, tear_down),
	    cmocka_unit_test_setup_teardown(unknown_formats_are_refused, set_up,
		tear_down),
	    cmocka_unit_test_setup_teardown(unknown_zones_are_refused, set_up,
		tear_down),
	    cmocka_unit_test_setup_teardown(broken_configurations_are_refused,
		set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_full_disk_is_an_error, set_up,
		tear_down),
	    cmocka_unit_test_setup_teardown(
		a_folder_that_is_not_there_is_an_error, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
