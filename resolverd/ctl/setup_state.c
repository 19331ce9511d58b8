#include "ctl/setup_state.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "ctl/root_files.h"

#define MANIFEST "manifest"
#define VERSION	 "resolverd-setup 1"

enum { NAME = 32, LINE = SETUP_ASKED + 64, FIELDS = 9, PERMISSIONS = 07777 };

static const char *const words[] = {
    [SETUP_ENTRY_MADE] = "made",
    [SETUP_ENTRY_CHANGED] = "changed",
    [SETUP_ENTRY_ACTION] = "action",
};

enum { WORDS = sizeof(words) / sizeof(words[0]) };

static bool
is_safe(int fd)
{
	struct stat status;

	return fstat(fd, &status) == 0 && status.st_uid == geteuid() &&
	    (status.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

/* Goes down one directory, which is closed; -1: errno tells. */
static int
descend(int parent, const char *name, mode_t create)
{
	const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	int error;
	int fd = -1;

	if (create == 0 || mkdirat(parent, name, create) == 0 ||
	    errno == EEXIST)
		fd = openat(parent, name, flags);
	error = errno;
	close(parent);
	errno = error;
	return fd;
}

static enum setup_state
open_at(int root, mode_t outer, mode_t inner, int *out)
{
	int fd = root_files_open(root, "var/lib", O_RDONLY | O_DIRECTORY, 0);

	if (fd >= 0)
		fd = descend(fd, "resolverd", outer);
	if (fd >= 0 && !is_safe(fd)) {
		close(fd);
		return SETUP_STATE_UNSAFE;
	}
	if (fd >= 0)
		fd = descend(fd, "setup", inner);
	if (fd < 0)
		return errno == ENOENT ? SETUP_STATE_NONE : SETUP_STATE_FAILED;
	if (!is_safe(fd)) {
		close(fd);
		return SETUP_STATE_UNSAFE;
	}
	*out = fd;
	return faccessat(fd, MANIFEST, F_OK, AT_SYMLINK_NOFOLLOW) == 0
	    ? SETUP_STATE_GOOD
	    : SETUP_STATE_NONE;
}

enum setup_state
setup_state_open(int root, int *out)
{
	*out = -1;
	return open_at(root, 0, 0, out);
}

enum setup_state
setup_state_create(int root, int *out)
{
	enum setup_state state;

	*out = -1;
	/* The daemon may see that there is a manifest, and no more. */
	state = open_at(root, 0755, 0711, out);
	if (state == SETUP_STATE_NONE && *out < 0)
		return SETUP_STATE_FAILED;
	return state;
}

/* A path that leads to nowhere but below the root, without odd letters. */
static bool
path_is_good(const char *path)
{
	return path[0] != '\0' && path[0] != '/' &&
	    strstr(path, "..") == NULL && path[strcspn(path, " \t\n")] == '\0';
}

static void
write_entry(FILE *out, const struct setup_entry *entry)
{
	fprintf(out, "%s %s", words[entry->kind], entry->path);
	if (entry->kind == SETUP_ENTRY_CHANGED) {
		fprintf(out, " %d %d %o %u %u %s %s", entry->mounted,
		    (int)entry->was.kind, (unsigned)entry->was.mode,
		    (unsigned)entry->was.uid, (unsigned)entry->was.gid,
		    entry->was_sum, entry->sum);
	}
	putc('\n', out);
}

static bool
write_manifest(FILE *out, const struct setup_manifest *manifest)
{
	fprintf(out, VERSION "\nasked %s\n", manifest->asked);
	for (size_t i = 0; i < manifest->count; i++)
		write_entry(out, &manifest->entries[i]);
	return fflush(out) == 0;
}

static struct setup_object
text_object(const char *text, size_t len)
{
	return (struct setup_object){
	    .kind = SETUP_FILE,
	    .mode = 0600,
	    .uid = geteuid(),
	    .gid = getegid(),
	    .content = text,
	    .len = len,
	};
}

bool
setup_state_save(int directory, const struct setup_manifest *manifest)
{
	char *text = NULL;
	size_t len = 0;
	char sum[SETUP_SUM];
	FILE *out = open_memstream(&text, &len);
	bool good = out != NULL && write_manifest(out, manifest);

	if (good) {
		const struct setup_object so_far = text_object(text, len);

		fprintf(out, "sum %s\n", setup_file_sum(&so_far, sum));
	}
	if (out != NULL)
		good = fclose(out) == 0 && good;
	if (good) {
		const struct setup_object whole = text_object(text, len);

		good = setup_file_put(directory, MANIFEST, &whole);
	}
	free(text);
	return good;
}

/* Takes a line apart at its spaces; how many parts there are. */
static size_t
split(char *line, char *fields[FIELDS + 1])
{
	size_t count = 0;
	char *rest = NULL;

	for (char *at = strtok_r(line, " ", &rest);
	     at != NULL && count <= FIELDS; at = strtok_r(NULL, " ", &rest))
		fields[count++] = at;
	return count;
}

static bool
number(const char *text, uint64_t most, uint64_t *out)
{
	return number_parse(text, 0, most, out);
}

static bool
read_mode(const char *text, mode_t *out)
{
	char *end;
	const unsigned long mode = strtoul(text, &end, 8);

	*out = (mode_t)(mode & PERMISSIONS);
	return *end == '\0' && mode <= PERMISSIONS;
}

static bool
read_changed(char *const *fields, struct setup_entry *entry)
{
	uint64_t mounted;
	uint64_t kind;
	uint64_t uid;
	uint64_t gid;

	if (!number(fields[2], 1, &mounted) ||
	    !number(fields[3], SETUP_LINK, &kind) ||
	    !read_mode(fields[4], &entry->was.mode) ||
	    !number(fields[5], UINT32_MAX, &uid) ||
	    !number(fields[6], UINT32_MAX, &gid) ||
	    strlen(fields[7]) != SETUP_SUM - 1 ||
	    strlen(fields[8]) != SETUP_SUM - 1)
		return false;
	entry->mounted = mounted == 1;
	entry->was.kind = (enum setup_kind)kind;
	entry->was.uid = (uid_t)uid;
	entry->was.gid = (gid_t)gid;
	memcpy(entry->was_sum, fields[7], SETUP_SUM);
	memcpy(entry->sum, fields[8], SETUP_SUM);
	return true;
}

static bool
read_entry(char *line, struct setup_entry *entry)
{
	char *fields[FIELDS + 1];
	const size_t count = split(line, fields);
	size_t kind = 0;

	*entry = (struct setup_entry){.kind = SETUP_ENTRY_MADE};
	while (count > 1 && kind < WORDS && strcmp(fields[0], words[kind]) != 0)
		kind++;
	if (count < 2 || kind == WORDS || !path_is_good(fields[1]) ||
	    strlen(fields[1]) >= sizeof(entry->path))
		return false;
	entry->kind = (enum setup_entry_kind)kind;
	snprintf(entry->path, sizeof(entry->path), "%s", fields[1]);
	if (entry->kind != SETUP_ENTRY_CHANGED)
		return count == 2;
	return count == FIELDS && read_changed(fields, entry);
}

static bool
read_line(char *line, size_t n, struct setup_manifest *manifest)
{
	static const char asked[] = "asked ";

	if (n == 0)
		return strcmp(line, VERSION) == 0;
	if (n == 1) {
		if (strncmp(line, asked, sizeof(asked) - 1) != 0)
			return false;
		snprintf(manifest->asked, sizeof(manifest->asked), "%.*s",
		    (int)sizeof(manifest->asked) - 1, line + sizeof(asked) - 1);
		return true;
	}
	return manifest->count < SETUP_ENTRIES &&
	    read_entry(line, &manifest->entries[manifest->count++]);
}

/* Cuts the last line, with the sum of those before, off; false: it is wrong. */
static bool
check_sum(struct setup_object *text)
{
	const size_t last = sizeof("sum \n") - 1 + SETUP_SUM - 1;
	char sum[SETUP_SUM];
	const char *line;

	if (text->len < last)
		return false;
	text->len -= last;
	line = text->content + text->len;
	setup_file_sum(text, sum);
	return strncmp(line, "sum ", 4) == 0 &&
	    strncmp(line + 4, sum, SETUP_SUM - 1) == 0;
}

static bool
read_lines(const struct setup_object *text, struct setup_manifest *manifest)
{
	const char *at = text->content;
	const char *end = at + text->len;
	char line[LINE];

	for (size_t n = 0; at < end; n++) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		const size_t len =
		    newline == NULL ? sizeof(line) : (size_t)(newline - at);

		if (len >= sizeof(line))
			return false;
		memcpy(line, at, len);
		line[len] = '\0';
		if (!read_line(line, n, manifest))
			return false;
		at += len + 1;
	}
	return true;
}

enum setup_state
setup_state_load(int directory, struct setup_manifest *manifest)
{
	enum setup_state state = SETUP_STATE_BROKEN;
	struct setup_object text;
	struct arena arena;

	memset(manifest, 0, sizeof(*manifest));
	arena_init_heap(&arena, LINE);
	if (!setup_file_read(directory, MANIFEST, &arena, &text)) {
		state = SETUP_STATE_FAILED;
	} else if (text.kind == SETUP_ABSENT) {
		state = SETUP_STATE_NONE;
	} else if (text.kind == SETUP_FILE && text.uid == geteuid() &&
	    check_sum(&text) && read_lines(&text, manifest)) {
		state = SETUP_STATE_GOOD;
	}
	arena_fini(&arena);
	return state;
}

static const char *
kept_name(size_t entry, char name[NAME])
{
	snprintf(name, NAME, "kept-%zu", entry);
	return name;
}

bool
setup_state_keep(int directory, size_t entry, const struct setup_object *was)
{
	const struct setup_object text = text_object(was->content, was->len);
	char name[NAME];

	return was->kind == SETUP_ABSENT ||
	    setup_file_put(directory, kept_name(entry, name), &text);
}

bool
setup_state_recall(int directory, size_t entry, struct arena *arena,
    struct setup_entry *out)
{
	struct setup_object text = {.content = ""};
	char name[NAME];
	char sum[SETUP_SUM];

	if (out->was.kind != SETUP_ABSENT &&
	    (!setup_file_read(directory, kept_name(entry, name), arena,
		 &text) ||
		text.kind != SETUP_FILE))
		return false;
	out->was.content = text.content;
	out->was.len = text.len;
	return strcmp(setup_file_sum(&out->was, sum), out->was_sum) == 0;
}

bool
setup_state_clear(int directory)
{
	char name[NAME];

	if (unlinkat(directory, MANIFEST, 0) != 0 && errno != ENOENT)
		return false;
	if (fsync(directory) != 0)
		return false;
	for (size_t i = 0; i < SETUP_ENTRIES; i++)
		unlinkat(directory, kept_name(i, name), 0);
	return true;
}
