#include "model/region.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"

static struct position
place(const char *region)
{
	struct position position;

	assert_true(region_position(region, &position));
	return position;
}

/* Kilometres around the globe. */
static double
way(const char *from, const char *to)
{
	const double radius = 6371;
	const struct position a = place(from);
	const struct position b = place(to);
	const double x = a.x - b.x;
	const double y = a.y - b.y;
	const double z = a.z - b.z;

	return 2 * radius * asin(sqrt(x * x + y * y + z * z) / 20000);
}

/* The region other than `from` that is nearest to it. */
static const char *
neighbour(const char *from)
{
	const char *nearest = NULL;
	double least = INFINITY;

	for (size_t i = 0; i < region_count; i++) {
		const double here = way(from, region_names[i]);

		if (strcmp(region_names[i], from) == 0 || here >= least)
			continue;
		nearest = region_names[i];
		least = here;
	}
	return nearest;
}

/* Each pair's distance is published; a sign or a digit would show. */
static void
distances_are_those_of_the_map(void **state)
{
	(void)state;
	assert_float_equal(way("europe-west2", "europe-west9"), 344, 10);
	assert_float_equal(way("us-west2", "us-west4"), 368, 10);
	assert_float_equal(way("europe-west3", "us-east4"), 6540, 40);
	assert_float_equal(way("africa-south1", "southamerica-east1"), 7450,
	    60);
	assert_float_equal(way("australia-southeast1", "us-west1"), 12300, 150);
	assert_float_equal(way("asia-northeast1", "asia-northeast2"), 400, 10);
	assert_float_equal(way("me-west1", "me-central1"), 1800, 60);
}

static void
neighbours_are_those_of_the_map(void **state)
{
	(void)state;
	assert_string_equal(neighbour("europe-west8"), "europe-west12");
	assert_string_equal(neighbour("australia-southeast1"),
	    "australia-southeast2");
	assert_string_equal(neighbour("southamerica-west1"),
	    "southamerica-east1");
	assert_string_equal(neighbour("asia-southeast2"), "asia-southeast1");
	assert_string_equal(neighbour("me-central2"), "me-central1");
	assert_string_equal(neighbour("africa-south1"), "me-central1");
	assert_string_equal(neighbour("europe-north2"), "europe-north1");
	assert_string_equal(neighbour("us-east4"), "us-east5");
	assert_string_equal(neighbour("northamerica-south1"), "us-south1");
}

static void
every_place_lies_on_the_globe(void **state)
{
	(void)state;
	for (size_t i = 0; i < region_count; i++) {
		const struct position at = place(region_names[i]);
		const int64_t square = (int64_t)at.x * at.x +
		    (int64_t)at.y * at.y + (int64_t)at.z * at.z;

		assert_in_range(square, 99980000, 100020000);
	}
}

/* The policy takes distance 0 for the client's own region. */
static void
no_two_regions_share_a_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < region_count; i++) {
		for (size_t j = 0; j < i; j++)
			assert_true(way(region_names[i], region_names[j]) > 50);
	}
}

static void
an_unknown_name_has_no_place(void **state)
{
	struct position position = {1, 2, 3};

	(void)state;
	assert_false(region_position("europe-west5", &position));
	assert_false(region_position("europe-west1-b", &position));
	assert_false(region_position("EUROPE-WEST1", &position));
	assert_false(region_position("", &position));
	assert_int_equal(position.x, 1);
	assert_int_equal(position.y, 2);
	assert_int_equal(position.z, 3);
}

static void
a_misspelt_name_is_near_the_right_one(void **state)
{
	(void)state;
	assert_string_equal(text_nearest("europ-west1", region_names,
				region_count),
	    "europe-west1");
	assert_string_equal(text_nearest("us-centrall", region_names,
				region_count),
	    "us-central1");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(distances_are_those_of_the_map),
	    cmocka_unit_test(neighbours_are_those_of_the_map),
	    cmocka_unit_test(every_place_lies_on_the_globe),
	    cmocka_unit_test(no_two_regions_share_a_place),
	    cmocka_unit_test(an_unknown_name_has_no_place),
	    cmocka_unit_test(a_misspelt_name_is_near_the_right_one),
	};

	return cmocka_run_group_tests_name("region", tests, NULL, NULL);
}
