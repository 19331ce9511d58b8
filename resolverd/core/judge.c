#include "core/judge.h"

#include <assert.h>
#include <string.h>

#include "core/account.h"
#include "core/ask.h"
#include "core/engine.h"
#include "core/forward.h"
#include "core/recall.h"
#include "core/witness.h"

static bool
is_success(unsigned rcode)
{
	return rcode == RCODE_NOERROR || rcode == RCODE_NXDOMAIN;
}

static struct upstream_state *
state_of(struct engine *engine, const struct transmission *sent)
{
	return upstream_state(&engine->upstreams, sent->server);
}

static unsigned
slot_of(const struct query *query, const struct transmission *sent)
{
	return (unsigned)(sent - query->sent);
}

/*
 * Somebody else's message.  It ends nothing, for anybody may have sent it; when
 * there are many somebody guesses, and TCP leaves nothing to guess.
 */
static enum step
strange(struct engine *engine, struct query *query, struct transmission *sent,
    uint64_t now)
{
	counter_add(&engine->counters->upstream_mismatched);
	if (sent->carrier != CARRIER_UDP || query->wary ||
	    ++sent->strangers < JUDGE_STRANGERS)
		return STEP_WAIT;
	query->wary = true;
	if (!ask_allowed(query, now))
		return STEP_WAIT;
	return ask_server(engine, query, sent->index, now);
}

/*
 * What a message lacks that its server should have sent.  False: it is to be
 * believed all the same, for over TCP it is the server's, and where there is no
 * TCP at some time one has to.
 */
static bool
is_doubtful(struct engine *engine, const struct transmission *sent,
    enum upstream_skill skill, uint64_t now)
{
	struct upstream_state *state = state_of(engine, sent);

	if (sent->carrier != CARRIER_UDP) {
		upstream_cannot(state, skill, now + UPSTREAM_PROOF);
		return false;
	}
	counter_add(&engine->counters->upstream_doubted);
	upstream_doubted(state, skill, now);
	return upstream_can(state, skill, now);
}

/* The answer to a doubtful one is to ask where nobody can interfere. */
static enum step
ask_warily(struct engine *engine, struct query *query,
    const struct transmission *sent, uint64_t now)
{
	query->wary = true;
	return ask_again(engine, query, slot_of(query, sent), now);
}

/* Whether a cookie in the reply at hand is another client's. */
static bool
is_strange_cookie(struct engine *engine, const struct transmission *sent)
{
	const struct cookie *cookie = engine->reply.cookie;

	return sent->cookie && cookie != NULL &&
	    memcmp(cookie->client, state_of(engine, sent)->cookie.client,
		COOKIE_CLIENT) != 0;
}

/*
 * RFC 7873 section 5.3: a server that has sent cookies sends them always.
 * Whether one is missing from a message that has none.
 */
static bool
owes_cookie(struct engine *engine, const struct transmission *sent,
    uint64_t now)
{
	struct upstream_state *state = state_of(engine, sent);

	if (!sent->cookie || state->cookie.server_len == 0)
		return false;
	if (is_doubtful(engine, sent, SKILL_COOKIES, now))
		return true;
	state->cookie.server_len = 0;
	return false;
}

static bool
lacks_cookie(struct engine *engine, const struct transmission *sent,
    uint64_t now)
{
	const struct cookie *cookie = engine->reply.cookie;

	if (!sent->cookie || engine->reply.truncated)
		return false;
	if (cookie == NULL)
		return owes_cookie(engine, sent, now);
	if (cookie->server_len > 0)
		state_of(engine, sent)->cookie = *cookie;
	return false;
}

/* RFC 6891 section 7: it may be the OPT record that it does not understand. */
static enum step
ask_plainly(struct engine *engine, struct query *query,
    const struct transmission *sent, uint64_t now)
{
	query->plain |= 1U << sent->index;
	return ask_again(engine, query, slot_of(query, sent), now);
}

/* A bare header, which has no room for a cookie either. */
static enum step
heed_reject(struct engine *engine, struct query *query,
    const struct transmission *sent, uint64_t now)
{
	return owes_cookie(engine, sent, now)
	    ? ask_warily(engine, query, sent, now)
	    : ask_plainly(engine, query, sent, now);
}

/* What a whole answer shows of its server. */
static void
learn(struct engine *engine, const struct query *query,
    const struct transmission *sent, uint64_t now)
{
	const bool success = is_success(engine->reply.rcode);
	struct upstream_state *state = state_of(engine, sent);

	if (sent->carrier != sent->server->carrier) {
		upstream_alive(state, now);
	} else {
		upstream_heard(state, sent->sent_at, now,
		    success || query->probe);
	}
	if (sent->carrier == CARRIER_UDP) {
		upstream_trusted(state);
	} else if (sent->server->carrier == CARRIER_UDP && !query->truncated &&
	    !query->wary && upstream_can(state, SKILL_UDP, now)) {
		/* Datagrams were lost, and not just one. */
		upstream_cannot(state, SKILL_UDP, now + UPSTREAM_RUMOUR);
	}
	if (success && (query->plain >> sent->index & 1) != 0) {
		upstream_cannot(state, SKILL_EDNS,
		    now +
			(sent->carrier == CARRIER_UDP ? UPSTREAM_RUMOUR
						      : UPSTREAM_PROOF));
	}
	/* Or what it stands in for would be asked last. */
	upstream_alive(upstream_state(&engine->upstreams,
			   &query->group->servers[sent->index]),
	    now);
}

