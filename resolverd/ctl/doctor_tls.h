#ifndef CTL_DOCTOR_TLS_H
#define CTL_DOCTOR_TLS_H

#include <stdbool.h>
#include <stddef.h>

#include "ctl/doctor.h"

/*
 * Check: does a TLS handshake under the name succeed, with a certificate that
 * holds?  The session is kept for the HTTP check.
 */
void doctor_tls_run(struct doctor *doctor);

/* Writes all; false when it cannot within the time. */
bool doctor_tls_send(struct doctor *doctor, const void *octets, size_t len);

/* Reads some; 0 at the end, by error or by time. */
size_t doctor_tls_receive(struct doctor *doctor, void *octets, size_t cap);

/* Ends the session and its connection, where there are any. */
void doctor_tls_close(struct doctor *doctor);

#endif
