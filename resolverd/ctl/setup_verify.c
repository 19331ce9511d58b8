#include "ctl/setup_verify.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "ctl/drift.h"
#include "ctl/stub.h"
#include "dns/name.h"
#include "dns/request.h"

enum {
	PATIENCE_SECONDS = 10,
	DAEMON_MS = 4000,
	ARENA = 4096,
	LOOKS = 30,
	TRIES = 2,
};

/* A tenth of a second. */
static const struct timespec moment = {.tv_nsec = 100000000};

static struct stub_reply
ask(const struct addr *address, const char *name, uint16_t type,
    struct arena *arena)
{
	struct stub stub = stub_to(address);
	struct question question = {.type = type, .class = CLASS_IN};
	struct stub_reply reply = {.outcome = STUB_BROKEN};

	stub.timeout_ms = DAEMON_MS;
	if (name_from_text(&question.name, name) == NAME_OK)
		stub_ask(&stub, &question, arena, &reply);
	return reply;
}

static bool
daemon_resolves(const struct addr *address, const char *name)
{
	struct stub_reply reply;
	struct arena arena;
	bool resolves;

	arena_init_heap(&arena, ARENA);
	reply = ask(address, name, TYPE_A, &arena);
	resolves = reply.outcome == STUB_ANSWERED &&
	    reply.response.rcode == RCODE_NOERROR;
	arena_fini(&arena);
	return resolves;
}

/* In a child, whose libc has not read resolv.conf yet and may be left alone. */
static void
resolve(const char *name)
{
	const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
	struct addrinfo *found;

	alarm(PATIENCE_SECONDS);
	_exit(getaddrinfo(name, NULL, &hints, &found) == 0 ? 0 : 1);
}

static bool
libc_resolves(const char *name)
{
	int status = 1;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (pid == 0)
		resolve(name);
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return pid > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

void
setup_verify_before(struct setup_verify *verify, const char *const *names,
    size_t count)
{
	verify->count = 0;
	for (size_t i = 0; i < count && verify->count < SETUP_NAMES; i++) {
		if (libc_resolves(names[i]))
			verify->names[verify->count++] = names[i];
	}
}

const char *
setup_verify_daemon(const struct setup_verify *verify,
    const struct addr *address)
{
	for (size_t i = 0; i < verify->count; i++) {
		if (!daemon_resolves(address, verify->names[i]))
			return verify->names[i];
	}
	return NULL;
}

const char *
setup_verify_after(const struct setup_verify *verify)
{
	for (size_t i = 0; i < verify->count; i++) {
		bool resolves = false;

		/* A service that was just restarted may miss the first. */
		for (unsigned n = 0; !resolves && n < TRIES; n++)
			resolves = libc_resolves(verify->names[i]);
		if (!resolves)
			return verify->names[i];
	}
	return NULL;
}

bool
setup_verify_used(int root, const struct own_addresses *own)
{
	for (unsigned i = 0; i < LOOKS; i++) {
		struct drift_view view;

		drift_look(root, own, &view);
		if (view.state == DRIFT_USED)
			return true;
		nanosleep(&moment, NULL);
	}
	return false;
}
