#include "model/internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dns/message.h"
#include "dns/name.h"
#include "model/reference.h"
#include "model/sets.h"

enum {
	VM_TTL = 60, /* not published */
	METADATA_TTL = 3600,
	IN4_SIZE = 4,
	IN6_SIZE = 16,
	SETS_A_VM = 4,	   /* zonal and global name, A and AAAA */
	PTRS_A_VM = 2,	   /* IPv4 and IPv6 */
	NAME_BUFFER = 320, /* a name's text, longer ones are none */
};

/* The fact sheet's section 3.4; 172.16.0.0/12 is sixteen zones. */
static const char *const reverse_zones[] = {"10.in-addr.arpa",
    "168.192.in-addr.arpa", "16.172.in-addr.arpa", "17.172.in-addr.arpa",
    "18.172.in-addr.arpa", "19.172.in-addr.arpa", "20.172.in-addr.arpa",
    "21.172.in-addr.arpa", "22.172.in-addr.arpa", "23.172.in-addr.arpa",
    "24.172.in-addr.arpa", "25.172.in-addr.arpa", "26.172.in-addr.arpa",
    "27.172.in-addr.arpa", "28.172.in-addr.arpa", "29.172.in-addr.arpa",
    "30.172.in-addr.arpa", "31.172.in-addr.arpa"};

enum { REVERSE_ZONES = sizeof(reverse_zones) / sizeof(reverse_zones[0]) };

static const uint8_t metadata_wire[IN4_SIZE] = {169, 254, 169, 254};

static const struct rdata metadata_rdata = {
    .bytes = metadata_wire,
    .len = sizeof(metadata_wire),
};

/* An instance and what its names are made of. */
struct vm {
	const struct model_instance *instance;
	const char *project;
};

/* The VMs of a network, by project. */
struct vms {
	struct vm *items;
	size_t count;
	struct arena *arena;
};

static int
compare_projects(const void *a, const void *b)
{
	const struct vm *left = a;
	const struct vm *right = b;
	const int order = strcmp(left->project, right->project);

	if (order != 0)
		return order;
	return left->instance < right->instance ? -1 : 1;
}

/* Without a project it is "", of which no name can be made. */
static const char *
project_of(const struct model_instance *instance,
    const struct model_network *network)
{
	if (instance->project.text != NULL)
		return instance->project.text;
	return network->project.text != NULL ? network->project.text : "";
}

static bool
is_in(const struct model *model, const struct model_instance *instance,
    const struct model_network *network)
{
	if (instance->network.mark.file == NULL)
		return network == reference_default(model);
	return reference_fits(&instance->network, network);
}

/* The VMs of a network; count is 0 and items may be NULL without any. */
static struct vms
collect(const struct model *model, const struct model_network *network,
    struct arena *arena)
{
	const struct model_instance *instances = model->instances.items;
	const size_t count = model->instances.count;
	struct vms vms = {.arena = arena};

	vms.items = arena_calloc(arena, count, sizeof(*vms.items));
	if (vms.items == NULL || count == 0)
		return vms;
	for (size_t i = 0; i < count; i++) {
		if (instances[i].name.text == NULL ||
		    !is_in(model, &instances[i], network))
			continue;
		vms.items[vms.count++] = (struct vm){
		    .instance = &instances[i],
		    .project = project_of(&instances[i], network),
		};
	}
	qsort(vms.items, vms.count, sizeof(*vms.items), compare_projects);
	return vms;
}

/* Names. */

static bool
parse(const char *text, struct name *name)
{
	if (name_from_text(name, text) != NAME_OK)
		return false;
	name_fold(name);
	return true;
}

/*
 * "c.PROJECT.internal"; a project within a domain, "example.com:web", is
 * c.web.example.com.internal there.
 */
static void
project_domain(const char *project, char buf[NAME_BUFFER])
{
	const char *colon = strchr(project, ':');

	if (colon == NULL) {
		snprintf(buf, NAME_BUFFER, "c.%s.internal", project);
	} else {
		snprintf(buf, NAME_BUFFER, "c.%s.%.*s.internal", colon + 1,
		    (int)(colon - project), project);
	}
}

static bool
global_name(const struct vm *vm, struct name *name)
{
	char domain[NAME_BUFFER];
	char text[2 * NAME_BUFFER];

	project_domain(vm->project, domain);
	snprintf(text, sizeof(text), "%s.%s", vm->instance->name.text, domain);
	return parse(text, name);
}

