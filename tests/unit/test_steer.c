#include "core/steer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/*
 * Routing policies over the addresses 10.0.0.0 to 10.0.0.9: an address is its
 * last octet, and its health the target of that index.
 */
enum {
	ADDRESSES = 10,
	DRAWS = 10000,
	TYPE_A = 1,
	TTL = 30,
	UNIT = 10000, /* a weight of 1 */
};

static uint8_t block[4096];
static struct arena arena;
static struct rng rng;
static struct health_target health[ADDRESSES];
static struct steer_data data[ADDRESSES];
static struct steer_context context;
static unsigned drawn[ADDRESSES]; /* how often each address came */

/* A fixed series, so that a distribution is the same in each run. */
static void
fill_by_seed(void *buf, size_t len)
{
	static uint64_t state = 1;
	uint8_t *bytes = buf;

	for (size_t i = 0; i < len; i++) {
		state = state * UINT64_C(6364136223846793005) +
		    UINT64_C(1442695040888963407);
		bytes[i] = (uint8_t)(state >> 56);
	}
}

static struct arena packed;

static int
set_up_group(void **state)
{
	(void)state;
	arena_init_heap(&packed, 4096);
	rng_init(&rng, fill_by_seed);
	for (unsigned i = 0; i < ADDRESSES; i++) {
		const uint8_t octets[] = {10, 0, 0, (uint8_t)i};
		const struct rdata rdata = {octets, sizeof(octets)};

		data[i].rrset = rrset_pack(&packed, TYPE_A, TTL, &rdata, 1);
		assert_non_null(data[i].rrset);
	}
	return 0;
}

static int
tear_down_group(void **state)
{
	(void)state;
	arena_fini(&packed);
	return 0;
}

static int
set_up(void **state)
{
	(void)state;
	arena_init(&arena, block, sizeof(block));
	memset(drawn, 0, sizeof(drawn));
	for (uint32_t i = 0; i < ADDRESSES; i++) {
		data[i].target = i;
		atomic_init(&health[i].down, false);
	}
	context = (struct steer_context){
	    .health = health,
	    .rng = &rng,
	    .arena = &arena,
	};
	return 0;
}

static void
take_down(size_t address)
{
	atomic_store(&health[address].down, true);
}

/* An item of count addresses from first on. */
static struct steer_item
item(size_t first, uint16_t count)
{
	return (struct steer_item){.data = &data[first], .count = count};
}

static struct steer_item
weighted(uint32_t weight, size_t first, uint16_t count)
{
	struct steer_item weighted = item(first, count);

	weighted.weight = weight;
	return weighted;
}

static struct steer_item
placed(struct position position, size_t first, uint16_t count)
{
	struct steer_item placed = item(first, count);

	placed.position = position;
	return placed;
}

static struct steering
policy(enum steer_kind kind, const struct steer_item *items, uint16_t count)
{
	return (struct steering){
	    .kind = kind,
	    .type = TYPE_A,
	    .ttl = TTL,
	    .items = items,
	    .count = count,
	};
}

static const struct rrset *
pick(const struct steering *steering)
{
	const struct rrset *answer;

	arena_reset(&arena);
	answer = steer_pick(steering, &context);
	assert_non_null(answer);
	return answer;
}

/* The addresses of an answer as digits, in its order: "013". */
static const char *
digits(const struct rrset *answer)
{
	static char text[ADDRESSES + 1];
	const uint8_t *at = NULL;
	size_t count = 0;
	uint16_t len;

	while ((at = rrset_next(answer, at, &len)) != NULL) {
		assert_int_equal(len, 4);
		assert_true(count < ADDRESSES);
		text[count++] = (char)('0' + at[3]);
	}
	text[count] = '\0';
	assert_int_equal(answer->count, count);
	return text;
}

static const char *
picked(const struct steering *steering)
{
	return digits(pick(steering));
}

/* Picks DRAWS times and counts the first address of each answer. */
static void
draw(const struct steering *steering)
{
	for (unsigned i = 0; i < DRAWS; i++)
		drawn[picked(steering)[0] - '0']++;
}

/*
 * An address came with the probability of share / whole: what is found may be
 * off by four standard deviations, which happens to one of 16,000 series.
 */
static void
assert_share(size_t address, double share, double whole)
{
	const double p = share / whole;
	const double off = drawn[address] - DRAWS * p;

	assert_true(off * off <= 16 * DRAWS * p * (1 - p));
}

/* Weighted round robin. */

