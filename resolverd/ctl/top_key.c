#include "ctl/top_key.h"

#include <stdbool.h>
#include <string.h>

/* What follows ESC: "[A" and the like, as xterm, the console and screen do. */
static const struct {
	const char *octets;
	int key;
} sequences[] = {
    {"[A", KEY_UP},
    {"[B", KEY_DOWN},
    {"[C", KEY_RIGHT},
    {"[D", KEY_LEFT},
    {"OA", KEY_UP},
    {"OB", KEY_DOWN},
    {"OC", KEY_RIGHT},
    {"OD", KEY_LEFT},
    {"[5~", KEY_PAGE_UP},
    {"[6~", KEY_PAGE_DOWN},
    {"[H", KEY_HOME},
    {"[F", KEY_END},
    {"OH", KEY_HOME},
    {"OF", KEY_END},
    {"[1~", KEY_HOME},
    {"[4~", KEY_END},
    {"[7~", KEY_HOME},
    {"[8~", KEY_END},
    {"[Z", KEY_BACK_TAB},
};

/*
 * Octets of a sequence that begins with ESC [ or ESC O, at most len (ECMA-48
 * section 5.4: parameters and intermediates, then a final octet).
 */
static size_t
sequence_length(const char *octets, size_t len)
{
	size_t at = 2;

	if (octets[1] == 'O')
		return len < 3 ? len : 3;
	while (at < len && octets[at] >= ' ' && octets[at] <= '?')
		at++;
	return at < len ? at + 1 : len;
}

static int
read_sequence(const char *octets, size_t len)
{
	for (size_t i = 0; i < sizeof(sequences) / sizeof(sequences[0]); i++) {
		if (strlen(sequences[i].octets) == len - 1 &&
		    memcmp(octets + 1, sequences[i].octets, len - 1) == 0)
			return sequences[i].key;
	}
	return KEY_NONE;
}

static int
read_plain(char octet)
{
	switch (octet) {
	case KEY_REDRAW:
	case KEY_ENTER:
	case KEY_TAB:
	case KEY_ERASE_ALL:
	case KEY_ESCAPE:
	case KEY_ERASE:
		return octet;
	case '\n':
		return KEY_ENTER;
	case '\b':
		return KEY_ERASE;
	}
	return octet >= ' ' && octet <= '~' ? octet : KEY_NONE;
}

int
top_key_read(const char *octets, size_t len, size_t *used)
{
	if (octets[0] == KEY_ESCAPE && len > 1 &&
	    (octets[1] == '[' || octets[1] == 'O')) {
		*used = sequence_length(octets, len);
		return read_sequence(octets, *used);
	}
	*used = 1;
	return read_plain(octets[0]);
}
