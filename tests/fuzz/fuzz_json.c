/*
 * JSON from text to nodes, with and without a filter.  What is right must hold
 * no zero octet, know its place, and be the same when it is read again.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "config/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const skip[] = {"s", NULL};

static size_t taken;

static void
take(void *arg, const struct node *entry)
{
	(void)arg;
	if (entry->mark.line == 0 || entry->mark.column == 0)
		abort();
	taken++;
}

static bool
load(const uint8_t *data, size_t size, const struct json_filter *filter)
{
	struct arena arena;
	struct diag diag;
	const struct node *root;

	arena_init_heap(&arena, 4096);
	diag_init(&diag);
	root = json_load(
	    &(struct yaml_text){
		.path = "f",
		.text = (const char *)data,
		.len = size,
	    },
	    filter, &arena, &diag);
	if ((root == NULL) != (diag.errors > 0))
		abort();
	arena_fini(&arena);
	diag_fini(&diag);
	return root != NULL;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct json_filter skipping = {.skip = skip};
	const struct json_filter cutting = {.cut = "c", .take = take};
	const struct json_filter entries = {.take = take};
	const bool good = load(data, size, NULL);

	if (load(data, size, &entries) != good)
		abort();
	if (load(data, size, &cutting) != good)
		abort();
	/* A key twice in what is skipped is not looked for. */
	if (good && !load(data, size, &skipping))
		abort();
	return 0;
}
