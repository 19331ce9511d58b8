#include "dns/zonefile.h"

#include <errno.h>
#include <stdlib.h>
#include <strings.h>

#include "dns/message.h"
#include "dns/rdata.h"
#include "dns/token.h"

enum {
	RECORD_MAX = 64 * 1024,	     /* octets of one record, comments too */
	FILE_MAX = 64 * 1024 * 1024, /* octets of one file */
	TTL_MAX = INT32_MAX,	     /* RFC 2181 section 8 */
	RDATA_MAX = 65535,
	QUOTE_MAX = 80, /* octets of data shown in a message */
};

/*
 * The file as records.  A record is a line, or several within parentheses;
 * its text has neither comments nor parentheses nor line ends.
 */
struct source {
	FILE *file;
	size_t octets;	/* read so far */
	unsigned line;	/* the one being read */
	unsigned begin; /* the one where the record begins */
	size_t start;	/* octets before the record */
	size_t len;	/* of text */
	unsigned depth; /* open parentheses */
	bool escaped;	/* the next octet is taken as it is */
	bool quoted;
	bool comment;
	bool ended;	   /* the record is complete */
	const char *fault; /* the first thing wrong with the record */
	char text[RECORD_MAX + 1];
};

/* A reading from its first record to its last. */
struct zone_reader {
	const char *path;
	const struct zonefile_sink *sink;
	struct diag *diag;
	struct name origin;
	struct name owner; /* the last one given */
	bool has_owner;
	bool has_default; /* $TTL was given */
	bool has_ttl;	  /* a record before had one */
	uint32_t default_ttl;
	uint32_t ttl; /* of the record before */
	bool clean;   /* no error so far */
	bool stopped; /* the sink has had enough */
	struct source source;
	uint8_t rdata[RDATA_MAX];
};

/* Octets to records. */

static void
source_fail(struct source *source, const char *fault)
{
	if (source->fault == NULL)
		source->fault = fault;
}

static void
source_keep(struct source *source, char c)
{
	if (source->octets - source->start > RECORD_MAX) {
		source_fail(source, "has a line longer than 64 KiB");
	} else {
		source->text[source->len++] = c;
	}
}

/* Ends the record, unless a parenthesis is open and all is well with it. */
static void
source_newline(struct source *source)
{
	source->line++;
	source->comment = false;
	if (source->quoted)
		source_fail(source, "has a quote that is not closed");
	if (source->escaped)
		source_fail(source, "has a \\ at the end of a line");
	source->quoted = false;
	source->escaped = false;
	source->ended = source->depth == 0 || source->fault != NULL;
	if (!source->ended)
		source_keep(source, ' ');
}

static void
source_parenthesis(struct source *source, char c)
{
	if (c == '(') {
		source->depth++;
	} else if (source->depth > 0) {
		source->depth--;
	} else {
		source_fail(source, "closes a parenthesis that is not open");
	}
	source_keep(source, ' ');
}

/* An octet with no escape before it. */
static void
source_plain(struct source *source, char c)
{
	if (c == '"')
		source->quoted = !source->quoted;
	if (!source->quoted && c == ';') {
		source->comment = true;
	} else if (!source->quoted && (c == '(' || c == ')')) {
		source_parenthesis(source, c);
	} else {
		source->escaped = c == '\\';
		source_keep(source, c);
	}
}

static void
source_take(struct source *source, char c)
{
	source->octets++;
	if (c == '\n') {
		source_newline(source);
	} else if (c == '\0') {
		source_fail(source, "has a zero octet");
	} else if (source->comment) {
		return;
	} else if (source->escaped) {
		source->escaped = false;
		source_keep(source, c);
	} else {
		source_plain(source, c);
	}
}

/* What a file that ends here leaves open. */
static void
source_end(struct source *source)
{
	if (source->depth > 0)
		source_fail(source, "opens a parenthesis that is not closed");
	if (source->octets > source->start)
		source_newline(source);
}

/* Reads a record into text; false when there are no more. */
static bool
source_next(struct source *source)
{
	source->begin = source->line;
	source->start = source->octets;
	source->len = 0;
	source->depth = 0;
	source->ended = false;
	source->fault = NULL;
	while (!source->ended && source->octets < FILE_MAX) {
		const int c = getc(source->file);

		if (c == EOF)
			break;
		source_take(source, (char)c);
	}
	if (!source->ended)
		source_end(source);
	source->text[source->len] = '\0';
	return source->octets > source->start;
}

