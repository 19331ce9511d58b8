#include "ctl/port_owner.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"

enum { PATH_TEXT = 64, LINK_TEXT = 64, LINE = 512, HEX_DIGITS = 8 };

/* The service manager, which opens sockets for others (systemd.socket(5)). */
#define MANAGER "1"

/* Where a table's line has what we need. */
enum { TABLE_LOCAL = 1, TABLE_INODE = 9, TABLE_WORDS };

/* The kernel's tables in which a conflict may show, by type and family. */
static const struct {
	int type;
	const char *path;
} tables[] = {
    {SOCK_DGRAM, "/proc/self/net/udp"},
    {SOCK_DGRAM, "/proc/self/net/udp6"},
    {SOCK_STREAM, "/proc/self/net/tcp"},
    {SOCK_STREAM, "/proc/self/net/tcp6"},
};

/* Cuts the next word off *rest; an empty string when there is none. */
static char *
port_owner_word(char **rest)
{
	char *word = *rest + strspn(*rest, " ");

	*rest = word + strcspn(word, " \n");
	if (**rest != '\0') {
		*(*rest)++ = '\0';
	}
	return word;
}

/* Reads the first `digits` hex digits of text, at most HEX_DIGITS. */
static bool
port_owner_hex(const char *text, size_t digits, uint32_t *out)
{
	char copy[HEX_DIGITS + 1] = "";

	if (strspn(text, "0123456789ABCDEFabcdef") < digits)
		return false;
	memcpy(copy, text, digits);
	*out = (uint32_t)strtoul(copy, NULL, 16);
	return true;
}

/*
 * Reads an address in the kernel's form: 32-bit words in hex, each in the
 * host's order, a colon and the port.
 */
static bool
port_owner_address(const char *text, struct addr *out)
{
	const size_t digits = strcspn(text, ":");
	const size_t words = digits / HEX_DIGITS;
	uint32_t address[4];
	uint32_t port;

	if ((words != 1 && words != 4) || digits % HEX_DIGITS != 0 ||
	    text[digits] != ':' || !port_owner_hex(text + digits + 1, 4, &port))
		return false;
	for (size_t i = 0; i < words; i++) {
		const char *word = text + HEX_DIGITS * i;

		if (!port_owner_hex(word, HEX_DIGITS, &address[i]))
			return false;
	}
	memset(out, 0, sizeof(*out));
	out->u.any.sa_family = words == 1 ? AF_INET : AF_INET6;
	out->len = words == 1 ? sizeof(out->u.in4) : sizeof(out->u.in6);
	if (words == 1) {
		memcpy(&out->u.in4.sin_addr, address, sizeof(address[0]));
	} else {
		memcpy(&out->u.in6.sin6_addr, address, sizeof(address));
	}
	addr_set_port(out, (uint16_t)port);
	return true;
}

/* Whether a socket on `taken` keeps another from binding to addr. */
static bool
port_owner_conflicts(const struct addr *taken, const struct addr *addr)
{
	if (addr_port(taken) != addr_port(addr))
		return false;
	/* [::] takes the IPv4 addresses too unless it was told not to. */
	if (addr_is_any(taken) && taken->u.any.sa_family == AF_INET6)
		return true;
	if (taken->u.any.sa_family != addr->u.any.sa_family)
		return false;
	return addr_is_any(taken) || addr_is_any(addr) ||
	    addr_same_host(taken, addr);
}

/* A table's line: slot, local address, seven more, inode, and the rest. */
static bool
port_owner_line(char *line, struct addr *local, uint64_t *inode)
{
	const char *words[TABLE_WORDS];

	for (size_t i = 0; i < TABLE_WORDS; i++)
		words[i] = port_owner_word(&line);
	return port_owner_address(words[TABLE_LOCAL], local) &&
	    number_parse(words[TABLE_INODE], 1, UINT32_MAX, inode);
}

bool
port_owner_inode(FILE *table, const struct addr *addr, uint64_t *inode)
{
	char line[LINE];
	bool any = false;

	while (fgets(line, sizeof(line), table) != NULL) {
		struct addr taken;
		uint64_t found;

		if (!port_owner_line(line, &taken, &found) ||
		    !port_owner_conflicts(&taken, addr))
			continue;
		if (addr_equal(&taken, addr)) {
			*inode = found;
			return true;
		}
		if (!any)
			*inode = found;
		any = true;
	}
	return any;
}

static bool
port_owner_search(const struct addr *addr, int type, uint64_t *inode)
{
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		FILE *table;
		bool found;

		if (tables[i].type != type)
			continue;
		table = fopen(tables[i].path, "re");
		if (table == NULL)
			continue;
		found = port_owner_inode(table, addr, inode);
		fclose(table);
		if (found)
			return true;
	}
	return false;
}

