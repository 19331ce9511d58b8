#include "ctl/doctor_http.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "ctl/doctor_addrs.h"
#include "ctl/doctor_tls.h"

enum { HEAD_MOST = 16384, STATUS_AT = 9, STATUS_DIGITS = 3, ROUNDS = 64 };

/* Copies the value of a header field that begins at text, cut and escaped. */
static void
keep_field(const char *text, size_t len, char field[DOCTOR_FIELD])
{
	char raw[DOCTOR_FIELD];

	while (len > 0 && (*text == ' ' || *text == '\t')) {
		text++;
		len--;
	}
	snprintf(raw, sizeof(raw), "%.*s", (int)len, text);
	text_escape(raw, field, DOCTOR_FIELD);
}

/* A line after the first. */
static void
take_line(struct doctor_http *http, const char *line, size_t len)
{
	static const char server[] = "server:";
	static const char location[] = "location:";

	if (len >= sizeof(server) - 1 &&
	    strncasecmp(line, server, sizeof(server) - 1) == 0) {
		keep_field(line + sizeof(server) - 1,
		    len - (sizeof(server) - 1), http->server);
	} else if (len >= sizeof(location) - 1 &&
	    strncasecmp(line, location, sizeof(location) - 1) == 0) {
		keep_field(line + sizeof(location) - 1,
		    len - (sizeof(location) - 1), http->location);
	}
}

/* "HTTP/1.1 404 ..." (RFC 9112 section 4) */
static bool
take_status(struct doctor_http *http, const char *line, size_t len)
{
	static const char version[] = "HTTP/1.";
	unsigned status = 0;

	if (len < STATUS_AT + STATUS_DIGITS ||
	    memcmp(line, version, sizeof(version) - 1) != 0 ||
	    line[STATUS_AT - 1] != ' ')
		return false;
	for (size_t i = 0; i < STATUS_DIGITS; i++) {
		const char digit = line[STATUS_AT + i];

		if (digit < '0' || digit > '9')
			return false;
		status = 10 * status + (unsigned)(digit - '0');
	}
	http->status = status;
	return status >= 100;
}

bool
doctor_http_read(struct doctor_http *http, const char *text, size_t len)
{
	size_t at = 0;
	bool first = true;

	*http = (struct doctor_http){.status = 0};
	while (at < len) {
		const char *end = memchr(text + at, '\n', len - at);
		const size_t stop = end == NULL ? len : (size_t)(end - text);
		size_t size = stop - at;

		if (size > 0 && text[at + size - 1] == '\r')
			size--;
		if (first && !take_status(http, text + at, size))
			return false;
		if (!first && size == 0)
			break;
		if (!first)
			take_line(http, text + at, size);
		first = false;
		at = stop + 1;
	}
	return !first;
}

/* Asks for the head of "/"; false when nothing of the kind came. */
static bool
ask(struct doctor *doctor, struct doctor_http *http)
{
	char text[HEAD_MOST];
	size_t len = 0;
	size_t got;
	const int asked = snprintf(text, sizeof(text),
	    "HEAD / HTTP/1.1\r\nHost: %.*s\r\nUser-Agent: resolverctl "
	    "doctor\r\nAccept: */*\r\nConnection: close\r\n\r\n",
	    (int)strlen(doctor->name) - 1, doctor->name);

	if (!doctor_tls_send(doctor, text, (size_t)asked))
		return false;
	for (unsigned i = 0; i < ROUNDS && len < sizeof(text); i++) {
		got =
		    doctor_tls_receive(doctor, text + len, sizeof(text) - len);
		len += got;
		if (got == 0 || memmem(text, len, "\r\n\r\n", 4) != NULL)
			break;
	}
	return len > 0 && doctor_http_read(http, text, len);
}

/* Meanings. */

