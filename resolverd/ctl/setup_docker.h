#ifndef CTL_SETUP_DOCKER_H
#define CTL_SETUP_DOCKER_H

#include "base/arena.h"

/*
 * Docker's daemon.json with "dns": [address]; all other octets of the old text,
 * which may be "", stay.  NULL with *fault, a sentence's end, when it is no
 * JSON object or there is no memory.
 */
const char *setup_docker_merge(const char *old, const char *address,
    struct arena *arena, const char **fault);

#endif
