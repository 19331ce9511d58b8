#include "ctl/root_files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Whether it is this process's own root, where links need no help. */
static bool
is_own_root(int root)
{
	struct stat given;
	struct stat own;

	return fstat(root, &given) == 0 && stat("/", &own) == 0 &&
	    given.st_dev == own.st_dev && given.st_ino == own.st_ino;
}

int
root_files_open(int root, const char *path, int flags, mode_t mode)
{
	const struct open_how how = {
	    .flags = (unsigned)flags | O_CLOEXEC,
	    .mode = (flags & O_CREAT) != 0 ? mode : 0,
	    .resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
	};

	const int fd = (int)syscall(SYS_openat2, root, path, &how, sizeof(how));

	/* Under RestrictSUIDSGID= of systemd there is no openat2. */
	if (fd < 0 && errno == ENOSYS && is_own_root(root))
		return openat(root, path, flags | O_CLOEXEC, mode);
	return fd;
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

bool
root_files_exists(int root, const char *path)
{
	const int fd = root_files_open(root, path, O_PATH | O_NOFOLLOW, 0);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
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

void
root_files_each(int root, const char *path,
    void (*take)(void *context, const char *directory, const char *name),
    void *context)
{
	const int fd = root_files_open(root, path, O_RDONLY | O_DIRECTORY, 0);
	DIR *directory = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;

	if (directory == NULL) {
		if (fd >= 0)
			close(fd);
		return;
	}
	while ((entry = readdir(directory)) != NULL) {
		if (entry->d_name[0] != '.')
			take(context, path, entry->d_name);
	}
	closedir(directory);
}
