/*
 * entropy: whether the source ports, the ids and the letter case of questions
 * are drawn as they should be, one by one and evenly from all there are.
 * Standard input is what faulty -r keeps; only datagrams count.
 *
 * Each row is one test.  Chi-square values are held against the value that a
 * fair source passes once in a million tests, counts against five standard
 * deviations: with a dozen rows a fair source fails once in about 50,000 runs.
 */
#include <ctype.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	SAMPLES_MAX = 200000,
	SAMPLES_MIN = 5000,
	PORT_FIRST = 1024,
	PORTS = 65536 - PORT_FIRST,
	IDS = 65536,
	BINS_MAX = 256,
	CASE_LETTERS = 8,
	LINE = 2048,
};

/* A fair source exceeds this many standard deviations 1 time in 10^6. */
static const double z_million = 4.7534;
static const double z_count = 5.0;

struct sample {
	uint16_t port;
	uint16_t id;
	uint8_t letters; /* bit i: letter i of the name is a capital */
};

static struct sample samples[SAMPLES_MAX];
static size_t count;
static bool failed;

static void
verdict(const char *what, double value, double bound, bool passes)
{
	printf("%s %-34s %12.1f, bound %.1f\n", passes ? "fair  " : "UNFAIR",
	    what, value, bound);
	failed = failed || !passes;
}

/* Wilson and Hilferty's approximation of a chi-square quantile. */
static double
chi_bound(double freedom)
{
	const double part = 2.0 / (9.0 * freedom);

	return freedom * pow(1.0 - part + z_million * sqrt(part), 3.0);
}

/* value says the bin of sample i; bins are all as likely. */
static void
chi_square(const char *what, size_t (*value)(size_t i), size_t bins,
    size_t from)
{
	size_t seen[BINS_MAX] = {0};
	const double expected = (double)(count - from) / (double)bins;
	const double bound = chi_bound((double)(bins - 1));
	double sum = 0;

	for (size_t i = from; i < count; i++)
		seen[value(i)]++;
	for (size_t i = 0; i < bins; i++) {
		const double off = (double)seen[i] - expected;

		sum += off * off / expected;
	}
	verdict(what, sum, bound, sum <= bound);
}

static size_t
port_high(size_t i)
{
	return (samples[i].port - PORT_FIRST) / 252U; /* PORTS = 256 * 252 */
}

static size_t
port_low(size_t i)
{
	return (samples[i].port - PORT_FIRST) % 256U;
}

static size_t
id_high(size_t i)
{
	return samples[i].id >> 8;
}

static size_t
id_low(size_t i)
{
	return samples[i].id & 0xff;
}

static size_t
port_step(size_t i)
{
	const unsigned step =
	    (unsigned)samples[i].port + PORTS - samples[i - 1].port;

	return step % PORTS / 252U;
}

static size_t
id_step(size_t i)
{
	return (uint16_t)(samples[i].id - samples[i - 1].id) >> 8;
}

static size_t
id_step_low(size_t i)
{
	return (uint8_t)(samples[i].id - samples[i - 1].id);
}

/* Are the low bits of both the same draw? */
static size_t
port_against_id(size_t i)
{
	return (uint8_t)(samples[i].port ^ samples[i].id);
}

static size_t
letter_case(size_t i)
{
	return samples[i].letters;
}

static size_t
letter_case_step(size_t i)
{
	return samples[i].letters ^ samples[i - 1].letters;
}

static size_t
port_of(size_t i)
{
	return samples[i].port - (size_t)PORT_FIRST;
}

static size_t
id_of(size_t i)
{
	return samples[i].id;
}

/*
 * How many different values there are: as many as n balls in m boxes hit,
 * neither fewer (a part of the range) nor more (a list without repetition).
 */
static void
distinct(const char *what, size_t (*value)(size_t i), size_t range)
{
	static bool seen[IDS];
	const double m = (double)range;
	const double n = (double)count;
	const double empty = pow(1.0 - 1.0 / m, n);
	const double both = pow(1.0 - 2.0 / m, n);
	const double variance =
	    m * empty + m * (m - 1) * both - m * empty * m * empty;
	size_t hit = 0;
	double off;

	memset(seen, 0, sizeof(seen));
	for (size_t i = 0; i < count; i++) {
		hit += !seen[value(i)];
		seen[value(i)] = true;
	}
	off = ((double)hit - m * (1.0 - empty)) / sqrt(variance);
	verdict(what, off, z_count, fabs(off) <= z_count);
}