static void
items_are_drawn_by_their_weight(void **state)
{
	const struct steer_item items[] = {
	    weighted(1 * UNIT, 0, 1),
	    weighted(2 * UNIT, 1, 1),
	    weighted(5 * UNIT, 2, 1),
	    weighted(2 * UNIT, 3, 1),
	};
	const struct steering steering = policy(STEER_WRR, items, 4);

	(void)state;
	draw(&steering);
	assert_share(0, 1, 10);
	assert_share(1, 2, 10);
	assert_share(2, 5, 10);
	assert_share(3, 2, 10);
}

static void
fractions_of_a_weight_count(void **state)
{
	const struct steer_item items[] = {
	    weighted(UNIT / 2, 0, 1),
	    weighted(UNIT / 4, 1, 1),
	};
	const struct steering steering = policy(STEER_WRR, items, 2);

	(void)state;
	draw(&steering);
	assert_share(0, 2, 3);
	assert_share(1, 1, 3);
}

static void
weights_add_up_to_32_bits(void **state)
{
	const struct steer_item items[] = {
	    weighted(UINT32_MAX / 2, 0, 1),
	    weighted(UINT32_MAX / 2 + 1, 1, 1),
	};
	const struct steering steering = policy(STEER_WRR, items, 2);

	(void)state;
	draw(&steering);
	assert_share(0, 1, 2);
	assert_share(1, 1, 2);
}

static void
weight_0_is_not_drawn_beside_others(void **state)
{
	const struct steer_item items[] = {
	    weighted(0, 0, 1),
	    weighted(1, 1, 1),
	    weighted(0, 2, 1),
	};
	const struct steering steering = policy(STEER_WRR, items, 3);

	(void)state;
	draw(&steering);
	assert_int_equal(drawn[1], DRAWS);
}

static void
a_drawn_item_gives_all_its_addresses(void **state)
{
	const struct steer_item items[] = {weighted(UNIT, 0, 3)};
	const struct steering steering = policy(STEER_WRR, items, 1);
	const struct rrset *answer;

	(void)state;
	answer = pick(&steering);
	assert_string_equal(digits(answer), "012");
	assert_int_equal(answer->type, TYPE_A);
	assert_int_equal(answer->ttl, TTL);
}

static void
unhealthy_addresses_are_left_out(void **state)
{
	const struct steer_item items[] = {weighted(UNIT, 0, 3)};
	const struct steering steering = policy(STEER_WRR, items, 1);

	(void)state;
	take_down(1);
	assert_string_equal(picked(&steering), "02");
}

static void
an_item_without_a_healthy_address_yields_by_weight(void **state)
{
	const struct steer_item items[] = {
	    weighted(6 * UNIT, 0, 1),
	    weighted(1 * UNIT, 1, 1),
	    weighted(3 * UNIT, 2, 1),
	};
	const struct steering steering = policy(STEER_WRR, items, 3);

	(void)state;
	take_down(0);
	draw(&steering);
	assert_int_equal(drawn[0], 0);
	assert_share(1, 1, 4);
	assert_share(2, 3, 4);
}

static void
weight_0_comes_when_all_others_are_down(void **state)
{
	const struct steer_item items[] = {
	    weighted(6 * UNIT, 0, 1),
	    weighted(0, 1, 1),
	    weighted(3 * UNIT, 2, 1),
	    weighted(0, 3, 1),
	};
	const struct steering steering = policy(STEER_WRR, items, 4);

	(void)state;
	take_down(0);
	take_down(2);
	draw(&steering);
	assert_share(1, 1, 2);
	assert_share(3, 1, 2);
}

static void
all_items_down_are_as_all_up(void **state)
{
	const struct steer_item items[] = {
	    weighted(3 * UNIT, 0, 2),
	    weighted(1 * UNIT, 2, 1),
	    weighted(0, 3, 1),
	};
	const struct steering steering = policy(STEER_WRR, items, 3);

	(void)state;
	take_down(0);
	take_down(1);
	take_down(2);
	take_down(3);
	draw(&steering);
	assert_share(0, 3, 4);
	assert_share(2, 1, 4);
	assert_int_equal(drawn[3], 0);
}

static void
nothing_but_weight_0_is_drawn_alike(void **state)
{
	const struct steer_item items[] = {
	    weighted(0, 0, 1),
	    weighted(0, 1, 1),
	};
	const struct steering steering = policy(STEER_WRR, items, 2);

	(void)state;
	take_down(0);
	take_down(1);
	draw(&steering);
	assert_share(0, 1, 2);
	assert_share(1, 1, 2);
}

