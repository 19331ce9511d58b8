#ifndef CTL_RESOLV_OWNER_H
#define CTL_RESOLV_OWNER_H

#include <stdio.h>

/* Programs that make a resolv.conf. */
enum resolv_owner {
	RESOLV_OWNER_NOBODY, /* there is no such file */
	RESOLV_OWNER_PERSON, /* or a program that does not sign it */
	RESOLV_OWNER_SETUP,  /* resolverctl setup */
	RESOLV_OWNER_RESOLVED,
	RESOLV_OWNER_NETWORK_MANAGER,
	RESOLV_OWNER_RESOLVCONF,
	RESOLV_OWNER_DHCLIENT,
	RESOLV_OWNER_DHCPCD,
	RESOLV_OWNER_CONNMAN,
	RESOLV_OWNER_NETCONFIG,
	RESOLV_OWNER_CLOUD_INIT,
	RESOLV_OWNER_DOCKER,
	RESOLV_OWNER_WSL,
	RESOLV_OWNER_TAILSCALE,
};

enum { RESOLV_OWNERS = RESOLV_OWNER_TAILSCALE + 1 };

/*
 * Who made a file, by where the symbolic link leads that is in its place ("":
 * none) or by the comments at its head; file NULL: it cannot be read.
 */
enum resolv_owner resolv_owner_find(const char *link, FILE *file);

/* "systemd-resolved", "NetworkManager", "a person or an unnamed program" */
const char *resolv_owner_text(enum resolv_owner owner);

/* One word for machines: "systemd-resolved", "networkmanager", "plain". */
const char *resolv_owner_word(enum resolv_owner owner);

/* The first line of what resolverctl setup writes. */
#define RESOLV_OWNER_SIGNATURE "# Written by resolverctl setup"

#endif
