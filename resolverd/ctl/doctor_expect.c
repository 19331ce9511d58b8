#include "ctl/doctor_expect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/order.h"
#include "ctl/doctor_addrs.h"
#include "ctl/explain.h"
#include "ctl/lookup.h"
#include "ctl/story.h"
#include "ctl/words.h"
#include "io/clock.h"
#include "io/inquiry.h"
#include "model/preset.h"

enum { ADDRESS_TYPES = 2, DNS_PORT = 53, TEXT = 1024 };

static const uint16_t types[ADDRESS_TYPES] = {TYPE_A, TYPE_AAAA};

/* One question to the engine. */
struct asking_engine {
	struct doctor *doctor;
	struct lookup_session *session;
	struct inquiry *inquiry;
	struct witness witness;
	struct words words;
	struct story story;
};

static void
answered(struct inquiry *inquiry)
{
	bool *back = inquiry->context;

	*back = true;
}

/* Whether a step's answer came from this configuration and nowhere else. */
static bool
is_own(const struct story_step *step)
{
	return step != NULL && !story_has(step, WITNESS_ASK) &&
	    !story_has(step, WITNESS_CACHE) && !story_has(step, WITNESS_JOIN);
}

/* Adds a hop's words, unless the hop before it has the same. */
static void
add_words(char text[TEXT], const char *words)
{
	const size_t at = strlen(text);

	if (words == NULL ||
	    (at >= strlen(words) &&
		strcmp(text + at - strlen(words), words) == 0))
		return;
	snprintf(text + at, TEXT - at, "%s%s", at == 0 ? "" : "; then ", words);
}

/* Which step answers the question, and whom each CNAME's target. */
static void
tell_story(struct asking_engine *asking)
{
	struct doctor_expected *expected = &asking->doctor->expected;
	char text[TEXT] = "";

	expected->own = asking->story.count > 0;
	for (size_t i = 0; i < asking->story.count; i++) {
		const struct story_step *step =
		    story_answerer(&asking->story.hops[i]);

		expected->own = expected->own && is_own(step);
		if (step != NULL)
			add_words(text, words_step(&asking->words, step));
	}
	if (text[0] != '\0')
		expected->because = arena_strdup(&asking->doctor->arena, text);
}

static void
engine_ask(struct asking_engine *asking, size_t which)
{
	struct doctor *doctor = asking->doctor;
	struct doctor_expected *expected = &doctor->expected;
	struct question question = doctor->question;
	bool back = false;

	question.type = types[which];
	inquiry_init(asking->inquiry, &question);
	asking->witness.count = 0;
	asking->inquiry->witness = &asking->witness;
	asking->inquiry->answered = answered;
	asking->inquiry->context = &back;
	lookup_ask(asking->session, asking->inquiry);
	while (!back)
		lookup_wait(asking->session);
	expected->answered[which] =
	    asking->inquiry->outcome == INQUIRY_ANSWERED &&
	    response_read(&expected->answers[which], asking->inquiry->answer,
		asking->inquiry->answer_len, &doctor->arena);
	asking->words = (struct words){
	    .arena = &doctor->arena,
	    .view = lookup_view_of(asking->session, asking->inquiry),
	    .chase =
		explain_chase(asking->session->snapshot->options.cname_chasing,
		    clock_date() / (int64_t)CLOCK_SECOND),
	    .type = question.type,
	};
	if (which == 0 &&
	    story_tell(&asking->story, &asking->witness, asking->words.view,
		&doctor->arena))
		tell_story(asking);
	lookup_release(asking->inquiry);
}

static void
engine_ask_all(struct doctor *doctor, struct lookup_session *session)
{
	struct asking_engine asking = {.doctor = doctor, .session = session};

	asking.witness.arena = &doctor->arena;
	asking.witness.seen = arena_calloc(&doctor->arena, WITNESS_SIGHTINGS,
	    sizeof(*asking.witness.seen));
	asking.inquiry = malloc(sizeof(*asking.inquiry));
	for (size_t i = 0; asking.inquiry != NULL &&
	     asking.witness.seen != NULL && i < ADDRESS_TYPES;
	     i++) {
		/* What no server said of A it will not say of AAAA in time. */
		if (i == 0 || doctor->expected.own ||
		    doctor->expected.answers[0].rcode != RCODE_SERVFAIL)
			engine_ask(&asking, i);
	}
	free(asking.inquiry);
}

/* What the configuration says of itself. */

static void
read_control(struct doctor *doctor, const struct model *model)
{
	const char *path = model->control_socket.text;

	if (path != NULL)
		doctor->expected.control = arena_strdup(&doctor->arena, path);
}

