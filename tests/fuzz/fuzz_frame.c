/*
 * A stream that comes in pieces: what is found in it, and where, must not
 * depend on how it was cut.  The first octet is the pieces' size, the second
 * the limit in units of 16 octets.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "dns/frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { UNIT = 16, PARAMETERS = 2 };

static void
must(bool holds)
{
	if (!holds)
		abort();
}

/* What a reader has found so far. */
struct tally {
	size_t at; /* where the next frame begins */
	size_t frames;
	bool ended; /* by a length over the limit */
};

/* A frame written anew has the same header. */
static void
check_header(const uint8_t *frame, size_t len)
{
	uint8_t header[FRAME_HEADER];

	frame_put(header, (uint16_t)len);
	must(memcmp(header, frame, FRAME_HEADER) == 0);
}

/* Takes what is whole of the n octets that have come. */
static void
take(struct tally *tally, const uint8_t *stream, size_t n, size_t limit)
{
	size_t len = SIZE_MAX;

	while (!tally->ended) {
		const uint8_t *frame = stream + tally->at;

		switch (frame_find(frame, n - tally->at, limit, &len)) {
		case FRAME_PART:
			return;
		case FRAME_LONG:
			tally->ended = true;
			return;
		case FRAME_WHOLE:
			break;
		}
		must(len <= limit && FRAME_HEADER + len <= n - tally->at);
		check_header(frame, len);
		tally->at += FRAME_HEADER + len;
		tally->frames++;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tally whole = {.at = 0};
	struct tally pieces = {.at = 0};
	const uint8_t *stream;
	size_t limit;
	size_t piece;

	if (size < PARAMETERS)
		return 0;
	piece = (size_t)data[0] + 1;
	limit = (size_t)data[1] * UNIT;
	stream = data + PARAMETERS;
	size -= PARAMETERS;
	take(&whole, stream, size, limit);
	for (size_t n = 0; n < size; n += piece)
		take(&pieces, stream, n, limit);
	take(&pieces, stream, size, limit);
	must(whole.at == pieces.at && whole.frames == pieces.frames);
	must(whole.ended == pieces.ended);
	return 0;
}
