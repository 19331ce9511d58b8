#include "ctl/http_route.h"

#include <string.h>

#include "ctl/http_health.h"

const struct http_route http_route_table[] = {
    {"/healthz", http_health_live},
    {"/readyz", http_health_ready},
    {NULL, NULL},
};

const struct http_route *
http_route_find(const char *path)
{
	for (const struct http_route *route = http_route_table;
	     route->path != NULL; route++) {
		if (strcmp(route->path, path) == 0)
			return route;
	}
	return NULL;
}
