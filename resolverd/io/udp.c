#include "io/udp.h"

#include <assert.h>
#include <errno.h>
#include <event2/event.h>
#include <netinet/udp.h>
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

/* Adds a control message, of which kind holds all but its data. */
static void
udp_control_add(struct msghdr *header, struct udp_control *room,
    const struct cmsghdr *kind, const void *data)
{
	const size_t len = kind->cmsg_len - CMSG_LEN(0);
	struct cmsghdr *control =
	    (struct cmsghdr *)(void *)(room->room + header->msg_controllen);

	header->msg_control = room;
	header->msg_controllen += CMSG_SPACE(len);
	*control = *kind;
	memcpy(CMSG_DATA(control), data, len);
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
	if (ipv6) {
		udp_control_add(header, room,
		    &(struct cmsghdr){
			.cmsg_level = IPPROTO_IPV6,
			.cmsg_type = IPV6_PKTINFO,
			.cmsg_len = CMSG_LEN(sizeof(info6)),
		    },
		    &info6);
	} else {
		udp_control_add(header, room,
		    &(struct cmsghdr){
			.cmsg_level = IPPROTO_IP,
			.cmsg_type = IP_PKTINFO,
			.cmsg_len = CMSG_LEN(sizeof(info4)),
		    },
		    &info4);
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

/* Whether an answer may leave in the datagram of the one before. */
static bool
udp_joins(const struct udp *udp, const struct addr *client, size_t len,
    const struct addr *local)
{
	const struct udp_group *group = &udp->group;

	return group->client != NULL && len <= group->size &&
	    addr_equal(group->client, client) &&
	    (!udp->any || addr_same_host(&group->local, local));
}

/* Adds it there; after a shorter one there cannot be another. */
static void
udp_join(struct udp *udp, size_t len)
{
	struct udp_group *group = &udp->group;
	struct msghdr *header = &udp->out[udp->messages - 1].msg_hdr;
	const uint16_t size = (uint16_t)group->size;

	if (header->msg_iov->iov_len == group->size) {
		udp_control_add(header, group->control,
		    &(struct cmsghdr){
			.cmsg_level = SOL_UDP,
			.cmsg_type = UDP_SEGMENT,
			.cmsg_len = CMSG_LEN(sizeof(size)),
		    },
		    &size);
	}
	header->msg_iov->iov_len += len;
	if (len < group->size)
		group->client = NULL;
}

/* Queues the answer to an exchange, which ends the room that is used. */
static void
udp_queue(struct udp *udp, struct udp_exchange *exchange, size_t len,
    const struct addr *local)
{
	uint8_t *const answer = udp->room + udp->room_used;
	struct iovec *vector = &udp->vectors_out[udp->messages];
	struct msghdr *header = &udp->out[udp->messages].msg_hdr;

	udp->room_used += len;
	if (udp_joins(udp, &exchange->client, len, local)) {
		udp_join(udp, len);
		return;
	}
	*vector = (struct iovec){.iov_base = answer, .iov_len = len};
	udp->sizes[udp->messages++] = len;
	header->msg_name = &exchange->client.u;
	header->msg_namelen = exchange->client.len;
	header->msg_iov = vector;
	header->msg_iovlen = 1;
	udp_control(udp, header, &exchange->control, local);
	udp->group.client = NULL;
	/* What is longer may not fit the way, and then nothing does. */
	if (!udp->groups || len > UDP_SIZE_SAFE)
		return;
	udp->group = (struct udp_group){
	    .client = &exchange->client,
	    .local = *local,
	    .size = len,
	    .control = &exchange->control,
	};
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
	query->out = udp->room + udp->room_used;
	query->cap = UDP_ANSWER;
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

/* The batch is over. */
static void
udp_forget(struct udp *udp)
{
	udp->room_used = 0;
	udp->messages = 0;
	udp->sent = 0;
}

static void
udp_send_failed(struct udp *udp)
{
	counter_add(&udp->worker->counters.send_failed);
}

/* Sends a message without waiting; what cannot be sent is counted. */
static void
udp_send(struct udp *udp, const struct msghdr *header)
{
	while (sendmsg(udp->fd, header, MSG_DONTWAIT) < 0) {
		if (errno == EINTR)
			continue;
		udp_send_failed(udp);
		return;
	}
}

/*
 * The kernel would not cut up a datagram: on this way it cannot, and each
 * answer goes by itself, from now on.
 */
static void
udp_ungroup(struct udp *udp, const struct msghdr *group, size_t size)
{
	const struct iovec whole = *group->msg_iov;
	struct msghdr header = *group;

	udp->groups = false;
	/* What says where to cut comes last. */
	header.msg_controllen -= CMSG_SPACE(sizeof(uint16_t));
	for (size_t at = 0; at < whole.iov_len; at += size) {
		const size_t left = whole.iov_len - at;
		struct iovec vector = {
		    .iov_base = (uint8_t *)whole.iov_base + at,
		    .iov_len = left < size ? left : size,
		};

		header.msg_iov = &vector;
		udp_send(udp, &header);
	}
}

/*
 * Sends what is left of the batch.  False when the socket is full; an answer
 * that cannot be sent at all is counted and left out.
 */
static bool
udp_flush(struct udp *udp)
{
	udp->group.client = NULL;
	while (udp->sent < udp->messages) {
		const int sent = sendmmsg(udp->fd, udp->out + udp->sent,
		    udp->messages - udp->sent, MSG_DONTWAIT);
		const struct msghdr *first = &udp->out[udp->sent].msg_hdr;
		const size_t size = udp->sizes[udp->sent];

		if (sent > 0) {
			udp->sent += (unsigned)sent;
			continue;
		}
		if (errno == EAGAIN || errno == EWOULDBLOCK)
			return false;
		if (errno == EINTR)
			continue;
		if (first->msg_iov->iov_len > size) {
			udp_ungroup(udp, first, size);
		} else {
			udp_send_failed(udp);
		}
		udp->sent++;
	}
	udp_forget(udp);
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
	for (; udp->sent < udp->messages; udp->sent++)
		udp_send_failed(udp);
	udp_forget(udp);
}

/* Reads a batch and answers it; false when there was no whole one. */
static bool
udp_batch(struct udp *udp)
{
	const int received =
	    recvmmsg(udp->fd, udp->in, UDP_BATCH, MSG_DONTWAIT, NULL);
	const uint64_t now = clock_now();

	for (unsigned n = 0; (int)n < received; n++) {
		udp_answer(udp, n, now);
		udp_expect(udp, n);
	}
	tell_settle(udp->worker, now);
	dispatch_settle(udp->worker, now);
	return received == UDP_BATCH;
}

static void
udp_readable(evutil_socket_t fd, short what, void *arg)
{
	struct udp *udp = arg;
	bool more = true;

	(void)fd;
	(void)what;
	for (unsigned i = 0; more && i < UDP_ROUNDS; i++) {
		more = udp_batch(udp);
		/* The rest goes out first: it lies where the next batch would
		 * be read. */
		if (!udp_flush(udp)) {
			udp_wait_writable(udp);
			return;
		}
	}
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

/* Sends what waits; late as it is, it waits for nothing more. */
static void
udp_flush_late(struct udp *udp)
{
	unsigned gone = 0;

	while (gone < udp->lates) {
		const int sent = sendmmsg(udp->fd, udp->late_out + gone,
		    udp->lates - gone, MSG_DONTWAIT);

		if (sent > 0) {
			gone += (unsigned)sent;
			continue;
		}
		if (errno == EINTR)
			continue;
		udp_send_failed(udp);
		gone++;
	}
	udp->lates = 0;
	udp->late_size = 0;
}

static void
udp_delayed(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	udp_flush_late(arg);
}

/* Whether the kernel knows of cutting up: one that does not sends it whole. */
static bool
udp_can_group(int fd)
{
	socklen_t len = sizeof(int);
	int size;

	return getsockopt(fd, SOL_UDP, UDP_SEGMENT, &size, &len) == 0;
}

bool
udp_open(struct udp *udp, struct worker *worker, const struct port *port)
{
	udp->worker = worker;
	udp->addr = port->addr;
	udp->any = addr_is_any(port->addr);
	udp->fd = port->udp;
	udp->groups = udp_can_group(udp->fd);
	for (unsigned n = 0; n < UDP_BATCH; n++) {
		struct udp_exchange *exchange = &udp->exchanges[n];
		struct msghdr *header = &udp->in[n].msg_hdr;

		/* Resident from now on, whatever comes. */
		exchange->query[0] = 0;
		udp->vectors_in[n].iov_base = exchange->query;
		udp->vectors_in[n].iov_len = sizeof(exchange->query);
		header->msg_name = &exchange->client.u;
		header->msg_iov = &udp->vectors_in[n];
		header->msg_iovlen = 1;
		udp_expect(udp, n);
	}
	event_assign(&udp->delayed, worker->base, -1, 0, udp_delayed, udp);
	event_assign(&udp->writable, worker->base, udp->fd,
	    EV_WRITE | EV_PERSIST, udp_writable, udp);
	return event_assign(&udp->readable, worker->base, udp->fd,
		   EV_READ | EV_PERSIST, udp_readable, udp) == 0 &&
	    event_add(&udp->readable, NULL) == 0;
}

void
udp_close(struct udp *udp)
{
	udp_flush_late(udp);
	event_del(&udp->readable);
	event_del(&udp->writable);
	event_del(&udp->delayed);
}

void
udp_reply(struct udp *udp, const struct query *query, const struct addr *local)
{
	const size_t len = query->out_len;
	struct msghdr *header;
	struct udp_late *late;

	assert(len <= UDP_LATE);
	if (udp->lates == UDP_BATCH || len > UDP_LATE - udp->late_size)
		udp_flush_late(udp);
	if (udp->lates == 0)
		event_active(&udp->delayed, EV_WRITE, 0);
	header = &udp->late_out[udp->lates].msg_hdr;
	late = &udp->late[udp->lates++];
	late->client = query->client;
	late->out.iov_base = udp->late_room + udp->late_size;
	late->out.iov_len = len;
	memcpy(late->out.iov_base, query->out, len);
	udp->late_size += len;
	header->msg_name = &late->client.u;
	header->msg_namelen = late->client.len;
	header->msg_iov = &late->out;
	header->msg_iovlen = 1;
	udp_control(udp, header, &late->control, local);
}
