#include "ctl/reload.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/diag.h"
#include "base/log.h"
#include "config/load.h"
#include "core/server.h"
#include "ctl/arguments.h"
#include "ctl/discovery.h"
#include "ctl/networks.h"
#include "ctl/notify.h"
#include "ctl/report.h"
#include "ctl/serving.h"
#include "ctl/standing.h"
#include "ctl/startup.h"
#include "io/clock.h"
#include "model/upstream_list.h"

enum { NETWORKS = 64, MARK = 1100 };

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

/* By severity: how a complaint is logged, which says the severity itself. */
static void
log_entry(void *context, const struct diag_entry *entry)
{
	char mark[MARK];
	const char *colon = entry->mark.file == NULL ? "" : ": ";

	(void)context;
	diag_mark_text(&entry->mark, mark, sizeof(mark));
	switch (entry->severity) {
	case DIAG_ERROR:
		log_error("%s%s%s", mark, colon, entry->text);
		return;
	case DIAG_WARNING:
		log_warn("%s%s%s", mark, colon, entry->text);
		return;
	case DIAG_NOTE:
		log_info("%s%snote: %s", mark, colon, entry->text);
		return;
	}
}

static void
reload_report(const struct model *model, uint64_t started_at)
{
	char summary[RELOAD_SUMMARY];

	log_info("reload: %s; %" PRIu64 " ms", reload_summary(model, summary),
	    (clock_now() - started_at) / (CLOCK_SECOND / 1000));
}

/* Serves the configuration as it is now; false: all is in diag. */
static bool
reload_serve(struct standing *standing, struct model *model, struct diag *diag)
{
	const struct arguments *arguments = standing->arguments;
	struct mode_choice configured;

	if (!load_model(arguments->config, &arguments->overrides, model, diag))
		return false;
	reload_complete(model, &standing->serving->discovery);
	configured = mode_of(model);
	standing_instruct(standing, model);
	if (!serving_replace(standing->serving, model, diag))
		return false;
	standing->configured = configured;
	return true;
}

/* What became of it, for later. */
static void
reload_note(struct standing_reload *reload, const struct diag *diag,
    bool served)
{
	reload->at = time(NULL);
	reload->good = served;
	reload->errors = diag->errors;
	reload->count++;
	if (!served)
		reload->failed++;
}

static bool
reload_try(struct standing *standing, struct json_writer *report)
{
	const uint64_t started_at = clock_now();
	struct model *model = malloc(sizeof(*model));
	struct diag diag;
	bool served;

	diag_init(&diag);
	served = model != NULL && reload_serve(standing, model, &diag);
	reload_note(&standing->reload, &diag, served);
	diag_each(&diag, log_entry, NULL);
	if (report != NULL)
		report_write(&diag, report);
	if (served) {
		startup_compare(standing->started, model);
		reload_report(model, started_at);
	} else if (model != NULL) {
		log_error("reload: %zu error%s; the running configuration is "
			  "unchanged",
		    diag.errors, diag.errors == 1 ? "" : "s");
		model_fini(model);
		free(model);
	} else {
		log_error("reload: out of memory");
	}
	diag_fini(&diag);
	return served;
}

bool
reload_run(struct standing *standing, struct json_writer *report)
{
	char line[STANDING_TEXT];
	bool served;

	notify_reloading();
	served = reload_try(standing, report);
	notify_ready(standing_line(standing, line));
	return served;
}

static void
summary_mode(const struct model *model, FILE *out)
{
	const struct mode_choice choice = mode_of(model);
	char mode[MODE_TEXT];

	fprintf(out, "mode %s", mode_text(&choice, mode));
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