static void
an_unchecked_address_is_always_healthy(void **state)
{
	const struct steer_item items[] = {
	    weighted(UNIT, 0, 1),
	    weighted(UNIT, 1, 2),
	};
	const struct steering steering = policy(STEER_WRR, items, 2);

	(void)state;
	data[1].target = STEER_UNCHECKED;
	take_down(0);
	take_down(1);
	take_down(2);
	assert_string_equal(picked(&steering), "1");
}

static void
a_single_address_needs_no_room(void **state)
{
	const struct steer_item items[] = {weighted(UNIT, 4, 1)};
	const struct steering steering = policy(STEER_WRR, items, 1);

	(void)state;
	assert_ptr_equal(pick(&steering), data[4].rrset);
	assert_ptr_equal(arena.at, block);
}

static void
a_full_arena_gives_nothing(void **state)
{
	const struct steer_item items[] = {weighted(UNIT, 0, 2)};
	const struct steering steering = policy(STEER_WRR, items, 1);

	(void)state;
	assert_non_null(arena_alloc(&arena, sizeof(block) - 16));
	assert_null(steer_pick(&steering, &context));
}

/* Geolocation: places along the equator, by their angle. */

static const struct position greenwich = {.x = 10000};
static const struct position east_45 = {.x = 7071, .y = 7071};
static const struct position east_90 = {.y = 10000};
static const struct position east_180 = {.x = -10000};
static const struct position pole = {.z = 10000};

static void
the_exact_region_comes_first(void **state)
{
	const struct steer_item items[] = {
	    placed(greenwich, 0, 1),
	    placed(east_45, 1, 2),
	    placed(east_90, 3, 1),
	};
	const struct steering steering = policy(STEER_GEO, items, 3);

	(void)state;
	context.position = east_45;
	assert_string_equal(picked(&steering), "12");
}

static void
else_the_nearest_region_comes(void **state)
{
	const struct steer_item items[] = {
	    placed(greenwich, 0, 1),
	    placed(east_180, 1, 1),
	    placed(pole, 2, 1),
	};
	const struct steering steering = policy(STEER_GEO, items, 3);

	(void)state;
	context.position = east_45;
	assert_string_equal(picked(&steering), "0");
	context.position = (struct position){.x = -9659, .y = 2588};
	assert_string_equal(picked(&steering), "1");
	context.position = (struct position){.y = -3420, .z = 9397};
	assert_string_equal(picked(&steering), "2");
}

static void
the_far_side_of_the_globe_is_the_farthest(void **state)
{
	const struct steer_item items[] = {
	    placed((struct position){.x = -10000}, 0, 1),
	    placed((struct position){.x = -5774, .y = -5774, .z = -5774}, 1, 1),
	};
	const struct steering steering = policy(STEER_GEO, items, 2);

	(void)state;
	context.position = greenwich;
	assert_string_equal(picked(&steering), "1");
}

static void
north_is_not_south(void **state)
{
	const struct steer_item items[] = {
	    placed((struct position){.x = 7071, .z = -7071}, 0, 1),
	    placed((struct position){.x = 7071, .z = 7071}, 1, 1),
	};
	const struct steering steering = policy(STEER_GEO, items, 2);

	(void)state;
	context.position = pole;
	assert_string_equal(picked(&steering), "1");
}

static void
only_the_healthy_of_a_region_come(void **state)
{
	const struct steer_item items[] = {
	    placed(greenwich, 0, 3),
	    placed(east_90, 3, 1),
	};
	const struct steering steering = policy(STEER_GEO, items, 2);

	(void)state;
	context.position = greenwich;
	take_down(0);
	take_down(2);
	assert_string_equal(picked(&steering), "1");
}

static void
without_a_fence_the_next_nearest_region_takes_over(void **state)
{
	const struct steer_item items[] = {
	    placed(east_90, 0, 1),
	    placed(greenwich, 1, 2),
	    placed(east_45, 3, 1),
	};
	const struct steering steering = policy(STEER_GEO, items, 3);

	(void)state;
	context.position = greenwich;
	take_down(1);
	take_down(2);
	assert_string_equal(picked(&steering), "3");
	take_down(3);
	assert_string_equal(picked(&steering), "0");
}

