#include "io/udp.h"

#include <errno.h>
#include <event2/event.h>
#include <string.h>

#include "core/counters.h"
#include "core/engine.h"
#include "io/boot.h"
#include "io/clock.h"
#include "io/dispatch.h"
#include "io/task.h"
#include "io/tell.h"
#include "io/worker.h"

/* The address that a datagram was sent to; udp->addr unless told. */
static void
udp_local(const struct udp *udp, struct msghdr *header, struct addr *local)
{
	const struct cmsghdr *control = CMSG_FIRSTHDR(header);

	*local = *udp->addr;
	if (!udp->any || control == NULL)
		return;
	if (control->cmsg_level == IPPROTO_IP &&
	    control->cmsg_type == IP_PKTINFO) {
		struct in_pktinfo info;

		memcpy(&info, CMSG_DATA(control), sizeof(info));
		/* Not ipi_addr: that may be a broadcast address. */
		local->u.in4.sin_addr = info.ipi_spec_dst;
	} else if (control->cmsg_level == IPPROTO_IPV6 &&
	    control->cmsg_type == IPV6_PKTINFO) {
		struct in6_pktinfo info;

		memcpy(&info, CMSG_DATA(control), sizeof(info));
		local->u.in6.sin6_addr = info.ipi6_addr;
		if (IN6_IS_ADDR_LINKLOCAL(&info.ipi6_addr))
			local->u.in6.sin6_scope_id = info.ipi6_ifindex;
	}
}

static void
udp_control_set(struct msghdr *header, int level, int type, const void *info,
    size_t len)
{
	struct cmsghdr *control;

	header->msg_controllen = CMSG_SPACE(len);
	control = CMSG_FIRSTHDR(header);
	control->cmsg_level = level;
	control->cmsg_type = type;
	control->cmsg_len = CMSG_LEN(len);
	memcpy(CMSG_DATA(control), info, len);
}

/* Has the answer leave from local: a client drops it from any other. */
static void
udp_control(const struct udp *udp, struct msghdr *header,
    struct udp_control *room, const struct addr *local)
{
	const bool ipv6 = udp->addr->u.any.sa_family == AF_INET6;
	const struct in_pktinfo info4 = {.ipi_spec_dst = local->u.in4.sin_addr};
	const struct in6_pktinfo info6 = {
	    .ipi6_addr = local->u.in6.sin6_addr,
	    .ipi6_ifindex = local->u.in6.sin6_scope_id,
	};

	header->msg_control = NULL;
	header->msg_controllen = 0;
	if (!udp->any)
		return;
	memset(room, 0, sizeof(*room));
	header->msg_control = room;
	if (ipv6) {
		udp_control_set(header, IPPROTO_IPV6, IPV6_PKTINFO, &info6,
		    sizeof(info6));
	} else {
		udp_control_set(header, IPPROTO_IP, IP_PKTINFO, &info4,
		    sizeof(info4));
	}
}

/* Puts the header of exchange n back as recvmmsg wants it. */
static void
udp_expect(struct udp *udp, unsigned n)
{
	struct udp_exchange *exchange = &udp->exchanges[n];
	struct msghdr *header = &udp->in[n].msg_hdr;

	header->msg_namelen = sizeof(exchange->client.u);
	header->msg_control = udp->any ? &exchange->control : NULL;
	header->msg_controllen = udp->any ? sizeof(exchange->control) : 0;
	header->msg_flags = 0;
}

/* Queues the answer that was written into an exchange's room. */
static void
udp_queue(struct udp *udp, struct udp_exchange *exchange, size_t len,
    const struct addr *local)
{
	struct msghdr *header = &udp->out[udp->answers++].msg_hdr;

	exchange->out.iov_len = len;
	header->msg_name = &exchange->client.u;
	header->msg_namelen = exchange->client.len;
	header->msg_iov = &exchange->out;
	header->msg_iovlen = 1;
	udp_control(udp, header, &exchange->control, local);
}

static void
udp_answer(struct udp *udp, unsigned n, uint64_t now)
{
	struct udp_exchange *exchange = &udp->exchanges[n];
	struct task *task = dispatch_task(udp->worker, now);
	struct query *query = &task->query;
	enum verdict verdict;
	struct addr local;

	exchange->client.len = udp->in[n].msg_hdr.msg_namelen;
	udp_local(udp, &udp->in[n].msg_hdr, &local);
	query->out = exchange->answer;
	query->cap = sizeof(exchange->answer);
	verdict = engine_start(&udp->worker->engine, query,
	    &(struct packet){
		.wire = exchange->query,
		.len = udp->in[n].msg_len,
		.transport = TRANSPORT_UDP,
		.client = &exchange->client,
		.local = &local,
	    },
	    now);
	switch (verdict) {
	case VERDICT_REPLY:
		tell_at_once(udp->worker, query, &local);
		udp_queue(udp, exchange, query->out_len, &local);
		return;
	case VERDICT_DROP:
		return;
	case VERDICT_ASK:
	case VERDICT_WAIT:
	case VERDICT_REPLY_EARLY:
		task->recipient =
		    (struct recipient){.udp = udp, .local = local};
		dispatch_park(task, verdict, now);
		return;
	}
}

