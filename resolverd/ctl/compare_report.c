#include "ctl/compare_report.h"

#include "base/json_writer.h"
#include "dns/rdata.h"

static const char marks[COMPARE_SIDES] = {
    [COMPARE_LEFT] = '<',
    [COMPARE_RIGHT] = '>',
};

size_t
compare_report_count(const struct compare_report *report,
    enum compare_outcome outcome)
{
	size_t count = 0;

	for (size_t i = 0; i < report->count; i++)
		count += report->jobs[i].outcome == outcome;
	return count;
}

static bool
is_worth_telling(const struct compare_job *job)
{
	return job->outcome == COMPARE_DIFFERENT ||
	    job->outcome == COMPARE_UNANSWERED;
}

/* For people. */

static void
print_question(const struct question *question, FILE *out)
{
	char name[NAME_TEXT];
	char type[RDATA_TYPE_TEXT];

	fprintf(out, "%s %s", name_to_text(question->name.wire, name),
	    rdata_type_to_text(question->type, type));
}

static void
print_difference(const struct compare_difference *difference, FILE *out)
{
	fprintf(out, "  %s%s%s\n    %c %s\n    %c %s\n",
	    compare_kind_text(difference->kind),
	    difference->what[0] == '\0' ? "" : ": ", difference->what,
	    marks[COMPARE_LEFT], difference->left, marks[COMPARE_RIGHT],
	    difference->right);
}

/* What each server says of a question that one of them did not answer. */
static const char *
silence(const struct compare_job *job, enum compare_side side)
{
	return job->silence[side] == NULL ? "answered" : job->silence[side];
}

static void
print_job(const struct compare_job *job, FILE *out)
{
	putc('\n', out);
	print_question(&job->question, out);
	putc('\n', out);
	if (job->outcome == COMPARE_UNANSWERED) {
		fprintf(out, "  not compared\n    %c %s\n    %c %s\n",
		    marks[COMPARE_LEFT], silence(job, COMPARE_LEFT),
		    marks[COMPARE_RIGHT], silence(job, COMPARE_RIGHT));
		return;
	}
	for (size_t i = 0; i < job->comparison->count; i++)
		print_difference(&job->comparison->items[i], out);
}

/* ", 3 different"; nothing for none. */
static void
print_count(const struct compare_report *report, enum compare_outcome outcome,
    const char *what, FILE *out)
{
	const size_t count = compare_report_count(report, outcome);

	if (count > 0)
		fprintf(out, ", %zu %s", count, what);
}

void
compare_report_text(const struct compare_report *report, FILE *out)
{
	fprintf(out, "%c %s\n%c %s\n", marks[COMPARE_LEFT],
	    report->servers[COMPARE_LEFT], marks[COMPARE_RIGHT],
	    report->servers[COMPARE_RIGHT]);
	for (size_t i = 0; i < report->count; i++) {
		if (is_worth_telling(&report->jobs[i]))
			print_job(&report->jobs[i], out);
	}
	fprintf(out, "\n%zu question%s: %zu answered the same", report->count,
	    report->count == 1 ? "" : "s",
	    compare_report_count(report, COMPARE_SAME));
	print_count(report, COMPARE_DIFFERENT, "different", out);
	print_count(report, COMPARE_UNANSWERED, "not answered", out);
	print_count(report, COMPARE_NOT_ASKED, "not asked any more", out);
	putc('\n', out);
}

/* For scripts. */

static void
write_question(const struct question *question, struct json_writer *writer)
{
	char name[NAME_TEXT];
	char type[RDATA_TYPE_TEXT];

	json_writer_text(writer, "name",
	    name_to_text(question->name.wire, name));
	json_writer_text(writer, "type",
	    rdata_type_to_text(question->type, type));
}

static void
write_differences(const struct compare_job *job, struct json_writer *writer)
{
	json_writer_array(writer, "differences");
	for (size_t i = 0; i < job->comparison->count; i++) {
		const struct compare_difference *const item =
		    &job->comparison->items[i];

		json_writer_object(writer, NULL);
		json_writer_text(writer, "kind", compare_kind_text(item->kind));
		json_writer_text(writer, "what", item->what);
		json_writer_text(writer, "with", item->left);
		json_writer_text(writer, "against", item->right);
		json_writer_end(writer);
	}
	json_writer_end(writer);
}