/* The name with the zone in it; without a zone there is only the other. */
static bool
zonal_name(const struct vm *vm, struct name *name)
{
	const struct model_instance *instance = vm->instance;
	char domain[NAME_BUFFER];
	char text[2 * NAME_BUFFER];

	if (instance->zone.text == NULL)
		return false;
	project_domain(vm->project, domain);
	snprintf(text, sizeof(text), "%s.%s.%s", instance->name.text,
	    instance->zone.text, domain);
	return parse(text, name);
}

/* RFC 1035 section 3.5, RFC 3596 section 2.5. */
static bool
reverse_name(const struct addr *addr, struct name *name)
{
	static const char digits[] = "0123456789abcdef";
	const uint8_t *octets;
	char text[NAME_BUFFER];
	char *at = text;

	if (addr->u.any.sa_family == AF_INET) {
		octets = (const uint8_t *)&addr->u.in4.sin_addr;
		snprintf(text, sizeof(text), "%u.%u.%u.%u.in-addr.arpa",
		    octets[3], octets[2], octets[1], octets[0]);
		return parse(text, name);
	}
	octets = addr->u.in6.sin6_addr.s6_addr;
	for (size_t i = IN6_SIZE; i > 0; i--) {
		*at++ = digits[octets[i - 1] & 0xf];
		*at++ = '.';
		*at++ = digits[octets[i - 1] >> 4];
		*at++ = '.';
	}
	snprintf(at, sizeof("ip6.arpa"), "ip6.arpa");
	return parse(text, name);
}

/* Records. */

static void
sets_add(struct model_list *sets, const struct model_record_set *set)
{
	struct model_record_set *items = sets->items;

	items[sets->count++] = *set;
}

/* Makes room for sets; false when the arena is full. */
static bool
sets_init(struct model_list *sets, size_t room, struct arena *arena)
{
	sets->items =
	    arena_calloc(arena, room, sizeof(struct model_record_set));
	sets->count = 0;
	return sets->items != NULL;
}

/* Adds what a name of a VM has. */
static void
add_addresses(const struct vms *vms, const struct vm *vm,
    const struct name *name, struct model_list *sets)
{
	const struct addr *in4 = &vm->instance->network_ip.addr;
	const struct addr *in6 = &vm->instance->ipv6_address.addr;
	struct rdata *rdata = arena_calloc(vms->arena, 2, sizeof(*rdata));
	struct model_record_set set = {
	    .mark = vm->instance->mark,
	    .name = *name,
	    .ttl = VM_TTL,
	    .rdata_count = 1,
	};

	if (rdata == NULL)
		return;
	rdata[0].bytes = (const uint8_t *)&in4->u.in4.sin_addr;
	rdata[0].len = IN4_SIZE;
	rdata[1].bytes = in6->u.in6.sin6_addr.s6_addr;
	rdata[1].len = IN6_SIZE;
	set.type = TYPE_A;
	set.rdata = &rdata[0];
	if (in4->len != 0)
		sets_add(sets, &set);
	set.type = TYPE_AAAA;
	set.rdata = &rdata[1];
	if (in6->len != 0)
		sets_add(sets, &set);
}

static bool
fill_project(const struct vms *vms, size_t first, size_t end,
    struct model_list *sets)
{
	if (!sets_init(sets, (end - first) * SETS_A_VM, vms->arena))
		return false;
	for (size_t i = first; i < end; i++) {
		struct name name;

		if (global_name(&vms->items[i], &name))
			add_addresses(vms, &vms->items[i], &name, sets);
		if (zonal_name(&vms->items[i], &name))
			add_addresses(vms, &vms->items[i], &name, sets);
	}
	return sets_join(sets, vms->arena);
}

/* Adds the PTR of an address of a VM that has a name. */
static void
add_pointer(const struct vms *vms, const struct vm *vm, const struct addr *addr,
    struct model_list *sets)
{
	struct model_record_set set = {
	    .mark = vm->instance->mark,
	    .type = TYPE_PTR,
	    .ttl = VM_TTL,
	    .rdata_count = 1,
	};
	struct rdata *rdata;
	struct name host;

	if (addr->len == 0 || !reverse_name(addr, &set.name) ||
	    (!zonal_name(vm, &host) && !global_name(vm, &host)))
		return;
	rdata = arena_calloc(vms->arena, 1, sizeof(*rdata));
	if (rdata == NULL)
		return;
	rdata->bytes = arena_copy(vms->arena, host.wire, host.len);
	rdata->len = host.len;
	set.rdata = rdata;
	if (rdata->bytes != NULL)
		sets_add(sets, &set);
}

