#include "ctl/http_head.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { FIELDS_MAX = 64, TAB = '\t', DELETE = 0x7f, HEX = 16 };

static const struct {
	unsigned status;
	const char *text;
} faults[] = {
    [HTTP_FAULT_NONE] = {200, "nothing is wrong"},
    [HTTP_FAULT_LINE] = {400,
	"a line of the request does not end in CR LF, "
	"or has control characters"},
    [HTTP_FAULT_REQUEST] = {400, "the first line is not METHOD /PATH HTTP/1.1"},
    [HTTP_FAULT_FIELD] = {400,
	"a header line is not 'Name: value' on one "
	"line, or there are more than 64"},
    [HTTP_FAULT_HOST] = {400, "a request has one Host header"},
    [HTTP_FAULT_BODY] = {400, "a request has no body here"},
    [HTTP_FAULT_METHOD] = {405, "only GET and HEAD can be used here"},
    [HTTP_FAULT_LARGE] = {431,
	"the head of the request is longer than 8192 "
	"octets"},
    [HTTP_FAULT_VERSION] = {505, "only HTTP/1.1 and HTTP/1.0 are spoken here"},
    [HTTP_FAULT_EXPECT] = {417, "nothing can be expected but the answer"},
    [HTTP_FAULT_FOREIGN] = {403, "another web site's pages get no answer"},
    [HTTP_FAULT_MISPLACED] = {421,
	"the request's Host is neither an address "
	"of this server nor in http_hosts"},
    [HTTP_FAULT_LATE] = {408, "the request was not whole within 5 seconds"},
    [HTTP_FAULT_CROWD] = {503, "its client has 8 connections already"},
    [HTTP_FAULT_STUCK] = {503,
	"too many requests wait for workers, which do "
	"not answer"},
};

unsigned
http_fault_status(enum http_fault fault)
{
	return faults[fault].status;
}

const char *
http_fault_text(enum http_fault fault)
{
	return faults[fault].text;
}

/* Finding. */

/* Text beyond ASCII may stand in a field (RFC 9110 section 5.5). */
static bool
is_control(char octet)
{
	return ((uint8_t)octet < ' ' && octet != TAB) || octet == DELETE;
}

size_t
http_head_find(const char *text, size_t len, enum http_fault *fault)
{
	size_t line = 0;

	*fault = HTTP_FAULT_NONE;
	for (size_t i = 0; i < len; i++) {
		if (!is_control(text[i]))
			continue;
		if (text[i] == '\r' && i + 1 == len)
			break;
		if (text[i] != '\r' || text[i + 1] != '\n') {
			*fault = HTTP_FAULT_LINE;
			return 0;
		}
		if (i == line)
			return i + 2;
		line = i + 2;
		i++;
	}
	if (len >= HTTP_HEAD_MAX)
		*fault = HTTP_FAULT_LARGE;
	return 0;
}

/* Reading. */

/* Cuts the next line off; NULL: the empty one. */
static char *
take_line(char **rest)
{
	char *line = *rest;
	char *end = strchr(line, '\r');

	if (end == NULL || end == line)
		return NULL;
	*end = '\0';
	*rest = end + 2;
	return line;
}

static bool
is_alphanumeric(char octet)
{
	return (octet >= 'a' && octet <= 'z') ||
	    (octet >= 'A' && octet <= 'Z') || (octet >= '0' && octet <= '9');
}

/* RFC 9110 section 5.6.2. */
static bool
is_token(const char *text)
{
	static const char marks[] = "!#$%&'*+-.^_`|~";
	const char *at = text;

	while (
	    *at != '\0' && (is_alphanumeric(*at) || strchr(marks, *at) != NULL))
		at++;
	return at > text && *at == '\0';
}

/* What a path and a query may consist of (RFC 3986), escapes unread. */
static bool
is_target(const char *text)
{
	static const char marks[] = "-._~!$&'()*+,;=:@/?%";

	/* Two slashes would begin a host. */
	if (text[0] != '/' || text[1] == '/')
		return false;
	while (is_alphanumeric(*text) ||
	    (*text != '\0' && strchr(marks, *text) != NULL))
		text++;
	return *text == '\0';
}

static enum http_fault
read_version(const char *text)
{
	if (strncmp(text, "HTTP/", 5) != 0 || text[5] < '0' || text[5] > '9' ||
	    text[6] != '.' || text[7] < '0' || text[7] > '9' || text[8] != '\0')
		return HTTP_FAULT_REQUEST;
	return text[5] == '1' && text[7] <= '1' ? HTTP_FAULT_NONE
						: HTTP_FAULT_VERSION;
}

/*
 * Takes the scheme and the host off, as a client has them that believes to talk
 * to a proxy (RFC 9112 section 3.2.2); the path is left.
 */
static char *
take_authority(struct http_head *head, char *target)
{
	static const char scheme[] = "http://";
	const size_t skip = sizeof(scheme) - 1;
	char *path;
	size_t len;

	if (strncasecmp(target, scheme, skip) != 0)
		return target;
	len = strcspn(target + skip, "/?");
	path = target + skip + len;
	/* It moves to the front, which makes room for its end and a slash. */
	memmove(target, target + skip, len);
	target[len] = '\0';
	head->authority = target;
	if (*path != '/')
		*--path = '/';
	return path;
}

