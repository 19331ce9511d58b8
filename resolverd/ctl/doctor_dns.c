#include "ctl/doctor_dns.h"

#include <stdio.h>
#include <string.h>

#include "ctl/doctor_addrs.h"
#include "dns/edns.h"

/* Which kinds of place there are among addresses, a bit each. */
static unsigned
places_of(const struct doctor *doctor, const struct doctor_addrs *addrs)
{
	unsigned places = 0;

	for (size_t i = 0; i < addrs->count; i++) {
		const enum doctor_place place =
		    doctor_addrs_place(&doctor->expected, &addrs->addrs[i]);

		places |= 1U << place;
	}
	return places;
}

static void
tell_because(struct doctor *doctor)
{
	if (doctor->expected.because != NULL)
		doctor_evidence(doctor, "%s", doctor->expected.because);
}

/* A Google name that the private path does not take. */
static void
tell_leak(struct doctor *doctor, const struct doctor_addrs *in4)
{
	const struct doctor_expected *expected = &doctor->expected;

	doctor_fail(doctor, "the name leads outside the private path, to %s",
	    doctor_addrs_text(doctor, in4));
	if (expected->mode == MODE_OFF) {
		doctor_evidence(doctor, "the mode is off");
		doctor_fix(doctor, "resolverctl mode restricted");
	} else if (!expected->follows) {
		doctor_evidence(doctor,
		    "%s is in no preset that the configuration names (key "
		    "presets)",
		    expected->preset);
		doctor_fix(doctor,
		    "gcloud dns managed-zones create private-zone "
		    "--dns-name=%s --visibility=private --networks=NETWORK "
		    "--description=''",
		    expected->preset);
	} else {
		tell_because(doctor);
		doctor_fix(doctor, "resolverctl explain %s", doctor->name);
	}
}

/* One kind of place alone. */
static void
tell_place(struct doctor *doctor, const struct doctor_addrs *in4)
{
	const enum doctor_place place =
	    doctor_addrs_place(&doctor->expected, &in4->addrs[0]);

	if (place == DOCTOR_PUBLIC && doctor->expected.preset != NULL) {
		tell_leak(doctor, in4);
		return;
	}
	doctor_pass(doctor, "the name leads to %s: %s",
	    doctor_addrs_place_text(place), doctor_addrs_text(doctor, in4));
	tell_because(doctor);
}

static void
tell_addresses(struct doctor *doctor, const struct doctor_addrs *in4)
{
	const unsigned places = places_of(doctor, in4);
	const unsigned vips = 1U << DOCTOR_RESTRICTED | 1U << DOCTOR_PRIVATE;

	if ((places & vips) == vips) {
		doctor_fail(doctor,
		    "the name leads to both the restricted "
		    "and the private VIP");
		doctor_evidence(doctor,
		    "%s; Google says not to mix them in one set-up",
		    doctor_addrs_text(doctor, in4));
		doctor_fix(doctor, "resolverctl explain %s", doctor->name);
	} else if ((places & (places - 1)) != 0 &&
	    (places & 1U << DOCTOR_PUBLIC) != 0) {
		doctor_fail(doctor,
		    "some addresses lead outside, beside those of the "
		    "private path");
		doctor_evidence(doctor, "%s", doctor_addrs_text(doctor, in4));
		doctor_fix(doctor, "resolverctl explain %s", doctor->name);
	} else {
		tell_place(doctor, in4);
	}
}

/* Errors by their rcode. */

static void
tell_servfail(struct doctor *doctor, const struct response *response)
{
	const char *name = response->ede == EDE_NONE
	    ? NULL
	    : edns_error_name((uint16_t)response->ede);

	doctor_fail(doctor, "resolverd finds no answer (SERVFAIL)");
	if (name != NULL) {
		doctor_evidence(doctor, "%s: %s", name,
		    response->ede_text == NULL ? "" : response->ede_text);
	}
	doctor_fix(doctor, "resolverctl upstreams");
}

static void
tell_nxdomain(struct doctor *doctor)
{
	doctor_fail(doctor, "the name does not exist (NXDOMAIN)");
	tell_because(doctor);
	if (doctor->expected.own) {
		doctor_fix(doctor,
		    "gcloud dns record-sets create %s --zone=ZONE --type=A "
		    "--ttl=300 --rrdatas=ADDRESS",
		    doctor->name);
	}
}

static void
tell_refused(struct doctor *doctor)
{
	doctor_fail(doctor,
	    "resolverd refuses to serve this machine (REFUSED)");
	doctor_evidence(doctor,
	    "its network is to be added to key allow of the configuration");
	doctor_fix(doctor, "resolverctl reload");
}