/* What the Cloud Run or API front end says by a status; 0: any of its kind. */
static const struct meaning {
	unsigned from;
	unsigned to;
	enum doctor_result result;
	bool reached; /* the service itself has answered */
	const char *text;
	const char *evidence;
	const char *fix; /* with the service's name as SERVICE */
} meanings[] = {
    {100, 299, DOCTOR_PASS, true, "the service answers", NULL, NULL},
    {300, 399, DOCTOR_PASS, true, "the service answers with a redirection",
	NULL, NULL},
    {401, 401, DOCTOR_WARN, true,
	"the service is reached and wants to know who asks",
	"names, routes and TLS are right", NULL},
    {403, 403, DOCTOR_WARN, false,
	"the service is reached, but it does not let this caller in",
	"names, routes and TLS are right: IAM has no roles/run.invoker for "
	"the caller, or a perimeter of VPC Service Controls forbids it",
	"curl -H \"Authorization: Bearer $(gcloud auth "
	"print-identity-token)\""},
    {404, 404, DOCTOR_WARN, false,
	"not found: of a Cloud Run service with internal ingress that means "
	"that the caller is not recognised as internal",
	"names, routes and TLS are right; Private Google Access is off on "
	"the caller's subnet, or its VPC is of another project; or there is "
	"no such service or path",
	"gcloud compute networks subnets update SUBNET --region=REGION "
	"--enable-private-ip-google-access"},
    {405, 405, DOCTOR_PASS, true, "the service answers, though not to HEAD",
	NULL, NULL},
    {429, 429, DOCTOR_WARN, true,
	"the service is reached and has too much to do", NULL,
	"gcloud run services update SERVICE --max-instances=N"},
    {400, 499, DOCTOR_WARN, true, "the service turns the request down", NULL,
	NULL},
    {500, 599, DOCTOR_WARN, true, "the service is reached and fails by itself",
	"names, routes and TLS are right",
	"gcloud run services logs read SERVICE --region=REGION"},
};

static const struct meaning *
meaning_of(unsigned status)
{
	for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++) {
		if (status >= meanings[i].from && status <= meanings[i].to)
			return &meanings[i];
	}
	return NULL;
}

static void
tell_evidence(struct doctor *doctor, const struct doctor_http *http,
    const char *evidence)
{
	doctor_evidence(doctor, "%s%s%s%s%s%s",
	    evidence == NULL ? "" : evidence,
	    evidence == NULL || http->server[0] == '\0' ? "" : "; ",
	    http->server[0] == '\0' ? "" : "its Server header is ",
	    http->server, http->location[0] == '\0' ? "" : "; to ",
	    http->location);
}

static void
tell_meaning(struct doctor *doctor, const struct doctor_http *http,
    const struct meaning *meaning)
{
	if (meaning->result == DOCTOR_PASS) {
		doctor_pass(doctor, "%s (%u)", meaning->text, http->status);
	} else {
		doctor_warn(doctor, "%s (%u)", meaning->text, http->status);
	}
	tell_evidence(doctor, http, meaning->evidence);
	if (meaning->fix == NULL)
		return;
	if (http->status == 403) {
		doctor_fix(doctor, "%s https://%.*s/", meaning->fix,
		    (int)strlen(doctor->name) - 1, doctor->name);
	} else {
		doctor_fix(doctor, "%s", meaning->fix);
	}
}

void
doctor_http_run(struct doctor *doctor)
{
	struct doctor_http http;
	const struct meaning *meaning;

	if (doctor->session == NULL) {
		doctor_skip(doctor, "there is no TLS session");
		return;
	}
	if (!doctor->service) {
		doctor_skip(doctor,
		    "no service was named (resolverctl doctor NAME)");
		return;
	}
	if (!doctor->trusted) {
		doctor_skip(doctor,
		    "who answers has not shown to be the service");
		return;
	}
	if (!ask(doctor, &http)) {
		doctor_fail(doctor,
		    "what the server says is not HTTP, or it says nothing");
		return;
	}
	meaning = meaning_of(http.status);
	if (meaning == NULL) {
		doctor_fail(doctor,
		    "the server answers with %u, which is no status",
		    http.status);
		return;
	}
	doctor->reached = meaning->reached;
	doctor->status = http.status;
	tell_meaning(doctor, &http, meaning);
}

/* Negative tests. */

void
doctor_http_blocked_run(struct doctor *doctor)
{
	if (!doctor->answers) {
		doctor_skip(doctor,
		    "whether it is blocked cannot be said: resolverd does not "
		    "answer");
	} else if (doctor->reached) {
		doctor_fail(doctor,
		    "the name is not blocked: the service "
		    "answers with status %u",
		    doctor->status);
	} else if (doctor->status != 0) {
		doctor_pass(doctor, "blocked, as expected: status %u",
		    doctor->status);
	} else if (doctor->session != NULL && doctor->trusted) {
		doctor_fail(doctor,
		    "the name is not blocked: TLS with its "
		    "own certificate succeeds");
	} else if (doctor->session != NULL) {
		doctor_pass(doctor,
		    "blocked, as expected: another service has the address");
	} else if (doctor->fd >= 0) {
		doctor_pass(doctor,
		    "blocked, as expected: connections are "
		    "taken, but TLS fails");
	} else if (doctor->addrs.count > 0) {
		doctor_pass(doctor,
		    "blocked, as expected: no connection can be made");
	} else {
		doctor_pass(doctor,
		    "blocked, as expected: the name has no address");
	}
}
