#include "config/json_cursor.h"

#include <string.h>

void
json_cursor_init(struct json_cursor *cursor, const char *text, size_t len)
{
	static const char mark[] = {'\xef', '\xbb', '\xbf'};

	*cursor = (struct json_cursor){
	    .at = text,
	    .end = text + len,
	    .line_start = text,
	    .line = 1,
	};
	/* RFC 8259 section 8.1: a parser may ignore it. */
	if (len >= sizeof(mark) && memcmp(text, mark, sizeof(mark)) == 0) {
		cursor->at += sizeof(mark);
		cursor->line_start = cursor->at;
	}
}

unsigned
json_cursor_column(const struct json_cursor *cursor)
{
	const size_t octets = (size_t)(cursor->at - cursor->line_start);

	return (unsigned)(octets - cursor->wide + 1);
}

int
json_cursor_peek(const struct json_cursor *cursor)
{
	return cursor->at == cursor->end ? -1 : (unsigned char)*cursor->at;
}

void
json_cursor_blanks(struct json_cursor *cursor)
{
	for (; cursor->at < cursor->end; cursor->at++) {
		if (*cursor->at == '\n') {
			cursor->line++;
			cursor->line_start = cursor->at + 1;
			cursor->wide = 0;
		} else if (*cursor->at != ' ' && *cursor->at != '\t' &&
		    *cursor->at != '\r') {
			return;
		}
	}
}
