#include "ctl/remote.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/json_writer.h"
#include "config/json.h"
#include "ctl/control_socket.h"
#include "ctl/remote_socket.h"

enum {
	PATIENCE_MS = 10000,
	ANSWER_MOST = 64 * 1024 * 1024,
	CHUNK = 65536,
	BLOCK = 16384,
};

/* Says what is wrong; always false. */
static bool __attribute__((format(printf, 2, 3)))
complain(const struct remote *remote, const char *format, ...)
{
	va_list list;

	fprintf(stderr, "resolverctl %s: ", remote->command);
	va_start(list, format);
	vfprintf(stderr, format, list);
	va_end(list);
	putc('\n', stderr);
	return false;
}

/* Connecting. */

static int
connect_to(const char *path)
{
	struct sockaddr_un addr = {.sun_family = AF_UNIX};
	const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int error;

	if (snprintf(addr.sun_path, sizeof(addr.sun_path), "%s", path) >=
	    (int)sizeof(addr.sun_path)) {
		errno = ENAMETOOLONG;
	} else if (fd >= 0 &&
	    connect(fd, (const struct sockaddr *)&addr, sizeof(addr)) == 0) {
		return fd;
	}
	error = errno;
	if (fd >= 0)
		close(fd);
	errno = error;
	return -1;
}

/* Why nobody could be reached at path; always false. */
static bool
complain_unreachable(const struct remote *remote, const char *path)
{
	switch (errno) {
	case ENOENT:
	case ECONNREFUSED:
		return complain(remote,
		    "no resolverd listens at %s: is it running? (systemctl "
		    "status resolverd)",
		    path);
	case EACCES:
		return complain(remote,
		    "%s is not for you: become root, or a member of group "
		    "resolverd (usermod -aG resolverd USER)",
		    path);
	default:
		return complain(remote, "%s: %s", path, strerror(errno));
	}
}

/* Connected, or -1 after a complaint. */
static int
remote_connect(struct remote *remote)
{
	const char *named = remote->socket == NULL
	    ? remote_socket_find(&remote->arena)
	    : remote->socket;
	const char *path = named == NULL ? CONTROL_SOCKET_DEFAULT : named;
	char private[CONTROL_SOCKET_PATH];
	const int fd = connect_to(path);
	const int error = errno;
	int other;

	if (fd >= 0)
		return fd;
	/* One of an ordinary user's, who is trying it. */
	if (named == NULL && control_socket_private(private)) {
		other = connect_to(private);
		if (other >= 0)
			return other;
	}
	errno = error;
	complain_unreachable(remote, path);
	return -1;
}

/* Asking. */

/* A request as it is said. */
struct saying {
	const struct remote_argument *arguments;
	size_t count;
};

static void
write_argument(struct json_writer *writer,
    const struct remote_argument *argument)
{
	if (argument->text != NULL) {
		json_writer_text(writer, argument->name, argument->text);
	} else if (argument->number != NULL) {
		json_writer_number(writer, argument->name, *argument->number);
	} else if (argument->flag) {
		json_writer_bool(writer, argument->name, true);
	}
}

/* The request as a line, which the caller frees; NULL: no memory. */
static char *
request_line(const struct remote *remote, const struct saying *saying)
{
	struct json_writer writer;
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	if (out == NULL)
		return NULL;
	json_writer_init_line(&writer, out);
	json_writer_object(&writer, NULL);
	json_writer_text(&writer, "command", remote->command);
	for (size_t i = 0; i < saying->count; i++)
		write_argument(&writer, &saying->arguments[i]);
	json_writer_end(&writer);
	fclose(out);
	return text;
}

static bool
remote_send(const struct remote *remote, int fd, const struct saying *saying)
{
	char *line = request_line(remote, saying);
	bool sent;

	if (line == NULL)
		return complain(remote, "out of memory");
	sent =
	    send(fd, line, strlen(line), MSG_NOSIGNAL) == (ssize_t)strlen(line);
	free(line);
	/* Turned away before it was heard: the reason can be read. */
	return sent || errno == EPIPE ||
	    complain(remote, "cannot ask: %s", strerror(errno));
}

/*
 * One more piece of what has come: how much, 0 at its end, -1 with errno set.
 * That the daemon hung up without reading all that was said is an end too.
 */
static ssize_t
receive(struct remote *remote, int fd)
{
	char *text = realloc(remote->text, remote->len + CHUNK + 1);
	ssize_t got;

	if (text == NULL)
		return -1;
	remote->text = text;
	got = recv(fd, text + remote->len, CHUNK, 0);
	if (got > 0)
		remote->len += (size_t)got;
	text[remote->len] = '\0';
	return got < 0 && errno == ECONNRESET ? 0 : got;
}

/* Likewise, after waiting for it. */
static ssize_t
receive_patiently(struct remote *remote, int fd)
{
	struct pollfd ready = {.fd = fd, .events = POLLIN};

	if (poll(&ready, 1, PATIENCE_MS) == 0) {
		errno = ETIMEDOUT;
		return -1;
	}
	return receive(remote, fd);
}

static bool
remote_receive(struct remote *remote, int fd)
{
	ssize_t got = 1;

	while (got > 0 && remote->len < ANSWER_MOST)
		got = receive_patiently(remote, fd);
	if (got < 0)
		return complain(remote, "no answer: %s", strerror(errno));
	if (remote->len == 0)
		return complain(remote, "resolverd hung up without an answer");
	return true;
}

