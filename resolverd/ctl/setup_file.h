#ifndef CTL_SETUP_FILE_H
#define CTL_SETUP_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/arena.h"

enum setup_kind {
	SETUP_ABSENT,
	SETUP_FILE,
	SETUP_LINK,
	SETUP_STRANGE, /* a directory, a device, larger than any such file */
};

/* What is, was or shall be in a place. */
struct setup_object {
	enum setup_kind kind;
	mode_t mode; /* of a file */
	uid_t uid;
	gid_t gid;
	const char *content; /* a file's octets, terminated; a link's target */
	size_t len;
};

enum {
	SETUP_FILE_MOST = 1 << 20, /* octets of a file that is handled */
	SETUP_SUM = 33,		   /* a checksum in hexadecimal, terminated */
};

/*
 * Looks at a path below root; a link at its end is not followed.  False: errno
 * tells.  The content lies in arena, a growing one.
 */
bool setup_file_read(int root, const char *path, struct arena *arena,
    struct setup_object *out);

/*
 * Puts an object in the place of whatever is there, whole or not at all; it is
 * on the disk then.  Absent: nothing is left there.  False: errno tells.
 */
bool
setup_file_put(int root, const char *path, const struct setup_object *object);

/*
 * Gives a file, of which only the content is looked at, new content without
 * another taking its place, as what is mounted there needs.
 */
bool setup_file_rewrite(int root, const char *path,
    const struct setup_object *object);

/*
 * Of kind and content, to see that they are others: against accidents, for the
 * state is root's alone.
 */
const char *
setup_file_sum(const struct setup_object *object, char sum[SETUP_SUM]);

#endif
