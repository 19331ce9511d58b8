#include "ctl/http_access.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/addr.h"
#include "base/text.h"
#include "dns/name.h"
#include "model/model.h"

enum { HOST_TEXT = 256, PORT_MAX = 65535 };

/*
 * The host's name without its port, which says nothing: a tunnel has another.
 * False: it is no name with a port behind it.
 */
static bool
read_name(const char *host, char name[HOST_TEXT])
{
	const size_t len = strcspn(host, ":");
	uint64_t port;

	if (len >= HOST_TEXT ||
	    (host[len] == ':' &&
		!number_parse(host + len + 1, 1, PORT_MAX, &port)))
		return false;
	memcpy(name, host, len);
	name[len] = '\0';
	return true;
}

static bool
is_listed(const char *text, const struct model_list *hosts)
{
	const struct model_name *names = hosts->items;
	struct name name;

	if (name_from_text(&name, text) != NAME_OK)
		return false;
	for (size_t i = 0; i < hosts->count; i++) {
		if (name_equal(names[i].name.wire, name.wire))
			return true;
	}
	return false;
}

static bool
is_us(const char *host, const struct addr *local,
    const struct model_list *hosts)
{
	struct addr addr;
	char name[HOST_TEXT];

	if (addr_parse(host, 0, &addr))
		return addr_same_host(&addr, local);
	return read_name(host, name) &&
	    (strcasecmp(name, "localhost") == 0 || is_listed(name, hosts));
}

enum http_fault
http_access_judge(const struct http_head *head, const struct addr *local,
    const struct model_list *hosts)
{
	if (!is_us(head->host, local, hosts))
		return HTTP_FAULT_MISPLACED;
	if (head->origin != NULL ||
	    (head->fetch_site != NULL &&
		strcasecmp(head->fetch_site, "cross-site") == 0))
		return HTTP_FAULT_FOREIGN;
	return HTTP_FAULT_NONE;
}
