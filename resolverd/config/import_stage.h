#ifndef CONFIG_IMPORT_STAGE_H
#define CONFIG_IMPORT_STAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/diag.h"
#include "config/import_rewrite.h"
#include "config/node.h"
#include "model/model.h"

/*
 * What is found in the documents, until all of them have been read: only then
 * can record sets and rules be given to the zone or policy that they are of.
 */

/* Things of one size, from the heap. */
struct import_list {
	void *items;
	size_t count;
	size_t cap;
};

/* A place for one more, cleared; NULL without memory. */
void *import_stage_list_add(struct import_list *list, size_t size);
void import_stage_list_free(struct import_list *list);

/* A file; what stands together in one belongs together. */
struct import_source {
	const char *path;
	const char *stem;      /* its name without the extension */
	const char *directory; /* the name of the directory it is in */
	const char *guess;     /* a resource's name by its path, or NULL */
	bool broken; /* a record set or rule in it could not be read */
};

/* What becomes of a zone or a response policy. */
enum import_fate {
	IMPORT_TAKEN,
	IMPORT_ASIDE, /* with all that it has: a public zone */
	IMPORT_OUT,   /* likewise, for a reason that was told */
};

/* A zone or a response policy, for those that look for theirs. */
struct import_owner {
	const char *name;
	const char *project; /* NULL: not known */
	struct mark mark;
	enum import_fate fate;
	size_t members;		   /* taken */
	struct import_owner *next; /* of the same name */
};

/* A record set or a rule. */
struct import_member {
	struct import_source *source;
	const char *parent; /* its owner's name; NULL: the file tells */
	const char *project;
	struct mark mark;
	bool broken;
	struct import_owner *owner; /* found when all is read, or NULL */
};

struct import_zone {
	struct import_owner of;
	struct model_zone zone;
	struct model_zone *own; /* one of the configuration's; else NULL */
	struct import_zone *next_apex; /* of the same dns_name */
};
struct import_response_policy {
	struct import_owner of;
	struct model_response_policy policy;
	struct model_response_policy *own;
};
struct import_record_set {
	struct import_member of;
	struct model_record_set set;
};
struct import_rule {
	struct import_member of;
	struct model_rule rule;
};

/* Where complaints go as soon as they are complete, and how many there were. */
struct import_report {
	FILE *out;
	size_t errors;
	size_t warnings;
};

struct import {
	struct arena *arena;  /* what is kept */
	struct arena scratch; /* nodes of the document at hand */
	struct diag *diag;
	struct import_report *report; /* NULL: all or nothing, into diag */
	struct import_source *source; /* the file at hand */
	struct import_list zones;
	struct import_list response_policies;
	struct import_list policies; /* struct model_policy */
	struct import_list record_sets;
	struct import_list rules;
};

/* What a complaint is worth. */
enum import_weight {
	IMPORT_NOTE,  /* changes no answer; told in a report only */
	IMPORT_LESS,  /* changes answers, but nothing is half there */
	IMPORT_GAP,   /* a part is missing: a report warns, a load fails */
	IMPORT_FAULT, /* it is wrong */
};

void import_stage_tell(struct import *import, enum import_weight weight,
    struct mark mark, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Prints what diag holds to the report, if there is one, and empties it. */
void import_stage_flush(struct import *import);

/* Forgets the nodes of a document; that there was no room for all is kept. */
void import_stage_forget(struct import *import);

/* A resource as some document holds it. */
struct import_resource {
	enum import_kind kind;
	const struct node *node; /* a mapping */
	const char *project;	 /* NULL: not known */
	const char *parent;	 /* of a record set or rule; NULL: not said */
};

/* Decodes a resource and keeps it, or tells why not. */
void import_stage_resource(struct import *import,
    const struct import_resource *resource);

/* Keeps a record set that is decoded already, of the file at hand. */
void import_stage_record_set(struct import *import,
    const struct model_record_set *set);

#endif
