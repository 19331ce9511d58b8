#include "model/check.h"

#include <string.h>

#include "base/text.h"
#include "dns/message.h"
#include "dns/rdata.h"
#include "model/audience.h"
#include "model/check_fault.h"
#include "model/check_form.h"
#include "model/check_http.h"
#include "model/check_instance.h"
#include "model/check_loop.h"
#include "model/check_network.h"
#include "model/check_policy.h"
#include "model/check_sense.h"
#include "model/check_upstream.h"
#include "model/check_zone.h"
#include "model/preset.h"
#include "model/reference.h"
#include "model/uniques.h"

enum {
	SCRATCH_BLOCK = 16 * 1024,
	ZONES_QUOTA = 10000, /* the fact sheet's section 9 */
};

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

static void
check_preset_list(const struct model_list *list, const char *const *names,
    size_t count, struct diag *diag)
{
	const struct model_text *presets = list->items;

	for (size_t i = 0; i < list->count; i++)
		check_preset(&presets[i], names, count, diag);
}

static void
check_presets(const struct model *model, struct arena *scratch,
    struct diag *diag)
{
	const struct model_network *networks = model->networks.items;
	size_t count;
	const char **names = preset_names(model, scratch, &count);

	if (names == NULL)
		return;
	check_preset_list(&model->presets, names, count, diag);
	for (size_t i = 0; i < model->networks.count; i++)
		check_preset_list(&networks[i].presets, names, count, diag);
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
	bool good = check_form_resource(&preset->name, diag);

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

static void
check_definitions(const struct model *model, struct arena *scratch,
    struct diag *diag)
{
	const struct model_preset *own = model->preset_definitions.items;
	const size_t count = model->preset_definitions.count;
	struct uniques names = uniques_for(scratch, count);

	for (size_t i = 0; i < count; i++) {
		check_definition(&own[i], diag);
		uniques_add(&names,
		    &(struct unique){
			.text = own[i].name.text,
			.owner = "preset",
			.mark = own[i].name.mark,
		    });
	}
	uniques_check(&names, uniques_declared_twice, diag);
}

/* Zones. */

static void
check_zone_names(const struct model *model, struct arena *scratch,
    struct diag *diag)
{
	const struct model_zone *zones = model->zones.items;
	const size_t count = model->zones.count;
	struct uniques names = uniques_for(scratch, count);

	for (size_t i = 0; i < count; i++) {
		uniques_add(&names,
		    &(struct unique){
			.text = zones[i].name.text,
			.owner = "zone",
			.mark = zones[i].name.mark,
		    });
	}
	uniques_check(&names, uniques_declared_twice, diag);
}

/*
 * Two zones of one name, of which one audience would see both: told once,
 * however many see them.
 */
struct overlaps {
	struct diag *diag;
	const struct audience *audience; /* NULL: there is no other */
	const struct model_zone *zones;
	bool *told; /* by zone */
};

static void
report_overlap(const struct unique *first, const struct unique *second,
    void *arg)
{
	const struct overlaps *overlaps = arg;
	const struct audience *audience = overlaps->audience;
	const struct model_zone *zone = second->owner;
	bool *told = &overlaps->told[zone - overlaps->zones];
	char text[NAME_TEXT];

	if (*told)
		return;
	*told = true;
	name_to_text(second->name->wire, text);
	if (audience == NULL) {
		diag_error(overlaps->diag, second->mark,
		    "a zone for \"%s\" is declared twice", text);
	} else {
		diag_error(overlaps->diag, second->mark,
		    "a zone for \"%s\" is declared twice in %s \"%s\"", text,
		    audience->kind, audience->name);
	}
	diag_note(overlaps->diag, first->mark, "first declared here");
}

/* Gathers the names of the zones that an audience sees. */
static void
gather_domains(const struct model *model, const struct audience *audience,
    struct uniques *domains)
{
	const struct model_zone *zones = model->zones.items;

	domains->count = 0;
	for (size_t i = 0; i < model->zones.count; i++) {
		if (zones[i].dns_name.mark.file == NULL ||
		    !audience_sees(audience, &zones[i].visibility))
			continue;
		uniques_add(domains,
		    &(struct unique){
			.name = &zones[i].dns_name.name,
			.owner = &zones[i],
			.mark = zones[i].dns_name.mark,
		    });
	}
}

static void
check_overlaps(const struct model *model, struct arena *scratch,
    struct diag *diag)
{
	const size_t count = model->zones.count;
	const size_t audiences = audience_count(model);
	struct uniques domains = uniques_for(scratch, count);
	struct overlaps overlaps = {
	    .diag = diag,
	    .zones = model->zones.items,
	    .told = arena_calloc(scratch, count, sizeof(bool)),
	};

	for (size_t i = 0; overlaps.told != NULL && i < audiences; i++) {
		const struct audience audience = audience_at(model, i);

		overlaps.audience = audiences == 1 ? NULL : &audience;
		gather_domains(model, &audience, &domains);
		uniques_check(&domains, report_overlap, &overlaps);
	}
}

static void
check_peering(const struct model *model, const struct model_zone *zone,
    struct diag *diag)
{
	const struct model_network *peer;

	if (zone->kind != MODEL_ZONE_PEERING || zone->peer.name == NULL ||
	    !check_network_ref(model, &zone->peer, diag))
		return;
	peer = reference_network(model, &zone->peer);
	if (!reference_holds_in_network(&zone->visibility, peer))
		return;
	diag_error(diag, zone->peer.mark,
	    "the zone is seen in network \"%s\" itself, which cannot peer "
	    "with itself",
	    peer->name.text);
}

static void
check_zones(const struct model *model, struct arena *scratch, struct diag *diag)
{
	const struct model_zone *zones = model->zones.items;

	for (size_t i = 0; i < model->zones.count; i++) {
		check_form_resource(&zones[i].name, diag);
		check_network_visibility(model, &zones[i].visibility, diag);
		check_peering(model, &zones[i], diag);
		check_zone(&zones[i], diag);
	}
	check_zone_names(model, scratch, diag);
	check_overlaps(model, scratch, diag);
	/* A project can be given more: no reason to refuse the file. */
	if (model->zones.count > ZONES_QUOTA) {
		diag_warning(diag, zones[ZONES_QUOTA].mark,
		    "%zu zones are more than the %d that a project of Cloud "
		    "DNS may have without asking",
		    model->zones.count, ZONES_QUOTA);
	}
}

/* Addresses. */

/* The list is short. */
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
	check_network_all(model, &scratch, diag);
	check_zones(model, &scratch, diag);
	check_policy_responses(model, &scratch, diag);
	check_policy_servers(model, &scratch, diag);
	check_instance_all(model, &scratch, diag);
	check_upstream_all(model, diag);
	check_addresses_differ(&model->listen, diag);
	check_addresses_differ(&model->http_listen, diag);
	check_http(model, diag);
	check_loop(model, diag);
	check_fault_all(model, &scratch, diag);
	if (diag->errors == 0)
		check_sense(model, diag);
	if (scratch.full) {
		diag_error(diag, (struct mark){.file = NULL},
		    "there is no memory to check the configuration");
	}
	arena_fini(&scratch);
	return diag->errors == errors;
}
