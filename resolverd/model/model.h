#ifndef MODEL_MODEL_H
#define MODEL_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/arena.h"
#include "base/diag.h"
#include "core/snapshot.h"
#include "dns/name.h"
#include "dns/rrset.h"

/*
 * What the operator asked for, as plain structs filled by config/ through its
 * schema tables and by the command line; read by model/check, model/compile
 * and the daemon.  Everything lives in the model's arena; a mark says where
 * a complaint points.
 */

enum mode { MODE_RESTRICTED, MODE_PRIVATE, MODE_PSC, MODE_OFF };

/* A list in the arena, of a type that the field's comment names. */
struct model_list {
	void *items;
	size_t count;
};

struct model_text {
	const char *text; /* NULL: not given */
	struct mark mark;
};

struct model_name {
	struct name name;
	struct mark mark; /* file NULL: not given */
};

struct model_addr {
	struct addr addr;
	struct mark mark;
};

struct model_prefix {
	struct prefix prefix;
	struct mark mark;
};

/* A record set: one name, one type. */
struct model_record_set {
	struct mark mark;
	struct name name; /* letter case as written */
	uint16_t type;
	uint32_t ttl;
	const struct rdata *rdata; /* wire form, rdata_count of them */
	size_t rdata_count;
};

/* A managed zone.  forwarding: has forwarding_config; else private. */
struct model_zone {
	struct mark mark;
	struct model_text name; /* resource name */
	struct model_text description;
	struct model_name dns_name;
	struct model_list record_sets;	/* struct model_record_set */
	struct model_text records_file; /* read into record_sets */
	bool forwarding;
	struct model_list targets; /* struct model_addr */
	bool from_preset;
};

/*
 * A named group of domains that follow the mode; built in or the operator's
 * own (another universe's names).  domains get an apex A and "*" CNAME apex;
 * api_domains are shaped like googleapis.com: "*" CNAME restricted.DOMAIN or
 * private.DOMAIN, which holds the addresses.
 */
struct model_preset {
	struct mark mark;
	struct model_text name;
	struct model_list domains;     /* struct model_name */
	struct model_list api_domains; /* struct model_name */
	/* The universe's VIPs; none given: Google's. */
	struct model_list restricted_addresses; /* struct model_addr */
	struct model_list private_addresses;	/* struct model_addr */
};

struct model {
	struct arena arena;

	/* The four lines. */
	enum mode mode;
	struct mark mode_mark;
	struct model_addr psc_address; /* mark.file NULL: not given */
	struct model_list presets;     /* struct model_text */
	struct model_list
	    upstreams; /* struct model_addr; empty: the system's */

	/* What the presets' zones look like. */
	uint32_t ttl;
	bool ipv6;
	struct model_list preset_definitions; /* struct model_preset */

	struct model_list zones; /* struct model_zone */

	/* Behaviour. */
	bool strict_wildcards;
	struct options options;
	struct model_list allow; /* struct model_prefix; empty: the default */
	struct model_list inbound_entry_points; /* struct model_addr */

	/* Not asked for but found by the daemon: the networks of this host,
	 * struct prefix, which are served where allow says nothing. */
	struct model_list host_networks;

	/* Start-up only: a reload that changes them asks for a restart. */
	struct model_list listen;  /* struct model_addr; empty: the default */
	unsigned workers;	   /* 0: one a core, at most 4 */
	uint64_t cache_size;	   /* octets, all workers together */
	unsigned max_queries;	   /* in flight, all workers together */
	unsigned tcp_clients;	   /* connections, all workers together */
	unsigned tcp_idle_timeout; /* milliseconds */
	struct model_text user;	   /* whom to become when started as root */
};

/* Makes a model of defaults: mode restricted, preset cloud-run, TTL 60. */
void model_init(struct model *model);
void model_fini(struct model *model);

#endif
