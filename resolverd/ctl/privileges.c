#include "ctl/privileges.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/types.h>
#include <unistd.h>

#include "base/log.h"

static bool
privileges_fail(const char *what)
{
	log_error("privileges: %s: %s", what, strerror(errno));
	return false;
}

/* The user to become, or NULL after a log line. */
static const struct passwd *
privileges_user(const char *user)
{
	const struct passwd *entry =
	    getpwnam(user == NULL ? "resolverd" : user);

	if (entry == NULL && user == NULL)
		entry = getpwnam("nobody");
	if (entry == NULL) {
		log_error("privileges: there is no user '%s'",
		    user == NULL ? "nobody" : user);
	}
	return entry;
}

static bool
privileges_become(const struct passwd *user)
{
	const gid_t group = user->pw_gid;

	if (setgroups(1, &group) != 0)
		return privileges_fail("setgroups");
	if (setgid(group) != 0)
		return privileges_fail("setgid");
	if (setuid(user->pw_uid) != 0)
		return privileges_fail("setuid");
	if (user->pw_uid != 0 && setuid(0) == 0) {
		log_error("privileges: root can be had back");
		return false;
	}
	return true;
}

bool
privileges_check(const struct model_text *user, struct diag *diag)
{
	if (user->text == NULL || getpwnam(user->text) != NULL)
		return true;
	return diag_error(diag, user->mark,
	    "there is no user '%s' on this host to run as", user->text);
}

bool
privileges_give(const char *path, const char *name)
{
	const struct passwd *user;

	if (geteuid() != 0)
		return true;
	user = privileges_user(name);
	return user != NULL && lchown(path, user->pw_uid, user->pw_gid) == 0;
}

bool
privileges_drop(const char *name)
{
	if (geteuid() == 0) {
		const struct passwd *user = privileges_user(name);

		if (user == NULL || !privileges_become(user))
			return false;
	}
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return privileges_fail("no new privileges");
	return true;
}

const char *
privileges_user_name(void)
{
	const struct passwd *entry = getpwuid(geteuid());

	return entry == NULL ? "unknown" : entry->pw_name;
}