/* Makes a map of what was said; false after a complaint, or the daemon's. */
static bool
remote_parse(struct remote *remote, const char *text, size_t len)
{
	struct diag diag;
	const char *error;

	diag_init(&diag);
	remote->answer = json_load(
	    &(struct yaml_text){
		.path = "answer",
		.text = text,
		.len = len,
	    },
	    NULL, &remote->arena, &diag);
	diag_fini(&diag);
	if (remote->answer == NULL || remote->answer->kind != NODE_MAP)
		return complain(remote, "the answer is not a JSON object");
	error = remote_text(remote->answer, "error");
	return error == NULL || complain(remote, "%s", error);
}

/* Connected, and said what is wanted; -1 after a complaint. */
static int
remote_begin(struct remote *remote, const struct saying *saying)
{
	int fd;

	remote->text = NULL;
	remote->len = 0;
	arena_init_heap(&remote->arena, BLOCK);
	fd = remote_connect(remote);
	if (fd >= 0 && !remote_send(remote, fd, saying)) {
		close(fd);
		return -1;
	}
	return fd;
}

bool
remote_ask(struct remote *remote, const struct remote_argument *arguments,
    size_t count)
{
	const int fd = remote_begin(remote, &(struct saying){arguments, count});
	bool answered;

	if (fd < 0)
		return false;
	answered = remote_receive(remote, fd) &&
	    remote_parse(remote, remote->text, remote->len);
	close(fd);
	return answered;
}

/* Streams. */

enum following { FOLLOW_ON, FOLLOW_ENOUGH, FOLLOW_BAD };

/* Hands on the whole lines that have come, and forgets them. */
static enum following
hand_on(struct remote *remote, const struct remote_listener *listener)
{
	char *line = remote->text;
	char *end;
	enum following following = FOLLOW_ON;

	while (following == FOLLOW_ON && (end = strchr(line, '\n')) != NULL) {
		*end = '\0';
		arena_fini(&remote->arena);
		arena_init_heap(&remote->arena, BLOCK);
		if (!remote_parse(remote, line, (size_t)(end - line))) {
			following = FOLLOW_BAD;
		} else if (!listener->line(listener->context, line,
			       remote->answer)) {
			following = FOLLOW_ENOUGH;
		}
		line = end + 1;
	}
	remote->len -= (size_t)(line - remote->text);
	memmove(remote->text, line, remote->len + 1);
	return following;
}

static enum following
take(struct remote *remote, int fd, const struct remote_listener *listener)
{
	const ssize_t got = receive(remote, fd);

	if (got == 0)
		return FOLLOW_ENOUGH;
	if (got < 0) {
		complain(remote, "no more answers: %s", strerror(errno));
		return FOLLOW_BAD;
	}
	if (remote->len > ANSWER_MOST) {
		complain(remote, "the answer has a line without an end");
		return FOLLOW_BAD;
	}
	return hand_on(remote, listener);
}

/* Waits once, and sees to what has come. */
static enum following
follow(struct remote *remote, int fd, const struct remote_listener *listener)
{
	struct pollfd ready[] = {
	    {.fd = fd, .events = POLLIN},
	    {.fd = listener->fd, .events = POLLIN},
	};
	enum following following = FOLLOW_ON;

	if (poll(ready, 2, listener->wait_ms) < 0 && errno != EINTR) {
		complain(remote, "cannot wait: %s", strerror(errno));
		return FOLLOW_BAD;
	}
	if (ready[0].revents != 0)
		following = take(remote, fd, listener);
	if (following == FOLLOW_ON && listener->pass != NULL &&
	    !listener->pass(listener->context))
		following = FOLLOW_ENOUGH;
	return following;
}

bool
remote_follow(struct remote *remote, const struct remote_argument *arguments,
    size_t count, const struct remote_listener *listener)
{
	const int fd = remote_begin(remote, &(struct saying){arguments, count});
	enum following following = FOLLOW_ON;

	if (fd < 0)
		return false;
	while (following == FOLLOW_ON)
		following = follow(remote, fd, listener);
	close(fd);
	return following == FOLLOW_ENOUGH;
}

void
remote_close(struct remote *remote)
{
	free(remote->text);
	arena_fini(&remote->arena);
}

const char *
remote_text(const struct node *map, const char *key)
{
	const struct node *node = node_get(map, key);

	return node != NULL && node->kind == NODE_SCALAR && node->quoted
	    ? node->text
	    : NULL;
}

unsigned long long
remote_number(const struct node *map, const char *key)
{
	const struct node *node = node_get(map, key);

	return node != NULL && node->kind == NODE_SCALAR && !node->quoted
	    ? strtoull(node->text, NULL, 10)
	    : 0;
}

bool
remote_flag(const struct node *map, const char *key)
{
	const struct node *node = node_get(map, key);

	return node != NULL && node->kind == NODE_SCALAR && !node->quoted &&
	    strcmp(node->text, "true") == 0;
}

const struct node *
remote_list(const struct node *map, const char *key)
{
	const struct node *node = node_get(map, key);

	return node != NULL && node->kind == NODE_LIST ? node->first : NULL;
}