/* No error, and no address. */
static void
tell_empty(struct doctor *doctor, const struct response *response)
{
	if (doctor->addrs.count > 0) {
		doctor_warn(doctor, "the name has IPv6 addresses alone: %s",
		    doctor_addrs_text(doctor, &doctor->addrs));
	} else if (response->count > 0 &&
	    response->records[0].section == SECTION_ANSWER) {
		doctor_fail(doctor,
		    "the name is an alias of %s, which has no address",
		    response->records[0].data);
		doctor_fix(doctor, "resolverctl explain %s", doctor->name);
	} else {
		doctor_fail(doctor,
		    "the name exists, but it has no address (NODATA)");
		doctor_fix(doctor, "resolverctl explain %s", doctor->name);
	}
	tell_because(doctor);
}

void
doctor_dns_run(struct doctor *doctor)
{
	const struct response *response = &doctor->replies[0].response;
	const struct doctor_addrs in4 =
	    doctor_addrs_of(&doctor->addrs, AF_INET);
	char rcode[RESPONSE_RCODE_TEXT];

	if (!doctor->alive) {
		doctor_skip(doctor, "nobody answers that could be asked");
		return;
	}
	if (!doctor->answers) {
		doctor_fail(doctor,
		    "resolverd answers, but not in time for this name");
		doctor_fix(doctor, "resolverctl upstreams");
		return;
	}
	switch (response->rcode) {
	case RCODE_NOERROR:
		if (in4.count > 0) {
			tell_addresses(doctor, &in4);
		} else {
			tell_empty(doctor, response);
		}
		break;
	case RCODE_SERVFAIL:
		tell_servfail(doctor, response);
		break;
	case RCODE_NXDOMAIN:
		tell_nxdomain(doctor);
		break;
	case RCODE_REFUSED:
		tell_refused(doctor);
		break;
	default:
		doctor_fail(doctor, "resolverd answers with the error %s",
		    response_rcode(response->rcode, rcode));
		break;
	}
}

/* Other types. */

/* Whether IPv4 stays inside, so that what goes outside is a leak. */
static bool
stays_inside(const struct doctor *doctor)
{
	const struct doctor_addrs in4 =
	    doctor_addrs_of(&doctor->addrs, AF_INET);

	return in4.count > 0 &&
	    (places_of(doctor, &in4) & 1U << DOCTOR_PUBLIC) == 0;
}

/* Addresses among the hints of an HTTPS record's text (RFC 9460 7.3). */
static void
read_hints(const char *data, const char *key, struct doctor_addrs *hints)
{
	const char *at = strstr(data, key);
	char text[ADDR_TEXT];

	if (at == NULL)
		return;
	at += strlen(key);
	while (*at != '\0' && *at != ' ') {
		const size_t len = strcspn(at, ", \"");
		struct addr addr;

		snprintf(text, sizeof(text), "%.*s", (int)len, at);
		if (addr_parse(text, 0, &addr))
			doctor_addrs_add(hints, &addr);
		at += len + (at[len] == ',' || at[len] == '"');
	}
}

static void
judge_hints(struct doctor *doctor)
{
	const struct stub_reply *reply = &doctor->replies[2];
	struct doctor_addrs hints = {.count = 0};

	if (reply->outcome != STUB_ANSWERED)
		return;
	for (size_t i = 0; i < reply->response.count; i++) {
		const struct response_record *record =
		    &reply->response.records[i];

		if (strcmp(record->type, "HTTPS") != 0)
			continue;
		read_hints(record->data, "ipv4hint=", &hints);
		read_hints(record->data, "ipv6hint=", &hints);
	}
	if ((places_of(doctor, &hints) & 1U << DOCTOR_PUBLIC) == 0)
		return;
	doctor_warn(doctor,
	    "the HTTPS record leads browsers past the private path");
	doctor_evidence(doctor, "its hints are %s",
	    doctor_addrs_text(doctor, &hints));
	doctor_fix(doctor, "resolverctl explain %s HTTPS", doctor->name);
}

void
doctor_dns_types_run(struct doctor *doctor)
{
	const struct doctor_addrs six =
	    doctor_addrs_of(&doctor->addrs, AF_INET6);
	const size_t before = doctor->counts[DOCTOR_WARN];

	if (doctor->addrs.count == 0) {
		doctor_skip(doctor, "there is no address to compare them with");
		return;
	}
	if (stays_inside(doctor) &&
	    (places_of(doctor, &six) & 1U << DOCTOR_PUBLIC) != 0) {
		doctor_warn(doctor,
		    "AAAA records lead past the private path that the A "
		    "records name");
		doctor_evidence(doctor, "%s", doctor_addrs_text(doctor, &six));
		doctor_fix(doctor, "resolverctl explain %s AAAA", doctor->name);
	}
	if (stays_inside(doctor))
		judge_hints(doctor);
	if (doctor->counts[DOCTOR_WARN] == before)
		doctor_pass(doctor, "AAAA and HTTPS lead nowhere else");
}
