#ifndef CTL_HTTP_EXPLAIN_H
#define CTL_HTTP_EXPLAIN_H

struct http_call;

/*
 * /api/explain?name=N&type=T&network=W&client=IP: how a worker resolves a name
 * now, as resolverctl explain --json tells it.
 */
void http_explain_run(struct http_call *call);

#endif
