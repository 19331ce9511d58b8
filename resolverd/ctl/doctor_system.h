#ifndef CTL_DOCTOR_SYSTEM_H
#define CTL_DOCTOR_SYSTEM_H

#include <stdbool.h>

#include "ctl/doctor.h"
#include "ctl/doctor_files.h"

/* Check: does nsswitch.conf have programs ask DNS? */
void doctor_system_switch_run(struct doctor *doctor);

/* Check: does /etc/hosts answer before DNS is asked? */
void doctor_system_hosts_run(struct doctor *doctor);

/* Check: whom does resolv.conf name? */
void doctor_system_resolv_run(struct doctor *doctor);

/* Check: does a cache of names stand between programs and resolverd? */
void doctor_system_nscd_run(struct doctor *doctor);

/* Whether a server, as another's configuration names it, is resolverd. */
bool
doctor_system_is_ours(const struct doctor *doctor, const struct addr *server);

/* Whether it is systemd-resolved's stub. */
bool doctor_system_is_resolved(const struct addr *server);

/* Those of servers that are neither. */
struct doctor_addrs doctor_system_strangers(const struct doctor *doctor,
    const struct doctor_addrs *servers);

/* resolv.conf with what the environment and the host's name add. */
void doctor_system_read_resolv(struct doctor_resolv *resolv);

/* What nsswitch.conf says, or what holds without the file. */
void doctor_system_read_switch(struct doctor_switch *hosts);

/*
 * Asks another server for the name's address.  False: it gave no answer; else
 * *same tells whether it is resolverd's, and *text is it in words.
 */
bool doctor_system_ask_other(struct doctor *doctor, const struct addr *server,
    bool *same, const char **text);

#endif
