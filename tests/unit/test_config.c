/*
 * Every file of tests/config, from the repository's top: one of bad/ must be
 * refused with the very words of its .stderr, one of good/ must be taken with
 * no more than those, be dumped as its .dump, and load from that dump to the
 * same dump.  GOLDEN=write writes the files anew; read what it wrote.
 */
#include "config/load.h"

#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "config/dump.h"

enum { LEAST_BAD = 50, PATH_SIZE = 256 };

static const struct load_overrides nothing;

/* What a run printed. */
struct text {
	char *text;
	size_t len;
};

static char *
messages(const struct diag *diag)
{
	struct text text = {.text = NULL};
	FILE *out = open_memstream(&text.text, &text.len);

	assert_non_null(out);
	diag_print(diag, out);
	fclose(out);
	return text.text;
}

static char *
dump(const struct model *model)
{
	struct text text = {.text = NULL};
	FILE *out = open_memstream(&text.text, &text.len);

	assert_non_null(out);
	dump_model(model, out);
	fclose(out);
	return text.text;
}

/* What the golden file says; nothing when there is none. */
static char *
golden_read(const char *path)
{
	struct text text = {.text = NULL};
	FILE *out = open_memstream(&text.text, &text.len);
	FILE *in = fopen(path, "re");
	int c;

	assert_non_null(out);
	while (in != NULL && (c = getc(in)) != EOF)
		putc(c, out);
	if (in != NULL)
		fclose(in);
	fclose(out);
	return text.text;
}

static void
golden_write(const char *path, const char *text)
{
	FILE *out;

	if (text[0] == '\0') {
		remove(path);
		return;
	}
	out = fopen(path, "we");
	assert_non_null(out);
	fputs(text, out);
	fclose(out);
}

/* Whether text is what the golden file beside path says; frees text. */
static bool
golden_same(const char *path, const char *suffix, char *text)
{
	const char *mode = getenv("GOLDEN");
	char name[PATH_SIZE];
	char *golden;
	bool same;

	snprintf(name, sizeof(name), "%.*s.%s",
	    (int)(strlen(path) - strlen(".yaml")), path, suffix);
	if (mode != NULL && strcmp(mode, "write") == 0)
		golden_write(name, text);
	golden = golden_read(name);
	same = strcmp(golden, text) == 0;
	if (!same)
		print_error("%s: expected\n%sgot\n%s", name, golden, text);
	free(golden);
	free(text);
	return same;
}

static bool
refused_as_written(const char *path)
{
	struct model model;
	struct diag diag;
	bool good;

	diag_init(&diag);
	good = !load_model(path, &nothing, &model, &diag);
	if (!good)
		print_error("%s: was accepted\n", path);
	good = golden_same(path, "stderr", messages(&diag)) && good;
	model_fini(&model);
	diag_fini(&diag);
	return good;
}

/* The dump of what a dump loads to. */
static char *
dump_again(char *first)
{
	FILE *in = fmemopen(first, strlen(first), "r");
	struct model model;
	struct diag diag;
	char *second;

	assert_non_null(in);
	diag_init(&diag);
	if (!load_model_file(in, "dump", &nothing, &model, &diag))
		diag_print(&diag, stderr);
	second = dump(&model);
	fclose(in);
	model_fini(&model);
	diag_fini(&diag);
	return second;
}

static bool
dumps_as_written(const char *path, const struct model *model)
{
	char *first = dump(model);
	char *second = dump_again(first);
	const bool stable = strcmp(first, second) == 0;

	if (!stable)
		print_error("%s: dumped\n%sand then\n%s", path, first, second);
	free(second);
	return golden_same(path, "dump", first) && stable;
}

static bool
accepted_as_written(const char *path)
{
	struct model model;
	struct diag diag;
	bool good;

	diag_init(&diag);
	good = load_model(path, &nothing, &model, &diag);
	if (!good)
		print_error("%s: was refused\n", path);
	good = golden_same(path, "stderr", messages(&diag)) && good;
	good = dumps_as_written(path, &model) && good;
	model_fini(&model);
	diag_fini(&diag);
	return good;
}

/* How many files of pattern fail; *count is how many there are. */
static size_t
failures(const char *pattern, bool (*check)(const char *path), size_t *count)
{
	glob_t files;
	size_t failed = 0;

	assert_int_equal(glob(pattern, 0, NULL, &files), 0);
	for (size_t i = 0; i < files.gl_pathc; i++) {
		if (!check(files.gl_pathv[i]))
			failed++;
	}
	*count = files.gl_pathc;
	globfree(&files);
	return failed;
}

static void
every_mistake_gets_its_message(void **state)
{
	size_t count;
	const size_t failed =
	    failures("tests/config/bad/*.yaml", refused_as_written, &count);

	(void)state;
	assert_int_equal(failed, 0);
	assert_true(count >= LEAST_BAD);
}

static void
every_good_file_is_understood_as_dumped(void **state)
{
	size_t count;
	const size_t failed =
	    failures("tests/config/good/*.yaml", accepted_as_written, &count);

	(void)state;
	assert_int_equal(failed, 0);
	assert_true(count > 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_mistake_gets_its_message),
	    cmocka_unit_test(every_good_file_is_understood_as_dumped),
	};

	return cmocka_run_group_tests_name("config", tests, NULL, NULL);
}
