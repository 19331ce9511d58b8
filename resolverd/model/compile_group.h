#ifndef MODEL_COMPILE_GROUP_H
#define MODEL_COMPILE_GROUP_H

#include "model/compiler.h"

/* What a group of servers is for. */
enum group_kind {
	GROUP_DEFAULT,	   /* public DNS */
	GROUP_FORWARDING,  /* a forwarding zone's targets */
	GROUP_ALTERNATIVE, /* a server policy's alternative name servers */
};

/*
 * A group of the servers in list, struct model_target, of which no more than
 * UPSTREAM_SERVERS are taken; those given by name as far as the model knows
 * what they resolved to.  owner is the name of the zone or policy.  NULL: no
 * memory.
 */
const struct upstream_group *compile_group_make(struct compiler *compiler,
    const struct model_list *list, enum group_kind kind, const char *owner);

/* The group of the model's upstreams; NULL: there are none, or no memory. */
const struct upstream_group *compile_group_default(struct compiler *compiler);

#endif
