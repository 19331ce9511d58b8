#include "ctl/doctor_files.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/server.h"
#include "ctl/doctor_addrs.h"

enum { LINE = 4096, NDOTS_MOST = 15 };

static const char blanks[] = " \t\r\n\v\f";

/* Reads a line of which what is too long is dropped; false at the end. */
static bool
read_line(FILE *file, char line[LINE])
{
	int octet = 0;

	if (fgets(line, LINE, file) == NULL)
		return false;
	if (strchr(line, '\n') == NULL) {
		while (octet != '\n' && octet != EOF)
			octet = getc(file);
	}
	return true;
}

/* Cuts the next word off *rest; NULL when there is none. */
static char *
next_word(char **rest)
{
	char *word = *rest + strspn(*rest, blanks);

	*rest = word + strcspn(word, blanks);
	if (**rest != '\0')
		*(*rest)++ = '\0';
	return *word == '\0' ? NULL : word;
}

static void
cut_comment(char *line)
{
	line[strcspn(line, "#")] = '\0';
}

/* resolv.conf */

static void
take_server(struct doctor_resolv *resolv, const char *word)
{
	struct addr addr;

	if (!addr_parse(word, SERVER_PORT, &addr))
		return;
	/* To any kernel, all zeros as the destination is this host. */
	if (addr_is_any(&addr)) {
		addr_parse(addr.u.any.sa_family == AF_INET ? "127.0.0.1"
							   : "::1",
		    SERVER_PORT, &addr);
	}
	doctor_addrs_add(&resolv->servers, &addr);
}

static void
take_domain(struct doctor_resolv *resolv, const char *word)
{
	size_t len = strlen(word);

	if (len > 0 && word[len - 1] == '.')
		len--;
	if (len == 0 || len >= DOCTOR_DOMAIN ||
	    resolv->search_count == DOCTOR_SEARCH)
		return;
	memcpy(resolv->search[resolv->search_count], word, len);
	resolv->search[resolv->search_count][len] = '\0';
	resolv->search_count++;
}

static void
take_search(struct doctor_resolv *resolv, char *rest)
{
	char *word;

	resolv->search_count = 0;
	resolv->has_search = true;
	while ((word = next_word(&rest)) != NULL)
		take_domain(resolv, word);
}

static void
take_options(struct doctor_resolv *resolv, char *rest)
{
	static const char ndots[] = "ndots:";
	char *word;

	while ((word = next_word(&rest)) != NULL) {
		if (strncmp(word, ndots, sizeof(ndots) - 1) == 0) {
			const long n =
			    strtol(word + sizeof(ndots) - 1, NULL, 10);

			resolv->ndots = n < 0 ? 0
			    : n > NDOTS_MOST  ? NDOTS_MOST
					      : (unsigned)n;
		} else if (strcmp(word, "rotate") == 0) {
			resolv->rotate = true;
		}
	}
}

static void
take_resolv_line(struct doctor_resolv *resolv, char *rest)
{
	/* The keyword begins the line, or it is none. */
	const bool starts = strspn(rest, blanks) == 0;
	const char *keyword = next_word(&rest);
	const char *word;

	if (!starts || keyword == NULL)
		return;
	if (strcmp(keyword, "nameserver") == 0) {
		word = next_word(&rest);
		if (word != NULL)
			take_server(resolv, word);
	} else if (strcmp(keyword, "search") == 0 ||
	    strcmp(keyword, "domain") == 0) {
		take_search(resolv, rest);
	} else if (strcmp(keyword, "options") == 0) {
		take_options(resolv, rest);
	}
}

void
doctor_files_resolv(FILE *file, struct doctor_resolv *resolv)
{
	char line[LINE];

	/* A comment is a line of its own: its mark is no keyword. */
	*resolv = (struct doctor_resolv){.ndots = 1};
	while (read_line(file, line))
		take_resolv_line(resolv, line);
}

void
doctor_files_adjust(struct doctor_resolv *resolv, const char *localdomain,
    const char *res_options, const char *host)
{
	const char *dot = host == NULL ? NULL : strchr(host, '.');
	char text[LINE];

	if (localdomain != NULL) {
		snprintf(text, sizeof(text), "%s", localdomain);
		take_search(resolv, text);
	} else if (!resolv->has_search && dot != NULL) {
		take_domain(resolv, dot + 1);
	}
	if (res_options != NULL) {
		snprintf(text, sizeof(text), "%s", res_options);
		take_options(resolv, text);
	}
}