/* A sound answer: keeps it and hands it to all who asked. */
static enum step
take_answer(struct engine *engine, struct query *query,
    const struct transmission *sent, uint64_t now)
{
	/* RFC 6840 section 5.8: anybody can set AD. */
	engine->reply.authentic &= query->group->trusted;
	recall_keep(engine, query, now);
	counter_add(&engine->counters->answers_upstream);
	query->answered = sent;
	account_note(query, ORIGIN_UPSTREAM);
	forward_settle(engine, query, true);
	return query->orphan ? STEP_DROP : STEP_ADOPT;
}

/* Keeps why, in the server's words if it has any. */
static enum step
failed(struct engine *engine, struct query *query,
    const struct transmission *sent)
{
	const struct edns_error *error = engine->reply.error;
	const struct fate fate = {
	    .kind = engine->reply.endless ? FATE_ENDLESS : FATE_ERROR,
	    .rcode = engine->reply.rcode,
	};

	if (error != NULL) {
		assert(strlen(error->text) <= EDNS_TEXT);
		query->said.anything = true;
		query->said.code = error->code;
		memcpy(query->said.text, error->text, strlen(error->text) + 1);
	}
	return forward_failed(query, slot_of(query, sent), fate);
}

/* RFC 7873 section 5.3: once more with the cookie that came, then over TCP. */
static enum step
bad_cookie(struct engine *engine, struct query *query,
    const struct transmission *sent, uint64_t now)
{
	const unsigned bit = 1U << sent->index;

	if (sent->carrier != CARRIER_UDP)
		return failed(engine, query, sent);
	if ((query->bad_cookie & bit) != 0)
		return ask_warily(engine, query, sent, now);
	query->bad_cookie |= bit;
	return ask_again(engine, query, slot_of(query, sent), now);
}

/* An answer to the question, whatever it says. */
static enum step
heed(struct engine *engine, struct query *query,
    const struct transmission *sent, uint64_t now)
{
	const struct reply *reply = &engine->reply;
	const unsigned slot = slot_of(query, sent);

	if (query->probe) {
		forward_settle(engine, query, false);
		return STEP_DROP;
	}
	if (reply->truncated && sent->carrier == CARRIER_UDP) {
		query->truncated = true;
		query->tried = 0;
		return ask_again(engine, query, slot, now);
	}
	if (reply->endless) {
		counter_add(&engine->counters->upstream_failed);
		return failed(engine, query, sent);
	}
	if (!reply->truncated && is_success(reply->rcode))
		return take_answer(engine, query, sent, now);
	if (reply->rcode == RCODE_BADCOOKIE && sent->cookie)
		return bad_cookie(engine, query, sent, now);
	if (sent->edns &&
	    (reply->rcode == RCODE_FORMERR || reply->rcode == RCODE_NOTIMP))
		return ask_plainly(engine, query, sent, now);
	counter_add(&engine->counters->upstream_failed);
	if (!reply->truncated && query->group->any_response)
		return take_answer(engine, query, sent, now);
	return failed(engine, query, sent);
}

/*
 * Takes the random letter case out of the question: names in the answer point
 * there, and clients should not get to see it.
 */
static void
restore_case(const struct query *query, const struct answer_packet *in)
{
	const struct name *name = &query->asked.name;

	assert(in->len >= (size_t)HEADER_SIZE + name->len);
	memcpy(in->wire + HEADER_SIZE, name->wire, name->len);
}

/*
 * A message with our question: is it sound, and the server's?  Nobody else
 * could have broken it on a connection.
 */
static enum step
weigh(struct engine *engine, struct query *query, struct transmission *sent,
    uint64_t now)
{
	const struct answer_packet *in = engine->incoming;
	const struct asking asking = {
	    .id = sent->id,
	    .dnssec_ok = query->request.edns.dnssec_ok,
	};
	const struct fate broken = {.kind = FATE_BROKEN};

	if (sent->cased)
		restore_case(query, in);
	if (reply_parse(&engine->reply, in->wire, in->len, &asking,
		&engine->scratch) != PARSE_OK) {
		counter_add(&engine->counters->upstream_malformed);
		return sent->carrier == CARRIER_UDP
		    ? STEP_WAIT
		    : forward_failed(query, slot_of(query, sent), broken);
	}
	if (is_strange_cookie(engine, sent))
		return strange(engine, query, sent, now);
	if (lacks_cookie(engine, sent, now))
		return ask_warily(engine, query, sent, now);
	query->heard = true;
	witness_add(query->witness,
	    &(struct sighting){
		.kind = WITNESS_HEARD,
		.server = sent->server,
		.number = engine->reply.rcode,
	    });
	learn(engine, query, sent, now);
	return heed(engine, query, sent, now);
}

enum step
judge_step(struct engine *engine, struct query *query, uint64_t now)
{
	const struct answer_packet *in = engine->incoming;
	struct transmission *sent = &query->sent[in->slot];

	assert(in->slot < TRANSMISSIONS);
	if (!sent->open)
		return STEP_WAIT;
	if (sent->edns &&
	    reply_rejects(in->wire, in->len, sent->wire, sent->len))
		return heed_reject(engine, query, sent, now);
	switch (reply_matches(in->wire, in->len, sent->wire, sent->len)) {
	case MATCH_NO:
		return strange(engine, query, sent, now);
	case MATCH_BUT_CASE:
		if (sent->cased && is_doubtful(engine, sent, SKILL_CASE, now))
			return ask_warily(engine, query, sent, now);
		break;
	case MATCH:
		break;
	}
	return weigh(engine, query, sent, now);
}
