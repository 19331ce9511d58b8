#ifndef UNIT_FAKE_ROOT_H
#define UNIT_FAKE_ROOT_H

/* A directory that stands for the root of a machine, or of its image. */
struct fake_root {
	char path[32];
	int fd;
};

/* 0 when it is there, as cmocka's set-up functions want it. */
int fake_root_make(struct fake_root *root);

/* All of it, whatever was made of its modes. */
int fake_root_remove(const struct fake_root *root);

/* The directories on the way to a path; all of it when it ends in a slash. */
void fake_root_way(const struct fake_root *root, const char *path);

/* A file of that text, and a symbolic link, with the way to it. */
void
fake_root_put(const struct fake_root *root, const char *path, const char *text);
void fake_root_link(const struct fake_root *root, const char *path,
    const char *target);

#endif
