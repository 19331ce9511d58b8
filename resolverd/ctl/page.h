#ifndef CTL_PAGE_H
#define CTL_PAGE_H

#include <stddef.h>

struct http_call;

/* The document, made of the files in page/ by the build; no string. */
extern const char page_document[];
extern const size_t page_size;

/* /: a page to look at. */
void page_run(struct http_call *call);

#endif
