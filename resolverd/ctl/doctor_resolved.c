#include "ctl/doctor_resolved.h"

#include <dirent.h>
#include <fcntl.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "core/server.h"
#include "ctl/doctor_addrs.h"
#include "ctl/doctor_files.h"
#include "ctl/doctor_system.h"
#include "ctl/link_domains.h"

enum { PATH = 512, TEXT = 512 };

#define UPLINKS "/run/systemd/resolve/resolv.conf"
#define STUB	"127.0.0.53"

/* What resolverctl setup tells it by. */
static const char *const tellings[] = {
    "/etc/systemd/resolved.conf.d/zz-resolverd.conf",
    "/etc/systemd/dns-delegate.d/resolverd.dns-delegate",
};

/* Where it, and systemd-networkd, keep what links have of their own. */
static const char *const link_folders[] = {
    "/run/systemd/resolve/netif",
    "/run/systemd/netif/links",
};

/* What it does with names, as far as its files tell. */
struct resolved {
	bool runs; /* there is the file */
	bool used;
	bool told; /* by resolverctl setup, which servers are for what */
	struct doctor_addrs servers;   /* that it asks */
	struct doctor_addrs strangers; /* of them, not resolverd */
	char links[TEXT];	       /* "eth0 has 192.0.2.1" */
	struct link_domains domains[LINK_DOMAINS];
	size_t domain_count; /* links that have any */
};

static void
read_link(const struct doctor *doctor, struct resolved *resolved,
    const char *path, const char *number)
{
	struct doctor_addrs servers = {.count = 0};
	struct doctor_addrs strangers;
	FILE *file = fopen(path, "re");
	char name[IF_NAMESIZE] = "";
	const size_t at = strlen(resolved->links);
	char text[ADDR_TEXT];
	uint64_t index;

	if (file == NULL)
		return;
	doctor_files_link(file, &servers);
	fclose(file);
	strangers = doctor_system_strangers(doctor, &servers);
	if (strangers.count == 0 || !number_parse(number, 1, INT32_MAX, &index))
		return;
	if (if_indextoname((unsigned)index, name) == NULL)
		snprintf(name, sizeof(name), "link %u", (unsigned)index);
	snprintf(resolved->links + at, sizeof(resolved->links) - at,
	    "%s%s has %s", at == 0 ? "" : ", ", name,
	    addr_format_host(&strangers.addrs[0], text));
}

static void
read_links(const struct doctor *doctor, struct resolved *resolved,
    const char *folder)
{
	DIR *directory = opendir(folder);
	const struct dirent *entry;
	char path[PATH];

	while (directory != NULL && (entry = readdir(directory)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		read_link(doctor, resolved, path, entry->d_name);
	}
	if (directory != NULL)
		closedir(directory);
}

/* Whether programs come to it: by resolv.conf, or by nsswitch.conf. */
static bool
is_used(void)
{
	struct doctor_resolv resolv;
	struct doctor_switch hosts;
	int resolve;
	int dns;

	doctor_system_read_switch(&hosts);
	resolve = doctor_files_service(&hosts, "resolve");
	dns = doctor_files_service(&hosts, "dns");
	if (resolve >= 0 && (dns < 0 || resolve < dns))
		return true;
	doctor_system_read_resolv(&resolv);
	for (size_t i = 0; i < resolv.servers.count; i++) {
		if (doctor_system_is_resolved(&resolv.servers.addrs[i]))
			return true;
	}
	return false;
}

static void
read_domains(struct resolved *resolved)
{
	const int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);

	resolved->domain_count = link_domains_find(root, resolved->domains);
	if (root >= 0)
		close(root);
}

static void
read_resolved(const struct doctor *doctor, struct resolved *resolved)
{
	FILE *file = fopen(UPLINKS, "re");
	struct doctor_resolv uplinks;

	*resolved = (struct resolved){.used = is_used()};
	if (file == NULL)
		return;
	resolved->runs = true;
	doctor_files_resolv(file, &uplinks);
	fclose(file);
	resolved->servers = uplinks.servers;
	resolved->strangers = doctor_system_strangers(doctor, &uplinks.servers);
	for (size_t i = 0; i < sizeof(link_folders) / sizeof(link_folders[0]);
	     i++)
		read_links(doctor, resolved, link_folders[i]);
	read_domains(resolved);
	for (size_t i = 0; i < sizeof(tellings) / sizeof(tellings[0]); i++) {
		if (access(tellings[i], F_OK) == 0)
			resolved->told = true;
	}
}

