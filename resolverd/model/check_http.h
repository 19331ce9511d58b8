#ifndef MODEL_CHECK_HTTP_H
#define MODEL_CHECK_HTTP_H

struct diag;
struct model;

/* Who can read what there is to see over HTTP. */
void check_http(const struct model *model, struct diag *diag);

#endif
