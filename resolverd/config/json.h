#ifndef CONFIG_JSON_H
#define CONFIG_JSON_H

#include "base/arena.h"
#include "base/diag.h"
#include "config/node.h"
#include "config/yaml.h"

/*
 * JSON (RFC 8259) to the nodes that config/yaml makes too: a string becomes a
 * quoted scalar; a number, true, false and null become bare ones, as written.
 * Refused beyond what the RFC refuses: a key twice, a zero octet, bad UTF-8,
 * half a surrogate pair, and more than JSON_DEPTH levels.  The marks count
 * characters, as those of YAML do.
 */
enum { JSON_DEPTH = 128 };

/* Takes an entry of a list, whose nodes are gone after the call. */
typedef void (*json_take_fn)(void *arg, const struct node *entry);

/* What of a text is wanted, for one that is too large for a tree. */
struct json_filter {
	/* Keys of the outermost object whose values are read and forgotten,
	 * ended by NULL; may be NULL. */
	const char *const *skip;
	/* Every entry of a list under this key, NULL: of the outermost list,
	 * is handed to take when it is complete, and is not kept: the list is
	 * empty in the end.  take NULL: all is kept. */
	const char *cut;
	json_take_fn take;
	void *arg;
};

/*
 * Reads a text of one value into arena; filter may be NULL.  NULL with an
 * error in diag when the text is broken: only one, since what follows a
 * broken place means nothing; entries before it have been taken by then.
 */
const struct node *json_load(const struct yaml_text *text,
    const struct json_filter *filter, struct arena *arena, struct diag *diag);

#endif
