#ifndef CTL_ATTENTION_H
#define CTL_ATTENTION_H

#include <stdbool.h>
#include <stdint.h>

/*
 * What a command that runs on pays attention to beside the daemon: signals,
 * and descriptors.  fd is readable when there is something.
 */
struct attention {
	int fd;
	int signals; /* descriptor */
};

/*
 * Signals of a list that 0 ends no longer do what they did.  False with errno
 * set, and nothing to free.
 */
bool attention_init(struct attention *attention, const int *signals);

/* They do again. */
void attention_fini(struct attention *attention);

/*
 * Also for these EPOLL events of a descriptor; none: that it is hung up.  No
 * harm where the descriptor knows no events, such as a file's.
 */
void attention_add(const struct attention *attention, int fd, uint32_t events);

/* A signal that came; 0: none any more. */
int attention_signal(const struct attention *attention);

/* Whether what is written to it is read by nobody. */
bool attention_hung_up(int fd);

/* Whether there is something to be read from it. */
bool attention_readable(int fd);

#endif
