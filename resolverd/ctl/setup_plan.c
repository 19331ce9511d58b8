#include "ctl/setup_plan.h"

#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "ctl/setup_docker.h"

enum { FILE_MODE = 0644, DNS_PORT = 53, LINE = 512 };

/* What a plan is made of. */
struct planning {
	const struct setup_survey *survey;
	const struct setup_wish *wish;
	struct arena *arena;
	struct setup_plan *plan;
	bool failed; /* errno tells */
};

static void
note(struct planning *planning, const char *text)
{
	struct setup_plan *plan = planning->plan;

	if (text == NULL) {
		planning->failed = true;
	} else if (plan->note_count < SETUP_NOTES) {
		plan->notes[plan->note_count++] = text;
	}
}

/* A new one of root's; one that is there keeps its mode and owner. */
static void
add_step(struct planning *planning, const char *path,
    const struct setup_object *was, const char *text)
{
	struct setup_plan *plan = planning->plan;
	struct setup_step *step = &plan->steps[plan->count];

	if (text == NULL) {
		planning->failed = true;
		return;
	}
	if (was->kind == SETUP_FILE && strcmp(was->content, text) == 0)
		return;
	*step = (struct setup_step){
	    .path = path,
	    .was = *was,
	    .becomes =
		{
		    .kind = SETUP_FILE,
		    .mode = was->kind == SETUP_FILE ? was->mode : FILE_MODE,
		    .uid = was->kind == SETUP_FILE ? was->uid : geteuid(),
		    .gid = was->kind == SETUP_FILE ? was->gid : getegid(),
		    .content = text,
		    .len = strlen(text),
		},
	};
	plan->count++;
}

/* What is in a place; false: it cannot be dealt with. */
static bool
look(struct planning *planning, const char *path, struct setup_object *was)
{
	if (!setup_file_read(planning->survey->root, path, planning->arena,
		was)) {
		planning->failed = true;
		return false;
	}
	if (was->kind != SETUP_STRANGE && strlen(was->content) == was->len)
		return true;
	planning->plan->refusal =
	    arena_printf(planning->arena, "/%s is no text file", path);
	return false;
}

/* A file of ours alone. */
static void
write_file(struct planning *planning, const char *path, const char *text)
{
	struct setup_object was;

	if (look(planning, path, &was))
		add_step(planning, path, &was, text);
}

/*
 * Somebody else's file, to which lines are added.  Those of an earlier setup
 * may be there still, in a file that was changed since or by a manifest that
 * was lost: they are none of what undo brings back.  False: it cannot be.
 */
static bool
look_at_others(struct planning *planning, const char *path,
    struct setup_object *was)
{
	if (!look(planning, path, was))
		return false;
	if (was->kind == SETUP_LINK) {
		planning->plan->refusal = arena_printf(planning->arena,
		    "/%s is a symbolic link", path);
		return false;
	}
	was->content = setup_text_without(was->content, planning->arena);
	planning->failed = planning->failed || was->content == NULL;
	was->len = was->content == NULL ? 0 : strlen(was->content);
	return was->content != NULL;
}

/* Lines after those of somebody else's file. */
static void
append(struct planning *planning, const char *path, const char *text)
{
	struct setup_object was;

	if (!look_at_others(planning, path, &was))
		return;
	add_step(planning, path, &was,
	    text == NULL
		? NULL
		: arena_printf(planning->arena, "%s%s%s", was.content,
		      was.len > 0 && was.content[was.len - 1] != '\n' ? "\n"
								      : "",
		      text));
}

/* Lines before them, where those at the end may be for one interface alone. */
static void
prepend(struct planning *planning, const char *path, const char *text)
{
	struct setup_object was;

	if (!look_at_others(planning, path, &was))
		return;
	add_step(planning, path, &was,
	    text == NULL
		? NULL
		: arena_printf(planning->arena, "%s%s", text, was.content));
}

static void
write_resolv_conf(struct planning *planning)
{
	const struct setup_object *was = &planning->survey->resolv_conf;
	struct setup_plan *plan = planning->plan;
	struct setup_step *step = &plan->steps[plan->count];

	add_step(planning, SETUP_RESOLV_CONF, was,
	    setup_text_resolv_conf(planning->wish,
		planning->survey->resolv_text, planning->arena));
	step->mounted = planning->survey->mounted;
}

