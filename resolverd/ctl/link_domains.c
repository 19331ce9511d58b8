#include "ctl/link_domains.h"

#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "ctl/root_files.h"

enum { LINE = 1024 };

#define BLANKS " \t\r\n"

/* Where it, and systemd-networkd, keep what links have of their own. */
static const char *const folders[] = {
    "run/systemd/resolve/netif",
    "run/systemd/netif/links",
};

/* The lines that name domains. */
static const char *const keys[] = {"DOMAINS=", "ROUTE_DOMAINS="};

/* What is being found. */
struct finding {
	int root;
	struct link_domains *links;
	size_t count;
};

static bool
has_domain(const struct link_domains *link, const char *domain, size_t len)
{
	const char *at = link->domains;

	while (*at != '\0') {
		const size_t word = strcspn(at, " ");

		if (word == len && strncasecmp(at, domain, len) == 0)
			return true;
		at += word;
		at += strspn(at, " ");
	}
	return false;
}

static void
add_domain(struct link_domains *link, const char *domain, size_t len)
{
	const size_t at = strlen(link->domains);

	if (len > 0 && domain[0] == '~') {
		domain++;
		len--;
	}
	if (len == 1 && domain[0] == '.') {
		link->all = true;
		return;
	}
	if (len > 1 && domain[len - 1] == '.')
		len--;
	if (len == 0 || at + len + 2 > LINK_DOMAINS_TEXT ||
	    has_domain(link, domain, len))
		return;
	snprintf(link->domains + at, LINK_DOMAINS_TEXT - at, "%s%.*s",
	    at == 0 ? "" : " ", (int)len, domain);
}

void
link_domains_add(struct link_domains *link, const char *list)
{
	for (list += strspn(list, BLANKS); *list != '\0';
	     list += strspn(list, BLANKS)) {
		const size_t len = strcspn(list, BLANKS);

		add_domain(link, list, len);
		list += len;
	}
}

static void
take_line(struct link_domains *link, const char *line)
{
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const size_t len = strlen(keys[i]);

		if (strncmp(line, keys[i], len) == 0)
			link_domains_add(link, line + len);
	}
}

/* The one that both folders may tell of; NULL: there are too many. */
static struct link_domains *
find_link(struct finding *finding, unsigned index)
{
	struct link_domains *link;
	char name[IF_NAMESIZE];

	if (if_indextoname(index, name) == NULL)
		snprintf(name, sizeof(name), "%u", index);
	for (size_t i = 0; i < finding->count; i++) {
		if (strcmp(finding->links[i].link, name) == 0)
			return &finding->links[i];
	}
	if (finding->count == LINK_DOMAINS)
		return NULL;
	link = &finding->links[finding->count++];
	*link = (struct link_domains){.all = false};
	memcpy(link->link, name, sizeof(name));
	return link;
}

static void
read_link(void *context, const char *directory, const char *name)
{
	struct finding *finding = context;
	struct link_domains *link = NULL;
	char path[PATH_MAX];
	char line[LINE];
	uint64_t index;
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	file = root_files_read(finding->root, path);
	if (file == NULL)
		return;
	if (number_parse(name, 1, INT32_MAX, &index))
		link = find_link(finding, (unsigned)index);
	while (link != NULL && fgets(line, sizeof(line), file) != NULL)
		take_line(link, line);
	fclose(file);
}

size_t
link_domains_find(int root, struct link_domains out[LINK_DOMAINS])
{
	struct finding finding = {.root = root, .links = out};
	size_t count = 0;

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		root_files_each(root, folders[i], read_link, &finding);
	for (size_t i = 0; i < finding.count; i++) {
		if (out[i].all || out[i].domains[0] != '\0')
			out[count++] = out[i];
	}
	return count;
}

/* Whether a name, with or without its dot, is a domain or lies below it. */
static bool
lies_below(const char *name, const char *domain, size_t len)
{
	size_t name_len = strlen(name);

	if (name_len > 1 && name[name_len - 1] == '.')
		name_len--;
	return name_len >= len &&
	    strncasecmp(name + name_len - len, domain, len) == 0 &&
	    (name_len == len || name[name_len - len - 1] == '.');
}

const char *
link_domains_of(const struct link_domains *link, const char *name,
    char buf[LINK_DOMAINS_TEXT])
{
	const char *at = link->domains;
	size_t longest = 0;

	buf[0] = '\0';
	while (*at != '\0') {
		const size_t len = strcspn(at, " ");

		if (len > longest && lies_below(name, at, len)) {
			longest = len;
			snprintf(buf, LINK_DOMAINS_TEXT, "%.*s", (int)len, at);
		}
		at += len;
		at += strspn(at, " ");
	}
	return buf;
}
