#include "ctl/setup_survey.h"

#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "ctl/resolvconf.h"
#include "ctl/root_files.h"

enum { RESOLV_MOST = 65536 }; /* octets of it that programs would read */

#define RESOLV_CONF "etc/resolv.conf"
#define OURS	    "zz-resolverd.conf"

/* As --owner names them. */
static const char *const managers[] = {
    [SETUP_MANAGER_PLAIN] = "plain",
    [SETUP_MANAGER_RESOLVED] = "systemd-resolved",
    [SETUP_MANAGER_NETWORK_MANAGER] = "networkmanager",
    [SETUP_MANAGER_RESOLVCONF] = "resolvconf",
    [SETUP_MANAGER_OPENRESOLV] = "openresolv",
    [SETUP_MANAGER_DHCLIENT] = "dhclient",
    [SETUP_MANAGER_DHCPCD] = "dhcpcd",
};

/* Who manages what such a program has written. */
static const enum setup_manager by_owner[RESOLV_OWNERS] = {
    [RESOLV_OWNER_RESOLVED] = SETUP_MANAGER_RESOLVED,
    [RESOLV_OWNER_NETWORK_MANAGER] = SETUP_MANAGER_NETWORK_MANAGER,
    [RESOLV_OWNER_RESOLVCONF] = SETUP_MANAGER_RESOLVCONF,
    [RESOLV_OWNER_DHCLIENT] = SETUP_MANAGER_DHCLIENT,
    [RESOLV_OWNER_DHCPCD] = SETUP_MANAGER_DHCPCD,
    [RESOLV_OWNER_CONNMAN] = SETUP_MANAGER_UNKNOWN,
    [RESOLV_OWNER_NETCONFIG] = SETUP_MANAGER_UNKNOWN,
    [RESOLV_OWNER_TAILSCALE] = SETUP_MANAGER_UNKNOWN,
};