static void
plan_plain(struct planning *planning)
{
	write_resolv_conf(planning);
	if (planning->survey->owner == RESOLV_OWNER_CLOUD_INIT) {
		note(planning,
		    "cloud-init may write the file again at the next start: "
		    "'manage_resolv_conf: false' in /etc/cloud/cloud.cfg.d "
		    "keeps it from that");
	}
	if (planning->survey->owner == RESOLV_OWNER_WSL) {
		note(planning,
		    "WSL writes the file again at the next start unless "
		    "/etc/wsl.conf has 'generateResolvConf = false' below "
		    "'[network]'");
	}
	if (planning->survey->mounted) {
		note(planning,
		    "/etc/resolv.conf is mounted there, as in a container: it "
		    "is written over and is whoever mounted it's to change");
	}
}

/* What does not come to resolverd by way of systemd-resolved. */
static void
note_network(struct planning *planning)
{
	const char *notes[SETUP_NOTES];
	const size_t count = setup_network_notes(&planning->survey->network,
	    planning->wish, planning->arena, notes, SETUP_NOTES);

	for (size_t i = 0; i < count; i++)
		note(planning, notes[i]);
}

/* Whether programs are led to its list of servers, not to its stub. */
static bool
is_past_stub(const struct setup_object *resolv_conf)
{
	return resolv_conf->kind == SETUP_LINK &&
	    strstr(resolv_conf->content, "systemd/resolve/resolv.conf") != NULL;
}

static void
plan_resolved(struct planning *planning)
{
	const struct setup_survey *survey = planning->survey;
	const struct setup_wish *wish = planning->wish;
	const char *rival = setup_network_rival(&survey->network);

	if (wish->domain_count == 0 && rival != NULL) {
		planning->plan->refusal = arena_printf(planning->arena,
		    "%s has the domain '~.', so that systemd-resolved sends "
		    "all names to its servers, too, and believes who answers "
		    "first; take it from there ('resolvectl domain' shows it), "
		    "or '--owner plain' has programs ask resolverd themselves",
		    rival);
		return;
	}
	planning->plan->action = "restart-resolved";
	note_network(planning);
	if (is_past_stub(&survey->resolv_conf)) {
		note(planning,
		    "warning: /etc/resolv.conf leads past systemd-resolved's "
		    "stub to its list of servers, on which those of links "
		    "follow resolverd: programs ask them when it is silent, "
		    "and what they answer bypasses its overrides");
	}
	if (wish->domain_count > 0 && survey->delegates) {
		write_file(planning,
		    "etc/systemd/dns-delegate.d/resolverd.dns-delegate",
		    setup_text_delegate(wish, planning->arena));
		return;
	}
	write_file(planning, "etc/systemd/resolved.conf.d/zz-resolverd.conf",
	    setup_text_resolved(wish, planning->arena));
	if (wish->domain_count > 0) {
		note(planning,
		    "this systemd-resolved (before 258) may send other names "
		    "to resolverd, too, beside the servers of the network: it "
		    "forwards them");
	}
	if (survey->pinned[0] != '\0') {
		note(planning,
		    arena_printf(planning->arena,
			"%s names servers of its own; our file comes after it "
			"and takes them out of use",
			survey->pinned));
	}
	if (survey->later[0] != '\0') {
		note(planning,
		    arena_printf(planning->arena,
			"%s comes after our file and names servers of its "
			"own: they are asked beside resolverd",
			survey->later));
	}
}

static void
plan_network_manager(struct planning *planning)
{
	const struct setup_wish *wish = planning->wish;

	planning->plan->action = "reload-networkmanager";
	if (wish->domain_count > 0) {
		planning->plan->action = "restart-networkmanager";
		write_file(planning,
		    "etc/NetworkManager/dnsmasq.d/zz-resolverd.conf",
		    setup_text_dnsmasq(wish, planning->arena));
		return;
	}
	write_file(planning, "etc/NetworkManager/conf.d/zz-resolverd.conf",
	    setup_text_network_manager(wish, planning->arena));
	write_resolv_conf(planning);
	if (planning->survey->dnsmasq) {
		note(planning,
		    "NetworkManager's dnsmasq is not used any more, nor are "
		    "the files in /etc/NetworkManager/dnsmasq.d");
	}
}

