#ifndef CTL_SETUP_SURVEY_H
#define CTL_SETUP_SURVEY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "ctl/own_addresses.h"
#include "ctl/resolv_owner.h"
#include "ctl/setup_file.h"
#include "ctl/setup_network.h"
#include "ctl/system_servers.h"

/* By whose ways a machine is told whom to ask. */
enum setup_manager {
	SETUP_MANAGER_PLAIN, /* nobody's: the file is written */
	SETUP_MANAGER_RESOLVED,
	SETUP_MANAGER_NETWORK_MANAGER,
	SETUP_MANAGER_RESOLVCONF, /* Debian's */
	SETUP_MANAGER_OPENRESOLV,
	SETUP_MANAGER_DHCLIENT,
	SETUP_MANAGER_DHCPCD,
	SETUP_MANAGER_UNKNOWN, /* one whose ways are not known here */
};

enum { SETUP_MANAGERS = SETUP_MANAGER_UNKNOWN, SETUP_NOTE = 256 };

/* What there is on a machine, or in an image of one. */
struct setup_survey {
	int root;
	bool live; /* root is this machine's own */
	enum resolv_owner owner;
	enum setup_manager manager;
	struct setup_object resolv_conf;
	const char *resolv_text; /* what programs read there, by a link too */
	bool mounted;		 /* another file system's file lies on it */
	bool immutable;		 /* chattr +i */
	bool forgetful;		 /* /etc is made anew at each start */
	bool delegates; /* this systemd-resolved knows .dns-delegate files */
	bool dnsmasq;	/* NetworkManager has one */
	bool hooks;	/* dhclient's script looks for some, as Debian's does */
	struct system_servers servers; /* in use, ours left out */
	struct setup_network network;
	char later[SETUP_NOTE];	 /* a drop-in of resolved's after ours, or "" */
	char pinned[SETUP_NOTE]; /* one before it that names servers, or "" */
};

/* Looks at it; own is where resolverd is asked.  The content is in arena. */
bool setup_survey_take(int root, bool live, const struct own_addresses *own,
    struct arena *arena, struct setup_survey *out);

/* "systemd-resolved", "networkmanager", ...; to be given as --owner. */
const char *setup_survey_manager_text(enum setup_manager manager);

/* SETUP_MANAGER_UNKNOWN: it is no such word. */
enum setup_manager setup_survey_manager(const char *text);

#endif
