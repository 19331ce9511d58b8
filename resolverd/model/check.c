#include "model/check.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "dns/message.h"
#include "dns/rdata.h"
#include "model/check_loop.h"
#include "model/check_zone.h"
#include "model/preset.h"

enum { SCRATCH_BLOCK = 16 * 1024, RESOURCE_NAME_MAX = 63 };

/* Types. */

const char *const check_types[] = {"A", "AAAA", "CAA", "CNAME", "DS", "HTTPS",
    "IPSECKEY", "MX", "NAPTR", "NS", "PTR", "SOA", "SPF", "SRV", "SSHFP",
    "SVCB", "TLSA", "TXT"};

const size_t check_type_count = sizeof(check_types) / sizeof(check_types[0]);

static const uint16_t served_types[] = {TYPE_A, TYPE_AAAA, TYPE_CAA, TYPE_CNAME,
    TYPE_DS, TYPE_HTTPS, TYPE_IPSECKEY, TYPE_MX, TYPE_NAPTR, TYPE_NS, TYPE_PTR,
    TYPE_SOA, TYPE_SPF, TYPE_SRV, TYPE_SSHFP, TYPE_SVCB, TYPE_TLSA, TYPE_TXT};

_Static_assert(sizeof(served_types) / sizeof(served_types[0]) ==
	sizeof(check_types) / sizeof(check_types[0]),
    "each type by name and by number");

void
check_note_types(struct mark mark, struct diag *diag)
{
	enum { LIST_TEXT = 256 };
	char list[LIST_TEXT] = "";
	size_t at = 0;

	for (size_t i = 0; i < check_type_count; i++) {
		const char *joint = i + 1 == check_type_count ? " and " : ", ";

		at += (size_t)snprintf(list + at, sizeof(list) - at, "%s%s",
		    i == 0 ? "" : joint, check_types[i]);
	}
	diag_note(diag, mark, "a private zone of Cloud DNS has the types %s",
	    list);
}

bool
check_type(uint16_t type, struct mark mark, struct diag *diag)
{
	char text[RDATA_TYPE_TEXT];

	for (size_t i = 0; i < check_type_count; i++) {
		if (served_types[i] == type)
			return true;
	}
	if (type == TYPE_DNSKEY) {
		return diag_error(diag, mark,
		    "type DNSKEY is for signed public zones only");
	}
	diag_error(diag, mark, "type %s is not one that Cloud DNS supports",
	    rdata_type_to_text(type, text));
	check_note_types(mark, diag);
	return false;
}

/* Names of resources. */

static bool
is_resource_name(const char *text)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz";
	static const char all[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
	const size_t len = strlen(text);

	return len > 0 && len <= RESOURCE_NAME_MAX &&
	    strchr(letters, text[0]) != NULL &&
	    text[strspn(text, all)] == '\0' && text[len - 1] != '-';
}

static bool
check_resource_name(const struct model_text *name, struct diag *diag)
{
	if (name->text == NULL || is_resource_name(name->text))
		return true;
	return diag_error(diag, name->mark,
	    "name '%.80s' must be 1 to 63 lower-case letters, digits and "
	    "dashes, begin with a letter and not end with a dash",
	    name->text);
}

/* Mode and presets. */

static bool
check_mode(const struct model *model, struct diag *diag)
{
	const struct model_addr *psc = &model->psc_address;

	if (psc->addr.len != 0 && addr_is_any(&psc->addr)) {
		return diag_error(diag, psc->mark,
		    "psc_address must be the endpoint's own address");
	}
	if (model->mode != MODE_PSC || psc->mark.file != NULL)
		return true;
	return diag_error(diag, model->mode_mark,
	    "mode psc needs psc_address, the address of the Private Service "
	    "Connect endpoint");
}

static bool
preset_is_known(const char *name, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(names[i], name) == 0)
			return true;
	}
	return false;
}

static bool
check_preset(const struct model_text *preset, const char *const *names,
    size_t count, struct diag *diag)
{
	const char *nearest;

	if (preset_is_known(preset->text, names, count))
		return true;
	nearest = text_nearest(preset->text, names, count);
	if (nearest != NULL) {
		return diag_error(diag, preset->mark,
		    "unknown preset \"%s\" (did you mean \"%s\"?)",
		    preset->text, nearest);
	}
	return diag_error(diag, preset->mark,
	    "unknown preset \"%s\": there are cloud-run and google-apis, and "
	    "what preset_definitions adds",
	    preset->text);
}