static void
plan_resolvconf(struct planning *planning)
{
	const struct setup_wish *wish = planning->wish;

	planning->plan->action = "update-resolvconf";
	write_file(planning, "etc/tmpfiles.d/resolverd-resolvconf.conf",
	    setup_text_tmpfiles(wish, planning->arena));
	/* In an image there is no /run to speak of. */
	if (planning->survey->live) {
		write_file(planning, "run/resolvconf/interface/lo.resolverd",
		    setup_text_resolvconf(wish, planning->arena));
	}
	if (wish->fallback_count > 0) {
		append(planning, "etc/resolvconf/resolv.conf.d/tail",
		    setup_text_tail(wish, planning->arena));
	}
}

static void
plan_openresolv(struct planning *planning)
{
	planning->plan->action = "update-resolvconf";
	append(planning, "etc/resolvconf.conf",
	    setup_text_openresolv(planning->wish, planning->arena));
}

static void
plan_dhclient(struct planning *planning)
{
	append(planning, SETUP_DHCLIENT_FILE,
	    setup_text_dhclient(planning->wish, planning->arena));
	if (planning->survey->hooks) {
		write_file(planning,
		    "etc/dhcp/dhclient-enter-hooks.d/resolverd",
		    setup_text_dhclient_hook(planning->wish, planning->arena));
	}
	write_resolv_conf(planning);
	note(planning,
	    "servers that DHCP offers from now on are not followed: those in "
	    "use now stay in use");
}

static void
plan_dhcpcd(struct planning *planning)
{
	prepend(planning, "etc/dhcpcd.conf",
	    setup_text_dhcpcd(planning->wish, planning->arena));
	write_resolv_conf(planning);
}

static void
plan_unknown(struct planning *planning)
{
	planning->plan->refusal = arena_printf(planning->arena,
	    "/etc/resolv.conf belongs to %s, which is to be told by its own "
	    "means; '--owner plain' writes the file all the same",
	    resolv_owner_text(planning->survey->owner));
}

static void (*const plans[])(struct planning *planning) = {
    [SETUP_MANAGER_PLAIN] = plan_plain,
    [SETUP_MANAGER_RESOLVED] = plan_resolved,
    [SETUP_MANAGER_NETWORK_MANAGER] = plan_network_manager,
    [SETUP_MANAGER_RESOLVCONF] = plan_resolvconf,
    [SETUP_MANAGER_OPENRESOLV] = plan_openresolv,
    [SETUP_MANAGER_DHCLIENT] = plan_dhclient,
    [SETUP_MANAGER_DHCPCD] = plan_dhcpcd,
    [SETUP_MANAGER_UNKNOWN] = plan_unknown,
};

/* The servers in use stay resolverd's, when no other file names them. */
static void
keep_upstreams(struct planning *planning)
{
	const struct system_servers *servers = &planning->survey->servers;
	const char *text = RESOLV_OWNER_SIGNATURE
	    ": the servers in use before it, for 'auto'.\n";

	if (servers->count == 0 || servers->guessed)
		return;
	for (size_t i = 0; text != NULL && i < servers->count; i++) {
		const struct addr *addr = &servers->servers[i].addr;
		char host[ADDR_TEXT];

		text = arena_printf(planning->arena, "%snameserver %s\n", text,
		    addr_format_host(addr, host));
	}
	write_file(planning, "var/lib/resolverd/upstreams", text);
}

static void
plan_docker(struct planning *planning, const char *address)
{
	struct setup_object was;
	const char *fault;
	const char *text;

	if (address == NULL || !look(planning, SETUP_DOCKER_FILE, &was))
		return;
	text =
	    setup_docker_merge(was.content, address, planning->arena, &fault);
	if (fault != NULL) {
		planning->plan->refusal = arena_printf(planning->arena,
		    "/" SETUP_DOCKER_FILE " %s", fault);
		return;
	}
	add_step(planning, SETUP_DOCKER_FILE, &was, text);
	note(planning,
	    "Docker reads its file when it starts: 'systemctl restart docker' "
	    "ends containers unless live-restore is on");
}

static bool
is_of_dnsmasq(const struct addr *address)
{
	struct addr dnsmasq;

	return addr_parse("127.0.0.1", DNS_PORT, &dnsmasq) &&
	    addr_equal(address, &dnsmasq);
}

