/*
 * Runs scenario files: the daemon's engine between a network and a clock made
 * of words.  Whatever the engine does must be mentioned by a action, at the
 * second it happens, or the scenario fails.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "expect.h"
#include "message.h"
#include "script.h"
#include "world.h"

/* How a verb is run. */
enum {
	VERB_QUIET = 1, /* everything before it must have been mentioned */
	VERB_CHECK = 2, /* it expects something: a scenario needs one */
};

enum { CLIENT_PORT = 40000 };

typedef bool (*verb_fn)(struct world *world, const struct action *action);

static bool
verb_rejects(struct world *world, const struct action *action)
{
	const char *came = world->complaints == NULL ? "" : world->complaints;
	const bool said =
	    action->count == 2 && strstr(came, action->words[1]) != NULL;

	if (world->running && !world->rejected)
		return script_fail(action, "the configuration was accepted");
	world->rejected = false;
	return said ||
	    script_fail(action, "expected a complaint, came\n%s", came);
}

static bool
verb_warns(struct world *world, const struct action *action)
{
	const char *came = world->complaints == NULL ? "" : world->complaints;

	if (world->rejected) {
		return script_fail(action,
		    "the configuration was rejected:\n%s", came);
	}
	return (action->count == 2 && strstr(came, action->words[1]) != NULL) ||
	    script_fail(action, "expected a warning, came\n%s", came);
}

/* "accepts": the configuration was taken without a complaint. */
static bool
verb_accepts(struct world *world, const struct action *action)
{
	const char *came = world->complaints == NULL ? "" : world->complaints;

	return (!world->rejected && came[0] == '\0') ||
	    script_fail(action, "expected no complaint, came\n%s", came);
}

static bool
verb_slots(struct world *world, const struct action *action)
{
	const unsigned n = action->count == 2
	    ? (unsigned)strtoul(action->words[1], NULL, 10)
	    : 0;

	if (n == 0 || n > WORLD_SLOTS)
		return script_fail(action, "slots 1 to %d", WORLD_SLOTS);
	world->slot_count = n;
	return true;
}

/* "limits [client=N] [group=N]": from the next configuration on. */
static bool
verb_limits(struct world *world, const struct action *action)
{
	static const char *const options[] = {"client=", "group=", NULL};

	world->client_queries = script_number(action, "client=", 0);
	world->group_queries = script_number(action, "group=", 0);
	return script_only(action, 1, options);
}

static bool
verb_lag(struct world *world, const struct action *action)
{
	if (action->count != 2)
		return script_fail(action, "how many milliseconds?");
	world->lag =
	    strtoul(action->words[1], NULL, 10) * (WORLD_SECOND / 1000);
	return true;
}

/* The client, and which of the daemon's addresses it asks. */
static bool
read_client(const struct action *action, struct client_query *asked)
{
	const char *local = script_value(action, "local=");

	if (!addr_parse(action->words[1], CLIENT_PORT, &asked->client)) {
		return script_fail(action, "'%s' is not an address",
		    action->words[1]);
	}
	addr_set_port(&asked->client,
	    (uint16_t)script_number(action, "port=", CLIENT_PORT));
	if (!addr_parse(local == NULL ? "127.0.0.1" : local, 53, &asked->local))
		return script_fail(action, "'%s' is not an address", local);
	return true;
}

static bool
verb_ask(struct world *world, const struct action *action)
{
	static uint8_t wire[WORLD_MESSAGE];
	struct writer writer = writer_over(wire, sizeof(wire));
	struct client_query asked = {
	    .label = script_value(action, "as="),
	    .transport =
		script_has(action, "tcp") ? TRANSPORT_TCP : TRANSPORT_UDP,
	    .edns = !script_has(action, "noedns") &&
		!script_has(action, "raw") &&
		script_number(action, "opts=", 1) > 0,
	};

	if (!world->running)
		return script_fail(action, "there is no configuration");
	if (!message_query(action, &writer) || !read_client(action, &asked))
		return false;
	asked.wire = arena_copy(&world->arena, wire, writer.at);
	asked.len = writer.at;
	return world_ask(world, action, &asked);
}

/* The same action without its first n words. */
static struct action
without_words(const struct action *action, size_t n)
{
	struct action rest = *action;

	rest.words += n;
	rest.at += n;
	rest.count -= n;
	return rest;
}

