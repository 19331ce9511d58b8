#ifndef CTL_SETUP_NETWORK_H
#define CTL_SETUP_NETWORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/json_writer.h"
#include "ctl/guest_agent.h"
#include "ctl/link_domains.h"
#include "ctl/netplan.h"
#include "ctl/setup_text.h"

/*
 * Who describes a machine's network, which setup leaves as it is, and what
 * follows from that for whom programs ask.
 */
struct setup_network {
	bool live;
	struct netplan netplan;
	struct guest_agent agent;
	struct link_domains links[LINK_DOMAINS]; /* of the live machine */
	size_t link_count;
};

void setup_network_look(int root, bool live, struct setup_network *out);

/* A line for each of them; nothing when there is none. */
void setup_network_print(const struct setup_network *network, FILE *out);

/* The same as a member "network". */
void setup_network_write(const struct setup_network *network,
    struct json_writer *writer);

/*
 * Who would answer as often as resolverd, of which systemd-resolved believes
 * the first: a link whose own domain is "~.".  NULL: nobody.
 */
const char *setup_network_rival(const struct setup_network *network);

/*
 * What systemd-resolved will send past resolverd nevertheless: sentences in
 * arena, of which there are no more than cap; NULL among them when there is no
 * memory.
 */
size_t setup_network_notes(const struct setup_network *network,
    const struct setup_wish *wish, struct arena *arena, const char **notes,
    size_t cap);

#endif
