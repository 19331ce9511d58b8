#include "ctl/setup_report.h"

#include <stdio.h>

#include "base/json_writer.h"
#include "ctl/command.h"
#include "ctl/setup_run.h"

/* How each result is told, and what the command ends with. */
static const struct {
	const char *word;
	const char *sentence; /* NULL: the fault alone says it */
	int status;
} results[] = {
    [SETUP_PLANNED] = {"planned", "nothing was done (--dry-run)", COMMAND_OK},
    [SETUP_DONE] = {"done",
	"this machine uses resolverd; 'resolverctl setup --undo' takes it back",
	COMMAND_OK},
    [SETUP_ALREADY] = {"already", "this machine is set up so already",
	COMMAND_OK},
    [SETUP_TAKEN_BACK] = {"taken-back", "everything is as it was before setup",
	COMMAND_FOUND},
    [SETUP_UNDONE] = {"undone", "everything is as it was before setup",
	COMMAND_OK},
    [SETUP_FAILED] = {"failed", NULL, COMMAND_ERROR},
};

void
setup_report_plan(const struct setup_report *report)
{
	const struct setup_survey *survey = report->survey;
	const struct setup_plan *plan = report->plan;
	char command[SETUP_RUN_COMMAND];

	if (report->json)
		return;
	printf("/etc/resolv.conf was made by %s; resolverd is set up by way of "
	       "%s\n",
	    resolv_owner_text(survey->owner),
	    setup_survey_manager_text(survey->manager));
	setup_network_print(&survey->network, stdout);
	setup_plan_print(plan, stdout);
	if (plan->action != NULL)
		printf("then: %s\n", setup_run_command(plan->action, command));
	for (size_t i = 0; i < plan->note_count; i++)
		printf("note: %s\n", plan->notes[i]);
	fflush(stdout);
}

static const char *
step_word(const struct setup_step *step)
{
	switch (step->was.kind) {
	case SETUP_ABSENT:
		return "create";
	case SETUP_LINK:
		return "replace-link";
	case SETUP_FILE:
	case SETUP_STRANGE:
		break;
	}
	return "change";
}

static void
write_plan(const struct setup_plan *plan, struct json_writer *writer)
{
	char command[SETUP_RUN_COMMAND];

	json_writer_array(writer, "files");
	for (size_t i = 0; i < plan->count; i++) {
		const struct setup_step *step = &plan->steps[i];
		char path[SETUP_NOTE];

		snprintf(path, sizeof(path), "/%s", step->path);
		json_writer_object(writer, NULL);
		json_writer_text(writer, "path", path);
		json_writer_text(writer, "action", step_word(step));
		json_writer_text(writer, "content", step->becomes.content);
		json_writer_end(writer);
	}
	json_writer_end(writer);
	json_writer_text(writer, "command",
	    plan->action == NULL ? NULL
				 : setup_run_command(plan->action, command));
	json_writer_array(writer, "notes");
	for (size_t i = 0; i < plan->note_count; i++)
		json_writer_text(writer, NULL, plan->notes[i]);
	json_writer_end(writer);
}

static void
write_report(const struct setup_report *report)
{
	struct json_writer writer;
	char address[ADDR_TEXT];

	json_writer_init(&writer, stdout);
	json_writer_object(&writer, NULL);
	json_writer_text(&writer, "result", results[report->result].word);
	json_writer_text(&writer, "message",
	    report->fault != NULL ? report->fault
				  : results[report->result].sentence);
	json_writer_text(&writer, "address",
	    addr_format(&report->wish->address, address));
	if (report->docker != NULL)
		json_writer_text(&writer, "docker", report->docker);
	if (report->changed != NULL)
		json_writer_text(&writer, "changed", report->changed);
	if (report->survey != NULL) {
		json_writer_text(&writer, "owner",
		    resolv_owner_word(report->survey->owner));
		json_writer_text(&writer, "manager",
		    setup_survey_manager_text(report->survey->manager));
		setup_network_write(&report->survey->network, &writer);
	}
	if (report->plan != NULL)
		write_plan(report->plan, &writer);
	json_writer_end(&writer);
}

int
setup_report_end(const struct setup_report *report)
{
	const int status = results[report->result].status;
	FILE *out = status == COMMAND_OK ? stdout : stderr;

	if (report->json) {
		write_report(report);
		return status;
	}
	if (report->fault != NULL)
		fprintf(out, "resolverctl setup: %s\n", report->fault);
	if (results[report->result].sentence != NULL)
		fprintf(out, "%s\n", results[report->result].sentence);
	return status;
}
