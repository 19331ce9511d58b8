#include "ctl/doctor_route.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ctl/doctor_addrs.h"

_Static_assert(DOCTOR_DEVICE >= IF_NAMESIZE, "if_indextoname");

enum { ANSWER = 8192, KERNEL_MS = 1000, IN4 = 4, IN6 = 16 };

/* A request for the route to one address. */
struct route_request {
	struct nlmsghdr header;
	struct rtmsg route;
	struct rtattr attribute;
	uint8_t address[IN6];
};

static void
make_request(const struct addr *to, struct route_request *request)
{
	const bool in4 = to->u.any.sa_family == AF_INET;
	const size_t size = in4 ? IN4 : IN6;

	*request = (struct route_request){
	    .header = {.nlmsg_type = RTM_GETROUTE,
		.nlmsg_flags = NLM_F_REQUEST},
	    .route = {.rtm_family = (uint8_t)to->u.any.sa_family,
		.rtm_dst_len = (uint8_t)(8 * size)},
	    .attribute = {.rta_type = RTA_DST,
		.rta_len = (unsigned short)RTA_LENGTH(size)},
	};
	request->header.nlmsg_len =
	    (uint32_t)(offsetof(struct route_request, address) + size);
	if (in4) {
		memcpy(request->address, &to->u.in4.sin_addr, size);
	} else {
		memcpy(request->address, &to->u.in6.sin6_addr, size);
	}
}

/* An address among the attributes. */
static void
take_address(struct rtattr *attribute, struct addr *addr)
{
	*addr = (struct addr){.len = 0};
	if (RTA_PAYLOAD(attribute) == IN4) {
		addr->u.any.sa_family = AF_INET;
		addr->len = sizeof(addr->u.in4);
		memcpy(&addr->u.in4.sin_addr, RTA_DATA(attribute), IN4);
	} else if (RTA_PAYLOAD(attribute) == IN6) {
		addr->u.any.sa_family = AF_INET6;
		addr->len = sizeof(addr->u.in6);
		memcpy(&addr->u.in6.sin6_addr, RTA_DATA(attribute), IN6);
	}
}

static void
take_attribute(struct rtattr *attribute, struct doctor_route *route)
{
	unsigned index;

	if (attribute->rta_type == RTA_GATEWAY) {
		take_address(attribute, &route->gateway);
	} else if (attribute->rta_type == RTA_PREFSRC) {
		take_address(attribute, &route->source);
	} else if (attribute->rta_type == RTA_OIF &&
	    RTA_PAYLOAD(attribute) == sizeof(index)) {
		memcpy(&index, RTA_DATA(attribute), sizeof(index));
		if_indextoname(index, route->device);
	}
}

static void
take_route(struct nlmsghdr *header, struct doctor_route *route)
{
	struct rtmsg *found = NLMSG_DATA(header);
	struct rtattr *attribute = RTM_RTA(found);
	unsigned left = (unsigned)RTM_PAYLOAD(header);

	route->error = 0;
	route->local = found->rtm_type == RTN_LOCAL;
	while (RTA_OK(attribute, left)) {
		take_attribute(attribute, route);
		attribute = RTA_NEXT(attribute, left);
	}
}

static void
take_answer(struct nlmsghdr *header, size_t len, struct doctor_route *route)
{
	const struct nlmsgerr *error = NLMSG_DATA(header);

	route->error = EBADMSG;
	if (!NLMSG_OK(header, len))
		return;
	if (header->nlmsg_type == NLMSG_ERROR &&
	    header->nlmsg_len >= NLMSG_LENGTH(sizeof(*error)))
		route->error = -error->error;
	if (header->nlmsg_type == RTM_NEWROUTE &&
	    header->nlmsg_len >= NLMSG_LENGTH(sizeof(struct rtmsg)))
		take_route(header, route);
}

void
doctor_route_find(const struct addr *to, struct doctor_route *route)
{
	union {
		struct nlmsghdr header;
		uint8_t octets[ANSWER];
	} answer;
	const int fd =
	    socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	struct pollfd ready = {.fd = fd, .events = POLLIN};
	struct route_request request;
	ssize_t len = -1;

	*route = (struct doctor_route){.error = ETIMEDOUT};
	make_request(to, &request);
	errno = 0;
	if (fd >= 0 && send(fd, &request, request.header.nlmsg_len, 0) >= 0 &&
	    poll(&ready, 1, KERNEL_MS) == 1)
		len = recv(fd, &answer, sizeof(answer), 0);
	if (len >= 0) {
		take_answer(&answer.header, (size_t)len, route);
	} else if (errno != 0) {
		route->error = errno;
	}
	if (fd >= 0)
		close(fd);
}

const struct doctor_addrs *
doctor_route_addrs(const struct doctor *doctor)
{
	return doctor->answers ? &doctor->addrs : &doctor->libc.found;
}

