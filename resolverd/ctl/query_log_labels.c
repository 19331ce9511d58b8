#include "ctl/query_log_labels.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/line.h"
#include "model/model.h"
#include "model/reference.h"

enum {
	LABELS_BLOCK = 4096,
	TEXT_SIZE = 2048,
	ID_TEXT = 24,
	DOUBLE_DIGITS = 17, /* that tell every double from the others */
	ADDRESSES = 2,	    /* of a VM */
};

/* Where nobody said: an emulator is no region, and belongs to no project. */
static const char default_project[] = "resolverd";
static const char default_location[] = "global";

/* The least that a made-up number is, and how many there are. */
struct range {
	uint64_t least;
	uint64_t count;
};

/* As long as real ones. */
static const struct range project_numbers = {
    UINT64_C(100000000000),
    UINT64_C(900000000000),
};
static const struct range instance_ids = {
    UINT64_C(1000000000000000000),
    UINT64_C(8000000000000000000),
};

/* A number that belongs to a text, the same each time and everywhere. */
static uint64_t
made_up(const struct range *range, const char *text)
{
	static const struct hash_key none;

	return range->least +
	    hash_bytes(&none, text, strlen(text)) % range->count;
}

static const char *
given_or(const struct model_text *text, const char *other)
{
	return text->text == NULL ? other : text->text;
}

/* Written into a buffer and kept in the arena. */
static const char *
keep(struct arena *arena, const struct line *line)
{
	char *text = arena_alloc(arena, line->len + 1);

	if (text == NULL || line->full)
		return "";
	memcpy(text, line->text, line->len);
	text[line->len] = '\0';
	return text;
}

static void
put_member(struct line *line, const char *key, const char *text)
{
	line_put(line, key);
	line_json(line, text, strlen(text));
}

static const char *
project_of(const struct model *model, const struct model_network *network)
{
	return given_or(&network->project,
	    given_or(&model->query_log.project_id, default_project));
}

static void
make_network(struct query_log_network *out, struct arena *arena,
    const char *project, const char *location)
{
	char log_name[TEXT_SIZE];
	char text[TEXT_SIZE];
	struct line line = line_in(text, sizeof(text));

	put_member(&line, "\"location\":", location);
	put_member(&line, ",\"project_id\":", project);
	out->labels = keep(arena, &line);
	snprintf(log_name, sizeof(log_name),
	    "projects/%s/logs/dns.googleapis.com%%2Fdns_queries", project);
	line = line_in(text, sizeof(text));
	line_json(&line, log_name, strlen(log_name));
	out->log_name = keep(arena, &line);
}

static int
compare_networks(const void *a, const void *b)
{
	const struct query_log_network *left = a;
	const struct query_log_network *right = b;

	return strcmp(left->name, right->name);
}

static void
make_networks(struct query_log_labels *labels, const struct model *model)
{
	const size_t count = reference_network_count(model);
	const struct model_query_log *log = &model->query_log;
	const char *location = given_or(&log->location, default_location);

	labels->networks =
	    arena_calloc(&labels->arena, count + 1, sizeof(*labels->networks));
	if (labels->networks == NULL)
		return;
	for (size_t i = 0; i < count; i++) {
		const struct model_network *network =
		    reference_network_at(model, i);
		struct query_log_network *out = &labels->networks[i];

		out->name =
		    arena_strdup(&labels->arena, given_or(&network->name, ""));
		make_network(out, &labels->arena, project_of(model, network),
		    given_or(&network->region, location));
		if (out->name == NULL)
			return;
	}
	labels->network_count = count;
	qsort(labels->networks, count, sizeof(*labels->networks),
	    compare_networks);
	labels->networks[count].name = "";
	make_network(&labels->networks[count], &labels->arena,
	    given_or(&log->project_id, default_project), location);
}

/*
 * A number as Cloud Logging shows it, which goes through a double on the way:
 * the fewest digits that mean the same double, then zeros.
 */
static void
put_rounded(struct line *line, uint64_t id)
{
	const double value = (double)id;
	char text[ID_TEXT + DOUBLE_DIGITS];
	long zeros = 1;
	int digits = 0;
	char *at = text;

	do {
		snprintf(text, sizeof(text), "%.*e", digits++, value);
	} while (digits < DOUBLE_DIGITS && strtod(text, NULL) != value);
	for (; *at != 'e'; at++) {
		if (*at == '.')
			continue;
		line_octets(line, at, 1);
		zeros--;
	}
	for (zeros += strtol(at + 1, NULL, 10); zeros > 0; zeros--)
		line_put(line, "0");
}

