#include "ctl/tail_filter.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "ctl/live_entry.h"
#include "ctl/response.h"
#include "dns/rdata.h"

enum { RCODE_MAX = 4095, NS_PER_MS = 1000000 };

/* Says what is wrong; always false. */
static bool __attribute__((format(printf, 2, 3)))
complain(char error[TAIL_FILTER_ERROR], const char *format, ...)
{
	va_list list;

	va_start(list, format);
	vsnprintf(error, TAIL_FILTER_ERROR, format, list);
	va_end(list);
	return false;
}

/* Each reads its term, which was given. */

static bool
parse_name(struct tail_filter *filter, const char *text,
    char error[TAIL_FILTER_ERROR])
{
	const enum name_error fault = name_from_text(&filter->name, text);

	if (fault != NAME_OK)
		return complain(error, "the name %s", name_error_text(fault));
	filter->has_name = true;
	filter->below = name_is_wildcard(filter->name.wire);
	return true;
}

static bool
parse_client(struct tail_filter *filter, const char *text,
    char error[TAIL_FILTER_ERROR])
{
	filter->has_client = prefix_parse(text, &filter->client);
	return filter->has_client ||
	    complain(error,
		"client must be an IP address or a prefix such as 10.0.0.0/8, "
		"not '%.80s'",
		text);
}

static bool
parse_type(struct tail_filter *filter, const char *text,
    char error[TAIL_FILTER_ERROR])
{
	filter->has_type = rdata_type_from_text(text, &filter->type);
	return filter->has_type ||
	    complain(error,
		"type must be one such as A, AAAA, HTTPS or TYPE65280, not "
		"'%.80s'",
		text);
}

/* By its word, or as a number. */
static bool
parse_rcode(struct tail_filter *filter, const char *text,
    char error[TAIL_FILTER_ERROR])
{
	char word[RESPONSE_RCODE_TEXT];
	uint64_t number;

	filter->has_rcode = true;
	if (number_parse(text, 0, RCODE_MAX, &number)) {
		filter->rcode = (unsigned)number;
		return true;
	}
	for (unsigned rcode = 0; rcode <= RCODE_MAX; rcode++) {
		filter->rcode = rcode;
		if (strcasecmp(text, response_rcode(rcode, word)) == 0)
			return true;
	}
	return complain(error,
	    "rcode must be one such as NOERROR, NXDOMAIN, SERVFAIL, REFUSED "
	    "or a number, not '%.80s'",
	    text);
}

static bool
parse_source(struct tail_filter *filter, const char *text,
    char error[TAIL_FILTER_ERROR])
{
	filter->has_source = true;
	for (int i = 0; i < ORIGINS; i++) {
		filter->source = (enum origin)i;
		if (strcasecmp(text, origin_text(filter->source)) == 0)
			return true;
	}
	return complain(error,
	    "source must be rule, zone, cache, stale, upstream, special or "
	    "error, not '%.80s'",
	    text);
}

static bool
parse_slower(struct tail_filter *filter, const char *text,
    char error[TAIL_FILTER_ERROR])
{
	uint64_t ms;

	if (!duration_parse(text, &ms) || ms > UINT64_MAX / NS_PER_MS) {
		return complain(error,
		    "slower must be a duration such as 10ms or 2s, not '%.80s'",
		    text);
	}
	filter->slower = ms * NS_PER_MS;
	return true;
}

static const struct {
	size_t at; /* in the terms */
	bool (*parse)(struct tail_filter *filter, const char *text,
	    char error[TAIL_FILTER_ERROR]);
} rows[] = {
    {offsetof(struct tail_filter_terms, name), parse_name},
    {offsetof(struct tail_filter_terms, client), parse_client},
    {offsetof(struct tail_filter_terms, type), parse_type},
    {offsetof(struct tail_filter_terms, rcode), parse_rcode},
    {offsetof(struct tail_filter_terms, source), parse_source},
    {offsetof(struct tail_filter_terms, slower), parse_slower},
};

bool
tail_filter_parse(struct tail_filter *filter,
    const struct tail_filter_terms *terms, char error[TAIL_FILTER_ERROR])
{
	*filter = (struct tail_filter){.has_name = false};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *text;

		memcpy(&text, (const char *)terms + rows[i].at, sizeof(text));
		if (text != NULL && !rows[i].parse(filter, text, error))
			return false;
	}
	return true;
}

static bool
passes_name(const struct tail_filter *filter, const struct live_entry *entry)
{
	const uint8_t *name = filter->name.wire;
	const uint8_t *asked = entry->name.wire;
	const uint8_t *apex;

	if (!entry->has_question)
		return false;
	if (!filter->below)
		return name_equal(asked, name);
	apex = name_strip(name, 1);
	return name_under(asked, apex) && !name_equal(asked, apex);
}

bool
tail_filter_passes(const struct tail_filter *filter,
    const struct live_entry *entry)
{
	return entry->latency >= filter->slower &&
	    (!filter->has_source || entry->origin == filter->source) &&
	    (!filter->has_rcode || entry->rcode == filter->rcode) &&
	    (!filter->has_type ||
		(entry->has_question && entry->type == filter->type)) &&
	    (!filter->has_client ||
		prefix_has(&filter->client, &entry->client)) &&
	    (!filter->has_name || passes_name(filter, entry));
}
