#ifndef CTL_HTTP_ROUTE_H
#define CTL_HTTP_ROUTE_H

#include <stddef.h>

#include "ctl/http_call.h"

/* What can be asked for over HTTP. */
struct http_route {
	const char *path;
	http_call_fn run;
};

/* Ended by a NULL path. */
extern const struct http_route http_route_table[];

/* The route of a path; NULL: none. */
const struct http_route *http_route_find(const char *path);

#endif
