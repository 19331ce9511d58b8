/*
 * Preloaded into the daemon: calls that reach a certain directory hang while
 * there is a certain file, as they do on a disk that does not answer.
 * HANGING_DISK names the directory, HANGING_WHILE the file, which lies
 * elsewhere.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static bool
is_there(const char *path)
{
	const char *disk = getenv("HANGING_DISK");

	return disk != NULL && strncmp(path, disk, strlen(disk)) == 0 &&
	    path[strlen(disk)] == '/';
}

static void
hang(const char *path)
{
	static const struct timespec moment = {.tv_nsec = 10000000};
	const char *file = getenv("HANGING_WHILE");

	while (file != NULL && is_there(path) && access(file, F_OK) == 0)
		nanosleep(&moment, NULL);
}

static void
hang_at(int fd)
{
	char link[sizeof("/proc/self/fd/2147483647")];
	char path[PATH_MAX];
	ssize_t len;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	len = readlink(link, path, sizeof(path) - 1);
	if (len <= 0)
		return;
	path[len] = '\0';
	hang(path);
}

/* A call that may hang, and goes on to the C library's. */
#define CALL(type, name, parameters, arguments, hanging)           \
	type name parameters                                       \
	{                                                          \
		static __typeof__(&(name)) real;                   \
                                                                   \
		hanging;                                           \
		if (real == NULL)                                  \
			*(void **)&real = dlsym(RTLD_NEXT, #name); \
		return real arguments;                             \
	}

CALL(ssize_t, write, (int fd, const void *buf, size_t n), (fd, buf, n),
    hang_at(fd))
CALL(int, close, (int fd), (fd), hang_at(fd))
CALL(int, fchmod, (int fd, mode_t mode), (fd, mode), hang_at(fd))
CALL(int, rename, (const char *old, const char *new), (old, new), hang(old))
CALL(int, unlink, (const char *name), (name), hang(name))
CALL(int, lstat, (const char *file, struct stat *buf), (file, buf), hang(file))

/* The mode is there when a file may be made. */
int
open(const char *file, int oflag, ...)
{
	static __typeof__(&open) real;
	mode_t mode = 0;
	va_list more;

	hang(file);
	if (real == NULL)
		*(void **)&real = dlsym(RTLD_NEXT, "open");
	va_start(more, oflag);
	if ((oflag & O_CREAT) != 0)
		mode = va_arg(more, mode_t);
	va_end(more);
	return real(file, oflag, mode);
}
