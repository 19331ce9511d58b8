#include "dns/late_ldns.h"

#include "base/late.h"

struct late_ldns late_ldns;

#define ROW(function)                                           \
	{                                                       \
		.name = #function, .place = &late_ldns.function \
	}
static const struct late_function functions[] = {
    ROW(ldns_get_rr_type_by_name),
    ROW(ldns_rdf2str),
    ROW(ldns_rdf_data),
    ROW(ldns_rdf_deep_free),
    ROW(ldns_rdf_new_frm_data),
    ROW(ldns_rdf_new_frm_str),
    ROW(ldns_rdf_size),
    ROW(ldns_rr_descript),
    ROW(ldns_rr_descriptor_field_type),
    ROW(ldns_rr_descriptor_maximum),
    ROW(ldns_rr_descriptor_minimum),
    ROW(ldns_rr_type2str),
    ROW(ldns_version),
};

enum { FUNCTIONS = sizeof(functions) / sizeof(functions[0]) };
_Static_assert(sizeof(struct late_ldns) == FUNCTIONS * sizeof(void *),
    "every pointer has its row");

static const char *
library_version(void)
{
	return late_ldns.ldns_version();
}

static struct late library = {
    .name = "ldns",
    .files = {LATE_LDNS},
    .functions = functions,
    .function_count = FUNCTIONS,
    .version = library_version,
    .least = "1.8.0",
    .lock = PTHREAD_MUTEX_INITIALIZER,
};

const char *
late_ldns_load(void)
{
	return late_load(&library);
}

const char *
late_ldns_trouble(void)
{
	return late_trouble(&library);
}

const char *
late_ldns_version(void)
{
	return late_version(&library);
}
