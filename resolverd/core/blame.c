#include "core/blame.h"

#include <string.h>

#include "core/engine.h"
#include "core/server.h"

/* As much as is of use to a reader, and fits any reply. */
enum { BLAME_TEXT = 220, BLAME_NAMED = 4 };

struct line {
	char *at;
	size_t left; /* without the terminator */
};

static void
put(struct line *line, const char *text)
{
	size_t len = strlen(text);

	if (len > line->left)
		len = line->left;
	memcpy(line->at, text, len);
	line->at += len;
	line->left -= len;
	*line->at = '\0';
}

static void
put_server(struct line *line, const struct upstream_server *server)
{
	char text[SERVER_TEXT];

	put(line, server_format(server, text));
}

static const char *
rcode_text(unsigned rcode)
{
	static const char *const texts[] = {
	    [RCODE_NOERROR] = " answered too much",
	    [RCODE_FORMERR] = " answered FORMERR",
	    [RCODE_SERVFAIL] = " answered SERVFAIL",
	    [RCODE_NOTIMP] = " answered NOTIMP",
	    [RCODE_REFUSED] = " answered REFUSED",
	};

	if (rcode >= sizeof(texts) / sizeof(texts[0]) || texts[rcode] == NULL)
		return " answered with an error";
	return texts[rcode];
}

static const char *
fate_text(const struct fate *fate)
{
	switch (fate->kind) {
	case FATE_NONE:
		return " was not asked";
	case FATE_ERROR:
		return rcode_text(fate->rcode);
	case FATE_ENDLESS:
		return " answered with CNAMEs that have no end";
	case FATE_BROKEN:
		return " sent a broken answer";
	case FATE_SILENT:
		return " did not answer";
	case FATE_UNREACHABLE:
		return " could not be reached";
	case FATE_LOOP:
		return " leads back to this server";
	}
	return "";
}

static void
put_fate(struct line *line, const struct fate *fate)
{
	put(line, fate_text(fate));
	if (fate->why == NULL)
		return;
	put(line, " (");
	put(line, fate->why);
	put(line, ")");
}

/* "upstream server 10.0.0.2 answered SERVFAIL" */
static void
put_one(struct line *line, const struct query *query)
{
	const struct upstream_group *group = query->group;

	put(line, group->what);
	put(line, " ");
	put_server(line, &group->servers[0]);
	put(line, group->whose);
	put_fate(line, &query->fates[0]);
}

static bool
same_fate(const struct fate *a, const struct fate *b)
{
	return a->kind == b->kind && a->rcode == b->rcode && a->why == b->why;
}

/*
 * "upstream servers: 10.0.0.2, 10.0.0.3 answered REFUSED, 10.0.0.4 did not
 * answer"
 */
static void
put_all(struct line *line, const struct query *query)
{
	const struct upstream_group *group = query->group;
	const struct fate *fates = query->fates;
	const unsigned named =
	    group->count < BLAME_NAMED ? group->count : BLAME_NAMED;

	put(line, group->what);
	put(line, "s");
	put(line, group->whose);
	for (unsigned i = 0; i < named; i++) {
		put(line, i == 0 ? ": " : ", ");
		put_server(line, &group->servers[i]);
		if (i + 1 == named || !same_fate(&fates[i], &fates[i + 1]))
			put_fate(line, &fates[i]);
	}
	if (named < group->count)
		put(line, ", and so on");
}

/* What the server itself said. */
static void
put_said(struct line *line, const struct said *said)
{
	const char *name = edns_error_name(said->code);

	put(line, ": ");
	put(line, name == NULL ? "" : name);
	if (said->text[0] == '\0')
		return;
	put(line, name == NULL ? "" : ", ");
	put(line, said->text);
}

const char *
blame_text(struct engine *engine, const struct query *query)
{
	char *text = arena_alloc(&engine->scratch, BLAME_TEXT + 1);
	struct line line = {.at = text, .left = BLAME_TEXT};

	if (text == NULL || query->group->count == 0)
		return query->group->unreachable_text;
	if (query->group->count == 1) {
		put_one(&line, query);
	} else {
		put_all(&line, query);
	}
	if (query->said.anything)
		put_said(&line, &query->said);
	return text;
}
