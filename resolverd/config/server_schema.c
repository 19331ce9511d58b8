#include "config/server_schema.h"

#include "config/fault_schema.h"
#include "config/instance_schema.h"
#include "config/network_schema.h"
#include "config/policy_schema.h"
#include "config/query_log_schema.h"
#include "config/response_policy_schema.h"
#include "config/upstream_schema.h"
#include "config/zone_schema.h"
#include "core/upstream.h"
#include "dns/message.h"
#include "model/model.h"

enum {
	PER_SECOND = 1000, /* milliseconds */
	WEEK = 7 * 24 * 60 * 60,
	DAY_MS = 24 * 60 * 60 * 1000,
	WORKERS_LIMIT = 64,
	EDNS_MAX = 4096, /* a larger message is fragmented on every path */
	ADDRESSES_MAX = 64,
	USER_MAX = 32,
	PATH_LENGTH = 4095,
	SOCKET_LENGTH = 107, /* sun_path */
	PRESETS_MAX = 64,
	FILES_MAX = 1024,
	FAULTS_MAX = 1024,
	HEALTH_LEAST = 100, /* milliseconds */
	HEALTH_MOST = 60 * 60 * 1000,
};

#define KIB UINT64_C(1024)

const struct schema_word server_schema_modes[] = {
    {"restricted", MODE_RESTRICTED},
    {"private", MODE_PRIVATE},
    {"psc", MODE_PSC},
    {"off", MODE_OFF},
    {NULL, 0},
};

static const struct schema_word any_queries[] = {
    {"all", ANY_ALL},
    {"minimal", ANY_MINIMAL},
    {NULL, 0},
};

static const struct schema_word chasings[] = {
    {"auto", CHASING_AUTO},
    {"classic", CHASING_CLASSIC},
    {"per_hop", CHASING_PER_HOP},
    {NULL, 0},
};

static const struct schema_word missing_types[] = {
    {"nodata", MISSING_NODATA},
    {"resolve", MISSING_RESOLVE},
    {NULL, 0},
};

static const struct schema_word internal_orders[] = {
    {"by_suffix", INTERNAL_BY_SUFFIX},
    {"last", INTERNAL_LAST},
    {NULL, 0},
};

static const struct schema_word upstream_orders[] = {
    {"ranked", false},
    {"listed", true},
    {NULL, 0},
};

static const struct schema_word authentications[] = {
    {"strict", false},
    {"opportunistic", true},
    {NULL, 0},
};

static const struct schema_word rebindings[] = {
    {"off", REBINDING_OFF},
    {"log", REBINDING_LOG},
    {"block", REBINDING_BLOCK},
    {NULL, 0},
};

static bool
preset_finish(struct decoder *decoder, const struct node *node, void *out)
{
	struct model_preset *preset = out;

	(void)decoder;
	preset->mark = node->mark;
	return true;
}

static const struct schema_field preset_fields[] = {
    {
	.key = "name",
	.help = "what presets calls it",
	.type = &schema_text,
	SCHEMA_AT(model_preset, name),
	.required = true,
	.max = 63,
    },
    {
	.key = "domains",
	.help = "domains whose apex holds the addresses",
	.type = &schema_domain,
	SCHEMA_AT(model_preset, domains),
	.list = true,
    },
    {
	.key = "api_domains",
	.help = "domains shaped like googleapis.com",
	.type = &schema_domain,
	SCHEMA_AT(model_preset, api_domains),
	.list = true,
    },
    {
	.key = "restricted_addresses",
	.help = "addresses in mode restricted instead of Google's",
	.type = &schema_host,
	SCHEMA_AT(model_preset, restricted_addresses),
	.list = true,
	.at_most = ADDRESSES_MAX,
    },
    {
	.key = "private_addresses",
	.help = "addresses in mode private instead of Google's",
	.type = &schema_host,
	SCHEMA_AT(model_preset, private_addresses),
	.list = true,
	.at_most = ADDRESSES_MAX,
    },
    {.key = NULL},
};

static const struct schema preset_schema = {
    .what = "a preset definition",
    .fields = preset_fields,
    .size = sizeof(struct model_preset),
    .finish = preset_finish,
};

