#include "ctl/doctor_docker.h"

#include <stdio.h>
#include <unistd.h>

#include "config/json.h"
#include "core/server.h"
#include "ctl/doctor_addrs.h"
#include "ctl/doctor_files.h"
#include "ctl/doctor_system.h"

enum { FILE_MOST = 65536 };

#define DAEMON_JSON "/etc/docker/daemon.json"

/* Where one of them is, there is Docker. */
static const char *const signs[] = {
    DAEMON_JSON,
    "/run/docker.sock",
    "/usr/bin/dockerd",
};

enum doctor_docker
doctor_docker_read(const char *text, size_t len, struct arena *arena,
    struct doctor_addrs *servers)
{
	const struct yaml_text json = {
	    .path = DAEMON_JSON,
	    .text = text,
	    .len = len,
	};
	const struct node *root;
	const struct node *dns;
	struct diag diag;

	servers->count = 0;
	diag_init(&diag);
	root = json_load(&json, NULL, arena, &diag);
	diag_fini(&diag);
	if (root == NULL || root->kind != NODE_MAP)
		return DOCTOR_DOCKER_BROKEN;
	dns = node_get(root, "dns");
	if (dns == NULL || dns->kind != NODE_LIST)
		return DOCTOR_DOCKER_OK;
	for (const struct node *n = dns->first; n != NULL; n = n->next) {
		struct addr addr;

		if (n->kind == NODE_SCALAR &&
		    addr_parse(n->text, SERVER_PORT, &addr))
			doctor_addrs_add(servers, &addr);
	}
	return DOCTOR_DOCKER_OK;
}

static bool
is_there(void)
{
	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
		if (access(signs[i], F_OK) == 0)
			return true;
	}
	return false;
}

/* The servers that the file names; false after a complaint. */
static bool
read_servers(struct doctor *doctor, struct doctor_addrs *servers)
{
	FILE *file = fopen(DAEMON_JSON, "re");
	char *text = arena_alloc(&doctor->arena, FILE_MOST);
	size_t len;

	servers->count = 0;
	if (file == NULL)
		return true;
	len = text == NULL ? 0 : fread(text, 1, FILE_MOST, file);
	fclose(file);
	if (len == 0 ||
	    doctor_docker_read(text, len, &doctor->arena, servers) ==
		DOCTOR_DOCKER_OK)
		return true;
	doctor_fail(doctor,
	    DAEMON_JSON " is not JSON, so that Docker does not start");
	doctor_fix(doctor, "dockerd --validate --config-file " DAEMON_JSON);
	return false;
}

/*
 * Docker hands containers what resolv.conf names but for loopback addresses,
 * which mean the container itself there, and public servers if none is left.
 */
static void
judge_resolv(struct doctor *doctor)
{
	struct doctor_addrs given = {.count = 0};
	struct doctor_resolv resolv;
	struct doctor_addrs strangers;

	doctor_system_read_resolv(&resolv);
	for (size_t i = 0; i < resolv.servers.count; i++) {
		if (!addr_is_loopback(&resolv.servers.addrs[i]))
			doctor_addrs_add(&given, &resolv.servers.addrs[i]);
	}
	strangers = doctor_system_strangers(doctor, &given);
	if (given.count > 0 && strangers.count == 0) {
		doctor_pass(doctor, "Docker gives containers resolverd");
		return;
	}
	doctor_warn(doctor, "Docker's containers do not ask resolverd: %s",
	    given.count > 0 ? "they are given another server"
			    : "it leaves loopback servers out");
	doctor_evidence(doctor, "they ask %s",
	    given.count > 0 ? doctor_addrs_text(doctor, &strangers)
			    : "8.8.8.8 and 8.8.4.4, or what systemd-resolved "
			      "asks");
	doctor_fix(doctor, "resolverctl setup --docker");
}

void
doctor_docker_run(struct doctor *doctor)
{
	struct doctor_addrs servers;
	struct doctor_addrs strangers;

	if (!is_there()) {
		doctor_skip(doctor, "Docker is not here");
		return;
	}
	if (!read_servers(doctor, &servers))
		return;
	if (servers.count == 0) {
		judge_resolv(doctor);
		return;
	}
	strangers = doctor_system_strangers(doctor, &servers);
	if (strangers.count == 0) {
		doctor_pass(doctor, "Docker gives containers resolverd");
	} else {
		doctor_warn(doctor,
		    "Docker gives containers servers other than resolverd");
		doctor_fix(doctor, "resolverctl setup --docker");
	}
	doctor_evidence(doctor, DAEMON_JSON " names %s",
	    doctor_addrs_text(doctor, &servers));
}
