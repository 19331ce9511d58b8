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
remote_connect(const struct remote *remote)
{
	const char *path =
	    remote->socket == NULL ? CONTROL_SOCKET_DEFAULT : remote->socket;
	char private[CONTROL_SOCKET_PATH];
	const int fd = connect_to(path);
	const int error = errno;
	int other;

	if (fd >= 0)
		return fd;
	/* One of an ordinary user's, who is trying it. */
	if (remote->socket == NULL && control_socket_private(private)) {
		other = connect_to(private);
		if (other >= 0)
			return other;
	}
	errno = error;
	complain_unreachable(remote, path);
	return -1;
}

/* Asking. */

static void
write_arguments(struct json_writer *writer,
    const struct control_arguments *arguments)
{
	if (arguments->name != NULL)
		json_writer_text(writer, "name", arguments->name);
	if (arguments->tree)
		json_writer_bool(writer, "tree", true);
	if (arguments->negative)
		json_writer_bool(writer, "negative", true);
}

/* The request as a line, which the caller frees; NULL: no memory. */
static char *
request_line(const struct remote *remote,
    const struct control_arguments *arguments)
{
	struct json_writer writer;
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	if (out == NULL)
		return NULL;
	json_writer_init(&writer, out);
	json_writer_object(&writer, NULL);
	json_writer_text(&writer, "command", remote->command);
	write_arguments(&writer, arguments);
	json_writer_end(&writer);
	fclose(out);
	/* A text has no end of line in it that is not escaped. */
	for (size_t i = 0; i + 1 < len; i++) {
		if (text[i] == '\n')
			text[i] = ' ';
	}
	return text;
}

static bool
remote_send(const struct remote *remote, int fd,
    const struct control_arguments *arguments)
{
	char *line = request_line(remote, arguments);
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

/* One more piece of the answer: how much, 0 at its end, -1 with errno set. */
static ssize_t
receive(struct remote *remote, int fd)
{
	struct pollfd ready = {.fd = fd, .events = POLLIN};
	char *text = realloc(remote->text, remote->len + CHUNK + 1);
	ssize_t got;

	if (text == NULL)
		return -1;
	remote->text = text;
	if (poll(&ready, 1, PATIENCE_MS) == 0) {
		errno = ETIMEDOUT;
		return -1;
	}
	got = recv(fd, text + remote->len, CHUNK, 0);
	if (got > 0)
		remote->len += (size_t)got;
	text[remote->len] = '\0';
	return got;
}

static bool
remote_receive(struct remote *remote, int fd)
{
	ssize_t got = 1;

	while (got > 0 && remote->len < ANSWER_MOST)
		got = receive(remote, fd);
	/* A daemon that hangs up on a long request resets the connection. */
	if (got < 0 && (errno != ECONNRESET || remote->len == 0))
		return complain(remote, "no answer: %s", strerror(errno));
	if (remote->len == 0)
		return complain(remote, "resolverd hung up without an answer");
	return true;
}

static bool
remote_parse(struct remote *remote)
{
	struct diag diag;
	const char *error;

	diag_init(&diag);
	remote->answer = json_load(
	    &(struct yaml_text){
		.path = "answer",
		.text = remote->text,
		.len = remote->len,
	    },
	    NULL, &remote->arena, &diag);
	diag_fini(&diag);
	if (remote->answer == NULL || remote->answer->kind != NODE_MAP)
		return complain(remote, "the answer is not a JSON object");
	error = remote_text(remote->answer, "error");
	return error == NULL || complain(remote, "%s", error);
}

bool
remote_ask(struct remote *remote, const struct control_arguments *arguments)
{
	int fd;
	bool answered;

	remote->text = NULL;
	remote->len = 0;
	arena_init_heap(&remote->arena, BLOCK);
	fd = remote_connect(remote);
	if (fd < 0)
		return false;
	answered = remote_send(remote, fd, arguments) &&
	    remote_receive(remote, fd) && remote_parse(remote);
	close(fd);
	return answered;
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
