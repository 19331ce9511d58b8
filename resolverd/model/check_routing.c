#include "model/check_routing.h"

#include <string.h>

#include "dns/message.h"
#include "dns/rdata.h"
#include "model/check_form.h"
#include "model/check_zone.h"

/* Where clients are answered by the addresses themselves. */
static bool
is_address_type(uint16_t type)
{
	return type == TYPE_A || type == TYPE_AAAA;
}

static bool
check_checked(const struct model_list *list, uint16_t type, struct diag *diag)
{
	const struct model_health_target *targets = list->items;
	const int family = type == TYPE_A ? AF_INET : AF_INET6;
	char text[RDATA_TYPE_TEXT];

	if (list->count == 0)
		return true;
	if (!is_address_type(type)) {
		return diag_error(diag, targets[0].mark,
		    "only A and AAAA have health-checked targets, not %s",
		    rdata_type_to_text(type, text));
	}
	for (size_t i = 0; i < list->count; i++) {
		if (targets[i].addr.len == 0 ||
		    targets[i].addr.u.any.sa_family == family)
			continue;
		return diag_error(diag, targets[i].mark,
		    "the answer is of type %s: ip_address must be an %s "
		    "address",
		    rdata_type_to_text(type, text),
		    type == TYPE_A ? "IPv4" : "IPv6");
	}
	return true;
}

static bool
check_item(const struct model_record_set *set,
    const struct model_routing_item *item, struct diag *diag)
{
	const struct model_record_set values = {
	    .mark = item->mark,
	    .name = set->name,
	    .type = set->type,
	    .rdata = item->rdata,
	    .rdata_count = item->rdata_count,
	};
	bool good = check_checked(&item->checked, set->type, diag);

	if (set->type == TYPE_CNAME && item->rdata_count > 1) {
		good = diag_error(diag, item->mark,
		    "a CNAME has exactly one value, in each item too");
	}
	if (!check_form_region(&item->location, "location", diag))
		good = false;
	return check_zone_values(&values, diag) && good;
}

static bool
same_location(const struct model_routing_item *a,
    const struct model_routing_item *b)
{
	return a->location.text != NULL && b->location.text != NULL &&
	    strcmp(a->location.text, b->location.text) == 0;
}

/* There are 100 items at most. */
static bool
check_locations(const struct model_routing *routing, struct diag *diag)
{
	const struct model_routing_item *items = routing->items.items;
	bool good = true;

	for (size_t i = 1; i < routing->items.count; i++) {
		for (size_t j = 0; j < i; j++) {
			if (!same_location(&items[i], &items[j]))
				continue;
			good = diag_error(diag, items[i].location.mark,
			    "a second item for location %s",
			    items[i].location.text);
			diag_note(diag, items[j].location.mark,
			    "the first one is here");
			break;
		}
	}
	return good;
}

bool
check_routing_policy(const struct model_record_set *set, struct diag *diag)
{
	const struct model_routing *routing = set->routing;
	const struct model_routing_item *items;
	char text[RDATA_TYPE_TEXT];
	bool good;

	if (routing == NULL)
		return true;
	if (set->type == TYPE_SOA || set->type == TYPE_NS) {
		return diag_error(diag, routing->mark,
		    "a set of type %s cannot have a routing policy",
		    rdata_type_to_text(set->type, text));
	}
	items = routing->items.items;
	good = check_checked(&routing->primary, set->type, diag);
	for (size_t i = 0; i < routing->items.count; i++) {
		if (!check_item(set, &items[i], diag))
			good = false;
	}
	return check_locations(routing, diag) && good;
}
