#ifndef CTL_SYSTEM_SERVERS_H
#define CTL_SYSTEM_SERVERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/addr.h"
#include "core/upstream.h"
#include "ctl/own_addresses.h"

struct resolvconf;

struct system_server {
	struct addr addr;
	const char *source; /* the file that names it, static */
};

/* The name servers that the host would use if this daemon were not there. */
struct system_servers {
	struct system_server servers[UPSTREAM_SERVERS];
	size_t count;
	bool guessed;  /* no file names them: this is Compute Engine */
	bool own;      /* /etc/resolv.conf names this daemon */
	bool circular; /* or a forwarder that asks this daemon */
};

/*
 * Finds them: those of /etc/resolv.conf, where systemd-resolved and
 * NetworkManager's own forwarder stand for the servers that they ask; or, when
 * that file leaves none, those that the network's managers know of; or on
 * Compute Engine the metadata server.
 */
void system_servers_find(const struct own_addresses *own,
    struct system_servers *out);

/* Whether they are the same, in the same order. */
bool system_servers_equal(const struct system_servers *a,
    const struct system_servers *b);

/* Why there are none, as the end of a sentence. */
const char *system_servers_absence(const struct system_servers *servers);

/* "10.0.0.2, 10.0.0.3 (from /etc/resolv.conf)", cut to buf of cap octets. */
const char *system_servers_text(const struct system_servers *servers, char *buf,
    size_t cap);

/*
 * The files that decide, in the order in which they are asked; those that end
 * in a slash are directories of which every file counts.
 */
extern const char *const system_servers_files[];
extern const size_t system_servers_file_count;

/*
 * The file that names whom a server of a resolv.conf asks, if it is a
 * forwarder of the host's own: systemd-resolved's or NetworkManager's.  NULL:
 * it is none.
 */
const char *
system_servers_behind(const struct resolvconf *conf, const struct addr *server);

/* Whether the host's product name is that of Google Compute Engine. */
bool system_servers_is_gce(FILE *product_name);

#endif
