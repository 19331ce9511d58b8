#ifndef CTL_GUEST_AGENT_H
#define CTL_GUEST_AGENT_H

#include <stdbool.h>

/*
 * Google's guest agent on Compute Engine, which has network interfaces set up
 * as the metadata server describes them: those beyond the first, and that one
 * too if it is told so.  It writes files of its own for whoever manages the
 * network, of which it takes the first that it finds; neither resolv.conf nor a
 * drop-in of systemd-resolved's or NetworkManager's is among them.
 */

enum guest_agent_way {
	GUEST_AGENT_NETPLAN,
	GUEST_AGENT_WICKED,
	GUEST_AGENT_NETWORK_MANAGER,
	GUEST_AGENT_NETWORKD,
	GUEST_AGENT_DHCLIENT,
	GUEST_AGENT_NOBODY, /* it is told to leave the network alone */
};

enum { GUEST_AGENT_PATH = 128 };

struct guest_agent {
	char sign[GUEST_AGENT_PATH]; /* a file that gives it away; "": none */
	enum guest_agent_way way;
	bool primary; /* the first interface is its, too */
};

/* Looks below a root directory. */
void guest_agent_find(int root, struct guest_agent *out);

/* "netplan", ..., "dhclient"; "nobody" */
const char *guest_agent_way_text(enum guest_agent_way way);

/* What it writes, for a person: "/run/netplan/20-google-guest-agent-*.yaml" */
const char *guest_agent_files(enum guest_agent_way way);

#endif
