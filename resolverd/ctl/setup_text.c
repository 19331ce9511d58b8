#include "ctl/setup_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/resolv_owner.h"

enum { DNS_PORT = 53 };

#define SIGNATURE              \
	RESOLV_OWNER_SIGNATURE \
	"; 'resolverctl setup --undo' takes it back.\n"

/* A text that grows; what it comes to is copied to an arena. */
struct composition {
	FILE *out;
	char *text;
	size_t len;
};

static bool
begin(struct composition *composition)
{
	*composition = (struct composition){.len = 0};
	composition->out =
	    open_memstream(&composition->text, &composition->len);
	return composition->out != NULL;
}

static const char *
finish(struct composition *composition, struct arena *arena)
{
	const char *copy = NULL;

	if (fclose(composition->out) == 0)
		copy = arena_strdup(arena, composition->text);
	free(composition->text);
	return copy;
}

/* "127.0.0.1" or, at another port, "127.0.0.1<mark>5300" */
static void
put_address(FILE *out, const struct addr *address, char mark)
{
	char host[ADDR_TEXT];
	const char *text = addr_format_host(address, host);
	const bool brackets = mark == ':' && strchr(text, ':') != NULL &&
	    addr_port(address) != DNS_PORT;

	fprintf(out, brackets ? "[%s]" : "%s", text);
	if (addr_port(address) != DNS_PORT)
		fprintf(out, "%c%u", mark, addr_port(address));
}

static void
put_fallback(FILE *out, const struct setup_wish *wish, const char *before)
{
	for (size_t i = 0; i < wish->fallback_count; i++)
		fprintf(out, "%s%s", before, wish->fallback[i]);
}

/* "~run.app ~gcr.io", or "~." for all. */
static void
put_domains(FILE *out, const struct setup_wish *wish)
{
	if (wish->domain_count == 0)
		fputs("~.", out);
	for (size_t i = 0; i < wish->domain_count; i++)
		fprintf(out, "%s~%s", i == 0 ? "" : " ", wish->domains[i]);
}

const char *
setup_text_resolved(const struct setup_wish *wish, struct arena *arena)
{
	struct composition text;

	if (!begin(&text))
		return NULL;
	fputs(SIGNATURE
	    "# The empty line forgets the servers of files before this one.\n"
	    "[Resolve]\n"
	    "DNS=\n"
	    "DNS=",
	    text.out);
	put_address(text.out, &wish->address, ':');
	put_fallback(text.out, wish, " ");
	fputs("\nDomains=", text.out);
	put_domains(text.out, wish);
	/* Nobody has signed what private zones say. */
	fputs("\nDNSOverTLS=no\nDNSSEC=no\n", text.out);
	return finish(&text, arena);
}

const char *
setup_text_delegate(const struct setup_wish *wish, struct arena *arena)
{
	struct composition text;

	if (!begin(&text))
		return NULL;
	fputs(SIGNATURE "[Delegate]\nDNS=", text.out);
	put_address(text.out, &wish->address, ':');
	put_fallback(text.out, wish, " ");
	fputs("\nDomains=", text.out);
	put_domains(text.out, wish);
	fputs("\n", text.out);
	return finish(&text, arena);
}

const char *
setup_text_network_manager(const struct setup_wish *wish, struct arena *arena)
{
	(void)wish;
	return arena_strdup(arena,
	    SIGNATURE
	    "# NetworkManager leaves /etc/resolv.conf alone, and writes the "
	    "servers of the\n"
	    "# network to /run/NetworkManager/resolv.conf, where resolverd "
	    "finds them.\n"
	    "[main]\n"
	    "dns=default\n"
	    "rc-manager=unmanaged\n");
}

const char *
setup_text_dnsmasq(const struct setup_wish *wish, struct arena *arena)
{
	struct composition text;

	if (!begin(&text))
		return NULL;
	fputs(SIGNATURE, text.out);
	for (size_t i = 0; i < wish->domain_count; i++) {
		fprintf(text.out, "server=/%s/", wish->domains[i]);
		put_address(text.out, &wish->address, '#');
		fputs("\n", text.out);
	}
	return finish(&text, arena);
}

const char *
setup_text_resolvconf(const struct setup_wish *wish, struct arena *arena)
{
	struct composition text;

	if (!begin(&text))
		return NULL;
	fputs("nameserver ", text.out);
	put_address(text.out, &wish->address, ':');
	fputs("\n", text.out);
	return finish(&text, arena);
}

