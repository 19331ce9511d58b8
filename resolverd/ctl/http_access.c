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

/* Of an address by which a published port of a container is reached. */
static bool
is_listed_addr(const struct addr *addr, const struct model_list *hosts)
{
	const struct model_name *names = hosts->items;
	struct addr listed;
	char text[NAME_TEXT];

	for (size_t i = 0; i < hosts->count; i++) {
		name_to_text(names[i].name.wire, text);
		text[strlen(text) - 1] = '\0';
		if (addr_parse(text, 0, &listed) &&
		    addr_same_host(addr, &listed))
			return true;
	}
	return false;
}

static bool
is_localhost(const char *name)
{
	return strcasecmp(name, "localhost") == 0 ||
	    strcasecmp(name, "localhost.") == 0;
}

static bool
is_us(const char *host, const struct addr *local,
    const struct model_list *hosts)
{
	struct addr addr;
	char name[HOST_TEXT];

	if (addr_parse(host, 0, &addr)) {
		return addr_same_host(&addr, local) ||
		    is_listed_addr(&addr, hosts);
	}
	return read_name(host, name) &&
	    (is_localhost(name) || is_listed(name, hosts));
}

static bool
says(const char *value, const char *word)
{
	return value != NULL && strcasecmp(value, word) == 0;
}

/* A person follows a link to the page, which no script can read then. */
static bool
is_visit(const struct http_head *head)
{
	return strcmp(head->path, "/") == 0 &&
	    says(head->fetch_mode, "navigate") &&
	    says(head->fetch_dest, "document");
}

enum http_fault
http_access_judge(const struct http_head *head, const struct addr *local,
    const struct model_list *hosts)
{
	if (!is_us(head->host, local, hosts))
		return HTTP_FAULT_MISPLACED;
	if (head->origin != NULL ||
	    (says(head->fetch_site, "cross-site") && !is_visit(head)))
		return HTTP_FAULT_FOREIGN;
	return HTTP_FAULT_NONE;
}
