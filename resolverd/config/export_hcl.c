#include "config/export_hcl.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#include "config/export_text.h"

enum { STEP = 2, LETTER = sizeof("\\u0000") - 1 };

/* Writes one letter of a string; returns the end. */
static char *
put_letter(char *at, const char *letter)
{
	const bool template =
	    (*letter == '$' || *letter == '%') && letter[1] == '{';

	if (*letter == '\n') {
		*at++ = '\\';
		*at++ = 'n';
		return at;
	}
	if ((unsigned char)*letter < ' ' || *letter == 0x7f) {
		snprintf(at, LETTER + 1, "\\u%04x", (unsigned char)*letter);
		return at + LETTER;
	}
	if (*letter == '"' || *letter == '\\')
		*at++ = '\\';
	if (template)
		*at++ = *letter;
	*at++ = *letter;
	return at;
}

const char *
export_hcl_text(const struct export_hcl *hcl, const char *text)
{
	char *copy;
	char *at;

	if (text == NULL)
		return NULL;
	copy = arena_alloc(hcl->arena, strlen(text) * LETTER + sizeof("\"\""));
	if (copy == NULL)
		return "";
	at = copy;
	*at++ = '"';
	for (; *text != '\0'; text++)
		at = put_letter(at, text);
	*at++ = '"';
	*at = '\0';
	return copy;
}

const char *
export_hcl_name(const struct export_hcl *hcl, const struct name *name)
{
	return export_hcl_text(hcl, export_text_name(hcl->arena, name));
}

const char *
export_hcl_type(const struct export_hcl *hcl, uint16_t type)
{
	return export_hcl_text(hcl, export_text_type(hcl->arena, type));
}

const char *
export_hcl_number(const struct export_hcl *hcl, uint32_t number)
{
	const char *const text = arena_printf(hcl->arena, "%" PRIu32, number);

	return text == NULL ? "" : text;
}

const char *
export_hcl_data(const struct export_hcl *hcl, uint16_t type,
    const struct rdata *rdata, size_t count)
{
	const char **const texts =
	    export_text_rdatas(hcl->arena, type, rdata, count);
	size_t room = sizeof("[]");
	size_t at = 1;
	char *list;

	if (count == 0)
		return NULL;
	for (size_t i = 0; i < count && texts[i] != NULL; i++) {
		texts[i] = export_hcl_text(hcl, texts[i]);
		room += strlen(texts[i]) + sizeof(", ");
	}
	list = arena_alloc(hcl->arena, room);
	if (list == NULL)
		return "";
	list[0] = '[';
	for (size_t i = 0; i < count && texts[i] != NULL; i++) {
		at += (size_t)snprintf(list + at, room - at, "%s%s",
		    i == 0 ? "" : ", ", texts[i]);
	}
	list[at++] = ']';
	list[at] = '\0';
	return list;
}

const char *
export_hcl_reference(const struct export_hcl *hcl,
    const struct export_hcl_attribute *attribute)
{
	const char *const text = arena_printf(hcl->arena, "%s.%s.%s",
	    attribute->type, attribute->address, attribute->name);

	return text == NULL ? "" : text;
}

void
export_hcl_arguments(const struct export_hcl *hcl, unsigned depth,
    const struct export_hcl_argument *arguments, size_t count)
{
	size_t widest = 0;

	for (size_t i = 0; i < count; i++) {
		const size_t width = strlen(arguments[i].name);

		if (arguments[i].value != NULL && width > widest)
			widest = width;
	}
	for (size_t i = 0; i < count; i++) {
		if (arguments[i].value == NULL)
			continue;
		fprintf(hcl->out, "%*s%-*s = %s\n", (int)(depth * STEP), "",
		    (int)widest, arguments[i].name, arguments[i].value);
	}
}

void
export_hcl_open(const struct export_hcl *hcl, unsigned depth, const char *head)
{
	fprintf(hcl->out, "%*s%s {\n", (int)(depth * STEP), "", head);
}

void
export_hcl_close(const struct export_hcl *hcl, unsigned depth)
{
	fprintf(hcl->out, "%*s}\n", (int)(depth * STEP), "");
}

void
export_hcl_block(const struct export_hcl *hcl, unsigned depth, const char *head,
    const struct export_hcl_argument *only)
{
	export_hcl_open(hcl, depth, head);
	export_hcl_arguments(hcl, depth + 1, only, 1);
	export_hcl_close(hcl, depth);
}

void
export_hcl_resource(const struct export_hcl *hcl, const char *type,
    const char *address)
{
	fprintf(hcl->out, "resource \"%s\" \"%s\" {\n", type, address);
}

void
export_hcl_indent(const struct export_hcl *hcl, unsigned depth)
{
	fprintf(hcl->out, "%*s", (int)(depth * STEP), "");
}
