#ifndef DNS_FIELD_H
#define DNS_FIELD_H

/*
 * Cold: what is wrong with one field of a record's presentation form, its
 * escapes as written.  Each returns NULL when nothing is, else a sentence
 * fragment such as "is not an IPv4 address".
 */
const char *field_u8_fault(const char *text);
const char *field_u16_fault(const char *text);
const char *field_u32_fault(const char *text);
const char *field_period_fault(const char *text);
const char *field_mnemonic_fault(const char *text);
const char *field_type_fault(const char *text);
const char *field_time_fault(const char *text);
const char *field_a_fault(const char *text);
const char *field_aaaa_fault(const char *text);
const char *field_long_string_fault(const char *text);
const char *field_string_fault(const char *text);
const char *field_tag_fault(const char *text);
const char *field_hex_fault(const char *text);
const char *field_base64_fault(const char *text);
const char *field_nothing_fault(const char *text);

#endif
