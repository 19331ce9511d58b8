#include "ctl/query_log_file.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "io/clock.h"

enum {
	MODE = 0640,
	SUFFIX = 16, /* ".99" */
	FLAGS = O_WRONLY | O_APPEND | O_NONBLOCK | O_NOFOLLOW | O_NOCTTY |
	    O_CLOEXEC,
};

#define LOOK_INTERVAL	CLOCK_SECOND
#define ROTATE_INTERVAL (60 * CLOCK_SECOND)

/* errno as a person should read it, who knows which file it is about. */
static const char *
reason(int error)
{
	switch (error) {
	case ELOOP:
		return "it is a symbolic link, which is not followed";
	case ENXIO:
		return "nobody reads from it";
	case EPIPE:
		return "its reader has gone";
	default:
		return strerror(error);
	}
}

/* Opening. */

/* A new file, or the one that is there. */
static int
open_path(const char *path)
{
	int fd = open(path, FLAGS | O_CREAT | O_EXCL, MODE);

	if (fd >= 0) {
		/* Whatever the umask: who may read the log is in its group. */
		if (fchmod(fd, MODE) != 0) {
			log_warn("query log: %s: its mode cannot be set: %s",
			    path, strerror(errno));
		}
		return fd;
	}
	return errno == EEXIST ? open(path, FLAGS) : -1;
}

