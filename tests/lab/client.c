/*
 * client NAME: asks http://NAME/, its address looked up by the C library's own
 * resolver.  Prints the milliseconds that took, and the answer or what failed.
 * The lab links it with musl, whose resolver is that of Alpine's containers.
 */
#include <netdb.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

struct reply {
	long status;
	char body[512];
};

static const char *
lookup_failure(int error)
{
	if (error == EAI_NONAME)
		return "no address";
#ifdef EAI_NODATA
	if (error == EAI_NODATA)
		return "no address";
#endif
	return gai_strerror(error);
}

static int
connect_one(const struct addrinfo *address)
{
	const int fd = socket(address->ai_family, address->ai_socktype, 0);

	if (fd == -1)
		return -1;
	if (connect(fd, address->ai_addr, address->ai_addrlen) == 0)
		return fd;
	close(fd);
	return -1;
}

static int
connect_any(const struct addrinfo *addresses)
{
	for (const struct addrinfo *a = addresses; a != NULL; a = a->ai_next) {
		const int fd = connect_one(a);

		if (fd != -1)
			return fd;
	}
	return -1;
}

static bool
ask(FILE *stream, const char *name)
{
	fprintf(stream, "GET / HTTP/1.0\r\nHost: %s\r\n\r\n", name);
	return fflush(stream) == 0;
}

/* The body is the line after the empty one; the lab's front end sends one. */
static bool
read_reply(FILE *stream, struct reply *reply)
{
	char line[512];
	const char *status;

	if (fgets(line, sizeof(line), stream) == NULL)
		return false;
	status = strchr(line, ' ');
	if (status == NULL)
		return false;
	reply->status = strtol(status, NULL, 10);
	while (strcmp(line, "\r\n") != 0) {
		if (fgets(line, sizeof(line), stream) == NULL)
			return false;
	}
	return fgets(reply->body, sizeof(reply->body), stream) != NULL;
}

static bool
talk(int fd, const char *name, struct reply *reply)
{
	FILE *stream = fdopen(fd, "r+");
	bool answered;

	if (stream == NULL) {
		close(fd);
		return false;
	}
	answered = ask(stream, name) && read_reply(stream, reply);
	fclose(stream);
	return answered;
}

/* NULL when there is a reply, else what failed. */
static const char *
request(const char *name, struct reply *reply)
{
	const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
	struct addrinfo *addresses;
	const int error = getaddrinfo(name, "80", &hints, &addresses);
	int fd;

	if (error != 0)
		return lookup_failure(error);
	fd = connect_any(addresses);
	freeaddrinfo(addresses);
	if (fd == -1)
		return "no connection";
	return talk(fd, name, reply) ? NULL : "no answer";
}

static long
milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int
main(int argc, char **argv)
{
	const long start = milliseconds();
	struct reply reply = {0};
	const char *failure;

	if (argc != 2) {
		fputs("usage: client NAME\n", stderr);
		return 2;
	}
	failure = request(argv[1], &reply);
	printf("%ld ", milliseconds() - start);
	if (failure != NULL) {
		puts(failure);
		return 1;
	}
	printf("%ld %s\n", reply.status, reply.body);
	return 0;
}