const char *
setup_text_tail(const struct setup_wish *wish, struct arena *arena)
{
	struct composition text;

	if (!begin(&text))
		return NULL;
	fputs(SIGNATURE, text.out);
	for (size_t i = 0; i < wish->fallback_count; i++)
		fprintf(text.out, "nameserver %s\n", wish->fallback[i]);
	return finish(&text, arena);
}

const char *
setup_text_tmpfiles(const struct setup_wish *wish, struct arena *arena)
{
	struct composition text;

	if (!begin(&text))
		return NULL;
	fputs(SIGNATURE
	    "# The record is there at each start of the machine, before the "
	    "network's own.\n"
	    "f /run/resolvconf/interface/lo.resolverd 0644 root root - "
	    "nameserver ",
	    text.out);
	put_address(text.out, &wish->address, ':');
	fputs("\n", text.out);
	return finish(&text, arena);
}

const char *
setup_text_openresolv(const struct setup_wish *wish, struct arena *arena)
{
	struct composition text;

	if (!begin(&text))
		return NULL;
	fputs(SIGNATURE "name_servers=\"", text.out);
	put_address(text.out, &wish->address, ':');
	put_fallback(text.out, wish, " ");
	fputs("\"\n", text.out);
	/* With this it leaves out the network's, and never ours. */
	fputs("resolv_conf_local_only=YES\n", text.out);
	return finish(&text, arena);
}

const char *
setup_text_dhclient(const struct setup_wish *wish, struct arena *arena)
{
	struct composition text;

	if (!begin(&text))
		return NULL;
	fputs(SIGNATURE "supersede domain-name-servers ", text.out);
	put_address(text.out, &wish->address, ':');
	put_fallback(text.out, wish, ", ");
	fputs(";\n", text.out);
	return finish(&text, arena);
}

const char *
setup_text_dhclient_hook(const struct setup_wish *wish, struct arena *arena)
{
	(void)wish;
	return arena_strdup(arena,
	    SIGNATURE
	    "# A dhclient that runs already has not read its dhclient.conf "
	    "again, but its\n"
	    "# script reads this at each lease, and leaves /etc/resolv.conf "
	    "alone.\n"
	    "make_resolv_conf() { :; }\n");
}

const char *
setup_text_dhcpcd(const struct setup_wish *wish, struct arena *arena)
{
	(void)wish;
	return arena_strdup(arena, SIGNATURE "nohook resolv.conf\n");
}

/* Whether a line is one of those that setup adds to others' files. */
static bool
is_added(const char *line)
{
	static const char *const begins[] = {"supersede domain-name-servers ",
	    "nohook resolv.conf\n", "name_servers=\"",
	    "resolv_conf_local_only=YES\n", "nameserver "};

	for (size_t i = 0; i < sizeof(begins) / sizeof(begins[0]); i++) {
		if (strncmp(line, begins[i], strlen(begins[i])) == 0)
			return true;
	}
	return false;
}

const char *
setup_text_without(const char *text, struct arena *arena)
{
	struct composition rest;
	bool ours = false;

	if (!begin(&rest))
		return NULL;
	while (*text != '\0') {
		const size_t line = strcspn(text, "\n");
		const size_t len = line + (text[line] == '\n');

		ours = strncmp(text, SIGNATURE, sizeof(SIGNATURE) - 1) == 0 ||
		    (ours && is_added(text));
		if (!ours)
			fwrite(text, 1, len, rest.out);
		text += len;
	}
	return finish(&rest, arena);
}

/* Whether a line of a resolv.conf is worth keeping. */
static bool
is_kept(const char *line)
{
	static const char *const keywords[] = {"search", "domain", "options",
	    "sortlist"};

	for (size_t i = 0; i < sizeof(keywords) / sizeof(keywords[0]); i++) {
		const size_t len = strlen(keywords[i]);

		if (strncmp(line, keywords[i], len) == 0 &&
		    (line[len] == ' ' || line[len] == '\t'))
			return true;
	}
	return false;
}

const char *
setup_text_resolv_conf(const struct setup_wish *wish, const char *old,
    struct arena *arena)
{
	struct composition text;

	if (!begin(&text))
		return NULL;
	fputs(SIGNATURE "nameserver ", text.out);
	put_address(text.out, &wish->address, ':');
	fputs("\n", text.out);
	for (size_t i = 0; i < wish->fallback_count; i++)
		fprintf(text.out, "nameserver %s\n", wish->fallback[i]);
	for (const char *line = old; *line != '\0';
	     line += strcspn(line, "\n"), line += *line == '\n') {
		if (is_kept(line)) {
			fprintf(text.out, "%.*s\n", (int)strcspn(line, "\n"),
			    line);
		}
	}
	return finish(&text, arena);
}
