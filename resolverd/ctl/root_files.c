#include "ctl/root_files.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdbool.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

int
root_files_open(int root, const char *path, int flags, mode_t mode)
{
	const struct open_how how = {
	    .flags = (unsigned)flags | O_CLOEXEC,
	    .mode = (flags & O_CREAT) != 0 ? mode : 0,
	    .resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
	};

	return (int)syscall(SYS_openat2, root, path, &how, sizeof(how));
}

FILE *
root_files_read(int root, const char *path)
{
	const int fd = root_files_open(root, path, O_RDONLY | O_NONBLOCK, 0);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "r");

	if (file == NULL && fd >= 0)
		close(fd);
	return file;
}

const char *
root_files_link(int root, const char *path, char *buf, size_t cap)
{
	const int fd = root_files_open(root, path, O_PATH | O_NOFOLLOW, 0);
	ssize_t len = -1;

	if (fd >= 0) {
		len = readlinkat(fd, "", buf, cap - 1);
		close(fd);
	}
	buf[len < 0 ? 0 : len] = '\0';
	return buf;
}