static void
write_job(const struct compare_job *job, struct json_writer *writer)
{
	json_writer_object(writer, NULL);
	write_question(&job->question, writer);
	if (job->outcome == COMPARE_DIFFERENT) {
		write_differences(job, writer);
	} else {
		json_writer_object(writer, "unanswered");
		json_writer_text(writer, "with", job->silence[COMPARE_LEFT]);
		json_writer_text(writer, "against",
		    job->silence[COMPARE_RIGHT]);
		json_writer_end(writer);
	}
	json_writer_end(writer);
}

void
compare_report_json(const struct compare_report *report, FILE *out)
{
	struct json_writer writer;

	json_writer_init(&writer, out);
	json_writer_object(&writer, NULL);
	json_writer_text(&writer, "with", report->servers[COMPARE_LEFT]);
	json_writer_text(&writer, "against", report->servers[COMPARE_RIGHT]);
	json_writer_array(&writer, "questions");
	for (size_t i = 0; i < report->count; i++) {
		if (is_worth_telling(&report->jobs[i]))
			write_job(&report->jobs[i], &writer);
	}
	json_writer_end(&writer);
	json_writer_object(&writer, "summary");
	json_writer_number(&writer, "questions", report->count);
	json_writer_number(&writer, "same",
	    compare_report_count(report, COMPARE_SAME));
	json_writer_number(&writer, "different",
	    compare_report_count(report, COMPARE_DIFFERENT));
	json_writer_number(&writer, "unanswered",
	    compare_report_count(report, COMPARE_UNANSWERED));
	json_writer_number(&writer, "not_asked",
	    compare_report_count(report, COMPARE_NOT_ASKED));
	json_writer_end(&writer);
	json_writer_end(&writer);
}

/* For CI. */

/* Text that stands between tags or in quotes; all of it is ASCII. */
static void
write_xml(const char *text, FILE *out)
{
	for (; *text != '\0'; text++) {
		switch (*text) {
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		case '&':
			fputs("&amp;", out);
			break;
		case '"':
			fputs("&quot;", out);
			break;
		default:
			putc(*text >= ' ' && *text <= '~' ? *text : '?', out);
			break;
		}
	}
}

/* <failure> or <error>, with what each server said. */
static void
write_trouble(const char *tag, const char *message,
    const char *const said[COMPARE_SIDES], FILE *out)
{
	fprintf(out, "    <%s message=\"", tag);
	write_xml(message, out);
	fputs("\">", out);
	for (size_t i = 0; i < COMPARE_SIDES; i++) {
		fputs(i == 0 ? "" : "\n", out);
		write_xml((const char[]){marks[i], ' ', '\0'}, out);
		write_xml(said[i], out);
	}
	fprintf(out, "</%s>\n", tag);
}

static void
write_case(const struct compare_job *job, FILE *out)
{
	char name[NAME_TEXT];
	char type[RDATA_TYPE_TEXT];

	fputs("  <testcase classname=\"resolverctl.compare\" name=\"", out);
	write_xml(name_to_text(job->question.name.wire, name), out);
	fprintf(out, " %s\">\n", rdata_type_to_text(job->question.type, type));
	switch (job->outcome) {
	case COMPARE_NOT_ASKED:
		fputs("    <skipped/>\n", out);
		break;
	case COMPARE_SAME:
		break;
	case COMPARE_DIFFERENT:
		for (size_t i = 0; i < job->comparison->count; i++) {
			const struct compare_difference *const item =
			    &job->comparison->items[i];
			const char *const said[COMPARE_SIDES] = {item->left,
			    item->right};

			write_trouble("failure", compare_kind_text(item->kind),
			    said, out);
		}
		break;
	case COMPARE_UNANSWERED: {
		const char *const said[COMPARE_SIDES] = {silence(job,
							     COMPARE_LEFT),
		    silence(job, COMPARE_RIGHT)};

		write_trouble("error", "not answered", said, out);
		break;
	}
	}
	fputs("  </testcase>\n", out);
}

void
compare_report_junit(const struct compare_report *report, FILE *out)
{
	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n", out);
	fprintf(out,
	    "<testsuite name=\"resolverctl compare\" tests=\"%zu\" "
	    "failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\">\n",
	    report->count, compare_report_count(report, COMPARE_DIFFERENT),
	    compare_report_count(report, COMPARE_UNANSWERED),
	    compare_report_count(report, COMPARE_NOT_ASKED));
	for (size_t i = 0; i < report->count; i++)
		write_case(&report->jobs[i], out);
	fputs("</testsuite>\n", out);
}
