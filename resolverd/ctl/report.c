#include "ctl/report.h"

#include "base/diag.h"
#include "base/json_writer.h"

static void
write_entry(void *context, const struct diag_entry *entry)
{
	struct json_writer *writer = context;
	const struct mark *mark = &entry->mark;

	json_writer_object(writer, NULL);
	json_writer_text(writer, "severity",
	    diag_severity_text(entry->severity));
	if (mark->file != NULL)
		json_writer_text(writer, "file", mark->file);
	if (mark->file != NULL && mark->line != 0)
		json_writer_number(writer, "line", mark->line);
	if (mark->file != NULL && mark->line != 0 && mark->column != 0)
		json_writer_number(writer, "column", mark->column);
	json_writer_text(writer, "text", entry->text);
	json_writer_end(writer);
}

void
report_write(const struct diag *diag, struct json_writer *writer)
{
	json_writer_number(writer, "errors", diag->errors);
	json_writer_number(writer, "warnings", diag->warnings);
	json_writer_array(writer, "messages");
	diag_each(diag, write_entry, writer);
	json_writer_end(writer);
}