/* Makes the PTRs of all VMs, whatever zone they belong to. */
static bool
make_pointers(const struct vms *vms, struct model_list *sets)
{
	if (!sets_init(sets, vms->count * PTRS_A_VM, vms->arena))
		return false;
	for (size_t i = 0; i < vms->count; i++) {
		const struct vm *vm = &vms->items[i];

		add_pointer(vms, vm, &vm->instance->network_ip.addr, sets);
		add_pointer(vms, vm, &vm->instance->ipv6_address.addr, sets);
	}
	return sets_join(sets, vms->arena);
}

/* Copies those of the pointers that lie below apex. */
static bool
choose_pointers(const struct model_list *pointers, const struct name *apex,
    struct arena *arena, struct model_list *sets)
{
	const struct model_record_set *items = pointers->items;
	size_t room = 0;

	for (size_t i = 0; i < pointers->count; i++)
		room += name_under(items[i].name.wire, apex->wire);
	if (!sets_init(sets, room, arena))
		return false;
	for (size_t i = 0; i < pointers->count; i++) {
		if (name_under(items[i].name.wire, apex->wire))
			sets_add(sets, &items[i]);
	}
	return true;
}

/* Zones. */

/* Adds an empty zone, named for what it is: "10-in-addr-arpa". */
static struct model_zone *
zone_add(struct model_list *zones, const char *domain, struct arena *arena)
{
	struct model_zone *zone = (struct model_zone *)zones->items;
	char *name = arena_strdup(arena, domain);

	zone += zones->count;
	if (name == NULL || !parse(domain, &zone->dns_name.name))
		return NULL;
	for (char *c = name; *c != '\0'; c++) {
		if (*c == '.')
			*c = '-';
	}
	zone->name.text = name;
	zones->count++;
	return zone;
}

static void
add_projects(const struct vms *vms, struct model_list *zones)
{
	size_t end;

	for (size_t at = 0; at < vms->count; at = end) {
		char domain[NAME_BUFFER];
		struct model_zone *zone;

		end = at + 1;
		while (end < vms->count &&
		    strcmp(vms->items[end].project, vms->items[at].project) ==
			0)
			end++;
		project_domain(vms->items[at].project, domain);
		zone = zone_add(zones, domain, vms->arena);
		if (zone != NULL)
			fill_project(vms, at, end, &zone->record_sets);
	}
}

static void
add_metadata(struct model_list *zones, struct arena *arena)
{
	struct model_record_set set = {
	    .type = TYPE_A,
	    .ttl = METADATA_TTL,
	    .rdata = &metadata_rdata,
	    .rdata_count = 1,
	};
	struct model_zone *zone = zone_add(zones, "google.internal", arena);

	if (zone != NULL && parse("metadata.google.internal", &set.name) &&
	    sets_init(&zone->record_sets, 1, arena))
		sets_add(&zone->record_sets, &set);
}

static void
add_reverse(const struct vms *vms, struct model_list *zones)
{
	struct model_list pointers;

	if (!make_pointers(vms, &pointers))
		return;
	for (size_t i = 0; i < REVERSE_ZONES; i++) {
		struct model_zone *zone =
		    zone_add(zones, reverse_zones[i], vms->arena);

		if (zone != NULL) {
			choose_pointers(&pointers, &zone->dns_name.name,
			    vms->arena, &zone->record_sets);
		}
	}
}

bool
internal_zones(const struct model *model, const struct model_network *network,
    struct arena *arena, struct model_list *zones)
{
	const struct vms vms = collect(model, network, arena);

	*zones = (struct model_list){.count = 0};
	if (arena->full || vms.count == 0)
		return !arena->full;
	zones->items = arena_calloc(arena, vms.count + 1 + REVERSE_ZONES,
	    sizeof(struct model_zone));
	if (zones->items == NULL)
		return false;
	add_projects(&vms, zones);
	add_metadata(zones, arena);
	add_reverse(&vms, zones);
	return !arena->full;
}

bool
internal_reverse(const struct model *model, const struct model_network *network,
    const struct model_zone *zone, struct arena *arena, struct model_list *sets)
{
	const struct vms vms = collect(model, network, arena);
	struct model_list pointers;

	*sets = (struct model_list){.count = 0};
	if (arena->full || vms.count == 0)
		return !arena->full;
	return make_pointers(&vms, &pointers) &&
	    choose_pointers(&pointers, &zone->dns_name.name, arena, sets);
}
