#ifndef CTL_DOCUMENT_H
#define CTL_DOCUMENT_H

#include "base/json_writer.h"

struct cache_report;
struct model;
struct serving;
struct standing;
struct upstreams;

/*
 * What a daemon tells of itself, in the same words by its control socket and
 * over HTTP: members of an object that is open, a file each.  resolverctl(8)
 * lists them.
 */

/* Where it stands. */
void document_status_write(const struct standing *standing,
    struct json_writer *writer);

/* Answers and how long they took, all counters, and how full the cache is. */
void document_stats_write(const struct standing *standing,
    const struct cache_report *report, struct json_writer *writer);

/* Zones and response policies, and who sees them. */
void
document_zones_write(const struct model *model, struct json_writer *writer);

/* Servers, and what each of count workers knows of them. */
void document_upstreams_write(const struct serving *serving,
    struct upstreams *known, unsigned count, struct json_writer *writer);

/* How the caches do. */
void document_cache_write(const struct cache_report *report,
    struct json_writer *writer);

#endif
