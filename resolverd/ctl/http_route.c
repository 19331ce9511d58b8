#include "ctl/http_route.h"

#include <string.h>

#include "ctl/http_explain.h"
#include "ctl/http_health.h"
#include "ctl/http_state.h"
#include "ctl/metrics.h"
#include "ctl/page.h"

const struct http_route http_route_table[] = {
    {"/", page_run},
    {"/metrics", metrics_run},
    {"/healthz", http_health_live},
    {"/readyz", http_health_ready},
    {"/api/status", http_state_status},
    {"/api/zones", http_state_zones},
    {"/api/stats", http_state_stats},
    {"/api/cache", http_state_cache},
    {"/api/upstreams", http_state_upstreams},
    {"/api/queries", http_state_queries},
    {"/api/explain", http_explain_run},
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
