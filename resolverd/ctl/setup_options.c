#include "ctl/setup_options.h"

#include <stddef.h>

static const struct option_row rows[] = {
    {"undo", '\0', NULL, "put back what setup replaced",
	offsetof(struct setup_options, undo)},
    {"dry-run", '\0', NULL, "only print what would be done",
	offsetof(struct setup_options, dry_run)},
    {"domain", '\0', "NAME...", "only names below it; may be repeated",
	offsetof(struct setup_options, domains)},
    {"docker", '\0', NULL, "tell Docker's containers, too",
	offsetof(struct setup_options, docker)},
    {"fallback", '\0', NULL, "other servers when resolverd is silent",
	offsetof(struct setup_options, fallback)},
    {"owner", '\0', "NAME", "by way of this manager of resolv.conf",
	offsetof(struct setup_options, owner)},
    {"address", '\0', "ADDRESS", "where resolverd answers (127.0.0.1)",
	offsetof(struct setup_options, address)},
    {"check", '\0', "NAME...", "this name must resolve after it",
	offsetof(struct setup_options, checks)},
    {"force", '\0', NULL, "undo also what was changed since",
	offsetof(struct setup_options, force)},
    {"root", '\0', "DIR", "work on an image, not on this machine",
	offsetof(struct setup_options, root)},
    {"json", 'j', NULL, "print JSON", offsetof(struct setup_options, json)},
};

static const struct option_table table = {
    .command = "setup",
    .arguments = "[OPTION ...]",
    .help =
	"Makes this machine use resolverd the way the owner of its\n"
	"/etc/resolv.conf wants it, checks that names resolve, and takes it\n"
	"back if they do not.",
    .rows = rows,
    .count = sizeof(rows) / sizeof(rows[0]),
};

bool
setup_options_read(struct setup_options *options, int argc, char **argv,
    int *status)
{
	*options = (struct setup_options){.undo = false};
	return option_read(&table, options, argc, argv, status);
}
