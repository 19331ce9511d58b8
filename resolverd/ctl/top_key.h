#ifndef CTL_TOP_KEY_H
#define CTL_TOP_KEY_H

#include <stddef.h>

/* What a person pressed: printable ASCII as it is, or one of these. */
enum top_key {
	KEY_NONE = 0, /* nothing of use */
	KEY_REDRAW = 0x0c,
	KEY_ENTER = 0x0d,
	KEY_TAB = 0x09,
	KEY_ERASE_ALL = 0x15,
	KEY_ESCAPE = 0x1b,
	KEY_ERASE = 0x7f,
	KEY_UP = 0x100,
	KEY_DOWN,
	KEY_LEFT,
	KEY_RIGHT,
	KEY_PAGE_UP,
	KEY_PAGE_DOWN,
	KEY_HOME,
	KEY_END,
	KEY_BACK_TAB,
};

/*
 * The first key of what a terminal sent, len at least 1, and in *used how many
 * octets it took.  An ESC that nothing follows is the key.
 */
int top_key_read(const char *octets, size_t len, size_t *used);

#endif
