#ifndef CONFIG_EXPORT_BIND_H
#define CONFIG_EXPORT_BIND_H

#include <stdio.h>

#include "config/export.h"

/*
 * Master files (RFC 1035 section 5) of absolute names, which any name server
 * loads, and what BIND's named.conf must say to serve them as planned.
 */

/* What the file of a zone or response policy is called; "" without memory. */
const char *
export_bind_zone_file(struct export *export, const struct export_zone *zone);
const char *export_bind_policy_file(struct export *export,
    const struct export_response_policy *policy);

/* Whether a zone has records, and so a file of its own. */
bool export_bind_has_file(const struct export_zone *zone);

/* A private zone: its SOA and NS records, then the others. */
void export_bind_write_zone(struct export *export,
    const struct export_zone *zone, FILE *out);

/* A response policy as a response policy zone (RPZ). */
void export_bind_write_policy(struct export *export,
    const struct export_response_policy *policy, FILE *out);

#endif