/* Records to their meaning. */

static struct mark
here(const struct zone_reader *reader)
{
	return (
	    struct mark){.file = reader->path, .line = reader->source.begin};
}

/* A complaint about a word of the record, or about its data. */
static bool
reject(struct zone_reader *reader, const char *what, const char *word,
    const char *fault)
{
	size_t len = strlen(word);

	while (len > 0 && word[len - 1] == ' ')
		len--;
	reader->clean = false;
	return diag_error(reader->diag, here(reader), "%s '%.*s' %s", what,
	    len < QUOTE_MAX ? (int)len : QUOTE_MAX, word, fault);
}

/* A complaint about the record as a whole. */
static bool
reject_record(struct zone_reader *reader, const char *fault)
{
	reader->clean = false;
	return diag_error(reader->diag, here(reader), "the record %s", fault);
}

static bool
ttl_from_text(const char *text, uint32_t *out)
{
	return token_period(text, out) && *out <= TTL_MAX;
}

static bool
set_origin(struct zone_reader *reader, const char *value)
{
	const char *const fault =
	    token_name(value, &reader->origin, &reader->origin);

	return fault == NULL || reject(reader, "name", value, fault);
}

static bool
set_ttl(struct zone_reader *reader, const char *value)
{
	/* A bad one too, so that each record need not complain. */
	reader->has_default = true;
	return ttl_from_text(value, &reader->default_ttl) ||
	    reject(reader, "TTL", value,
		"is not a number of seconds from 0 to 2147483647");
}

static bool
refuse_include(struct zone_reader *reader, const char *value)
{
	return reject(reader, "$INCLUDE", value,
	    "is refused: put the records into this file");
}

static const struct directive {
	const char *name;
	bool (*obey)(struct zone_reader *reader, const char *value);
} directives[] = {
    {"$ORIGIN", set_origin},
    {"$TTL", set_ttl},
    {"$INCLUDE", refuse_include},
};

static bool
directive_read(struct zone_reader *reader, const char *name,
    struct token_reader *words)
{
	struct token value;
	struct token more;

	for (size_t i = 0; i < sizeof(directives) / sizeof(directives[0]);
	     i++) {
		if (strcasecmp(directives[i].name, name) != 0)
			continue;
		if (!token_next(words, &value)) {
			return reject(reader, "directive", name,
			    "needs a value");
		}
		if (!directives[i].obey(reader, value.text))
			return false;
		return !token_next(words, &more) ||
		    reject(reader, "directive", name, "takes one value");
	}
	return reject(reader, "directive", name,
	    "is not known: there are $ORIGIN and $TTL");
}

/* The word is a class: IN, or one that is not served. */
static bool
is_class(const char *word)
{
	static const char *const classes[] = {"IN", "CH", "HS", "CS"};

	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
		if (strcasecmp(word, classes[i]) == 0)
			return true;
	}
	return strncasecmp(word, "CLASS", strlen("CLASS")) == 0;
}

static bool
is_ttl(const char *word)
{
	return *word >= '0' && *word <= '9';
}

/* What stands between a record's owner and its data. */
struct head {
	bool has_ttl;
	bool has_class;
	uint32_t ttl;
	uint16_t type;
};

static bool
head_ttl(struct zone_reader *reader, struct head *head, const char *word)
{
	head->has_ttl = true;
	return ttl_from_text(word, &head->ttl) ||
	    reject(reader, "TTL", word,
		"is not a number of seconds from 0 to 2147483647");
}

static bool
head_class(struct zone_reader *reader, struct head *head, const char *word)
{
	head->has_class = true;
	return strcasecmp(word, "IN") == 0 || strcasecmp(word, "CLASS1") == 0 ||
	    reject(reader, "class", word, "is not served: only IN is");
}

/*
 * Reads [ttl] [class] type or [class] [ttl] type, RFC 1035 section 5.1.  No
 * type's mnemonic begins with a digit or is a class.
 */
static bool
head_read(struct zone_reader *reader, struct token_reader *words,
    struct head *head)
{
	struct token word;

	while (token_next(words, &word)) {
		bool ok = true;

		if (!head->has_ttl && is_ttl(word.text)) {
			ok = head_ttl(reader, head, word.text);
		} else if (!head->has_class && is_class(word.text)) {
			ok = head_class(reader, head, word.text);
		} else if (rdata_type_from_text(word.text, &head->type)) {
			return true;
		} else {
			ok = reject(reader, "type", word.text, "is not known");
		}
		if (!ok)
			return false;
	}
	return reject_record(reader,
	    words->fault != NULL ? words->fault : "has no type");
}

