#include "io/inquiry.h"

#include <assert.h>
#include <string.h>

#include "core/engine.h"
#include "dns/request.h"
#include "io/dispatch.h"
#include "io/task.h"
#include "io/tell.h"
#include "io/worker.h"

/* This host, whom every configuration serves. */
static const char inquiry_host[] = "127.0.0.1";

enum { INQUIRY_PORT = 53 };

static struct inquiry *
inquiry_of(struct message *message)
{
	return (struct inquiry *)(void *)message;
}

void
inquiry_init(struct inquiry *inquiry, const struct question *question)
{
	const struct asking asking = {.udp_size = UDP_SIZE_SAFE};

	/* All but the room for the answer, which is large. */
	memset(inquiry, 0, offsetof(struct inquiry, answer));
	addr_parse(inquiry_host, INQUIRY_PORT, &inquiry->client);
	inquiry->local = inquiry->client;
	inquiry->len = request_build(&asking, question, inquiry->question,
	    sizeof(inquiry->question));
	assert(inquiry->len > 0);
}

void
inquiry_post(struct inquiry *inquiry, struct worker *worker)
{
	inquiry->message.kind = MESSAGE_INQUIRY;
	worker_post(worker, &inquiry->message);
}

void
inquiry_deliver(struct message *message)
{
	struct inquiry *inquiry = inquiry_of(message);

	assert(message->kind == MESSAGE_ANSWERED);
	inquiry->answered(inquiry);
}

/* The asker may free it from here on. */
static void
inquiry_return(struct inquiry *inquiry, enum inquiry_outcome outcome)
{
	inquiry->outcome = outcome;
	inquiry->message.kind = MESSAGE_ANSWERED;
	mailbox_post(inquiry->asker, &inquiry->message);
}

void
inquiry_answer(struct inquiry *inquiry, const struct query *query)
{
	assert(query->out_len <= sizeof(inquiry->answer));
	if (query->out != inquiry->answer)
		memcpy(inquiry->answer, query->out, query->out_len);
	inquiry->answer_len = query->out_len;
	inquiry_return(inquiry, INQUIRY_ANSWERED);
}

void
inquiry_drop(struct inquiry *inquiry)
{
	inquiry_return(inquiry, INQUIRY_DROPPED);
}

static enum verdict
inquiry_run(struct worker *worker, struct task *task, struct inquiry *inquiry,
    const struct view *view, uint64_t now)
{
	task->query.out = inquiry->answer;
	task->query.cap = sizeof(inquiry->answer);
	return engine_start(&worker->engine, &task->query,
	    &(struct packet){
		.wire = inquiry->question,
		.len = inquiry->len,
		.transport = TRANSPORT_TCP, /* whole, whatever its size */
		.client = &inquiry->client,
		.local = &inquiry->local,
		.view = view,
		.chasing = inquiry->chasing,
		.witness = inquiry->witness,
		.unharmed = true,
		.own = inquiry->own,
	    },
	    now);
}

/* The view that was asked for, NULL for the client's own; false: no such. */
static bool
inquiry_view(const struct inquiry *inquiry, const struct snapshot *snapshot,
    const struct view **view)
{
	if (inquiry->network == NULL && inquiry->cluster == NULL) {
		*view = NULL;
		return true;
	}
	*view =
	    snapshot_view_named(snapshot, inquiry->network, inquiry->cluster);
	return *view != NULL;
}

void
inquiry_start(struct worker *worker, struct message *message, uint64_t now)
{
	struct inquiry *inquiry = inquiry_of(message);
	struct task *task = dispatch_task(worker, now);
	const struct snapshot *snapshot = worker->engine.snapshot;
	const struct view *view;
	enum verdict verdict;

	if (!inquiry_view(inquiry, snapshot, &view)) {
		inquiry_return(inquiry, INQUIRY_NO_VIEW);
		return;
	}
	if (inquiry->witness != NULL)
		inquiry->snapshot = snapshot_hold(snapshot);
	verdict = inquiry_run(worker, task, inquiry, view, now);
	switch (verdict) {
	case VERDICT_REPLY:
		tell_inquiry(worker, &task->query, now);
		inquiry_answer(inquiry, &task->query);
		return;
	case VERDICT_DROP:
		inquiry_drop(inquiry);
		return;
	case VERDICT_ASK:
	case VERDICT_WAIT:
	case VERDICT_REPLY_EARLY:
		task->recipient = (struct recipient){.inquiry = inquiry};
		dispatch_park(task, verdict, now);
		return;
	}
}
