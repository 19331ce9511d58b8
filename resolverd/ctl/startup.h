#ifndef CTL_STARTUP_H
#define CTL_STARTUP_H

#include <stdbool.h>

#include "ctl/activation.h"
#include "ctl/exit_code.h"
#include "io/boot.h"
#include "model/model.h"

/*
 * Fills boot from the start-up settings of model: addresses (those of the
 * sockets that were handed over where nobody has chosen any), numbers a
 * worker, the limit of open files raised to what they need or they lowered to
 * what it allows.  Logs what is wrong.
 */
enum exit_code startup_plan(struct boot *boot, const struct model *model,
    const struct activation *activation);

/* Frees what boot holds and closes its sockets. */
void startup_fini(struct boot *boot);

/*
 * Logs which start-up settings differ between the model that runs and a newly
 * read one: they take effect on restart.
 */
void startup_compare(const struct model *running, const struct model *read);

#endif
