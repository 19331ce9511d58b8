#ifndef CTL_SETUP_DOCKER_H
#define CTL_SETUP_DOCKER_H

#include <stdbool.h>

#include "base/addr.h"
#include "base/arena.h"

#define SETUP_DOCKER_FILE "etc/docker/daemon.json"

/*
 * Where containers reach this machine: the address of docker0; where that is
 * not to be seen, as in an image, the one it has unless Docker was told
 * otherwise.
 */
void setup_docker_bridge(bool live, char text[ADDR_TEXT]);

/*
 * Docker's daemon.json with "dns": [address]; all other octets of the old text,
 * which may be "", stay.  NULL with *fault, a sentence's end, when it is no
 * JSON object or there is no memory.
 */
const char *setup_docker_merge(const char *old, const char *address,
    struct arena *arena, const char **fault);

#endif
