#include "ctl/setup_apply.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ctl/resolvconf.h"
#include "ctl/root_files.h"
#include "ctl/setup_docker.h"

enum { BLOCK = 4096, DIRECTORY_MODE = 0755, DNS_PORT = 53 };

static bool complain(char fault[SETUP_FAULT], const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static bool
complain(char fault[SETUP_FAULT], const char *format, ...)
{
	va_list list;

	va_start(list, format);
	vsnprintf(fault, SETUP_FAULT, format, list);
	va_end(list);
	return false;
}

static bool
complain_state(char fault[SETUP_FAULT], enum setup_state state)
{
	switch (state) {
	case SETUP_STATE_NONE:
		return complain(fault, "this machine was not set up");
	case SETUP_STATE_GOOD:
		return complain(fault, "it is set up already");
	case SETUP_STATE_BROKEN:
		return complain(fault,
		    "/" SETUP_STATE_DIRECTORY "/manifest is damaged: what was "
		    "replaced is in the files beside it, to be put back by "
		    "hand");
	case SETUP_STATE_UNSAFE:
		return complain(fault,
		    "/" SETUP_STATE_DIRECTORY " must belong to root, and "
		    "nobody else may write there or above");
	case SETUP_STATE_FAILED:
		return complain(fault, "/" SETUP_STATE_DIRECTORY ": %s",
		    strerror(errno));
	}
	return false;
}

/* A directory on the way that has to be made. */
static bool
add_directory(struct setup_manifest *manifest, const char *path, size_t len)
{
	struct setup_entry *entry = &manifest->entries[manifest->count];

	for (size_t i = 0; i < manifest->count; i++) {
		if (strlen(manifest->entries[i].path) == len &&
		    strncmp(manifest->entries[i].path, path, len) == 0)
			return true;
	}
	if (manifest->count == SETUP_ENTRIES || len >= SETUP_PATH)
		return false;
	*entry = (struct setup_entry){.kind = SETUP_ENTRY_MADE};
	memcpy(entry->path, path, len);
	manifest->count++;
	return true;
}

static bool
add_directories(int root, struct setup_manifest *manifest, const char *path)
{
	for (const char *slash = strchr(path, '/'); slash != NULL;
	     slash = strchr(slash + 1, '/')) {
		char way[SETUP_PATH];
		int fd;

		snprintf(way, sizeof(way), "%.*s", (int)(slash - path), path);
		fd = root_files_open(root, way, O_PATH | O_DIRECTORY, 0);
		if (fd >= 0) {
			close(fd);
			continue;
		}
		if (errno != ENOENT ||
		    !add_directory(manifest, path, (size_t)(slash - path)))
			return false;
	}
	return true;
}

static bool
add_step(struct setup_manifest *manifest, const struct setup_step *step)
{
	struct setup_entry *entry = &manifest->entries[manifest->count];

	if (manifest->count == SETUP_ENTRIES)
		return false;
	*entry = (struct setup_entry){
	    .kind = SETUP_ENTRY_CHANGED,
	    .mounted = step->mounted,
	    .was = step->was,
	};
	snprintf(entry->path, sizeof(entry->path), "%s", step->path);
	setup_file_sum(&step->was, entry->was_sum);
	setup_file_sum(&step->becomes, entry->sum);
	manifest->count++;
	return true;
}

/* The manifest of what is going to be done. */
static bool
foresee(int root, const struct setup_plan *plan, const char *asked,
    struct setup_manifest *manifest)
{
	memset(manifest, 0, sizeof(*manifest));
	snprintf(manifest->asked, sizeof(manifest->asked), "%s", asked);
	for (size_t i = 0; i < plan->count; i++) {
		if (!add_directories(root, manifest, plan->steps[i].path) ||
		    !add_step(manifest, &plan->steps[i]))
			return false;
	}
	if (plan->action != NULL && manifest->count < SETUP_ENTRIES) {
		struct setup_entry *entry =
		    &manifest->entries[manifest->count++];

		entry->kind = SETUP_ENTRY_ACTION;
		snprintf(entry->path, sizeof(entry->path), "%s", plan->action);
	}
	return true;
}

static bool
keep(int directory, const struct setup_manifest *manifest)
{
	for (size_t i = 0; i < manifest->count; i++) {
		const struct setup_entry *entry = &manifest->entries[i];

		if (entry->kind == SETUP_ENTRY_CHANGED &&
		    !setup_state_keep(directory, i, &entry->was))
			return false;
	}
	return setup_state_save(directory, manifest);
}

static bool
put(int root, const char *path, bool mounted, const struct setup_object *object)
{
	return mounted ? setup_file_rewrite(root, path, object)
		       : setup_file_put(root, path, object);
}

/* The directory is made below its parent, wherever links lead to that. */
static bool
make_directory(int root, const char *path)
{
	const char *slash = strrchr(path, '/');
	char parent[SETUP_PATH] = ".";
	bool made;
	int fd;

	if (slash != NULL) {
		snprintf(parent, sizeof(parent), "%.*s", (int)(slash - path),
		    path);
	}
	fd = root_files_open(root, parent, O_PATH | O_DIRECTORY, 0);
	if (fd < 0)
		return false;
	made = mkdirat(fd, slash == NULL ? path : slash + 1, DIRECTORY_MODE) ==
		0 ||
	    errno == EEXIST;
	close(fd);
	return made;
}

static bool
do_steps(int root, const struct setup_manifest *manifest,
    const struct setup_plan *plan, char fault[SETUP_FAULT])
{
	size_t step = 0;

	for (size_t i = 0; i < manifest->count; i++) {
		const struct setup_entry *entry = &manifest->entries[i];
		bool done = true;

		if (entry->kind == SETUP_ENTRY_MADE) {
			done = make_directory(root, entry->path);
		} else if (entry->kind == SETUP_ENTRY_CHANGED) {
			done = put(root, entry->path, entry->mounted,
			    &plan->steps[step++].becomes);
		}
		if (!done) {
			return complain(fault, "/%s: %s", entry->path,
			    strerror(errno));
		}
	}
	return true;
}

bool
setup_apply(int root, const struct setup_plan *plan, const char *asked,
    char fault[SETUP_FAULT])
{
	struct setup_manifest manifest;
	int directory;
	const enum setup_state state = setup_state_create(root, &directory);
	bool good = false;

	if (state != SETUP_STATE_NONE) {
		complain_state(fault, state);
	} else if (!foresee(root, plan, asked, &manifest)) {
		complain(fault, "a directory cannot be made: %s",
		    strerror(errno));
	} else if (!keep(directory, &manifest)) {
		complain_state(fault, SETUP_STATE_FAILED);
	} else {
		good = do_steps(root, &manifest, plan, fault);
	}
	if (directory >= 0)
		close(directory);
	return good;
}

/* How a file stands that setup had put somewhere. */
enum lie { LIES_OURS, LIES_AS_BEFORE, LIES_CHANGED, LIES_UNREADABLE };

/* Whether setup has told dhclient whom to name. */
static bool
has_told_dhclient(const struct setup_manifest *manifest)
{
	for (size_t i = 0; i < manifest->count; i++) {
		if (strcmp(manifest->entries[i].path, SETUP_DHCLIENT_FILE) == 0)
			return true;
	}
	return false;
}

/* Whether resolv.conf asks as was asked for, the address being its start. */
static bool
names_asked(int root, const char *asked)
{
	struct own_addresses own = {.count = 1};
	struct resolvconf conf;
	char address[ADDR_TEXT];
	FILE *file = NULL;

	snprintf(address, sizeof(address), "%.*s", (int)strcspn(asked, " "),
	    asked);
	if (addr_parse(address, DNS_PORT, &own.addrs[0]))
		file = root_files_read(root, SETUP_RESOLV_CONF);
	if (file == NULL)
		return false;
	conf = (struct resolvconf){.count = 0};
	resolvconf_read(file, &own, &conf);
	fclose(file);
	return conf.own_first &&
	    (conf.count == 0 || strstr(asked, " fallback") != NULL);
}

/*
 * dhclient writes its resolv.conf at each lease: with the servers that setup
 * told it to name the file is what was asked for, not somebody's change.
 */
static bool
is_rewritten(int root, const struct setup_manifest *manifest,
    const struct setup_entry *entry, const struct setup_object *now)
{
	return strcmp(entry->path, SETUP_RESOLV_CONF) == 0 &&
	    now->kind == SETUP_FILE && has_told_dhclient(manifest) &&
	    names_asked(root, manifest->asked);
}

static enum lie
entry_lies(int root, const struct setup_manifest *manifest,
    const struct setup_entry *entry)
{
	struct setup_object now;
	struct arena arena;
	char sum[SETUP_SUM];
	enum lie lie = LIES_OURS;

	arena_init_heap(&arena, BLOCK);
	if (!setup_file_read(root, entry->path, &arena, &now)) {
		lie = LIES_UNREADABLE;
	} else if (strcmp(setup_file_sum(&now, sum), entry->sum) != 0) {
		if (strcmp(sum, entry->was_sum) == 0) {
			lie = LIES_AS_BEFORE;
		} else if (!is_rewritten(root, manifest, entry, &now)) {
			lie = LIES_CHANGED;
		}
	}
	arena_fini(&arena);
	return lie;
}

/* The path of a file that somebody changed; NULL: nobody did. */
static const char *
find_changed(int root, const struct setup_manifest *manifest)
{
	for (size_t i = 0; i < manifest->count; i++) {
		const struct setup_entry *entry = &manifest->entries[i];

		if (entry->kind == SETUP_ENTRY_CHANGED &&
		    entry_lies(root, manifest, entry) == LIES_CHANGED)
			return entry->path;
	}
	return NULL;
}

static bool
restore(int root, int directory, const struct setup_manifest *manifest,
    size_t n)
{
	struct setup_entry entry = manifest->entries[n];
	struct arena arena;
	bool good;

	arena_init_heap(&arena, BLOCK);
	errno = EBADMSG;
	good = setup_state_recall(directory, n, &arena, &entry) &&
	    put(root, entry.path, entry.mounted, &entry.was);
	arena_fini(&arena);
	return good;
}

/* It may have got other files meanwhile; then it stays. */
static void
remove_directory(int root, const char *path)
{
	const char *slash = strrchr(path, '/');
	char parent[SETUP_PATH] = ".";
	int fd;

	if (slash != NULL) {
		snprintf(parent, sizeof(parent), "%.*s", (int)(slash - path),
		    path);
	}
	fd = root_files_open(root, parent, O_PATH | O_DIRECTORY, 0);
	if (fd < 0)
		return;
	unlinkat(fd, slash == NULL ? path : slash + 1, AT_REMOVEDIR);
	close(fd);
}

/* What undo works on. */
struct undoing {
	int root;
	int directory;
	enum setup_undo how;
	struct setup_manifest manifest;
	struct setup_undone *undone;
};

static bool
undo_file(struct undoing *undoing, size_t n)
{
	const struct setup_entry *entry = &undoing->manifest.entries[n];
	const enum lie lie =
	    entry_lies(undoing->root, &undoing->manifest, entry);

	if (lie == LIES_CHANGED && undoing->how == SETUP_UNDO_OURS)
		return true;
	undoing->undone->count += lie != LIES_AS_BEFORE;
	if (strcmp(entry->path, SETUP_DOCKER_FILE) == 0)
		undoing->undone->docker = true;
	/* Also as before: a crash may have left something beside it. */
	return restore(undoing->root, undoing->directory, &undoing->manifest,
	    n);
}

static bool
undo_entry(struct undoing *undoing, size_t n)
{
	const struct setup_entry *entry = &undoing->manifest.entries[n];

	switch (entry->kind) {
	case SETUP_ENTRY_MADE:
		remove_directory(undoing->root, entry->path);
		return true;
	case SETUP_ENTRY_ACTION:
		snprintf(undoing->undone->action,
		    sizeof(undoing->undone->action), "%s", entry->path);
		return true;
	case SETUP_ENTRY_CHANGED:
		return undo_file(undoing, n);
	}
	return false;
}

static bool
undo_all(struct undoing *undoing, char fault[SETUP_FAULT])
{
	const char *changed = find_changed(undoing->root, &undoing->manifest);

	if (changed != NULL) {
		snprintf(undoing->undone->changed,
		    sizeof(undoing->undone->changed), "%s", changed);
	}
	if (changed != NULL && undoing->how == SETUP_UNDO_ALL) {
		return complain(fault,
		    "/%s was changed since: look what is in it; '--force' puts "
		    "back what was there before setup all the same",
		    changed);
	}
	for (size_t i = undoing->manifest.count; i-- > 0;) {
		if (!undo_entry(undoing, i)) {
			return complain(fault, "/%s: %s",
			    undoing->manifest.entries[i].path,
			    errno == EBADMSG ? "what was kept of it is damaged"
					     : strerror(errno));
		}
	}
	return true;
}

bool
setup_apply_undo(int root, enum setup_undo how, struct setup_undone *undone,
    char fault[SETUP_FAULT])
{
	struct undoing undoing = {.root = root, .how = how, .undone = undone};
	enum setup_state state = setup_state_open(root, &undoing.directory);
	bool good = false;

	memset(undone, 0, sizeof(*undone));
	if (state == SETUP_STATE_GOOD)
		state = setup_state_load(undoing.directory, &undoing.manifest);
	if (state == SETUP_STATE_GOOD) {
		good = undo_all(&undoing, fault);
	} else {
		complain_state(fault, state);
	}
	if (undoing.directory >= 0)
		close(undoing.directory);
	return good;
}

bool
setup_apply_forget(int root, char fault[SETUP_FAULT])
{
	int directory;
	const enum setup_state state = setup_state_open(root, &directory);
	bool good = state == SETUP_STATE_GOOD && setup_state_clear(directory);

	if (!good)
		complain_state(fault, SETUP_STATE_FAILED);
	if (directory >= 0)
		close(directory);
	return good;
}

static bool
all_ours(int root, const struct setup_manifest *manifest)
{
	for (size_t i = 0; i < manifest->count; i++) {
		const struct setup_entry *entry = &manifest->entries[i];

		if (entry->kind == SETUP_ENTRY_CHANGED &&
		    entry_lies(root, manifest, entry) != LIES_OURS)
			return false;
	}
	return true;
}

enum setup_standing
setup_apply_stands(int root, const char *asked, char changed[SETUP_PATH],
    char fault[SETUP_FAULT])
{
	struct setup_manifest manifest;
	int directory;
	enum setup_state state = setup_state_open(root, &directory);
	const char *path;

	changed[0] = '\0';
	if (state == SETUP_STATE_GOOD)
		state = setup_state_load(directory, &manifest);
	if (directory >= 0)
		close(directory);
	if (state == SETUP_STATE_NONE)
		return SETUP_STANDING_NOT;
	if (state != SETUP_STATE_GOOD) {
		complain_state(fault, state);
		return SETUP_STANDING_UNKNOWN;
	}
	path = find_changed(root, &manifest);
	snprintf(changed, SETUP_PATH, "%s", path == NULL ? "" : path);
	return strcmp(manifest.asked, asked) == 0 && all_ours(root, &manifest)
	    ? SETUP_STANDING_SO
	    : SETUP_STANDING_OTHER;
}
