#ifndef CTL_ROOT_FILES_H
#define CTL_ROOT_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

/*
 * Files by paths within a root directory, "etc/resolv.conf", which may be that
 * of an image: a symbolic link leads nowhere outside of it, as in a chroot.
 */

/* As openat(2), with O_CLOEXEC. */
int root_files_open(int root, const char *path, int flags, mode_t mode);

/* For reading, without waiting for anybody; NULL: errno tells. */
FILE *root_files_read(int root, const char *path);

/*
 * Whether there is something of that name.  A link counts, wherever it leads:
 * of an image it may lead nowhere.
 */
bool root_files_exists(int root, const char *path);

/*
 * Where a symbolic link leads, cut to buf of cap octets; "" when it is none.
 * Those on the way to it are followed.
 */
const char *root_files_link(int root, const char *path, char *buf, size_t cap);

/*
 * Hands each name in a directory to take, in no order, but for those that
 * begin with a dot; nothing when it cannot be read.
 */
void root_files_each(int root, const char *path,
    void (*take)(void *context, const char *directory, const char *name),
    void *context);

#endif
