#include "ctl/trust.h"

#include <stddef.h>

#include "model/compile.h"

/* The first server that is asked over TLS; NULL: none is. */
static const struct model_server *
trust_server(const struct model *model)
{
	const struct model_server *servers = model->upstreams.items;

	for (size_t i = 0; i < model->upstreams.count; i++) {
		if (servers[i].server.carrier == CARRIER_TLS)
			return &servers[i];
	}
	return NULL;
}

bool
trust_read(const struct model *model, struct tls **tls, struct diag *diag)
{
	const struct model_text *file = &model->tls_ca_file;
	const struct model_server *server = trust_server(model);
	char why[TLS_WHY];

	*tls = NULL;
	if (server == NULL && file->text == NULL)
		return true;
	*tls = tls_new(file->text, why);
	if (*tls == NULL && file->text != NULL) {
		return diag_error(diag, file->mark,
		    "tls_ca_file: %s: no certificates can be read from it: %s",
		    file->text, why);
	}
	if (*tls == NULL)
		return diag_error(diag, server->mark, "TLS: %s", why);
	/* It was only to be tried. */
	if (server == NULL) {
		tls_drop(*tls);
		*tls = NULL;
	}
	return true;
}

struct snapshot *
trust_compile(const struct model *model, const struct hash_key *key,
    struct tls *tls, struct diag *diag)
{
	struct snapshot *snapshot = compile_snapshot(model, key, diag);

	if (snapshot != NULL)
		snapshot->tls = tls_hold(tls);
	return snapshot;
}
