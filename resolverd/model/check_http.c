#include "model/check_http.h"

#include "base/addr.h"
#include "base/diag.h"
#include "model/model.h"

void
check_http(const struct model *model, struct diag *diag)
{
	const struct model_addr *addrs = model->http_listen.items;

	for (size_t i = 0; i < model->http_listen.count; i++) {
		char text[ADDR_TEXT];

		if (addrs[i].addr.len == 0 || addr_is_loopback(&addrs[i].addr))
			continue;
		diag_warning(diag, addrs[i].mark,
		    "whoever reaches %s can read zones and queries there: "
		    "HTTP asks for no password, so let a firewall guard it",
		    addr_format(&addrs[i].addr, text));
	}
	if (model->http_hosts.count > 0 && model->http_listen.count == 0) {
		const struct model_name *names = model->http_hosts.items;

		diag_warning(diag, names[0].mark,
		    "'http_hosts' does nothing without 'http_listen'");
	}
}