const char *
doctor_route_range(struct doctor *doctor, const struct addr *addr)
{
	switch (doctor_addrs_place(&doctor->expected, addr)) {
	case DOCTOR_RESTRICTED:
		return addr->u.any.sa_family == AF_INET
		    ? "199.36.153.4/30"
		    : "2600:2d00:2:1000::/56";
	case DOCTOR_PRIVATE:
		return addr->u.any.sa_family == AF_INET
		    ? "199.36.153.8/30"
		    : "2600:2d00:2:2000::/56";
	case DOCTOR_OWN_VIP:
	case DOCTOR_ENDPOINT:
	case DOCTOR_INTERNAL:
	case DOCTOR_LOOPBACK:
	case DOCTOR_PUBLIC:
		break;
	}
	return doctor_addrs_server_text(doctor, addr);
}

/* The command by which a VPC gets a way there. */
static void
fix_no_route(struct doctor *doctor, const struct addr *to)
{
	const char *range = doctor_route_range(doctor, to);

	switch (doctor_addrs_place(&doctor->expected, to)) {
	case DOCTOR_RESTRICTED:
	case DOCTOR_PRIVATE:
	case DOCTOR_OWN_VIP:
		doctor_fix(doctor,
		    "gcloud compute routes create google-apis "
		    "--network=NETWORK --destination-range=%s "
		    "--next-hop-gateway=default-internet-gateway",
		    range);
		break;
	case DOCTOR_ENDPOINT:
		doctor_fix(doctor,
		    "gcloud compute forwarding-rules list --global "
		    "--filter=IPAddress=%s",
		    range);
		break;
	case DOCTOR_INTERNAL:
	case DOCTOR_LOOPBACK:
	case DOCTOR_PUBLIC:
		doctor_fix(doctor, "ip route get %s",
		    doctor_addrs_server_text(doctor, to));
		break;
	}
}

static void
tell_error(struct doctor *doctor, const struct addr *to, int error)
{
	const char *host = doctor_addrs_server_text(doctor, to);

	switch (error) {
	case ENETUNREACH:
		doctor_fail(doctor, "no route to %s", host);
		doctor_evidence(doctor,
		    "neither a route to %s nor a default route is there",
		    doctor_route_range(doctor, to));
		fix_no_route(doctor, to);
		return;
	case EINVAL:
		doctor_fail(doctor, "the route to %s is a blackhole", host);
		break;
	case EHOSTUNREACH:
		doctor_fail(doctor, "the route to %s says unreachable", host);
		break;
	case EACCES:
		doctor_fail(doctor, "the route to %s says prohibit", host);
		break;
	default:
		doctor_skip(doctor,
		    "the kernel does not tell the way to %s: %s", host,
		    strerror(error));
		return;
	}
	doctor_evidence(doctor,
	    "this machine's own routing table drops what is sent there");
	doctor_fix(doctor, "ip route show table all match %s", host);
}

static void
tell_way(struct doctor *doctor, const struct doctor_addrs *to,
    const struct doctor_route *route)
{
	const char *source = route->source.len == 0
	    ? "?"
	    : doctor_addrs_server_text(doctor, &route->source);

	if (route->local) {
		doctor_pass(doctor, "%s is this machine itself",
		    doctor_addrs_text(doctor, to));
		return;
	}
	doctor_pass(doctor, "there is a route to %s",
	    doctor_addrs_text(doctor, to));
	doctor_evidence(doctor, "%s%s on %s, from %s",
	    route->gateway.len == 0 ? "adjacent" : "via ",
	    route->gateway.len == 0
		? ""
		: doctor_addrs_server_text(doctor, &route->gateway),
	    route->device, source);
}

static bool
same_way(const struct doctor_route *a, const struct doctor_route *b)
{
	return a->error == b->error && a->local == b->local &&
	    strcmp(a->device, b->device) == 0 &&
	    a->gateway.len == b->gateway.len &&
	    (a->gateway.len == 0 || addr_equal(&a->gateway, &b->gateway));
}

/* Those from the n-th on that go the same way; *n becomes the next one. */
static struct doctor_addrs
take_same(const struct doctor_addrs *addrs, size_t *n,
    const struct doctor_route *route)
{
	struct doctor_addrs same = {.count = 0};
	struct doctor_route other = *route;

	do {
		doctor_addrs_add(&same, &addrs->addrs[(*n)++]);
		if (*n < addrs->count)
			doctor_route_find(&addrs->addrs[*n], &other);
	} while (*n < addrs->count && same_way(route, &other));
	return same;
}

/* IPv6 that leads nowhere is put last by libc, and does no harm. */
static bool
is_spare(const struct doctor_addrs *addrs, const struct addr *addr)
{
	return addr->u.any.sa_family == AF_INET6 &&
	    doctor_addrs_of(addrs, AF_INET).count > 0;
}

void
doctor_route_run(struct doctor *doctor)
{
	const struct doctor_addrs *addrs = doctor_route_addrs(doctor);
	size_t n = 0;

	if (addrs->count == 0)
		doctor_skip(doctor, "there is no address to go to");
	while (n < addrs->count) {
		const struct addr *to = &addrs->addrs[n];
		struct doctor_route route;
		struct doctor_addrs same;

		doctor_route_find(to, &route);
		same = take_same(addrs, &n, &route);
		if (route.error == 0) {
			tell_way(doctor, &same, &route);
		} else if (is_spare(addrs, to)) {
			doctor_pass(doctor,
			    "IPv6 leads nowhere, so that programs use IPv4");
		} else {
			tell_error(doctor, to, route.error);
		}
	}
}
