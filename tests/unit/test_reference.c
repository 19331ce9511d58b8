#include "model/reference.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define NETWORK_URL "https://www.googleapis.com/compute/v1/projects/"

static struct model model;
static struct model_network networks[2];
static struct model_cluster cluster;

static const struct mark here = {.file = "t.yaml", .line = 1, .column = 1};

static int
set_up(void **state)
{
	(void)state;
	model_init(&model);
	networks[0] = (struct model_network){
	    .name = {.text = "prod", .mark = here},
	    .project = {.text = "p1", .mark = here},
	};
	networks[1] = (struct model_network){
	    .name = {.text = "dev", .mark = here},
	};
	cluster = (struct model_cluster){.name = {.text = "c1", .mark = here}};
	model.networks = (struct model_list){.items = networks, .count = 2};
	model.gke_clusters = (struct model_list){.items = &cluster, .count = 1};
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	model_fini(&model);
	return 0;
}

static struct model_network_ref
network_ref(const char *text)
{
	struct model_network_ref ref = {.mark = here};

	assert_true(reference_parse_network(text, &model.arena, &ref));
	return ref;
}

static bool
parses(const char *text)
{
	struct model_network_ref ref = {.mark = here};

	return reference_parse_network(text, &model.arena, &ref);
}

static const struct model_network *
meant(const char *text)
{
	const struct model_network_ref ref = network_ref(text);

	return reference_network(&model, &ref);
}

static void
a_name_is_a_reference_without_a_project(void **state)
{
	const struct model_network_ref ref = network_ref("prod");

	(void)state;
	assert_string_equal(ref.name, "prod");
	assert_null(ref.project);
}

static void
the_path_and_every_url_of_it_say_the_project(void **state)
{
	static const char *const texts[] = {
	    "projects/p1/global/networks/prod",
	    "https://www.googleapis.com/compute/v1/projects/p1/global/networks/"
	    "prod",
	    "https://compute.googleapis.com/compute/beta/projects/p1/global/"
	    "networks/prod",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		const struct model_network_ref ref = network_ref(texts[i]);

		assert_string_equal(ref.name, "prod");
		assert_string_equal(ref.project, "p1");
		assert_string_equal(ref.text, texts[i]);
	}
}

static void
what_only_looks_like_a_path_is_none(void **state)
{
	(void)state;
	assert_false(parses(""));
	assert_false(parses("p1/prod"));
	assert_false(parses("/projects/p1/global/networks/prod"));
	assert_false(parses("projects/p1/global/networks/"));
	assert_false(parses("projects//global/networks/prod"));
	assert_false(parses("projects/p1/regions/r/networks/prod"));
	assert_false(parses(NETWORK_URL "p1/global/networks/prod/x"));
	assert_false(parses("x/projects/p1/global/networks/prod"));
}

static void
a_cluster_is_known_by_its_last_part(void **state)
{
	struct model_cluster_ref ref = {.mark = here};

	(void)state;
	assert_true(reference_parse_cluster(
	    "projects/p1/locations/europe-west1/clusters/c1", &model.arena,
	    &ref));
	assert_ptr_equal(reference_cluster(&model, &ref), &cluster);
	assert_false(reference_parse_cluster("projects/p1/clusters/c1",
	    &model.arena, &ref));
}

static void
both_name_and_project_must_fit(void **state)
{
	(void)state;
	assert_ptr_equal(meant("prod"), &networks[0]);
	assert_ptr_equal(meant(NETWORK_URL "p1/global/networks/prod"),
	    &networks[0]);
	assert_null(meant(NETWORK_URL "p2/global/networks/prod"));
	assert_ptr_equal(meant(NETWORK_URL "p2/global/networks/dev"),
	    &networks[1]);
	assert_null(meant("test"));
}

static void
there_is_a_default_network_though_nobody_declared_it(void **state)
{
	const struct model_network *found = reference_default(&model);

	(void)state;
	assert_string_equal(found->name.text, "default");
	assert_int_equal(reference_network_count(&model), 3);
	assert_ptr_equal(reference_network_at(&model, 2), found);
	assert_ptr_equal(meant("projects/p9/global/networks/default"), found);
	assert_ptr_equal(reference_network_named(&model, "default"), found);
}

static void
a_declared_default_network_is_the_default(void **state)
{
	(void)state;
	networks[1].name.text = "default";
	assert_ptr_equal(reference_default(&model), &networks[1]);
	assert_int_equal(reference_network_count(&model), 2);
}

static void
no_reference_is_the_default_network(void **state)
{
	const struct model_network_ref none = {.name = NULL};

	(void)state;
	assert_ptr_equal(reference_network(&model, &none),
	    reference_default(&model));
}

static void
a_reference_that_could_not_be_read_is_none(void **state)
{
	const struct model_network_ref unread = {.mark = here};

	(void)state;
	assert_null(reference_network(&model, &unread));
	assert_false(reference_fits(&unread, &networks[0]));
}

static void
what_says_nothing_holds_in_the_default_network_alone(void **state)
{
	const struct model_visibility nothing = {.given = false};

	(void)state;
	assert_true(
	    reference_holds_in_network(&nothing, reference_default(&model)));
	assert_false(reference_holds_in_network(&nothing, &networks[0]));
	assert_false(reference_holds_in_cluster(&nothing, &cluster));
}

static void
claim_23_an_empty_list_is_nowhere(void **state)
{
	const struct model_visibility empty = {.given = true};

	(void)state;
	assert_false(
	    reference_holds_in_network(&empty, reference_default(&model)));
	assert_false(reference_holds_in_network(&empty, &networks[0]));
	assert_false(reference_holds_in_cluster(&empty, &cluster));
}

static void
what_names_a_cluster_alone_holds_in_no_network(void **state)
{
	struct model_cluster_ref refs[] = {{.mark = here, .name = "c1"}};
	const struct model_visibility visibility = {
	    .given = true,
	    .clusters = {.items = refs, .count = 1},
	};

	(void)state;
	assert_true(reference_holds_in_cluster(&visibility, &cluster));
	assert_false(
	    reference_holds_in_network(&visibility, reference_default(&model)));
}

static void
what_names_networks_holds_in_each_of_them(void **state)
{
	struct model_network_ref refs[] = {
	    network_ref("dev"),
	    network_ref("prod"),
	};
	const struct model_visibility visibility = {
	    .given = true,
	    .networks = {.items = refs, .count = 2},
	};

	(void)state;
	assert_true(reference_holds_in_network(&visibility, &networks[0]));
	assert_true(reference_holds_in_network(&visibility, &networks[1]));
	assert_false(
	    reference_holds_in_network(&visibility, reference_default(&model)));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_name_is_a_reference_without_a_project),
	    TEST(the_path_and_every_url_of_it_say_the_project),
	    TEST(what_only_looks_like_a_path_is_none),
	    TEST(a_cluster_is_known_by_its_last_part),
	    TEST(both_name_and_project_must_fit),
	    TEST(there_is_a_default_network_though_nobody_declared_it),
	    TEST(a_declared_default_network_is_the_default),
	    TEST(no_reference_is_the_default_network),
	    TEST(a_reference_that_could_not_be_read_is_none),
	    TEST(what_says_nothing_holds_in_the_default_network_alone),
	    TEST(claim_23_an_empty_list_is_nowhere),
	    TEST(what_names_a_cluster_alone_holds_in_no_network),
	    TEST(what_names_networks_holds_in_each_of_them),
	};

	return cmocka_run_group_tests_name("reference", tests, NULL, NULL);
}
