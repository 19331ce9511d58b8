#include "model/tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "dns/name.h"

static struct arena arena;
static struct tree tree;
static const char *const texts[] = {"corp.test", "Dev.corp.test",
    "a.dev.corp.test", "devil.corp.test", "a.dev.corp.test"};

enum { TEXTS = sizeof(texts) / sizeof(texts[0]) };

static struct name
name(const char *text)
{
	struct name parsed;

	assert_int_equal(name_from_text(&parsed, text), NAME_OK);
	return parsed;
}

/* A tree of the names above, each with its text as the value. */
static int
set_up(void **state)
{
	(void)state;
	arena_init_heap(&arena, 4096);
	assert_true(tree_init(&tree, TEXTS, &arena));
	for (size_t i = 0; i < TEXTS; i++) {
		const struct name added = name(texts[i]);

		assert_true(tree_add(&tree, added.wire, &texts[i], &arena));
	}
	tree_sort(&tree);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	arena_fini(&arena);
	return 0;
}

static void
assert_above(const char *text, const char *const *expected)
{
	const struct name wanted = name(text);
	const struct tree_node *node = tree_find_above(&tree, wanted.wire);

	assert_ptr_equal(node == NULL ? NULL : node->value, expected);
}

static void
the_longest_suffix_is_found(void **state)
{
	(void)state;
	assert_above("x.y.dev.corp.test", &texts[1]);
	assert_above("dev.corp.test", &texts[1]);
	assert_above("zz.corp.test", &texts[0]);
	assert_above("x.a.dev.corp.test", &texts[2]);
	assert_above("test", NULL);
	assert_above("zz.test", NULL);
}

static void
suffixes_are_of_whole_labels(void **state)
{
	(void)state;
	assert_above("xdev.corp.test", &texts[0]);
	assert_above("x.devil.corp.test", &texts[3]);
}

static void
letter_case_does_not_matter(void **state)
{
	const struct name wanted = name("dEV.cORP.test");

	(void)state;
	assert_ptr_equal(tree_find(&tree, wanted.wire)->value, &texts[1]);
}

static void
what_lies_below_is_found(void **state)
{
	const struct name test = name("test");
	const struct name leaf = name("x.devil.corp.test");

	(void)state;
	assert_ptr_equal(tree_find_below(&tree, test.wire)->value, &texts[0]);
	assert_null(tree_find(&tree, test.wire));
	assert_null(tree_find_below(&tree, leaf.wire));
}

static void
twins_stand_in_the_order_they_came_in(void **state)
{
	const struct name wanted = name("a.dev.corp.test");
	const struct tree_node *node = tree_find(&tree, wanted.wire);
	const struct tree_node *twin = tree_twin(&tree, node);

	(void)state;
	assert_ptr_equal(node->value, &texts[2]);
	assert_ptr_equal(twin->value, &texts[4]);
	assert_ptr_equal(twin->parent, node);
	assert_null(tree_twin(&tree, twin));
}

static void
a_parent_is_the_longest_name_above(void **state)
{
	const struct name wanted = name("a.dev.corp.test");
	const struct tree_node *node = tree_find(&tree, wanted.wire);

	(void)state;
	assert_ptr_equal(node->parent->value, &texts[1]);
	assert_ptr_equal(node->parent->parent->value, &texts[0]);
	assert_null(node->parent->parent->parent);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(the_longest_suffix_is_found, set_up,
		tear_down),
	    cmocka_unit_test_setup_teardown(suffixes_are_of_whole_labels,
		set_up, tear_down),
	    cmocka_unit_test_setup_teardown(letter_case_does_not_matter, set_up,
		tear_down),
	    cmocka_unit_test_setup_teardown(what_lies_below_is_found, set_up,
		tear_down),
	    cmocka_unit_test_setup_teardown(
		twins_stand_in_the_order_they_came_in, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_parent_is_the_longest_name_above,
		set_up, tear_down),
	};

	return cmocka_run_group_tests_name("tree", tests, NULL, NULL);
}
