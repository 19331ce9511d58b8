#include "ctl/setup_command.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ctl/answerer.h"
#include "ctl/setup_apply.h"
#include "ctl/setup_docker.h"
#include "ctl/setup_options.h"
#include "ctl/setup_report.h"
#include "ctl/setup_run.h"
#include "ctl/setup_verify.h"

#define PUT_BACK "the files are as they were before setup, but "

enum { DNS_PORT = 53, BLOCK = 4096, TEXT = SETUP_FAULT, DOMAIN = 254 };

/* Names that a machine on the Internet, or on Google Cloud, can resolve. */
static const char *const common_names[] = {"www.googleapis.com",
    "metadata.google.internal", "deb.debian.org"};

/* One run of the command. */
struct setting_up {
	const struct setup_options *options;
	int root;
	struct arena arena;
	struct setup_wish wish;
	struct own_addresses own;
	struct setup_survey survey;
	struct setup_plan plan;
	struct setup_verify verify;
	char asked[SETUP_ASKED];
	char docker[ADDR_TEXT];
	char changed[SETUP_PATH];
	bool earlier; /* a set-up before it is taken back, and that is all */
	char earlier_action[SETUP_PATH]; /* of which no service knows yet */
	char fault[TEXT];
	char warning[TEXT]; /* of a hook that failed; "": none did */
	char domains[SETUP_DOMAINS][DOMAIN];
	struct setup_report report;
};

static bool fail(struct setting_up *setting, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Says why; always false. */
static bool
fail(struct setting_up *setting, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	vsnprintf(setting->fault, sizeof(setting->fault), format, list);
	va_end(list);
	setting->report.result = SETUP_FAILED;
	setting->report.fault = setting->fault;
	return false;
}

/* The same after another function has filled the fault. */
static bool
failed(struct setting_up *setting)
{
	setting->report.result = SETUP_FAILED;
	setting->report.fault = setting->fault;
	return false;
}

static bool
is_live(const struct setting_up *setting)
{
	return setting->options->root == NULL;
}

/* A domain as all the files of its owners can have it. */
static bool
take_domain(struct setting_up *setting, const char *given)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789-_.";
	char *copy = setting->domains[setting->wish.domain_count];
	size_t len = strlen(given);

	if (len > 1 && given[len - 1] == '.')
		len--;
	if (len == 0 || len >= DOMAIN || given[0] == '.' || given[0] == '-' ||
	    strspn(given, letters) < len ||
	    setting->wish.domain_count == SETUP_DOMAINS)
		return fail(setting, "'%s' is no domain", given);
	snprintf(copy, DOMAIN, "%.*s", (int)len, given);
	setting->wish.domains[setting->wish.domain_count++] = copy;
	return true;
}

static bool
take_domains(struct setting_up *setting)
{
	const struct option_list *domains = &setting->options->domains;

	if (domains->count > SETUP_DOMAINS) {
		return fail(setting, "no more than %d domains can be given",
		    SETUP_DOMAINS);
	}
	for (size_t i = 0; i < domains->count; i++) {
		if (!take_domain(setting, domains->items[i]))
			return false;
	}
	return true;
}

static bool
take_address(struct setting_up *setting)
{
	const char *given = setting->options->address;
	const char *address = given == NULL ? "127.0.0.1" : given;
	struct own_addresses *own = &setting->own;

	if (!addr_parse(address, DNS_PORT, &setting->wish.address) ||
	    addr_is_any(&setting->wish.address))
		return fail(setting, "'%s' is no address to ask at", address);
	own->addrs[own->count++] = setting->wish.address;
	/* It may well listen on both. */
	if (addr_is_loopback(&setting->wish.address) &&
	    addr_port(&setting->wish.address) == DNS_PORT &&
	    addr_parse("::1", DNS_PORT, &own->addrs[own->count]))
		own->count++;
	return true;
}

static bool
take_docker(struct setting_up *setting)
{
	if (!setting->options->docker)
		return true;
	setup_docker_bridge(is_live(setting), setting->docker);
	setting->report.docker = setting->docker;
	return true;
}

/* The manager that is to be told, if it is not to be found out. */
static bool
take_owner(struct setting_up *setting)
{
	const char *owner = setting->options->owner;

	return owner == NULL ||
	    setup_survey_manager(owner) != SETUP_MANAGER_UNKNOWN ||
	    fail(setting,
		"'%s' is no owner known here: plain, systemd-resolved, "
		"networkmanager, resolvconf, openresolv, dhclient and dhcpcd "
		"are%s",
		owner,
		strcmp(owner, "netplan") == 0
		    ? "; whoever carries netplan's network out is it"
		    : "");
}

