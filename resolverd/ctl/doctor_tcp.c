#include "ctl/doctor_tcp.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ctl/doctor_addrs.h"
#include "ctl/doctor_route.h"
#include "io/clock.h"

enum { CONNECT_MS = 3000, MILLISECOND = 1000000 };

/* Connections under way, one an address. */
struct attempts {
	const struct doctor_addrs *addrs;
	struct pollfd polls[DOCTOR_ADDRS]; /* fd -1: over */
	int errors[DOCTOR_ADDRS];	   /* 0: connected; EINPROGRESS */
	size_t open;
};

static int
begin_one(const struct addr *to)
{
	const int fd = socket(to->u.any.sa_family,
	    SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int error;

	if (fd < 0 || connect(fd, &to->u.any, to->len) == 0 ||
	    errno == EINPROGRESS)
		return fd;
	error = errno;
	close(fd);
	errno = error;
	return -1;
}

static void
begin(struct attempts *attempts, const struct doctor *doctor)
{
	for (size_t i = 0; i < attempts->addrs->count; i++) {
		struct addr to = attempts->addrs->addrs[i];

		addr_set_port(&to, doctor->port);
		attempts->polls[i] = (struct pollfd){
		    .fd = begin_one(&to),
		    .events = POLLOUT,
		};
		attempts->errors[i] =
		    attempts->polls[i].fd < 0 ? errno : EINPROGRESS;
		attempts->open += attempts->polls[i].fd >= 0;
	}
}

/* What became of one; the first that is connected is kept. */
static void
settle(struct attempts *attempts, struct doctor *doctor, size_t n)
{
	struct pollfd *polled = &attempts->polls[n];
	socklen_t len = sizeof(attempts->errors[n]);

	if (polled->fd < 0 || polled->revents == 0)
		return;
	getsockopt(polled->fd, SOL_SOCKET, SO_ERROR, &attempts->errors[n],
	    &len);
	if (attempts->errors[n] == 0 && doctor->fd < 0) {
		doctor->fd = polled->fd;
	} else {
		close(polled->fd);
	}
	polled->fd = -1;
	attempts->open--;
}

static void
wait_all(struct attempts *attempts, struct doctor *doctor)
{
	const uint64_t until = clock_now() +
	    (uint64_t)doctor_patience(doctor, CONNECT_MS) * MILLISECOND;
	uint64_t now = clock_now();

	while (attempts->open > 0 && now < until) {
		const int left = (int)((until - now) / MILLISECOND) + 1;

		if (poll(attempts->polls, attempts->addrs->count, left) > 0) {
			for (size_t i = 0; i < attempts->addrs->count; i++)
				settle(attempts, doctor, i);
		}
		now = clock_now();
	}
	for (size_t i = 0; i < attempts->addrs->count; i++) {
		if (attempts->polls[i].fd >= 0)
			close(attempts->polls[i].fd);
	}
}

/* Those that ended with an error. */
static struct doctor_addrs
with_error(const struct attempts *attempts, int error)
{
	struct doctor_addrs some = {.count = 0};

	for (size_t i = 0; i < attempts->addrs->count; i++) {
		if (attempts->errors[i] == error)
			some.addrs[some.count++] = attempts->addrs->addrs[i];
	}
	return some;
}

/* Silence, the commonest of all: what drops packets in a VPC, in turn. */
static void
fix_silence(struct doctor *doctor, const struct addr *to)
{
	const enum doctor_place place =
	    doctor_addrs_place(&doctor->expected, to);
	const char *range = doctor_route_range(doctor, to);

	if (place == DOCTOR_ENDPOINT) {
		doctor_evidence(doctor,
		    "no endpoint of Private Service Connect has the address, "
		    "or a firewall's egress rule drops it");
		doctor_fix(doctor,
		    "gcloud compute addresses create ADDRESS --global "
		    "--purpose=PRIVATE_SERVICE_CONNECT --addresses=%s "
		    "--network=NETWORK && gcloud compute forwarding-rules "
		    "create ENDPOINT --global --network=NETWORK "
		    "--address=ADDRESS --target-google-apis-bundle=all-apis",
		    range);
	} else if (place == DOCTOR_RESTRICTED || place == DOCTOR_PRIVATE) {
		doctor_evidence(doctor,
		    "Private Google Access is off on the subnet, or there is "
		    "no route to %s, or a firewall's egress rule drops it",
		    range);
		doctor_fix(doctor,
		    "gcloud compute networks subnets update SUBNET "
		    "--region=REGION --enable-private-ip-google-access && "
		    "gcloud compute firewall-rules create allow-google-apis "
		    "--network=NETWORK --direction=EGRESS --allow=tcp:%u "
		    "--destination-ranges=%s",
		    doctor->port, range);
	} else {
		doctor_evidence(doctor,
		    "a firewall drops it, or nobody is there");
		doctor_fix(doctor,
		    "gcloud compute firewall-rules create allow-service "
		    "--network=NETWORK --direction=EGRESS --allow=tcp:%u "
		    "--destination-ranges=%s",
		    doctor->port, range);
	}
}

/* What the ways in which a connection fails mean. */
static const struct {
	int error;
	const char *text;
	const char *evidence;
} meanings[] = {
    {ECONNREFUSED, "refuses connections",
	"somebody is there whom the service is not: the address is another "
	"machine's"},
    {ECONNRESET, "resets connections",
	"a firewall or proxy on the way does not want them"},
    {EHOSTUNREACH, "cannot be reached: no route to host",
	"a router on the way says so, or nobody in this network has the "
	"address"},
    {ENETUNREACH, "cannot be reached: no route", "see the check of routes"},
    {EINVAL, "cannot be reached: a blackhole", "see the check of routes"},
    {EACCES, "may not be connected to",
	"a route or firewall of this machine says prohibit"},
    {EPERM, "may not be connected to",
	"a firewall rule of this machine forbids it"},
};

static void
tell_error(struct doctor *doctor, const struct doctor_addrs *addrs, int error)
{
	const char *text = doctor_addrs_text(doctor, addrs);

	for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++) {
		if (meanings[i].error != error)
			continue;
		doctor_fail(doctor, "port %u of %s %s", doctor->port, text,
		    meanings[i].text);
		doctor_evidence(doctor, "%s", meanings[i].evidence);
		return;
	}
	doctor_fail(doctor, "port %u of %s cannot be connected to: %s",
	    doctor->port, text, strerror(error));
}

