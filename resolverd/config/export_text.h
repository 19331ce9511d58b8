#ifndef CONFIG_EXPORT_TEXT_H
#define CONFIG_EXPORT_TEXT_H

#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/arena.h"
#include "dns/name.h"
#include "dns/rrset.h"
#include "model/model.h"

/*
 * Values of a model as text in an arena.  All return "" when it is full,
 * which is sticky.
 */

const char *export_text_name(struct arena *arena, const struct name *name);
const char *export_text_type(struct arena *arena, uint16_t type);

/* A record's data in presentation form, whatever its length. */
const char *export_text_rdata(struct arena *arena, uint16_t type,
    const struct rdata *rdata);

/* The same of count records. */
const char **export_text_rdatas(struct arena *arena, uint16_t type,
    const struct rdata *rdata, size_t count);

/* An address without its port. */
const char *export_text_host(struct arena *arena, const struct addr *addr);

/* A name server: its address, or its name. */
const char *
export_text_target(struct arena *arena, const struct model_target *target);

/* A weight or a ratio in ten-thousandths: "0.25". */
const char *export_text_ratio(struct arena *arena, uint32_t ratio);

/*
 * Presentation form with every letter in its place but c, which becomes \DDD
 * (RFC 1035 section 5.1).
 */
const char *export_text_without(struct arena *arena, const char *text, char c);

/* Letters, digits and underscores: "run.app." becomes "run_app". */
const char *export_text_identifier(struct arena *arena, const char *text);

/*
 * The nearest thing to text that Cloud DNS takes as a resource name (the fact
 * sheet's section 9): "10.in-addr.arpa." becomes "z-10-in-addr-arpa".
 */
enum { EXPORT_TEXT_RESOURCE = 63 };
const char *export_text_resource(struct arena *arena, const char *text);

#endif
