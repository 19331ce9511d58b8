#ifndef CTL_HTTP_ACCESS_H
#define CTL_HTTP_ACCESS_H

#include "ctl/http_head.h"

struct addr;
struct model_list;

/*
 * Whether a request that came to an address of ours may have an answer.  Any
 * page that a browser on this machine shows can send one; so it must be meant
 * for us by name, lest a name of the page's was made to lead here (DNS
 * rebinding), and no other site's script may have sent it.  hosts are further
 * names of ours, struct model_name.
 */
enum http_fault http_access_judge(const struct http_head *head,
    const struct addr *local, const struct model_list *hosts);

#endif
