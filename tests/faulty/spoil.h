#ifndef FAULTY_SPOIL_H
#define FAULTY_SPOIL_H

#include "message.h"

/*
 * What makes an answer one that must not be taken: the message is whole and
 * forged when it comes, and wrong in one respect when it goes.
 */
struct spoiling {
	const char *word;
	const char *help;
	void (*spoil)(struct message *message, const struct question *question);
};

/* The row of a word of that length, or NULL. */
const struct spoiling *spoil_find(const char *word, size_t len);

/* Row by row, then NULL. */
const struct spoiling *spoil_row(size_t index);

#endif
