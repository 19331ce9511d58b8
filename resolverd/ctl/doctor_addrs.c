#include "ctl/doctor_addrs.h"

#include <stdio.h>
#include <string.h>

#include "core/server.h"

enum { TEXT = 1024 };

/* The fact sheet's section 7.1, and the networks that nobody routes. */
static const struct {
	const char *prefix;
	enum doctor_place place;
} places[] = {
    {"199.36.153.4/30", DOCTOR_RESTRICTED},
    {"2600:2d00:2:1000::/56", DOCTOR_RESTRICTED},
    {"199.36.153.8/30", DOCTOR_PRIVATE},
    {"2600:2d00:2:2000::/56", DOCTOR_PRIVATE},
    {"127.0.0.0/8", DOCTOR_LOOPBACK},
    {"::1/128", DOCTOR_LOOPBACK},
    {"0.0.0.0/8", DOCTOR_LOOPBACK},
    {"10.0.0.0/8", DOCTOR_INTERNAL},
    {"172.16.0.0/12", DOCTOR_INTERNAL},
    {"192.168.0.0/16", DOCTOR_INTERNAL},
    {"100.64.0.0/10", DOCTOR_INTERNAL},
    {"169.254.0.0/16", DOCTOR_INTERNAL},
    {"fc00::/7", DOCTOR_INTERNAL},
    {"fe80::/10", DOCTOR_INTERNAL},
};

static bool
same_place(const struct addr *a, const struct addr *b)
{
	return addr_same_host(a, b) &&
	    (addr_port(a) == addr_port(b) || addr_port(a) == 0 ||
		addr_port(b) == 0);
}

bool
doctor_addrs_has(const struct doctor_addrs *addrs, const struct addr *addr)
{
	for (size_t i = 0; i < addrs->count; i++) {
		if (same_place(&addrs->addrs[i], addr))
			return true;
	}
	return false;
}

enum doctor_place
doctor_addrs_place(const struct doctor_expected *expected,
    const struct addr *addr)
{
	if (doctor_addrs_has(&expected->endpoints, addr))
		return DOCTOR_ENDPOINT;
	if (doctor_addrs_has(&expected->vips, addr))
		return DOCTOR_OWN_VIP;
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		struct prefix prefix;

		if (prefix_parse(places[i].prefix, &prefix) &&
		    prefix_has(&prefix, addr))
			return places[i].place;
	}
	return DOCTOR_PUBLIC;
}

const char *
doctor_addrs_place_text(enum doctor_place place)
{
	switch (place) {
	case DOCTOR_RESTRICTED:
		return "the restricted VIP";
	case DOCTOR_PRIVATE:
		return "the private VIP";
	case DOCTOR_OWN_VIP:
		return "the VIP of a preset of your own";
	case DOCTOR_ENDPOINT:
		return "a Private Service Connect endpoint";
	case DOCTOR_INTERNAL:
		return "an internal address";
	case DOCTOR_LOOPBACK:
		return "this machine itself";
	case DOCTOR_PUBLIC:
		return "a public address";
	}
	return "";
}

void
doctor_addrs_add(struct doctor_addrs *addrs, const struct addr *addr)
{
	if (addrs->count < DOCTOR_ADDRS && !doctor_addrs_has(addrs, addr))
		addrs->addrs[addrs->count++] = *addr;
}

void
doctor_addrs_add_answers(struct doctor_addrs *addrs,
    const struct response *response)
{
	for (size_t i = 0; i < response->count; i++) {
		const struct response_record *record = &response->records[i];
		struct addr addr;

		if (record->section == SECTION_ANSWER &&
		    (strcmp(record->type, "A") == 0 ||
			strcmp(record->type, "AAAA") == 0) &&
		    addr_parse(record->data, 0, &addr))
			doctor_addrs_add(addrs, &addr);
	}
}

static bool
within(const struct doctor_addrs *a, const struct doctor_addrs *b)
{
	for (size_t i = 0; i < a->count; i++) {
		if (!doctor_addrs_has(b, &a->addrs[i]))
			return false;
	}
	return true;
}

bool
doctor_addrs_equal(const struct doctor_addrs *a, const struct doctor_addrs *b)
{
	return within(a, b) && within(b, a);
}

struct doctor_addrs
doctor_addrs_of(const struct doctor_addrs *addrs, sa_family_t family)
{
	struct doctor_addrs some = {.count = 0};

	for (size_t i = 0; i < addrs->count; i++) {
		if (addrs->addrs[i].u.any.sa_family == family)
			some.addrs[some.count++] = addrs->addrs[i];
	}
	return some;
}

const char *
doctor_addrs_server_text(struct doctor *doctor, const struct addr *server)
{
	char text[ADDR_TEXT];
	const char *kept;

	if (addr_port(server) == SERVER_PORT || addr_port(server) == 0) {
		addr_format_host(server, text);
	} else {
		addr_format(server, text);
	}
	kept = arena_strdup(&doctor->arena, text);
	return kept == NULL ? "" : kept;
}

const char *
doctor_addrs_text(struct doctor *doctor, const struct doctor_addrs *addrs)
{
	char text[TEXT] = "none";
	size_t at = 0;
	const char *kept;

	for (size_t i = 0; i < addrs->count; i++) {
		const int n = snprintf(text + at, sizeof(text) - at, "%s%s",
		    i == 0 ? "" : ", ",
		    doctor_addrs_server_text(doctor, &addrs->addrs[i]));

		if (n < 0 || (size_t)n >= sizeof(text) - at)
			break;
		at += (size_t)n;
	}
	kept = arena_strdup(&doctor->arena, text);
	return kept == NULL ? "" : kept;
}
