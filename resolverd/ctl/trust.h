#ifndef CTL_TRUST_H
#define CTL_TRUST_H

#include <stdbool.h>

#include "base/diag.h"
#include "base/hash.h"
#include "core/snapshot.h"
#include "io/tls.h"
#include "model/model.h"

/*
 * Reads the certificates that a model's upstream servers are checked with;
 * *tls is NULL where none of them is asked over TLS.  False when they cannot
 * be read, with an error in diag.
 */
bool trust_read(const struct model *model, struct tls **tls, struct diag *diag);

/*
 * Compiles a model to a snapshot with a reference of its own to what trust_read
 * found; NULL as compile_snapshot.
 */
struct snapshot *trust_compile(const struct model *model,
    const struct hash_key *key, struct tls *tls, struct diag *diag);

#endif
