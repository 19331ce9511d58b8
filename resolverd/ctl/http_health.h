#ifndef CTL_HTTP_HEALTH_H
#define CTL_HTTP_HEALTH_H

struct http_call;

/* /healthz: all workers answer. */
void http_health_live(struct http_call *call);

/* /readyz: queries are served; and how it stands with reloads. */
void http_health_ready(struct http_call *call);

#endif
