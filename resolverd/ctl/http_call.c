#include "ctl/http_call.h"

#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>

#include "ctl/http.h"
#include "ctl/http_error.h"
#include "ctl/http_guard.h"

enum { MESSAGE = 512, NUMBER_TEXT = 32 };

static const char nothing[] = HTTP_ERROR_POLICY;
static const struct timeval patience = {.tv_sec = HTTP_CALL_SECONDS};

/* Answers. */

struct answer {
	unsigned status;
	const char *type;
	const char *policy; /* Content-Security-Policy */
	const char *text;
	size_t len;
};

static void
add_headers(struct evkeyvalq *headers, const struct answer *answer)
{
	char number[NUMBER_TEXT];

	for (const struct http_header *header = http_error_headers;
	     header->name != NULL; header++)
		evhttp_add_header(headers, header->name, header->value);
	evhttp_add_header(headers, "Content-Security-Policy", answer->policy);
	evhttp_add_header(headers, "Content-Type", answer->type);
	snprintf(number, sizeof(number), "%zu", answer->len);
	evhttp_add_header(headers, "Content-Length", number);
}

static void
call_answer(struct http_call *call, const struct answer *answer)
{
	struct evhttp_request *request = call->request;
	struct evhttp_connection *connection =
	    evhttp_request_get_connection(request);
	struct http_guard *guard = connection == NULL
	    ? NULL
	    : http_guard_find(call->http->guards, connection);

	add_headers(evhttp_request_get_output_headers(request), answer);
	if (call->body_wanted) {
		evbuffer_add(evhttp_request_get_output_buffer(request),
		    answer->text, answer->len);
	}
	if (guard != NULL)
		http_guard_answered(guard);
	/* Without a connection it only frees the request. */
	evhttp_send_reply(request, (int)answer->status,
	    http_error_word(answer->status), NULL);
	call->request = NULL;
}

static void
call_complain(struct http_call *call, unsigned status, const char *message)
{
	size_t len = 0;
	char *body = http_error_body(status, message, &len);

	call_answer(call,
	    &(struct answer){
		.status = status,
		.type = HTTP_CALL_JSON,
		.policy = nothing,
		.text = body == NULL ? "" : body,
		.len = body == NULL ? 0 : len,
	    });
	free(body);
}

/* Calls. */

/* A worker is stuck; the route goes on waiting for it, and nobody else. */
static void
call_late(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	call_complain(arg, HTTP_CALL_UNAVAILABLE,
	    "the workers have not answered within 6 seconds");
}

struct http_call *
http_call_new(struct http *http, struct evhttp_request *request,
    const struct http_guard *guard)
{
	struct http_call *call = calloc(1, sizeof(*call));

	if (call == NULL)
		return NULL;
	call->out = open_memstream(&call->text, &call->len);
	if (call->out == NULL) {
		free(call);
		return NULL;
	}
	json_writer_init(&call->writer, call->out);
	call->http = http;
	call->request = request;
	call->head = &guard->head;
	call->body_wanted = guard->head.body_wanted;
	call->is_near = addr_is_loopback(&guard->client);
	http->calls++;
	event_assign(&call->late,
	    evhttp_connection_get_base(evhttp_request_get_connection(request)),
	    -1, 0, call_late, call);
	event_add(&call->late, &patience);
	return call;
}

static void
call_free(struct http_call *call)
{
	call->http->calls--;
	event_del(&call->late);
	if (call->out != NULL)
		fclose(call->out);
	free(call->text);
	free(call);
}

bool
http_call_parameter(const struct http_call *call, const char *name, char *value,
    size_t cap)
{
	return http_head_parameter(call->head->query, name, value, cap) &&
	    value[0] != '\0';
}

struct json_writer *
http_call_writer(struct http_call *call)
{
	json_writer_object(&call->writer, NULL);
	return &call->writer;
}

/* Sending. */

static void
call_send(struct http_call *call, unsigned status, const char *type,
    const char *policy)
{
	fflush(call->out);
	if (call->request != NULL) {
		call_answer(call,
		    &(struct answer){
			.status = status,
			.type = type,
			.policy = policy,
			.text = call->text,
			.len = call->len,
		    });
	}
	call_free(call);
}

void
http_call_send(struct http_call *call, const char *type)
{
	call_send(call, HTTP_OK, type, nothing);
}

void
http_call_send_page(struct http_call *call, const char *policy)
{
	call_send(call, HTTP_OK, "text/html; charset=utf-8", policy);
}

void
http_call_end_as(struct http_call *call, unsigned status)
{
	json_writer_end(&call->writer);
	call_send(call, status, HTTP_CALL_JSON, nothing);
}

void
http_call_end(struct http_call *call)
{
	http_call_end_as(call, HTTP_OK);
}

void
http_call_fail(struct http_call *call, unsigned status, const char *format, ...)
{
	char message[MESSAGE];
	va_list list;

	va_start(list, format);
	vsnprintf(message, sizeof(message), format, list);
	va_end(list);
	if (call->request != NULL)
		call_complain(call, status, message);
	call_free(call);
}
