#include "config/export_tell.h"

#include <stdarg.h>
#include <string.h>

#include "base/text.h"
#include "config/export_text.h"

enum { SENTENCE = 1024, DNS_PORT = 53 };

/* Nothing from the configuration may end the comment. */
static void
write_comment(const struct export *export, const char *text)
{
	char line[SENTENCE];

	fprintf(export->out, "%s%s\n", export->comment,
	    text_escape(text, line, sizeof(line)));
}

void
export_tell_lost(struct export *export, struct mark mark, const char *format,
    ...)
{
	char text[SENTENCE];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	diag_warning(export->diag, mark, "%s", text);
	write_comment(export, text);
}

void
export_tell_note(struct export *export, const char *format, ...)
{
	char text[SENTENCE];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	write_comment(export, text);
}

static void
tell_port(struct export *export, const struct model_target *target)
{
	const uint16_t port =
	    target->addr.len == 0 ? target->port : addr_port(&target->addr);

	if (port != 0 && port != DNS_PORT) {
		export_tell_lost(export, target->mark,
		    "Cloud DNS asks %s at port 53, not %u",
		    export_text_target(&export->arena, target), port);
	}
}

void
export_tell_zone(struct export *export, const struct export_zone *zone)
{
	const struct model_target *const targets = zone->zone->targets.items;
	const struct model_text *const own = &zone->zone->name;

	if (own->text != NULL && strcmp(own->text, zone->name) != 0) {
		export_tell_lost(export, own->mark,
		    "zone %s is called %s, as Cloud DNS takes no other name "
		    "for it",
		    own->text, zone->name);
	}
	for (size_t i = 0; i < zone->zone->targets.count; i++)
		tell_port(export, &targets[i]);
}

void
export_tell_policy(struct export *export, const struct export_policy *policy)
{
	const struct model_target *const targets =
	    policy->policy->targets.items;

	for (size_t i = 0; i < policy->policy->targets.count; i++) {
		tell_port(export, &targets[i]);
		if (targets[i].addr.len == 0) {
			export_tell_lost(export, targets[i].mark,
			    "policy %s is without the name server %s: Cloud "
			    "DNS takes only addresses there",
			    policy->name,
			    export_text_target(&export->arena, &targets[i]));
		}
	}
}

void
export_tell_refused(struct export *export, const struct export_zone *zone,
    const struct model_record_set *set)
{
	export_tell_lost(export, set->mark,
	    "the %s records of zone %s are left out: Cloud DNS keeps its own",
	    export_text_type(&export->arena, set->type), zone->name);
}

static void
tell_instances(struct export *export)
{
	const struct model_instance *const vms = export->model->instances.items;

	for (size_t i = 0; i < export->model->instances.count; i++) {
		export_tell_lost(export, vms[i].mark,
		    "instance %s is left out: Compute Engine names its VMs "
		    "itself",
		    vms[i].name.text);
	}
}

static void
tell_endpoints(struct export *export)
{
	const struct model_psc_endpoint *const endpoints =
	    export->model->psc_endpoints.items;

	for (size_t i = 0; i < export->model->psc_endpoints.count; i++) {
		export_tell_lost(export, endpoints[i].mark,
		    "endpoint %s is left out: who makes it in Private Service "
		    "Connect gets its names at p.googleapis.com too",
		    endpoints[i].name.text);
	}
}

static void
tell_entry_points(struct export *export, const struct model_list *points)
{
	const struct model_addr *const addrs = points->items;

	for (size_t i = 0; i < points->count; i++) {
		export_tell_lost(export, addrs[i].mark,
		    "entry point %s is left out: Cloud DNS chooses an address "
		    "in each subnet",
		    export_text_host(&export->arena, &addrs[i].addr));
	}
}

/* How much there is that no resource stands for. */
static size_t
count_rest(const struct model *model)
{
	const struct model_network *const networks = model->networks.items;
	size_t count = model->instances.count + model->psc_endpoints.count +
	    model->inbound_entry_points.count;

	for (size_t i = 0; i < model->networks.count; i++)
		count += networks[i].inbound_entry_points.count;
	return count + (model->mode == MODE_PSC ? 1 : 0);
}

void
export_tell_rest(struct export *export)
{
	const struct model *const model = export->model;
	const struct model_network *const networks = model->networks.items;

	if (export->options.zone != NULL || count_rest(model) == 0)
		return;
	fputc('\n', export->out);
	tell_instances(export);
	tell_endpoints(export);
	tell_entry_points(export, &model->inbound_entry_points);
	for (size_t i = 0; i < model->networks.count; i++)
		tell_entry_points(export, &networks[i].inbound_entry_points);
	if (model->mode == MODE_PSC) {
		export_tell_note(export,
		    "the endpoint %s must be there in Private Service Connect",
		    export_text_host(&export->arena, &model->psc_address.addr));
	}
}
