#include "ctl/netplan.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/diag.h"
#include "config/node.h"
#include "config/yaml.h"
#include "ctl/root_files.h"
#include "ctl/setup_file.h"

enum { BLOCK = 4096 };

/* Where its files are; one hides others of its name in those before. */
static const char *const directories[] = {
    "lib/netplan",
    "usr/lib/netplan",
    "etc/netplan",
    "run/netplan",
};

static const char *
base_name(const char *path)
{
	return strrchr(path, '/') + 1;
}

static bool
is_yaml(const char *name)
{
	static const char suffix[] = ".yaml";
	const size_t len = strlen(name);

	return name[0] != '.' && len >= sizeof(suffix) &&
	    strcmp(name + len - (sizeof(suffix) - 1), suffix) == 0;
}

/* In the order of their names, which is that in which they are read. */
static void
add_file(void *context, const char *directory, const char *name)
{
	struct netplan *netplan = context;
	char path[PATH_MAX];
	size_t at = 0;
	int order = 1;

	if (!is_yaml(name) ||
	    snprintf(path, sizeof(path), "/%s/%s", directory, name) >=
		NETPLAN_PATH)
		return;
	while (at < netplan->count &&
	    (order = strcmp(name, base_name(netplan->files[at]))) > 0)
		at++;
	if (at == netplan->count || order != 0) {
		if (netplan->count == NETPLAN_FILES)
			return;
		memmove(netplan->files[at + 1], netplan->files[at],
		    (netplan->count - at) * sizeof(netplan->files[0]));
		netplan->count++;
	}
	memcpy(netplan->files[at], path, strlen(path) + 1);
}

static const char *
text_of(const struct node *map, const char *key)
{
	const struct node *node = node_get(map, key);

	return node == NULL || node->kind != NODE_SCALAR ? "" : node->text;
}

static void
take_renderer(struct netplan *netplan, const char *renderer)
{
	if (strcmp(renderer, "NetworkManager") == 0)
		netplan->network_manager = true;
	if (strcmp(renderer, "networkd") == 0)
		netplan->networkd = true;
}

static void
take_search(struct netplan *netplan, const struct node *search)
{
	if (search == NULL || search->kind != NODE_LIST)
		return;
	for (const struct node *n = search->first; n != NULL; n = n->next) {
		const size_t at = strlen(netplan->search);

		if (n->kind == NODE_SCALAR &&
		    at + strlen(n->text) + 1 < NETPLAN_DOMAINS) {
			snprintf(netplan->search + at, NETPLAN_DOMAINS - at,
			    "%s%s", at == 0 ? "" : " ", n->text);
		}
	}
}

/* "route" has them decide whom to ask, as true does; false is the default. */
static bool
uses_domains(const struct node *device, const char *overrides)
{
	static const char *const words[] = {"true", "yes", "on", "route"};
	const char *given = text_of(node_get(device, overrides), "use-domains");

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(given, words[i]) == 0)
			return true;
	}
	return false;
}

/* Of an ethernet, a bond, ...; whoever names no renderer has the common one. */
static void
take_device(struct netplan *netplan, const struct node *device)
{
	take_renderer(netplan, text_of(device, "renderer"));
	take_search(netplan,
	    node_get(node_get(device, "nameservers"), "search"));
	netplan->use_domains = netplan->use_domains ||
	    uses_domains(device, "dhcp4-overrides") ||
	    uses_domains(device, "dhcp6-overrides");
}

static void
take_network(struct netplan *netplan, const struct node *network)
{
	if (network == NULL || network->kind != NODE_MAP)
		return;
	take_renderer(netplan, text_of(network, "renderer"));
	for (const struct node *kind = network->first; kind != NULL;
	     kind = kind->next) {
		if (kind->kind != NODE_MAP)
			continue;
		for (const struct node *n = kind->first; n != NULL; n = n->next)
			take_device(netplan, n);
	}
}

/* False: it cannot be read, as by others than root, or is beyond us. */
static bool
read_file(struct netplan *netplan, int root, const char *path)
{
	const struct node *document = NULL;
	struct setup_object file;
	struct arena arena;
	struct diag diag;

	arena_init_heap(&arena, BLOCK);
	diag_init(&diag);
	if (setup_file_read(root, path + 1, &arena, &file) &&
	    file.kind == SETUP_FILE) {
		const struct yaml_text text = {
		    .path = path,
		    .text = file.content,
		    .len = file.len,
		};

		document = yaml_load(&text, &arena, &diag);
	}
	take_network(netplan, node_get(document, "network"));
	diag_fini(&diag);
	arena_fini(&arena);
	return document != NULL;
}

void
netplan_find(int root, struct netplan *out)
{
	*out = (struct netplan){.count = 0};
	for (size_t i = 0; i < sizeof(directories) / sizeof(directories[0]);
	     i++)
		root_files_each(root, directories[i], add_file, out);
	for (size_t i = 0; i < out->count; i++)
		out->unread |= !read_file(out, root, out->files[i]);
	/* Where none is named it is this one. */
	if (out->count > 0 && !out->unread && !out->network_manager)
		out->networkd = true;
}

const char *
netplan_renderer_text(const struct netplan *netplan)
{
	if (netplan->networkd && netplan->network_manager)
		return "systemd-networkd and NetworkManager";
	if (netplan->network_manager)
		return "NetworkManager";
	return netplan->networkd ? "systemd-networkd"
				 : "a renderer that cannot be seen";
}
