#include "model/check_target.h"

static bool
check_domain(const struct model_name *domain, struct diag *diag)
{
	if (domain->mark.file == NULL)
		return true;
	if (domain->name.labels == 0) {
		return diag_error(diag, domain->mark,
		    "domain_name '.' is the name of no server");
	}
	if (!name_is_wildcard(domain->name.wire))
		return true;
	return diag_error(diag, domain->mark,
	    "domain_name cannot begin with *: it is one server's name");
}

bool
check_target_server(const struct model_target *target, const char *what,
    struct diag *diag)
{
	struct addr metadata;
	char text[ADDR_TEXT];

	if (target->addr.len == 0)
		return check_domain(&target->domain_name, diag);
	if (addr_is_any(&target->addr)) {
		return diag_error(diag, target->mark,
		    "%s stands for any address: no server can be asked there",
		    addr_format_host(&target->addr, text));
	}
	if (!addr_parse("169.254.169.254", 0, &metadata) ||
	    !addr_same_host(&target->addr, &metadata))
		return true;
	return diag_error(diag, target->mark,
	    "169.254.169.254 cannot be %s: names of no zone go there by "
	    "upstreams",
	    what);
}
