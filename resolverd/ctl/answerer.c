#include "ctl/answerer.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "core/identity.h"
#include "ctl/own_addresses.h"
#include "dns/name.h"

enum { PATIENCE_MS = 4000, ARENA = 4096, MANAGER = 1 };

/*
 * Programs that have a port for somebody else: containers' and the service
 * manager's proxies, as the kernel keeps their names.
 */
static const char *const proxies[] = {
    "conmon", "docker-proxy", "dockerd", "pasta", "pasta.avx2", "rootlesskit",
    "rootlessport", "slirp4netns",
    "systemd-socket-", /* systemd-socket-proxyd */
};

struct question
answerer_question(void)
{
	struct question question = {.type = TYPE_TXT, .class = CLASS_CH};

	name_from_text(&question.name, IDENTITY_NAME);
	return question;
}

bool
answerer_says_so(const struct stub_reply *reply)
{
	return reply->outcome == STUB_ANSWERED &&
	    reply->response.rcode == RCODE_REFUSED &&
	    reply->response.ede == EDE_NOT_SUPPORTED &&
	    reply->response.ede_text != NULL &&
	    strcmp(reply->response.ede_text, IDENTITY_TEXT) == 0;
}

static bool
is_proxy(const struct port_owner *owner)
{
	for (size_t i = 0; i < sizeof(proxies) / sizeof(proxies[0]); i++) {
		if (strcmp(owner->name, proxies[i]) == 0)
			return true;
	}
	return owner->handed && owner->pid == MANAGER;
}

enum answerer
answerer_judge(bool says_so, const struct port_owner *owner)
{
	/* One that was given another name, "resolverd-1.2", is one too. */
	if (owner != NULL &&
	    strncmp(owner->name, IDENTITY_TEXT, sizeof(IDENTITY_TEXT) - 1) == 0)
		return ANSWERER_RESOLVERD;
	if (owner != NULL && !is_proxy(owner))
		return ANSWERER_STRANGER;
	return says_so ? ANSWERER_RESOLVERD : ANSWERER_UNKNOWN;
}

static bool
answers(const struct addr *address, const struct question *question,
    struct arena *arena, struct stub_reply *reply)
{
	struct stub stub = stub_to(address);

	stub.timeout_ms = PATIENCE_MS;
	stub.no_recursion = question->class == CLASS_CH;
	stub_ask(&stub, question, arena, reply);
	return reply->outcome == STUB_ANSWERED;
}

/* Some say nothing to a class that they do not know. */
static bool
anybody_answers(const struct addr *address, struct arena *arena,
    struct stub_reply *reply)
{
	const struct question identity = answerer_question();
	struct question plain = {.type = TYPE_A, .class = CLASS_IN};
	struct stub_reply other;

	if (answers(address, &identity, arena, reply))
		return true;
	name_from_text(&plain.name, "localhost.");
	return reply->outcome != STUB_UNREACHABLE &&
	    answers(address, &plain, arena, &other);
}

/* "dnsmasq (process 812 of NetworkManager.service)" */
static void
print_owner(const struct port_owner *owner, FILE *out)
{
	fprintf(out, "%s (process %d%s%s%s)", owner->name, (int)owner->pid,
	    owner->unit[0] == '\0' ? "" : " of ", owner->unit,
	    owner->unit[0] == '\0' ? "" : ".service");
}

static void
print_stranger(const char *where, const struct port_owner *owner, FILE *out)
{
	char command[PORT_OWNER_COMMAND];

	print_owner(owner, out);
	fprintf(out, " answers at %s, not resolverd: ", where);
	if (port_owner_stands_alone(owner)) {
		fprintf(out,
		    "'%s' stops it if nothing needs it, then 'systemctl "
		    "restart resolverd'; or ",
		    port_owner_stop_command(owner, command));
	}
	fputs("have resolverd listen elsewhere, such as at 127.0.0.2, and name "
	      "that by --address",
	    out);
}

static void
print_unknown(const char *where, const struct port_owner *owner, FILE *out)
{
	fprintf(out, "who answers at %s", where);
	if (owner != NULL) {
		fputs(", behind ", out);
		print_owner(owner, out);
		fputs(",", out);
	}
	fputs(" does not say that he is resolverd, as one of this version does "
	      "unless 'extended_errors' is off",
	    out);
	if (owner == NULL && geteuid() != 0)
		fputs("; root can see who it is", out);
}

static void
tell(const struct addr *address, enum answerer answerer,
    const struct port_owner *owner, FILE *out)
{
	char where[ADDR_TEXT];

	addr_format(address, where);
	switch (answerer) {
	case ANSWERER_RESOLVERD:
		break;
	case ANSWERER_STRANGER:
		print_stranger(where, owner, out);
		break;
	case ANSWERER_UNKNOWN:
		print_unknown(where, owner, out);
		break;
	case ANSWERER_NOBODY:
		fprintf(out,
		    "nobody answers at %s: start resolverd first, as "
		    "'systemctl start resolverd' does",
		    where);
		break;
	}
}

enum answerer
answerer_find(const struct addr *address, char *fault, size_t cap)
{
	enum answerer answerer = ANSWERER_NOBODY;
	const struct port_owner *seen = NULL;
	struct port_owner owner;
	struct stub_reply reply;
	struct arena arena;
	FILE *out = fmemopen(fault, cap, "w");

	arena_init_heap(&arena, ARENA);
	if (anybody_answers(address, &arena, &reply)) {
		if (own_addresses_is_local(address) &&
		    port_owner_find(address, SOCK_DGRAM, &owner))
			seen = &owner;
		answerer = answerer_judge(answerer_says_so(&reply), seen);
	}
	arena_fini(&arena);
	if (out == NULL)
		return answerer;
	tell(address, answerer, seen, out);
	fclose(out);
	return answerer;
}
