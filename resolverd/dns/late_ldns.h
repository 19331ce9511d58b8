#ifndef DNS_LATE_LDNS_H
#define DNS_LATE_LDNS_H

#include <ldns/ldns.h>

/*
 * The functions of ldns that are used, once late_ldns_load has returned NULL
 * (base/late.h).
 */
struct late_ldns {
	__typeof__(ldns_get_rr_type_by_name) *ldns_get_rr_type_by_name;
	__typeof__(ldns_rdf2str) *ldns_rdf2str;
	__typeof__(ldns_rdf_data) *ldns_rdf_data;
	__typeof__(ldns_rdf_deep_free) *ldns_rdf_deep_free;
	__typeof__(ldns_rdf_new_frm_data) *ldns_rdf_new_frm_data;
	__typeof__(ldns_rdf_new_frm_str) *ldns_rdf_new_frm_str;
	__typeof__(ldns_rdf_size) *ldns_rdf_size;
	__typeof__(ldns_rr_descript) *ldns_rr_descript;
	__typeof__(ldns_rr_descriptor_field_type)
	    *ldns_rr_descriptor_field_type;
	__typeof__(ldns_rr_descriptor_maximum) *ldns_rr_descriptor_maximum;
	__typeof__(ldns_rr_descriptor_minimum) *ldns_rr_descriptor_minimum;
	__typeof__(ldns_rr_type2str) *ldns_rr_type2str;
	__typeof__(ldns_version) *ldns_version;
};
extern struct late_ldns late_ldns;

/* As late_load, late_trouble and late_version. */
const char *late_ldns_load(void);
const char *late_ldns_trouble(void);
const char *late_ldns_version(void);

#endif