/*
 * RFC 2308 section 4: without a TTL of its own a record has $TTL's; without
 * $TTL that of the record before (RFC 1035 section 5.1).
 */
static bool
ttl_settle(struct zone_reader *reader, struct head *head)
{
	if (!head->has_ttl && !reader->has_default && !reader->has_ttl) {
		return reject_record(reader,
		    "has no TTL, and neither $TTL nor a record before gives "
		    "one");
	}
	if (!head->has_ttl) {
		head->ttl =
		    reader->has_default ? reader->default_ttl : reader->ttl;
	}
	reader->has_ttl = true;
	reader->ttl = head->ttl;
	return true;
}

static bool
owner_read(struct zone_reader *reader, const char *text)
{
	const char *const fault =
	    token_name(text, &reader->origin, &reader->owner);

	reader->has_owner = fault == NULL;
	return fault == NULL || reject(reader, "name", text, fault);
}

static bool
rdata_read(struct zone_reader *reader, const char *text,
    struct zonefile_record *record)
{
	struct writer writer =
	    writer_over(reader->rdata, sizeof(reader->rdata));
	const char *const fault =
	    rdata_from_text_under(record->type, text, &reader->origin, &writer);
	char type[RDATA_TYPE_TEXT];

	record->rdata = reader->rdata;
	record->len = (uint16_t)writer.at;
	if (fault == NULL)
		return true;
	text += strspn(text, " \t\r");
	return reject(reader, rdata_type_to_text(record->type, type), text,
	    fault);
}

/* Reads what follows the owner and hands the record on. */
static bool
record_read(struct zone_reader *reader, struct token_reader *words)
{
	struct zonefile_record record = {.mark = here(reader)};
	struct head head = {.has_ttl = false};

	if (!reader->has_owner)
		return reject_record(reader, "has no name before it to go by");
	if (!head_read(reader, words, &head) || !ttl_settle(reader, &head))
		return false;
	record.type = head.type;
	record.ttl = head.ttl;
	if (!rdata_read(reader, words->at, &record))
		return false;
	record.owner = reader->owner;
	reader->stopped = !reader->sink->take(reader->sink->arg, &record);
	return !reader->stopped;
}

/* Reads a line: nothing, a directive or a record. */
static bool
line_read(struct zone_reader *reader)
{
	char *const text = reader->source.text;
	struct token_reader words = token_over(text);
	struct token first;
	const bool same_owner = *text == ' ' || *text == '\t';

	if (reader->source.fault != NULL)
		return reject_record(reader, reader->source.fault);
	if (text[strspn(text, " \t\r")] == '\0')
		return true;
	if (same_owner)
		return record_read(reader, &words);
	if (!token_next(&words, &first))
		return reject_record(reader, words.fault);
	if (first.form == TOKEN_PLAIN && first.text[0] == '$')
		return directive_read(reader, first.text, &words);
	return owner_read(reader, first.text) && record_read(reader, &words);
}

/* What stopped the reading before the end of the file, if anything did. */
static void
end_check(struct zone_reader *reader)
{
	struct mark mark = {.file = reader->path};

	if (ferror(reader->source.file)) {
		reader->clean = diag_error(reader->diag, mark,
		    "cannot be read: %s", strerror(errno));
	} else if (reader->source.octets >= FILE_MAX &&
	    getc(reader->source.file) != EOF) {
		reader->clean = diag_error(reader->diag, mark,
		    "the file is longer than 64 MiB");
	}
}

bool
zonefile_read(FILE *file, const char *path, const struct name *origin,
    const struct zonefile_sink *sink, struct diag *diag)
{
	struct zone_reader *const reader = calloc(1, sizeof(*reader));
	bool clean;

	if (reader == NULL) {
		return diag_error(diag, (struct mark){.file = path},
		    "there is no memory to read the file");
	}
	reader->path = path;
	reader->sink = sink;
	reader->diag = diag;
	reader->origin = *origin;
	reader->clean = true;
	reader->source.file = file;
	reader->source.line = 1;
	while (!reader->stopped && source_next(&reader->source))
		line_read(reader);
	if (!reader->stopped)
		end_check(reader);
	clean = reader->clean && !reader->stopped;
	free(reader);
	return clean;
}
