#include "ctl/control_socket.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "ctl/privileges.h"

enum {
	FOLDER_MODE = 0750,
	ALONE = 0177, /* the umask that leaves read and write to the owner */
	SHARED_MODE = 0660,
	BACKLOG = 16,
	PEER_GROUPS = 256,
};

#define GROUP "resolverd"

bool
control_socket_private(char path[CONTROL_SOCKET_PATH])
{
	const char *folder = getenv("XDG_RUNTIME_DIR");

	return folder != NULL && folder[0] == '/' &&
	    snprintf(path, CONTROL_SOCKET_PATH, "%s/resolverd/control",
		folder) < CONTROL_SOCKET_PATH;
}

/* The folder that the socket is in. */
static const char *
folder_of(const char *path, char buf[CONTROL_SOCKET_PATH])
{
	snprintf(buf, CONTROL_SOCKET_PATH, "%s", path);
	return dirname(buf);
}

void
control_socket_prepare(const char *path, const char *user)
{
	char buf[CONTROL_SOCKET_PATH];
	const char *folder =
	    folder_of(path == NULL ? CONTROL_SOCKET_DEFAULT : path, buf);
	const bool made = mkdir(folder, FOLDER_MODE) == 0;

	/* Somebody's own folder stays somebody's own. */
	if (made || (path == NULL && errno == EEXIST))
		privileges_give(folder, user);
}

static bool
control_socket_addr(const char *path, struct sockaddr_un *addr)
{
	*addr = (struct sockaddr_un){.sun_family = AF_UNIX};
	return snprintf(addr->sun_path, sizeof(addr->sun_path), "%s", path) <
	    (int)sizeof(addr->sun_path);
}

/* Whether somebody listens there; errno says how the attempt went. */
static bool
is_alive(const struct sockaddr_un *addr)
{
	const int fd =
	    socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	bool alive;
	int error;

	if (fd < 0)
		return true;
	alive = connect(fd, (const struct sockaddr *)addr, sizeof(*addr)) == 0;
	error = errno;
	close(fd);
	errno = error;
	return alive || error == EAGAIN;
}

/* Removes what a dead daemon left; false with errno set when it is not that. */
static bool
make_way(const struct sockaddr_un *addr)
{
	struct stat status;

	if (lstat(addr->sun_path, &status) != 0)
		return errno == ENOENT;
	if (!S_ISSOCK(status.st_mode)) {
		errno = ENOTSOCK;
		return false;
	}
	if (is_alive(addr)) {
		errno = EADDRINUSE;
		return false;
	}
	return errno == ECONNREFUSED && unlink(addr->sun_path) == 0;
}

/*
 * Gives the group its part in a socket that is this user's alone so far.  A
 * service may not change owners, but is in the group itself.
 */
static void
share(struct control_socket *control, const struct stat *status)
{
	const struct group *group = getgrnam(GROUP);

	if (group == NULL)
		return;
	if (status->st_gid != group->gr_gid &&
	    lchown(control->path, (uid_t)-1, group->gr_gid) != 0)
		return;
	if (chmod(control->path, SHARED_MODE) != 0)
		return;
	control->shared = true;
	control->group = group->gr_gid;
}

static bool
control_socket_bind(struct control_socket *control,
    const struct sockaddr_un *addr)
{
	const mode_t mask = umask(ALONE);
	const bool bound = bind(control->fd, (const struct sockaddr *)addr,
			       sizeof(*addr)) == 0;
	const int error = errno;
	struct stat status;

	umask(mask);
	errno = error;
	if (!bound || lstat(control->path, &status) != 0)
		return false;
	control->device = status.st_dev;
	control->inode = status.st_ino;
	share(control, &status);
	return listen(control->fd, BACKLOG) == 0;
}

/* Within the locked folder nobody else looks and binds at the same time. */
static bool
control_socket_listen(struct control_socket *control, int folder)
{
	struct sockaddr_un addr;

	if (flock(folder, LOCK_EX | LOCK_NB) != 0 ||
	    !control_socket_addr(control->path, &addr) || !make_way(&addr))
		return false;
	control->fd =
	    socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (control->fd < 0)
		return false;
	if (control_socket_bind(control, &addr))
		return true;
	close(control->fd);
	control->fd = -1;
	return false;
}

/* False with errno set. */
static bool
control_socket_try(struct control_socket *control, const char *path)
{
	char buf[CONTROL_SOCKET_PATH];
	const char *name = folder_of(path, buf);
	bool opened;
	int folder;
	int error;

	snprintf(control->path, sizeof(control->path), "%s", path);
	mkdir(name, FOLDER_MODE);
	folder = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder < 0)
		return false;
	opened = control_socket_listen(control, folder);
	error = errno;
	close(folder);
	errno = error;
	return opened;
}

static void
complain(const char *path, bool asked_for)
{
	const char *why = errno == EADDRINUSE
	    ? "another resolverd listens there"
	    : strerror(errno);

	if (asked_for || errno == EADDRINUSE) {
		log_warn("control socket %s: %s; resolverctl will not reach "
			 "this daemon",
		    path, why);
	} else {
		log_debug("control socket %s: %s", path, why);
	}
}

void
control_socket_open(struct control_socket *control, const char *path)
{
	char private[CONTROL_SOCKET_PATH];
	bool opened;

	*control = (struct control_socket){.fd = -1};
	opened = control_socket_try(control,
	    path == NULL ? CONTROL_SOCKET_DEFAULT : path);
	if (!opened && path == NULL && errno != EADDRINUSE &&
	    control_socket_private(private))
		opened = control_socket_try(control, private);
	if (opened) {
		log_debug("control socket %s", control->path);
	} else {
		complain(control->path, path != NULL);
	}
}

static bool
is_member(int fd, gid_t group)
{
	gid_t groups[PEER_GROUPS];
	socklen_t len = sizeof(groups);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups, &len) != 0)
		return false;
	for (size_t i = 0; i < len / sizeof(groups[0]); i++) {
		if (groups[i] == group)
			return true;
	}
	return false;
}

bool
control_socket_allows(const struct control_socket *control,
    const struct ucred *peer, int fd)
{
	if (peer->uid == 0 || peer->uid == geteuid())
		return true;
	return control->shared &&
	    (peer->gid == control->group || is_member(fd, control->group));
}

void
control_socket_close(struct control_socket *control)
{
	struct stat status;

	if (control->fd < 0)
		return;
	if (lstat(control->path, &status) == 0 &&
	    status.st_dev == control->device && status.st_ino == control->inode)
		unlink(control->path);
	close(control->fd);
	control->fd = -1;
}
