#include "config/export_text.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "dns/rdata.h"

static const char *
kept(const char *text)
{
	return text == NULL ? "" : text;
}

const char *
export_text_name(struct arena *arena, const struct name *name)
{
	char text[NAME_TEXT];

	return kept(arena_strdup(arena, name_to_text(name->wire, text)));
}

const char *
export_text_type(struct arena *arena, uint16_t type)
{
	char text[RDATA_TYPE_TEXT];

	return kept(arena_strdup(arena, rdata_type_to_text(type, text)));
}

const char *
export_text_rdata(struct arena *arena, uint16_t type, const struct rdata *rdata)
{
	/* The most that an octet turns into: a DNSSEC algorithm's name. */
	enum { LETTERS = 16, SOME = 256 };
	const size_t cap = (size_t)rdata->len * LETTERS + SOME;
	char *const buf = malloc(cap);
	const char *text;

	if (buf == NULL) {
		arena->full = true;
		return "";
	}
	text = arena_strdup(arena,
	    rdata_to_text(type, rdata->bytes, rdata->len, buf, cap));
	free(buf);
	return kept(text);
}

const char **
export_text_rdatas(struct arena *arena, uint16_t type,
    const struct rdata *rdata, size_t count)
{
	static const char *none[] = {NULL};
	const char **texts = arena_calloc(arena, count + 1, sizeof(*texts));

	if (texts == NULL)
		return none;
	for (size_t i = 0; i < count; i++)
		texts[i] = export_text_rdata(arena, type, &rdata[i]);
	return texts;
}

const char *
export_text_host(struct arena *arena, const struct addr *addr)
{
	char text[ADDR_TEXT];

	return kept(arena_strdup(arena, addr_format_host(addr, text)));
}

const char *
export_text_target(struct arena *arena, const struct model_target *target)
{
	return target->addr.len == 0
	    ? export_text_name(arena, &target->domain_name.name)
	    : export_text_host(arena, &target->addr);
}

const char *
export_text_ratio(struct arena *arena, uint32_t ratio)
{
	enum { ONE = 10000 };
	char *text = arena_printf(arena, "%u.%04u", ratio / ONE, ratio % ONE);
	size_t len;

	if (text == NULL)
		return "";
	len = strlen(text);
	while (text[len - 1] == '0')
		text[--len] = '\0';
	if (text[len - 1] == '.')
		text[len - 1] = '\0';
	return text;
}

/* Octets that text takes when each c turns into four. */
static size_t
room_without(const char *text, char c)
{
	enum { ESCAPE = 4 };
	size_t room = 1;

	for (; *text != '\0'; text++)
		room += *text == c ? ESCAPE : 1;
	return room;
}

const char *
export_text_without(struct arena *arena, const char *text, char c)
{
	char *const copy = arena_alloc(arena, room_without(text, c));
	char *at = copy;

	if (copy == NULL)
		return "";
	while (*text != '\0') {
		/* An escaped letter is itself: the backslash goes with it. */
		const bool escaped = text[0] == '\\' && text[1] != '\0';
		const char letter = text[escaped ? 1 : 0];

		if (letter == c) {
			*at++ = '\\';
			*at++ = (char)('0' + c / 100);
			*at++ = (char)('0' + c / 10 % 10);
			*at++ = (char)('0' + c % 10);
		} else {
			if (escaped)
				*at++ = '\\';
			*at++ = letter;
		}
		text += escaped ? 2 : 1;
	}
	*at = '\0';
	return copy;
}

static bool
is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static char
to_lower(char c)
{
	if (c >= 'A' && c <= 'Z')
		return (char)(c - 'A' + 'a');
	return c;
}

/* Copies text after prefix, with joint in place of what may not stand there. */
static char *
reduced(struct arena *arena, const char *prefix, const char *text, char joint)
{
	char *const copy = arena_printf(arena, "%s%s", prefix, text);
	size_t len;

	if (copy == NULL)
		return NULL;
	for (char *c = copy; *c != '\0'; c++) {
		*c = to_lower(*c);
		if (!is_lower(*c) && !is_digit(*c))
			*c = joint;
	}
	len = strlen(copy);
	while (len > 0 && copy[len - 1] == joint)
		copy[--len] = '\0';
	return copy;
}

const char *
export_text_identifier(struct arena *arena, const char *text)
{
	/* "*.run.app." and "run.app." shall not look alike. */
	const bool star = text[0] == '*';
	const char *const identifier =
	    reduced(arena, star ? "any" : "", star ? text + 1 : text, '_');

	return identifier == NULL || *identifier == '\0' ? "root" : identifier;
}

const char *
export_text_resource(struct arena *arena, const char *text)
{
	const char *const prefix = is_lower(to_lower(text[0])) ? "" : "z-";
	char *const name = reduced(arena, prefix, text, '-');
	size_t len;

	if (name == NULL)
		return "";
	len = strlen(name);
	if (len > EXPORT_TEXT_RESOURCE)
		len = EXPORT_TEXT_RESOURCE;
	while (len > 0 && name[len - 1] == '-')
		len--;
	name[len] = '\0';
	return name;
}
