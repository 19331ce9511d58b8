#include "ctl/doctor_junit.h"

#include <stdint.h>
#include <string.h>

#include "base/utf8.h"
#include "ctl/doctor_report.h"

/* What stands for itself nowhere in XML. */
static const struct {
	char octet;
	const char *entity;
} entities[] = {
    {'&', "&amp;"},
    {'<', "&lt;"},
    {'>', "&gt;"},
    {'"', "&quot;"},
    {'\'', "&apos;"},
};

static void
put_ascii(uint8_t octet, FILE *out)
{
	for (size_t i = 0; i < sizeof(entities) / sizeof(entities[0]); i++) {
		if (octet == (uint8_t)entities[i].octet) {
			fputs(entities[i].entity, out);
			return;
		}
	}
	/* XML 1.0 section 2.2 has no other control characters. */
	putc(octet < ' ' || octet == 0x7f ? '?' : octet, out);
}

/* Any octets, as text of XML. */
static void
put_text(const char *text, FILE *out)
{
	const uint8_t *at = (const uint8_t *)text;
	const uint8_t *end = at + strlen(text);

	while (at < end) {
		const size_t size = utf8_size(at, (size_t)(end - at));

		if (size <= 1) {
			put_ascii(size == 0 ? '?' : *at, out);
			at++;
		} else {
			fwrite(at, size, 1, out);
			at += size;
		}
	}
}

static void
put_attribute(const char *name, const char *text, FILE *out)
{
	fprintf(out, " %s=\"", name);
	put_text(text, out);
	putc('"', out);
}

static void
put_details(const struct doctor_finding *finding, FILE *out)
{
	if (finding->evidence != NULL)
		put_text(finding->evidence, out);
	if (finding->fix != NULL) {
		fputs("\nfix: ", out);
		put_text(finding->fix, out);
	}
}

static void
put_case(const struct doctor_finding *finding, FILE *out)
{
	fputs("    <testcase", out);
	put_attribute("classname", finding->check, out);
	put_attribute("name", finding->text, out);
	fputs(">", out);
	switch (finding->result) {
	case DOCTOR_FAIL:
		fputs("<failure", out);
		put_attribute("message", finding->text, out);
		fputs(">", out);
		put_details(finding, out);
		fputs("</failure>", out);
		break;
	case DOCTOR_SKIP:
		fputs("<skipped", out);
		put_attribute("message", finding->text, out);
		fputs("/>", out);
		break;
	case DOCTOR_WARN:
	case DOCTOR_PASS:
		fprintf(out,
		    "<system-out>%s: ", doctor_report_word(finding->result));
		put_details(finding, out);
		fputs("</system-out>", out);
		break;
	}
	fputs("</testcase>\n", out);
}

static void
put_suite_head(const struct doctor_finding *first, FILE *out)
{
	size_t counts[DOCTOR_RESULTS] = {0};
	size_t all = 0;

	for (const struct doctor_finding *at = first;
	     at != NULL && at->subject == first->subject; at = at->next) {
		counts[at->result]++;
		all++;
	}
	fputs("  <testsuite", out);
	put_attribute("name", first->subject, out);
	fprintf(out,
	    " tests=\"%zu\" failures=\"%zu\" errors=\"0\" skipped=\"%zu\">\n",
	    all, counts[DOCTOR_FAIL], counts[DOCTOR_SKIP]);
}

void
doctor_junit_print(const struct doctor *doctor, FILE *out)
{
	const struct doctor_finding *at = doctor->first;

	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	      "<testsuites name=\"resolverctl doctor\">\n",
	    out);
	while (at != NULL) {
		const char *subject = at->subject;

		put_suite_head(at, out);
		for (; at != NULL && at->subject == subject; at = at->next)
			put_case(at, out);
		fputs("  </testsuite>\n", out);
	}
	fputs("</testsuites>\n", out);
}
