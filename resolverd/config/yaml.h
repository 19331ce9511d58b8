#ifndef CONFIG_YAML_H
#define CONFIG_YAML_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/diag.h"
#include "config/node.h"

/*
 * YAML text to nodes, in a deliberately small part of YAML: no anchors, no
 * aliases, no tags, no key twice, UTF-8 only, and at most YAML_DEPTH levels,
 * so that no text costs more than its length.
 */
enum { YAML_DEPTH = 16 };

/* A text and the name that messages give it; both borrowed. */
struct yaml_text {
	const char *path;
	const char *text;
	size_t len;
};

/*
 * Reads a text of one document into arena.  An empty one is an empty map.
 * NULL with an error in diag when it is broken.
 */
const struct node *
yaml_load(const struct yaml_text *text, struct arena *arena, struct diag *diag);

/* Takes a document, whose nodes are gone after the call. */
typedef void (*yaml_take_fn)(void *arg, const struct node *document);

/*
 * Reads a text of any number of documents and hands each to take, empty ones
 * left out.  False with an error in diag when it is broken; documents before
 * the broken place have been taken by then.
 */
bool yaml_stream(const struct yaml_text *text, yaml_take_fn take, void *arg,
    struct diag *diag);

/* The version of libyaml in use, such as "0.2.5". */
const char *yaml_library_version(void);

#endif