static void
read_listen(struct doctor_expected *expected, const struct model *model)
{
	const struct model_addr *listen = model->listen.items;

	for (size_t i = 0; i < model->listen.count; i++) {
		if (!addr_is_any(&listen[i].addr))
			doctor_addrs_add(&expected->listen, &listen[i].addr);
	}
}

static void
read_endpoints(struct doctor_expected *expected, const struct model *model)
{
	const struct model_psc_endpoint *endpoints = model->psc_endpoints.items;

	if (model->psc_address.mark.file != NULL) {
		struct addr addr = model->psc_address.addr;

		addr_set_port(&addr, 0);
		doctor_addrs_add(&expected->endpoints, &addr);
	}
	for (size_t i = 0; i < model->psc_endpoints.count; i++) {
		struct addr addr = endpoints[i].address.addr;

		addr_set_port(&addr, 0);
		doctor_addrs_add(&expected->endpoints, &addr);
	}
}

static void
add_vips(struct doctor_expected *expected, const struct model_list *list)
{
	const struct model_addr *addrs = list->items;

	for (size_t i = 0; i < list->count; i++) {
		struct addr addr = addrs[i].addr;

		addr_set_port(&addr, 0);
		doctor_addrs_add(&expected->vips, &addr);
	}
}

static void
read_vips(struct doctor_expected *expected, const struct model *model)
{
	const struct model_preset *own = model->preset_definitions.items;

	for (size_t i = 0; i < model->preset_definitions.count; i++) {
		add_vips(expected, &own[i].restricted_addresses);
		add_vips(expected, &own[i].private_addresses);
	}
}

static void
add_upstream(struct doctor_expected *expected,
    const struct upstream_server *server)
{
	if (server->addr.len != 0 &&
	    expected->upstream_count < UPSTREAM_SERVERS)
		expected->upstreams[expected->upstream_count++] = *server;
}

static void
read_upstreams(struct doctor_expected *expected, const struct model *model)
{
	const struct model_server *servers = model->upstreams.items;
	const struct addr *found = model->system_servers.items;

	for (size_t i = 0; i < model->upstreams.count; i++)
		add_upstream(expected, &servers[i].server);
	for (size_t i = 0; i < model->system_servers.count; i++) {
		const struct upstream_server server = {.addr = found[i]};

		add_upstream(expected, &server);
	}
}

/* The domain among a model's presets that the name lies in, or NULL. */
static const char *
preset_domain(struct doctor *doctor, const struct model *model)
{
	const struct model_network any = {.presets_given = false};
	struct model_list zones;
	const struct model_zone *zone;
	char text[NAME_TEXT];

	if (!preset_zones(model, &any, &doctor->arena, &zones))
		return NULL;
	zone = zones.items;
	for (size_t i = 0; i < zones.count; i++) {
		if (name_under(doctor->question.name.wire,
			zone[i].dns_name.name.wire)) {
			return arena_strdup(&doctor->arena,
			    name_to_text(zone[i].dns_name.name.wire, text));
		}
	}
	return NULL;
}

/* The same of all presets there are, in force or not. */
static void
read_preset(struct doctor *doctor, const struct model *model)
{
	struct model all = *model;
	size_t count;
	const char **names = preset_names(model, &doctor->arena, &count);
	struct model_text *presets =
	    arena_calloc(&doctor->arena, count, sizeof(*presets));

	if (names == NULL || presets == NULL)
		return;
	all.zones = (struct model_list){.count = 0};
	doctor->expected.follows = preset_domain(doctor, &all) != NULL;
	for (size_t i = 0; i < count; i++)
		presets[i].text = names[i];
	all.mode = MODE_RESTRICTED;
	all.presets = (struct model_list){presets, count};
	doctor->expected.preset = preset_domain(doctor, &all);
}

void
doctor_expect_run(struct doctor *doctor)
{
	struct doctor_expected *expected = &doctor->expected;
	struct lookup_session *session = malloc(sizeof(*session));

	if (session == NULL)
		return;
	if (lookup_open(session, doctor->options.config)) {
		expected->known = true;
		expected->mode = session->model.mode;
		read_control(doctor, &session->model);
		read_listen(expected, &session->model);
		read_endpoints(expected, &session->model);
		read_vips(expected, &session->model);
		read_upstreams(expected, &session->model);
		read_preset(doctor, &session->model);
		engine_ask_all(doctor, session);
		lookup_close(session);
	}
	free(session);
}
