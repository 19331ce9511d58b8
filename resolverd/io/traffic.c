#include "io/traffic.h"

#include <netinet/in.h>
#include <stddef.h>

#include "core/counters.h"
#include "core/query.h"
#include "dns/message.h"

const char *const traffic_families[TRAFFIC_FAMILIES] = {"ipv4", "ipv6"};
const char *const traffic_transports[TRAFFIC_TRANSPORTS] = {"udp", "tcp"};
const char *const traffic_types[TRAFFIC_TYPES] = {"A", "AAAA", "ANY", "CNAME",
    "DNSKEY", "DS", "HTTPS", "MX", "NS", "PTR", "SOA", "SRV", "SVCB", "TXT",
    "other"};

/* In the order of traffic_types. */
static const uint16_t types[TRAFFIC_TYPES - 1] = {TYPE_A, TYPE_AAAA, TYPE_ANY,
    TYPE_CNAME, TYPE_DNSKEY, TYPE_DS, TYPE_HTTPS, TYPE_MX, TYPE_NS, TYPE_PTR,
    TYPE_SOA, TYPE_SRV, TYPE_SVCB, TYPE_TXT};

static size_t
type_of(const struct query *query)
{
	size_t i = 0;

	if (!query->request.has_question)
		return TRAFFIC_TYPES - 1;
	while (
	    i < TRAFFIC_TYPES - 1 && types[i] != query->request.question.type)
		i++;
	return i;
}

void
traffic_add(struct traffic *traffic, const struct query *query)
{
	const size_t transport = query->transport == TRANSPORT_TCP;
	const size_t family = query->client.u.any.sa_family == AF_INET6;

	counter_add(&traffic->counts[transport][family][type_of(query)]);
}
