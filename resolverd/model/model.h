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

/* An upstream server; without an address (len 0) it is `auto`. */
struct model_server {
	struct upstream_server server; /* but for opportunistic */
	struct mark mark;
};

struct model_prefix {
	struct prefix prefix;
	struct mark mark;
};

/*
 * Which VPC network a resource means: "prod", "projects/p/global/networks/prod"
 * or the whole URL that Cloud DNS writes.
 */
struct model_network_ref {
	struct mark mark;
	const char *text;    /* as written */
	const char *project; /* NULL: not said, any will do */
	const char *name;
};

/* Likewise a GKE cluster: "c1" or "projects/p/locations/l/clusters/c1". */
struct model_cluster_ref {
	struct mark mark;
	const char *text;
	const char *name;
};

/*
 * Where a zone, a policy or a response policy holds.  Not given at all it
 * holds in the default network; given and empty, nowhere.
 */
struct model_visibility {
	bool given;
	struct model_list networks; /* struct model_network_ref */
	struct model_list clusters; /* struct model_cluster_ref */
};

/*
 * A name server that queries are handed to: by address, or by a name that the
 * daemon resolves.
 */
struct model_target {
	struct mark mark;
	struct addr addr; /* with the port; len 0: by name */
	struct model_name domain_name;
	uint16_t port;
	bool private_path; /* forwarding_path: private */
};

/* An internal load balancer whose health decides (the fact sheet's 6.4). */
struct model_health_target {
	struct mark mark;
	struct addr addr; /* with the port */
	bool udp;	  /* ip_protocol: no connection can be tried */
	struct model_text load_balancer_type;
	struct model_text network_url;
	struct model_text project;
	struct model_text region;
};

enum model_routing_kind { ROUTING_WRR, ROUTING_GEO, ROUTING_FAILOVER };

/* WRR: weight; GEO: location. */
struct model_routing_item {
	struct mark mark;
	uint32_t weight; /* in ten-thousandths */
	struct model_text location;
	const struct rdata *rdata; /* wire form; may be none where checked
				      addresses stand in their place */
	size_t rdata_count;
	struct model_list checked; /* struct model_health_target */
};

/* A routing policy; FAILOVER: items are the geographic backup. */
struct model_routing {
	struct mark mark;
	enum model_routing_kind kind;
	bool fencing;		   /* enable_fencing */
	uint32_t trickle;	   /* FAILOVER: ten-thousandths to the backup */
	struct model_list items;   /* struct model_routing_item */
	struct model_list primary; /* FAILOVER: struct model_health_target */
};

/* A record set: one name, one type. */
struct model_record_set {
	struct mark mark;
	struct name name; /* letter case as written */
	uint16_t type;
	uint32_t ttl;
	const struct rdata *rdata; /* wire form, rdata_count of them */
	size_t rdata_count;
	const struct model_routing *routing; /* NULL: rdata is the answer */
};

enum model_zone_kind {
	MODEL_ZONE_PRIVATE,
	MODEL_ZONE_FORWARDING, /* has forwarding_config */
	MODEL_ZONE_PEERING,    /* has peering_config */
	MODEL_ZONE_REVERSE,    /* has reverse_lookup_config: PTRs of VMs */
};

/* A managed zone. */
struct model_zone {
	struct mark mark;
	enum model_zone_kind kind;
	struct model_text name; /* resource name */
	struct model_text description;
	struct model_name dns_name;
	struct model_visibility visibility;
	struct model_list record_sets;	/* struct model_record_set */
	struct model_text records_file; /* read into record_sets */
	struct model_list targets;	/* FORWARDING: struct model_target */
	struct model_network_ref peer;	/* PEERING: the producer network */
	bool from_preset;
};

/* A rule of a response policy: local data, or bypass. */
struct model_rule {
	struct mark mark;
	struct model_text name;	       /* rule_name */
	struct model_name dns_name;    /* the selector, "*.example.com." too */
	bool bypass;		       /* behavior: bypassResponsePolicy */
	struct model_list local_datas; /* struct model_record_set */
};

struct model_response_policy {
	struct mark mark;
	struct model_text name; /* response_policy_name */
	struct model_text description;
	struct model_visibility visibility;
	struct model_list rules;      /* struct model_rule */
	struct model_text rules_file; /* read into rules */
};

/* A DNS server policy. */
struct model_policy {
	struct mark mark;
	struct model_text name;
	struct model_text description;
	struct model_visibility visibility; /* without clusters */
	bool inbound;			    /* enable_inbound_forwarding */
	bool logging;			    /* enable_logging */
	bool dns64;			    /* dns64_config.scope.all_queries */
	/* Alternative name servers, struct model_target; none: no outbound
	 * policy. */
	struct model_list targets;
};

/* A VPC network: who is in it, and where it stands. */
struct model_network {
	struct mark mark;
	struct model_text name;
	struct model_text project;
	struct model_text region;
	struct model_list clients; /* struct model_prefix */
	/* struct model_addr: own addresses that are asked by its clients, and
	 * those that stand for inbound forwarding; port 0: any. */
	struct model_list listen;
	struct model_list inbound_entry_points;
	bool presets_given;
	struct model_list presets; /* struct model_text, in place of the
				      model's */
};

/* A GKE cluster with scope of its own (the fact sheet's section 1.2). */
struct model_cluster {
	struct mark mark;
	struct model_text name;
	struct model_network_ref network; /* mark.file NULL: the default */
	struct model_list clients;	  /* struct model_prefix */
	struct model_list listen;	  /* struct model_addr; port 0: any */
};