static bool
check_presets(const struct model *model, struct arena *scratch,
    struct diag *diag)
{
	const struct model_text *presets = model->presets.items;
	size_t count;
	const char **names = preset_names(model, scratch, &count);
	bool good = true;

	for (size_t i = 0; i < model->presets.count; i++) {
		if (!check_preset(&presets[i], names, count, diag))
			good = false;
	}
	return good;
}

static bool
has_in4(const struct model_list *list)
{
	const struct model_addr *addrs = list->items;

	for (size_t i = 0; i < list->count; i++) {
		if (addrs[i].addr.u.any.sa_family == AF_INET)
			return true;
	}
	return list->count == 0;
}

static bool
check_domains(const struct model_list *domains, struct diag *diag)
{
	const struct model_name *names = domains->items;
	bool good = true;

	for (size_t i = 0; i < domains->count; i++) {
		if (names[i].mark.file == NULL ||
		    !name_is_wildcard(names[i].name.wire))
			continue;
		good = diag_error(diag, names[i].mark,
		    "a preset's domain cannot begin with *: it is the name "
		    "above it, which has the wildcard by itself");
	}
	return good;
}

static bool
check_definition(const struct model_preset *preset, struct diag *diag)
{
	bool good = check_resource_name(&preset->name, diag);

	if (preset->name.text != NULL && preset_is_builtin(preset->name.text)) {
		good = diag_error(diag, preset->name.mark,
		    "preset \"%s\" is built in: give this one another name",
		    preset->name.text);
	}
	if (preset->domains.count + preset->api_domains.count == 0) {
		good = diag_error(diag, preset->mark,
		    "a preset definition needs domains or api_domains");
	}
	if (!has_in4(&preset->restricted_addresses) ||
	    !has_in4(&preset->private_addresses)) {
		good = diag_error(diag, preset->mark,
		    "addresses of a preset definition need an IPv4 address "
		    "among them");
	}
	if (!check_domains(&preset->domains, diag))
		good = false;
	return check_domains(&preset->api_domains, diag) && good;
}

/* What must not stand twice. */

struct unique {
	const void *key;
	struct mark mark;
};

typedef int (*compare_fn)(const void *a, const void *b);

static int
compare_marks(const struct unique *a, const struct unique *b)
{
	if (a->mark.line != b->mark.line)
		return a->mark.line < b->mark.line ? -1 : 1;
	if (a->mark.column != b->mark.column)
		return a->mark.column < b->mark.column ? -1 : 1;
	return 0;
}

static int
compare_texts(const void *a, const void *b)
{
	const struct unique *left = a;
	const struct unique *right = b;
	const int order = strcmp(left->key, right->key);

	return order != 0 ? order : compare_marks(left, right);
}

static int
compare_names(const void *a, const void *b)
{
	const struct unique *left = a;
	const struct unique *right = b;
	const int order = name_compare(left->key, right->key);

	return order != 0 ? order : compare_marks(left, right);
}

static bool
same_text(const struct unique *a, const struct unique *b)
{
	return strcmp(a->key, b->key) == 0;
}

static bool
same_name(const struct unique *a, const struct unique *b)
{
	const struct name *left = a->key;
	const struct name *right = b->key;

	return name_equal(left->wire, right->wire);
}

/* The keys of a list that must all differ. */
struct uniques {
	struct unique *items;
	size_t count;
	const char *what; /* "a zone" */
};

static void
uniques_add(struct uniques *uniques, const void *key, struct mark mark)
{
	uniques->items[uniques->count++] =
	    (struct unique){.key = key, .mark = mark};
}

static bool
twice(const struct unique *first, const struct unique *second, const char *what,
    const char *key, struct diag *diag)
{
	diag_error(diag, second->mark, "%s \"%s\" is declared twice", what,
	    key);
	diag_note(diag, first->mark, "first declared here");
	return false;
}

static bool
check_unique_texts(struct uniques *uniques, struct diag *diag)
{
	struct unique *items = uniques->items;
	bool good = true;

	if (items == NULL)
		return false;
	qsort(items, uniques->count, sizeof(*items), compare_texts);
	for (size_t i = 1; i < uniques->count; i++) {
		if (same_text(&items[i - 1], &items[i])) {
			good = twice(&items[i - 1], &items[i], uniques->what,
			    items[i].key, diag);
		}
	}
	return good;
}