/* Whether what a file holds ends in the middle of a line. */
static bool
is_torn(const char *path, uint64_t size)
{
	const int fd =
	    open(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
	char last = '\n';

	if (fd < 0)
		return false;
	if (size > 0 && pread(fd, &last, 1, (off_t)size - 1) != 1)
		last = '\n';
	close(fd);
	return last != '\n';
}

/* Drops the rest of a line that another file has the beginning of. */
static void
drop_begun(struct query_log_file *file)
{
	const char *end = memchr(file->buffer, '\n', file->used);
	const size_t len =
	    end == NULL ? file->used : (size_t)(end - file->buffer) + 1;

	if (!file->begun)
		return;
	memmove(file->buffer, file->buffer + len, file->used - len);
	file->used -= len;
	file->begun = false;
}

/* Ends what somebody left unfinished, as a crash or a full disk does. */
static void
mend(struct query_log_file *file)
{
	if (file->regular && !file->begun && is_torn(file->path, file->size) &&
	    write(file->fd, "\n", 1) == 1)
		file->size++;
}

/* Takes what was opened into use; false when it is of no use. */
static bool
adopt(struct query_log_file *file, int fd)
{
	struct stat status;

	if (fstat(fd, &status) != 0)
		return false;
	if (file->device != status.st_dev || file->inode != status.st_ino)
		drop_begun(file);
	file->fd = fd;
	file->regular = S_ISREG(status.st_mode);
	file->device = status.st_dev;
	file->inode = status.st_ino;
	file->size = (uint64_t)status.st_size;
	return true;
}

static void
shut(struct query_log_file *file)
{
	if (file->fd >= 0 && file->path != NULL)
		close(file->fd);
	file->fd = -1;
}

static void
open_again(struct query_log_file *file, uint64_t now)
{
	const int fd =
	    file->path == NULL ? STDOUT_FILENO : open_path(file->path);

	file->look_at = now + LOOK_INTERVAL;
	if (fd < 0 || !adopt(file, fd)) {
		query_log_trouble_note(&file->trouble, now, reason(errno));
		return;
	}
	if (file->path != NULL)
		mend(file);
}

void
query_log_file_open(struct query_log_file *file, const char *path, uint64_t now)
{
	file->path = path;
	file->fd = -1;
	file->trouble = (struct query_log_trouble){
	    .name = path == NULL ? "stdout" : path,
	};
	file->begun = false;
	file->used = 0;
	file->buffer = file->room;
	file->rotate_at = 0;
	open_again(file, now);
}

/* Lines that end among the first len octets of what waits. */
static uint64_t
count_lines(const struct query_log_file *file, size_t len)
{
	const char *end = file->buffer + len;
	const char *at = file->buffer;
	uint64_t lines = 0;

	while ((at = memchr(at, '\n', (size_t)(end - at))) != NULL) {
		lines++;
		at++;
	}
	return lines;
}

uint64_t
query_log_file_close(struct query_log_file *file)
{
	const uint64_t lost = count_lines(file, file->used);

	file->used = 0;
	shut(file);
	return lost;
}

void
query_log_file_reopen(struct query_log_file *file, uint64_t now)
{
	if (file->path == NULL)
		return;
	shut(file);
	open_again(file, now);
}

/* Whether path still leads to the file that is open. */
static bool
is_there(const struct query_log_file *file, const struct stat *status)
{
	return status->st_dev == file->device && status->st_ino == file->inode;
}

/* Somebody emptied the file: with what was in it went how a line began. */
static void
heed_truncation(struct query_log_file *file, uint64_t size)
{
	if (!file->regular || size >= file->size)
		return;
	file->size = size;
	drop_begun(file);
}

static void
look_after(struct query_log_file *file, uint64_t now)
{
	struct stat status;

	file->look_at = now + LOOK_INTERVAL;
	if (lstat(file->path, &status) != 0 || !is_there(file, &status)) {
		query_log_file_reopen(file, now);
	} else {
		heed_truncation(file, (uint64_t)status.st_size);
	}
}

/* Sees to it that there is something to write to; false: there is not. */
static bool
ready(struct query_log_file *file, uint64_t now)
{
	if (query_log_trouble_waits(&file->trouble, now))
		return false;
	if (file->fd < 0) {
		open_again(file, now);
	} else if (file->path != NULL && now >= file->look_at) {
		look_after(file, now);
	}
	return file->fd >= 0;
}

/* Rotation. */

static const char *
numbered(const char *path, unsigned n, char buf[PATH_MAX + SUFFIX])
{
	snprintf(buf, PATH_MAX + SUFFIX, n == 0 ? "%s" : "%s.%u", path, n);
	return buf;
}

/* Moves path.1 to path.2 and so on; the oldest goes. */
static bool
shift(const struct query_log_file *file)
{
	char from[PATH_MAX + SUFFIX];
	char to[PATH_MAX + SUFFIX];

	if (file->keep == 0)
		return unlink(file->path) == 0;
	for (unsigned n = file->keep; n > 0; n--) {
		if (rename(numbered(file->path, n - 1, from),
			numbered(file->path, n, to)) != 0 &&
		    (errno != ENOENT || n == 1))
			return false;
	}
	return true;
}

static void
rotate(struct query_log_file *file, uint64_t now)
{
	if (now < file->rotate_at)
		return;
	if (!shift(file)) {
		/* Better a file that is too large than none. */
		file->rotate_at = now + ROTATE_INTERVAL;
		log_warn("query log: %s: cannot be moved to %s.1, and so grows "
			 "past max_size: %s",
		    file->path, file->path, strerror(errno));
		return;
	}
	query_log_file_reopen(file, now);
}

/* Writing. */

/* Octets of the whole lines among the first `most`; all of a longer one. */
static size_t
whole_lines(const struct query_log_file *file, uint64_t most)
{
	const char *end;

	if (most >= file->used)
		return file->used;
	end = memrchr(file->buffer, '\n', (size_t)most);
	return end == NULL ? 0 : (size_t)(end - file->buffer) + 1;
}

static size_t
first_line(const struct query_log_file *file)
{
	const char *end = memchr(file->buffer, '\n', file->used);

	return end == NULL ? file->used : (size_t)(end - file->buffer) + 1;
}

/* How much may go into a regular file; a full one gives way to a new one. */
static size_t
room_in_file(struct query_log_file *file, uint64_t now)
{
	size_t room;

	if (file->max_size == 0 || file->path == NULL)
		return file->used;
	room = file->size < file->max_size
	    ? whole_lines(file, file->max_size - file->size)
	    : 0;
	if (room > 0)
		return room;
	if (!file->begun && file->size > 0)
		rotate(file, now);
	return first_line(file);
}

/* How much a pipe or terminal takes without anybody waiting. */
static size_t
room_in_pipe(const struct query_log_file *file)
{
	struct pollfd wait = {.fd = file->fd, .events = POLLOUT};

	if (poll(&wait, 1, 0) != 1)
		return 0;
	return file->used < PIPE_BUF ? file->used : PIPE_BUF;
}

/* What is left moves to the front; returns how many lines have ended. */
static uint64_t
consume(struct query_log_file *file, size_t len)
{
	const uint64_t lines = count_lines(file, len);

	file->begun = file->buffer[len - 1] != '\n';
	file->size += len;
	memmove(file->buffer, file->buffer + len, file->used - len);
	file->used -= len;
	return lines;
}

static void
fail(struct query_log_file *file, uint64_t now)
{
	if (errno == EAGAIN || errno == EINTR)
		return;
	query_log_trouble_note(&file->trouble, now, reason(errno));
	if (errno != EPIPE)
		return;
	/* Who reads next has not seen how the line began. */
	drop_begun(file);
	shut(file);
}

uint64_t
query_log_file_flush(struct query_log_file *file, uint64_t now)
{
	uint64_t lines = 0;

	while (file->used > 0 && ready(file, now)) {
		const size_t room = file->regular ? room_in_file(file, now)
						  : room_in_pipe(file);
		ssize_t len;

		/* Rotation may have failed. */
		if (room == 0 || file->fd < 0)
			break;
		len = write(file->fd, file->buffer, room);
		if (len <= 0) {
			fail(file, now);
			break;
		}
		query_log_trouble_worked(&file->trouble, now);
		lines += consume(file, (size_t)len);
	}
	return lines;
}

void
query_log_file_miss(struct query_log_file *file, uint64_t lines, uint64_t now)
{
	/* In the pause after an error that is why there was no room. */
	if (!query_log_trouble_waits(&file->trouble, now)) {
		query_log_trouble_slow(&file->trouble, now,
		    file->regular ? "the disk is too slow"
				  : "what reads it is too slow");
	}
	file->trouble.lost += lines;
}

bool
query_log_file_put(struct query_log_file *file, const char *text, size_t len,
    uint64_t now)
{
	if (!query_log_file_fits(file, len)) {
		query_log_file_miss(file, 1, now);
		return false;
	}
	memcpy(file->buffer + file->used, text, len);
	file->used += len;
	return true;
}

char *
query_log_file_swap(struct query_log_file *file, char *buffer, size_t used)
{
	char *empty = file->buffer;

	assert(file->used == 0);
	file->buffer = buffer;
	file->used = used;
	return empty;
}
