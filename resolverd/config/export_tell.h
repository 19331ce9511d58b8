#ifndef CONFIG_EXPORT_TELL_H
#define CONFIG_EXPORT_TELL_H

#include "base/diag.h"
#include "config/export.h"

/*
 * What is not in the output, or not as it was, is said in a comment of the
 * output and by a warning.
 */
void export_tell_lost(struct export *export, struct mark mark,
    const char *format, ...) __attribute__((format(printf, 3, 4)));

/* A comment that is no warning. */
void export_tell_note(struct export *export, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* What Cloud DNS does not take from a zone or a policy. */
void export_tell_zone(struct export *export, const struct export_zone *zone);
void
export_tell_policy(struct export *export, const struct export_policy *policy);

/* That a record set is left out: Cloud DNS keeps its own. */
void export_tell_refused(struct export *export, const struct export_zone *zone,
    const struct model_record_set *set);

/* What no resource of Cloud DNS stands for; nothing when one zone is wanted. */
void export_tell_rest(struct export *export);

#endif