/* A VM: Compute Engine's internal DNS knows its name and address. */
struct model_instance {
	struct mark mark;
	struct model_text name;
	struct model_text zone;		  /* us-central1-a */
	struct model_text project;	  /* not given: its network's */
	uint64_t id;			  /* 0: not given */
	struct model_network_ref network; /* mark.file NULL: the default */
	struct model_addr network_ip;	  /* IPv4 */
	struct model_addr ipv6_address;	  /* mark.file NULL: none */
};

/* A Private Service Connect endpoint: SERVICE-NAME.p.googleapis.com. */
struct model_psc_endpoint {
	struct mark mark;
	struct model_text name;
	struct model_addr address;	  /* IPv4 */
	struct model_network_ref network; /* mark.file NULL: the default */
	struct model_list services;	  /* struct model_text, beside the usual
					     ones */
};

struct model_type {
	uint16_t type;
	struct mark mark;
};

/* A fault that is injected; one of name, tree and zone says for whom. */
struct model_fault {
	struct mark mark;
	struct model_name name; /* or "*.example.com.", all names below */
	struct model_name tree; /* the name and all below it */
	struct model_text zone; /* a managed zone's resource name */
	enum fault_kind kind;
	enum fault_kind as; /* FLAP: what it is while down */
	enum fault_transport transport;
	uint32_t percent; /* in ten-thousandths */
	uint32_t delay;	  /* milliseconds, as all times here */
	uint32_t jitter;
	uint32_t up;
	uint32_t down;
	struct model_list types;    /* struct model_type; empty: all */
	struct model_list clients;  /* struct model_prefix; likewise */
	struct model_list networks; /* struct model_network_ref; likewise */
};

/* What a target's domain_name resolved to; found, not asked for. */
struct model_resolved {
	struct name name;	 /* folded */
	struct model_list addrs; /* struct addr, without a port */
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

enum query_log_format { QUERY_LOG_CLOUD, QUERY_LOG_TEXT };

/* The log of answered queries. */
struct model_query_log {
	struct mark mark; /* file NULL: not given */
	enum query_log_format format;
	struct model_text to; /* "stdout", "journal" or a path */
	bool policy;	      /* only of networks with enable_logging */
	uint64_t max_size;    /* octets of a file; 0: no matter */
	unsigned keep;	      /* files beside the one that is written to */
	/* Labels where the networks say nothing. */
	struct model_text project_id;
	uint64_t project_number; /* 0: not given */
	struct model_text location;
};

struct model {
	struct arena arena;

	/* The four lines. */
	enum mode mode;
	struct mark mode_mark;
	struct model_addr psc_address; /* mark.file NULL: not given */
	struct model_list presets;     /* struct model_text */
	struct model_list upstreams;   /* struct model_server; empty: auto */
	bool upstreams_listed;	       /* asked in the order of the list */
	bool trust_upstream_ad;	       /* their AD flag is passed on */
	bool tls_opportunistic;	       /* RFC 8310 section 5 */
	struct model_text tls_ca_file; /* NULL: the system's */

	/* What the presets' zones look like. */
	uint32_t ttl;
	bool ipv6;
	struct model_list preset_definitions; /* struct model_preset */

	struct model_list networks;	     /* struct model_network */
	struct model_list gke_clusters;	     /* struct model_cluster */
	struct model_list zones;	     /* struct model_zone */
	struct model_list response_policies; /* struct model_response_policy */
	struct model_list policies;	     /* struct model_policy */
	struct model_list instances;	     /* struct model_instance */
	struct model_list psc_endpoints;     /* struct model_psc_endpoint */
	/* Files of gcloud, Terraform and others whose resources are added to
	 * the lists above: struct model_text. */
	struct model_list resource_files;

	/* Behaviour. */
	bool strict_wildcards;
	struct options options;
	struct model_list rebind_allow; /* struct model_name */
	struct model_list faults;	/* struct model_fault */
	uint32_t health_check_interval; /* milliseconds */
	struct model_list allow; /* struct model_prefix; empty: the default */
	struct model_list inbound_entry_points; /* struct model_addr */
	struct model_list http_hosts; /* struct model_name: of ours, for HTTP */

	/* Not asked for but found by the daemon: the networks of this host,
	 * struct prefix, which are served where allow says nothing. */
	struct model_list host_networks;
	struct model_list resolved;	  /* struct model_resolved */
	struct model_list system_servers; /* struct addr: what `auto` is */
	struct model_list own_addresses;  /* struct addr: where it listens, each
					     address by itself; never asked */
	uint64_t loaded_at;		  /* on the engine's clock */

	struct model_query_log query_log;

	/* Start-up only: a reload that changes them asks for a restart. */
	struct model_list listen;  /* struct model_addr; empty: the default */
	bool listen_chosen;	   /* by the command line, networks' apart */
	unsigned workers;	   /* 0: one a core, at most 4 */
	uint64_t cache_size;	   /* octets, all workers together */
	unsigned max_queries;	   /* in flight, all workers together */
	unsigned tcp_clients;	   /* connections, all workers together */
	unsigned tcp_idle_timeout; /* milliseconds */
	unsigned max_queries_per_client;
	unsigned max_queries_per_upstream_group;
	unsigned tcp_clients_per_client;
	struct model_text cache_file;	  /* NULL: the cache is not saved */
	struct model_text control_socket; /* NULL: the default */
	struct model_list http_listen;	  /* struct model_addr; empty: none */
	struct model_text user; /* whom to become when started as root */
};

/* Makes a model of defaults: mode restricted, preset cloud-run, TTL 60. */
void model_init(struct model *model);
void model_fini(struct model *model);

#endif