static bool
exists(int root, const char *path)
{
	const int fd = root_files_open(root, path, O_PATH, 0);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

/* Whether a file has a word in it, wherever. */
static bool
has_word(int root, const char *path, const char *word)
{
	struct setup_object file;
	struct arena arena;
	bool found;

	arena_init_heap(&arena, PATH_MAX);
	found = setup_file_read(root, path, &arena, &file) &&
	    memmem(file.content, file.len, word, strlen(word)) != NULL;
	arena_fini(&arena);
	return found;
}

static void
look_at_attributes(struct setup_survey *survey)
{
	struct statx status;
	const int fd =
	    root_files_open(survey->root, RESOLV_CONF, O_PATH | O_NOFOLLOW, 0);

	if (fd < 0)
		return;
	if (statx(fd, "", AT_EMPTY_PATH, STATX_BASIC_STATS, &status) == 0) {
		survey->mounted =
		    (status.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
		survey->immutable =
		    (status.stx_attributes & STATX_ATTR_IMMUTABLE) != 0;
	}
	close(fd);
}

/* Whether a file has that line. */
static bool
has_line(int root, const char *path, const char *text)
{
	FILE *file = root_files_read(root, path);
	char line[SETUP_NOTE];
	bool found = false;

	while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		found = found || strcmp(line, text) == 0;
	}
	if (file != NULL)
		fclose(file);
	return found;
}

/* As Container-Optimized OS has it in memory, and what boots from a network. */
static bool
is_forgetful(const struct setup_survey *survey)
{
	const int fd =
	    root_files_open(survey->root, "etc", O_RDONLY | O_DIRECTORY, 0);
	struct statfs status;
	bool forgetful = has_line(survey->root, "etc/os-release", "ID=cos");

	if (fd < 0)
		return forgetful;
	if (survey->live && fstatfs(fd, &status) == 0 &&
	    status.f_type == TMPFS_MAGIC)
		forgetful = true;
	close(fd);
	return forgetful;
}

/* A name that is looked for. */
struct beginning {
	const char *text;
	bool found;
};

static void
look_for_beginning(void *context, const char *directory, const char *name)
{
	struct beginning *beginning = context;

	(void)directory;
	beginning->found = beginning->found ||
	    strncmp(name, beginning->text, strlen(beginning->text)) == 0;
}

/* Whether a directory of the root's has a name that begins so. */
static bool
has_entry(int root, const char *path, const char *text)
{
	struct beginning beginning = {.text = text};

	root_files_each(root, path, look_for_beginning, &beginning);
	return beginning.found;
}

/* Debian's dhclient does not sign what it writes. */
static bool
is_dhclients(int root)
{
	return exists(root, "etc/dhcp/dhclient.conf") &&
	    (has_entry(root, "var/lib/dhcp", "dhclient.") ||
		has_entry(root, "run", "dhclient."));
}

static enum setup_manager
find_manager(const struct setup_survey *survey)
{
	const enum setup_manager manager = by_owner[survey->owner];

	if (manager == SETUP_MANAGER_RESOLVCONF &&
	    exists(survey->root, "etc/resolvconf.conf"))
		return SETUP_MANAGER_OPENRESOLV;
	if (survey->owner == RESOLV_OWNER_PERSON && is_dhclients(survey->root))
		return SETUP_MANAGER_DHCLIENT;
	return manager;
}

static bool
has_servers(int root, const char *path)
{
	FILE *file = root_files_read(root, path);
	char line[SETUP_NOTE];
	bool found = false;

	while (file != NULL && fgets(line, sizeof(line), file) != NULL)
		found = found || strncmp(line, "DNS=", 4) == 0;
	if (file != NULL)
		fclose(file);
	return found;
}

/* A file of resolved's that names servers: before or after ours? */
static void
look_at_drop_in(void *context, const char *directory, const char *name)
{
	struct setup_survey *survey = context;
	char path[PATH_MAX];

	if (strcmp(name, OURS) == 0)
		return;
	snprintf(path, sizeof(path), "%s/%s", directory, name);
	if (!has_servers(survey->root, path))
		return;
	snprintf(strcmp(name, OURS) > 0 ? survey->later : survey->pinned,
	    SETUP_NOTE, "/%.200s", path);
}

/* NetworkManager has a dnsmasq when one of its files says so. */
static void
look_for_dnsmasq(void *context, const char *directory, const char *name)
{
	struct setup_survey *survey = context;
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	survey->dnsmasq =
	    survey->dnsmasq || has_word(survey->root, path, "\ndns=dnsmasq");
}

static void
look_at_network_manager(struct setup_survey *survey)
{
	static const char *const directories[] = {
	    "usr/lib/NetworkManager/conf.d",
	    "run/NetworkManager/conf.d",
	    "etc/NetworkManager/conf.d",
	};

	look_for_dnsmasq(survey, "etc/NetworkManager", "NetworkManager.conf");
	for (size_t i = 0; i < sizeof(directories) / sizeof(directories[0]);
	     i++) {
		root_files_each(survey->root, directories[i], look_for_dnsmasq,
		    survey);
	}
	survey->dnsmasq = survey->dnsmasq ||
	    exists(survey->root, "run/NetworkManager/dnsmasq.conf");
}

static void
look_at_resolved(struct setup_survey *survey)
{
	static const char *const directories[] =
	    {"usr/lib/systemd/resolved.conf.d", "run/systemd/resolved.conf.d",
		"etc/systemd/resolved.conf.d"};

	for (size_t i = 0; i < sizeof(directories) / sizeof(directories[0]);
	     i++) {
		root_files_each(survey->root, directories[i], look_at_drop_in,
		    survey);
	}
	survey->delegates = has_word(survey->root,
	    "usr/lib/systemd/systemd-resolved", "dns-delegate");
}

/* An image's servers: those that its file names. */
static void
look_at_image(struct setup_survey *survey, const struct own_addresses *own)
{
	struct resolvconf conf = {.count = 0};
	FILE *file = root_files_read(survey->root, RESOLV_CONF);

	if (file == NULL)
		return;
	resolvconf_read(file, own, &conf);
	fclose(file);
	for (size_t i = 0; i < conf.count; i++) {
		if (system_servers_behind(&conf, &conf.servers[i]) != NULL)
			continue;
		survey->servers.servers[survey->servers.count++] =
		    (struct system_server){
			.addr = conf.servers[i],
			.source = "/" RESOLV_CONF,
		    };
	}
}

/* What programs read there; NULL: there is no memory. */
static const char *
read_through(FILE *file, struct arena *arena)
{
	char *text = arena_alloc(arena, RESOLV_MOST);

	if (text == NULL)
		return NULL;
	text[file == NULL ? 0 : fread(text, 1, RESOLV_MOST - 1, file)] = '\0';
	return text;
}

bool
setup_survey_take(int root, bool live, const struct own_addresses *own,
    struct arena *arena, struct setup_survey *out)
{
	char link[PATH_MAX];
	FILE *file;

	*out = (struct setup_survey){.root = root, .live = live};
	if (!setup_file_read(root, RESOLV_CONF, arena, &out->resolv_conf))
		return false;
	file = root_files_read(root, RESOLV_CONF);
	out->owner = resolv_owner_find(root_files_link(root, RESOLV_CONF, link,
					   sizeof(link)),
	    file);
	if (file != NULL)
		rewind(file);
	out->resolv_text = read_through(file, arena);
	if (file != NULL)
		fclose(file);
	if (out->resolv_text == NULL)
		return false;
	out->manager = find_manager(out);
	look_at_attributes(out);
	out->forgetful = is_forgetful(out);
	look_at_resolved(out);
	look_at_network_manager(out);
	out->hooks = exists(root, "etc/dhcp/dhclient-enter-hooks.d");
	setup_network_look(root, live, &out->network);
	if (live) {
		system_servers_find(own, &out->servers);
	} else {
		look_at_image(out, own);
	}
	return true;
}

const char *
setup_survey_manager_text(enum setup_manager manager)
{
	return manager == SETUP_MANAGER_UNKNOWN ? "unknown" : managers[manager];
}

enum setup_manager
setup_survey_manager(const char *text)
{
	for (size_t i = 0; i < SETUP_MANAGERS; i++) {
		if (strcmp(managers[i], text) == 0)
			return (enum setup_manager)i;
	}
	return SETUP_MANAGER_UNKNOWN;
}