static void
a_fence_gives_the_healthy_of_the_nearest_region(void **state)
{
	const struct steer_item items[] = {
	    placed(greenwich, 0, 3),
	    placed(east_45, 3, 1),
	};
	struct steering steering = policy(STEER_GEO, items, 2);

	(void)state;
	steering.fencing = true;
	context.position = greenwich;
	take_down(1);
	assert_string_equal(picked(&steering), "02");
}

static void
a_fence_gives_all_of_the_nearest_region_when_it_is_down(void **state)
{
	const struct steer_item items[] = {
	    placed(east_45, 0, 1),
	    placed(greenwich, 1, 2),
	};
	struct steering steering = policy(STEER_GEO, items, 2);

	(void)state;
	steering.fencing = true;
	context.position = greenwich;
	take_down(1);
	take_down(2);
	assert_string_equal(picked(&steering), "12");
}

static void
everything_down_gives_all_of_the_nearest_region(void **state)
{
	const struct steer_item items[] = {
	    placed(east_45, 0, 1),
	    placed(greenwich, 1, 2),
	};
	const struct steering steering = policy(STEER_GEO, items, 2);

	(void)state;
	context.position = greenwich;
	take_down(0);
	take_down(1);
	take_down(2);
	assert_string_equal(picked(&steering), "12");
}

static void
from_an_unknown_region_the_first_healthy_item_comes(void **state)
{
	const struct steer_item items[] = {
	    placed(east_180, 0, 1),
	    placed(east_45, 1, 1),
	    placed(greenwich, 2, 1),
	};
	const struct steering steering = policy(STEER_GEO, items, 3);

	(void)state;
	assert_string_equal(picked(&steering), "0");
	take_down(0);
	assert_string_equal(picked(&steering), "1");
}

static void
an_unknown_location_is_farther_than_any(void **state)
{
	const struct steer_item items[] = {
	    placed((struct position){0}, 0, 1),
	    placed(east_180, 1, 1),
	};
	const struct steering steering = policy(STEER_GEO, items, 2);

	(void)state;
	context.position = greenwich;
	assert_string_equal(picked(&steering), "1");
	take_down(1);
	assert_string_equal(picked(&steering), "0");
}

/* Failover: primaries 0 to 2, the backup near at 3 and 4, and far at 5. */

static const struct steer_item *
backup_items(void)
{
	static struct steer_item items[2];

	items[0] = placed(greenwich, 3, 2);
	items[1] = placed(east_90, 5, 1);
	return items;
}

static struct steering
failover(void)
{
	struct steering steering = policy(STEER_FAILOVER, backup_items(), 2);

	steering.primary = item(0, 3);
	context.position = greenwich;
	return steering;
}

static void
all_healthy_primaries_come(void **state)
{
	const struct steering steering = failover();

	(void)state;
	assert_string_equal(picked(&steering), "012");
	take_down(0);
	assert_string_equal(picked(&steering), "12");
	take_down(2);
	assert_string_equal(picked(&steering), "1");
}

static void
the_backup_is_left_alone_while_a_primary_is_healthy(void **state)
{
	const struct steering steering = failover();

	(void)state;
	take_down(0);
	take_down(1);
	draw(&steering);
	assert_int_equal(drawn[2], DRAWS);
}

static void
without_primaries_the_backup_is_a_geolocation_policy(void **state)
{
	const struct steering steering = failover();

	(void)state;
	take_down(0);
	take_down(1);
	take_down(2);
	assert_string_equal(picked(&steering), "34");
	context.position = east_90;
	assert_string_equal(picked(&steering), "5");
}

static void
the_backup_fails_over_to_its_next_region(void **state)
{
	const struct steering steering = failover();

	(void)state;
	take_down(0);
	take_down(1);
	take_down(2);
	take_down(3);
	assert_string_equal(picked(&steering), "4");
	take_down(4);
	assert_string_equal(picked(&steering), "5");
}

static void
the_backup_may_have_a_fence(void **state)
{
	struct steering steering = failover();

	(void)state;
	steering.fencing = true;
	take_down(0);
	take_down(1);
	take_down(2);
	take_down(3);
	take_down(4);
	assert_string_equal(picked(&steering), "34");
}

static void
everything_down_gives_the_primaries(void **state)
{
	const struct steering steering = failover();

	(void)state;
	take_down(0);
	take_down(1);
	take_down(2);
	take_down(3);
	take_down(4);
	take_down(5);
	assert_string_equal(picked(&steering), "012");
}

