#include "ctl/libraries.h"

#include <event2/event.h>
#include <stdlib.h>

#include "base/log.h"
#include "config/yaml.h"
#include "dns/rdata.h"
#include "io/tls.h"

const struct library library_rows[] = {
    {"ldns", rdata_library_version, "1.8.0"},
    {"libevent", event_get_version, "2.1.12"},
    {"libyaml", yaml_library_version, "0.2.5"},
    {"OpenSSL", tls_library_version, "3.0.0"},
};

const size_t library_row_count = sizeof(library_rows) / sizeof(library_rows[0]);

/* The number at *text, which is moved behind it and a dot; 0 at the end. */
static unsigned long
next_number(const char **text)
{
	char *end;
	unsigned long number;

	if (**text < '0' || **text > '9')
		return 0;
	number = strtoul(*text, &end, 10);
	*text = *end == '.' ? end + 1 : "";
	return number;
}

bool
libraries_is_older(const char *version, const char *other)
{
	while (*version != '\0' || *other != '\0') {
		const unsigned long ours = next_number(&version);
		const unsigned long theirs = next_number(&other);

		if (ours != theirs)
			return ours < theirs;
	}
	return false;
}

bool
libraries_check(const struct library *rows, size_t count)
{
	bool good = true;

	for (size_t i = 0; i < count; i++) {
		const char *version = rows[i].version();

		if (!libraries_is_older(version, rows[i].least))
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
	for (size_t i = 0; i < library_row_count; i++) {
		fprintf(out, "%s%s %s", i == 0 ? "" : ", ",
		    library_rows[i].name, library_rows[i].version());
	}
}
