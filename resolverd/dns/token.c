#include "dns/token.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static bool
blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct token_reader
token_over(char *text)
{
	return (struct token_reader){.at = text};
}

static bool
fail(struct token_reader *reader, const char *fault)
{
	reader->fault = fault;
	return false;
}

/* Where a run without quotes ends: at a blank, a quote or the end. */
static char *
plain_end(char *at)
{
	while (*at != '\0' && *at != '"' && !blank(*at))
		at += at[0] == '\\' && at[1] != '\0' ? 2 : 1;
	return at;
}

/* Where a quoted run ends: at the closing quote or the end. */
static char *
quoted_end(char *at)
{
	while (*at != '\0' && *at != '"')
		at += at[0] == '\\' && at[1] != '\0' ? 2 : 1;
	return at;
}

/* Takes the quotes off the word at out->text, whose first one is at open. */
static bool
quoted_take(struct token_reader *reader, char *open, struct token *out)
{
	char *const close = quoted_end(open + 1);

	if (*close == '\0')
		return fail(reader, "has a quote that is not closed");
	if (close[1] != '\0' && !blank(close[1]))
		return fail(reader, "has text right after a closing quote");
	if (open != out->text && open[-1] != '=')
		return fail(reader, "has a quote in the middle of a word");
	out->form = open == out->text ? TOKEN_QUOTED : TOKEN_VALUE;
	memmove(open, open + 1, (size_t)(close - open - 1));
	close[-1] = '\0';
	reader->at = close + 1;
	return true;
}

bool
token_next(struct token_reader *reader, struct token *out)
{
	char *end;

	while (blank(*reader->at))
		reader->at++;
	if (reader->fault != NULL || *reader->at == '\0')
		return false;
	out->text = reader->at;
	end = plain_end(reader->at);
	if (*end == '"')
		return quoted_take(reader, end, out);
	out->form = TOKEN_PLAIN;
	reader->at = *end == '\0' ? end : end + 1;
	*end = '\0';
	return true;
}

bool
token_join(struct token_reader *reader, struct token *out)
{
	struct token more;
	char *end;

	if (!token_next(reader, out))
		return false;
	end = out->text + strlen(out->text);
	while (token_next(reader, &more)) {
		const size_t len = strlen(more.text);

		if (more.form != TOKEN_PLAIN)
			out->form = more.form;
		memmove(end, more.text, len + 1);
		end += len;
	}
	return reader->fault == NULL;
}

static bool
digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The octet at *text, one step further. */
static bool
octet_next(const char **text, char *out)
{
	const char *at = *text;
	int value;

	if (*at != '\\') {
		*out = *at;
		*text = at + 1;
		return true;
	}
	if (!digit(at[1])) {
		*out = at[1];
		*text = at + 2;
		return at[1] != '\0';
	}
	if (!digit(at[2]) || !digit(at[3]))
		return false;
	value = (at[1] - '0') * 100 + (at[2] - '0') * 10 + (at[3] - '0');
	*out = (char)value;
	*text = at + 4;
	return value <= UINT8_MAX;
}

bool
token_unescape(const char *text, char *out, size_t *len)
{
	size_t n = 0;

	while (*text != '\0') {
		char octet;

		if (!octet_next(&text, &octet))
			return false;
		if (out != NULL)
			out[n] = octet;
		n++;
	}
	*len = n;
	return true;
}

/* Whether the text ends with a dot that no backslash takes the meaning of. */
static bool
ends_with_dot(const char *text)
{
	const size_t len = strlen(text);
	size_t slashes = 0;

	if (len == 0 || text[len - 1] != '.')
		return false;
	while (slashes + 1 < len && text[len - 2 - slashes] == '\\')
		slashes++;
	return slashes % 2 == 0;
}

const char *
token_name(const char *text, const struct name *origin, struct name *out)
{
	const bool absolute = ends_with_dot(text);
	struct name name;
	enum name_error error;
	size_t head;

	if (!absolute && origin == NULL)
		return "has a name that must end with a dot";
	if (strcmp(text, "@") == 0) {
		*out = *origin;
		return NULL;
	}
	error = name_from_text(&name, text);
	if (error != NAME_OK)
		return name_error_text(error);
	if (absolute) {
		*out = name;
		return NULL;
	}
	head = name.len - 1U; /* the root's octet makes way for the origin */
	if (head + origin->len > NAME_SIZE)
		return name_error_text(NAME_LONG);
	memcpy(name.wire + head, origin->wire, origin->len);
	name_set(out, name.wire);
	return NULL;
}

/* Seconds in a unit, 0 for what is none. */
static uint32_t
unit_seconds(char c)
{
	static const struct {
		char letter;
		uint32_t seconds;
	} units[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400},
	    {'w', 604800}};

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (units[i].letter == tolower((unsigned char)c))
			return units[i].seconds;
	}
	return 0;
}

bool
token_period(const char *text, uint32_t *out)
{
	uint64_t total = 0;

	if (*text == '\0')
		return false;
	while (*text != '\0') {
		uint64_t number = 0;
		uint32_t unit;

		if (!digit(*text))
			return false;
		for (; digit(*text) && number <= UINT32_MAX; text++)
			number = number * 10 + (uint64_t)(*text - '0');
		unit = *text == '\0' ? 1 : unit_seconds(*text++);
		total += number * unit;
		if (unit == 0 || total > UINT32_MAX)
			return false;
	}
	*out = (uint32_t)total;
	return true;
}

void
token_put(struct writer *out, const char *text)
{
	const size_t len = strlen(text);
	const size_t left = out->bad ? 0 : out->cap - out->at;

	writer_bytes(out, text, len < left ? len : left);
	out->bad = out->bad || len > left;
}

void
token_put_octets(struct writer *out, const uint8_t *octets, size_t len)
{
	for (size_t i = 0; i < len && !out->bad; i++) {
		const uint8_t octet = octets[i];
		char text[5] = {(char)octet};

		if (octet <= ' ' || octet >= 0x7f) {
			snprintf(text, sizeof(text), "\\%03u", octet);
		} else if (strchr("\"\\;()", octet) != NULL) {
			snprintf(text, sizeof(text), "\\%c", octet);
		}
		token_put(out, text);
	}
}
