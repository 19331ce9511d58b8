#ifndef CTL_LINK_DOMAINS_H
#define CTL_LINK_DOMAINS_H

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * Domains that systemd-resolved has of a link: from its .network file, DHCP or
 * NetworkManager.  Names at and below one go to the servers of that link, for
 * the longest domain that fits decides (systemd-resolved.service(8), "Protocols
 * and routing"); a global "~." gets what fits no other.
 */

enum { LINK_DOMAINS = 8, LINK_DOMAINS_TEXT = 256 };

struct link_domains {
	char link[IF_NAMESIZE];
	char domains[LINK_DOMAINS_TEXT]; /* without "~", blanks between */
	bool all;			 /* "~." is one of them */
};

/* Adds those of a list, "corp.example ~.", which link may have already. */
void link_domains_add(struct link_domains *link, const char *list);

/* Those of this machine's links with any; at most LINK_DOMAINS. */
size_t link_domains_find(int root, struct link_domains out[LINK_DOMAINS]);

/*
 * The longest domain of the link's at or below which name lies, in buf; ""
 * when there is none.  "~." is not counted.
 */
const char *link_domains_of(const struct link_domains *link, const char *name,
    char buf[LINK_DOMAINS_TEXT]);

#endif
