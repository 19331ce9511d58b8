#ifndef CTL_CONTROL_UPSTREAMS_H
#define CTL_CONTROL_UPSTREAMS_H

struct control_call;
struct serving;

/* Answers with every server that is asked, and what the workers know of it. */
void control_upstreams_run(struct control_call *call, struct serving *serving);

#endif
