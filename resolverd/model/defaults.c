#include "model/defaults.h"

/* ns-gcp-private.googledomains.com. in wire form */
#define NS_WIRE		"\016ns-gcp-private\015googledomains\003com\0"
/* cloud-dns-hostmaster.google.com. */
#define HOSTMASTER_WIRE "\024cloud-dns-hostmaster\006google\003com\0"
/* 1 21600 3600 259200 300 */
#define SOA_NUMBERS    \
	"\0\0\0\1"     \
	"\0\0\x54\x60" \
	"\0\0\x0e\x10" \
	"\0\3\xf4\x80" \
	"\0\0\1\x2c"

/* The literals' own terminators are no part of the data. */
static const char soa_wire[] = NS_WIRE HOSTMASTER_WIRE SOA_NUMBERS;
static const char ns_wire[] = NS_WIRE;

const struct rdata defaults_soa = {
    .bytes = (const uint8_t *)soa_wire,
    .len = sizeof(soa_wire) - 1,
};

const struct rdata defaults_ns = {
    .bytes = (const uint8_t *)ns_wire,
    .len = sizeof(ns_wire) - 1,
};

const char *const defaults_listen[] = {"127.0.0.1", "::1"};

const size_t defaults_listen_count =
    sizeof(defaults_listen) / sizeof(defaults_listen[0]);

const struct model_record_set *
defaults_apex_set(const struct model_zone *zone, uint16_t type)
{
	const struct model_record_set *sets = zone->record_sets.items;

	for (size_t i = 0; i < zone->record_sets.count; i++) {
		if (sets[i].type == type &&
		    name_equal(sets[i].name.wire, zone->dns_name.name.wire))
			return &sets[i];
	}
	return NULL;
}