/* "returns CLIENT": the question shown last comes to us, by a detour. */
static bool
verb_returns(struct world *world, const struct action *action)
{
	static uint8_t wire[WORLD_MESSAGE];
	struct writer writer = writer_over(wire, sizeof(wire));
	struct client_query asked = {.label = script_value(action, "as=")};
	struct seen_question seen;

	if (world->shown == NULL || action->count < 2)
		return script_fail(action, "returns CLIENT after sends");
	seen.wire = world->shown->wire;
	seen.len = world->shown->len;
	if (!message_again(&seen, &writer) || !read_client(action, &asked))
		return false;
	asked.wire = arena_copy(&world->arena, wire, writer.at);
	asked.len = writer.at;
	return world_ask(world, action, &asked);
}

static bool
verb_repeat(struct world *world, const struct action *action)
{
	const unsigned times = action->count > 2
	    ? (unsigned)strtoul(action->words[1], NULL, 10)
	    : 0;
	const struct action ask = without_words(action, times == 0 ? 0 : 2);

	if (times == 0 || strcmp(ask.words[0], "ask") != 0)
		return script_fail(action, "repeat N ask ...");
	for (unsigned i = 0; i < times; i++) {
		if (!verb_ask(world, &ask))
			return false;
	}
	return true;
}

static bool
verb_sends(struct world *world, const struct action *action)
{
	struct event *event = world_take(world, action, EVENT_SENT);
	const struct event *before = world->shown;

	if (event == NULL)
		return false;
	world->shown = event;
	/* RFC 5452 section 9.2: nobody may know an id beforehand. */
	if (before != NULL && before->transmission.id == event->transmission.id)
		return script_fail(action, "the id is that of the one before");
	return expect_sent(action, event);
}

typedef bool (*build_fn)(const struct action *action,
    const struct seen_question *seen, struct writer *writer);

/* Answers the question that an action means with what build makes of it. */
static bool
answer(struct world *world, const struct action *action, build_fn build)
{
	static uint8_t wire[WORLD_MESSAGE];
	struct writer writer = writer_over(wire, sizeof(wire));
	unsigned number;
	const struct slot *slot = world_target(world, action, &number);
	struct seen_question seen;

	if (slot == NULL)
		return false;
	seen.wire = slot->query.sent[number].wire;
	seen.len = slot->query.sent[number].len;
	return build(action, &seen, &writer) &&
	    world_answer(world, action, wire, writer.at);
}

static bool
verb_reply(struct world *world, const struct action *action)
{
	return answer(world, action, message_reply);
}

static bool
verb_garbage(struct world *world, const struct action *action)
{
	return answer(world, action, message_garbage);
}

static bool
verb_dropped(struct world *world, const struct action *action)
{
	return world_take(world, action, EVENT_DROPPED) != NULL;
}

/* Texts, each kept once. */
struct distinct {
	char *texts[64];
	unsigned count;
};

static void
distinct_add(struct distinct *distinct, char *text)
{
	for (unsigned i = 0; i < distinct->count && text != NULL; i++) {
		if (strcmp(distinct->texts[i], text) != 0)
			continue;
		free(text);
		return;
	}
	if (text != NULL && distinct->count < 64)
		distinct->texts[distinct->count++] = text;
}

/* At least as many as an option says. */
static bool
distinct_check(struct distinct *distinct, const struct action *action,
    const char *option)
{
	const unsigned wanted = script_number(action, option, 0);
	const unsigned came = distinct->count;

	for (unsigned i = 0; i < came; i++)
		free(distinct->texts[i]);
	return came >= wanted ||
	    script_fail(action, "%s expected %u, came %u", option, wanted,
		came);
}

static bool
verb_gets(struct world *world, const struct action *action)
{
	const unsigned times = script_number(action, "times=", 1);
	struct distinct orders = {0};
	struct distinct firsts = {0};
	bool ok = action->count >= 2 || script_fail(action, "gets RCODE ...");
	bool varied;

	for (unsigned i = 0; i < times && ok; i++) {
		const struct event *event =
		    world_take(world, action, EVENT_REPLY);

		ok = event != NULL && expect_reply(action, event);
		if (ok && times > 1) {
			distinct_add(&orders, expect_order(event));
			distinct_add(&firsts, expect_first(event));
		}
	}
	varied = distinct_check(&orders, action, "orders=");
	varied &= distinct_check(&firsts, action, "firsts=");
	return ok && varied;
}

static bool
verb_nothing(struct world *world, const struct action *action)
{
	return world_quiet(world, action);
}