/*
 * Sends what is left of the batch.  False when the socket is full; an answer
 * that cannot be sent at all is counted and left out.
 */
static bool
udp_flush(struct udp *udp)
{
	while (udp->sent < udp->answers) {
		const int sent = sendmmsg(udp->fd, udp->out + udp->sent,
		    udp->answers - udp->sent, MSG_DONTWAIT);

		if (sent > 0) {
			udp->sent += (unsigned)sent;
			continue;
		}
		if (errno == EAGAIN || errno == EWOULDBLOCK)
			return false;
		if (errno == EINTR)
			continue;
		counter_add(&udp->worker->counters.send_failed);
		udp->sent++;
	}
	udp->sent = 0;
	udp->answers = 0;
	return true;
}

/* Who cannot wait for the socket to take more drops what is left. */
static void
udp_wait_writable(struct udp *udp)
{
	if (event_add(&udp->writable, NULL) == 0) {
		event_del(&udp->readable);
		return;
	}
	for (; udp->sent < udp->answers; udp->sent++)
		counter_add(&udp->worker->counters.send_failed);
	udp->sent = 0;
	udp->answers = 0;
}

static void
udp_readable(evutil_socket_t fd, short what, void *arg)
{
	struct udp *udp = arg;
	const int received =
	    recvmmsg(fd, udp->in, UDP_BATCH, MSG_DONTWAIT, NULL);
	const uint64_t now = clock_now();

	(void)what;
	for (unsigned n = 0; (int)n < received; n++) {
		udp_answer(udp, n, now);
		udp_expect(udp, n);
	}
	tell_settle(udp->worker, now);
	dispatch_settle(udp->worker, now);
	/* The rest goes out first: it lies where the next batch would be
	 * read. */
	if (!udp_flush(udp))
		udp_wait_writable(udp);
}

static void
udp_writable(evutil_socket_t fd, short what, void *arg)
{
	struct udp *udp = arg;

	(void)fd;
	(void)what;
	if (!udp_flush(udp))
		return;
	/* If that fails it is tried again at once, for it is still writable. */
	if (event_add(&udp->readable, NULL) == 0)
		event_del(&udp->writable);
}

bool
udp_open(struct udp *udp, struct worker *worker, const struct port *port)
{
	udp->worker = worker;
	udp->addr = port->addr;
	udp->any = addr_is_any(port->addr);
	udp->fd = port->udp;
	for (unsigned n = 0; n < UDP_BATCH; n++) {
		struct udp_exchange *exchange = &udp->exchanges[n];
		struct msghdr *header = &udp->in[n].msg_hdr;

		exchange->in.iov_base = exchange->query;
		exchange->in.iov_len = sizeof(exchange->query);
		exchange->out.iov_base = exchange->answer;
		header->msg_name = &exchange->client.u;
		header->msg_iov = &exchange->in;
		header->msg_iovlen = 1;
		udp_expect(udp, n);
	}
	event_assign(&udp->writable, worker->base, udp->fd,
	    EV_WRITE | EV_PERSIST, udp_writable, udp);
	return event_assign(&udp->readable, worker->base, udp->fd,
		   EV_READ | EV_PERSIST, udp_readable, udp) == 0 &&
	    event_add(&udp->readable, NULL) == 0;
}

void
udp_close(struct udp *udp)
{
	event_del(&udp->readable);
	event_del(&udp->writable);
}

void
udp_reply(struct udp *udp, const struct query *query, const struct addr *local)
{
	struct addr client = query->client;
	struct udp_control control;
	struct iovec out = {.iov_base = query->out, .iov_len = query->out_len};
	struct msghdr header = {
	    .msg_name = &client.u,
	    .msg_namelen = client.len,
	    .msg_iov = &out,
	    .msg_iovlen = 1,
	};

	udp_control(udp, &header, &control, local);
	while (sendmsg(udp->fd, &header, MSG_DONTWAIT) < 0) {
		if (errno == EINTR)
			continue;
		counter_add(&udp->worker->counters.send_failed);
		return;
	}
}
