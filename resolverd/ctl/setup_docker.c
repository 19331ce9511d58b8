#include "ctl/setup_docker.h"

#include <ifaddrs.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/diag.h"
#include "config/json.h"
#include "config/node.h"

#define BLANKS " \t\r\n"

void
setup_docker_bridge(bool live, char text[ADDR_TEXT])
{
	struct ifaddrs *all = NULL;
	struct addr found;

	snprintf(text, ADDR_TEXT, "172.17.0.1");
	if (!live || getifaddrs(&all) != 0)
		return;
	for (const struct ifaddrs *i = all; i != NULL; i = i->ifa_next) {
		if (strcmp(i->ifa_name, "docker0") != 0 ||
		    i->ifa_addr == NULL || i->ifa_addr->sa_family != AF_INET)
			continue;
		memcpy(&found.u.in4, i->ifa_addr, sizeof(found.u.in4));
		found.len = sizeof(found.u.in4);
		addr_format_host(&found, text);
	}
	freeifaddrs(all);
}

/* Where in the text the new value goes, and what it takes the place of. */
struct span {
	const char *from;
	const char *to;
};

/* Behind a JSON string that begins here. */
static const char *
skip_string(const char *at)
{
	for (at++; *at != '"' && *at != '\0'; at++) {
		if (*at == '\\' && at[1] != '\0')
			at++;
	}
	return *at == '"' ? at + 1 : at;
}

/* Behind a value: at the comma, or the bracket, that ends it. */
static const char *
skip_value(const char *at)
{
	unsigned depth = 0;

	while (*at != '\0') {
		if (*at == '"') {
			at = skip_string(at);
			continue;
		}
		if (depth == 0 && strchr(",}]", *at) != NULL)
			break;
		if (*at == '{' || *at == '[')
			depth++;
		if (*at == '}' || *at == ']')
			depth--;
		at++;
	}
	return at;
}

/* The blanks before the end of a value are not of it. */
static const char *
trim(const char *from, const char *to)
{
	while (to > from && strchr(BLANKS, to[-1]) != NULL)
		to--;
	return to;
}

/* The value of "dns" in an object that was found good; false: it has none. */
static bool
find_value(const char *object, struct span *span)
{
	static const char key[] = "\"dns\"";
	const char *at = object + 1;

	for (at += strspn(at, BLANKS); *at == '"'; at += strspn(at, BLANKS)) {
		const char *name = at;
		const char *value = skip_string(at);
		const bool ours = (size_t)(value - name) == sizeof(key) - 1 &&
		    strncmp(name, key, sizeof(key) - 1) == 0;

		value += strspn(value, BLANKS ":");
		at = skip_value(value);
		if (ours) {
			*span = (struct span){value, trim(value, at)};
			return true;
		}
		at += *at == ',';
	}
	return false;
}

static bool
is_object(const char *text, const char **fault)
{
	const struct yaml_text json = {.text = text, .len = strlen(text)};
	const struct node *node;
	struct arena arena;
	struct diag diag;
	bool good;

	diag_init(&diag);
	arena_init_heap(&arena, 4096);
	node = json_load(&json, NULL, &arena, &diag);
	good = node != NULL && node->kind == NODE_MAP;
	arena_fini(&arena);
	diag_fini(&diag);
	*fault = good ? NULL : "is no JSON object";
	return good;
}

const char *
setup_docker_merge(const char *old, const char *address, struct arena *arena,
    const char **fault)
{
	const char *object = old + strspn(old, BLANKS);
	const char *merged;
	struct span span;

	*fault = NULL;
	if (*object == '\0') {
		merged =
		    arena_printf(arena, "{\n  \"dns\": [\"%s\"]\n}\n", address);
	} else if (!is_object(old, fault)) {
		return NULL;
	} else if (find_value(object, &span)) {
		merged = arena_printf(arena, "%.*s[\"%s\"]%s",
		    (int)(span.from - old), old, address, span.to);
	} else {
		const char *rest = object + 1;
		const bool empty = rest[strspn(rest, BLANKS)] == '}';

		merged = arena_printf(arena, "%.*s\n  \"dns\": [\"%s\"]%s%s",
		    (int)(rest - old), old, address, empty ? "" : ",", rest);
	}
	if (merged == NULL)
		*fault = "is too much for the memory";
	return merged;
}
