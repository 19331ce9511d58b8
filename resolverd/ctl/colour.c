#include "ctl/colour.h"

#include <stdlib.h>
#include <unistd.h>

bool
colour_wanted(void)
{
	const char *no_color = getenv("NO_COLOR");

	return isatty(STDOUT_FILENO) && (no_color == NULL || *no_color == '\0');
}
