#include "config/load.h"

#include <errno.h>
#include <string.h>

#include "base/text.h"
#include "config/import.h"
#include "config/records.h"
#include "config/server_schema.h"
#include "config/text_file.h"
#include "config/upstream_schema.h"
#include "config/yaml.h"
#include "dns/late_ldns.h"
#include "model/check.h"

enum {
	FILE_LIMIT = 64 * 1024 * 1024,
	NODES_BLOCK = 64 * 1024,
	DNS_PORT = 53,
};

static bool
out_of_memory(struct diag *diag)
{
	return diag_error(diag, (struct mark){.file = NULL},
	    "there is no memory for the configuration");
}

/* The command line. */

static struct mark
option(const char *name)
{
	return (struct mark){.file = name};
}

static bool
mode_by_word(const char *word, struct model *model)
{
	for (const struct schema_word *mode = server_schema_modes;
	     mode->text != NULL; mode++) {
		if (strcmp(mode->text, word) != 0)
			continue;
		model->mode = (enum mode)mode->value;
		return true;
	}
	return false;
}

static bool
override_psc(const char *text, struct model *model, struct diag *diag)
{
	struct addr addr;

	if (!addr_parse(text, 0, &addr) || addr_port(&addr) != 0 ||
	    addr.u.any.sa_family != AF_INET) {
		return diag_error(diag, option("-m"),
		    "psc= needs an IPv4 address such as 10.10.10.10, not '%s'",
		    text);
	}
	addr_set_port(&addr, DNS_PORT);
	model->mode = MODE_PSC;
	model->psc_address =
	    (struct model_addr){.addr = addr, .mark = option("-m")};
	return true;
}

/* Whether mode psc, given by its name alone, has an address in the file. */
static bool
psc_is_whole(struct model *model, struct diag *diag)
{
	struct model_addr *psc = &model->psc_address;

	if (model->mode != MODE_PSC || psc->mark.file != NULL)
		return true;
	/* model_check shall not say the same in the words of a file. */
	psc->mark = option("-m");
	return diag_error(diag, option("-m"),
	    "psc needs the endpoint's address: -m psc=10.10.10.10");
}

static bool
mode_is_wrong(const char *text, struct diag *diag)
{
	static const char *const modes[] = {"restricted", "private",
	    "psc=ADDRESS", "off"};
	static const char wrong[] =
	    "the mode must be restricted, private, psc=ADDRESS or off, not";
	const char *nearest =
	    text_nearest(text, modes, sizeof(modes) / sizeof(modes[0]));

	if (nearest == NULL)
		return diag_error(diag, option("-m"), "%s '%s'", wrong, text);
	return diag_error(diag, option("-m"), "%s '%s' (did you mean \"%s\"?)",
	    wrong, text, nearest);
}

static bool
override_mode(const char *text, struct model *model, struct diag *diag)
{
	static const char psc[] = "psc=";

	if (text == NULL)
		return true;
	model->mode_mark = option("-m");
	if (strncmp(text, psc, sizeof(psc) - 1) == 0)
		return override_psc(text + sizeof(psc) - 1, model, diag);
	if (!mode_by_word(text, model))
		return mode_is_wrong(text, diag);
	return psc_is_whole(model, diag);
}

/* A repeatable option. */
struct list_option {
	const char *name;
	const char *const *texts;
	size_t count;
	size_t limit;
};

/* Room for its values, in place of the list's; NULL after a complaint. */
static void *
override_list(const struct list_option *given, size_t size, struct model *model,
    struct model_list *list, struct diag *diag)
{
	void *items;

	if (given->count > given->limit) {
		diag_error(diag, option(given->name), "at most %zu addresses",
		    given->limit);
		return NULL;
	}
	items = arena_calloc(&model->arena, given->count, size);
	if (items == NULL) {
		out_of_memory(diag);
		return NULL;
	}
	list->items = items;
	list->count = given->count;
	return items;
}

static bool
override_listen(const struct list_option *given, struct model *model,
    struct diag *diag)
{
	struct model_addr *addrs;
	bool good = true;

	if (given->count == 0)
		return true;
	addrs =
	    override_list(given, sizeof(*addrs), model, &model->listen, diag);
	for (size_t i = 0; addrs != NULL && i < given->count; i++) {
		addrs[i].mark = option(given->name);
		if (!addr_parse(given->texts[i], DNS_PORT, &addrs[i].addr)) {
			good = diag_error(diag, option(given->name),
			    "'%s' is not an address such as 10.0.0.2, "
			    "10.0.0.2:5353 or [2001:db8::1]:53",
			    given->texts[i]);
		}
	}
	return good && addrs != NULL;
}

