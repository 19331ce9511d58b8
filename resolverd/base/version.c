#include "base/version.h"

#include <stdlib.h>

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
version_is_older(const char *version, const char *other)
{
	while (*version != '\0' || *other != '\0') {
		const unsigned long ours = next_number(&version);
		const unsigned long theirs = next_number(&other);

		if (ours != theirs)
			return ours < theirs;
	}
	return false;
}