static const char *
vm_members(struct query_log_labels *labels, const struct model *model,
    const struct model_instance *vm, const struct model_network *network)
{
	const char *project =
	    given_or(&vm->project, project_of(model, network));
	const uint64_t number = model->query_log.project_number != 0
	    ? model->query_log.project_number
	    : made_up(&project_numbers, project);
	char text[TEXT_SIZE];
	char name[TEXT_SIZE];
	struct line line = line_in(text, sizeof(text));
	uint64_t id = vm->id;

	snprintf(name, sizeof(name), "%s/%s/%s", project,
	    given_or(&vm->zone, ""), given_or(&vm->name, ""));
	if (id == 0)
		id = made_up(&instance_ids, name);
	line_put(&line, ",\"vmInstanceId\":");
	put_rounded(&line, id);
	line_put(&line, ",\"vmInstanceIdString\":\"");
	line_number(&line, id);
	snprintf(name, sizeof(name), "%" PRIu64 ".%s", number,
	    given_or(&vm->name, ""));
	put_member(&line, "\",\"vmInstanceName\":", name);
	put_member(&line, ",\"vmProjectId\":", project);
	put_member(&line, ",\"vmZoneName\":", given_or(&vm->zone, ""));
	return keep(&labels->arena, &line);
}

static int
compare_vms(const void *a, const void *b)
{
	const struct query_log_vm *left = a;
	const struct query_log_vm *right = b;
	const int order = strcmp(left->network, right->network);

	return order != 0 ? order : addr_compare(&left->addr, &right->addr);
}

static void
add_vm(struct query_log_labels *labels, const struct query_log_vm *vm,
    const struct model_addr *addr)
{
	struct query_log_vm *out;

	if (addr->addr.len == 0)
		return;
	out = &labels->vms[labels->vm_count++];
	*out = *vm;
	out->addr = addr->addr;
	addr_set_port(&out->addr, 0);
}

static void
make_vms(struct query_log_labels *labels, const struct model *model)
{
	const struct model_instance *vms = model->instances.items;
	const size_t count = model->instances.count;

	labels->vms = arena_calloc(&labels->arena, ADDRESSES * count,
	    sizeof(*labels->vms));
	for (size_t i = 0; i < count && !labels->arena.full; i++) {
		const struct model_network *network =
		    reference_network(model, &vms[i].network);
		struct query_log_vm vm = {.network = NULL};

		if (network == NULL)
			continue;
		vm.network =
		    arena_strdup(&labels->arena, given_or(&network->name, ""));
		vm.members = vm_members(labels, model, &vms[i], network);
		if (labels->arena.full)
			return;
		add_vm(labels, &vm, &vms[i].network_ip);
		add_vm(labels, &vm, &vms[i].ipv6_address);
	}
	qsort(labels->vms, labels->vm_count, sizeof(*labels->vms), compare_vms);
}

bool
query_log_labels_make(struct query_log_labels *labels,
    const struct model *model)
{
	*labels = (struct query_log_labels){.vm_count = 0};
	arena_init_heap(&labels->arena, LABELS_BLOCK);
	make_networks(labels, model);
	make_vms(labels, model);
	if (!labels->arena.full)
		return true;
	query_log_labels_free(labels);
	return false;
}

void
query_log_labels_free(struct query_log_labels *labels)
{
	arena_fini(&labels->arena);
	*labels = (struct query_log_labels){.vm_count = 0};
}

const struct query_log_network *
query_log_labels_network(const struct query_log_labels *labels,
    const char *name)
{
	const struct query_log_network key = {.name = name};
	const struct query_log_network *found = bsearch(&key, labels->networks,
	    labels->network_count, sizeof(key), compare_networks);

	return found != NULL ? found : &labels->networks[labels->network_count];
}

const char *
query_log_labels_vm(const struct query_log_labels *labels, const char *network,
    const struct addr *addr)
{
	struct query_log_vm key = {.network = network, .addr = *addr};
	const struct query_log_vm *found;

	if (labels->vm_count == 0)
		return "";
	addr_set_port(&key.addr, 0);
	found = bsearch(&key, labels->vms, labels->vm_count, sizeof(key),
	    compare_vms);
	return found == NULL ? "" : found->members;
}