static bool
check_unique_names(struct uniques *uniques, struct diag *diag)
{
	struct unique *items = uniques->items;
	bool good = true;

	if (items == NULL)
		return false;
	qsort(items, uniques->count, sizeof(*items), compare_names);
	for (size_t i = 1; i < uniques->count; i++) {
		const struct name *name = items[i].key;
		char text[NAME_TEXT];

		if (same_name(&items[i - 1], &items[i])) {
			good = twice(&items[i - 1], &items[i], uniques->what,
			    name_to_text(name->wire, text), diag);
		}
	}
	return good;
}

/* Room for n keys; without memory none is checked. */
static struct uniques
uniques_for(struct arena *scratch, size_t n, const char *what)
{
	return (struct uniques){
	    .items = arena_calloc(scratch, n, sizeof(struct unique)),
	    .what = what,
	};
}

static bool
check_definitions(const struct model *model, struct arena *scratch,
    struct diag *diag)
{
	const struct model_preset *own = model->preset_definitions.items;
	const size_t count = model->preset_definitions.count;
	struct uniques names = uniques_for(scratch, count, "preset");
	bool good = true;

	for (size_t i = 0; i < count; i++) {
		if (!check_definition(&own[i], diag))
			good = false;
		if (names.items != NULL && own[i].name.text != NULL)
			uniques_add(&names, own[i].name.text, own[i].name.mark);
	}
	return check_unique_texts(&names, diag) && good;
}

static bool
check_zone_names(const struct model *model, struct arena *scratch,
    struct diag *diag)
{
	const struct model_zone *zones = model->zones.items;
	const size_t count = model->zones.count;
	struct uniques names = uniques_for(scratch, count, "zone");
	struct uniques domains = uniques_for(scratch, count, "a zone for");
	bool good;

	if (names.items == NULL || domains.items == NULL)
		return false;
	for (size_t i = 0; i < count; i++) {
		if (zones[i].name.text != NULL) {
			uniques_add(&names, zones[i].name.text,
			    zones[i].name.mark);
		}
		if (zones[i].dns_name.mark.file != NULL) {
			uniques_add(&domains, &zones[i].dns_name.name,
			    zones[i].dns_name.mark);
		}
	}
	good = check_unique_texts(&names, diag);
	return check_unique_names(&domains, diag) && good;
}

static bool
check_zones(const struct model *model, struct arena *scratch, struct diag *diag)
{
	const struct model_zone *zones = model->zones.items;
	bool good = true;

	for (size_t i = 0; i < model->zones.count; i++) {
		if (!check_resource_name(&zones[i].name, diag))
			good = false;
		if (!check_zone(&zones[i], diag))
			good = false;
	}
	return check_zone_names(model, scratch, diag) && good;
}

/* Addresses. */

static bool
check_upstreams(const struct model *model, struct diag *diag)
{
	const struct model_addr *addrs = model->upstreams.items;
	bool good = true;

	for (size_t i = 0; i < model->upstreams.count; i++) {
		char text[ADDR_TEXT];

		if (addrs[i].addr.len != 0 && addr_is_any(&addrs[i].addr)) {
			good = diag_error(diag, addrs[i].mark,
			    "%s stands for any address: no server can be "
			    "asked there",
			    addr_format_host(&addrs[i].addr, text));
		}
	}
	return good;
}

/* Both lists are short. */
static bool
check_addresses_differ(const struct model_list *list, struct diag *diag)
{
	const struct model_addr *addrs = list->items;
	bool good = true;

	for (size_t i = 1; i < list->count; i++) {
		for (size_t j = 0; j < i; j++) {
			char text[ADDR_TEXT];

			if (addrs[i].addr.len == 0 || addrs[j].addr.len == 0 ||
			    !addr_equal(&addrs[i].addr, &addrs[j].addr))
				continue;
			good =
			    diag_error(diag, addrs[i].mark, "%s is given twice",
				addr_format(&addrs[i].addr, text));
		}
	}
	return good;
}

bool
model_check(const struct model *model, struct diag *diag)
{
	struct arena scratch;
	const size_t errors = diag->errors;

	arena_init_heap(&scratch, SCRATCH_BLOCK);
	check_mode(model, diag);
	check_definitions(model, &scratch, diag);
	check_presets(model, &scratch, diag);
	check_zones(model, &scratch, diag);
	check_upstreams(model, diag);
	check_addresses_differ(&model->upstreams, diag);
	check_addresses_differ(&model->listen, diag);
	check_loop(model, diag);
	if (scratch.full) {
		diag_error(diag, (struct mark){.file = NULL},
		    "there is no memory to check the configuration");
	}
	arena_fini(&scratch);
	return diag->errors == errors;
}
