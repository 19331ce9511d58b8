#include "dns/frame.h"

enum frame
frame_find(const uint8_t *octets, size_t n, size_t limit, size_t *len)
{
	size_t announced;

	if (n < FRAME_HEADER)
		return FRAME_PART;
	announced = (size_t)octets[0] << 8 | octets[1];
	if (announced > limit)
		return FRAME_LONG;
	if (announced > n - FRAME_HEADER)
		return FRAME_PART;
	*len = announced;
	return FRAME_WHOLE;
}

void
frame_put(uint8_t *frame, uint16_t len)
{
	frame[0] = (uint8_t)(len >> 8);
	frame[1] = (uint8_t)len;
}
