#ifndef CTL_HTTP_HEAD_H
#define CTL_HTTP_HEAD_H

#include <stdbool.h>
#include <stddef.h>

/* A head is no longer, its last line included. */
enum { HTTP_HEAD_MAX = 8192 };

/* Why a request is not carried out. */
enum http_fault {
	HTTP_FAULT_NONE,
	HTTP_FAULT_LINE,      /* no CR LF, or an octet that no line has */
	HTTP_FAULT_REQUEST,   /* the first line */
	HTTP_FAULT_FIELD,     /* another line, a folded one included */
	HTTP_FAULT_HOST,      /* none, or several */
	HTTP_FAULT_BODY,      /* there is one, or more than one length of it */
	HTTP_FAULT_METHOD,    /* neither GET nor HEAD */
	HTTP_FAULT_LARGE,     /* longer than HTTP_HEAD_MAX */
	HTTP_FAULT_VERSION,   /* neither HTTP/1.1 nor 1.0 */
	HTTP_FAULT_EXPECT,    /* of something before the answer */
	HTTP_FAULT_FOREIGN,   /* another page's script, or a link from it */
	HTTP_FAULT_MISPLACED, /* its Host is not us */
	HTTP_FAULT_LATE,      /* not whole in time */
	HTTP_FAULT_CROWD,     /* too many connections of its client */
	HTTP_FAULT_STUCK,     /* too many requests that wait for a worker */
};

/* The status of the answer, and what is wrong in words. */
unsigned http_fault_status(enum http_fault fault);
const char *http_fault_text(enum http_fault fault);

/*
 * The head of a request, read strictly (RFC 9112): what two readers could
 * understand in two ways is a fault.  Texts lie in what was read.
 */
struct http_head {
	bool body_wanted;	/* GET; else HEAD */
	const char *path;	/* as sent, from '/' on */
	const char *query;	/* behind '?', or "" */
	const char *authority;	/* of "GET http://HOST/"; NULL: a path */
	const char *host;	/* that, or its one Host, whatever it says */
	const char *origin;	/* NULL: not sent */
	const char *fetch_site; /* Sec-Fetch-Site; NULL: not sent */
	const char *fetch_mode; /* Sec-Fetch-Mode; likewise */
	const char *fetch_dest; /* Sec-Fetch-Dest; likewise */
};

/*
 * How many of len octets are the head that they begin with; 0: there is no end
 * yet, or *fault says that there can be no good one.
 */
size_t http_head_find(const char *text, size_t len, enum http_fault *fault);

/* Reads what http_head_find found, and changes it; it is a string. */
enum http_fault http_head_read(struct http_head *head, char *text);

/*
 * The value that a query ("name=x&type=A") gives to a name, without its
 * escapes; false: none.  One that is no text, or does not fit, is "".
 */
bool http_head_parameter(const char *query, const char *name, char *value,
    size_t cap);

#endif
