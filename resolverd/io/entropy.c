#include "io/entropy.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/types.h>

#include "base/log.h"

void
entropy_fill(void *buf, size_t len)
{
	uint8_t *at = buf;

	while (len > 0) {
		const ssize_t got = getrandom(at, len, 0);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			/* Guessable ids are worse than no service. */
			log_error("random numbers: %s", strerror(errno));
			abort();
		}
		at += got;
		len -= (size_t)got;
	}
}
