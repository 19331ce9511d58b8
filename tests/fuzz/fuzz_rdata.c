/*
 * Record data: two octets of type, an octet that says which way, then text or
 * wire.  Whatever is read must be written so that it reads back the same.
 */
#include <stdlib.h>

#include "dns/rdata.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { DATA_MAX = 65535, TEXT_MAX = 1 << 19, INPUT_MAX = 8192 };

static uint8_t first[DATA_MAX];
static uint8_t second[DATA_MAX];
static char text[TEXT_MAX];

static void
require(bool truth)
{
	if (!truth)
		abort();
}

static void
write_and_read(uint16_t type, const uint8_t *wire, size_t len)
{
	struct writer writer = writer_over(second, sizeof(second));
	const char *fault;

	rdata_to_text(type, wire, (uint16_t)len, text, sizeof(text));
	fault = rdata_from_text(type, text, &writer);
	/* Data that its type does not allow is only ever written. */
	if (fault != NULL && text[0] == '\\' && text[1] == '#')
		return;
	require(fault == NULL);
	require(writer.at == len && memcmp(second, wire, len) == 0);
}

static void
read_text(uint16_t type, const uint8_t *data, size_t size)
{
	struct writer writer = writer_over(first, sizeof(first));
	char *const copy = calloc(1, size + 1);

	require(copy != NULL);
	memcpy(copy, data, size);
	if (rdata_from_text(type, copy, &writer) == NULL) {
		write_and_read(type, first, writer.at);
	} else {
		require(writer.at == 0 && !writer.bad);
	}
	free(copy);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct reader reader = reader_over(data, size);
	const uint16_t type = reader_u16(&reader);
	const bool as_text = (reader_u8(&reader) & 1) != 0;
	const size_t left = reader_left(&reader);

	if (reader.bad || left > INPUT_MAX)
		return 0;
	if (as_text) {
		read_text(type, data + reader.at, left);
	} else {
		write_and_read(type, data + reader.at, left);
	}
	return 0;
}