/* Whether a process has the socket `target` ("socket:[1234]") open. */
static bool
port_owner_holds(const char *pid, const char *target)
{
	char path[PATH_TEXT];
	const struct dirent *entry;
	bool found = false;
	DIR *directory;

	snprintf(path, sizeof(path), "/proc/%.20s/fd", pid);
	directory = opendir(path);
	if (directory == NULL)
		return false;
	while (!found && (entry = readdir(directory)) != NULL) {
		char link[LINK_TEXT] = "";

		if (readlinkat(dirfd(directory), entry->d_name, link,
			sizeof(link) - 1) > 0)
			found = strcmp(link, target) == 0;
	}
	closedir(directory);
	return found;
}

/* The unit at the end of a control group's path, if it is a service. */
static bool
port_owner_service(const char *path, char unit[PORT_OWNER_UNIT])
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789:-_.\\@";
	static const char suffix[] = ".service";
	const char *slash = strrchr(path, '/');
	size_t len;

	/* What runs under a user's own manager is none of the system's. */
	if (slash == NULL || strstr(path, "/user@") != NULL)
		return false;
	len = strspn(slash + 1, letters);
	if (slash[1 + len] != '\0' || len < sizeof(suffix) ||
	    len > PORT_OWNER_UNIT)
		return false;
	len -= sizeof(suffix) - 1;
	if (strcmp(slash + 1 + len, suffix) != 0)
		return false;
	memcpy(unit, slash + 1, len);
	unit[len] = '\0';
	return true;
}

bool
port_owner_unit(FILE *table, char unit[PORT_OWNER_UNIT])
{
	char line[LINE];

	/* A line is number, controllers and path, with colons between. */
	while (fgets(line, sizeof(line), table) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		if (port_owner_service(line, unit))
			return true;
	}
	return false;
}

/* A file of the process in /proc; NULL when it may not be read. */
static FILE *
port_owner_open(const char *pid, const char *name)
{
	char path[PATH_TEXT];

	snprintf(path, sizeof(path), "/proc/%.20s/%s", pid, name);
	return fopen(path, "re");
}

static bool
port_owner_name(const char *pid, struct port_owner *owner)
{
	uint64_t number;
	FILE *file;

	if (!number_parse(pid, 1, INT32_MAX, &number))
		return false;
	file = port_owner_open(pid, "comm");
	if (file == NULL)
		return false;
	owner->pid = (pid_t)number;
	if (fgets(owner->name, sizeof(owner->name), file) == NULL)
		owner->name[0] = '\0';
	owner->name[strcspn(owner->name, "\n")] = '\0';
	fclose(file);
	return owner->name[0] != '\0';
}

static bool
port_owner_describe(const char *pid, struct port_owner *owner)
{
	FILE *file;

	if (!port_owner_name(pid, owner))
		return false;
	owner->unit[0] = '\0';
	file = port_owner_open(pid, "cgroup");
	if (file != NULL) {
		port_owner_unit(file, owner->unit);
		fclose(file);
	}
	return true;
}

bool
port_owner_taken(const struct addr *addr, int type)
{
	uint64_t inode;

	return port_owner_search(addr, type, &inode);
}

/*
 * The first process but the service manager that has the socket open; that
 * one when there is no other.
 */
static bool
port_owner_holder(DIR *processes, const char *target, struct port_owner *owner)
{
	const struct dirent *entry;
	bool found = false;

	owner->handed = port_owner_holds(MANAGER, target);
	while (!found && (entry = readdir(processes)) != NULL) {
		found = isdigit((unsigned char)entry->d_name[0]) &&
		    strcmp(entry->d_name, MANAGER) != 0 &&
		    port_owner_holds(entry->d_name, target) &&
		    port_owner_describe(entry->d_name, owner);
	}
	return found || (owner->handed && port_owner_describe(MANAGER, owner));
}

bool
port_owner_find(const struct addr *addr, int type, struct port_owner *owner)
{
	char target[LINK_TEXT];
	uint64_t inode;
	bool found;
	DIR *processes;

	if (!port_owner_search(addr, type, &inode))
		return false;
	snprintf(target, sizeof(target), "socket:[%" PRIu64 "]", inode);
	processes = opendir("/proc");
	if (processes == NULL)
		return false;
	found = port_owner_holder(processes, target, owner);
	closedir(processes);
	return found;
}

bool
port_owner_stands_alone(const struct port_owner *owner)
{
	return owner->unit[0] == '\0' ||
	    strncmp(owner->unit, owner->name, strlen(owner->name)) == 0;
}

/* A service whose socket outlives it, the manager alone, a service, others. */
const char *
port_owner_stop_command(const struct port_owner *owner,
    char buf[PORT_OWNER_COMMAND])
{
	if (owner->unit[0] != '\0' && owner->handed) {
		snprintf(buf, PORT_OWNER_COMMAND,
		    "systemctl stop %s.socket %s.service", owner->unit,
		    owner->unit);
	} else if (owner->handed) {
		snprintf(buf, PORT_OWNER_COMMAND,
		    "systemctl list-sockets shows by which unit");
	} else if (owner->unit[0] != '\0') {
		snprintf(buf, PORT_OWNER_COMMAND, "systemctl stop %s",
		    owner->unit);
	} else {
		snprintf(buf, PORT_OWNER_COMMAND, "kill %d", (int)owner->pid);
	}
	return buf;
}
