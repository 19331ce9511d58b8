#ifndef CTL_NETPLAN_H
#define CTL_NETPLAN_H

#include <stdbool.h>
#include <stddef.h>

/*
 * netplan, which describes a machine's network in YAML and has a renderer,
 * systemd-networkd or NetworkManager, carry it out: that one and not netplan
 * decides about resolv.conf.  "netplan apply" and each start of the machine
 * make the renderers' files anew, below /run.
 */

enum { NETPLAN_FILES = 16, NETPLAN_PATH = 128, NETPLAN_DOMAINS = 256 };

struct netplan {
	char files[NETPLAN_FILES][NETPLAN_PATH]; /* as they are read */
	size_t count; /* 0: netplan does not describe this machine */
	bool networkd;
	bool network_manager;
	bool unread; /* one of them can't be read, or not as YAML */
	/* What has resolved send names to a link's servers. */
	char search[NETPLAN_DOMAINS]; /* its domains, with blanks between */
	bool use_domains;	      /* and those of DHCP */
};

/* Looks below a root directory. */
void netplan_find(int root, struct netplan *out);

/* "systemd-networkd", "NetworkManager", or both. */
const char *netplan_renderer_text(const struct netplan *netplan);

#endif