static void
tell_failures(struct doctor *doctor, const struct attempts *attempts)
{
	struct doctor_addrs told = {.count = 0};

	for (size_t i = 0; i < attempts->addrs->count; i++) {
		const int error = attempts->errors[i];
		const struct addr *addr = &attempts->addrs->addrs[i];
		struct doctor_addrs same;

		if (error == 0 || doctor_addrs_has(&told, addr))
			continue;
		same = with_error(attempts, error);
		for (size_t k = 0; k < same.count; k++)
			doctor_addrs_add(&told, &same.addrs[k]);
		if (error == EINPROGRESS || error == ETIMEDOUT) {
			doctor_fail(doctor, "port %u of %s does not answer",
			    doctor->port, doctor_addrs_text(doctor, &same));
			fix_silence(doctor, addr);
		} else {
			tell_error(doctor, &same, error);
		}
	}
}

/* Where some address works, programs get there in the end. */
static void
tell_partly(struct doctor *doctor, const struct attempts *attempts,
    const struct doctor_addrs *good)
{
	struct doctor_addrs bad = {.count = 0};

	for (size_t i = 0; i < attempts->addrs->count; i++) {
		if (attempts->errors[i] != 0)
			bad.addrs[bad.count++] = attempts->addrs->addrs[i];
	}
	if (doctor_addrs_of(&bad, AF_INET).count == 0 &&
	    doctor_addrs_of(good, AF_INET).count > 0)
		return;
	doctor_warn(doctor, "some addresses take no connections: %s",
	    doctor_addrs_text(doctor, &bad));
	fix_silence(doctor, &bad.addrs[0]);
}

void
doctor_tcp_run(struct doctor *doctor)
{
	struct attempts attempts = {.addrs = doctor_route_addrs(doctor)};
	struct doctor_addrs good;

	if (attempts.addrs->count == 0) {
		doctor_skip(doctor, "there is no address to connect to");
		return;
	}
	if (doctor_patience(doctor, CONNECT_MS) == 0) {
		doctor_skip(doctor, "the time is up");
		return;
	}
	begin(&attempts, doctor);
	wait_all(&attempts, doctor);
	good = with_error(&attempts, 0);
	if (good.count == 0) {
		tell_failures(doctor, &attempts);
		return;
	}
	doctor_pass(doctor, "port %u takes connections: %s", doctor->port,
	    doctor_addrs_text(doctor, &good));
	if (good.count < attempts.addrs->count)
		tell_partly(doctor, &attempts, &good);
}
