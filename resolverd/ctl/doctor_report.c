#include "ctl/doctor_report.h"

#include <string.h>

#include "base/json_writer.h"
#include "ctl/paragraph.h"

enum { CHECK_WIDTH = 10, WORD_WIDTH = 4, MARGIN = 17 };

static const char *const words[DOCTOR_RESULTS] = {
    [DOCTOR_PASS] = "pass",
    [DOCTOR_WARN] = "warn",
    [DOCTOR_FAIL] = "fail",
    [DOCTOR_SKIP] = "skip",
};

/* Sequences of the terminal: green, yellow, bold red, dim. */
static const char *const colours[DOCTOR_RESULTS] = {
    [DOCTOR_PASS] = "\033[32m",
    [DOCTOR_WARN] = "\033[33m",
    [DOCTOR_FAIL] = "\033[1;31m",
    [DOCTOR_SKIP] = "\033[2m",
};

/* How it is printed. */
struct page {
	FILE *out;
	bool colour;
};

const char *
doctor_report_word(enum doctor_result result)
{
	return words[result];
}

static const char *
sequence(const struct page *page, const char *text)
{
	return page->colour ? text : "";
}

/* Octets of the next word of a command, with what is quoted in it. */
static size_t
word_size(const char *command)
{
	size_t size = 0;
	char quote = '\0';

	while (
	    command[size] != '\0' && (command[size] != ' ' || quote != '\0')) {
		if (command[size] == quote) {
			quote = '\0';
		} else if (quote == '\0' &&
		    (command[size] == '\'' || command[size] == '"')) {
			quote = command[size];
		}
		size++;
	}
	return size;
}

/*
 * A command, broken between words as the shell has it, so that it can be
 * copied whole.
 */
static void
print_command(const struct page *page, const char *command)
{
	const size_t margin = MARGIN + 2;
	size_t column = margin;

	fprintf(page->out, "%*s%s$ ", MARGIN, "", sequence(page, "\033[1m"));
	while (*command != '\0') {
		const size_t size = word_size(command);

		if (column > margin &&
		    column + 1 + size + 2 > PARAGRAPH_WIDTH) {
			fprintf(page->out, " \\\n%*s", (int)margin, "");
			column = margin;
		} else if (column > margin) {
			putc(' ', page->out);
			column++;
		}
		fprintf(page->out, "%.*s", (int)size, command);
		column += size;
		command += size + strspn(command + size, " ");
	}
	fprintf(page->out, "%s\n", sequence(page, "\033[0m"));
}

static void
print_finding(const struct page *page, const struct doctor_finding *finding,
    bool named)
{
	fprintf(page->out, "%-*s %s%-*s%s  ", CHECK_WIDTH,
	    named ? "" : finding->check,
	    sequence(page, colours[finding->result]), WORD_WIDTH,
	    words[finding->result], sequence(page, "\033[0m"));
	paragraph_print(finding->text, MARGIN, page->out);
	if (finding->evidence != NULL && finding->evidence[0] != '\0') {
		fprintf(page->out, "%*s%s", MARGIN, "",
		    sequence(page, "\033[2m"));
		paragraph_print(finding->evidence, MARGIN, page->out);
		fputs(sequence(page, "\033[0m"), page->out);
	}
	if (finding->fix != NULL)
		print_command(page, finding->fix);
}

static void
print_sum(const struct doctor *doctor, const struct page *page)
{
	const char *before = "\n";

	static const enum doctor_result order[] = {DOCTOR_FAIL, DOCTOR_WARN,
	    DOCTOR_PASS, DOCTOR_SKIP};
	static const char *const nouns[DOCTOR_RESULTS] = {
	    [DOCTOR_PASS] = "passed",
	    [DOCTOR_WARN] = "to be looked at",
	    [DOCTOR_FAIL] = "failed",
	    [DOCTOR_SKIP] = "left out",
	};

	for (size_t i = 0; i < DOCTOR_RESULTS; i++) {
		const enum doctor_result result = order[i];

		if (doctor->counts[result] == 0 && result != DOCTOR_FAIL)
			continue;
		fprintf(page->out, "%s%s%zu %s%s", before,
		    doctor->counts[result] == 0
			? ""
			: sequence(page, colours[result]),
		    doctor->counts[result], nouns[result],
		    sequence(page, "\033[0m"));
		before = ", ";
	}
	putc('\n', page->out);
}

void
doctor_report_print(const struct doctor *doctor, enum doctor_style style,
    FILE *out)
{
	const struct page page = {.out = out, .colour = style == DOCTOR_COLOUR};
	const char *subject = NULL;
	const char *check = NULL;

	for (const struct doctor_finding *at = doctor->first; at != NULL;
	     at = at->next) {
		if (at->subject != subject) {
			fprintf(out, "%s%s%s%s\n", subject == NULL ? "" : "\n",
			    sequence(&page, "\033[1m"), at->subject,
			    sequence(&page, "\033[0m"));
			check = NULL;
		}
		print_finding(&page, at, at->check == check);
		subject = at->subject;
		check = at->check;
	}
	print_sum(doctor, &page);
}

void
doctor_report_json(const struct doctor *doctor, FILE *out)
{
	struct json_writer writer;

	json_writer_init(&writer, out);
	json_writer_object(&writer, NULL);
	json_writer_bool(&writer, "passed", doctor->counts[DOCTOR_FAIL] == 0);
	json_writer_object(&writer, "counts");
	for (size_t i = 0; i < DOCTOR_RESULTS; i++)
		json_writer_number(&writer, words[i], doctor->counts[i]);
	json_writer_end(&writer);
	json_writer_array(&writer, "findings");
	for (const struct doctor_finding *at = doctor->first; at != NULL;
	     at = at->next) {
		json_writer_object(&writer, NULL);
		json_writer_text(&writer, "subject", at->subject);
		json_writer_text(&writer, "check", at->check);
		json_writer_text(&writer, "result", words[at->result]);
		json_writer_text(&writer, "text", at->text);
		json_writer_text(&writer, "evidence", at->evidence);
		json_writer_text(&writer, "fix", at->fix);
		json_writer_end(&writer);
	}
	json_writer_end(&writer);
	json_writer_end(&writer);
}
