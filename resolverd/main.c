#include <stdio.h>

#include "ctl/arguments.h"
#include "ctl/daemon.h"
#include "ctl/exit_code.h"
#include "ctl/preflight.h"

int
main(int argc, char **argv)
{
	struct arguments arguments;

	if (!arguments_parse(&arguments, argc, argv))
		return EXIT_CODE_CONFIG;
	if (arguments.help) {
		arguments_print_usage(stdout);
		return EXIT_CODE_OK;
	}
	if (arguments.version) {
		arguments_print_version("resolverd", stdout);
		return EXIT_CODE_OK;
	}
	if (arguments.check)
		return (int)preflight_check(&arguments);
	return (int)daemon_run(&arguments);
}
