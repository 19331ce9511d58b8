/* Master files: each record handed on must be whole and print. */
#include <stdio.h>
#include <stdlib.h>

#include "dns/rdata.h"
#include "dns/zonefile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
require(bool truth)
{
	if (!truth)
		abort();
}

static bool
take(void *arg, const struct zonefile_record *record)
{
	static char text[1 << 19];
	size_t *const records = arg;

	require(name_size(record->owner.wire) == record->owner.len);
	require(record->ttl <= INT32_MAX);
	require(record->mark.line > 0);
	rdata_to_text(record->type, record->rdata, record->len, text,
	    sizeof(text));
	return ++*records < 1000;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t records = 0;
	const struct zonefile_sink sink = {.take = take, .arg = &records};
	uint8_t *const copy = malloc(size + 1);
	struct name origin;
	struct diag diag;
	FILE *file;

	require(copy != NULL);
	memcpy(copy, data, size);
	file = fmemopen(copy, size + (size == 0), "r");
	require(file != NULL);
	require(name_from_text(&origin, "example.") == NAME_OK);
	diag_init(&diag);
	if (!zonefile_read(file, "zone", &origin, &sink, &diag)) {
		require(diag.errors > 0 || records == 1000);
	} else {
		require(diag.errors == 0);
	}
	diag_fini(&diag);
	fclose(file);
	free(copy);
	return 0;
}
