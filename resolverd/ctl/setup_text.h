#ifndef CTL_SETUP_TEXT_H
#define CTL_SETUP_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/addr.h"
#include "base/arena.h"

enum { SETUP_DOMAINS = 16, SETUP_SERVERS = 8 };

/* What this machine shall do. */
struct setup_wish {
	struct addr address; /* where resolverd is asked */
	const char *domains[SETUP_DOMAINS];
	size_t domain_count; /* 0: all */
	const char *fallback[SETUP_SERVERS];
	size_t fallback_count; /* 0: nobody is asked in its place */
};

/*
 * The texts that setup writes, each for one owner of resolv.conf, in arena;
 * those in systemd/ are the same for 127.0.0.1 and all domains.  NULL: there
 * is no memory.
 */
const char *
setup_text_resolved(const struct setup_wish *wish, struct arena *arena);
const char *
setup_text_delegate(const struct setup_wish *wish, struct arena *arena);
const char *
setup_text_network_manager(const struct setup_wish *wish, struct arena *arena);
const char *
setup_text_dnsmasq(const struct setup_wish *wish, struct arena *arena);
const char *
setup_text_resolvconf(const struct setup_wish *wish, struct arena *arena);
const char *setup_text_tail(const struct setup_wish *wish, struct arena *arena);
const char *
setup_text_tmpfiles(const struct setup_wish *wish, struct arena *arena);
const char *
setup_text_openresolv(const struct setup_wish *wish, struct arena *arena);
const char *
setup_text_dhclient(const struct setup_wish *wish, struct arena *arena);
const char *
setup_text_dhclient_hook(const struct setup_wish *wish, struct arena *arena);
const char *
setup_text_dhcpcd(const struct setup_wish *wish, struct arena *arena);

/*
 * Somebody's file without the lines of these that an earlier setup has put
 * there: those of a signature, and what follows it of them.
 */
const char *setup_text_without(const char *text, struct arena *arena);

/*
 * resolv.conf for this machine; of the old one, which may be "", search
 * domains and options stay.
 */
const char *setup_text_resolv_conf(const struct setup_wish *wish,
    const char *old, struct arena *arena);

#endif
