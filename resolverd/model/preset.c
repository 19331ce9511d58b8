#include "model/preset.h"

#include <assert.h>
#include <string.h>

#include "dns/message.h"
#include "model/reference.h"

struct builtin {
	const char *name;
	const char *const *domains;	/* ended by NULL */
	const char *const *api_domains; /* likewise */
};

static const char *const nothing[] = {NULL};

static const char *const cloud_run_domains[] = {"run.app", NULL};

/* What private.googleapis.com serves, section 7.2. */
static const char *const google_apis_domains[] = {
    "accounts.google.com",
    "aiplatform-notebook.cloud.google.com",
    "aiplatform-notebook.googleusercontent.com",
    "appengine.google.com",
    "appspot.com",
    "backupdr.cloud.google.com",
    "backupdr.googleusercontent.com",
    "cloudfunctions.net",
    "cloudproxy.app",
    "composer.cloud.google.com",
    "composer.googleusercontent.com",
    "datafusion.cloud.google.com",
    "datafusion.googleusercontent.com",
    "dataproc.cloud.google.com",
    "dataproc.googleusercontent.com",
    "developerconnect.dev",
    "dl.google.com",
    "gcr.io",
    "gke.goog",
    "gstatic.com",
    "kernels.googleusercontent.com",
    "ltsapis.goog",
    "notebooks.byoid.googleusercontent.com",
    "notebooks.cloud.google.com",
    "notebooks.googleusercontent.com",
    "packages.cloud.google.com",
    "pkg.dev",
    "pki.goog",
    "run.app",
    "source.developers.google.com",
    "storage.cloud.google.com",
    NULL,
};

static const char *const google_apis_api_domains[] = {"googleapis.com", NULL};

static const struct builtin builtins[] = {
    {"cloud-run", cloud_run_domains, nothing},
    {"google-apis", google_apis_domains, google_apis_api_domains},
};

enum { BUILTINS = sizeof(builtins) / sizeof(builtins[0]) };

/* Google's addresses, section 7.1. */
enum { VIP_COUNT = 4, IN4_SIZE = 4, IN6_SIZE = 16 };

static const struct vip {
	const char *host; /* of the name that holds them in googleapis.com */
	uint8_t in4[VIP_COUNT][IN4_SIZE];
	uint8_t in6[IN6_SIZE];
} vips[] = {
    [PRESET_VIP_RESTRICTED] =
	{
	    .host = "restricted",
	    .in4 = {{199, 36, 153, 4}, {199, 36, 153, 5}, {199, 36, 153, 6},
		{199, 36, 153, 7}},
	    .in6 = {0x26, 0x00, 0x2d, 0x00, 0x00, 0x02, 0x10, 0x00},
	},
    [PRESET_VIP_PRIVATE] =
	{
	    .host = "private",
	    .in4 = {{199, 36, 153, 8}, {199, 36, 153, 9}, {199, 36, 153, 10},
		{199, 36, 153, 11}},
	    .in6 = {0x26, 0x00, 0x2d, 0x00, 0x00, 0x02, 0x20, 0x00},
	},
};

/* The whole /30 and /56 belong to the service, not only the values in use. */
static bool
in_vip_range(const struct vip *vip, const struct rdata *rdata)
{
	if (rdata->len == IN4_SIZE) {
		return memcmp(rdata->bytes, vip->in4[0], 3) == 0 &&
		    (rdata->bytes[3] & 0xfc) == (vip->in4[0][3] & 0xfc);
	}
	return rdata->len == IN6_SIZE &&
	    memcmp(rdata->bytes, vip->in6, 56 / 8) == 0;
}

enum preset_vip
preset_vip(const struct rdata *rdata)
{
	if (in_vip_range(&vips[PRESET_VIP_RESTRICTED], rdata))
		return PRESET_VIP_RESTRICTED;
	if (in_vip_range(&vips[PRESET_VIP_PRIVATE], rdata))
		return PRESET_VIP_PRIVATE;
	return PRESET_VIP_NONE;
}

