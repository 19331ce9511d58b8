#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/doctor.h"
#include "ctl/doctor_docker.h"
#include "ctl/doctor_files.h"
#include "ctl/doctor_http.h"
#include "ctl/doctor_search.h"

/*
 * What resolverctl doctor reads of others: resolv.conf, nsswitch.conf, hosts,
 * systemd's links, Docker's daemon.json, and the head of an HTTP answer.  The
 * first octet says which.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { BLOCK = 4096, NDOTS_MOST = 15 };

static void
must(bool holds)
{
	if (!holds)
		abort();
}

static bool
is_text(const char *text, size_t room)
{
	return memchr(text, '\0', room) != NULL;
}

static void
read_resolv(FILE *file)
{
	struct doctor_resolv resolv;
	struct doctor_names names;

	doctor_files_resolv(file, &resolv);
	must(resolv.servers.count <= DOCTOR_ADDRS);
	must(resolv.ndots <= NDOTS_MOST);
	doctor_search_names(&resolv, "svc.a.run.app", &names);
	must(names.count >= 1 && names.count <= DOCTOR_NAMES);
	must(strcmp(names.names[names.plain], "svc.a.run.app.") == 0);
}

static void
read_switch(FILE *file)
{
	struct doctor_switch hosts;

	doctor_files_switch(file, &hosts);
	must(hosts.count <= DOCTOR_SERVICES);
	for (size_t i = 0; i < hosts.count; i++)
		must(is_text(hosts.services[i], DOCTOR_SERVICE));
}

static void
read_hosts(FILE *file)
{
	struct doctor_addrs addrs = {.count = 0};

	doctor_files_hosts(file, "svc.a.run.app.", &addrs);
	must(addrs.count <= DOCTOR_ADDRS);
}

static void
read_link(FILE *file)
{
	struct doctor_addrs servers = {.count = 0};

	doctor_files_link(file, &servers);
	must(servers.count <= DOCTOR_ADDRS);
}

static void
read_docker(const char *text, size_t size)
{
	struct doctor_addrs servers;
	struct arena arena;

	arena_init_heap(&arena, BLOCK);
	doctor_docker_read(text, size, &arena, &servers);
	must(servers.count <= DOCTOR_ADDRS);
	arena_fini(&arena);
}

static void
read_http(const char *text, size_t size)
{
	struct doctor_http http;

	if (!doctor_http_read(&http, text, size))
		return;
	must(http.status >= 100 && http.status <= 999);
	for (const char *at = http.server; *at != '\0'; at++)
		must((uint8_t)*at >= ' ');
	must(is_text(http.location, DOCTOR_FIELD));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const readers[])(
	    FILE *) = {read_resolv, read_switch, read_hosts, read_link};
	enum { READERS = sizeof(readers) / sizeof(readers[0]) };
	FILE *file;

	if (size < 2)
		return 0;
	file = fmemopen(NULL, size - 1, "w+");
	must(file != NULL && fwrite(data + 1, 1, size - 1, file) == size - 1);
	rewind(file);
	if (data[0] % (READERS + 2) < READERS) {
		readers[data[0] % (READERS + 2)](file);
	} else if (data[0] % (READERS + 2) == READERS) {
		read_docker((const char *)data + 1, size - 1);
	} else {
		read_http((const char *)data + 1, size - 1);
	}
	fclose(file);
	return 0;
}
