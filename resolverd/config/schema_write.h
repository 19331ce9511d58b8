#ifndef CONFIG_SCHEMA_WRITE_H
#define CONFIG_SCHEMA_WRITE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "config/schema.h"

/* How values are written, for the types of config/schema.h. */

void
schema_write_bool(const struct schema_field *field, const void *in, FILE *out);
void schema_write_number(const struct schema_field *field, const void *in,
    FILE *out);
void schema_write_fraction(const struct schema_field *field, const void *in,
    FILE *out);
void schema_write_duration(const struct schema_field *field, const void *in,
    FILE *out);
void
schema_write_size(const struct schema_field *field, const void *in, FILE *out);
void
schema_write_word(const struct schema_field *field, const void *in, FILE *out);
void
schema_write_text(const struct schema_field *field, const void *in, FILE *out);
void
schema_write_name(const struct schema_field *field, const void *in, FILE *out);
void schema_write_address(const struct schema_field *field, const void *in,
    FILE *out);
void
schema_write_own(const struct schema_field *field, const void *in, FILE *out);
void
schema_write_host(const struct schema_field *field, const void *in, FILE *out);
void schema_write_prefix(const struct schema_field *field, const void *in,
    FILE *out);

/* Whether a struct of the model holds a value. */
bool schema_write_has_text(const struct schema_field *field, const void *in);
bool schema_write_has_name(const struct schema_field *field, const void *in);
bool schema_write_has_addr(const struct schema_field *field, const void *in);

/* A time in milliseconds or a size, in the largest unit that fits it. */
enum { UNIT_TEXT = 32 };
const char *schema_write_time(uint64_t ms, char buf[UNIT_TEXT]);
const char *schema_write_octets(uint64_t size, char buf[UNIT_TEXT]);

/* Ten-thousandths as a decimal fraction: 5000 is 0.5. */
const char *schema_write_share(uint64_t share, char buf[UNIT_TEXT]);

/* Writes text so that YAML reads it back as the same text. */
void schema_write_quoted(const char *text, FILE *out);

#endif
