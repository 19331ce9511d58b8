#ifndef CORE_LOOP_H
#define CORE_LOOP_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/hash.h"
#include "dns/request.h"

struct addr;
struct engine;
struct snapshot;
struct upstream_group;
struct upstream_server;

/*
 * Finds servers that send our questions back to us, by way of a resolver on
 * this machine as a rule.  A question for a name of 32 hexadecimal digits under
 * "resolverd.", which nobody can make up, goes to a server; when one arrives
 * here the server that it names leads back.
 */

enum { LOOP_MARKS = 64 };

/* Such a server; written by any thread. */
struct loop_mark {
	atomic_uint_fast64_t server; /* its fingerprint; 0: a free place */
	atomic_uint_fast64_t until;  /* it is left alone until then */
	atomic_uint_fast64_t again;  /* it is asked again then */
};

/* What all threads of a process share. */
struct loop_marks {
	struct hash_key key;
	atomic_uint_fast64_t until; /* some server is left alone until then */
	struct loop_mark marks[LOOP_MARKS];
};

/* key: a secret of the process's. */
void loop_init(struct loop_marks *marks, const struct hash_key *key);

/*
 * Whether a server at that address may lead back, as far as that can be seen: a
 * loopback, private or link-local one, but for the cloud's metadata server.
 */
bool loop_is_near(const struct addr *addr);

/* Writes the question that tells whether a server leads back. */
void
loop_ask(const struct loop_marks *marks, const struct upstream_server *server,
    uint64_t now, struct question *question);

/*
 * Whether a question that arrived is one of those, sent a moment ago; then its
 * server is marked.
 */
bool loop_came(struct loop_marks *marks, const struct question *question,
    uint64_t now);

/* Whether that server is known to lead back; for who tells the operator. */
bool loop_leads_back(struct loop_marks *marks,
    const struct upstream_server *server, uint64_t now);

/*
 * Bits of a group's servers that lead back; has those asked again whose time
 * is nearly over.
 */
unsigned loop_servers(struct engine *engine, const struct snapshot *snapshot,
    const struct upstream_group *group, uint64_t now);

/*
 * Has servers of a group, by their bits, asked whether they are there, and lead
 * back.
 */
void loop_probe(struct engine *engine, const struct snapshot *snapshot,
    const struct upstream_group *group, unsigned servers, uint64_t now);

/* The bits of those servers of a group that are near. */
unsigned loop_near(const struct upstream_group *group);

#endif
