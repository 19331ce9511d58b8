#include "ctl/http_error.h"

#include <stdio.h>

#include "base/json_writer.h"

const struct http_header http_error_headers[] = {
    {"Cache-Control", "no-store"},
    {"Connection", "close"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Referrer-Policy", "no-referrer"},
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"},
    {NULL, NULL},
};

static const struct {
	unsigned status;
	const char *word;
} words[] = {
    {200, "OK"},
    {400, "Bad Request"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {408, "Request Timeout"},
    {417, "Expectation Failed"},
    {421, "Misdirected Request"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {503, "Service Unavailable"},
    {505, "HTTP Version Not Supported"},
};

const char *
http_error_word(unsigned status)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (words[i].status == status)
			return words[i].word;
	}
	return "";
}

char *
http_error_body(unsigned status, const char *text, size_t *len)
{
	char *body = NULL;
	FILE *out = open_memstream(&body, len);
	struct json_writer writer;

	if (out == NULL)
		return NULL;
	json_writer_init(&writer, out);
	json_writer_object(&writer, NULL);
	json_writer_object(&writer, "error");
	json_writer_number(&writer, "code", status);
	json_writer_text(&writer, "message", text);
	json_writer_end(&writer);
	json_writer_end(&writer);
	fclose(out);
	return body;
}