/* What no owner's way can do. */
static const char *
refusal(const struct setup_survey *survey, const struct setup_wish *wish)
{
	const bool resolved = survey->manager == SETUP_MANAGER_RESOLVED;
	const bool dnsmasq =
	    survey->manager == SETUP_MANAGER_NETWORK_MANAGER && survey->dnsmasq;

	if (survey->resolv_conf.kind == SETUP_STRANGE)
		return "/etc/resolv.conf is no text file";
	if (survey->immutable && !resolved) {
		return "/etc/resolv.conf is immutable; 'chattr -i "
		       "/etc/resolv.conf' lets it be written";
	}
	if (wish->domain_count > 0 && !resolved && !dnsmasq) {
		return "only systemd-resolved, and NetworkManager with "
		       "dns=dnsmasq, can send chosen domains elsewhere; "
		       "without --domain resolverd gets all names, and "
		       "forwards the others";
	}
	if (wish->domain_count > 0 && dnsmasq &&
	    is_of_dnsmasq(&wish->address)) {
		return "127.0.0.1 is where NetworkManager's dnsmasq is asked: "
		       "have resolverd listen at another address, such as "
		       "127.0.0.2, and name that by --address";
	}
	if (addr_port(&wish->address) != DNS_PORT && !resolved && !dnsmasq) {
		return "only systemd-resolved, and NetworkManager's dnsmasq, "
		       "can ask at another port than 53";
	}
	return NULL;
}

static void
note_fallback(struct planning *planning)
{
	if (planning->wish->fallback_count == 0)
		return;
	note(planning,
	    planning->survey->manager == SETUP_MANAGER_RESOLVED
		? "warning: what a fallback server answers bypasses "
		  "resolverd's overrides, and systemd-resolved stays with it "
		  "once resolverd was silent, until it is restarted"
		: "warning: what a fallback server answers bypasses "
		  "resolverd's overrides; musl asks all servers at once");
}

bool
setup_plan_make(const struct setup_survey *survey,
    const struct setup_wish *wish, const char *docker, struct arena *arena,
    struct setup_plan *plan)
{
	struct planning planning = {
	    .survey = survey,
	    .wish = wish,
	    .arena = arena,
	    .plan = plan,
	};

	*plan = (struct setup_plan){.refusal = refusal(survey, wish)};
	if (plan->refusal != NULL)
		return true;
	keep_upstreams(&planning);
	plans[survey->manager](&planning);
	if (survey->forgetful) {
		note(&planning,
		    "/etc is made anew at each start of this machine: setup "
		    "has to be run again then, as from cloud-init's user-data "
		    "or the startup-script");
	}
	plan_docker(&planning, docker);
	note_fallback(&planning);
	return !planning.failed && !arena->full;
}

/* How many octets of whole lines two texts begin with alike. */
static size_t
common_lines(const char *a, const char *b)
{
	size_t lines = 0;

	for (size_t i = 0; a[i] != '\0' && a[i] == b[i]; i++) {
		if (a[i] == '\n')
			lines = i + 1;
	}
	return lines;
}

/* Likewise, in which they end. */
static size_t
common_end(const char *a, const char *b)
{
	const size_t a_len = strlen(a);
	const size_t b_len = strlen(b);
	size_t lines = 0;

	for (size_t i = 1;
	     i <= a_len && i <= b_len && a[a_len - i] == b[b_len - i]; i++) {
		if (i == a_len || i == b_len || a[a_len - i - 1] == '\n')
			lines = i;
	}
	return lines;
}

static void
print_lines(FILE *out, const char *mark, const char *text, size_t len)
{
	const char *end = text + len;
	char raw[LINE];
	char safe[LINE];

	while (text < end) {
		size_t line = strcspn(text, "\n");

		if (line > (size_t)(end - text))
			line = (size_t)(end - text);
		snprintf(raw, sizeof(raw), "%.*s", (int)line, text);
		fprintf(out, "    %s %s\n", mark,
		    text_escape(raw, safe, sizeof(safe)));
		text += line + 1;
	}
}

static void
print_step(const struct setup_step *step, FILE *out)
{
	const char *old = step->was.kind == SETUP_FILE ? step->was.content : "";
	const char *new = step->becomes.content;
	const size_t head = common_lines(old, new);
	const size_t tail = common_end(old + head, new + head);

	fprintf(out, "/%s", step->path);
	if (step->was.kind == SETUP_ABSENT)
		fputs(" (new)", out);
	if (step->was.kind == SETUP_LINK) {
		fprintf(out, " (in place of the link to %s)",
		    step->was.content);
	}
	fputs(":\n", out);
	print_lines(out, "-", old + head, strlen(old + head) - tail);
	print_lines(out, "+", new + head, strlen(new + head) - tail);
}

void
setup_plan_print(const struct setup_plan *plan, FILE *out)
{
	for (size_t i = 0; i < plan->count; i++)
		print_step(&plan->steps[i], out);
}
