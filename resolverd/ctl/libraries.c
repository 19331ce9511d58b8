#include "ctl/libraries.h"

#include <event2/event.h>

#include "base/log.h"
#include "base/version.h"
#include "config/yaml.h"
#include "dns/late_ldns.h"
#include "io/late_openssl.h"

const struct library library_rows[] = {
    {"ldns", late_ldns_version, NULL, late_ldns_load},
    {"libevent", event_get_version, "2.1.12", NULL},
    {"libyaml", yaml_library_version, "0.2.5", NULL},
    {"OpenSSL", late_openssl_version, NULL, late_openssl_load},
};

const size_t library_row_count = sizeof(library_rows) / sizeof(library_rows[0]);

bool
libraries_check(const struct library *rows, size_t count)
{
	bool good = true;

	for (size_t i = 0; i < count; i++) {
		const char *version = rows[i].version();

		if (rows[i].least == NULL ||
		    !version_is_older(version, rows[i].least))
			continue;
		log_error("%s %s is too old: %s or later is needed",
		    rows[i].name, version, rows[i].least);
		good = false;
	}
	return good;
}

void
libraries_print(FILE *out)
{
	const char *between = "";

	for (size_t i = 0; i < library_row_count; i++) {
		const char *version = library_rows[i].version();

		if (version == NULL)
			continue;
		fprintf(out, "%s%s %s", between, library_rows[i].name, version);
		between = ", ";
	}
}

void
libraries_load(void)
{
	for (size_t i = 0; i < library_row_count; i++) {
		if (library_rows[i].load != NULL)
			library_rows[i].load();
	}
}