/* The wish as a line, by which another one is told from it. */
static bool
describe(struct setting_up *setting)
{
	const struct setup_options *options = setting->options;
	FILE *out = fmemopen(setting->asked, sizeof(setting->asked), "w");
	char address[ADDR_TEXT];

	if (out == NULL)
		return fail(setting, "out of memory");
	fprintf(out, "%s%s%s owner=%s",
	    addr_format(&setting->wish.address, address),
	    options->fallback ? " fallback" : "",
	    options->docker ? " docker" : "",
	    options->owner == NULL ? "" : options->owner);
	for (size_t i = 0; i < setting->wish.domain_count; i++)
		fprintf(out, " %s", setting->wish.domains[i]);
	fclose(out);
	setting->asked[sizeof(setting->asked) - 1] = '\0';
	return true;
}

static bool
check_privilege(struct setting_up *setting)
{
	if (geteuid() == 0 || setting->options->dry_run || !is_live(setting))
		return true;
	return fail(setting,
	    "only root can do that: try 'sudo resolverctl setup', or "
	    "'--dry-run' to see what it would do");
}

static bool
open_root(struct setting_up *setting)
{
	const char *path = is_live(setting) ? "/" : setting->options->root;

	setting->root = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return setting->root >= 0 ||
	    fail(setting, "%s: %s", path, strerror(errno));
}

/* Files may stand, and resolv.conf be another's; domains are not seen there. */
static bool
check_used(struct setting_up *setting)
{
	return !is_live(setting) || setting->wish.domain_count > 0 ||
	    setup_verify_used(setting->root, &setting->own);
}

/* Whoever cannot see all that there is, as not root, is told a guess. */
static bool
check_standing(struct setting_up *setting)
{
	const enum setup_standing standing = setup_apply_stands(setting->root,
	    setting->asked, setting->changed, setting->fault);

	if (setting->changed[0] != '\0')
		setting->report.changed = setting->changed;
	switch (standing) {
	case SETUP_STANDING_SO:
		setting->report.result = SETUP_ALREADY;
		return !check_used(setting);
	case SETUP_STANDING_UNKNOWN:
		return geteuid() != 0 && setting->options->dry_run
		    ? true
		    : failed(setting);
	case SETUP_STANDING_NOT:
	case SETUP_STANDING_OTHER:
		break;
	}
	return true;
}

static bool
check_docker(struct setting_up *setting)
{
	enum answerer answerer;
	struct addr docker;

	if (setting->docker[0] == '\0' ||
	    !addr_parse(setting->docker, DNS_PORT, &docker))
		return true;
	answerer = answerer_find(&docker, setting->fault, TEXT);
	if (answerer != ANSWERER_NOBODY)
		return answerer == ANSWERER_RESOLVERD || failed(setting);
	return fail(setting,
	    "nobody answers at %s, where containers would ask; resolverd.yaml "
	    "must have 'listen: [127.0.0.1, \"::1\", %s]' and 'allow: "
	    "[127.0.0.0/8, \"::1\", 172.16.0.0/12]'",
	    setting->docker, setting->docker);
}

/* Who would be asked is resolverd, and nobody else who has its port. */
static bool
check_answerer(struct setting_up *setting)
{
	return !is_live(setting) ||
	    answerer_find(&setting->wish.address, setting->fault, TEXT) ==
	    ANSWERER_RESOLVERD ||
	    failed(setting);
}

/* What must work before anything is changed. */
static bool
check_names(struct setting_up *setting)
{
	const struct setup_options *options = setting->options;

	if (!is_live(setting) || options->dry_run)
		return true;
	if (!check_docker(setting))
		return false;
	setup_verify_before(&setting->verify,
	    options->checks.count > 0 ? options->checks.items : common_names,
	    options->checks.count > 0
		? options->checks.count
		: sizeof(common_names) / sizeof(common_names[0]));
	return true;
}

