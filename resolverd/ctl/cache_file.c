#include "ctl/cache_file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "io/clock.h"

/* A file by its directory, so that no step goes astray. */
struct place {
	int directory; /* a descriptor; -1: errno tells */
	const char *name;
	char temporary[NAME_MAX + 1];
};

static struct place
place_open(const char *path)
{
	const char *slash = strrchr(path, '/');
	struct place place = {.name = slash == NULL ? path : slash + 1};
	char directory[PATH_MAX] = ".";

	if (slash != NULL && (size_t)(slash - path) < sizeof(directory)) {
		memcpy(directory, path, (size_t)(slash - path));
		directory[slash - path] = '\0';
	}
	if (slash == path)
		memcpy(directory, "/", sizeof("/"));
	place.directory = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	snprintf(place.temporary, sizeof(place.temporary), ".%.200s.new",
	    place.name);
	return place;
}

static void
place_close(const struct place *place)
{
	if (place->directory >= 0)
		close(place->directory);
}

/* What keeps a file from being believed; NULL: nothing does. */
static const char *
file_fault(int fd)
{
	struct stat status;

	if (fstat(fd, &status) != 0)
		return strerror(errno);
	if (!S_ISREG(status.st_mode))
		return "it is no file";
	/* Whoever can write to it could have any name lead anywhere. */
	if (status.st_uid != geteuid() && status.st_uid != 0)
		return "it belongs to another user";
	if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0)
		return "others may write to it";
	return NULL;
}

/* NULL: *fault says why it cannot be read, or is NULL when there is none. */
static FILE *
file_open(const char *path, const char **fault)
{
	/* A pipe would make us wait. */
	const int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	FILE *file = NULL;

	*fault = NULL;
	if (fd < 0) {
		if (errno != ENOENT)
			*fault = strerror(errno);
		return NULL;
	}
	*fault = file_fault(fd);
	if (*fault == NULL) {
		file = fdopen(fd, "r");
		if (file == NULL)
			*fault = strerror(errno);
	}
	if (file == NULL)
		close(fd);
	return file;
}

bool
cache_file_open(struct cache_filling *filling, const char *path,
    const struct snapshot *snapshot)
{
	const uint64_t date = (uint64_t)clock_date() / CLOCK_SECOND;
	const char *fault;
	FILE *file = file_open(path, &fault);

	if (file == NULL) {
		if (fault != NULL) {
			log_warn("cache: %s cannot be read: %s; starting "
				 "with an empty cache",
			    path, fault);
		}
		return false;
	}
	fault = cache_form_verify(file, date);
	if (fault != NULL) {
		log_warn("cache: %s %s; starting with an empty cache", path,
		    fault);
		fclose(file);
		return false;
	}
	*filling = (struct cache_filling){
	    .path = path,
	    .file = file,
	    .loading =
		{
		    .snapshot = snapshot,
		    .now = clock_now(),
		    .date = date,
		},
	};
	return true;
}

void
cache_file_fill(void *context, struct cache *cache)
{
	struct cache_filling *filling = context;

	filling->entries =
	    cache_form_load(filling->file, cache, &filling->loading);
}

void
cache_file_close(struct cache_filling *filling)
{
	const uint64_t took = clock_now() - filling->loading.now;

	fclose(filling->file);
	log_info("cache: %zu answer%s loaded from %s; %" PRIu64 " ms",
	    filling->entries, filling->entries == 1 ? "" : "s", filling->path,
	    took / (CLOCK_SECOND / 1000));
}

void
cache_file_check(const char *path)
{
	const struct place place = place_open(path);

	if (place.directory < 0 ||
	    faccessat(place.directory, ".", W_OK | X_OK, AT_EACCESS) != 0) {
		log_warn("cache: %s cannot be written: %s; the cache will not "
			 "be saved",
		    path, strerror(errno));
	}
	place_close(&place);
}

/* What a daemon that was killed has left there is in nobody's way. */
static FILE *
place_create(const struct place *place)
{
	const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
	FILE *file;
	int fd;

	if (place->directory < 0)
		return NULL;
	unlinkat(place->directory, place->temporary, 0);
	fd = openat(place->directory, place->temporary, flags, 0600);
	if (fd < 0)
		return NULL;
	file = fdopen(fd, "w");
	if (file == NULL)
		close(fd);
	return file;
}

/* On the disk, and then in the old one's place, and that on the disk too. */
static bool
place_settle(const struct place *place, FILE *file)
{
	return fsync(fileno(file)) == 0 &&
	    renameat(place->directory, place->temporary, place->directory,
		place->name) == 0 &&
	    fsync(place->directory) == 0;
}

static bool
place_write(const struct place *place, const struct cache_saving *saving,
    size_t *entries)
{
	FILE *file = place_create(place);
	int error;

	if (file == NULL)
		return false;
	if (cache_form_write(file, saving, entries) &&
	    place_settle(place, file)) {
		fclose(file);
		return true;
	}
	error = errno;
	fclose(file);
	unlinkat(place->directory, place->temporary, 0);
	errno = error;
	return false;
}

void
cache_file_save(const char *path, const struct cache_saving *saving)
{
	const uint64_t started_at = clock_now();
	const struct place place = place_open(path);
	size_t entries = 0;

	if (place_write(&place, saving, &entries)) {
		log_info("cache: %zu answer%s saved to %s; %" PRIu64 " ms",
		    entries, entries == 1 ? "" : "s", path,
		    (clock_now() - started_at) / (CLOCK_SECOND / 1000));
	} else {
		log_error("cache: %s cannot be written: %s", path,
		    strerror(errno));
	}
	place_close(&place);
}