static bool
override_upstreams(const struct list_option *given, struct model *model,
    struct diag *diag)
{
	struct model_server *servers;
	bool good = true;

	if (given->count == 0)
		return true;
	servers = override_list(given, sizeof(*servers), model,
	    &model->upstreams, diag);
	for (size_t i = 0; servers != NULL && i < given->count; i++) {
		const char *hint = upstream_schema_parse(given->texts[i],
		    &model->arena, &servers[i].server);

		servers[i].mark = option(given->name);
		if (hint == NULL)
			continue;
		good = diag_error(diag, option(given->name),
		    "'%s' is not " UPSTREAM_SCHEMA_EXAMPLES, given->texts[i]);
		diag_note(diag, option(given->name), "%s", hint);
	}
	return good && servers != NULL;
}

static bool
load_override(const struct load_overrides *overrides, struct model *model,
    struct diag *diag)
{
	const struct list_option listen = {
	    .name = "-l",
	    .texts = overrides->listen,
	    .count = overrides->listen_count,
	    .limit = SERVER_SCHEMA_LISTEN_MAX,
	};
	const struct list_option upstreams = {
	    .name = "-u",
	    .texts = overrides->upstreams,
	    .count = overrides->upstream_count,
	    .limit = UPSTREAM_SERVERS,
	};
	bool good = override_mode(overrides->mode, model, diag);

	model->listen_chosen = overrides->listen_count > 0;
	if (!override_listen(&listen, model, diag))
		good = false;
	return override_upstreams(&upstreams, model, diag) && good;
}

/* The file. */

static bool
load_text(const struct yaml_text *text, struct model *model, struct diag *diag)
{
	struct decoder decoder = {.arena = &model->arena, .diag = diag};
	struct arena nodes;
	const struct node *root;
	bool good;

	arena_init_heap(&nodes, NODES_BLOCK);
	root = yaml_load(text, &nodes, diag);
	good = root != NULL &&
	    schema_decode(&decoder, &server_schema, root, model);
	arena_fini(&nodes);
	return good;
}

static bool
load_file(FILE *file, const char *path, struct model *model, struct diag *diag)
{
	const struct mark mark = {.file = path};
	struct text_file content;
	bool good = false;

	switch (text_file_read(file, FILE_LIMIT, &content)) {
	case TEXT_FILE_OK:
		good = load_text(
		    &(struct yaml_text){
			.path = path,
			.text = content.text,
			.len = content.len,
		    },
		    model, diag);
		break;
	case TEXT_FILE_LONG:
		diag_error(diag, mark, "the file is longer than %d MiB",
		    FILE_LIMIT >> 20);
		break;
	case TEXT_FILE_FAILED:
		diag_error(diag, mark, "cannot be read: %s", strerror(errno));
		break;
	}
	text_file_free(&content);
	return good;
}

/* What every way of loading ends with; errors before it are in diag. */
static bool
load_finish(const struct load_overrides *overrides, struct model *model,
    struct diag *diag)
{
	load_override(overrides, model, diag);
	if (model->arena.full)
		return out_of_memory(diag);
	model_check(model, diag);
	/* What came of it are errors, of which there may be many. */
	if (late_ldns_trouble() != NULL) {
		diag_warning(diag, (struct mark){0},
		    "types and data of records cannot be read: %s",
		    late_ldns_trouble());
	}
	return diag->errors == 0;
}

bool
load_model_file(FILE *file, const char *path,
    const struct load_overrides *overrides, struct model *model,
    struct diag *diag)
{
	model_init(model);
	load_file(file, path, model, diag);
	records_load(model, path, diag);
	import_load(model, path, diag);
	return load_finish(overrides, model, diag);
}

bool
load_model(const char *path, const struct load_overrides *overrides,
    struct model *model, struct diag *diag)
{
	FILE *file;
	bool good;

	if (path == NULL) {
		model_init(model);
		return load_finish(overrides, model, diag);
	}
	file = fopen(path, "re");
	if (file == NULL) {
		model_init(model);
		return diag_error(diag, (struct mark){.file = path},
		    "cannot be opened: %s", strerror(errno));
	}
	good = load_model_file(file, path, overrides, model, diag);
	fclose(file);
	return good;
}
