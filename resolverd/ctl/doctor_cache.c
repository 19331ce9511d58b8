#include "ctl/doctor_cache.h"

#include "ctl/doctor_addrs.h"

enum { ASKINGS = 16 };

static struct doctor_addrs
addresses_in(const struct response *response)
{
	struct doctor_addrs addrs = {.count = 0};

	doctor_addrs_add_answers(&addrs, response);
	return addrs;
}

/* "NXDOMAIN" or "192.0.2.1, 192.0.2.2" */
static const char *
answer_text(struct doctor *doctor, const struct response *response)
{
	const struct doctor_addrs addrs = addresses_in(response);
	char text[RESPONSE_RCODE_TEXT];
	const char *kept;

	if (response->rcode == RCODE_NOERROR)
		return doctor_addrs_text(doctor, &addrs);
	kept =
	    arena_strdup(&doctor->arena, response_rcode(response->rcode, text));
	return kept == NULL ? "" : kept;
}

/* What somebody wanted is no failure. */
static void
tell_order(struct doctor *doctor, const struct response *said,
    const struct response *now)
{
	doctor_warn(doctor,
	    "mode %s was set by hand, and resolverd answers otherwise than "
	    "its configuration file says",
	    doctor->ordered);
	doctor_evidence(doctor, "it says %s, the file %s",
	    answer_text(doctor, said), answer_text(doctor, now));
	doctor_fix(doctor, "resolverctl mode default");
}

static void
tell_old_configuration(struct doctor *doctor, const struct response *said,
    const struct response *now)
{
	doctor_fail(doctor,
	    "resolverd answers otherwise than its configuration file says");
	doctor_evidence(doctor,
	    "it says %s, the file %s: it was not read again, or resolverctl "
	    "mode has set another mode",
	    answer_text(doctor, said), answer_text(doctor, now));
	doctor_fix(doctor, "resolverctl reload");
}

static void
tell_old_answer(struct doctor *doctor, const struct response *old,
    const struct response *now)
{
	if (old->rcode != now->rcode) {
		doctor_fail(doctor,
		    "stale cache: resolverd keeps an answer "
		    "that is no longer true");
	} else {
		doctor_warn(doctor,
		    "stale cache: resolverd keeps other "
		    "addresses than its servers give now");
	}
	doctor_evidence(doctor, "kept: %s; now: %s", answer_text(doctor, old),
	    answer_text(doctor, now));
	doctor_fix(doctor, "resolverctl flush %s", doctor->name);
}

/* Whether two say the same of addresses. */
static bool
same_answer(const struct response *a, const struct response *b)
{
	const struct doctor_addrs a_addrs = addresses_in(a);
	const struct doctor_addrs b_addrs = addresses_in(b);

	return a->rcode == b->rcode && doctor_addrs_equal(&a_addrs, &b_addrs);
}

/*
 * Asks again, for each of resolverd's workers has a cache of its own, and which
 * one answers depends on the port that asks.  True with an answer that is not
 * as it is now.
 */
static bool
find_other(struct doctor *doctor, const struct response *now,
    struct stub_reply *reply)
{
	*reply = doctor->replies[0];
	for (unsigned i = 0; i < ASKINGS && same_answer(&reply->response, now);
	     i++) {
		const struct stub stub = doctor_stub(doctor, &doctor->server);

		stub_ask(&stub, &doctor->question, &doctor->arena, reply);
		if (reply->outcome != STUB_ANSWERED)
			return false;
	}
	return !same_answer(&reply->response, now);
}

static void
compare(struct doctor *doctor)
{
	const struct doctor_expected *expected = &doctor->expected;
	const struct response *now = &expected->answers[0];
	struct stub_reply other;

	if (!expected->own && now->rcode == RCODE_SERVFAIL) {
		doctor_skip(doctor, "its servers do not say what is true now");
	} else if (!find_other(doctor, now, &other)) {
		doctor_pass(doctor,
		    expected->own ? "the answer is the configuration's"
				  : "the answer is what its servers say now");
	} else if (expected->own && doctor->ordered != NULL) {
		tell_order(doctor, &other.response, now);
	} else if (expected->own) {
		tell_old_configuration(doctor, &other.response, now);
	} else {
		tell_old_answer(doctor, &other.response, now);
	}
}

void
doctor_cache_run(struct doctor *doctor)
{
	const struct doctor_expected *expected = &doctor->expected;
	const struct response *said = &doctor->replies[0].response;

	if (!doctor->answers) {
		doctor_skip(doctor, "there is no answer that could be old");
	} else if (doctor->stranger) {
		doctor_skip(doctor, "it is not resolverd that answers");
	} else if (said->ede == EDE_STALE_ANSWER) {
		doctor_warn(doctor,
		    "stale cache: the answer is past its "
		    "time, for no server gives another");
		doctor_evidence(doctor, "Stale Answer: %s", said->ede_text);
		doctor_fix(doctor, "resolverctl upstreams");
	} else if (!expected->known || !expected->answered[0]) {
		doctor_skip(doctor, "no configuration to compare it with");
	} else {
		compare(doctor);
	}
}
