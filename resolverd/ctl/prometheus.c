#include "ctl/prometheus.h"

#include <inttypes.h>
#include <stddef.h>

void
prometheus_begin(struct prometheus *prometheus, const char *name,
    const char *kind, const char *help)
{
	prometheus->name = name;
	fprintf(prometheus->out, "# HELP %s %s\n# TYPE %s %s\n", name, help,
	    name, kind);
}

/* A backslash, a quote and a line feed are escaped; no others are known. */
static void
write_value(FILE *out, const char *value)
{
	for (const char *at = value; *at != '\0'; at++) {
		if (*at == '\n') {
			fputs("\\n", out);
			continue;
		}
		if (*at == '\\' || *at == '"')
			putc('\\', out);
		putc(*at, out);
	}
}

static void
write_name(const struct prometheus *prometheus, const char *suffix,
    const struct prometheus_label *labels)
{
	FILE *out = prometheus->out;

	fprintf(out, "%s%s", prometheus->name, suffix);
	if (labels == NULL || labels->name == NULL)
		return;
	for (size_t i = 0; labels[i].name != NULL; i++) {
		fprintf(out, "%s%s=\"", i == 0 ? "{" : ",", labels[i].name);
		write_value(out, labels[i].value);
		putc('"', out);
	}
	putc('}', out);
}

void
prometheus_number(struct prometheus *prometheus, const char *suffix,
    const struct prometheus_label *labels, uint64_t number)
{
	write_name(prometheus, suffix, labels);
	fprintf(prometheus->out, " %" PRIu64 "\n", number);
}

void
prometheus_time(struct prometheus *prometheus, const char *suffix,
    const struct prometheus_label *labels, uint64_t time)
{
	write_name(prometheus, suffix, labels);
	fprintf(prometheus->out, " %" PRIu64 ".%09" PRIu64 "\n",
	    time / PROMETHEUS_SECOND, time % PROMETHEUS_SECOND);
}
