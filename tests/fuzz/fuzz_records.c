/* The text of a records file in YAML, and its record sets. */
#include <stdint.h>

#include "config/record_set.h"
#include "config/yaml.h"
#include "model/model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
take(void *arg, const struct node *document)
{
	struct decoder *decoder = arg;
	struct model_record_set set = {.ttl = 0};

	record_set_type.read(decoder, NULL, document, &set);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena;
	struct diag diag;
	struct decoder decoder = {.arena = &arena, .diag = &diag};
	const struct yaml_text text = {
	    .path = "fuzz.yaml",
	    .text = (const char *)data,
	    .len = size,
	};

	if (size == 0)
		return 0;
	arena_init_heap(&arena, 4096);
	diag_init(&diag);
	yaml_stream(&text, take, &decoder, &diag);
	diag_fini(&diag);
	arena_fini(&arena);
	return 0;
}
