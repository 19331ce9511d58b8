#include "ctl/http_explain.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "core/witness.h"
#include "ctl/explain.h"
#include "ctl/explain_json.h"
#include "ctl/fleet.h"
#include "ctl/http.h"
#include "ctl/http_call.h"
#include "ctl/serving.h"
#include "ctl/subject.h"
#include "io/inquiry.h"

enum { ARENA_BLOCK = 65536, NAME_PARAMETER = 1024, WORD_PARAMETER = 128 };

/* An explanation on its way. */
struct errand {
	struct http_call *call;
	struct arena arena;
	struct witness witness;
	char view[WORD_PARAMETER];   /* "": the client's */
	char client[WORD_PARAMETER]; /* "": this host */
	struct inquiry inquiry;
};

static void
errand_free(struct errand *errand)
{
	arena_fini(&errand->arena);
	free(errand);
}

/* What is asked for; false after an error. */
static bool
read_question(struct http_call *call, struct question *question)
{
	char name[NAME_PARAMETER];
	char type[WORD_PARAMETER];
	const char *why = NULL;
	const bool typed =
	    http_call_parameter(call, "type", type, sizeof(type));

	if (!http_call_parameter(call, "name", name, sizeof(name))) {
		http_call_fail(call, HTTP_CALL_BAD,
		    "which name? as in /api/explain?name=www.example.com");
		return false;
	}
	switch (
	    subject_parse(question, name, typed ? type : NULL, TYPE_A, &why)) {
	case SUBJECT_OK:
		return true;
	case SUBJECT_BAD_NAME:
		http_call_fail(call, HTTP_CALL_BAD, "the name %s", why);
		return false;
	case SUBJECT_BAD_TYPE:
		http_call_fail(call, HTTP_CALL_BAD, "'%s' is no record type",
		    type);
		return false;
	}
	return false;
}

static struct errand *
errand_new(struct http_call *call, const struct question *question)
{
	struct errand *errand = calloc(1, sizeof(*errand));

	if (errand == NULL)
		return NULL;
	errand->call = call;
	arena_init_heap(&errand->arena, ARENA_BLOCK);
	errand->witness.arena = &errand->arena;
	errand->witness.seen = arena_calloc(&errand->arena, WITNESS_SIGHTINGS,
	    sizeof(*errand->witness.seen));
	if (errand->witness.seen == NULL) {
		errand_free(errand);
		return NULL;
	}
	inquiry_init(&errand->inquiry, question);
	errand->inquiry.witness = &errand->witness;
	errand->inquiry.context = errand;
	return errand;
}

static const struct view *
view_named(const struct snapshot *snapshot, const char *name)
{
	const struct view *view = snapshot_view_named(snapshot, name, NULL);

	return view != NULL ? view : snapshot_view_named(snapshot, NULL, name);
}

/* As whom it is asked; NULL: an error to tell. */
static const char *
choose_view(struct errand *errand)
{
	const struct http_call *call = errand->call;
	const struct snapshot *snapshot = call->http->context.serving->current;
	struct inquiry *inquiry = &errand->inquiry;

	http_call_parameter(call, "network", errand->view,
	    sizeof(errand->view));
	http_call_parameter(call, "client", errand->client,
	    sizeof(errand->client));
	if (errand->client[0] != '\0' &&
	    !addr_parse(errand->client, 0, &inquiry->client))
		return "the client is no IP address";
	if (errand->view[0] == '\0')
		return NULL;
	if (view_named(snapshot, errand->view) == NULL)
		return "no network or GKE cluster is called that";
	if (snapshot_view_named(snapshot, errand->view, NULL) != NULL) {
		inquiry->network = errand->view;
	} else {
		inquiry->cluster = errand->view;
	}
	return NULL;
}

static const struct view *
view_of(const struct errand *errand)
{
	const struct inquiry *inquiry = &errand->inquiry;

	return errand->view[0] == '\0'
	    ? snapshot_view(inquiry->snapshot, &inquiry->client,
		  &inquiry->local)
	    : view_named(inquiry->snapshot, errand->view);
}

static bool
make_explanation(struct errand *errand, struct explanation *explanation)
{
	const struct inquiry *inquiry = &errand->inquiry;
	const enum chasing chasing = inquiry->snapshot->options.cname_chasing;
	const time_t now = time(NULL);
	struct tm tm;

	*explanation = (struct explanation){
	    .words = {.arena = &errand->arena,
		.view = view_of(errand),
		.chase = explain_chase(chasing, now)},
	    .chasing = chasing,
	    .client = errand->client[0] == '\0' ? NULL : errand->client,
	};
	gmtime_r(&now, &tm);
	strftime(explanation->day, sizeof(explanation->day), "%Y-%m-%d", &tm);
	return explanation->words.view != NULL &&
	    story_tell(&explanation->story, &errand->witness,
		explanation->words.view, &errand->arena) &&
	    response_read(&explanation->response, inquiry->answer,
		inquiry->answer_len, &errand->arena);
}

/* The worker has answered: an inquiry_fn. */
static void
answered(struct inquiry *inquiry)
{
	struct errand *errand = inquiry->context;
	struct http_call *call = errand->call;
	struct explanation explanation;

	if (inquiry->outcome == INQUIRY_ANSWERED &&
	    make_explanation(errand, &explanation)) {
		explain_json_print(&explanation, call->out);
		http_call_send(call, HTTP_CALL_JSON);
	} else {
		http_call_fail(call, HTTP_CALL_UNAVAILABLE,
		    "there is no answer to explain");
	}
	fleet_drop(inquiry->snapshot);
	errand_free(errand);
}

void
http_explain_run(struct http_call *call)
{
	struct fleet *fleet = &call->http->context.serving->fleet;
	struct question question;
	struct errand *errand;
	const char *why;

	if (!read_question(call, &question))
		return;
	errand = errand_new(call, &question);
	if (errand == NULL) {
		http_call_fail(call, HTTP_CALL_UNAVAILABLE, "out of memory");
		return;
	}
	why = choose_view(errand);
	if (why != NULL) {
		http_call_fail(call, HTTP_CALL_BAD, "%s", why);
		errand_free(errand);
		return;
	}
	errand->inquiry.answered = answered;
	fleet_ask(fleet, &errand->inquiry);
}
