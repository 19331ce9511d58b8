#include "base/phrase.h"

#include <assert.h>
#include <string.h>

static const char cut[] = "...";

struct phrase
phrase_in(char *text, size_t cap)
{
	assert(cap >= sizeof(cut));
	text[0] = '\0';
	return (struct phrase){.text = text, .cap = cap};
}

void
phrase_add(struct phrase *phrase, const char *text)
{
	const size_t len = strlen(text);
	const size_t room = phrase->cap - phrase->len - 1;

	if (len <= room) {
		memcpy(phrase->text + phrase->len, text, len + 1);
		phrase->len += len;
		return;
	}
	/* Full from here on: nothing more is added. */
	memcpy(phrase->text + phrase->len, text, room);
	memcpy(phrase->text + phrase->cap - sizeof(cut), cut, sizeof(cut));
	phrase->len = phrase->cap - 1;
}

void
phrase_add_number(struct phrase *phrase, uint64_t number)
{
	char digits[24];
	size_t at = sizeof(digits) - 1;

	digits[at] = '\0';
	do {
		digits[--at] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	phrase_add(phrase, digits + at);
}
