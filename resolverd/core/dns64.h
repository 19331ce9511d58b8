#ifndef CORE_DNS64_H
#define CORE_DNS64_H

#include <stdbool.h>
#include <stdint.h>

#include "core/query.h"

struct engine;

/*
 * DNS64 (RFC 6147; the fact sheet's section 6.5): a name without AAAA gets
 * 64:ff9b::/96 (RFC 6052) and each of its IPv4 addresses.
 */

/*
 * STEP_SYNTH: for an AAAA that is not there, starts again for the A; then
 * makes AAAA of what came of it.
 */
enum step dns64_step(struct engine *engine, struct query *query, uint64_t now);

/* Whether a failed question for AAAA is asked again for A (RFC 6147 5.1.2). */
bool dns64_retries(const struct query *query);

/* Starts again for the A records. */
enum step dns64_restart(struct engine *engine, struct query *query);

#endif
