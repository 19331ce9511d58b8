#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/policy.h"

enum { RULES = 8 };

static const struct hash_key key = {7, 9};
static struct arena arena;
static struct policy policy;
static struct rule rules[RULES];
static struct name selectors[RULES];
static unsigned count;

static int
setup(void **state)
{
	(void)state;
	arena_init_heap(&arena, 4096);
	memset(rules, 0, sizeof(rules));
	memset(&policy, 0, sizeof(policy));
	count = 0;
	assert_true(policy_init(&policy, RULES, &arena));
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	arena_fini(&arena);
	return 0;
}

static void
add(const char *selector)
{
	struct name *name = &selectors[count];
	struct rule *rule = &rules[count++];

	assert_int_equal(name_from_text(name, selector), NAME_OK);
	rule->name = selector;
	rule->selector = name->wire;
	assert_true(policy_add(&policy, rule, &key, &arena));
}

/* The selector of the rule that a name matches, or "none". */
static const char *
find(const char *text)
{
	const struct rule *rule;
	struct name name;
	struct path path;

	assert_int_equal(name_from_text(&name, text), NAME_OK);
	path_set(&path, name.wire, &key);
	rule = policy_find(&policy, &path);
	return rule == NULL ? "none" : rule->name;
}

static void
an_exact_rule_matches_its_name_alone(void **state)
{
	(void)state;
	add("www.example.com.");
	assert_string_equal(find("www.example.com."), "www.example.com.");
	assert_string_equal(find("WWW.Example.com."), "www.example.com.");
	assert_string_equal(find("a.www.example.com."), "none");
	assert_string_equal(find("example.com."), "none");
}

static void
a_wildcard_matches_what_is_below_at_any_depth(void **state)
{
	(void)state;
	add("*.example.com.");
	assert_string_equal(find("a.example.com."), "*.example.com.");
	assert_string_equal(find("a.b.example.com."), "*.example.com.");
	assert_string_equal(find("*.example.com."), "*.example.com.");
	assert_string_equal(find("example.com."), "none");
	assert_string_equal(find("aexample.com."), "none");
}

static void
the_longest_selector_wins(void **state)
{
	(void)state;
	add("*.com.");
	add("*.b.example.com.");
	add("*.example.com.");
	assert_string_equal(find("a.b.example.com."), "*.b.example.com.");
	assert_string_equal(find("b.example.com."), "*.example.com.");
	assert_string_equal(find("example.com."), "*.com.");
}

static void
an_exact_rule_comes_before_a_wildcard(void **state)
{
	(void)state;
	add("*.example.com.");
	add("a.example.com.");
	assert_string_equal(find("a.example.com."), "a.example.com.");
	assert_string_equal(find("b.a.example.com."), "*.example.com.");
}

static void
an_exact_and_a_wildcard_rule_of_one_name_stand_side_by_side(void **state)
{
	(void)state;
	add("example.com.");
	add("*.example.com.");
	assert_string_equal(find("example.com."), "example.com.");
	assert_string_equal(find("a.example.com."), "*.example.com.");
}

static void
the_root_may_have_a_wildcard(void **state)
{
	(void)state;
	add("*.");
	assert_string_equal(find("a.b."), "*.");
	assert_string_equal(find("."), "none");
}

static void
an_empty_policy_matches_nothing(void **state)
{
	(void)state;
	assert_string_equal(find("example.com."), "none");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		an_exact_rule_matches_its_name_alone, setup, teardown),
	    cmocka_unit_test_setup_teardown(
		a_wildcard_matches_what_is_below_at_any_depth, setup, teardown),
	    cmocka_unit_test_setup_teardown(the_longest_selector_wins, setup,
		teardown),
	    cmocka_unit_test_setup_teardown(
		an_exact_rule_comes_before_a_wildcard, setup, teardown),
	    cmocka_unit_test_setup_teardown(
		an_exact_and_a_wildcard_rule_of_one_name_stand_side_by_side,
		setup, teardown),
	    cmocka_unit_test_setup_teardown(the_root_may_have_a_wildcard, setup,
		teardown),
	    cmocka_unit_test_setup_teardown(an_empty_policy_matches_nothing,
		setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
