#ifndef CTL_HTTP_STATE_H
#define CTL_HTTP_STATE_H

struct http_call;

/* What is served and how it goes, as JSON for the page and for scripts. */
void http_state_status(struct http_call *call);	   /* /api/status */
void http_state_zones(struct http_call *call);	   /* /api/zones */
void http_state_stats(struct http_call *call);	   /* /api/stats */
void http_state_cache(struct http_call *call);	   /* /api/cache */
void http_state_upstreams(struct http_call *call); /* /api/upstreams */

/* /api/queries?since=N: the latest ones, those after number N. */
void http_state_queries(struct http_call *call);

#endif