/* An earlier set-up is taken back; its service may be told of both at once. */
static bool
take_back_earlier(struct setting_up *setting)
{
	struct setup_undone undone;
	char fault[SETUP_FAULT];

	if (setting->options->dry_run ||
	    setup_apply_stands(setting->root, setting->asked, undone.changed,
		fault) == SETUP_STANDING_NOT)
		return true;
	if (!setup_apply_undo(setting->root, SETUP_UNDO_OURS, &undone,
		setting->fault) ||
	    !setup_apply_forget(setting->root, setting->fault))
		return failed(setting);
	setting->earlier = true;
	memcpy(setting->earlier_action, undone.action,
	    sizeof(setting->earlier_action));
	return true;
}

/* Those in use now stand behind resolverd, if that is wanted. */
static bool
take_fallback(struct setting_up *setting)
{
	const struct system_servers *servers = &setting->survey.servers;
	struct setup_wish *wish = &setting->wish;

	if (!setting->options->fallback)
		return true;
	/* glibc looks at three servers. */
	for (size_t i = 0; i < servers->count && i < 2; i++) {
		char host[ADDR_TEXT];

		wish->fallback[wish->fallback_count++] =
		    arena_strdup(&setting->arena,
			addr_format_host(&servers->servers[i].addr, host));
	}
	return wish->fallback_count > 0 ||
	    fail(setting, "no server is known that could be the fallback");
}

static bool
make_plan(struct setting_up *setting)
{
	const struct setup_options *options = setting->options;
	struct setup_survey *survey = &setting->survey;

	if (!setup_survey_take(setting->root, is_live(setting), &setting->own,
		&setting->arena, survey))
		return fail(setting, "/etc/resolv.conf: %s", strerror(errno));
	setting->report.survey = survey;
	if (options->owner != NULL)
		survey->manager = setup_survey_manager(options->owner);
	if (!take_fallback(setting))
		return false;
	if (!setup_plan_make(survey, &setting->wish,
		setting->docker[0] == '\0' ? NULL : setting->docker,
		&setting->arena, &setting->plan))
		return fail(setting, "planning: %s", strerror(errno));
	if (setting->plan.refusal != NULL)
		return fail(setting, "%s", setting->plan.refusal);
	return true;
}

static bool
show_plan(struct setting_up *setting)
{
	setting->report.plan = &setting->plan;
	setup_report_plan(&setting->report);
	setting->report.result = SETUP_PLANNED;
	return !setting->options->dry_run;
}

/* Tells a service that its files are others now; before begins a failure. */
static bool
run_action(struct setting_up *setting, const char *action, const char *before)
{
	char output[SETUP_RUN_OUTPUT];
	char command[SETUP_RUN_COMMAND];

	if (action == NULL || action[0] == '\0' || !is_live(setting))
		return true;
	if (setup_run(action, output))
		return true;
	if (setup_run_command(action, command) == NULL)
		snprintf(command, sizeof(command), "%s", action);
	if (setup_run_has_hooks(action)) {
		snprintf(setting->warning, sizeof(setting->warning),
		    "'%s' failed, as a hook of another package has it fail: "
		    "%.300s",
		    command, output);
		return true;
	}
	return fail(setting, "%s'%s' failed: %.300s", before, command, output);
}

/* Tells the earlier set-up's service, unless the next action will. */
static void
tell_earlier(const struct setting_up *setting, const char *next)
{
	char output[SETUP_RUN_OUTPUT];

	/* One that is gone by now need not know. */
	if (is_live(setting) && setting->earlier_action[0] != '\0' &&
	    (next == NULL || strcmp(setting->earlier_action, next) != 0))
		setup_run(setting->earlier_action, output);
}

/* Back to how it was, with the reason that is in fault. */
static bool
take_back(struct setting_up *setting)
{
	struct setup_undone undone;
	char fault[SETUP_FAULT];
	char reason[TEXT];

	memcpy(reason, setting->fault, sizeof(reason));
	if (setup_apply_stands(setting->root, setting->asked, undone.changed,
		fault) == SETUP_STANDING_NOT)
		return failed(setting);
	if (!setup_apply_undo(setting->root, SETUP_UNDO_FORCE, &undone,
		fault)) {
		return fail(setting,
		    "%.200s; and taking it back failed: %.200s", reason, fault);
	}
	if (!run_action(setting, undone.action, PUT_BACK) ||
	    !setup_apply_forget(setting->root, fault))
		return false;
	memcpy(setting->fault, reason, sizeof(reason));
	setting->report.result = SETUP_TAKEN_BACK;
	setting->report.fault = setting->fault;
	return false;
}

