#include "ctl/whom.h"

#include <stdio.h>

#include "config/load.h"
#include "ctl/arguments.h"
#include "ctl/option.h"
#include "model/defaults.h"
#include "model/model.h"

bool
whom_parse(const char *command, const char *text, struct addr *out)
{
	const char *const address = text[0] == '@' ? text + 1 : text;

	if (addr_parse(address, DEFAULTS_PORT, out))
		return true;
	option_complain(command,
	    "'%s' is no address such as 10.0.0.2, 10.0.0.2:5353 or "
	    "[2001:db8::1]:53",
	    address);
	return false;
}

/* Who listens everywhere is found on the loopback interface. */
static void
set_loopback(struct addr *addr)
{
	const char *const loopback =
	    addr->u.any.sa_family == AF_INET ? "127.0.0.1" : "::1";
	const uint16_t port = addr_port(addr);

	addr_parse(loopback, port, addr);
}

static void
first_listener(const struct model *model, struct addr *out)
{
	const struct model_addr *const listen = model->listen.items;

	if (model->listen.count > 0) {
		*out = listen[0].addr;
	} else {
		addr_parse(defaults_listen[0], DEFAULTS_PORT, out);
	}
	if (addr_is_any(out))
		set_loopback(out);
}

bool
whom_daemon(const char *config, struct addr *out)
{
	const char *const path =
	    config == NULL ? arguments_default_config() : config;
	const struct load_overrides none = {.mode = NULL};
	struct model model;
	struct diag diag;
	bool good;

	diag_init(&diag);
	good = load_model(path, &none, &model, &diag);
	if (good || config == NULL) {
		first_listener(&model, out);
	} else {
		diag_print(&diag, stderr);
	}
	model_fini(&model);
	diag_fini(&diag);
	return good || config == NULL;
}
