#ifndef CTL_METRICS_H
#define CTL_METRICS_H

struct http_call;

/* /metrics: all there is to count, for Prometheus. */
void metrics_run(struct http_call *call);

#endif