static enum http_fault
read_request(struct http_head *head, char *line)
{
	char *target = strchr(line, ' ');
	char *version = target == NULL ? NULL : strchr(target + 1, ' ');
	char *query;
	enum http_fault fault;

	if (version == NULL)
		return HTTP_FAULT_REQUEST;
	*target++ = '\0';
	*version++ = '\0';
	fault = read_version(version);
	if (fault != HTTP_FAULT_NONE)
		return fault;
	if (!is_token(line))
		return HTTP_FAULT_REQUEST;
	head->body_wanted = strcmp(line, "GET") == 0;
	if (!head->body_wanted && strcmp(line, "HEAD") != 0)
		return HTTP_FAULT_METHOD;
	target = take_authority(head, target);
	if (!is_target(target))
		return HTTP_FAULT_REQUEST;
	query = strchr(target, '?');
	if (query != NULL)
		*query++ = '\0';
	head->path = target;
	head->query = query == NULL ? "" : query;
	return HTTP_FAULT_NONE;
}

/* Takes spaces and tabs off both ends. */
static char *
trim(char *text)
{
	size_t len;

	text += strspn(text, " \t");
	len = strlen(text);
	while (len > 0 && (text[len - 1] == ' ' || text[len - 1] == TAB))
		len--;
	text[len] = '\0';
	return text;
}

/* Fields that mean something here, and what is said twice is a fault. */
static const struct field {
	const char *name;
	size_t at; /* of a const char * in struct http_head; 0: not kept */
	enum http_fault fault; /* it must not be there at all, or not twice */
} fields[] = {
    {"Host", offsetof(struct http_head, host), HTTP_FAULT_HOST},
    {"Origin", offsetof(struct http_head, origin), HTTP_FAULT_FIELD},
    {"Sec-Fetch-Site", offsetof(struct http_head, fetch_site),
	HTTP_FAULT_FIELD},
    {"Sec-Fetch-Mode", offsetof(struct http_head, fetch_mode),
	HTTP_FAULT_FIELD},
    {"Sec-Fetch-Dest", offsetof(struct http_head, fetch_dest),
	HTTP_FAULT_FIELD},
    {"Content-Length", 0, HTTP_FAULT_BODY},
    {"Transfer-Encoding", 0, HTTP_FAULT_BODY},
    {"Expect", 0, HTTP_FAULT_EXPECT},
};

static const struct field *
field_named(const char *name)
{
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		if (strcasecmp(fields[i].name, name) == 0)
			return &fields[i];
	}
	return NULL;
}

static enum http_fault
read_field(struct http_head *head, char *line)
{
	char *colon = strchr(line, ':');
	const struct field *field;
	const char **value;

	if (colon == NULL)
		return HTTP_FAULT_FIELD;
	*colon = '\0';
	/* Which the space before a folded line, or a colon, is not. */
	if (!is_token(line))
		return HTTP_FAULT_FIELD;
	field = field_named(line);
	if (field == NULL)
		return HTTP_FAULT_NONE;
	if (field->at == 0)
		return field->fault;
	value = (const char **)(void *)((char *)head + field->at);
	if (*value != NULL)
		return field->fault;
	*value = trim(colon + 1);
	return HTTP_FAULT_NONE;
}

enum http_fault
http_head_read(struct http_head *head, char *text)
{
	char *rest = text;
	char *line = take_line(&rest);
	unsigned count = 0;
	enum http_fault fault;

	*head = (struct http_head){.path = NULL};
	if (line == NULL)
		return HTTP_FAULT_REQUEST;
	fault = read_request(head, line);
	while (fault == HTTP_FAULT_NONE && (line = take_line(&rest)) != NULL) {
		fault = ++count > FIELDS_MAX ? HTTP_FAULT_FIELD
					     : read_field(head, line);
	}
	if (fault == HTTP_FAULT_NONE &&
	    (head->host == NULL || head->host[0] == '\0'))
		fault = HTTP_FAULT_HOST;
	if (head->authority != NULL)
		head->host = head->authority;
	return fault;
}

/* Parameters. */

static bool
is_digit(char octet)
{
	return octet != '\0' && strchr("0123456789abcdefABCDEF", octet) != NULL;
}

/* The octet that is written at *at, which goes on behind it; '\0': none. */
static char
take_octet(const char **at)
{
	const char *text = *at;
	char digits[3];
	char octet;

	*at = text + 1;
	if (text[0] == '+')
		return ' ';
	if (text[0] != '%')
		return text[0];
	if (!is_digit(text[1]) || !is_digit(text[2]))
		return '\0';
	*at = text + 3;
	memcpy(digits, text + 1, 2);
	digits[2] = '\0';
	octet = (char)(uint8_t)strtoul(digits, NULL, HEX);
	if (is_control(octet) || octet == TAB)
		return '\0';
	return octet;
}

static void
read_value(const char *from, const char *end, char *value, size_t cap)
{
	size_t len = 0;

	while (from < end) {
		const char octet = take_octet(&from);

		if (octet == '\0' || from > end || len + 1 == cap) {
			len = 0;
			break;
		}
		value[len++] = octet;
	}
	value[len] = '\0';
}

bool
http_head_parameter(const char *query, const char *name, char *value,
    size_t cap)
{
	const size_t len = strlen(name);

	while (*query != '\0') {
		const size_t size = strcspn(query, "&");

		if (size > len && query[len] == '=' &&
		    memcmp(query, name, len) == 0) {
			read_value(query + len + 1, query + size, value, cap);
			return true;
		}
		query += size;
		query += *query == '&';
	}
	return false;
}
