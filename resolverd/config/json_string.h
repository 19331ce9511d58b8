#ifndef CONFIG_JSON_STRING_H
#define CONFIG_JSON_STRING_H

#include "base/arena.h"
#include "config/json_cursor.h"

/*
 * Reads a string whose opening quote stands at the cursor (RFC 8259 section
 * 7) and copies what it means to arena; arena NULL: it is only checked.
 * Returns NULL, or what is wrong with the cursor where that stands.  *text is
 * NULL when the arena was full.
 */
const char *json_string_read(struct json_cursor *cursor, struct arena *arena,
    const char **text);

#endif