static bool
server_finish(struct decoder *decoder, const struct node *node, void *out)
{
	struct model *model = out;
	const struct node *mode = node_get(node, "mode");

	(void)decoder;
	if (mode != NULL)
		model->mode_mark = mode->mark;
	return true;
}

static const struct schema_field server_fields[] = {
    {
	.key = "mode",
	.help = "where the presets' domains lead",
	.type = &schema_word,
	SCHEMA_AT(model, mode),
	.words = server_schema_modes,
    },
    {
	.key = "psc_address",
	.help = "the Private Service Connect endpoint of mode psc",
	.type = &schema_ipv4,
	SCHEMA_AT(model, psc_address),
    },
    {
	.key = "presets",
	.help = "which domains follow the mode",
	.type = &schema_text,
	SCHEMA_AT(model, presets),
	.list = true,
	.at_most = PRESETS_MAX,
    },
    {
	.key = "upstreams",
	.help = "servers for all other names, or auto for the system's",
	.type = &schema_server,
	SCHEMA_AT(model, upstreams),
	.list = true,
	.at_least = 1,
	.at_most = UPSTREAM_SERVERS,
    },
    {
	.key = "upstream_order",
	.help = "whether the best server is asked first or the first",
	.type = &schema_word,
	SCHEMA_AT(model, upstreams_listed),
	.words = upstream_orders,
    },
    {
	.key = "trust_upstream_ad",
	.help = "whether the upstream servers' AD flag is passed on",
	.type = &schema_bool,
	SCHEMA_AT(model, trust_upstream_ad),
    },
    {
	.key = "tls_authentication",
	.help = "whether the servers' certificates must be right",
	.type = &schema_word,
	SCHEMA_AT(model, tls_opportunistic),
	.words = authentications,
    },
    {
	.key = "tls_ca_file",
	.help = "whose certificates are believed; else the system's",
	.type = &schema_text,
	SCHEMA_AT(model, tls_ca_file),
	.max = PATH_LENGTH,
    },
    {
	.key = "case_randomization",
	.help = "whether questions to servers vary in letter case",
	.type = &schema_bool,
	SCHEMA_AT(model, options.case_randomization),
    },
    {
	.key = "dns_cookies",
	.help = "whether servers are asked with cookies (RFC 7873)",
	.type = &schema_bool,
	SCHEMA_AT(model, options.dns_cookies),
    },
    {
	.key = "ttl",
	.help = "TTL of the presets' records",
	.type = &schema_duration,
	SCHEMA_AT(model, ttl),
	.max = INT32_MAX,
	.unit = PER_SECOND,
    },
    {
	.key = "ipv6",
	.help = "whether the presets' domains have AAAA records",
	.type = &schema_bool,
	SCHEMA_AT(model, ipv6),
    },
    {
	.key = "preset_definitions",
	.help = "presets of one's own",
	.type = &schema_struct,
	SCHEMA_AT(model, preset_definitions),
	.list = true,
	.schema = &preset_schema,
    },
    {
	.key = "networks",
	.help = "VPC networks and who is in them",
	.type = &schema_struct,
	SCHEMA_AT(model, networks),
	.list = true,
	.schema = &network_schema,
    },
    {
	.key = "gke_clusters",
	.help = "GKE clusters with scope of their own",
	.type = &schema_struct,
	SCHEMA_AT(model, gke_clusters),
	.list = true,
	.schema = &cluster_schema,
    },
    {
	.key = "zones",
	.help = "managed zones, private and of other kinds",
	.type = &schema_struct,
	SCHEMA_AT(model, zones),
	.list = true,
	.schema = &zone_schema,
    },
    {
	.key = "response_policies",
	.help = "answers that come before any zone",
	.type = &schema_struct,
	SCHEMA_AT(model, response_policies),
	.list = true,
	.schema = &response_policy_schema,
    },
    {
	.key = "policies",
	.help = "DNS server policies",
	.type = &schema_struct,
	SCHEMA_AT(model, policies),
	.list = true,
	.schema = &policy_schema,
    },
    {
	.key = "instances",
	.help = "VMs, for internal DNS",
	.type = &schema_struct,
	SCHEMA_AT(model, instances),
	.list = true,
	.schema = &instance_schema,
    },
    {
	.key = "psc_endpoints",
	.help = "Private Service Connect endpoints for Google APIs",
	.type = &schema_struct,
	SCHEMA_AT(model, psc_endpoints),
	.list = true,
	.schema = &psc_endpoint_schema,
    },
    {
	.key = "resource_files",
	.help = "files of gcloud or Terraform with more of the above",
	.type = &schema_text,
	SCHEMA_AT(model, resource_files),
	.list = true,
	.unwritten = true,
	.at_most = FILES_MAX,
    },
    {
	.key = "cname_chasing",
	.help = "when the order is run again for a CNAME's target",
	.type = &schema_word,
	SCHEMA_AT(model, options.cname_chasing),
	.words = chasings,
    },
    {
	.key = "response_policy_missing_type",
	.help = "what a rule says of a type that it has no data for",
	.type = &schema_word,
	SCHEMA_AT(model, options.response_policy_missing_type),
	.words = missing_types,
    },
    {
	.key = "internal_dns_order",
	.help = "how private and internal zones compete",
	.type = &schema_word,
	SCHEMA_AT(model, options.internal_dns_order),
	.words = internal_orders,
    },
    {
	.key = "health_check_interval",
	.help = "how often routing policies' addresses are tried",
	.type = &schema_duration,
	SCHEMA_AT(model, health_check_interval),
	.min = HEALTH_LEAST,
	.max = HEALTH_MOST,
	.unit = 1,
    },
    {
	.key = "strict_wildcards",
	.help = "whether wildcards follow RFC 4592 where Cloud DNS does not",
	.type = &schema_bool,
	SCHEMA_AT(model, strict_wildcards),
    },
    {
	.key = "extended_errors",
	.help = "whether a failure says why (RFC 8914)",
	.type = &schema_bool,
	SCHEMA_AT(model, options.extended_errors),
    },
    {
	.key = "edns_udp_size",
	.help = "the UDP size that replies advertise",
	.type = &schema_number,
	SCHEMA_AT(model, options.edns_udp_size),
	.min = UDP_SIZE_CLASSIC,
	.max = EDNS_MAX,
    },
    {
	.key = "max_udp_size",
	.help = "the longest reply over UDP",
	.type = &schema_number,
	SCHEMA_AT(model, options.max_udp_size),
	.min = UDP_SIZE_CLASSIC,
	.max = EDNS_MAX,
    },
    {
	.key = "any_query",
	.help = "what a query of type ANY gets",
	.type = &schema_word,
	SCHEMA_AT(model, options.any_query),
	.words = any_queries,
    },
    {
	.key = "cache_max_ttl",
	.help = "the longest time for which an answer is kept",
	.type = &schema_duration,
	SCHEMA_AT(model, options.cache_max_ttl),
	.max = WEEK,
	.unit = PER_SECOND,
    },
    {
	.key = "cache_max_negative_ttl",
	.help = "the longest time for which a negative answer is kept",
	.type = &schema_duration,
	SCHEMA_AT(model, options.cache_max_negative_ttl),
	.max = WEEK,
	.unit = PER_SECOND,
    },
    {
	.key = "cache_max_stale",
	.help = "how long past its time an answer may still serve",
	.type = &schema_duration,
	SCHEMA_AT(model, options.cache_max_stale),
	.max = WEEK,
	.unit = PER_SECOND,
    },
    {
	.key = "cache_failure_ttl",
	.help = "how long it is kept that all servers failed",
	.type = &schema_duration,
	SCHEMA_AT(model, options.cache_failure_ttl),
	.min = 1,
	.max = 30,
	.unit = PER_SECOND,
    },
    {
	.key = "prefetch",
	.help = "whether answers asked for often are renewed in time",
	.type = &schema_bool,
	SCHEMA_AT(model, options.prefetch),
    },
    {
	.key = "rebind_protection",
	.help = "what becomes of inside addresses from outside",
	.type = &schema_word,
	SCHEMA_AT(model, options.rebind_protection),
	.words = rebindings,
    },
    {
	.key = "rebind_allow",
	.help = "names whose inside addresses are passed on",
	.type = &schema_domain,
	SCHEMA_AT(model, rebind_allow),
	.list = true,
	.at_most = 1024,
    },
    {
	.key = "rate_limit",
	.help = "UDP queries a second and client prefix; 0: no limit",
	.type = &schema_number,
	SCHEMA_AT(model, options.rate_limit),
	.max = 10000000,
    },
    {
	.key = "faults",
	.help = "what goes wrong on purpose, to test applications",
	.type = &schema_struct,
	SCHEMA_AT(model, faults),
	.list = true,
	.schema = &fault_schema,
	.at_most = FAULTS_MAX,
    },
    {
	.key = "allow",
	.help = "networks whose clients are served",
	.type = &schema_prefix,
	SCHEMA_AT(model, allow),
	.list = true,
	.at_least = 1,
	.at_most = 1024,
    },
    {
	.key = "inbound_entry_points",
	.help = "own addresses that stand for inbound forwarding",
	.type = &schema_host,
	SCHEMA_AT(model, inbound_entry_points),
	.list = true,
	.at_most = ADDRESSES_MAX,
    },
    {
	.key = "query_log",
	.help = "a log of answered queries",
	.type = &schema_struct,
	SCHEMA_AT(model, query_log),
	.schema = &query_log_schema,
    },
    {
	.key = "listen",
	.help = "addresses to listen on",
	.type = &schema_address,
	SCHEMA_AT(model, listen),
	.list = true,
	.at_least = 1,
	.at_most = SERVER_SCHEMA_LISTEN_MAX,
    },
    {
	.key = "workers",
	.help = "threads that answer; 0: one a core, at most 4",
	.type = &schema_number,
	SCHEMA_AT(model, workers),
	.max = WORKERS_LIMIT,
    },
    {
	.key = "cache_size",
	.help = "memory for the cache, all workers together",
	.type = &schema_size,
	SCHEMA_AT(model, cache_size),
	.min = 256 * KIB,
	.max = 64 * KIB * KIB * KIB,
    },
    {
	.key = "max_queries",
	.help = "queries that may wait for upstream servers",
	.type = &schema_number,
	SCHEMA_AT(model, max_queries),
	.min = 64,
	.max = 1048576,
    },
    {
	.key = "max_queries_per_client",
	.help = "queries of one client that may wait",
	.type = &schema_number,
	SCHEMA_AT(model, max_queries_per_client),
	.min = 1,
	.max = 1048576,
    },
    {
	.key = "max_queries_per_upstream_group",
	.help = "queries that may wait for the same servers",
	.type = &schema_number,
	SCHEMA_AT(model, max_queries_per_upstream_group),
	.min = 1,
	.max = 1048576,
    },
    {
	.key = "tcp_clients",
	.help = "TCP connections of clients",
	.type = &schema_number,
	SCHEMA_AT(model, tcp_clients),
	.min = 1,
	.max = 65536,
    },
    {
	.key = "tcp_clients_per_client",
	.help = "TCP connections of one client",
	.type = &schema_number,
	SCHEMA_AT(model, tcp_clients_per_client),
	.min = 1,
	.max = 65536,
    },
    {
	.key = "tcp_idle_timeout",
	.help = "how long a TCP connection may idle",
	.type = &schema_duration,
	SCHEMA_AT(model, tcp_idle_timeout),
	.min = 100,
	.max = DAY_MS,
	.unit = 1,
    },
    {
	.key = "cache_file",
	.help = "where the cache is kept over a restart",
	.type = &schema_text,
	SCHEMA_AT(model, cache_file),
	.max = PATH_LENGTH,
    },
    {
	.key = "control_socket",
	.help = "where resolverctl finds the daemon",
	.type = &schema_text,
	SCHEMA_AT(model, control_socket),
	.max = SOCKET_LENGTH,
    },
    {
	.key = "http_listen",
	.help = "addresses of the metrics and the page; none unless given",
	.type = &schema_http_address,
	SCHEMA_AT(model, http_listen),
	.list = true,
	.at_most = ADDRESSES_MAX,
    },
    {
	.key = "http_hosts",
	.help = "further names that the page is asked for by",
	.type = &schema_name,
	SCHEMA_AT(model, http_hosts),
	.list = true,
	.at_most = ADDRESSES_MAX,
    },
    {
	.key = "user",
	.help = "whom to become when started as root",
	.type = &schema_text,
	SCHEMA_AT(model, user),
	.max = USER_MAX,
    },
    {.key = NULL},
};

const struct schema server_schema = {
    .what = "the configuration",
    .fields = server_fields,
    .size = sizeof(struct model),
    .finish = server_finish,
};
