/*
 * Heads of HTTP requests.  One that is taken has a path and one Host, and is
 * the same however many octets came at a time; one that is not says why.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/addr.h"
#include "ctl/http_access.h"
#include "ctl/http_head.h"
#include "model/model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is no fault of the whole was none of any beginning. */
static void
check_beginnings(const char *text, size_t found)
{
	enum http_fault fault;

	for (size_t len = 0; len < found; len++) {
		if (http_head_find(text, len, &fault) != 0 ||
		    fault != HTTP_FAULT_NONE)
			abort();
	}
}

static void
check_head(const struct http_head *head)
{
	static const struct model_list none = {.count = 0};
	char value[32];
	struct addr local;

	if (head->path[0] != '/' || head->host[0] == '\0')
		abort();
	if (http_head_parameter(head->query, "name", value, sizeof(value)) &&
	    strlen(value) >= sizeof(value))
		abort();
	addr_parse("127.0.0.1", 1, &local);
	if (http_access_judge(head, &local, &none) == HTTP_FAULT_NONE &&
	    head->origin != NULL)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct http_head head;
	enum http_fault fault;
	char text[HTTP_HEAD_MAX + 1];
	size_t found;

	if (size > HTTP_HEAD_MAX)
		return 0;
	found = http_head_find((const char *)data, size, &fault);
	if (found == 0) {
		if (fault != HTTP_FAULT_NONE && http_fault_status(fault) < 400)
			abort();
		return 0;
	}
	check_beginnings((const char *)data, found);
	memcpy(text, data, found);
	text[found] = '\0';
	if (http_head_read(&head, text) == HTTP_FAULT_NONE)
		check_head(&head);
	return 0;
}
