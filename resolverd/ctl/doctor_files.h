#ifndef CTL_DOCTOR_FILES_H
#define CTL_DOCTOR_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "ctl/doctor.h"

/*
 * The files that decide whom the C library asks, read as it reads them.  Any
 * octets are good enough; what is too long or too much is left out.
 */

enum {
	DOCTOR_SEARCH = 8,
	DOCTOR_DOMAIN = 256,
	DOCTOR_SERVICES = 16,
	DOCTOR_SERVICE = 32,
	DOCTOR_LIBC_SERVERS = 3, /* more are not asked: resolv.conf(5) */
};

/* resolv.conf(5) */
struct doctor_resolv {
	struct doctor_addrs servers; /* with their port */
	char search[DOCTOR_SEARCH][DOCTOR_DOMAIN];
	size_t search_count;
	bool has_search; /* a line, be it empty */
	unsigned ndots;
	bool rotate;
};

void doctor_files_resolv(FILE *file, struct doctor_resolv *resolv);

/*
 * What LOCALDOMAIN and RES_OPTIONS in the environment change, and what the
 * host's name adds where nobody names a domain; each may be NULL.
 */
void doctor_files_adjust(struct doctor_resolv *resolv, const char *localdomain,
    const char *res_options, const char *host);

/* The line "hosts" of nsswitch.conf(5). */
struct doctor_switch {
	bool found;
	size_t count;
	char services[DOCTOR_SERVICES][DOCTOR_SERVICE];
	/* A service is followed by [NOTFOUND=return] or the like, after which
	 * what it does not know is not looked for elsewhere. */
	bool ends[DOCTOR_SERVICES];
};

void doctor_files_switch(FILE *file, struct doctor_switch *hosts);

/* Where a service stands in its line; -1: nowhere. */
int doctor_files_service(const struct doctor_switch *hosts, const char *name);

/* The addresses that a file like hosts(5) gives name, with or without dot. */
void
doctor_files_hosts(FILE *file, const char *name, struct doctor_addrs *addrs);

/*
 * The servers of a link as systemd keeps them: the lines "SERVERS=" and "DNS="
 * of files in /run/systemd.
 */
void doctor_files_link(FILE *file, struct doctor_addrs *servers);

#endif