static const struct builtin *
builtin_find(const char *name)
{
	for (size_t i = 0; i < BUILTINS; i++) {
		if (strcmp(builtins[i].name, name) == 0)
			return &builtins[i];
	}
	return NULL;
}

bool
preset_is_builtin(const char *name)
{
	return builtin_find(name) != NULL;
}

const char **
preset_names(const struct model *model, struct arena *arena, size_t *count)
{
	const struct model_preset *own = model->preset_definitions.items;
	const size_t own_count = model->preset_definitions.count;
	const char **names =
	    arena_calloc(arena, BUILTINS + own_count, sizeof(*names));

	*count = 0;
	if (names == NULL)
		return NULL;
	for (size_t i = 0; i < BUILTINS; i++)
		names[(*count)++] = builtins[i].name;
	for (size_t i = 0; i < own_count; i++) {
		if (own[i].name.text != NULL)
			names[(*count)++] = own[i].name.text;
	}
	return names;
}

/* Making zones.  The arena's sticky full stands for every failure. */

struct maker {
	const struct model *model;
	const struct model_network *network;
	struct arena *arena;
	struct model_zone *zones;
	size_t count;
	/* Of the preset at hand. */
	const struct rdata *in4;
	size_t in4_count;
	const struct rdata *in6;
	size_t in6_count;
};

static size_t
text_count(const char *const *texts)
{
	size_t count = 0;

	while (texts[count] != NULL)
		count++;
	return count;
}

static const struct model_preset *
own_find(const struct model *model, const char *name)
{
	const struct model_preset *own = model->preset_definitions.items;

	for (size_t i = 0; i < model->preset_definitions.count; i++) {
		if (own[i].name.text != NULL &&
		    strcmp(own[i].name.text, name) == 0)
			return &own[i];
	}
	return NULL;
}

/* How many zones a preset may make. */
static size_t
preset_bound(const struct model *model, const char *name)
{
	const struct builtin *builtin = builtin_find(name);
	const struct model_preset *own;

	if (builtin != NULL) {
		return text_count(builtin->domains) +
		    text_count(builtin->api_domains);
	}
	own = own_find(model, name);
	return own == NULL ? 0 : own->domains.count + own->api_domains.count;
}

static enum preset_vip
mode_vip(enum mode mode)
{
	return mode == MODE_PRIVATE ? PRESET_VIP_PRIVATE
				    : PRESET_VIP_RESTRICTED;
}

static struct rdata
addr_rdata(const struct addr *addr)
{
	if (addr->u.any.sa_family == AF_INET) {
		return (struct rdata){
		    .bytes = (const uint8_t *)&addr->u.in4.sin_addr,
		    .len = IN4_SIZE,
		};
	}
	return (struct rdata){
	    .bytes = (const uint8_t *)&addr->u.in6.sin6_addr,
	    .len = IN6_SIZE,
	};
}

/* The addresses of one length among addrs; rdata borrows them. */
static const struct rdata *
addrs_rdata(struct maker *maker, const struct model_addr *addrs, size_t count,
    uint16_t len, size_t *out_count)
{
	struct rdata *list = arena_calloc(maker->arena, count, sizeof(*list));

	*out_count = 0;
	for (size_t i = 0; list != NULL && i < count; i++) {
		const struct rdata rdata = addr_rdata(&addrs[i].addr);

		if (rdata.len == len)
			list[(*out_count)++] = rdata;
	}
	return list;
}

static void
maker_use_addrs(struct maker *maker, const struct model_addr *addrs,
    size_t count)
{
	maker->in4 =
	    addrs_rdata(maker, addrs, count, IN4_SIZE, &maker->in4_count);
	maker->in6 =
	    addrs_rdata(maker, addrs, count, IN6_SIZE, &maker->in6_count);
}

