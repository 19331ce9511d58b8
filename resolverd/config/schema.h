#ifndef CONFIG_SCHEMA_H
#define CONFIG_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/diag.h"
#include "config/node.h"

/*
 * Tables that say what a mapping may hold, and one decoder that fills the
 * struct of the table from it.  The decoder never stops at the first error:
 * what is wrong is reported, the field keeps its default, and the next one is
 * looked at.
 */

/* A decoding under way. */
struct decoder {
	struct arena *arena; /* everything decoded lives here */
	struct diag *diag;
	/* Of a file that another program wrote: a key not known is worth a
	 * warning that names it, and is passed over. */
	bool lenient;
};

/* YAML being written, for people and for the decoder. */
struct schema_writer {
	FILE *out;
	unsigned indent;
	bool dash; /* the next line begins a list entry */
};

struct schema;
struct schema_describer; /* config/schema_describe.h */
struct schema_field;

/*
 * A kind of value.  read decodes node into out, whose size is `size`; false
 * after it complained.  What it stores is copied to the decoder's arena.
 * write shows a value on the line at hand, write_block on lines of its own;
 * a type has one of them, or none when it stores nothing.  given tells
 * whether there is a value at all; NULL: there always is.  describe says in
 * JSON Schema what read takes.
 */
struct schema_type {
	const char *name; /* in documentation: "address" */
	size_t size;
	bool (*read)(struct decoder *decoder, const struct schema_field *field,
	    const struct node *node, void *out);
	bool (*given)(const struct schema_field *field, const void *in);
	void (*write)(const struct schema_field *field, const void *in,
	    FILE *out);
	void (*write_block)(const struct schema_field *field, const void *in,
	    struct schema_writer *writer);
	void (*describe)(const struct schema_field *field,
	    struct schema_describer *describer);
};

/* A word of an enum. */
struct schema_word {
	const char *text;
	unsigned value;
};

struct schema_field {
	const char *key;
	const char *also; /* another key for the same; NULL: none */
	const char *help; /* one line for the manual and the JSON schema */
	const struct schema_type *type;
	size_t at;   /* where in the struct the value goes */
	size_t size; /* of the member; numbers have several */
	bool list;   /* the member is a struct model_list of the type */
	bool required;
	bool unwritten; /* another field shows what came of it */
	bool sparse;	/* a number or word that is not written when 0 */
	/* list: where a bool says whether it was given, if only empty; 0: no
	 * matter, an empty list is the same as none. */
	size_t given_at;
	size_t at_least; /* list: entries */
	size_t at_most;	 /* likewise; 0: no bound */
	/* Bounds of a number, duration (in units) or size; a text's length. */
	uint64_t min;
	uint64_t max;
	uint64_t unit;			 /* duration: milliseconds in a unit */
	const struct schema_word *words; /* enum: ended by a NULL text */
	const char *literal;		 /* the only text that is right */
	const struct schema *schema;	 /* struct: its fields */
};

struct schema {
	const char *what;		   /* "a zone", for messages */
	const struct schema_field *fields; /* ended by a NULL key */
	size_t size;			   /* of the struct that is filled */
	/* A resource of Cloud DNS's API: the camelCase of each key is taken as
	 * well, and these keys, ended by NULL, are passed over in silence:
	 * what the API prints and nobody has to say. */
	bool resource;
	const char *const *ignored;
	/* Before any field: defaults that are not zero.  May be NULL. */
	void (*begin)(void *out);
	/* After all fields, for what several of them say.  May be NULL. */
	bool (*finish)(struct decoder *decoder, const struct node *node,
	    void *out);
	/* Whether a struct holds such a mapping; NULL: it does.  */
	bool (*given)(const void *in);
};

/* Where a member is, for a field's initialiser. */
#define SCHEMA_AT(type, member)              \
	.at = offsetof(struct type, member), \
	.size = sizeof(((struct type *)NULL)->member)

extern const struct schema_type schema_bool;   /* bool */
extern const struct schema_type schema_number; /* unsigned, 2, 4, 8 octets */
extern const struct schema_type schema_port; /* likewise, "53" in quotes too */
extern const struct schema_type schema_fraction; /* 4 octets, ten-thousandths */
extern const struct schema_type schema_duration; /* likewise, in units */
extern const struct schema_type schema_size;	 /* likewise */
extern const struct schema_type
    schema_word; /* an enum or bool, or not stored */
extern const struct schema_type schema_text;	/* struct model_text */
extern const struct schema_type schema_choice;	/* the same, one of words */
extern const struct schema_type schema_name;	/* struct model_name */
extern const struct schema_type schema_domain;	/* the same, of a zone */
extern const struct schema_type schema_address; /* struct model_addr, :port */
extern const struct schema_type schema_http_address; /* likewise */
extern const struct schema_type schema_own;	     /* likewise, port 0: any */
extern const struct schema_type schema_host;	/* struct model_addr, no port */
extern const struct schema_type schema_ipv4;	/* likewise, IPv4 only */
extern const struct schema_type schema_ipv6;	/* likewise, IPv6 only */
extern const struct schema_type schema_prefix;	/* struct model_prefix */
extern const struct schema_type schema_literal; /* checked, not stored */
extern const struct schema_type schema_empty;	/* an empty list, not stored */
extern const struct schema_type schema_refused; /* field.literal says why */
extern const struct schema_type schema_struct;	/* by field.schema */

/*
 * Fills *out, which holds the defaults, from a mapping.  False when anything
 * in it was wrong; everything wrong in it has been reported then.
 */
bool schema_decode(struct decoder *decoder, const struct schema *schema,
    const struct node *node, void *out);

/*
 * The child of a mapping that stands under a key of the schema, or under what
 * was probably meant to be it; NULL when there is none.
 */
const struct node *schema_child(const struct schema *schema,
    const struct node *node, const char *key);

/* Reads the entries of a list field into *out, a struct model_list. */
bool schema_read_list(struct decoder *decoder, const struct schema_field *field,
    const struct node *node, void *out);

/* Writes the fields of a struct, one or more lines each. */
void schema_write(const struct schema *schema, const void *in,
    struct schema_writer *writer);

#endif
