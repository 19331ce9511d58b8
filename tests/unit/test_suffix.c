#include "core/suffix.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

static const struct hash_key key = {1, 2};

struct fixture {
	struct arena arena;
	struct suffix_index index;
};

static int
setup(void **state)
{
	static struct fixture fixture;

	arena_init_heap(&fixture.arena, 4096);
	assert_true(suffix_init(&fixture.index, 300, &fixture.arena));
	*state = &fixture;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *fixture = *state;

	arena_fini(&fixture->arena);
	return 0;
}

static void
path_from(struct path *path, const char *text)
{
	struct name name;

	assert_int_equal(name_from_text(&name, text), NAME_OK);
	path_set(path, name.wire, &key);
}

/* Adds text with itself as the value. */
static const void *
add(struct fixture *fixture, const char *text)
{
	struct path path;
	const uint8_t *name;

	path_from(&path, text);
	name = arena_copy(&fixture->arena, path.name.wire, path.name.len);
	assert_non_null(name);
	return suffix_add(&fixture->index, &path, name, text);
}

static const char *
find(struct fixture *fixture, const char *text)
{
	struct path path;

	path_from(&path, text);
	return suffix_find(&fixture->index, &path);
}

static void
the_longest_suffix_wins(void **state)
{
	struct fixture *fixture = *state;

	add(fixture, "gcp.test.");
	add(fixture, "dev.gcp.test.");
	assert_string_equal(find(fixture, "x.dev.gcp.test."), "dev.gcp.test.");
	assert_string_equal(find(fixture, "www.gcp.test."), "gcp.test.");
	assert_string_equal(find(fixture, "dev.gcp.test."), "dev.gcp.test.");
}

static void
only_whole_labels_match(void **state)
{
	struct fixture *fixture = *state;

	add(fixture, "run.app.");
	assert_null(find(fixture, "xrun.app."));
	assert_null(find(fixture, "app."));
	assert_null(find(fixture, "run.app.example."));
}

static void
letter_case_does_not_matter(void **state)
{
	struct fixture *fixture = *state;

	add(fixture, "run.app.");
	assert_string_equal(find(fixture, "X.A.RUN.APP."), "run.app.");
}

static void
the_root_matches_everything(void **state)
{
	struct fixture *fixture = *state;

	add(fixture, ".");
	assert_string_equal(find(fixture, "a.b.c."), ".");
	assert_string_equal(find(fixture, "."), ".");
}

static void
a_name_is_added_once(void **state)
{
	struct fixture *fixture = *state;

	assert_null(add(fixture, "run.app."));
	assert_string_equal(add(fixture, "RUN.app."), "run.app.");
}

static void
every_one_of_many_names_is_found(void **state)
{
	struct fixture *fixture = *state;
	static char texts[300][32];

	for (size_t i = 0; i < 300; i++) {
		snprintf(texts[i], sizeof(texts[i]), "z%zu.test.", i);
		assert_null(add(fixture, texts[i]));
	}
	for (size_t i = 0; i < 300; i++) {
		char below[64];

		snprintf(below, sizeof(below), "a.b.z%zu.test.", i);
		assert_ptr_equal(find(fixture, below), texts[i]);
	}
	assert_null(find(fixture, "z300.test."));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(the_longest_suffix_wins, setup,
		teardown),
	    cmocka_unit_test_setup_teardown(only_whole_labels_match, setup,
		teardown),
	    cmocka_unit_test_setup_teardown(letter_case_does_not_matter, setup,
		teardown),
	    cmocka_unit_test_setup_teardown(the_root_matches_everything, setup,
		teardown),
	    cmocka_unit_test_setup_teardown(a_name_is_added_once, setup,
		teardown),
	    cmocka_unit_test_setup_teardown(every_one_of_many_names_is_found,
		setup, teardown),
	};

	return cmocka_run_group_tests_name("suffix", tests, NULL, NULL);
}
