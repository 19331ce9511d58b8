#include "io/mailbox.h"

#include <assert.h>
#include <errno.h>
#include <stddef.h>
#include <sys/eventfd.h>
#include <unistd.h>

bool
mailbox_open(struct mailbox *mailbox)
{
	const int fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);

	if (fd < 0)
		return false;
	atomic_init(&mailbox->newest, NULL);
	mailbox->fd = fd;
	return true;
}

void
mailbox_close(struct mailbox *mailbox)
{
	assert(atomic_load(&mailbox->newest) == NULL);
	close(mailbox->fd);
}

void
mailbox_post(struct mailbox *mailbox, struct message *message)
{
	message->next = atomic_load(&mailbox->newest);
	while (!atomic_compare_exchange_weak(&mailbox->newest, &message->next,
	    message))
		continue;
	/* EAGAIN: the count is full, so the reader is awake anyway. */
	while (eventfd_write(mailbox->fd, 1) != 0 && errno == EINTR)
		continue;
}

struct message *
mailbox_take(struct mailbox *mailbox)
{
	struct message *newest;
	struct message *oldest = NULL;
	eventfd_t count;

	/* Before the exchange: a later post must wake the reader again. */
	while (eventfd_read(mailbox->fd, &count) != 0 && errno == EINTR)
		continue;
	newest = atomic_exchange(&mailbox->newest, NULL);
	while (newest != NULL) {
		struct message *next = newest->next;

		newest->next = oldest;
		oldest = newest;
		newest = next;
	}
	return oldest;
}