static void
maker_use_vip(struct maker *maker, const struct vip *vip)
{
	struct rdata *in4 =
	    arena_calloc(maker->arena, VIP_COUNT + 1, sizeof(*in4));

	if (in4 == NULL)
		return;
	for (size_t i = 0; i < VIP_COUNT; i++)
		in4[i] = (struct rdata){.bytes = vip->in4[i], .len = IN4_SIZE};
	in4[VIP_COUNT] = (struct rdata){.bytes = vip->in6, .len = IN6_SIZE};
	maker->in4 = in4;
	maker->in4_count = VIP_COUNT;
	maker->in6 = in4 + VIP_COUNT;
	maker->in6_count = 1;
}

/* Chooses the addresses of a preset for the mode; own NULL: Google's. */
static void
maker_use(struct maker *maker, const struct model_preset *own)
{
	const struct model *model = maker->model;
	const struct model_list *given = NULL;

	if (model->mode == MODE_PSC) {
		maker_use_addrs(maker, &model->psc_address, 1);
		return;
	}
	if (own != NULL) {
		given = model->mode == MODE_PRIVATE
		    ? &own->private_addresses
		    : &own->restricted_addresses;
	}
	if (given != NULL && given->count > 0) {
		maker_use_addrs(maker, given->items, given->count);
	} else {
		maker_use_vip(maker, &vips[mode_vip(model->mode)]);
	}
}

/* A name one label longer. */
static bool
name_prepend(const char *label, const struct name *apex, struct name *out)
{
	const size_t len = strlen(label);

	if (apex->len + len + 1 > NAME_SIZE)
		return false;
	out->len = (uint8_t)(apex->len + len + 1);
	out->labels = (uint8_t)(apex->labels + 1);
	out->wire[0] = (uint8_t)len;
	memcpy(out->wire + 1, label, len);
	memcpy(out->wire + 1 + len, apex->wire, apex->len);
	return true;
}

/* Cloud DNS's resource name for a zone made of a domain: "run-app". */
static const char *
resource_name(struct maker *maker, const struct name *apex)
{
	char text[NAME_TEXT];
	size_t len;

	name_to_text(apex->wire, text);
	len = strlen(text);
	if (len > 1)
		text[len - 1] = '\0';
	for (char *c = text; *c != '\0'; c++) {
		if (*c == '.')
			*c = '-';
	}
	return arena_strdup(maker->arena, text);
}

static void
zone_add(struct maker *maker, struct model_zone *zone,
    const struct model_record_set *set)
{
	struct model_record_set *sets = zone->record_sets.items;

	if (set->rdata_count == 0)
		return;
	sets[zone->record_sets.count] = *set;
	sets[zone->record_sets.count++].ttl = maker->model->ttl;
}

static void
zone_add_addresses(struct maker *maker, struct model_zone *zone,
    const struct name *host)
{
	zone_add(maker, zone,
	    &(struct model_record_set){
		.name = *host,
		.type = TYPE_A,
		.rdata = maker->in4,
		.rdata_count = maker->in4_count,
	    });
	if (!maker->model->ipv6)
		return;
	zone_add(maker, zone,
	    &(struct model_record_set){
		.name = *host,
		.type = TYPE_AAAA,
		.rdata = maker->in6,
		.rdata_count = maker->in6_count,
	    });
}

/* "*" as an alias of host. */
static void
zone_add_wildcard(struct maker *maker, struct model_zone *zone,
    const struct name *host)
{
	struct rdata *rdata = arena_calloc(maker->arena, 1, sizeof(*rdata));
	struct name owner;

	if (rdata == NULL || !name_prepend("*", &zone->dns_name.name, &owner))
		return;
	rdata->bytes = arena_copy(maker->arena, host->wire, host->len);
	rdata->len = host->len;
	zone_add(maker, zone,
	    &(struct model_record_set){
		.name = owner,
		.type = TYPE_CNAME,
		.rdata = rdata,
		.rdata_count = 1,
	    });
}

