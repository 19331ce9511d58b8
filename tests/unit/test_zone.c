#include "core/zone.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "dns/message.h"

static const struct hash_key key = {3, 4};

/* The fact sheet's Z-EX, a second wildcard's edge cases, and a deep name. */
static const struct {
	const char *owner;
	uint16_t type;
} records[] = {
    {"example.com.", TYPE_SOA},
    {"example.com.", TYPE_NS},
    {"*.images.example.com.", TYPE_CNAME},
    {"srv1.images.example.com.", TYPE_A},
    {"_static.example.com.", TYPE_A},
    {"_static.example.com.", TYPE_TXT},
    {"a.b.c.example.com.", TYPE_A},
};

enum { RECORDS = sizeof(records) / sizeof(records[0]) };

static struct arena arena;
static struct zone zone;

static const uint8_t *
wire(const char *text)
{
	struct name name;
	const uint8_t *copy;

	assert_int_equal(name_from_text(&name, text), NAME_OK);
	copy = arena_copy(&arena, name.wire, name.len);
	assert_non_null(copy);
	return copy;
}

/* SOA rdata: two root names and five numbers, the last of them 300. */
static const uint8_t soa[] = {0, 0, 0, 0, 0, 1, 0, 0, 0x54, 0x60, 0, 0, 0x0e,
    0x10, 0, 0x03, 0xf4, 0x80, 0, 0, 0x01, 0x2c};
static const uint8_t other[] = {192, 0, 2, 91};

static const struct rrset *
rrset(uint16_t type)
{
	const bool is_soa = type == TYPE_SOA;
	const struct rdata rdata = {
	    .bytes = is_soa ? soa : other,
	    .len = is_soa ? sizeof(soa) : sizeof(other),
	};

	return rrset_pack(&arena, type, is_soa ? 21600 : 300, &rdata, 1);
}

static int
setup(void **state)
{
	struct zone_entry entries[RECORDS];

	(void)state;
	arena_init_heap(&arena, 4096);
	for (size_t i = 0; i < RECORDS; i++) {
		entries[i] = (struct zone_entry){
		    .owner = wire(records[i].owner),
		    .set.rrset = rrset(records[i].type),
		};
	}
	zone = (struct zone){.kind = ZONE_PRIVATE,
	    .apex = wire("example.com."),
	    .labels = 2};
	assert_true(zone_build(&zone, entries, RECORDS, &key, &arena));
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	arena_fini(&arena);
	return 0;
}

static enum lookup
look(const char *text, uint16_t qtype, const struct zone_node **node)
{
	struct path path;

	path_set(&path, wire(text), &key);
	return zone_lookup(&zone, &path, qtype, node);
}

static enum lookup
outcome(const char *text, uint16_t qtype)
{
	const struct zone_node *node;

	return look(text, qtype, &node);
}

static void
an_exact_name_has_its_rrset(void **state)
{
	const struct zone_node *node;

	(void)state;
	assert_int_equal(look("_static.example.com.", TYPE_TXT, &node),
	    LOOKUP_FOUND);
	assert_int_equal(zone_set(&node->data, TYPE_TXT)->rrset->type,
	    TYPE_TXT);
	assert_int_equal(node->data.count, 2);
}

static void
a_missing_type_is_nodata(void **state)
{
	(void)state;
	assert_int_equal(outcome("_static.example.com.", TYPE_AAAA),
	    LOOKUP_NODATA);
	assert_int_equal(outcome("example.com.", TYPE_A), LOOKUP_NODATA);
}

static void
a_missing_name_is_nxdomain(void **state)
{
	(void)state;
	assert_int_equal(outcome("other.example.com.", TYPE_A),
	    LOOKUP_NXDOMAIN);
	assert_int_equal(outcome("x._static.example.com.", TYPE_A),
	    LOOKUP_NXDOMAIN);
}

static void
an_empty_non_terminal_is_nodata(void **state)
{
	(void)state;
	assert_int_equal(outcome("b.c.example.com.", TYPE_A), LOOKUP_NODATA);
	assert_int_equal(outcome("c.example.com.", TYPE_ANY), LOOKUP_NODATA);
	assert_int_equal(outcome("images.example.com.", TYPE_A), LOOKUP_NODATA);
}

static void
a_wildcard_covers_any_depth(void **state)
{
	(void)state;
	assert_int_equal(outcome("a.images.example.com.", TYPE_A),
	    LOOKUP_ALIAS);
	assert_int_equal(outcome("a.b.images.example.com.", TYPE_A),
	    LOOKUP_ALIAS);
	assert_int_equal(outcome("a.images.example.com.", TYPE_CNAME),
	    LOOKUP_FOUND);
}

static void
a_wildcard_asked_literally_is_itself(void **state)
{
	(void)state;
	assert_int_equal(outcome("*.images.example.com.", TYPE_CNAME),
	    LOOKUP_FOUND);
}

static void
a_wildcard_does_not_cover_a_name_that_exists(void **state)
{
	(void)state;
	assert_int_equal(outcome("srv1.images.example.com.", TYPE_TXT),
	    LOOKUP_NODATA);
}

static void
below_a_node_under_a_wildcard_is_nodata(void **state)
{
	(void)state;
	assert_int_equal(outcome("public.srv1.images.example.com.", TYPE_A),
	    LOOKUP_NODATA);
}

static void
below_a_node_under_a_wildcard_is_nxdomain_when_strict(void **state)
{
	(void)state;
	zone.strict_wildcards = true;
	assert_int_equal(outcome("public.srv1.images.example.com.", TYPE_A),
	    LOOKUP_NXDOMAIN);
}

static void
any_finds_every_rrset(void **state)
{
	const struct zone_node *node;

	(void)state;
	assert_int_equal(look("_static.example.com.", TYPE_ANY, &node),
	    LOOKUP_FOUND);
	assert_int_equal(node->data.count, 2);
}

static void
the_negative_ttl_is_the_lesser_of_ttl_and_minimum(void **state)
{
	(void)state;
	assert_int_equal(zone.negative_ttl, 300);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(an_exact_name_has_its_rrset),
	    TEST(a_missing_type_is_nodata),
	    TEST(a_missing_name_is_nxdomain),
	    TEST(an_empty_non_terminal_is_nodata),
	    TEST(a_wildcard_covers_any_depth),
	    TEST(a_wildcard_asked_literally_is_itself),
	    TEST(a_wildcard_does_not_cover_a_name_that_exists),
	    TEST(below_a_node_under_a_wildcard_is_nodata),
	    TEST(below_a_node_under_a_wildcard_is_nxdomain_when_strict),
	    TEST(any_finds_every_rrset),
	    TEST(the_negative_ttl_is_the_lesser_of_ttl_and_minimum),
	};

	return cmocka_run_group_tests_name("zone", tests, NULL, NULL);
}
