#include "ctl/setup_file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "ctl/root_files.h"

/* What a crash leaves behind is in nobody's way. */
#define TEMPORARY ".resolverd-setup.new"

/* The directory that a path lies in; *name is the rest.  -1: errno tells. */
static int
open_directory(int root, const char *path, const char **name)
{
	const char *slash = strrchr(path, '/');
	char way[PATH_MAX] = ".";

	*name = slash == NULL ? path : slash + 1;
	if (slash != NULL)
		snprintf(way, sizeof(way), "%.*s", (int)(slash - path), path);
	return root_files_open(root, way, O_RDONLY | O_DIRECTORY, 0);
}

static bool
read_all(int fd, char *buf, size_t len)
{
	size_t done = 0;

	while (done < len) {
		const ssize_t n = read(fd, buf + done, len - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		done += (size_t)n;
	}
	return true;
}

static bool
write_all(int fd, const char *buf, size_t len)
{
	size_t done = 0;

	while (done < len) {
		const ssize_t n = write(fd, buf + done, len - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		done += (size_t)n;
	}
	return true;
}

static bool
read_link(int directory, const char *name, struct arena *arena,
    struct setup_object *out)
{
	char *target = arena_alloc(arena, PATH_MAX);
	ssize_t len;

	if (target == NULL)
		return false;
	len = readlinkat(directory, name, target, PATH_MAX - 1);
	if (len < 0)
		return false;
	target[len] = '\0';
	out->content = target;
	out->len = (size_t)len;
	return true;
}

static bool
read_content(int directory, const char *name, struct arena *arena,
    struct setup_object *out)
{
	const int flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
	const int fd = openat(directory, name, flags);
	char *content = arena_alloc(arena, out->len + 1);
	const bool good =
	    fd >= 0 && content != NULL && read_all(fd, content, out->len);

	if (fd >= 0)
		close(fd);
	if (!good)
		return false;
	content[out->len] = '\0';
	out->content = content;
	return true;
}

static enum setup_kind
kind_of(const struct stat *status)
{
	if (S_ISLNK(status->st_mode))
		return SETUP_LINK;
	if (S_ISREG(status->st_mode) && status->st_size <= SETUP_FILE_MOST)
		return SETUP_FILE;
	return SETUP_STRANGE;
}

static bool
read_within(int directory, const char *name, struct arena *arena,
    struct setup_object *out)
{
	struct stat status;

	*out = (struct setup_object){.kind = SETUP_ABSENT, .content = ""};
	if (fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) != 0)
		return errno == ENOENT;
	*out = (struct setup_object){
	    .kind = kind_of(&status),
	    .mode = status.st_mode & (mode_t)07777,
	    .uid = status.st_uid,
	    .gid = status.st_gid,
	    .content = "",
	};
	if (out->kind == SETUP_LINK)
		return read_link(directory, name, arena, out);
	if (out->kind != SETUP_FILE)
		return true;
	out->len = (size_t)status.st_size;
	return read_content(directory, name, arena, out);
}

bool
setup_file_read(int root, const char *path, struct arena *arena,
    struct setup_object *out)
{
	const char *name;
	const int directory = open_directory(root, path, &name);
	bool good;

	*out = (struct setup_object){.kind = SETUP_ABSENT, .content = ""};
	if (directory < 0)
		return errno == ENOENT || errno == ENOTDIR;
	good = read_within(directory, name, arena, out);
	close(directory);
	return good;
}

static bool
fill(int fd, const struct setup_object *object)
{
	return write_all(fd, object->content, object->len) &&
	    fchown(fd, object->uid, object->gid) == 0 &&
	    fchmod(fd, object->mode) == 0 && fsync(fd) == 0;
}

/* Makes the object under its temporary name. */
static bool
make(int directory, const struct setup_object *object)
{
	const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
	bool good;
	int fd;

	unlinkat(directory, TEMPORARY, 0);
	if (object->kind == SETUP_LINK)
		return symlinkat(object->content, directory, TEMPORARY) == 0;
	fd = openat(directory, TEMPORARY, flags, 0600);
	if (fd < 0)
		return false;
	good = fill(fd, object);
	return close(fd) == 0 && good;
}

static bool
put_within(int directory, const char *name, const struct setup_object *object)
{
	int error;

	if (object->kind == SETUP_ABSENT) {
		unlinkat(directory, TEMPORARY, 0);
		return (unlinkat(directory, name, 0) == 0 || errno == ENOENT) &&
		    fsync(directory) == 0;
	}
	if (make(directory, object) &&
	    renameat(directory, TEMPORARY, directory, name) == 0)
		return fsync(directory) == 0;
	error = errno;
	unlinkat(directory, TEMPORARY, 0);
	errno = error;
	return false;
}

bool
setup_file_put(int root, const char *path, const struct setup_object *object)
{
	const char *name;
	const int directory = open_directory(root, path, &name);
	bool good;
	int error;

	if (directory < 0)
		return object->kind == SETUP_ABSENT && errno == ENOENT;
	good = put_within(directory, name, object);
	error = errno;
	close(directory);
	errno = error;
	return good;
}

bool
setup_file_rewrite(int root, const char *path,
    const struct setup_object *object)
{
	const int fd = root_files_open(root, path, O_WRONLY | O_NOFOLLOW, 0);
	bool good;
	int error;

	if (fd < 0)
		return false;
	good = write_all(fd, object->content, object->len) &&
	    ftruncate(fd, (off_t)object->len) == 0 && fsync(fd) == 0;
	error = errno;
	close(fd);
	errno = error;
	return good;
}

const char *
setup_file_sum(const struct setup_object *object, char sum[SETUP_SUM])
{
	/* Known to all, and for ever: a manifest outlives the process. */
	const struct hash_key low = {.k0 = (uint64_t)object->kind};
	const struct hash_key high = {.k0 = (uint64_t)object->kind, .k1 = 1};

	snprintf(sum, SETUP_SUM, "%016" PRIx64 "%016" PRIx64,
	    hash_bytes(&high, object->content, object->len),
	    hash_bytes(&low, object->content, object->len));
	return sum;
}
