#include "core/crowd.h"

#include <assert.h>
#include <stddef.h>

#include "base/addr.h"
#include "core/query.h"
#include "core/snapshot.h"
#include "core/upstream.h"

enum {
	CLIENT_IN4 = 32,
	CLIENT_IN6 = 64, /* one subscriber has as much at least */
	CROWD_LOOKS = 8, /* crowds of a class, and queries of a crowd */
};

/* Class n is of the weights from 2^n on. */
static unsigned
class_of(const struct query *oldest)
{
	assert(oldest->crowd.count > 0);
	return 31 - (unsigned)__builtin_clz(oldest->crowd.count);
}

static struct query **
table_bucket(struct crowds *crowds, uint64_t hash)
{
	return &crowds->table[hash % CROWD_TABLE];
}

static struct query **
table_find(struct crowds *crowds, uint64_t hash)
{
	struct query **link = table_bucket(crowds, hash);

	while (*link != NULL && (*link)->crowd.hash != hash)
		link = &(*link)->crowd.next;
	return link;
}

/* Puts a crowd last in the ring of its class. */
static void
share_enter(struct crowd_share *share, struct query *crowd)
{
	const enum crowd_scope scope = share->scope;
	struct query **first = &share->classes[class_of(crowd)];

	if (*first == NULL) {
		*first = crowd;
		crowd->crowd.ring[scope].before = crowd;
	} else {
		struct query *last = (*first)->crowd.ring[scope].before;

		crowd->crowd.ring[scope].before = last;
		last->crowd.ring[scope].after = crowd;
	}
	crowd->crowd.ring[scope].after = *first;
	(*first)->crowd.ring[scope].before = crowd;
}

static void
share_exit(struct crowd_share *share, struct query *crowd)
{
	const enum crowd_scope scope = share->scope;
	struct query **first = &share->classes[class_of(crowd)];
	struct query *before = crowd->crowd.ring[scope].before;
	struct query *after = crowd->crowd.ring[scope].after;

	before->crowd.ring[scope].after = after;
	after->crowd.ring[scope].before = before;
	if (*first == crowd)
		*first = after == crowd ? NULL : after;
}

static void
crowd_enter(struct query *crowd)
{
	for (unsigned i = 0; i < CROWD_SCOPES; i++) {
		if (crowd->crowd.shares[i] != NULL)
			share_enter(crowd->crowd.shares[i], crowd);
	}
}

static void
crowd_exit(struct query *crowd)
{
	for (unsigned i = 0; i < CROWD_SCOPES; i++) {
		if (crowd->crowd.shares[i] != NULL)
			share_exit(crowd->crowd.shares[i], crowd);
	}
}

/* A crowd of another weight; it moves only when its class is another too. */
static void
crowd_weigh(struct query *crowd, unsigned count)
{
	const unsigned before = class_of(crowd);
	const unsigned weight = crowd->crowd.count;

	crowd->crowd.count = count;
	if (class_of(crowd) == before)
		return;
	crowd->crowd.count = weight;
	crowd_exit(crowd);
	crowd->crowd.count = count;
	crowd_enter(crowd);
}

/* Finds out where a query belongs. */
static void
crowd_place(struct crowds *crowds, struct query *query)
{
	struct crowd_place *place = &query->crowd;
	const struct hash_key *key = &query->snapshot->key;
	const unsigned parent = query->path.name.labels > 0 ? 1 : 0;
	uint64_t hash = hash_join(key, key->k1,
	    addr_network(&query->client, CLIENT_IN4, CLIENT_IN6));

	place->shares[CROWD_OF_ALL] = &crowds->all;
	place->shares[CROWD_OF_CLIENT] = &crowds->clients[hash % CROWD_CLIENTS];
	place->shares[CROWD_OF_GROUP] = NULL;
	if (query->group != NULL) {
		const uint64_t group = hash_join(key, 0, query->group->id);

		place->shares[CROWD_OF_GROUP] =
		    &crowds->groups[group % CROWD_GROUPS];
		hash = hash_join(key, hash, group);
	}
	place->hash = hash_join(key, hash, query->path.hash[parent]);
}

static bool
share_is_over(const struct crowds *crowds, const struct crowd_share *share)
{
	const unsigned limit = crowds->limits[share->scope];

	return limit != 0 && share->queries > limit;
}