/* Whether this machine asks resolverd now, and still knows its names. */
static bool
check_result(struct setting_up *setting)
{
	const bool seen =
	    setting->survey.manager != SETUP_MANAGER_NETWORK_MANAGER ||
	    setting->wish.domain_count == 0;
	const char *lost;

	if (!is_live(setting))
		return true;
	if (seen && !setup_verify_used(setting->root, &setting->own))
		return fail(setting, "this machine does not ask resolverd");
	lost = setup_verify_daemon(&setting->verify, &setting->wish.address);
	if (lost != NULL) {
		return fail(setting,
		    "resolverd does not resolve %s: see 'resolverctl "
		    "upstreams'",
		    lost);
	}
	lost = setup_verify_after(&setting->verify);
	if (lost != NULL)
		return fail(setting, "%s does not resolve any more", lost);
	return true;
}

/* Whether it works; if not, that a hook failed may be why. */
static bool
works(struct setting_up *setting)
{
	char reason[TEXT];

	if (check_result(setting))
		return true;
	if (setting->warning[0] == '\0')
		return false;
	memcpy(reason, setting->fault, sizeof(reason));
	return fail(setting, "%.200s; %.300s", reason, setting->warning);
}

/* What else there is to know of what went well. */
static void
warn(struct setting_up *setting)
{
	if (setting->warning[0] != '\0')
		setting->report.fault = setting->warning;
}

static bool
carry_out(struct setting_up *setting)
{
	setting->earlier = false;
	tell_earlier(setting, setting->plan.action);
	if (!setup_apply(setting->root, &setting->plan, setting->asked,
		setting->fault) ||
	    !run_action(setting, setting->plan.action, "") || !works(setting))
		return take_back(setting);
	setting->report.result = SETUP_DONE;
	warn(setting);
	if (is_live(setting) && setting->verify.count == 0) {
		setting->report.fault =
		    "no name resolved before either, so that none was checked";
	}
	return true;
}

static bool
undo(struct setting_up *setting)
{
	const enum setup_undo how =
	    setting->options->force ? SETUP_UNDO_FORCE : SETUP_UNDO_ALL;
	struct setup_undone undone;

	if (!setup_apply_undo(setting->root, how, &undone, setting->fault))
		return failed(setting);
	if (!run_action(setting, undone.action, PUT_BACK))
		return false;
	if (!setup_apply_forget(setting->root, setting->fault))
		return failed(setting);
	setting->report.result = SETUP_UNDONE;
	warn(setting);
	if (undone.docker) {
		setting->report.fault = "containers ask resolverd until "
					"'systemctl restart docker'";
	}
	return true;
}

/* Each goes on only if the one before says so; the report tells the rest. */
static bool (*const steps[])(struct setting_up *setting) = {
    take_address,
    take_domains,
    take_docker,
    take_owner,
    describe,
    check_privilege,
    open_root,
    check_answerer,
    check_standing,
    check_names,
    take_back_earlier,
    make_plan,
    show_plan,
    carry_out,
};

static bool (*const undo_steps[])(struct setting_up *setting) = {
    take_address,
    check_privilege,
    open_root,
    undo,
};

static void
run_steps(struct setting_up *setting,
    bool (*const list[])(struct setting_up *setting), size_t count)
{
	for (size_t i = 0; i < count && list[i](setting); i++)
		;
}

static int
set_up(const struct setup_options *options)
{
	struct setting_up setting = {.options = options, .root = -1};
	int status;

	setting.report.json = options->json;
	setting.report.wish = &setting.wish;
	arena_init_heap(&setting.arena, BLOCK);
	if (options->undo) {
		run_steps(&setting, undo_steps,
		    sizeof(undo_steps) / sizeof(undo_steps[0]));
	} else {
		run_steps(&setting, steps, sizeof(steps) / sizeof(steps[0]));
	}
	if (setting.earlier) {
		tell_earlier(&setting, NULL);
		setting.report.result = SETUP_TAKEN_BACK;
	}
	status = setup_report_end(&setting.report);
	if (setting.root >= 0)
		close(setting.root);
	arena_fini(&setting.arena);
	return status;
}

int
setup_command_run(int argc, char **argv)
{
	struct setup_options options;
	int status;

	if (!setup_options_read(&options, argc, argv, &status))
		return status;
	return set_up(&options);
}
