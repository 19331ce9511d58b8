#include "ctl/doctor_system.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/server.h"
#include "ctl/doctor_addrs.h"

enum { ASK_MS = 1500, LINE_TEXT = 512 };

#define RESOLV_CONF   "/etc/resolv.conf"
#define NSSWITCH_CONF "/etc/nsswitch.conf"
#define HOSTS	      "/etc/hosts"
#define NSCD	      "/run/nscd/socket"

bool
doctor_system_is_ours(const struct doctor *doctor, const struct addr *server)
{
	return addr_equal(server, &doctor->server) ||
	    doctor_addrs_has(&doctor->expected.listen, server);
}

bool
doctor_system_is_resolved(const struct addr *server)
{
	static const char *const stubs[] = {"127.0.0.53", "127.0.0.54"};

	for (size_t i = 0; i < sizeof(stubs) / sizeof(stubs[0]); i++) {
		struct addr stub;

		if (addr_parse(stubs[i], SERVER_PORT, &stub) &&
		    addr_equal(&stub, server))
			return true;
	}
	return false;
}

struct doctor_addrs
doctor_system_strangers(const struct doctor *doctor,
    const struct doctor_addrs *servers)
{
	struct doctor_addrs strangers = {.count = 0};

	for (size_t i = 0; i < servers->count; i++) {
		if (!doctor_system_is_ours(doctor, &servers->addrs[i]) &&
		    !doctor_system_is_resolved(&servers->addrs[i]))
			doctor_addrs_add(&strangers, &servers->addrs[i]);
	}
	return strangers;
}

void
doctor_system_read_resolv(struct doctor_resolv *resolv)
{
	FILE *file = fopen(RESOLV_CONF, "re");
	char host[HOST_NAME_MAX + 1] = "";
	struct addr local;

	*resolv = (struct doctor_resolv){.ndots = 1};
	if (file != NULL) {
		doctor_files_resolv(file, resolv);
		fclose(file);
	}
	gethostname(host, sizeof(host) - 1);
	doctor_files_adjust(resolv, getenv("LOCALDOMAIN"),
	    getenv("RES_OPTIONS"), host);
	/* resolv.conf(5): without one, the server of this machine. */
	if (resolv->servers.count == 0 &&
	    addr_parse("127.0.0.1", SERVER_PORT, &local))
		doctor_addrs_add(&resolv->servers, &local);
}

void
doctor_system_read_switch(struct doctor_switch *hosts)
{
	static const struct doctor_switch without = {
	    .count = 2,
	    .services = {"files", "dns"},
	};
	FILE *file = fopen(NSSWITCH_CONF, "re");

	*hosts = without;
	if (file == NULL)
		return;
	doctor_files_switch(file, hosts);
	fclose(file);
	if (!hosts->found)
		*hosts = without;
}

/* nsswitch.conf */

static const char *
switch_text(const struct doctor_switch *hosts, char text[LINE_TEXT])
{
	size_t at = 0;

	text[0] = '\0';
	for (size_t i = 0; i < hosts->count; i++) {
		const int n = snprintf(text + at, LINE_TEXT - at, " %s%s",
		    hosts->services[i],
		    hosts->ends[i] ? " [NOTFOUND=return]" : "");

		at += n < 0 ? 0 : (size_t)n;
		if (at >= LINE_TEXT)
			break;
	}
	return text;
}

/* A service that ends the search before DNS is asked, or -1. */
static int
ends_before(const struct doctor_switch *hosts, int dns)
{
	for (int i = 0; i < dns; i++) {
		/* mdns_minimal ends it for names of .local alone. */
		if (hosts->ends[i] &&
		    strstr(hosts->services[i], "_minimal") == NULL)
			return i;
	}
	return -1;
}

void
doctor_system_switch_run(struct doctor *doctor)
{
	struct doctor_switch hosts;
	char text[LINE_TEXT];
	int dns;
	int resolve;
	int end;

	doctor_system_read_switch(&hosts);
	dns = doctor_files_service(&hosts, "dns");
	resolve = doctor_files_service(&hosts, "resolve");
	switch_text(&hosts, text);
	if (dns < 0 && resolve < 0) {
		doctor_fail(doctor,
		    "nsswitch.conf has programs never ask DNS for hosts");
		doctor_evidence(doctor, "hosts:%s", text);
		doctor_fix(doctor,
		    "sed -i 's/^hosts:.*/hosts: files dns/' " NSSWITCH_CONF);
		return;
	}
	end = ends_before(&hosts, dns < 0 ? 0 : dns);
	if (resolve >= 0 && (dns < 0 || resolve < dns)) {
		doctor_pass(doctor,
		    "nsswitch.conf has programs ask systemd-resolved");
	} else if (end >= 0) {
		doctor_fail(doctor,
		    "nsswitch.conf has programs stop at %s, before DNS",
		    hosts.services[end]);
	} else {
		doctor_pass(doctor, "nsswitch.conf has programs ask DNS");
	}
	doctor_evidence(doctor, "hosts:%s", text);
}

/* hosts */

