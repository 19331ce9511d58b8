#include "ctl/printable.h"

#include <stdint.h>

enum { ESCAPE = 4, HUNDRED = 100, TEN = 10 };

const char *
printable_text(const char *text, char *buf, size_t cap)
{
	size_t at = 0;

	for (; *text != '\0'; text++) {
		const uint8_t octet = (uint8_t)*text;
		const size_t size = octet < ' ' || octet > '~' ? ESCAPE : 1;

		if (at + size >= cap)
			break;
		if (size == 1) {
			buf[at++] = *text;
			continue;
		}
		buf[at++] = '\\';
		buf[at++] = (char)('0' + octet / HUNDRED);
		buf[at++] = (char)('0' + octet / TEN % TEN);
		buf[at++] = (char)('0' + octet % TEN);
	}
	buf[at] = '\0';
	return buf;
}
