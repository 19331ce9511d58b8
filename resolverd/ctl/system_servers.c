#include "ctl/system_servers.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/resolvconf.h"

enum { DNS_PORT = 53, LINE = 512, PATH = 512 };

#define RESOLV_CONF	"/etc/resolv.conf"
#define RESOLVED	"/run/systemd/resolve/resolv.conf"
#define NETWORK_MANAGER "/run/NetworkManager/no-stub-resolv.conf"
#define PRODUCT_NAME	"/sys/class/dmi/id/product_name"
#define METADATA_ADDR	"169.254.169.254"

/*
 * The first comes first; of the others, which say what each manager of the
 * network found, the first that leaves a server counts.
 */
const char *const system_servers_files[] = {
    RESOLV_CONF,
    RESOLVED,
    NETWORK_MANAGER,
    "/run/NetworkManager/resolv.conf",
    "/run/resolvconf/interface/",
    "/run/resolvconf/interfaces/",
    /* What was in use before resolverctl setup named this daemon. */
    "/var/lib/resolverd/upstreams",
};

const size_t system_servers_file_count =
    sizeof(system_servers_files) / sizeof(system_servers_files[0]);

/* The addresses of systemd-resolved's stub. */
static const char *const stubs[] = {"127.0.0.53", "127.0.0.54"};

static bool
is_stub(const struct addr *server)
{
	for (size_t i = 0; i < sizeof(stubs) / sizeof(stubs[0]); i++) {
		struct addr stub;

		if (addr_parse(stubs[i], DNS_PORT, &stub) &&
		    addr_equal(&stub, server))
			return true;
	}
	return false;
}

const char *
system_servers_behind(const struct resolvconf *conf, const struct addr *server)
{
	if (is_stub(server))
		return RESOLVED;
	if (conf->network_manager && addr_is_loopback(server))
		return NETWORK_MANAGER;
	return NULL;
}

static bool
read_file(const char *path, const struct own_addresses *own,
    struct resolvconf *conf)
{
	FILE *file = fopen(path, "re");

	*conf = (struct resolvconf){0};
	if (file == NULL)
		return false;
	resolvconf_read(file, own, conf);
	fclose(file);
	return true;
}

static void
add(struct system_servers *found, const struct addr *server, const char *source)
{
	for (size_t i = 0; i < found->count; i++) {
		if (addr_equal(&found->servers[i].addr, server))
			return;
	}
	if (found->count == UPSTREAM_SERVERS)
		return;
	found->servers[found->count++] =
	    (struct system_server){.addr = *server, .source = source};
}

/*
 * A forwarder is passed over in favour of the servers that it asks.  Where
 * nobody knows those (a container that sees the host's network but not its
 * /run) it must do itself.
 */
static void
add_behind(struct system_servers *found, const struct own_addresses *own,
    const struct system_server *forwarder, const char *path)
{
	struct resolvconf conf;
	size_t added = 0;

	if (!read_file(path, own, &conf)) {
		add(found, &forwarder->addr, forwarder->source);
		return;
	}
	for (size_t i = 0; i < conf.count; i++) {
		if (is_stub(&conf.servers[i]))
			continue;
		add(found, &conf.servers[i], path);
		added++;
	}
	if (added == 0 && conf.own > 0)
		found->circular = true;
}

/* The servers of one file; how many of them were this daemon. */
static size_t
find_in(struct system_servers *found, const struct own_addresses *own,
    const char *path, const char *source)
{
	struct resolvconf conf;

	read_file(path, own, &conf);
	for (size_t i = 0; i < conf.count; i++) {
		const struct system_server server = {
		    .addr = conf.servers[i],
		    .source = source,
		};
		const char *behind = system_servers_behind(&conf, &server.addr);

		/* The stub may be named in the very file behind it. */
		if (behind != NULL && strcmp(behind, source) != 0) {
			add_behind(found, own, &server, behind);
		} else if (!is_stub(&server.addr)) {
			add(found, &server.addr, source);
		}
	}
	return conf.own;
}

static int
is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* The servers of every file in a directory, by the order of their names. */
static void
find_within(struct system_servers *found, const struct own_addresses *own,
    const char *directory)
{
	struct dirent **entries = NULL;
	const int count = scandir(directory, &entries, is_visible, alphasort);

	for (int i = 0; i < count; i++) {
		char path[PATH];

		snprintf(path, sizeof(path), "%s%s", directory,
		    entries[i]->d_name);
		find_in(found, own, path, directory);
		free(entries[i]);
	}
	free(entries);
}

static void
find_at(struct system_servers *found, const struct own_addresses *own,
    const char *path)
{
	if (path[strlen(path) - 1] == '/') {
		find_within(found, own, path);
	} else {
		find_in(found, own, path, path);
	}
}

bool
system_servers_is_gce(FILE *product_name)
{
	char line[LINE];

	if (fgets(line, sizeof(line), product_name) == NULL)
		return false;
	line[strcspn(line, "\n")] = '\0';
	return strcmp(line, "Google Compute Engine") == 0 ||
	    strcmp(line, "Google") == 0;
}

static void
find_on_gce(struct system_servers *found, const struct own_addresses *own)
{
	FILE *file = fopen(PRODUCT_NAME, "re");
	struct addr server;

	if (file == NULL)
		return;
	if (system_servers_is_gce(file) &&
	    addr_parse(METADATA_ADDR, DNS_PORT, &server) &&
	    !own_addresses_has(own, &server)) {
		add(found, &server, PRODUCT_NAME);
		found->guessed = true;
	}
	fclose(file);
}

void
system_servers_find(const struct own_addresses *own, struct system_servers *out)
{
	*out = (struct system_servers){0};
	out->own = find_in(out, own, RESOLV_CONF, RESOLV_CONF) > 0;
	for (size_t i = 1; out->count == 0 && i < system_servers_file_count;
	     i++)
		find_at(out, own, system_servers_files[i]);
	if (out->count == 0)
		find_on_gce(out, own);
}

bool
system_servers_equal(const struct system_servers *a,
    const struct system_servers *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++) {
		if (!addr_equal(&a->servers[i].addr, &b->servers[i].addr))
			return false;
	}
	return true;
}

const char *
system_servers_absence(const struct system_servers *servers)
{
	if (servers->circular) {
		return "the forwarder that " RESOLV_CONF " names asks none "
		       "but this daemon";
	}
	if (servers->own)
		return RESOLV_CONF " names none but this daemon";
	return RESOLV_CONF " names none";
}

/* Whether the next one comes from somewhere else, or there is none. */
static bool
is_last_of_source(const struct system_servers *servers, size_t n)
{
	return n + 1 == servers->count ||
	    strcmp(servers->servers[n].source,
		servers->servers[n + 1].source) != 0;
}

const char *
system_servers_text(const struct system_servers *servers, char *buf, size_t cap)
{
	FILE *out = fmemopen(buf, cap, "w");

	buf[0] = '\0';
	if (out == NULL)
		return buf;
	for (size_t i = 0; i < servers->count; i++) {
		const struct system_server *server = &servers->servers[i];
		char text[ADDR_TEXT];

		fprintf(out, "%s%s", i == 0 ? "" : ", ",
		    addr_port(&server->addr) == DNS_PORT
			? addr_format_host(&server->addr, text)
			: addr_format(&server->addr, text));
		if (is_last_of_source(servers, i))
			fprintf(out, " (from %s)", server->source);
	}
	fclose(out);
	buf[cap - 1] = '\0';
	return buf;
}
