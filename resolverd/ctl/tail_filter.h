#ifndef CTL_TAIL_FILTER_H
#define CTL_TAIL_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "core/account.h"
#include "dns/name.h"

struct live_entry;

/* As a person says it; NULL: of any kind. */
struct tail_filter_terms {
	const char *name;   /* "a.example", or "*.example" for all below it */
	const char *client; /* an address or prefix */
	const char *type;
	const char *rcode;
	const char *source;
	const char *slower; /* a duration; answers that took at least that */
};

/* Which queries somebody wants to see. */
struct tail_filter {
	bool has_name;
	bool below; /* the name; else that name alone */
	struct name name;
	bool has_client;
	struct prefix client;
	bool has_type;
	uint16_t type;
	bool has_rcode;
	unsigned rcode;
	bool has_source;
	enum origin source;
	uint64_t slower; /* ns */
};

enum { TAIL_FILTER_ERROR = 256 };

/* False with a sentence in error; *filter is then undefined. */
bool tail_filter_parse(struct tail_filter *filter,
    const struct tail_filter_terms *terms, char error[TAIL_FILTER_ERROR]);

/* What has no question is of no name and no type. */
bool tail_filter_passes(const struct tail_filter *filter,
    const struct live_entry *entry);

#endif
