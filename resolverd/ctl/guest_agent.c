#include "ctl/guest_agent.h"

#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "ctl/root_files.h"

enum { LINE = 512 };

#define BLANKS	      " \t\r\n"
#define CONFIGURATION "etc/default/instance_configs.cfg"

/* Files of its packages: the agent, and its manager since 2025. */
static const char *const signs[] = {
    "usr/bin/google_guest_agent",
    "usr/bin/google_guest_agent_manager",
    "usr/lib/systemd/system/google-guest-agent.service",
    "usr/lib/systemd/system/google-guest-agent-manager.service",
    CONFIGURATION,
};

/* Where it leaves files with its name in theirs. */
static const char *const folders[] = {
    "run/netplan",
    "etc/netplan",
    "etc/systemd/network",
    "usr/lib/systemd/network",
    "etc/NetworkManager/system-connections",
    "run",
};

#define NAME "google-guest-agent"

/* Those in its order, and what tells that they are there, each for itself. */
static const struct {
	enum guest_agent_way way;
	const char *path;
} managers[] = {
    {GUEST_AGENT_NETPLAN, "usr/sbin/netplan"},
    {GUEST_AGENT_NETPLAN, "usr/bin/netplan"},
    {GUEST_AGENT_WICKED, "usr/sbin/wicked"},
    {GUEST_AGENT_NETWORK_MANAGER, "run/NetworkManager"},
    {GUEST_AGENT_NETWORK_MANAGER,
	"etc/systemd/system/multi-user.target.wants/NetworkManager.service"},
    {GUEST_AGENT_NETWORKD, "run/systemd/netif/state"},
    {GUEST_AGENT_NETWORKD,
	"etc/systemd/system/multi-user.target.wants/systemd-networkd.service"},
    {GUEST_AGENT_NETWORKD,
	"usr/lib/systemd/system/multi-user.target.wants/"
	"systemd-networkd.service"},
};

static const struct {
	const char *text;
	const char *files;
} ways[] = {
    [GUEST_AGENT_NETPLAN] = {"netplan",
	"/run/netplan/20-google-guest-agent-*.yaml and drop-ins of "
	"systemd-networkd's for the same links"},
    [GUEST_AGENT_WICKED] = {"wicked", "/etc/sysconfig/network/ifcfg-*"},
    [GUEST_AGENT_NETWORK_MANAGER] = {"NetworkManager",
	"/etc/NetworkManager/system-connections/google-guest-agent-*"},
    [GUEST_AGENT_NETWORKD] = {"systemd-networkd",
	"/usr/lib/systemd/network/*-google-guest-agent.network"},
    [GUEST_AGENT_DHCLIENT] = {"dhclient", "/run/dhclient.google-guest-agent.*"},
    [GUEST_AGENT_NOBODY] = {"nobody", "nothing"},
};

static void
take_sign(void *context, const char *directory, const char *name)
{
	struct guest_agent *agent = context;
	char path[PATH_MAX];

	if (strstr(name, NAME) == NULL)
		return;
	snprintf(path, sizeof(path), "/%s/%s", directory, name);
	snprintf(agent->sign, sizeof(agent->sign), "%.*s", GUEST_AGENT_PATH - 1,
	    path);
}

static void
find_sign(int root, struct guest_agent *agent)
{
	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
		if (root_files_exists(root, signs[i])) {
			snprintf(agent->sign, sizeof(agent->sign), "/%s",
			    signs[i]);
			return;
		}
	}
	for (size_t i = 0;
	     i < sizeof(folders) / sizeof(folders[0]) && agent->sign[0] == '\0';
	     i++)
		root_files_each(root, folders[i], take_sign, agent);
}

/* What its configuration says of the network. */
struct settings {
	bool setup;
	bool daemon;
	bool primary;
};

static const struct {
	const char *section;
	const char *key;
	size_t at;
} keys[] = {
    {"[NetworkInterfaces]", "setup", offsetof(struct settings, setup)},
    {"[Daemons]", "network_daemon", offsetof(struct settings, daemon)},
    {"[NetworkInterfaces]", "manage_primary_nic",
	offsetof(struct settings, primary)},
};

/* As the agent reads it; what is no word of these says nothing. */
static void
take_value(bool *out, const char *value)
{
	static const char *const yes[] = {"true", "yes", "on", "1"};
	static const char *const no[] = {"false", "no", "off", "0"};

	for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++) {
		if (strcasecmp(value, yes[i]) == 0)
			*out = true;
		if (strcasecmp(value, no[i]) == 0)
			*out = false;
	}
}

/* "key = value"; the line is cut up. */
static void
take_line(struct settings *settings, const char *section, char *line)
{
	char *key = line + strspn(line, BLANKS);
	char *value = strchr(key, '=');

	if (value == NULL)
		return;
	*value++ = '\0';
	key[strcspn(key, BLANKS)] = '\0';
	value += strspn(value, BLANKS);
	value[strcspn(value, BLANKS)] = '\0';
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		bool *out = (bool *)((char *)settings + keys[i].at);

		if (strcmp(section, keys[i].section) == 0 &&
		    strcmp(key, keys[i].key) == 0)
			take_value(out, value);
	}
}

static void
read_settings(int root, const char *path, struct settings *settings)
{
	FILE *file = root_files_read(root, path);
	char section[LINE] = "";
	char line[LINE];

	while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
		if (line[0] != '[') {
			take_line(settings, section, line);
			continue;
		}
		memcpy(section, line, sizeof(section));
		section[strcspn(section, BLANKS)] = '\0';
	}
	if (file != NULL)
		fclose(file);
}

void
guest_agent_find(int root, struct guest_agent *out)
{
	struct settings settings = {.setup = true, .daemon = true};

	*out = (struct guest_agent){.way = GUEST_AGENT_DHCLIENT};
	find_sign(root, out);
	if (out->sign[0] == '\0')
		return;
	for (size_t i = sizeof(managers) / sizeof(managers[0]); i-- > 0;) {
		if (root_files_exists(root, managers[i].path))
			out->way = managers[i].way;
	}
	/* A person's file goes before that of the distribution. */
	read_settings(root, CONFIGURATION ".distro", &settings);
	read_settings(root, CONFIGURATION, &settings);
	out->primary = settings.primary;
	if (!settings.setup || !settings.daemon)
		out->way = GUEST_AGENT_NOBODY;
}

const char *
guest_agent_way_text(enum guest_agent_way way)
{
	return ways[way].text;
}

const char *
guest_agent_files(enum guest_agent_way way)
{
	return ways[way].files;
}
