#include "fake_root.h"

#include <fcntl.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

int
fake_root_make(struct fake_root *root)
{
	snprintf(root->path, sizeof(root->path), "/tmp/fake_root.XXXXXX");
	if (mkdtemp(root->path) == NULL)
		return -1;
	root->fd = open(root->path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return root->fd < 0 ? -1 : 0;
}

int
fake_root_remove(const struct fake_root *root)
{
	char command[PATH_MAX];

	close(root->fd);
	snprintf(command, sizeof(command), "chmod -R u+rwX %s; rm -r %s",
	    root->path, root->path);
	return system(command); /* NOLINT(cert-env33-c): ours alone */
}

void
fake_root_way(const struct fake_root *root, const char *path)
{
	char way[PATH_MAX];

	for (const char *at = path; (at = strchr(at, '/')) != NULL; at++) {
		snprintf(way, sizeof(way), "%.*s", (int)(at - path), path);
		mkdirat(root->fd, way, 0755);
	}
}

void
fake_root_put(const struct fake_root *root, const char *path, const char *text)
{
	int fd;

	fake_root_way(root, path);
	fd = openat(root->fd, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
	    0644);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

void
fake_root_link(const struct fake_root *root, const char *path,
    const char *target)
{
	fake_root_way(root, path);
	assert_int_equal(symlinkat(target, root->fd, path), 0);
}
