#include "ctl/reload.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "config/load.h"
#include "core/server.h"
#include "ctl/discovery.h"
#include "ctl/networks.h"
#include "ctl/notify.h"
#include "ctl/serving.h"
#include "ctl/startup.h"
#include "io/clock.h"
#include "model/upstream_list.h"

enum { NETWORKS = 64 };

/* Who is served, beside this host itself, when nobody said. */
static void
reload_find_networks(struct model *model)
{
	struct prefix *prefixes =
	    arena_calloc(&model->arena, NETWORKS, sizeof(*prefixes));

	if (prefixes == NULL)
		return;
	model->host_networks.items = prefixes;
	model->host_networks.count = networks_prefixes(prefixes, NETWORKS);
}

void
reload_complete(struct model *model, struct discovery *discovery)
{
	model->loaded_at = clock_now();
	discovery_find(discovery, model);
	discovery_tell(discovery, model);
	reload_find_networks(model);
}

/* Logs every line that diag_print would show a person. */
static void
reload_log_diag(const struct diag *diag)
{
	char *text = NULL;
	size_t len = 0;
	FILE *file = open_memstream(&text, &len);
	char *rest;
	char *line;

	if (file == NULL)
		return;
	diag_print(diag, file);
	fclose(file);
	rest = text;
	while ((line = strsep(&rest, "\n")) != NULL) {
		if (line[0] != '\0')
			(diag->errors > 0 ? log_error : log_warn)("%s", line);
	}
	free(text);
}

static void
reload_report(const struct model *model, uint64_t started_at)
{
	char summary[RELOAD_SUMMARY];

	log_info("reload: %s; %" PRIu64 " ms", reload_summary(model, summary),
	    (clock_now() - started_at) / (CLOCK_SECOND / 1000));
}

/* Serves the configuration as it is now; false: all went to the log. */
static bool
reload_serve(struct serving *serving, const struct arguments *arguments,
    struct model *model, struct diag *diag)
{
	if (!load_model(arguments->config, &arguments->overrides, model, diag))
		return false;
	reload_complete(model, &serving->discovery);
	return serving_replace(serving, model, diag);
}

static bool
reload_try(struct serving *serving, const struct arguments *arguments,
    const struct model *started, FILE *report)
{
	const uint64_t started_at = clock_now();
	struct model *model = malloc(sizeof(*model));
	struct diag diag;
	bool served;

	if (model == NULL) {
		log_error("reload: out of memory");
		return false;
	}
	diag_init(&diag);
	served = reload_serve(serving, arguments, model, &diag);
	reload_log_diag(&diag);
	if (report != NULL)
		diag_print(&diag, report);
	if (served) {
		startup_compare(started, model);
		reload_report(model, started_at);
	} else {
		log_error("reload: %zu error%s; the running configuration is "
			  "unchanged",
		    diag.errors, diag.errors == 1 ? "" : "s");
		model_fini(model);
		free(model);
	}
	diag_fini(&diag);
	return served;
}

bool
reload_run(struct serving *serving, const struct arguments *arguments,
    const struct model *started, FILE *report)
{
	bool served;

	notify_reloading();
	served = reload_try(serving, arguments, started, report);
	notify_ready("serving");
	return served;
}

const char *
reload_mode_text(enum mode mode)
{
	static const char *const modes[] = {
	    [MODE_RESTRICTED] = "restricted",
	    [MODE_PRIVATE] = "private",
	    [MODE_PSC] = "psc",
	    [MODE_OFF] = "off",
	};

	return modes[mode];
}

static void
summary_mode(const struct model *model, FILE *out)
{
	char addr[ADDR_TEXT];

	fprintf(out, "mode %s", reload_mode_text(model->mode));
	if (model->mode == MODE_PSC) {
		fprintf(out, " (%s)",
		    addr_format_host(&model->psc_address.addr, addr));
	}
}

static void
summary_servers(const struct model *model, FILE *out)
{
	struct model_server servers[UPSTREAM_SERVERS];
	const size_t count = upstream_list_expand(model, servers);

	if (count == 0)
		fputs("; no upstream server", out);
	for (size_t i = 0; i < count; i++) {
		char text[SERVER_TEXT];

		fprintf(out, "%s%s", i == 0 ? "; forwarding to " : ", ",
		    server_format(&servers[i].server, text));
	}
}

const char *
reload_summary(const struct model *model, char buf[RELOAD_SUMMARY])
{
	FILE *out = fmemopen(buf, RELOAD_SUMMARY, "w");

	buf[0] = '\0';
	if (out == NULL)
		return buf;
	summary_mode(model, out);
	summary_servers(model, out);
	fclose(out);
	buf[RELOAD_SUMMARY - 1] = '\0';
	return buf;
}
