#include "config/import.h"

#include <stdlib.h>
#include <string.h>

#include "config/import_file.h"
#include "config/import_gather.h"
#include "config/import_join.h"
#include "config/import_network.h"
#include "config/import_stage.h"
#include "config/import_tree.h"
#include "model/check.h"

enum { SCRATCH_BLOCK = 64 * 1024 };

static void
import_init(struct import *import, struct model *model, struct diag *diag)
{
	*import = (struct import){.arena = &model->arena, .diag = diag};
	arena_init_heap(&import->scratch, SCRATCH_BLOCK);
}

static void
import_fini(struct import *import)
{
	import_stage_list_free(&import->zones);
	import_stage_list_free(&import->response_policies);
	import_stage_list_free(&import->policies);
	import_stage_list_free(&import->record_sets);
	import_stage_list_free(&import->rules);
	arena_fini(&import->scratch);
}

static bool
out_of_memory(const struct import *import)
{
	return import->arena->full || import->scratch.full;
}

/* For a configuration. */

/* Record sets and rules may be meant for what the configuration has. */

static void
offer_zone(struct import *import, struct model_zone *own)
{
	struct import_zone *zone;

	if (own->name.text == NULL)
		return; /* the check has complained, or will */
	zone = import_stage_list_add(&import->zones, sizeof(*zone));
	if (zone == NULL) {
		import->arena->full = true;
		return;
	}
	zone->of.mark = own->mark;
	zone->of.name = own->name.text;
	zone->zone = *own;
	zone->own = own;
}

static void
offer_policy(struct import *import, struct model_response_policy *own)
{
	struct import_response_policy *policy;

	if (own->name.text == NULL)
		return;
	policy =
	    import_stage_list_add(&import->response_policies, sizeof(*policy));
	if (policy == NULL) {
		import->arena->full = true;
		return;
	}
	policy->of.mark = own->mark;
	policy->of.name = own->name.text;
	policy->policy = *own;
	policy->own = own;
}

static void
offer_own(struct import *import, const struct model *model)
{
	struct model_zone *zones = model->zones.items;
	struct model_response_policy *policies = model->response_policies.items;

	for (size_t i = 0; i < model->zones.count; i++)
		offer_zone(import, &zones[i]);
	for (size_t i = 0; i < model->response_policies.count; i++)
		offer_policy(import, &policies[i]);
}

static const char *
path_beside(struct arena *arena, const char *config_path, const char *path)
{
	const char *slash = strrchr(config_path, '/');

	if (path[0] == '/' || slash == NULL)
		return path;
	return arena_printf(arena, "%.*s/%s", (int)(slash - config_path),
	    config_path, path);
}

static void
read_named(struct import *import, const char *config_path,
    const struct model_text *name, const char *policy)
{
	const char *path = path_beside(import->arena, config_path, name->text);

	if (path == NULL)
		return;
	import_file_read(import,
	    &(struct import_file){
		.path = path,
		.mark = name->mark,
		.use = policy == NULL ? IMPORT_FILE_ANY : IMPORT_FILE_RULES,
		.policy = policy,
	    });
}

static void
read_all(struct import *import, const struct model *model,
    const char *config_path)
{
	const struct model_text *files = model->resource_files.items;
	const struct model_response_policy *policies =
	    model->response_policies.items;

	for (size_t i = 0; i < model->resource_files.count; i++)
		read_named(import, config_path, &files[i], NULL);
	for (size_t i = 0; i < model->response_policies.count; i++) {
		if (policies[i].rules_file.text != NULL &&
		    policies[i].name.text != NULL) {
			read_named(import, config_path, &policies[i].rules_file,
			    policies[i].name.text);
		}
	}
}

static bool
names_files(const struct model *model)
{
	const struct model_response_policy *policies =
	    model->response_policies.items;

	for (size_t i = 0; i < model->response_policies.count; i++) {
		if (policies[i].rules_file.text != NULL)
			return true;
	}
	return model->resource_files.count > 0;
}

bool
import_load(struct model *model, const char *config_path, struct diag *diag)
{
	const size_t errors = diag->errors;
	struct import_counts counts = {.zones = 0};
	struct import import;

	if (!names_files(model))
		return true;
	import_init(&import, model, diag);
	offer_own(&import, model);
	read_all(&import, model, config_path);
	import_join_members(&import);
	import_gather_model(&import, model, &counts);
	if (out_of_memory(&import))
		model->arena.full = true; /* what the loader looks at */
	import_fini(&import);
	return diag->errors == errors && !model->arena.full;
}

/* For a report. */

static void
print_count(FILE *out, size_t count, const char *one, const char *many)
{
	fprintf(out, "  %zu %s\n", count, count == 1 ? one : many);
}

static void
print_names(FILE *out, const struct model *model)
{
	const struct model_network *networks = model->networks.items;
	const struct model_cluster *clusters = model->gke_clusters.items;

	if (model->networks.count + model->gke_clusters.count == 0)
		return;
	fputs("who is in these is not known: give each its clients: or "
	      "listen:\n",
	    out);
	for (size_t i = 0; i < model->networks.count; i++)
		fprintf(out, "  network %s\n", networks[i].name.text);
	for (size_t i = 0; i < model->gke_clusters.count; i++)
		fprintf(out, "  GKE cluster %s\n", clusters[i].name.text);
}

static void
print_summary(FILE *out, const struct model *model,
    const struct import_counts *counts)
{
	fputs("taken over:\n", out);
	print_count(out, counts->zones, "zone", "zones");
	print_count(out, counts->record_sets, "record set", "record sets");
	print_count(out, counts->response_policies, "response policy",
	    "response policies");
	print_count(out, counts->rules, "rule", "rules");
	print_count(out, counts->policies, "server policy", "server policies");
	print_names(out, model);
}

/* Whether all that was taken over makes one configuration. */
static void
check_whole(struct import *import, struct model *model)
{
	const size_t warnings = import->report->warnings;

	if (out_of_memory(import)) {
		import_stage_tell(import, IMPORT_FAULT,
		    (struct mark){.file = NULL},
		    "there is no memory for what was read");
	} else {
		model_check(model, import->diag);
	}
	if (import->diag->first != NULL) {
		fputs("of the configuration that they make:\n",
		    import->report->out);
	}
	import_stage_flush(import);
	/* What hurts has been taken over all the same. */
	import->report->warnings = warnings;
}

static enum import_result
result_of(const struct import_report *report)
{
	if (report->errors > 0)
		return IMPORT_WRONG;
	return report->warnings > 0 ? IMPORT_PART : IMPORT_WHOLE;
}

enum import_result
import_paths(char *const *paths, size_t count, struct model *model,
    FILE *report)
{
	struct import_report told = {.out = report};
	struct import_counts counts = {.zones = 0};
	struct import import;
	struct diag diag;

	diag_init(&diag);
	import_init(&import, model, &diag);
	import.report = &told;
	for (size_t i = 0; i < count; i++)
		import_tree_read(&import, paths[i]);
	import_join_members(&import);
	import_gather_model(&import, model, &counts);
	import_network_declare(&import, model);
	print_summary(report, model, &counts);
	check_whole(&import, model);
	import_fini(&import);
	diag_fini(&diag);
	return result_of(&told);
}