/* Whether a zone of that name is there, the operator's or a preset's. */
static bool
zone_exists(const struct maker *maker, const struct name *apex)
{
	const struct model_zone *own = maker->model->zones.items;

	for (size_t i = 0; i < maker->model->zones.count; i++) {
		if (name_equal(own[i].dns_name.name.wire, apex->wire) &&
		    reference_holds_in_network(&own[i].visibility,
			maker->network))
			return true;
	}
	for (size_t i = 0; i < maker->count; i++) {
		if (name_equal(maker->zones[i].dns_name.name.wire, apex->wire))
			return true;
	}
	return false;
}

/* Adds the zone of a domain, whose addresses stand at host.  */
static void
maker_add(struct maker *maker, const struct name *apex, const struct name *host)
{
	enum { SETS = 3 };
	struct model_zone *zone = &maker->zones[maker->count];
	struct model_record_set *sets;

	if (zone_exists(maker, apex))
		return;
	sets = arena_calloc(maker->arena, SETS, sizeof(*sets));
	if (sets == NULL)
		return;
	maker->count++;
	zone->from_preset = true;
	zone->name.text = resource_name(maker, apex);
	zone->dns_name.name = *apex;
	zone->record_sets.items = sets;
	zone_add_addresses(maker, zone, host);
	zone_add_wildcard(maker, zone, host);
}

static void
maker_add_domain(struct maker *maker, const struct name *apex)
{
	maker_add(maker, apex, apex);
}

/*
 * An API domain has its addresses at restricted.DOMAIN or private.DOMAIN; an
 * endpoint of Private Service Connect has no such name, so the apex has them.
 */
static void
maker_add_api_domain(struct maker *maker, const struct name *apex)
{
	const enum mode mode = maker->model->mode;
	struct name host;

	if (mode == MODE_PSC) {
		maker_add_domain(maker, apex);
	} else if (name_prepend(vips[mode_vip(mode)].host, apex, &host)) {
		maker_add(maker, apex, &host);
	}
}

typedef void (*add_fn)(struct maker *maker, const struct name *apex);

static void
maker_add_texts(struct maker *maker, const char *const *texts, add_fn add)
{
	for (; *texts != NULL; texts++) {
		struct name apex;
		const enum name_error error = name_from_text(&apex, *texts);

		assert(error == NAME_OK);
		add(maker, &apex);
	}
}

static void
maker_add_names(struct maker *maker, const struct model_list *list, add_fn add)
{
	const struct model_name *names = list->items;

	for (size_t i = 0; i < list->count; i++)
		add(maker, &names[i].name);
}

static void
maker_add_preset(struct maker *maker, const char *name)
{
	const struct builtin *builtin = builtin_find(name);
	const struct model_preset *own = own_find(maker->model, name);

	if (builtin != NULL) {
		maker_use(maker, NULL);
		maker_add_texts(maker, builtin->domains, maker_add_domain);
		maker_add_texts(maker, builtin->api_domains,
		    maker_add_api_domain);
	} else if (own != NULL) {
		maker_use(maker, own);
		maker_add_names(maker, &own->domains, maker_add_domain);
		maker_add_names(maker, &own->api_domains, maker_add_api_domain);
	}
}

bool
preset_zones(const struct model *model, const struct model_network *network,
    struct arena *arena, struct model_list *zones)
{
	const struct model_list *list =
	    network->presets_given ? &network->presets : &model->presets;
	const struct model_text *presets = list->items;
	struct maker maker = {
	    .model = model,
	    .network = network,
	    .arena = arena,
	};
	size_t bound = 0;

	*zones = (struct model_list){.count = 0};
	if (model->mode == MODE_OFF)
		return true;
	for (size_t i = 0; i < list->count; i++)
		bound += preset_bound(model, presets[i].text);
	maker.zones = arena_calloc(arena, bound, sizeof(*maker.zones));
	for (size_t i = 0; maker.zones != NULL && i < list->count; i++)
		maker_add_preset(&maker, presets[i].text);
	zones->items = maker.zones;
	zones->count = maker.count;
	return !arena->full;
}
