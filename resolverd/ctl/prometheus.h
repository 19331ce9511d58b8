#ifndef CTL_PROMETHEUS_H
#define CTL_PROMETHEUS_H

#include <stdint.h>
#include <stdio.h>

/*
 * Prometheus's text format, version 0.0.4: a metric's name, kind and meaning,
 * then its samples.
 */
struct prometheus {
	FILE *out;
	const char *name; /* of the metric at hand */
};

/* A list of them is ended by a NULL name; no list is NULL. */
struct prometheus_label {
	const char *name;
	const char *value; /* whatever it has in it */
};

/* Nanoseconds are written as seconds. */
enum { PROMETHEUS_SECOND = 1000000000 };

/* What HTTP calls it. */
#define PROMETHEUS_CONTENT "text/plain; version=0.0.4; charset=utf-8"

/* Begins a metric: "counter", "gauge", "histogram", "summary". */
void prometheus_begin(struct prometheus *prometheus, const char *name,
    const char *kind, const char *help);

/* A sample; suffix is "" or what a part of it has behind its name. */
void prometheus_number(struct prometheus *prometheus, const char *suffix,
    const struct prometheus_label *labels, uint64_t number);

/* The same of nanoseconds. */
void prometheus_time(struct prometheus *prometheus, const char *suffix,
    const struct prometheus_label *labels, uint64_t time);

#endif