static void
tell_servers(struct doctor *doctor, const struct resolved *resolved,
    const char *before)
{
	doctor_evidence(doctor, "%s it asks %s%s%s%s", before,
	    doctor_addrs_text(doctor, &resolved->servers),
	    resolved->links[0] == '\0' ? "" : " (", resolved->links,
	    resolved->links[0] == '\0' ? "" : ")");
}

static const char *
said_text(struct doctor *doctor, const char *said)
{
	const char *text = arena_printf(&doctor->arena, "it says %s;",
	    said == NULL ? "nothing" : said);

	return text == NULL ? "" : text;
}

/* Whether the name goes to a link's servers for the link's domains. */
static bool
tell_domain(struct doctor *doctor, const struct resolved *resolved)
{
	char domain[LINK_DOMAINS_TEXT];
	char name[NAME_TEXT];
	bool found = false;

	name_to_text(doctor->question.name.wire, name);
	for (size_t i = 0; i < resolved->domain_count; i++) {
		const struct link_domains *link = &resolved->domains[i];

		link_domains_of(link, name, domain);
		if (domain[0] == '\0' && !link->all)
			continue;
		doctor_evidence(doctor,
		    "%s has the domain %s, so that its servers are asked; "
		    "netplan, DHCP or its .network file gives it that",
		    link->link, domain[0] == '\0' ? "'~.'" : domain);
		found = true;
	}
	return found;
}

/* It says the same, but asks strangers as well. */
static void
judge_luck(struct doctor *doctor, const struct resolved *resolved)
{
	const char *rival = NULL;

	for (size_t i = 0; i < resolved->domain_count; i++) {
		if (resolved->domains[i].all)
			rival = resolved->domains[i].link;
	}
	if (resolved->told && rival == NULL) {
		doctor_pass(doctor, "systemd-resolved asks resolverd");
		doctor_evidence(doctor,
		    "as resolverctl setup told it; its links have %s",
		    doctor_addrs_text(doctor, &resolved->strangers));
	} else if (resolved->told) {
		doctor_warn(doctor,
		    "systemd-resolved asks resolverd and the servers of %s, "
		    "which has the domain '~.', and the first answer counts",
		    rival);
		doctor_fix(doctor, "resolvectl domain");
	} else {
		doctor_warn(doctor,
		    "systemd-resolved asks others than resolverd, who say "
		    "the same of this name");
		tell_servers(doctor, resolved, "");
		doctor_fix(doctor, "resolverctl setup");
	}
}

/* It answered; same: as resolverd does. */
static void
judge_answer(struct doctor *doctor, const struct resolved *resolved, bool same,
    const char *said)
{
	if (resolved->strangers.count == 0 && same) {
		doctor_pass(doctor, "systemd-resolved asks resolverd");
	} else if (resolved->strangers.count == 0) {
		doctor_fail(doctor,
		    "systemd-resolved keeps another answer "
		    "than resolverd gives");
		tell_servers(doctor, resolved, said_text(doctor, said));
		doctor_fix(doctor, "resolvectl flush-caches");
	} else if (same) {
		judge_luck(doctor, resolved);
	} else {
		doctor_fail(doctor,
		    "systemd-resolved bypasses resolverd, and "
		    "answers otherwise");
		tell_servers(doctor, resolved, said_text(doctor, said));
		doctor_fix(doctor,
		    tell_domain(doctor, resolved) ? "resolvectl domain"
						  : "resolverctl setup");
	}
}

void
doctor_resolved_run(struct doctor *doctor)
{
	struct resolved resolved;
	struct addr stub;
	const char *said = NULL;
	bool same = false;

	read_resolved(doctor, &resolved);
	if (!resolved.runs && !resolved.used) {
		doctor_skip(doctor, "systemd-resolved does not run here");
	} else if (!resolved.used) {
		doctor_pass(doctor,
		    "systemd-resolved runs, but programs do not ask it");
	} else if (!addr_parse(STUB, SERVER_PORT, &stub) ||
	    !doctor_system_ask_other(doctor, &stub, &same, &said)) {
		doctor_fail(doctor,
		    "programs ask systemd-resolved, which does not answer");
		doctor_fix(doctor, "systemctl restart systemd-resolved");
	} else {
		judge_answer(doctor, &resolved, same, said);
	}
}
