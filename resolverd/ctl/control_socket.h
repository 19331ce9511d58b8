#ifndef CTL_CONTROL_SOCKET_H
#define CTL_CONTROL_SOCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/un.h>

/* Where it is unless the configuration says. */
#define CONTROL_SOCKET_DEFAULT "/run/resolverd/control"

/* Room for its name: no address of a socket is longer. */
enum { CONTROL_SOCKET_PATH = sizeof(((struct sockaddr_un *)0)->sun_path) };

/* The socket that a daemon is told what to do by. */
struct control_socket {
	int fd; /* listening; -1: there is none */
	char path[CONTROL_SOCKET_PATH];
	dev_t device; /* which file it is: another daemon's may have come */
	ino_t inode;
	bool shared; /* with a group */
	gid_t group;
};

/*
 * The place for somebody who may not use the usual one, with a folder of
 * one's own below $XDG_RUNTIME_DIR; false: there is none.
 */
bool control_socket_private(char path[CONTROL_SOCKET_PATH]);

/*
 * Before privileges are dropped: sees to the folder for the socket, which the
 * user whom the daemon becomes gets.  path NULL: the usual place.
 */
void control_socket_prepare(const char *path, const char *user);

/*
 * Listens there, path NULL: at the usual place, or else the private one.  From
 * the first moment nobody but this user may connect; then the group
 * "resolverd", where this user can give it the file.  What a dead daemon left
 * gives way, what a living one has does not.  Says in the log why it could
 * not, which is no reason not to serve; then fd is -1.  There must be no other
 * threads yet, for the sake of umask.
 */
void control_socket_open(struct control_socket *control, const char *path);

/* Whether who is connected may give orders: root, this user, the group. */
bool control_socket_allows(const struct control_socket *control,
    const struct ucred *peer, int fd);

/* Removes it unless another has taken its place; nothing for fd -1. */
void control_socket_close(struct control_socket *control);

#endif
