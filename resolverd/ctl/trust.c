#include "ctl/trust.h"

#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

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

/* The file's path; a relative one begins beside the configuration. */
static const char *
trust_path(const struct model_text *file, char buf[PATH_MAX])
{
	const char *slash =
	    file->mark.file == NULL ? NULL : strrchr(file->mark.file, '/');

	if (file->text == NULL || file->text[0] == '/' || slash == NULL)
		return file->text;
	snprintf(buf, PATH_MAX, "%.*s/%s", (int)(slash - file->mark.file),
	    file->mark.file, file->text);
	return buf;
}

bool
trust_read(const struct model *model, struct tls **tls, struct diag *diag)
{
	const struct model_text *file = &model->tls_ca_file;
	const struct model_server *server = trust_server(model);
	char path[PATH_MAX];
	char why[TLS_WHY];

	*tls = NULL;
	if (server == NULL && file->text == NULL)
		return true;
	*tls = tls_new(trust_path(file, path), why);
	if (*tls == NULL && file->text != NULL) {
		return diag_error(diag, file->mark,
		    "tls_ca_file: no certificates can be read from %s: %s",
		    trust_path(file, path), why);
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