/* nsswitch.conf */

/* Whether an action such as [!UNAVAIL=return] ends a search for the unknown. */
static bool
action_ends(const char *action, size_t len)
{
	static const char ends[] = "notfound=return";
	static const char not_ends[] = "!notfound=return";
	static const char no_excuse[] = "!unavail=return";
	char text[DOCTOR_SERVICE] = "";

	snprintf(text, sizeof(text), "%.*s", (int)len, action);
	return strcasestr(text, not_ends) == NULL &&
	    (strcasestr(text, ends) != NULL ||
		strcasestr(text, no_excuse) != NULL);
}

static void
take_service(struct doctor_switch *hosts, const char *word, size_t len)
{
	if (hosts->count == DOCTOR_SERVICES || len >= DOCTOR_SERVICE)
		return;
	memcpy(hosts->services[hosts->count], word, len);
	hosts->services[hosts->count][len] = '\0';
	hosts->ends[hosts->count] = false;
	hosts->count++;
}

static void
take_services(struct doctor_switch *hosts, const char *rest)
{
	for (rest += strspn(rest, blanks); *rest != '\0';
	     rest += strspn(rest, blanks)) {
		size_t len;

		if (*rest == '[') {
			len = strcspn(rest, "]");
			if (hosts->count > 0 && action_ends(rest + 1, len - 1))
				hosts->ends[hosts->count - 1] = true;
			rest += len + (rest[len] == ']');
		} else {
			len = strcspn(rest, " \t\r\n\v\f[");
			take_service(hosts, rest, len);
			rest += len;
		}
	}
}

void
doctor_files_switch(FILE *file, struct doctor_switch *hosts)
{
	static const char keyword[] = "hosts:";
	char line[LINE];

	*hosts = (struct doctor_switch){.found = false};
	while (read_line(file, line)) {
		const char *at = line + strspn(line, blanks);

		cut_comment(line);
		if (strncmp(at, keyword, sizeof(keyword) - 1) != 0)
			continue;
		*hosts = (struct doctor_switch){.found = true};
		take_services(hosts, at + sizeof(keyword) - 1);
	}
}

int
doctor_files_service(const struct doctor_switch *hosts, const char *name)
{
	for (size_t i = 0; i < hosts->count; i++) {
		if (strcmp(hosts->services[i], name) == 0)
			return (int)i;
	}
	return -1;
}

/* hosts */

/* Equal but for letter case and the final dot. */
static bool
same_name(const char *a, const char *b)
{
	size_t a_len = strlen(a);
	size_t b_len = strlen(b);

	a_len -= a_len > 0 && a[a_len - 1] == '.';
	b_len -= b_len > 0 && b[b_len - 1] == '.';
	return a_len == b_len && strncasecmp(a, b, a_len) == 0;
}

void
doctor_files_hosts(FILE *file, const char *name, struct doctor_addrs *addrs)
{
	char line[LINE];

	while (read_line(file, line)) {
		char *rest = line;
		struct addr addr;
		const char *word;

		cut_comment(line);
		word = next_word(&rest);
		if (word == NULL || !addr_parse(word, 0, &addr))
			continue;
		while ((word = next_word(&rest)) != NULL) {
			if (same_name(word, name))
				doctor_addrs_add(addrs, &addr);
		}
	}
}

/* systemd's files of links */

static void
take_link_servers(char *rest, struct doctor_addrs *servers)
{
	const char *word;

	while ((word = next_word(&rest)) != NULL) {
		struct addr addr;

		if (addr_parse(word, SERVER_PORT, &addr))
			doctor_addrs_add(servers, &addr);
	}
}

void
doctor_files_link(FILE *file, struct doctor_addrs *servers)
{
	static const char *const keys[] = {"SERVERS=", "DNS="};
	char line[LINE];

	while (read_line(file, line)) {
		for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
			const size_t len = strlen(keys[i]);

			if (strncmp(line, keys[i], len) == 0)
				take_link_servers(line + len, servers);
		}
	}
}