/* The least and the greatest are as near the ends as they must be: within
 * 14 mean gaps, which a fair source misses once in a million. */
static void
reaches(const char *what, size_t (*value)(size_t i), size_t range)
{
	const double gap = 14.0 * (double)range / (double)count;
	size_t least = range;
	size_t greatest = 0;
	double miss;

	for (size_t i = 0; i < count; i++) {
		least = value(i) < least ? value(i) : least;
		greatest = value(i) > greatest ? value(i) : greatest;
	}
	miss = fmax((double)least, (double)(range - 1 - greatest));
	verdict(what, miss, gap, miss <= gap);
}

/* Equal neighbours: chance has count / range of them. */
static void
repeats(const char *what, size_t (*value)(size_t i), size_t range)
{
	const double mean = (double)count / (double)range;
	const double bound = mean + 6.0 * sqrt(mean) + 6.0;
	size_t same = 0;

	for (size_t i = 1; i < count; i++)
		same += value(i) == value(i - 1);
	verdict(what, (double)same, bound, (double)same <= bound);
}

static uint8_t
case_of(const char *name)
{
	unsigned bits = 0;
	unsigned letter = 0;

	for (; *name != '\0' && letter < CASE_LETTERS; name++) {
		if (isalpha((unsigned char)*name) == 0)
			continue;
		if (isupper((unsigned char)*name) != 0)
			bits |= 1U << letter;
		letter++;
	}
	return (uint8_t)bits;
}

/* A line: time, carrier, server, port, id, name ... */
static void
take_line(char *line)
{
	char *fields[6];
	char *rest = line;

	for (size_t i = 0; i < 6; i++) {
		fields[i] = strtok_r(rest, " \n", &rest);
		if (fields[i] == NULL)
			return;
	}
	if (strcmp(fields[1], "udp") != 0 || count == SAMPLES_MAX)
		return;
	samples[count++] = (struct sample){
	    .port = (uint16_t)strtoul(fields[3], NULL, 10),
	    .id = (uint16_t)strtoul(fields[4], NULL, 10),
	    .letters = case_of(fields[5]),
	};
}

static bool
has_privileged_port(void)
{
	for (size_t i = 0; i < count; i++) {
		if (samples[i].port < PORT_FIRST)
			return true;
	}
	return false;
}

static void
test_ports(void)
{
	chi_square("ports, by 252 from 1024", port_high, 256, 0);
	chi_square("ports, last eight bits", port_low, 256, 0);
	chi_square("ports, each less the one before", port_step, 256, 1);
	distinct("ports, how many there are", port_of, PORTS);
	reaches("ports, to both ends", port_of, PORTS);
	repeats("ports, twice running", port_of, PORTS);
}

static void
test_ids(void)
{
	chi_square("ids, first eight bits", id_high, 256, 0);
	chi_square("ids, last eight bits", id_low, 256, 0);
	chi_square("ids, each less the one before", id_step, 256, 1);
	chi_square("the same, last eight bits", id_step_low, 256, 1);
	distinct("ids, how many there are", id_of, IDS);
	reaches("ids, to both ends", id_of, IDS);
	repeats("ids, twice running", id_of, IDS);
	chi_square("ids against ports", port_against_id, 256, 0);
}

int
main(int argc, char **argv)
{
	char line[LINE];

	while (fgets(line, sizeof(line), stdin) != NULL)
		take_line(line);
	printf("%zu samples\n", count);
	if (count < SAMPLES_MIN || has_privileged_port()) {
		puts("UNFAIR too few, or a port below 1024");
		return 1;
	}
	test_ports();
	test_ids();
	if (argc > 1 && strcmp(argv[1], "-c") == 0) {
		chi_square("case of eight letters", letter_case, 256, 0);
		chi_square("case, against the one before", letter_case_step,
		    256, 1);
	}
	return failed ? 1 : 0;
}