void
doctor_system_hosts_run(struct doctor *doctor)
{
	struct doctor_addrs addrs = {.count = 0};
	FILE *file = fopen(HOSTS, "re");

	if (file != NULL) {
		doctor_files_hosts(file, doctor->name, &addrs);
		fclose(file);
	}
	if (addrs.count == 0) {
		doctor_pass(doctor, HOSTS " does not have the name");
		return;
	}
	doctor->shadowed = true;
	doctor_fail(doctor,
	    HOSTS " has the name, so that programs do not ask for it");
	doctor_evidence(doctor, "it says %s",
	    doctor_addrs_text(doctor, &addrs));
	doctor_fix(doctor, "sed -i.old '/[[:blank:]]%.*s\\b/d' " HOSTS,
	    (int)strlen(doctor->name) - 1, doctor->name);
}

/* Another server's word for the name. */

bool
doctor_system_ask_other(struct doctor *doctor, const struct addr *server,
    bool *same, const char **text)
{
	struct stub stub = doctor_stub(doctor, server);
	struct doctor_addrs ours = doctor_addrs_of(&doctor->addrs, AF_INET);
	struct doctor_addrs others = {.count = 0};
	char rcode[RESPONSE_RCODE_TEXT];
	struct stub_reply reply;

	stub.timeout_ms = doctor_patience(doctor, ASK_MS);
	stub_ask(&stub, &doctor->question, &doctor->arena, &reply);
	if (reply.outcome != STUB_ANSWERED)
		return false;
	doctor_addrs_add_answers(&others, &reply.response);
	*same = doctor->answers &&
	    reply.response.rcode == doctor->replies[0].response.rcode &&
	    doctor_addrs_equal(&ours, &others);
	*text = reply.response.rcode == RCODE_NOERROR
	    ? doctor_addrs_text(doctor, &others)
	    : arena_strdup(&doctor->arena,
		  response_rcode(reply.response.rcode, rcode));
	return true;
}

/* resolv.conf */

/* Several servers, of which some are not resolverd. */
static void
tell_two(struct doctor *doctor, const struct doctor_addrs *strangers)
{
	const struct addr *other = &strangers->addrs[0];
	const char *who = doctor_addrs_server_text(doctor, other);
	const char *said = NULL;
	bool same = false;

	if (doctor_system_ask_other(doctor, other, &same, &said) && !same) {
		doctor_fail(doctor,
		    "two resolvers: resolv.conf names %s beside resolverd, "
		    "which answers otherwise",
		    who);
		doctor_evidence(doctor,
		    "%s says %s; glibc asks it when resolverd is slow, musl "
		    "takes whoever is faster",
		    who, said);
	} else {
		doctor_warn(doctor,
		    "two resolvers: resolv.conf names %s beside resolverd",
		    who);
		doctor_evidence(doctor,
		    "%s; it knows nothing of the mode and the zones",
		    said == NULL ? "it does not answer now"
				 : "it says the same now");
	}
	doctor_fix(doctor, "resolverctl setup");
}

static void
tell_other(struct doctor *doctor, const struct doctor_resolv *resolv)
{
	const struct doctor_addrs strangers =
	    doctor_system_strangers(doctor, &resolv->servers);

	doctor_fail(doctor,
	    "resolv.conf does not name resolverd: programs ask %s",
	    doctor_addrs_text(doctor, &strangers));
	if (addr_port(&doctor->server) != SERVER_PORT) {
		doctor_evidence(doctor,
		    "resolverd is asked at port %u, and resolv.conf can name "
		    "servers of port 53 alone",
		    addr_port(&doctor->server));
	} else {
		doctor_evidence(doctor, "resolverd is at %s",
		    doctor_addrs_server_text(doctor, &doctor->server));
	}
	doctor_fix(doctor, "resolverctl setup");
}

static size_t
count_ours(const struct doctor *doctor, const struct doctor_addrs *servers)
{
	size_t ours = 0;

	for (size_t i = 0; i < servers->count; i++)
		ours += doctor_system_is_ours(doctor, &servers->addrs[i]);
	return ours;
}

static bool
names_resolved(const struct doctor_addrs *servers)
{
	for (size_t i = 0; i < servers->count; i++) {
		if (doctor_system_is_resolved(&servers->addrs[i]))
			return true;
	}
	return false;
}

void
doctor_system_resolv_run(struct doctor *doctor)
{
	struct doctor_resolv resolv;
	struct doctor_addrs strangers;

	doctor_system_read_resolv(&resolv);
	strangers = doctor_system_strangers(doctor, &resolv.servers);
	if (strangers.count == 0) {
		doctor_pass(doctor,
		    names_resolved(&resolv.servers)
			? "resolv.conf has programs ask systemd-resolved"
			: "resolv.conf has programs ask resolverd");
	} else if (count_ours(doctor, &resolv.servers) > 0) {
		tell_two(doctor, &strangers);
	} else {
		tell_other(doctor, &resolv);
	}
	if (resolv.servers.count > DOCTOR_LIBC_SERVERS) {
		doctor_warn(doctor,
		    "resolv.conf names %zu servers, of which "
		    "libc asks the first three",
		    resolv.servers.count);
	}
}

/* nscd */

void
doctor_system_nscd_run(struct doctor *doctor)
{
	struct sockaddr_un addr = {
	    .sun_family = AF_UNIX,
	    .sun_path = NSCD,
	};
	const int fd =
	    socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd >= 0 &&
	    connect(fd, (const struct sockaddr *)&addr, sizeof(addr)) == 0) {
		doctor_warn(doctor,
		    "nscd keeps names of its own: programs may "
		    "get old answers");
		doctor_fix(doctor, "nscd -i hosts");
	} else {
		doctor_pass(doctor, "no nscd keeps names of its own");
	}
	if (fd >= 0)
		close(fd);
}