/* "counts NAME N": a counter's value since the start. */
static bool
verb_counts(struct world *world, const struct action *action)
{
	if (action->count != 3)
		return script_fail(action, "counts NAME N");
	for (size_t i = 0; i < counter_row_count; i++) {
		const struct counter_row *row = &counter_rows[i];
		const uint64_t came = counter_read(&world->counters, row);

		if (strcmp(row->name, action->words[1]) != 0)
			continue;
		return came == strtoull(action->words[2], NULL, 10) ||
		    script_fail(action, "expected %s, came %llu",
			action->words[2], (unsigned long long)came);
	}
	return script_fail(action, "'%s' is not a counter", action->words[1]);
}

/* "retired N": so many snapshots came back to be freed. */
static bool
verb_retired(struct world *world, const struct action *action)
{
	const unsigned wanted = action->count == 2
	    ? (unsigned)strtoul(action->words[1], NULL, 10)
	    : 0;

	return world->retired == wanted ||
	    script_fail(action, "expected %u snapshots to be retired, came %u",
		wanted, world->retired);
}

/* "rule classic|per_hop|auto": how CNAMEs are followed from here on. */
static bool
verb_rule(struct world *world, const struct action *action)
{
	static const char *const rules[] = {
	    [CHASING_AUTO] = "auto",
	    [CHASING_CLASSIC] = "classic",
	    [CHASING_PER_HOP] = "per_hop",
	};

	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		if (action->count == 2 &&
		    strcmp(action->words[1], rules[i]) == 0) {
			world->chasing = (enum chasing)i;
			return true;
		}
	}
	return script_fail(action, "rule classic|per_hop|auto");
}

/* Nanoseconds. */
static uint64_t
span(const char *text)
{
	return (uint64_t)(strtod(text, NULL) * (double)WORLD_SECOND + 0.5);
}

/* "silence SECONDS" */
static bool
verb_silence(struct world *world, const struct action *action)
{
	if (action->count != 2)
		return script_fail(action, "silence SECONDS");
	return world_silence(world, action,
	    world->now + span(action->words[1]));
}

/* "date YYYY-MM-DDTHH:MM:SS": what the present moment is, in UTC. */
static bool
verb_date(struct world *world, const struct action *action)
{
	struct tm time = {.tm_isdst = 0};
	const char *rest = action->count == 2
	    ? strptime(action->words[1], "%Y-%m-%dT%H:%M:%S", &time)
	    : NULL;

	if (rest == NULL || *rest != '\0')
		return script_fail(action, "date YYYY-MM-DDTHH:MM:SS");
	world_set_date(world, timegm(&time));
	return true;
}

/* The whole language; tests/scenario/message.c and expect.c list options. */
static const struct verb {
	const char *name;
	const char *arguments;
	unsigned how;
	verb_fn run;
} verbs[] = {
    {"config", "[FILE...], '|' lines: start the daemon with it", VERB_QUIET,
	world_config},
    {"reload", "[FILE...], '|' lines: the same while it runs", VERB_QUIET,
	world_reload},
    {"rejects", "TEXT: the configuration was refused with these words",
	VERB_CHECK, verb_rejects},
    {"warns", "TEXT: it was taken with these words", VERB_CHECK, verb_warns},
    {"accepts", ": it was taken without a word", VERB_CHECK, verb_accepts},
    {"rule", "classic|per_hop|auto: how CNAMEs are followed from here on",
	VERB_QUIET, verb_rule},
    {"date", "YYYY-MM-DDTHH:MM:SS: what the present moment is, in UTC",
	VERB_QUIET, verb_date},
    {"slots", "N: how many queries may wait", VERB_QUIET, verb_slots},
    {"limits", "[client=N] [group=N]: of those, for one; before config",
	VERB_QUIET, verb_limits},
    {"lag", "MILLISECONDS: how late timers go off", VERB_QUIET, verb_lag},
    {"ask", "CLIENT NAME TYPE [OPTION...] or CLIENT raw HEX", VERB_QUIET,
	verb_ask},
    {"repeat", "N ask ...: as often in a row", VERB_QUIET, verb_repeat},
    {"sends",
	"SERVER NAME|probe TYPE [tcp|tls] [do] [cd] [ad] [noedns] [cookie] "
	"[nocookie] [asis|mixed]: a server was asked",
	VERB_CHECK, verb_sends},
    {"returns", "CLIENT: that question comes to us by a detour", VERB_QUIET,
	verb_returns},
    {"reply", "RCODE [OPTION...] [RECORD], section lines: it answers",
	VERB_QUIET, verb_reply},
    {"garbage", "[id] HEX: octets come in its place", VERB_QUIET, verb_garbage},
    {"silence", "SECONDS: servers are asked in vain, and no line says so",
	VERB_QUIET, verb_silence},
    {"unreachable", "[of=LABEL] [slot=N]: it cannot be reached", VERB_QUIET,
	world_unreachable},
    {"gets", "RCODE [OPTION...] [RECORD], section lines: a client got this",
	VERB_CHECK, verb_gets},
    {"dropped", ": a client gets no answer", VERB_CHECK, verb_dropped},
    {"nothing", ": nothing happened that was not mentioned", VERB_CHECK,
	verb_nothing},
    {"counts", "NAME N: a counter stands at N", VERB_CHECK, verb_counts},
    {"retired", "N: so many old configurations were given back", VERB_CHECK,
	verb_retired},
};

