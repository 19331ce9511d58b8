#include "io/entropy.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/types.h>

#include "base/hash.h"
#include "base/log.h"

/*
 * For when the kernel gives no more: a secret of its own, drawn at the start,
 * and how often it was used.  What SipHash makes of the two nobody can guess.
 */
static struct {
	struct hash_key key;
	atomic_uint_fast64_t used;
	atomic_bool told;
} reserve;

/* Fills what it can; returns how much is left. */
static size_t
entropy_draw(uint8_t *at, size_t len)
{
	while (len > 0) {
		const ssize_t got = getrandom(at, len, 0);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			break;
		at += got;
		len -= (size_t)got;
	}
	return len;
}

static void
entropy_derive(uint8_t *at, size_t len)
{
	while (len > 0) {
		const uint64_t count = atomic_fetch_add(&reserve.used, 1);
		const uint64_t octets =
		    hash_bytes(&reserve.key, &count, sizeof(count));
		const size_t part = len < sizeof(octets) ? len : sizeof(octets);

		memcpy(at, &octets, part);
		at += part;
		len -= part;
	}
}

bool
entropy_open(void)
{
	return entropy_draw((uint8_t *)&reserve.key, sizeof(reserve.key)) == 0;
}

void
entropy_fill(void *buf, size_t len)
{
	uint8_t *at = buf;
	const size_t left = entropy_draw(at, len);

	if (left == 0)
		return;
	if (!atomic_exchange(&reserve.told, true)) {
		log_error("random numbers: the kernel gives none (%s); they "
			  "are made of what it gave at the start",
		    strerror(errno));
	}
	entropy_derive(at + len - left, left);
}
