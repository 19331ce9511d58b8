#include "config/export_terraform_routing.h"

#include "config/export_tell.h"
#include "config/export_text.h"

enum { DEPTH_POLICY = 1, DEPTH_BLOCK, DEPTH_INNER };

/* What every block of one policy is written with. */
struct routing {
	struct export *export;
	const struct export_hcl *hcl;
	const struct model_record_set *set;
};

static void
put_balancer(const struct routing *routing, unsigned depth,
    const struct model_health_target *target)
{
	const struct export_hcl *const hcl = routing->hcl;
	const char *const host = export_text_host(hcl->arena, &target->addr);
	const char *const project = target->project.text;
	const char *const port =
	    export_hcl_number(hcl, addr_port(&target->addr));
	const struct export_hcl_argument list[] = {
	    {"load_balancer_type",
		export_hcl_text(hcl, target->load_balancer_type.text)},
	    {"ip_address", export_hcl_text(hcl, host)},
	    {"port", export_hcl_text(hcl, port)},
	    {"ip_protocol", target->udp ? "\"udp\"" : "\"tcp\""},
	    {"network_url", export_hcl_text(hcl, target->network_url.text)},
	    {"project",
		project == NULL ? "var.project"
				: export_hcl_text(hcl, project)},
	    {"region", export_hcl_text(hcl, target->region.text)},
	};

	if (target->network_url.text == NULL) {
		export_hcl_indent(hcl, depth);
		export_tell_lost(routing->export, target->mark,
		    "the load balancer at %s lacks a network_url, which "
		    "Terraform's provider asks for",
		    host);
	}
	export_hcl_open(hcl, depth, "internal_load_balancers");
	export_hcl_arguments(hcl, depth + 1, list,
	    sizeof(list) / sizeof(list[0]));
	export_hcl_close(hcl, depth);
}

static void
put_balancers(const struct routing *routing, unsigned depth, const char *head,
    const struct model_list *list)
{
	const struct model_health_target *const targets = list->items;

	if (list->count == 0)
		return;
	fputc('\n', routing->hcl->out);
	export_hcl_open(routing->hcl, depth, head);
	for (size_t i = 0; i < list->count; i++)
		put_balancer(routing, depth + 1, &targets[i]);
	export_hcl_close(routing->hcl, depth);
}

static struct export_hcl_argument
item_key(const struct routing *routing, const struct model_routing_item *item)
{
	if (routing->set->routing->kind == ROUTING_WRR) {
		return (struct export_hcl_argument){"weight",
		    export_text_ratio(routing->hcl->arena, item->weight)};
	}
	return (struct export_hcl_argument){"location",
	    export_hcl_text(routing->hcl, item->location.text)};
}

static void
put_items(const struct routing *routing, unsigned depth, const char *head)
{
	const struct export_hcl *const hcl = routing->hcl;
	const struct model_list *const list = &routing->set->routing->items;
	const struct model_routing_item *const items = list->items;

	for (size_t i = 0; i < list->count; i++) {
		const struct export_hcl_argument arguments[] = {
		    item_key(routing, &items[i]),
		    {"rrdatas",
			export_hcl_data(hcl, routing->set->type, items[i].rdata,
			    items[i].rdata_count)},
		};

		export_hcl_open(hcl, depth, head);
		export_hcl_arguments(hcl, depth + 1, arguments, 2);
		put_balancers(routing, depth + 1, "health_checked_targets",
		    &items[i].checked);
		export_hcl_close(hcl, depth);
	}
}

static void
put_failover(const struct routing *routing)
{
	const struct export_hcl *const hcl = routing->hcl;
	const struct model_routing *const own = routing->set->routing;
	const struct export_hcl_argument arguments[] = {
	    {"trickle_ratio",
		own->trickle == 0
		    ? NULL
		    : export_text_ratio(hcl->arena, own->trickle)},
	    {"enable_geo_fencing_for_backups", own->fencing ? "true" : NULL},
	};

	export_hcl_open(hcl, DEPTH_BLOCK, "primary_backup");
	export_hcl_arguments(hcl, DEPTH_INNER, arguments, 2);
	put_balancers(routing, DEPTH_INNER, "primary", &own->primary);
	put_items(routing, DEPTH_INNER, "backup_geo");
	export_hcl_close(hcl, DEPTH_BLOCK);
}

static void
put_geo(const struct routing *routing)
{
	if (routing->set->routing->fencing) {
		export_hcl_arguments(routing->hcl, DEPTH_BLOCK,
		    &(struct export_hcl_argument){"enable_geo_fencing", "true"},
		    1);
		fputc('\n', routing->hcl->out);
	}
	put_items(routing, DEPTH_BLOCK, "geo");
}

void
export_terraform_routing_write(struct export *export,
    const struct export_hcl *hcl, const struct model_record_set *set)
{
	const struct routing routing = {export, hcl, set};

	fputc('\n', hcl->out);
	export_hcl_open(hcl, DEPTH_POLICY, "routing_policy");
	switch (set->routing->kind) {
	case ROUTING_WRR:
		put_items(&routing, DEPTH_BLOCK, "wrr");
		break;
	case ROUTING_GEO:
		put_geo(&routing);
		break;
	case ROUTING_FAILOVER:
		put_failover(&routing);
		break;
	}
	export_hcl_close(hcl, DEPTH_POLICY);
}
