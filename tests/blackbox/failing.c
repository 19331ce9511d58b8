/*
 * Preloaded into the daemon: makes chosen calls of the C library fail.  Which,
 * how and how often stands in the file that FAILING names, which a test maps
 * and changes while the daemon runs (failing.py).
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

enum { CALL_NAME = 24 };

/* As failing.py writes it. */
struct plan {
	atomic_int armed;
	atomic_int error; /* what errno becomes */
	atomic_int skip;  /* calls that still succeed, */
	atomic_int times; /* and that then fail */
	atomic_int failed;
	char call[CALL_NAME];
};

static struct plan *plan;

__attribute__((constructor)) static void
plan_open(void)
{
	const char *path = getenv("FAILING");
	const int fd = path == NULL ? -1 : open(path, O_RDWR | O_CLOEXEC);
	void *map;

	if (fd < 0)
		return;
	map = mmap(NULL, sizeof(*plan), PROT_READ | PROT_WRITE, MAP_SHARED, fd,
	    0);
	close(fd);
	if (map != MAP_FAILED)
		plan = map;
}

/* Whether this call is one that is to fail; errno is set then. */
static bool
fails(const char *call)
{
	if (plan == NULL || atomic_load(&plan->armed) == 0 ||
	    strcmp(plan->call, call) != 0 ||
	    atomic_fetch_sub(&plan->skip, 1) > 0 ||
	    atomic_fetch_sub(&plan->times, 1) <= 0)
		return false;
	atomic_fetch_add(&plan->failed, 1);
	errno = atomic_load(&plan->error);
	return true;
}

/*
 * A call that fails, or goes on to the C library's; POSIX lets dlsym's void *
 * be a function.
 */
#define CALL(type, failure, name, parameters, arguments)           \
	type name parameters                                       \
	{                                                          \
		static __typeof__(&(name)) real;                   \
                                                                   \
		if (fails(#name))                                  \
			return failure;                            \
		if (real == NULL)                                  \
			*(void **)&real = dlsym(RTLD_NEXT, #name); \
		return real arguments;                             \
	}

CALL(int, -1, socket, (int domain, int type, int protocol),
    (domain, type, protocol))
CALL(int, -1, bind, (int fd, __CONST_SOCKADDR_ARG addr, socklen_t len),
    (fd, addr, len))
CALL(int, -1, connect, (int fd, __CONST_SOCKADDR_ARG addr, socklen_t len),
    (fd, addr, len))
CALL(int, -1, accept4,
    (int fd, __SOCKADDR_ARG addr, socklen_t *addr_len, int flags),
    (fd, addr, addr_len, flags))
CALL(ssize_t, -1, send, (int fd, const void *buf, size_t n, int flags),
    (fd, buf, n, flags))
CALL(ssize_t, -1, sendmsg, (int fd, const struct msghdr *message, int flags),
    (fd, message, flags))
CALL(int, -1, sendmmsg,
    (int fd, struct mmsghdr *vmessages, unsigned vlen, int flags),
    (fd, vmessages, vlen, flags))
CALL(ssize_t, -1, recv, (int fd, void *buf, size_t n, int flags),
    (fd, buf, n, flags))
CALL(int, -1, recvmmsg,
    (int fd, struct mmsghdr *vmessages, unsigned vlen, int flags,
	struct timespec *tmo),
    (fd, vmessages, vlen, flags, tmo))
CALL(int, -1, epoll_ctl, (int epfd, int op, int fd, struct epoll_event *event),
    (epfd, op, fd, event))
CALL(int, -1, setsockopt,
    (int fd, int level, int optname, const void *optval, socklen_t optlen),
    (fd, level, optname, optval, optlen))
CALL(ssize_t, -1, getrandom, (void *buffer, size_t length, unsigned flags),
    (buffer, length, flags))
CALL(ssize_t, -1, read, (int fd, void *buf, size_t nbytes), (fd, buf, nbytes))
CALL(ssize_t, -1, write, (int fd, const void *buf, size_t n), (fd, buf, n))
CALL(ssize_t, -1, readv, (int fd, const struct iovec *iovec, int count),
    (fd, iovec, count))
CALL(ssize_t, -1, writev, (int fd, const struct iovec *iovec, int count),
    (fd, iovec, count))
CALL(int, -1, eventfd_read, (int fd, eventfd_t *value), (fd, value))
CALL(int, -1, eventfd_write, (int fd, eventfd_t value), (fd, value))
CALL(int, -1, fsync, (int fd), (fd))
CALL(int, -1, rename, (const char *old, const char *new), (old, new))
CALL(FILE *, NULL, fopen, (const char *filename, const char *modes),
    (filename, modes))
CALL(FILE *, NULL, open_memstream, (char **bufloc, size_t *sizeloc),
    (bufloc, sizeloc))
CALL(int, -1, getifaddrs, (struct ifaddrs * *ifap), (ifap))
CALL(void *, NULL, malloc, (size_t size), (size))
CALL(void *, NULL, calloc, (size_t nmemb, size_t size), (nmemb, size))
CALL(void *, NULL, realloc, (void *ptr, size_t size), (ptr, size))
CALL(void *, NULL, reallocarray, (void *ptr, size_t nmemb, size_t size),
    (ptr, nmemb, size))
CALL(char *, NULL, strdup, (const char *s), (s))

/* The mode is there when a file may be made. */
int
open(const char *file, int oflag, ...)
{
	static __typeof__(&open) real;
	mode_t mode = 0;
	va_list more;

	if (fails("open"))
		return -1;
	if (real == NULL)
		*(void **)&real = dlsym(RTLD_NEXT, "open");
	va_start(more, oflag);
	if ((oflag & O_CREAT) != 0)
		mode = va_arg(more, mode_t);
	va_end(more);
	return real(file, oflag, mode);
}
