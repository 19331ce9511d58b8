#include "ctl/doctor_search.h"

#include <stdio.h>
#include <string.h>

#include "ctl/doctor_addrs.h"
#include "ctl/doctor_system.h"

enum { ASK_MS = 1000, TEXT = 1024 };

/* Names that are too long are not asked for by anybody. */
static void
add_name(struct doctor_names *names, const char *typed, const char *domain)
{
	char *room = names->names[names->count];
	struct name name;

	if (snprintf(room, NAME_TEXT, "%s%s%s.", typed,
		domain[0] == '\0' ? "" : ".", domain) < NAME_TEXT &&
	    name_from_text(&name, room) == NAME_OK)
		names->count++;
}

static unsigned
count_dots(const char *text)
{
	unsigned dots = 0;

	for (; *text != '\0'; text++)
		dots += *text == '.';
	return dots;
}

static void
add_plain(struct doctor_names *names, const char *typed)
{
	names->plain = names->count;
	add_name(names, typed, "");
}

void
doctor_search_names(const struct doctor_resolv *resolv, const char *typed,
    struct doctor_names *names)
{
	const size_t len = strlen(typed);
	const bool first = count_dots(typed) >= resolv->ndots;

	names->count = 0;
	names->plain = 0;
	if (len > 0 && typed[len - 1] == '.') {
		snprintf(names->names[names->count++], NAME_TEXT, "%s", typed);
		return;
	}
	if (first)
		add_plain(names, typed);
	for (size_t i = 0; i < resolv->search_count; i++)
		add_name(names, typed, resolv->search[i]);
	if (!first)
		add_plain(names, typed);
}

/* "a.example., a.corp. and then", up to and with the last of count names. */
static const char *
names_text(const struct doctor_names *names, size_t count, char text[TEXT])
{
	size_t at = 0;

	text[0] = '\0';
	for (size_t i = 0; i < count; i++) {
		const int n = snprintf(text + at, TEXT - at, "%s%s",
		    i == 0 ? "" : ", ", names->names[i]);

		at += n < 0 ? 0 : (size_t)n;
		if (at >= TEXT)
			break;
	}
	return text;
}

/* The addresses of a name at the server that libc asks first; false: silence.
 */
static bool
ask(struct doctor *doctor, const struct addr *server, const char *name,
    struct doctor_addrs *addrs)
{
	struct stub stub = doctor_stub(doctor, server);
	struct question question = doctor->question;
	struct stub_reply reply;

	stub.timeout_ms = doctor_patience(doctor, ASK_MS);
	if (name_from_text(&question.name, name) != NAME_OK)
		return true;
	stub_ask(&stub, &question, &doctor->arena, &reply);
	if (reply.outcome == STUB_ANSWERED)
		doctor_addrs_add_answers(addrs, &reply.response);
	return reply.outcome == STUB_ANSWERED;
}

static void
tell_trap(struct doctor *doctor, const struct doctor_names *names, size_t hit,
    const struct doctor_addrs *addrs)
{
	char text[TEXT];

	doctor_fail(doctor,
	    "search domain trap: programs get the addresses of %s instead",
	    names->names[hit]);
	doctor_evidence(doctor,
	    "libc asks for %s, which a wildcard there answers with %s; a final "
	    "dot ends the search",
	    names_text(names, hit + 1, text), doctor_addrs_text(doctor, addrs));
	doctor_fix(doctor, "getent ahosts %s", doctor->name);
}

static void
tell_order(struct doctor *doctor, const struct doctor_names *names,
    const struct doctor_resolv *resolv)
{
	char text[TEXT];

	names_text(names, names->count, text);
	if (names->plain > 0) {
		doctor_warn(doctor,
		    "libc asks for %zu other name%s first, for ndots is %u",
		    names->plain, names->plain == 1 ? "" : "s", resolv->ndots);
		doctor_evidence(doctor,
		    "the order is %s; a wildcard in a search domain would "
		    "capture the name; a final dot ends the search",
		    text);
		doctor_fix(doctor, "getent ahosts %s", doctor->name);
	} else {
		doctor_pass(doctor, "libc asks for the name itself first");
		if (names->count > 1) {
			doctor_evidence(doctor, "only if it has no address: %s",
			    text);
		}
	}
}

/* Which of the names has addresses, before the name's own turn; -1: none. */
static int
find_hit(struct doctor *doctor, const struct addr *server,
    const struct doctor_names *names, struct doctor_addrs *addrs)
{
	for (size_t i = 0; i < names->count; i++) {
		if (i == names->plain && doctor->addrs.count > 0)
			return -1;
		if (i == names->plain)
			continue;
		if (!ask(doctor, server, names->names[i], addrs))
			return -1;
		if (addrs->count > 0)
			return (int)i;
	}
	return -1;
}

void
doctor_search_run(struct doctor *doctor)
{
	struct doctor_names names;
	struct doctor_resolv resolv;
	struct doctor_addrs addrs = {.count = 0};
	int hit;

	doctor_system_read_resolv(&resolv);
	doctor_search_names(&resolv, doctor->typed, &names);
	hit = find_hit(doctor, &resolv.servers.addrs[0], &names, &addrs);
	if (hit >= 0) {
		doctor->shadowed = true;
		tell_trap(doctor, &names, (size_t)hit, &addrs);
	} else {
		tell_order(doctor, &names, &resolv);
	}
}
