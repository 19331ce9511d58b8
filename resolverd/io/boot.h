#ifndef IO_BOOT_H
#define IO_BOOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/hash.h"

struct cache;
struct loop_marks;

/* One worker's sockets for one address. */
struct port {
	const struct addr *addr;
	int udp;
	int tcp;
};

/*
 * What is fixed from start to end: filled by the control thread before the
 * workers start, only read after that.  Limits are those of one worker.
 */
struct boot {
	struct addr *listen;
	size_t listen_count;
	struct port *ports; /* listen_count for each worker in turn */
	unsigned workers;
	size_t cache_size;
	size_t queries;		  /* in flight */
	unsigned client_queries;  /* of those, of one client */
	unsigned group_queries;	  /* of those, for one upstream group */
	size_t tcp_clients;	  /* connections */
	size_t client_tcp;	  /* of those, of one client */
	uint64_t tcp_idle;	  /* nanoseconds */
	struct hash_key key;	  /* the snapshots' */
	struct loop_marks *loops; /* the workers' only common possession */
	const char *cache_file;	  /* NULL: the cache is not saved */
	/* Fills a new worker's cache; NULL: it starts empty. */
	void (*fill)(void *context, struct cache *cache);
	void *fill_context;
};

#endif