static const struct verb *
find_verb(const char *name)
{
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		if (strcmp(verbs[i].name, name) == 0)
			return &verbs[i];
	}
	return NULL;
}

/* "at T" sets the clock, "at +T" moves it; seconds. */
static bool
run_clock(struct world *world, const struct action *action)
{
	const bool relative = action->words[1][0] == '+';
	const uint64_t to =
	    span(action->words[1] + relative) + (relative ? world->now : 0);

	return world_advance(world, action, to);
}

/* Runs a action; *checks counts those that expect something. */
static bool
run_step(struct world *world, const struct action *line, unsigned *checks)
{
	struct action action = *line;
	const struct verb *verb;

	if (action.count >= 2 && strcmp(action.words[0], "at") == 0) {
		if (!run_clock(world, &action))
			return false;
		action = without_words(&action, 2);
		if (action.count == 0)
			return true;
	}
	verb = find_verb(action.words[0]);
	if (verb == NULL)
		return script_fail(line, "'%s' is not a verb", action.words[0]);
	if ((verb->how & VERB_QUIET) != 0 && !world_quiet(world, line))
		return false;
	*checks += (verb->how & VERB_CHECK) != 0;
	return verb->run(world, &action);
}

static bool
run_steps(struct world *world, const struct action *first, bool verbose)
{
	const struct action *last = first;
	unsigned checks = 0;

	for (const struct action *action = first; action != NULL;
	     action = action->next) {
		if (verbose) {
			printf("%s:%u: %s\n", action->file, action->line,
			    action->at[0]);
		}
		if (!run_step(world, action, &checks))
			return false;
		last = action;
	}
	if (checks == 0)
		return script_fail(last, "this scenario expects nothing");
	return world_quiet(world, last);
}

/* Whether a scenario chooses the rule for CNAMEs itself. */
static bool
has_rule(const struct action *action)
{
	while (action != NULL && strcmp(action->words[0], "rule") != 0)
		action = action->next;
	return action != NULL;
}

/* Runs a file under a rule for CNAMEs; *own: it has chosen others itself. */
static bool
run_file(const char *path, enum chasing chasing, bool verbose, bool *own)
{
	struct world world;
	const struct action *first;
	bool ok;

	world_init(&world);
	world.chasing = chasing;
	first = script_read(path, &world.arena);
	*own = has_rule(first);
	ok = first != NULL && run_steps(&world, first, verbose);
	world_fini(&world);
	return ok;
}

/* What does not say otherwise must come out the same under either rule. */
static bool
run_twice(const char *path, bool verbose, unsigned *twice)
{
	bool own;

	if (!run_file(path, CHASING_CLASSIC, verbose, &own))
		return false;
	if (own)
		return true;
	(*twice)++;
	if (run_file(path, CHASING_PER_HOP, verbose, &own))
		return true;
	fprintf(stderr, "%s: this was under the rule per_hop\n", path);
	return false;
}

static int
usage(void)
{
	fputs("usage: replay [-v] FILE...\n\n"
	      "A file runs under both rules for CNAMEs unless it has a rule.\n"
	      "at SECONDS or at +SECONDS may stand before any of these:\n",
	    stderr);
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		fprintf(stderr, "%s %s\n", verbs[i].name, verbs[i].arguments);
	}
	return 2;
}

int
main(int argc, char **argv)
{
	const bool verbose = argc > 1 && strcmp(argv[1], "-v") == 0;
	const int first = verbose ? 2 : 1;
	unsigned twice = 0;
	int failed = 0;

	if (first >= argc || argv[first][0] == '-')
		return usage();
	for (int i = first; i < argc; i++)
		failed += !run_twice(argv[i], verbose, &twice);
	printf("replay: %d scenarios, %u of them under both rules for CNAMEs, "
	       "%d failed\n",
	    argc - first, twice, failed);
	return failed == 0 ? 0 : 1;
}