static void
share_add(struct crowds *crowds, struct crowd_share *share,
    enum crowd_scope scope)
{
	share->scope = scope;
	share->queries++;
	if (share->listed || !share_is_over(crowds, share))
		return;
	share->listed = true;
	share->next = crowds->over;
	crowds->over = share;
}

void
crowd_join(struct crowds *crowds, struct query *query)
{
	struct query **link;

	crowd_place(crowds, query);
	for (unsigned i = 0; i < CROWD_SCOPES; i++) {
		if (query->crowd.shares[i] != NULL) {
			share_add(crowds, query->crowd.shares[i],
			    (enum crowd_scope)i);
		}
	}
	query->crowd.older = NULL;
	query->crowd.newer = NULL;
	query->crowd.newest = query;
	query->crowd.count = 1;
	query->crowd.next = NULL;
	link = table_find(crowds, query->crowd.hash);
	if (*link == NULL) {
		*link = query;
		crowd_enter(query);
		return;
	}
	query->crowd.older = (*link)->crowd.newest;
	(*link)->crowd.newest->crowd.newer = query;
	(*link)->crowd.newest = query;
	crowd_weigh(*link, (*link)->crowd.count + 1);
}

/* The next oldest stands for the crowd from now on, if there is one. */
static void
crowd_succeed(struct query **link)
{
	struct query *oldest = *link;
	struct query *heir = oldest->crowd.newer;

	crowd_exit(oldest);
	if (heir == NULL) {
		*link = oldest->crowd.next;
		return;
	}
	heir->crowd.older = NULL;
	heir->crowd.count = oldest->crowd.count - 1;
	heir->crowd.newest = oldest->crowd.newest;
	heir->crowd.next = oldest->crowd.next;
	*link = heir;
	crowd_enter(heir);
}

void
crowd_leave(struct crowds *crowds, struct query *query)
{
	struct query **link = table_find(crowds, query->crowd.hash);
	struct query *oldest = *link;

	assert(oldest != NULL);
	for (unsigned i = 0; i < CROWD_SCOPES; i++) {
		if (query->crowd.shares[i] != NULL)
			query->crowd.shares[i]->queries--;
	}
	if (query == oldest) {
		crowd_succeed(link);
		return;
	}
	query->crowd.older->crowd.newer = query->crowd.newer;
	if (query->crowd.newer != NULL) {
		query->crowd.newer->crowd.older = query->crowd.older;
	} else {
		oldest->crowd.newest = query->crowd.older;
	}
	crowd_weigh(oldest, oldest->crowd.count - 1);
}

/*
 * The heaviest crowd, or where many are of its class one of the first few:
 * the looks are bounded, and what is missed weighs less than twice as much.
 */
static struct query *
share_heaviest(const struct crowd_share *share)
{
	unsigned class = CROWD_CLASSES;
	struct query *crowd;
	struct query *heaviest;

	while (class > 0 && share->classes[class - 1] == NULL)
		class --;
	if (class == 0)
		return NULL;
	crowd = share->classes[class - 1];
	heaviest = crowd;
	for (unsigned i = 1; i < CROWD_LOOKS; i++) {
		crowd = crowd->crowd.ring[share->scope].after;
		if (crowd->crowd.count > heaviest->crowd.count)
			heaviest = crowd;
	}
	return heaviest;
}

static struct query *
share_victim(const struct crowd_share *share)
{
	struct query *oldest = share_heaviest(share);
	struct query *query = oldest;

	for (unsigned i = 0; query != NULL && i < CROWD_LOOKS; i++) {
		if (query->waiters == NULL)
			return query;
		query = query->crowd.newer;
	}
	return oldest;
}

struct query *
crowd_victim(const struct crowds *crowds)
{
	return share_victim(&crowds->all);
}

struct query *
crowd_surplus(struct crowds *crowds, enum crowd_scope *scope)
{
	while (crowds->over != NULL) {
		struct crowd_share *share = crowds->over;

		if (share_is_over(crowds, share)) {
			*scope = share->scope;
			return share_victim(share);
		}
		crowds->over = share->next;
		share->listed = false;
	}
	return NULL;
}