static void
a_part_of_the_traffic_trickles_to_the_backup(void **state)
{
	struct steering steering = failover();

	(void)state;
	steering.trickle = 1000;
	draw(&steering);
	assert_share(0, 9, 10);
	assert_share(3, 1, 10);
}

static void
all_of_the_traffic_may_trickle(void **state)
{
	struct steering steering = failover();

	(void)state;
	steering.trickle = 10000;
	draw(&steering);
	assert_int_equal(drawn[3], DRAWS);
}

static void
nothing_trickles_to_a_backup_that_is_down(void **state)
{
	struct steering steering = failover();

	(void)state;
	steering.trickle = 10000;
	take_down(3);
	take_down(4);
	take_down(5);
	assert_string_equal(picked(&steering), "012");
}

static void
a_failover_may_have_no_backup(void **state)
{
	struct steering steering = failover();

	(void)state;
	steering.items = NULL;
	steering.count = 0;
	steering.trickle = 10000;
	assert_string_equal(picked(&steering), "012");
	take_down(0);
	take_down(1);
	take_down(2);
	assert_string_equal(picked(&steering), "012");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(items_are_drawn_by_their_weight, set_up),
	    cmocka_unit_test_setup(fractions_of_a_weight_count, set_up),
	    cmocka_unit_test_setup(weights_add_up_to_32_bits, set_up),
	    cmocka_unit_test_setup(weight_0_is_not_drawn_beside_others, set_up),
	    cmocka_unit_test_setup(a_drawn_item_gives_all_its_addresses,
		set_up),
	    cmocka_unit_test_setup(unhealthy_addresses_are_left_out, set_up),
	    cmocka_unit_test_setup(
		an_item_without_a_healthy_address_yields_by_weight, set_up),
	    cmocka_unit_test_setup(weight_0_comes_when_all_others_are_down,
		set_up),
	    cmocka_unit_test_setup(all_items_down_are_as_all_up, set_up),
	    cmocka_unit_test_setup(nothing_but_weight_0_is_drawn_alike, set_up),
	    cmocka_unit_test_setup(an_unchecked_address_is_always_healthy,
		set_up),
	    cmocka_unit_test_setup(a_single_address_needs_no_room, set_up),
	    cmocka_unit_test_setup(a_full_arena_gives_nothing, set_up),
	    cmocka_unit_test_setup(the_exact_region_comes_first, set_up),
	    cmocka_unit_test_setup(else_the_nearest_region_comes, set_up),
	    cmocka_unit_test_setup(the_far_side_of_the_globe_is_the_farthest,
		set_up),
	    cmocka_unit_test_setup(north_is_not_south, set_up),
	    cmocka_unit_test_setup(only_the_healthy_of_a_region_come, set_up),
	    cmocka_unit_test_setup(
		without_a_fence_the_next_nearest_region_takes_over, set_up),
	    cmocka_unit_test_setup(
		a_fence_gives_the_healthy_of_the_nearest_region, set_up),
	    cmocka_unit_test_setup(
		a_fence_gives_all_of_the_nearest_region_when_it_is_down,
		set_up),
	    cmocka_unit_test_setup(
		everything_down_gives_all_of_the_nearest_region, set_up),
	    cmocka_unit_test_setup(
		from_an_unknown_region_the_first_healthy_item_comes, set_up),
	    cmocka_unit_test_setup(an_unknown_location_is_farther_than_any,
		set_up),
	    cmocka_unit_test_setup(all_healthy_primaries_come, set_up),
	    cmocka_unit_test_setup(
		the_backup_is_left_alone_while_a_primary_is_healthy, set_up),
	    cmocka_unit_test_setup(
		without_primaries_the_backup_is_a_geolocation_policy, set_up),
	    cmocka_unit_test_setup(the_backup_fails_over_to_its_next_region,
		set_up),
	    cmocka_unit_test_setup(the_backup_may_have_a_fence, set_up),
	    cmocka_unit_test_setup(everything_down_gives_the_primaries, set_up),
	    cmocka_unit_test_setup(a_part_of_the_traffic_trickles_to_the_backup,
		set_up),
	    cmocka_unit_test_setup(all_of_the_traffic_may_trickle, set_up),
	    cmocka_unit_test_setup(nothing_trickles_to_a_backup_that_is_down,
		set_up),
	    cmocka_unit_test_setup(a_failover_may_have_no_backup, set_up),
	};

	return cmocka_run_group_tests_name("steer", tests, set_up_group,
	    tear_down_group);
}
